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

# compiler NAME: a program that notes what it is told, and makes what it should.
compiler()
{
	mkdir -p "$T/bin"
	cat >"$T/bin/$1" <<-'END'
	#! /bin/sh
	echo "${0##*/} $*" >>"$T/ran"
	while [ $# -gt 0 ]; do
		case $1 in
		-o)	made=$2 ;;
		*.c)	source=$1 ;;
		esac
		shift
	done
	printf '#! /bin/sh\n' >"${made:=${source%.c}.o}"
	chmod 755 "$made"
	END
	chmod 755 "$T/bin/$1"
}

# does WORDS ...: the make with these words builds all by them, and then nothing.
does()
{
	: >"$T/ran"
	"$@" >out 2>&1 || fail "$*: $(cat out)"
	for _made in *.o; do
		grep -q -e " -c ${_made%.o}.c\$" "$T/ran" ||
		    fail "$*: $_made is as it was"
	done
	for _made in nono nono-learn linux-mkfilter; do
		grep -q -e " -o $_made " "$T/ran" || fail "$*: no $_made"
	done
	: >"$T/ran"
	"$@" >out 2>&1 || fail "$*: $(cat out)"
	[ ! -s "$T/ran" ] || fail "$*, again: $(cat "$T/ran")"
}

test_case changed "what it is built with, changed, builds all anew"
changed_body()
{
	sources
	unset MAKEFLAGS MFLAGS MAKELEVEL
	export T
	for name in one two host; do
		compiler $name
	done
	PATH=$T/bin:$PATH
	for make in $(makes); do
		rm -f ./*.o built-with nono nono-learn linux-mkfilter
		# these stay, and each of the others is given once
		set -- "$make" BACKEND=linux CC=one HOSTCC=one CFLAGS=-O1
		does "$@"
		for change in CC=two HOSTCC=host CFLAGS="-O1 -DX='\"x y\"'" \
		    CPPFLAGS=-DY LDFLAGS=-s STATIC=1 VERSION=9 \
		    PREFIX=/else FILTER_ARCH=x86; do
			does "$@" "$change" -j3
		done
		does "$@"
	done
}

test_case architectures "each architecture has a test of its own in what is made for it"
architectures_body()
{
	setup
	mkfilter=$SRC/../linux-mkfilter
	[ -x "$mkfilter" ] || atf_skip "no linux-mkfilter"
	for arch in x86_64 x86 aarch64 arm mipsel64 ppc64le riscv64; do
		"$mkfilter" $arch >"$T/out" 2>err || fail "$arch: $(cat err)"
		sed -n 3p "$T/out"
	done >tests
	[ "$(grep -c '^#if !(.*defined' tests)" -eq 7 ] &&
	    [ "$(sort -u tests | wc -l)" -eq 7 ] || fail "$(cat tests)"
}

test_case static "the lines of README for a static program make and install one"
static_body()
{
	setup
	unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR PREFIX
	line=$(sed -n 's/^    \(make install STATIC=1 CC=musl-gcc\)$/\1/p' \
	    "$SRC/../README")
	[ -n "$line" ] || fail "README has no such line"
	mkdir "$T/tree" "$T/bin"
	tar -C "$SRC/.." -cf - --exclude=.git --exclude='nono-test.*' . |
	    tar -C "$T/tree" -xf - || atf_fail "cannot copy the tree"
	cd "$T/tree" || atf_fail "no tree"
	if ! command -v musl-gcc >/dev/null; then
		printf '#! /bin/sh\nexec gcc "$@"\n' >"$T/bin/musl-gcc"
		chmod 755 "$T/bin/musl-gcc"
	fi
	works()
	{
		sh -c "$1" >"$T/out" 2>&1 || fail "$1: $(tail -n 5 "$T/out")"
		nono=$T/root/usr/local/bin/nono
		"$nono" -s -a . "$nono" --version >"$T/out" 2>&1 ||
		    fail "$1: $(cat "$T/out")"
	}
	export PATH="$T/bin:$PATH" DESTDIR="$T/root"
	# there is one that is not static
	works "make install"
	ldd "$nono" >"$T/out" 2>&1 || fail "static: $(cat "$T/out")"
	works "$line"
	! ldd "$nono" >"$T/out" 2>&1 || fail "not static: $(cat "$T/out")"
	# not of the same objects
	touch before
	works "make install PREFIX=/usr/local"
	ldd "$nono" >"$T/out" 2>&1 || fail "static: $(cat "$T/out")"
	find . -name '*.o' ! -path './regress/*' ! -newer before >"$T/out"
	[ ! -s "$T/out" ] || fail "as they were: $(cat "$T/out")"
}
