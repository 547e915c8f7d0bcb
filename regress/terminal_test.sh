#! /usr/bin/env -S atf-sh -s /bin/sh
# Terminals: the probe makes a new one and runs nono on it.

# shellcheck disable=SC2016,SC2094
# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# on_terminal [-e text answer ...] command ...: succeeds on a new terminal;
# what it prints is in out.
on_terminal()
{
	TERM=xterm "$PROBE" pty "$@" >typescript 2>err ||
	    fail "exit $?: $*: $(cat typescript err)"
	tr -d '\r' <typescript >out
}

# types OUTSIDE verb ...: what the probe's verb answers on a terminal, outside
# one of the words given, and EPERM under nono.
types()
{
	_outside=$1
	shift
	"$PROBE" pty "$PROBE" "$@" >typescript
	_got=$(tr -d '\r' <typescript | tail -n 1)
	case "|$_outside|" in
	*"|$_got|"*)	;;
	*)	fail "outside $_got, not $_outside: $*" ;;
	esac
	"$PROBE" pty "$NONO" -r "$PROBE" -- "$PROBE" "$@" >typescript
	_got=$(tr -d '\r' <typescript | tail -n 1)
	[ "$_got" = EPERM ] || fail "inside $_got: $*"
}

test_case typing "nothing is typed into the own terminal"
typing_body()
{
	setup
	# EIO: by dev.tty.legacy_tiocsti, and not for root
	ok="ok|xok|EIO"
	[ "$(id -u)" -ne 0 ] || ok="ok|xok"
	types "$ok" type
	types "$ok" type 0x100000000
	types "$ok" type 0xffffffff00000000
	types "$ok" type 0x8000000000000000
	# the shell that comes after would read it, as it does what is typed here
	reads='stty -icanon min 0 time 1; head -c 1 | tr x y'
	"$PROBE" pty -e 'go:' x sh -c "printf go:; sleep 0.5; $reads" >typescript
	grep -q y typescript || fail "not read outside: $(cat typescript)"
	if is_root; then
		"$PROBE" pty sh -c "'$PROBE' type; $reads" >typescript
		grep -q y typescript || fail "outside: $(cat typescript)"
	fi
	"$PROBE" pty sh -c "'$NONO' -s -r '$PROBE' -- '$PROBE' type; $reads" \
	    >typescript
	grep -q EPERM typescript || fail "not tried: $(cat typescript)"
	! grep -q y typescript || fail "typed: $(cat typescript)"
}

test_case typing32 "nor by 32-bit calls"
typing32_body()
{
	setup
	"$PROBE" call32 getpid >/dev/null 2>&1 ||
	    atf_skip "no 32-bit programs on this system"
	types "ok|xok|EIO" call32 ioctl 0 0x5412 x
	types "ENOTTY|EPERM" call32 ioctl 0 0x541c 1
}

test_case console "nothing is pasted on the console"
console_body()
{
	setup
	types ENOTTY call ioctl 0 0x541c 1
	types ENOTTY call ioctl 0 0x10000541c 1
	types ENOTTY call ioctl 0 0xffffffff0000541c 1
}

