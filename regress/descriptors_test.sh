#! /usr/bin/env -S atf-sh -s /bin/sh
# Inherited descriptors: what stays, what is closed, and that what stays gives
# no more than it did.

# shellcheck disable=SC2016,SC2094
# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

needs()
{
	command -v "$1" >/dev/null || atf_skip "no $1"
}

# inherits KIND ANSWER: of a descriptor of that kind, as number 7 and 200.
inherits()
{
	for _fd in 7 200; do
		_got=$("$PROBE" with "$1" $_fd "$PROBE" fd $_fd)
		[ "$_got" = ok ] || fail "$1: outside $_got"
		_got=$("$PROBE" with "$1" $_fd \
		    "$NONO" -r "$PROBE" -- "$PROBE" fd $_fd)
		[ "$_got" = "$2" ] || fail "$1 as $_fd: $_got"
	done
}

test_case stay "files, pipes, sockets and character devices stay"
stay_body()
{
	setup
	for kind in file memfd pipe unix null tcp udp6; do
		inherits $kind ok
	done
}

test_case closed "directories, O_PATH and anonymous files are closed"
closed_body()
{
	setup
	for kind in directory opath opath-file epoll inotify pidfd; do
		inherits $kind EBADF
	done
	# where the kernel has it
	[ "$("$PROBE" with ring 7 true)" != "" ] || inherits ring EBADF
}

test_case standard "a directory or O_PATH as 0, 1 or 2 is refused"
standard_body()
{
	setup
	for kind in directory opath opath-file; do
		for fd in 0 1 2; do
			"$PROBE" with $kind $fd "$NONO" -a . -- touch ran \
			    3>&1 >out 2>err
			[ $? -eq 125 ] || fail "$kind as $fd: $(cat err)"
			[ $fd -eq 2 ] ||
			    grep -q "^nono: descriptor $fd: " err ||
			    fail "$kind as $fd: $(cat err)"
		done
	done
	[ ! -e ran ] || atf_fail "was run"
	"$NONO" -a . -- touch ran <. 2>err
	[ $? -eq 125 ] || fail "$(cat err)"
}

