#! /usr/bin/env -S atf-sh -s /bin/sh
# New terminals inside, and those of the user outside, where there is a devpts
# of the view's own; terminal_test.sh has the own terminal.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
# tmux runs commands by it
export TERM=xterm SHELL=/bin/sh

# With no view there are new terminals only where all are granted; sets GRANT.
new_terminals()
{
	GRANT=
	has_view && return
	names "loss: no new pseudo-terminals"
	GRANT="-a /dev/pts"
}

test_case script "script(1) runs a command on a terminal of its own"
script_body()
{
	setup
	needs script
	new_terminals
	# shellcheck disable=SC2086	# words
	granted -a . $GRANT -- script -qec tty /dev/null
	grep -q '^/dev/pts/[0-9]' out || fail "$(cat out)"
	# shellcheck disable=SC2086
	granted -a . $GRANT -- script -qec 'stty size; stty -a; exit 0' typed
	grep -q icanon typed || fail "$(cat typed)"
	# shellcheck disable=SC2086
	granted -a . $GRANT -- \
	    script -qec 'echo text >/dev/tty; echo more >$(tty)' /dev/null
	grep -q text out && grep -q more out || fail "$(cat out)"
	# shellcheck disable=SC2086
	"$NONO" -a . $GRANT -- script -qec 'exit 3' /dev/null >out 2>err
	[ $? -eq 3 ] || fail "$(cat err)"
}

test_case python "the pty module of Python"
python_body()
{
	setup
	needs python3
	new_terminals
	# shellcheck disable=SC2086	# words
	granted $GRANT -- python3 -c 'import pty; pty.spawn(["tty"])' </dev/null
	grep -q '^/dev/pts/[0-9]' out || fail "$(cat out)"
	# shellcheck disable=SC2086
	granted $GRANT -- python3 -c '
import os, pty, termios, tty
m, s = pty.openpty()
print(os.ttyname(s))
assert os.isatty(m) and os.isatty(s)
tty.setraw(s)
os.write(m, b"in"); assert os.read(s, 9) == b"in"
os.write(s, b"out"); assert os.read(m, 9) == b"out"
more = [pty.openpty() for _ in range(20)]
print(len(set(os.ttyname(s) for m, s in more)), "others")
os.close(os.open(os.ttyname(s), os.O_RDWR | os.O_NOCTTY))
'
	grep -q '^20 others' out || fail "$(cat out)"
}

test_case expect "expect(1)"
expect_body()
{
	setup
	needs expect
	new_terminals
	# shellcheck disable=SC2086	# words
	granted $GRANT -- expect -c '
	    set timeout 10
	    spawn sh -c {printf "go:"; read a; echo "<$a>"; tty}
	    expect go: { send "answer\r" } timeout { exit 5 }
	    expect "<answer>" {} timeout { exit 6 }
	    expect /dev/pts/ {} timeout { exit 7 }
	    expect eof'
}

test_case tmux "tmux started inside"
tmux_body()
{
	setup
	needs tmux
	tells_sockets || return 0	# else there are none
	cat >run.sh <<-'END'
	set -e
	tmux -S sock -f /dev/null new-session -d -x 80 -y 24 "sh -c \
	    'tty >tty.new; mv tty.new tty.out; cat >typed'"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -e tty.out ] || break
		sleep 0.1
	done
	tmux -S sock send-keys hello Enter
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		! grep -qs hello typed || break
		sleep 0.1
	done
	tmux -S sock list-sessions
	tmux -S sock capture-pane -p
	tmux -S sock kill-server
	cat tty.out typed
	END
	granted -a . -- sh run.sh
	grep -q '^/dev/pts/[0-9]' out || fail "$(cat out)"
	[ "$(grep -c hello out)" -ge 2 ] || fail "$(cat out)"
	# by its own default, in a directory of the project
	mkdir t
	chmod 700 t
	granted -a . -- env TMUX_TMPDIR="$PWD/t" sh -c \
	    'tmux -f /dev/null new-session -d cat && tmux ls && tmux kill-server'
	# a server outside is not reached
	sock=$PWD/outside
	tmux -S "$sock" -f /dev/null new-session -d cat ||
	    atf_fail "tmux does not run outside"
	tmux -S "$sock" ls >out 2>&1 || fail "outside: $(cat out)"
	"$NONO" -a . -- tmux -S outside send-keys hello Enter >out 2>&1 &&
	    { tmux -S "$sock" kill-server; atf_fail "reached"; }
	"$NONO" -a . -- env TMUX="$sock,1,0" tmux ls >out 2>&1 &&
	    { tmux -S "$sock" kill-server; atf_fail "reached by TMUX"; }
	tmux -S "$sock" kill-server
}

