#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes by other processes and by what processes share; process_test.sh has
# tracing, memory, descriptors and single signals.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# served verb [argument ...]: a process outside; sets PID and what it says.
served()
{
	# shellcheck disable=SC2046
	set -- $("$PROBE" "$@")
	[ $# -eq 2 ] || atf_fail "no process: $*"
	PID=$1 SAID=$2
}

# Whether a process is there, and not only waited for.
alive()
{
	grep -q '^State:.*[^ZX] (' "/proc/$1/status" 2>/dev/null
}

dies()
{
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		alive "$1" || return 0
		sleep 0.1
	done
	return 1
}

test_case init "/proc/1 says nothing private, to root either"
init_body()
{
	setup
	if ! is_root; then
		# of one that it may look at
		served idle
		refused -- head -c 1 "/proc/$PID/environ"
		refused -a / -- head -c 1 "/proc/$PID/environ"
		kill "$PID"
		return
	fi
	for file in environ maps mem auxv syscall stack io fdinfo/0 \
	    task/1/environ; do
		sh -c ': <"$0"' "/proc/1/$file" 2>/dev/null &&
		    head -c 1 "/proc/1/$file" >out 2>/dev/null &&
		    [ -s out ] || continue
		refused -- head -c 1 "/proc/1/$file"
		refused -a / -- head -c 1 "/proc/1/$file"
	done
	for link in root cwd exe fd/0 ns/mnt ns/pid; do
		readlink "/proc/1/$link" >/dev/null || continue
		refused -- readlink "/proc/1/$link"
	done
	for path in "/proc/1/root$HOME" "/proc/1/root/proc/1/root$HOME" \
	    "/proc/1/cwd$HOME" "/proc/1/task/1/root$HOME"; do
		ls "$path" >out 2>/dev/null || continue
		refused -- ls "$path"
		refused -a / -- ls "$path"
	done
}

test_case kill_all "kill -1 reaches nobody outside"
kill_all_body()
{
	setup
	# in a process namespace, for else it would reach everybody
	how="-p -f --kill-child"
	is_root || how="-Urp -f --kill-child"
	# shellcheck disable=SC2086	# words
	unshare $how true 2>/dev/null ||
	    atf_skip "no process namespaces for tests"
	cat >run.sh <<-'END'
	sleep 30 &
	victim=$!
	"$@"
	sleep 0.1
	kill -0 $victim 2>/dev/null && : >alive
	kill -KILL $victim
	:
	END
	for signal in KILL TERM HUP; do
		rm -f alive
		# shellcheck disable=SC2086
		unshare $how sh run.sh sh -c "kill -$signal -1" >log 2>&1
		[ ! -e alive ] || fail "-$signal: not even outside: $(cat log)"
		# shellcheck disable=SC2086
		unshare $how sh run.sh "$NONO" -a . -- \
		    sh -c "kill -$signal -1" >log 2>&1
		[ -e alive ] || fail "-$signal: killed: $(cat log)"
	done
}

# group command ...: in a group with a process whose ID is in the file victim.
group()
{
	rm -f victim
	setsid -w sh -c 'sleep 30 & echo $! >victim; "$@"; :' sh "$@" \
	    >/dev/null 2>&1
	read -r victim <victim
}

test_case kill_group "nor do signals to the own process group"
kill_group_body()
{
	setup
	for signal in TERM KILL; do
		group sh -c "kill -$signal 0"
		dies "$victim" || atf_fail "not even outside"
		group "$NONO" -- sh -c "kill -$signal 0"
		sleep 0.2
		alive "$victim" || atf_fail "killed"
		group "$NONO" -r "$PROBE" -- "$PROBE" call kill 0 9
		sleep 0.2
		alive "$victim" || atf_fail "killed by kill(2)"
		kill -KILL "$victim"
	done
}

test_case sigio_group "nor is a group told of input by a signal"
sigio_group_body()
{
	setup
	served idle
	[ "$("$NONO" -r "$PROBE" -- "$PROBE" sigio "-$PID" 10)" = ok ] ||
	    atf_fail "the probe did not work"
	sleep 0.2
	alive "$PID" || atf_fail "killed"
	"$PROBE" sigio "-$PID" 10
	dies "$PID" || atf_fail "does not work outside"
}

test_case keys "keyrings are refused"
keys_body()
{
	setup
	# its own, which goes with it: -2; the user's: -4
	answers "ok|ENOSYS" EPERM -- call add_key user nono-test x 1 -2
	answers "ok|ENOSYS" EPERM -- call keyctl 0 -4 1	# which is it?
	answers "ENOKEY|ENOSYS" EPERM -- call request_key user nono-test 0 0
	"$PROBE" call32 getpid >/dev/null 2>&1 || return 0
	answers "ok|ENOSYS" EPERM -- call32 add_key user nono-test x 1 -2
	answers "ok|ENOSYS" EPERM -- call32 keyctl 0 -4 1
}

test_case queues "message queues by name are out of reach"
queues_body()
{
	setup
	name=/nono-test.${T##*/}
	served serve-mq "$name"
	answers ok "EACCES|ENOENT|EPERM|ENOSYS" -- mq "$name"
	kill "$PID"
	"$PROBE" mq-unlink "$name" >/dev/null
}

test_case ipc "System V IPC of others is out of reach in a view"
ipc_body()
{
	setup
	served serve-ipc
	trap 'kill "$PID"' EXIT
	if has_view; then
		for kind in shm sem msg; do
			answers ok ENOENT -- ipc $kind "$SAID"
			answers ok ENOENT -s -n -a / -- ipc $kind "$SAID"
		done
		granted -- ipcs
		! grep -qi "$(printf %x "$SAID")" out || fail "$(cat out)"
		# but what is made inside works
		granted -r "$PROBE" -- sh -c 'set -- $("$0" serve-ipc) &&
		    "$0" ipc shm $2 && "$0" ipc sem $2 && "$0" ipc msg $2
		    r=$?; kill $1; exit $r' "$PROBE"
		return
	fi
	remains "SECURITY CONSIDERATIONS" \
	    "System V shared memory, semaphores and message queues, for a" \
	    -r "$PROBE" -- "$PROBE" ipc shm "$SAID"
}

test_case ipc_sockets "System V IPC, where -u opens a socket"
ipc_sockets_body()
{
	setup
	served serve-ipc
	trap 'kill "$PID"' EXIT
	remains "SECURITY CONSIDERATIONS" \
	    "System V shared memory, semaphores and message queues, for a" \
	    -u / -r "$PROBE" -- "$PROBE" ipc shm "$SAID"
}

test_case priority "the priority of others is set"
priority_body()
{
	setup
	served idle
	trap 'kill "$PID"' EXIT
	if is_root; then
		# of a process that has capabilities which are dropped here
		answers ok EPERM -- priority "$PID"
		return
	fi
	remains "SECURITY CONSIDERATIONS" \
	    "The priority and CPU affinity of the user" \
	    -r "$PROBE" -- "$PROBE" priority "$PID"
}

test_case cmdline "the command lines of others are read"
cmdline_body()
{
	setup
	served idle
	trap 'kill "$PID"' EXIT
	remains "SECURITY CONSIDERATIONS" ".Pa /proc/PID/cmdline ." \
	    -- grep -a idle "/proc/$PID/cmdline"
}

test_case shared_memory "files in /dev/shm are read"
shared_memory_body()
{
	setup
	file=$(mktemp /dev/shm/nono-test.XXXXXX) || return 0
	# shellcheck disable=SC2064	# this one
	trap "rm -f $file" EXIT
	echo secret >"$file"
	remains "SECURITY CONSIDERATIONS" "What other programs keep there" \
	    -- grep secret "$file"
}

test_case left_behind "who is left behind takes the terminal"
left_behind_body()
{
	setup
	# until it has what was typed
	wait='"$@"; i=0
	    until [ -s stolen ] || [ $i -gt 40 ]; do i=$((i + 1)); sleep 0.1; done'
	"$PROBE" pty -e 'password: ' 'hunter2
' sh -c "$wait" sh "$PROBE" snatch stolen >typed 2>&1
	grep -qs hunter2 stolen || fail "not even outside: $(cat typed)"
	rm stolen
	"$PROBE" pty -e 'password: ' 'hunter2
' sh -c "$wait" sh "$NONO" -a . -r "$PROBE" -- "$PROBE" snatch stolen \
	    >typed 2>&1
	grep -qF 'The terminal, when the command has ended.' \
	    "$SRC/../nono.1" || atf_fail "nono.1 does not say it"
	grep -qs hunter2 stolen || fail "no longer: $(cat typed)"
	atf_expect_fail "nono(1), SECURITY CONSIDERATIONS"
	atf_fail "read what was typed"
}