test_case process_substitution "process substitution works"
process_substitution_body()
{
	setup
	needs bash
	export NONO
	bash -c '"$NONO" -- cat <(echo one) <(echo two)' >out 2>err ||
	    fail "$(cat err)"
	[ "$(tr '\n' ' ' <out)" = "one two " ] || fail "$(cat out err)"
	bash -c '"$NONO" -- tee >(cat >copy) <<<three; wait $!' >out 2>err ||
	    fail "$(cat err)"
	for _ in 1 2 3 4 5; do [ -s copy ] || sleep 0.2; done
	[ "$(cat copy out)" = "three
three" ] || fail "$(cat copy out err)"
}

test_case here_document "here-documents and pipelines work"
here_document_body()
{
	setup
	export NONO
	"$NONO" -- cat >out 2>err <<-END
	here
	END
	[ "$(cat out)" = here ] || fail "$(cat out err)"
	"$NONO" -- cat /dev/fd/5 5<<-END >out 2>err
	five
	END
	[ "$(cat out)" = five ] || fail "$(cat out err)"
	echo text | "$NONO" -- tr t T | "$NONO" -- cat >out 2>err
	[ "$(cat out)" = TexT ] || fail "$(cat out err)"
	needs bash
	# more than a pipe holds: a file
	bash -c '"$NONO" -- wc -c <<<"$(seq 30000)"' >out 2>err ||
	    fail "$(cat err)"
	[ "$(cat out)" -gt 100000 ] || fail "$(cat out err)"
}

test_case jobserver "make inside uses the job server of make outside"
jobserver_body()
{
	setup
	needs make
	mkdir inner
	printf 'all:\n\t+@"$(NONO)" -s -a . -- $(MAKE) -C inner\n' >Makefile
	printf 'all: a b c\na b c:\n\t@echo "<$@ $(MAKEFLAGS)>"\n' \
	    >inner/Makefile
	make -j3 NONO="$NONO" >out 2>&1 || fail "$(cat out)"
	! grep -qi 'jobserver unavailable\|warning' out || fail "$(cat out)"
	[ "$(grep -c '^<[abc] .*jobserver' out)" -eq 3 ] || fail "$(cat out)"
}

# A file that no grant is on, with what it held before.
fresh()
{
	echo secret >"$T/file"
}

test_case stdin "standard input is read and opened again, not written"
stdin_body()
{
	prepare() { fresh; }
	setup
	"$NONO" -- cat <"$T/file" >out 2>err
	[ "$(cat out)" = secret ] || fail "$(cat err)"
	for name in /dev/stdin /dev/fd/0 /proc/self/fd/0; do
		"$NONO" -- cat $name <"$T/file" >out 2>err
		[ "$(cat out)" = secret ] || fail "$name: $(cat err)"
		for how in '>' '>>' '<>'; do
			! "$NONO" -- sh -c "echo x $how$name" \
			    <"$T/file" >out 2>err || fail "$how$name"
			[ "$(cat "$T/file")" = secret ] ||
			    fail "$how$name: $(cat "$T/file")"
		done
		# the file outside is written through the same name
		sh -c "echo x >$name" <"$T/file"
		[ "$(cat "$T/file")" = x ] || fail "outside: $name"
		fresh
	done
	# nor by its own name, nor executed
	! "$NONO" -- sh -c "echo x >$T/file" <"$T/file" 2>err ||
	    fail "written by name"
	printf '#!/bin/sh\n' >"$T/file"
	chmod 755 "$T/file"
	"$T/file" || fail "not executed outside"
	! "$NONO" -- sh -c "$T/file" <"$T/file" 2>err || fail "executed"
}

test_case neither "a descriptor that may neither read nor write opens nothing"
neither_body()
{
	setup
	fresh
	cat >open.py <<-END
	import os, sys
	os.dup2(os.open(sys.argv[1], 3), 0)
	os.execvp(sys.argv[2], sys.argv[2:])
	END
	for abi in 4 "$NONO_ABI"; do
		can_seem "$abi" || continue
		for act in 'cat /dev/stdin' 'echo x >/dev/stdin'; do
			python3 open.py "$T/file" sh -c "$act" >out 2>err ||
			    fail "outside: $(cat err)"
			! python3 open.py "$T/file" "$PROBE" abi $abi "$NONO" \
			    -s -- sh -c "$act" >out 2>err || fail "$act"
			! grep -q '^nono' err || fail "$(cat err)"
		done
	done
}

test_case stdout "standard output is written and opened again, not read"
stdout_body()
{
	setup
	for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
		"$NONO" -- sh -c "echo text >>$name" >>"$T/file" 2>err
		[ "$(cat "$T/file")" = text ] || fail "$name: $(cat err)"
		! "$NONO" -- sh -c "cat <$name >&2" >>"$T/file" 2>err ||
		    fail "$name: read"
		! grep -q text err || fail "$name: $(cat err)"
		sh -c "cat <$name >&2" >>"$T/file" 2>err
		grep -q text err || fail "$name: not read outside"
		: >"$T/file"
	done
	echo text >"$T/file"
	"$NONO" -- sh -c "cat /dev/fd/0 && echo more >>/dev/fd/0" \
	    <>"$T/file" >out 2>err || fail "$(cat err)"
	[ "$(cat "$T/file")" = "text
more" ] || fail "$(cat "$T/file")"
}

test_case others "a file on a descriptor above 2 keeps its access mode"
others_body()
{
	prepare() { fresh; }
	setup
	fresh
	"$NONO" -- sh -c 'cat <&5' 5<"$T/file" >out 2>err
	[ "$(cat out)" = secret ] || fail "$(cat err)"
	# the descriptor itself is of no use for that, outside either
	for how in 'echo x >/dev/fd/5' 'echo x >>/dev/fd/5' \
	    'echo x 1<>/proc/self/fd/5'; do
		fresh
		sh -c "$how" 5<"$T/file" && grep -q x "$T/file" ||
		    fail "outside: $how"
		fresh
		"$NONO" -- sh -c "$how" 5<"$T/file" >out 2>err
		_got=$?
		was_run $_got "$how"
		[ $_got -ne 0 ] || fail "$how"
		[ "$(cat "$T/file")" = secret ] || fail "$how: written"
	done
	"$NONO" -- sh -c 'echo x >&5' 5>>"$T/file" 2>err || fail "$(cat err)"
	for how in 'cat /dev/fd/5' 'cat <>/proc/self/fd/5'; do
		sh -c "$how" 5>>"$T/file" >out 2>err && grep -q secret out ||
		    fail "outside: $how: $(cat err)"
		"$NONO" -- sh -c "$how" 5>>"$T/file" >out 2>err
		_got=$?
		was_run $_got "$how"
		[ $_got -ne 0 ] && [ ! -s out ] ||
		    fail "read when opened again: $how"
	done
}

test_case missing "closed descriptors 0, 1 and 2 stay closed"
missing_body()
{
	setup
	"$NONO" -r "$PROBE" -- "$PROBE" fd 0 <&- >out 2>err
	[ "$(cat out)" = EBADF ] || fail "0: $(cat out err)"
	"$NONO" -a . -r "$PROBE" -- \
	    sh -c "'$PROBE' fd 1 || echo closed >status" >&- 2>err
	[ "$(cat status)" = closed ] || fail "1: $(cat err)"
	"$NONO" -a . -r "$PROBE" -- sh -c "'$PROBE' fd 2 >out" 2>&-
	[ "$(cat out)" = EBADF ] || fail "2: $(cat out)"
	"$NONO" -a . -- sh -c 'echo text >file' <&- >&- 2>&- ||
	    fail "all: $?"
	[ "$(cat file)" = text ] || fail "all"
	# what nono opens meanwhile has not become one of them
	"$NONO" -a . -- sh -c 'ls -l /proc/$$/fd >file' <&- >&- 2>&-
	! grep -q landlock file || fail "$(cat file)"
	refused -- cat "$PWD/file"
	echo "the text" >secret
	for closed in '<&-' '>&-' '<&- >&-'; do
		printf '#! /bin/sh\nexec "$@" %s\n' "$closed" >closed.sh
		for how in 'cat secret >&2' 'cat <secret >&2'; do
			sh closed.sh sh -c "$how" 2>err >out &&
			    grep -q "the text" err ||
			    fail "outside: $closed: $(cat err)"
			sh closed.sh "$NONO" -- sh -c "$how" 2>err >out
			_got=$?
			was_run $_got "$closed"
			[ $_got -ne 0 ] || fail "$closed: read"
			! grep -q "the text" err || fail "$closed: read"
		done
	done
}

test_case crowd "thousands of descriptors are looked at"
crowd_body()
{
	setup
	# half of them directories, as many as the limit permits
	n=3000
	limit=$(sed -n 's/^Max open files *[^ ]* *\([0-9]*\).*/\1/p' \
	    /proc/self/limits)
	[ "$limit" -gt 4000 ] || n=$((limit - 100))
	"$PROBE" crowd $n "$NONO" -- sh -c 'ls -l /proc/$$/fd/' >out 2>err ||
	    fail "$(cat err)"
	[ "$(grep -c 'null$' out)" -ge $((n / 2)) ] ||
	    fail "$(grep -c 'null$' out) devices stay"
	! grep -q 'etc$' out || fail "$(grep -c 'etc$' out) directories stay"
}

test_case uncounted "closed descriptors below do not hide others"
uncounted_body()
{
	setup
	for fd in 3 7; do
		for low in 0 '0 1' '0 1 2'; do
			rm -f file
			got=$(for n in $low; do eval "exec $n<&-"; done
			    "$PROBE" with directory $fd "$NONO" -a . \
			    -r "$PROBE" -- sh -c \
			    '"$1" fd "$2" >file 2>&1; :' sh "$PROBE" $fd)
			[ "$(cat file)" = EBADF ] ||
			    fail "$fd without $low: $(cat file) $got"
		done
	done
}

test_case directory "no way out through an inherited directory"
directory_body()
{
	setup
	fresh
	[ "$(sh -c 'cat /dev/fd/5/file' 5<"$T")" = secret ] ||
	    atf_fail "not even outside"
	! "$NONO" -- sh -c 'cat /dev/fd/5/file' 5<"$T" 2>err ||
	    fail "read"
}