test_case shell "a shell with job control on a new terminal inside"
shell_body()
{
	setup
	needs script
	needs bash
	new_terminals
	cat >typed <<-'END'
	set -m
	sleep 30 &
	kill -STOP %1; sleep 0.2; jobs
	kill -KILL %1; sleep 0.2; jobs
	(trap "echo resized" WINCH; stty rows 33 cols 99; sleep 0.2; stty size)
	exit 7
	END
	# shellcheck disable=SC2086	# words
	"$NONO" -a . $GRANT -- script -qec 'bash --norc -i' /dev/null \
	    <typed >out 2>err
	got=$?
	[ $got -eq 7 ] || fail "exit $got: $(cat out err)"
	for text in Stopped Killed resized '33 99'; do
		grep -q "$text" out || fail "no $text: $(cat out)"
	done
}

# What a thief does: reads and writes all terminals, and the one it was told.
THIEF='for t in "$OTHER" /dev/pts/[0-9]* /proc/'"$$"'/fd/[0-9]*; do
	[ -c "$t" ] || continue
	[ "$t" = "$(tty)" ] && continue
	echo stolen >"$t"
	timeout 0.2 dd bs=1 count=6 <"$t"
	timeout 0.2 stty -F "$t" -a
done 2>/dev/null'

# stolen: whether something was typed at or read from the other terminal.
stolen()
{
	tr -d '\r' <out >out2
	grep -q secret out2 ||
	    sed -n 's/.*on the other terminal: //p' out2 | grep -q stolen
}

test_case other "other terminals of the user are neither read nor written"
other_body()
{
	setup
	needs script
	new_terminals
	"$PROBE" beside-pty sh -c "$THIEF" >out 2>err
	stolen || fail "not outside, either: $(cat out err)"
	"$PROBE" beside-pty "$NONO" -x dd -a . -- sh -c "$THIEF" >out 2>err
	! stolen || fail "$(cat out)"
	"$PROBE" beside-pty "$NONO" -x dd -a / -- sh -c "$THIEF" >out 2>err
	! stolen || fail "-a /: $(cat out)"
	"$PROBE" beside-pty "$NONO" -x dd -r / -- sh -c "$THIEF" >out 2>err
	! stolen || fail "-r /: $(cat out)"
	has_view || return 0
	# with terminals of its own that have the same numbers
	cat >many.py <<-END
	import os, pty, subprocess, sys
	keep = [pty.openpty() for _ in range(12)]
	subprocess.run(sys.argv[1:])
	END
	cat >thief.sh <<-END
	$THIEF
	END
	needs python3
	"$PROBE" beside-pty "$NONO" -x dd -a . -- \
	    timeout 30 python3 many.py sh thief.sh >out 2>err
	! stolen || fail "$(cat out)"
	"$PROBE" beside-pty "$NONO" -x dd -a . -- script -qec 'sh thief.sh' \
	    /dev/null >out 2>err </dev/null
	! stolen || fail "$(cat out)"
	# its own are not those of the same number outside
	"$PROBE" beside-pty "$NONO" -a . -- sh -c '[ ! -e "$OTHER" ]' >out 2>&1 ||
	    fail "$(cat out)"
}

