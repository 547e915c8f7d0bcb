#! /usr/bin/env -S atf-sh -s /bin/sh
# The Makefile: which backend it takes, by each make; the page of nono.h.
#
# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# Each make that is here.
makes()
{
	for _make in make gmake bmake; do
		command -v $_make >/dev/null && echo $_make
	done
}

# What a make would run to build all, one word per line, with these arguments.
# There is nothing in the directory but the sources.
would()
{
	"$@" -n all | tr ' ' '\n'
}

sources()
{
	setup
	cp "$SRC"/../*.c "$SRC"/../*.h "$SRC/../Makefile" .
	rm -f filter.h
}

# uname, instead of this system's
pretend()
{
	mkdir -p "$T/bin"
	printf '#!/bin/sh\necho %s\n' "$1" >"$T/bin/uname"
	chmod 755 "$T/bin/uname"
	PATH=$T/bin:$PATH
}

test_case systems "the backend is that of the system"
systems_body()
{
	sources
	path=$PATH
	for system in Linux:linux Darwin:macos OpenBSD:openbsd; do
		PATH=$path
		pretend "${system%:*}"
		for make in $(makes); do
			for object in nono.o bsd.o backend-linux.o \
			    backend-macos.o backend-openbsd.o; do
				would "$make" | grep -qx "$object"
				found=$?
				wanted=1
				case $object in
				nono.o|backend-"${system#*:}".o) wanted=0 ;;
				bsd.o) [ "$system" = Linux:linux ] ||
				    wanted=0 ;;
				esac
				[ $found -eq $wanted ] ||
				    fail "$make, $system: $object: $found"
			done
		done
	done
}

test_case chosen "BACKEND chooses another one"
chosen_body()
{
	sources
	for make in $(makes); do
		would "$make" BACKEND=openbsd | grep -qx backend-openbsd.o ||
		    fail "$make: not built"
		would "$make" BACKEND=openbsd | grep -qx backend-linux.o &&
		    fail "$make: Linux's is built, too"
	done
	return 0
}

test_case unknown "an unknown system is an error"
unknown_body()
{
	sources
	pretend Plan9
	for make in $(makes); do
		$make all >out 2>&1 && fail "$make: builds"
		grep -q 'nono has no backend for Plan9' out ||
		    fail "$make: $(cat out)"
		[ ! -e nono ] || fail "$make: nono is there"
	done
}

test_case old "GNU make 3.81, which does not know !=, does the same"
old_body()
{
	sources
	# to it that line is of a variable whose name ends in !
	sed 's/^\(UNAME_S\) !=/\1_! =/' Makefile >old.mk
	cmp -s Makefile old.mk && fail "the line is not there"
	[ "$(grep -c '!=' old.mk)" -eq 0 ] || fail "there is another one"
	for system in Linux Darwin OpenBSD; do
		pretend "$system"
		make -n all >new || fail "make"
		make -f old.mk -n all >old || fail "old make"
		cmp -s new old || fail "$system: $(diff new old)"
		grep -q backend- new || fail "$system: no backend"
	done
}

test_case architecture "nono.h tells where each file belongs, and how long they are"
architecture_body()
{
	setup
	cd "$SRC/.." || fail "no sources"
	sed '/^#ifndef NONO_H/,$d; s/^ \*//' nono.h | tr -s ' \t\n' ' ' >"$T/page"
	for file in *.[ch]; do
		case $file in
		filter.h|calls.h|profiledir.h|nono.h) continue ;; # are made
		backend-*) [ "$file" != backend-.c ] && continue ;;
		linux-*.c) grep -q "$file" linux.h && continue ;;
		learn-*.c) grep -q "$file" learn.h nono-learn.c && continue ;;
		nono-learn.c) continue ;;
		esac
		grep -qF "$file" "$T/page" || echo "$file is not in it"
	done >"$T/out"
	# "NAME 1200 (file ...)", to a tenth
	grep -o '[0-9][0-9]* ([^)]*\.[^)]*)' "$T/page" | tr -d '()' |
	    while read -r said files; do
		# shellcheck disable=SC2086	# patterns
		lines=$(cat $files | wc -l)
		[ $((lines * 10)) -ge $((said * 9)) ] &&
		    [ $((lines * 10)) -le $((said * 11)) ] ||
		    echo "$files: $lines lines, not $said"
		echo "$files" >>"$T/counted"
	done >>"$T/out"
	[ ! -s "$T/out" ] || fail "$(cat "$T/out")"
	[ "$(wc -l <"$T/counted")" -eq 5 ] || fail "$(cat "$T/counted")"
}

test_case static "the line of README for a static program makes one"
static_body()
{
	setup
	line=$(sed -n 's/^    \(make STATIC=1 CC=musl-gcc\)$/\1/p' "$SRC/../README")
	[ -n "$line" ] || fail "README has no such line"
	mkdir "$T/tree" "$T/bin"
	tar -C "$SRC/.." -cf - --exclude=.git --exclude='*.o' . |
	    tar -C "$T/tree" -xf - || atf_fail "cannot copy the tree"
	cd "$T/tree" || atf_fail "no tree"
	if ! command -v musl-gcc >/dev/null; then
		printf '#! /bin/sh\nexec gcc "$@"\n' >"$T/bin/musl-gcc"
		chmod 755 "$T/bin/musl-gcc"
	fi
	rm -f nono nono-learn
	unset MAKEFLAGS MFLAGS MAKELEVEL
	PATH=$T/bin:$PATH sh -c "$line" >"$T/out" 2>&1 ||
	    fail "$(tail -n 5 "$T/out")"
	./nono -s -a . ./nono --version >"$T/out" 2>&1 ||
	    fail "$(cat "$T/out")"
	! ldd ./nono >"$T/out" 2>&1 || fail "$(cat "$T/out")"
}