test_case other "other terminals of the user are out of reach"
other_body()
{
	setup
	# shellcheck disable=SC2046
	set -- $("$PROBE" serve-pty)
	[ $# -eq 2 ] || atf_fail "no terminal: $*"
	refused -- sh -c ": </dev/pts/$2"
	refused -- sh -c ": >/dev/pts/$2"
	refused -- sh -c ": <>/dev/pts/$2"
	# nor from a terminal of its own
	on_terminal "$NONO" -- sh -c "
	    (: </dev/pts/$2) || echo kept out"
	grep -q '^kept out$' out || fail "$(cat out)"
	refused -- ls "/proc/$1/fd/0"
	kill "$1"
}

test_case name "the own terminal has a name and opens"
name_body()
{
	setup
	! has_view || [ -e /dev/console ] ||
	    atf_skip "no /dev/console to give the terminal a name"
	on_terminal "$NONO" -- tty
	grep -q -e '^/dev/pts/[0-9]*$' -e '^/dev/console$' out ||
	    fail "$(cat out)"
	on_terminal "$NONO" -- sh -c 'echo text >/dev/tty && stty -a </dev/tty'
	grep -q '^text$' out || fail "$(cat out)"
	on_terminal "$NONO" -- sh -c 'echo text >"$(tty)"'
	grep -q '^text$' out || fail "$(cat out)"
	on_terminal -e 'go:' 'answer
' "$NONO" -- sh -c 'printf go:; read -r a </dev/tty; echo "<$a>"'
	grep -q '^<answer>$' out || fail "$(cat out)"
}

test_case modes "raw mode and echo are set"
modes_body()
{
	setup
	on_terminal "$NONO" -- sh -c 'stty raw -echo; stty -a; stty sane'
	grep -q -e '-icanon' out || fail "$(cat out)"
	grep -q -e '-echo ' out || fail "$(cat out)"
	# what is typed arrives at once, and is not shown
	on_terminal -e 'go:' q "$NONO" -- \
	    sh -c 'stty raw -echo; printf go:; head -c 1 | tr q z; stty sane'
	grep -q 'go:z' out || fail "$(cat out)"
}

test_case size "the window has a size, and a change of it is told"
size_body()
{
	setup
	on_terminal "$NONO" -- stty size
	grep -q '^24 80$' out || fail "$(cat out)"
	on_terminal "$NONO" -- sh -c 'trap "echo changed" WINCH
	    stty rows 30 cols 100; sleep 0.1; stty size'
	grep -q '^30 100$' out || fail "$(cat out)"
	grep -q '^changed$' out || fail "$(cat out)"
}

test_case interrupt "Ctrl-C interrupts, Ctrl-D ends"
interrupt_body()
{
	setup
	on_terminal -e 'go:' "$(printf '\003')" "$NONO" -- \
	    sh -c 'trap "echo interrupted; exit 0" INT; printf go:
	    while :; do sleep 0.1; done'
	grep -q 'interrupted$' out || fail "$(cat out)"
	on_terminal -e 'go:' "$(printf '\004')" "$NONO" -- \
	    sh -c 'printf go:; cat; echo end'
	grep -q 'end$' out || fail "$(cat out)"
}

# What is expected is nowhere in what is typed, for that is echoed.
test_case jobs "job control works"
jobs_body()
{
	setup
	needs bash
	PS1='ready> ' on_terminal \
	    -e 'ready> ' 'sleep 30 &
' \
	    -e 'ready> ' 'kill %1; wait %1; echo "<$?>"
' \
	    -e '<143>' '' -e 'ready> ' 'cat
' \
	    -e cat 'one
' \
	    -e one '' -e one "$(printf '\032')" \
	    -e Stopped '' -e 'ready> ' 'jobs
' \
	    -e Stopped '' -e 'ready> ' 'fg
' \
	    -e fg '' -e cat 'two
' \
	    -e two '' -e two "$(printf '\004')" \
	    -e 'ready> ' 'cat & sleep 0.2
' \
	    -e Stopped '' -e 'ready> ' 'kill -KILL %%; exec true
' \
	    "$NONO" -- bash --norc --noediting -i
}

test_case stopped "nono and what it runs are stopped and continued"
stopped_body()
{
	setup
	needs bash
	PS1='ready> ' on_terminal \
	    -e 'ready> ' '"$NONO" -- cat
' \
	    -e '-- cat' 'one
' \
	    -e one '' -e one "$(printf '\032')" \
	    -e Stopped '' -e 'ready> ' 'fg
' \
	    -e fg '' -e cat 'two
' \
	    -e two '' -e two "$(printf '\004')" \
	    -e 'ready> ' 'exit 0
' \
	    env NONO="$NONO" bash --norc --noediting -i
}

test_case programs "programs that draw on the terminal work"
programs_body()
{
	setup
	echo content >file
	if command -v less >/dev/null; then
		on_terminal -e content q "$NONO" -r . -- less file
	fi
	if command -v vi >/dev/null; then
		on_terminal -e content ':s/con/pa/
:wq
' "$NONO" -a . -- vi file
		grep -q patent file || fail "vi: $(cat file)"
	fi
	if command -v bash >/dev/null; then
		SHELL=$(command -v bash) on_terminal \
		    -e '' 'echo $((6 * 7)); exit 0
' "$NONO" shell
		grep -q '42$' out || fail "shell: $(cat out)"
	fi
}