# on_terminal command ...: succeeds on a new terminal made outside.
on_terminal()
{
	"$PROBE" pty "$@" >typescript 2>err ||
	    fail "exit $?: $*: $(cat typescript err)"
	tr -d '\r' <typescript >out
}

test_case own "the own terminal has a name, opens, and is no other"
own_body()
{
	setup
	! has_view || [ -e /dev/console ] ||
	    atf_skip "no /dev/console to give the terminal a name"
	for rules in "-a ." "-r /" "-a /" ""; do
		# shellcheck disable=SC2086	# words
		on_terminal "$NONO" -s $rules -- tty
		grep -q '^/dev/\(pts/[0-9]*\|console\)$' out || fail "$(cat out)"
		# shellcheck disable=SC2086
		on_terminal "$NONO" -s $rules -r "$PROBE" -- \
		    sh -c '"$0" same "$(tty)" /proc/self/fd/0' "$PROBE"
		grep -q '^ok$' out || fail "$rules: $(cat out)"
		# shellcheck disable=SC2086
		on_terminal "$NONO" -s $rules -- sh -c 'echo text >"$(tty)" &&
		    stty -F "$(tty)" -a && stty -echo && stty echo &&
		    echo more >/dev/tty && stty size </dev/tty'
		grep -q '^text$' out && grep -q '^more$' out || fail "$(cat out)"
	done
	if command -v python3 >/dev/null; then
		on_terminal "$NONO" -- python3 -c 'import os
for fd in 0, 1, 2:
    print(os.ttyname(fd))
    os.close(os.open(os.ttyname(fd), os.O_RDWR | os.O_NOCTTY))
print(os.ctermid(), os.get_terminal_size(), os.tcgetpgrp(0) == os.getpgrp())'
		grep -q 'True$' out || fail "$(cat out)"
	fi
	# and others can be made beside it
	new_terminals
	needs script
	# shellcheck disable=SC2086	# words
	on_terminal "$NONO" -a . $GRANT -- \
	    script -qec 'tty; stty size; echo text >/dev/tty' /dev/null
	grep -q '^text$' out || fail "$(cat out)"
	# neither of them types into the own one
	on_terminal "$NONO" -a . -r "$PROBE" -- sh -c '"$0" type; true' "$PROBE"
	grep -q EPERM out || fail "$(cat out)"
}

test_case no_terminal "without a terminal there is none"
no_terminal_body()
{
	setup
	for way in "setsid -w" "setsid -w $NONO"; do
		# shellcheck disable=SC2086	# words
		$way sh -c ': </dev/tty' 2>/dev/null </dev/null &&
		    fail "$way: a terminal"
	done
	setsid -w "$NONO" -- tty >out 2>err </dev/null
	grep -q 'not a tty' out || fail "$(cat out err)"
	setsid -w "$NONO" -- sh -c 'cat /dev/console' >out 2>err </dev/null &&
	    fail "the console is read"
	has_view || return 0
	setsid -w "$NONO" -- ls /dev/pts >out 2>err </dev/null ||
	    fail "$(cat err)"
	! grep -q '[0-9]' out || fail "$(cat out)"
}

test_case devices "ptmx and the directory of terminals"
devices_body()
{
	setup
	has_view || return 0
	granted -- sh -c '[ -c /dev/ptmx ] && [ -c /dev/pts/ptmx ] && ls /dev/pts'
	granted -- sh -c ': <>/dev/ptmx && : <>/dev/pts/ptmx'
	"$NONO" -- sh -c 'chmod 000 /dev/ptmx /dev/pts/ptmx' 2>err
	sh -c ': <>/dev/ptmx' || atf_fail "no terminals any more, outside"
	# a rule of the user's for them holds
	hidden -d /dev/pts -- ls /dev/pts
	granted -a /dev/pts -- ls /dev/pts
}
