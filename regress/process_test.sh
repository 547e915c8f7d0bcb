#! /usr/bin/env -S atf-sh -s /bin/sh
# Other processes, privileges, and what happens where a wall is missing.

# shellcheck disable=SC2016,SC2094
# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

needs_calls32()
{
	"$PROBE" call32 getpid >/dev/null 2>&1 ||
	    atf_skip "no 32-bit programs on this system"
}

# A process outside, of the same user: PID, and ADDRESS of a secret in it.
victim()
{
	# shellcheck disable=SC2046
	set -- $("$PROBE" idle)
	[ $# -eq 2 ] || atf_fail "no process: $*"
	PID=$1 ADDRESS=$2
}

alive()
{
	kill -0 "$PID" 2>/dev/null &&
	    ! grep -q '^State:.*Z' "/proc/$PID/status"
}

# Whether the victim is gone, soon.
dies()
{
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		alive || return 0
		sleep 0.1
	done
	return 1
}

test_case signals "processes outside are not signalled"
signals_body()
{
	setup
	victim
	# the gap that nono warns of
	if ! abi 6; then
		answers ok ok -- call kill "$PID" 0
		kill "$PID"
		return
	fi
	answers ok EPERM -- call kill "$PID" 0
	answers ok EPERM -- call tkill "$PID" 0
	answers ok EPERM -- call tgkill "$PID" "$PID" 0
	answers ok EPERM -- pidfd-kill "$PID" 0
	answers ok EPERM -- queue "$PID" 0
	refused -- sh -c "kill -0 $PID"
	# the victim leads a group
	refused -- sh -c "kill -0 -$PID"
	"$NONO" -- sh -c "kill -KILL $PID; kill -KILL -$PID" 2>err
	alive || atf_fail "killed"
	kill "$PID"
	dies || atf_fail "cannot be killed"
}

test_case signals32 "processes outside are not signalled by 32-bit calls"
signals32_body()
{
	setup
	needs_calls32
	victim
	answers ok "$(abi_or 6 EPERM ok)" -- call32 kill "$PID" 0
	answers ok "$(abi_or 6 EPERM ok)" -- call32 tkill "$PID" 0
	kill "$PID"
}

test_case sigio "no process outside is told of input by a signal"
sigio_body()
{
	setup
	victim
	[ "$("$NONO" -r "$PROBE" -- "$PROBE" sigio "$PID" 10)" = ok ] ||
	    atf_fail "the probe did not work"
	sleep 0.2
	abi 6 || return 0		# as any signal is
	alive || atf_fail "killed"
	"$PROBE" sigio "$PID" 10
	dies || atf_fail "does not work outside"
}

test_case tracing "processes outside are not traced"
tracing_body()
{
	setup
	victim
	answers ok EPERM -- trace "$PID"
	answers ok EPERM -- seize "$PID"
	kill "$PID"
}

test_case memory "memory of processes outside is not read or written"
memory_body()
{
	setup
	victim
	answers ok EPERM -- read-memory "$PID" "$ADDRESS"
	answers ok EPERM -- write-memory "$PID" "$ADDRESS"
	answers ok "EACCES|EPERM|EROFS" -- proc-mem "$PID" "$ADDRESS"
	kill "$PID"
}

test_case descriptors "descriptors of processes outside are not taken"
descriptors_body()
{
	setup
	victim
	answers ok EPERM -- getfd "$PID" 0
	refused -- readlink "/proc/$PID/fd/0"
	refused -- sh -c ": </proc/$PID/fd/0"
	kill "$PID"
}

test_case proc "/proc says nothing private of processes outside"
proc_body()
{
	setup
	victim
	for file in environ maps auxv smaps pagemap; do
		refused -- head -c 16 "/proc/$PID/$file"
		refused -- head -c 16 "/proc/$PID/task/$PID/$file"
	done
	for link in cwd root exe; do
		refused -- readlink "/proc/$PID/$link"
	done
	refused -- ls "/proc/$PID/root/"
	refused -- ls "/proc/$PID/cwd/"
	refused -- ls "/proc/$PID/map_files/"
	granted -- cat "/proc/$PID/stat"
	kill "$PID"
}

test_case limits "limits of processes outside are not set"
limits_body()
{
	setup
	victim
	answers ok EPERM -- limit "$PID"
	granted -- sh -c 'ulimit -n 64 && ulimit -S -c 0'
	kill "$PID"
}

test_case children "processes inside are signalled, traced and waited for"
children_body()
{
	setup
	granted -- sh -c 'sleep 30 & kill $!; wait $!; [ $? -eq 143 ]'
	granted -- sh -c 'trap "exit 0" USR1; kill -USR1 $$; exit 1'
	granted -r "$PROBE" -- "$PROBE" trace-child
	granted -- sh -c 'sleep 30 & head -c 1 /proc/$!/environ &&
	    readlink /proc/$!/cwd; r=$?; kill $!; exit $r'
	granted -- sh -c 'cat /proc/self/environ /proc/self/maps >/dev/null'
	granted -- timeout 0.1 true
	! abi 6 || refused -- sh -c "kill -0 $$"
}

test_case strace "strace works inside"
strace_body()
{
	setup
	needs strace
	granted -- strace -f -o /dev/null sh -c 'true; true'
}

test_case no_new_privs "no new privileges"
no_new_privs_body()
{
	setup
	grep -q '^NoNewPrivs:.*0' /proc/self/status ||
	    atf_skip "there are none outside either"
	granted -- grep NoNewPrivs /proc/self/status
	grep -q '1$' out || atf_fail "$(cat out)"
}

capability_sets()
{
	sed -n 's/^Cap\([A-Z][a-z]*\):\t/\1 /p' "$1"
}

# chown dac_override fowner kill setgid setuid net_bind_service
KEPT=$((1 << 0 | 1 << 1 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 10))

test_case capabilities "capabilities are dropped"
capabilities_body()
{
	setup
	capability_sets /proc/self/status >before
	granted -- cat /proc/self/status
	capability_sets out >after
	[ "$(wc -l <after)" -eq 5 ] || fail "$(cat after)"
	while read -r set mask <&3 && read -r _ old <&4; do
		mask=$((0x$mask)) old=$((0x$old))
		case $set in
		Inh|Amb)
			want=0 ;;
		Bnd)	want=$((old & KEPT))
			# without CAP_SETPCAP it stays, and is out of reach; a
			# user namespace gives that
			is_root || want=$(view_or 0 $old)
			# as does that of an outer nono
			case ${NONO_UNDER-} in
			*" nested "*) is_root || want=$mask ;;
			esac ;;
		*)	want=$((old & KEPT)) ;;
		esac
		[ $mask -eq $want ] || fail "$set: $mask, not $want"
	done 3<after 4<before
}

test_case setid_program "a set-user-ID program gains nothing"
setid_program_body()
{
	setup
	if is_root; then
		cp "$(command -v id)" id
		chown 65534 id && chmod 4755 id
		[ "$(./id -u)" = 65534 ] || atf_skip "mounted nosuid"
		granted -r . -- ./id -u
		[ "$(cat out)" = 0 ] || fail "user $(cat out)"
		return
	fi
	for program in passwd chsh su mount; do
		program=$(command -v $program)
		[ -u "$program" ] || continue
		# it runs until it is killed, or is quick to fail
		"$PROBE" pty "$NONO" -x '*' -- sh -c "
		    $program & sleep 0.3
		    grep '^Uid' /proc/\$!/status; kill \$!" >out 2>err
		! grep -q 'Uid:.*	0	' out || fail "$(cat out)"
	done
}

test_case setid_rewritten "a set-user-ID file that is rewritten is one no more"
setid_rewritten_body()
{
	setup
	for how in '>file' '>>file'; do
		echo text >file
		chmod 4755 file
		granted -a . -- sh -c "echo evil $how"
		[ ! -u file ] || fail "$how: $(ls -l file)"
	done
	is_root || return 0
	chmod 4755 file
	echo evil >file
	[ -u file ] || fail "outside: $(ls -l file)"
}

# What is acted upon, the same before each attempt.
modes()
{
	rm -rf file dir new
	echo text >file
	mkdir dir
}

# Each call that can set a mode, with that mode.
plant()
{
	_error=$1 _bits=$2 _plain=$3
	if [ "$(uname -m)" = x86_64 ]; then
		answers ok "$_error" -a . -- call chmod file "0$_bits"
		answers ok "$_error" -a . -- call creat new "0$_bits"
		answers ok "$_error" -a . -- call open new 0101 "0$_bits"
		answers ok "$_error" -a . -- call open dir 020200002 "0$_bits"
		answers "ok" "$_error" -a . -- call mkdir new "0$_bits"
		answers ok "$_error" -a . -- call mknod new "010$_bits" 0
	fi
	answers ok "$_error" -a . -- call fchmodat -100 file "0$_bits"
	answers ok "$_error" -a . -- call fchmodat -100 file "0xffff0$_plain"
	answers "ok|ENOSYS" "$_error|ENOSYS" -a . -- \
	    call fchmodat2 -100 file "0$_bits" 0
	answers ok "$_error" -a . -- call openat -100 new 0101 "0$_bits"
	answers ok "$_error" -a . -- call openat -100 dir 020200002 "0$_bits"
	answers ok "$_error" -a . -- call mkdirat -100 new "0$_bits"
	answers ok "$_error" -a . -- call mknodat -100 new "010$_bits" 0
	answers ok "$_error" -a . -- call mknodat -100 new "001$_bits" 0
	modes
	exec 3<>file
	answers ok "$_error" -a . -- call fchmod 3 "0$_bits"
	exec 3<&-
}

test_case setuid_file "no set-user-ID file is planted"
setuid_file_body()
{
	prepare() { modes; }
	setup
	plant EPERM 4755 9ed
	plant EPERM 6755 ded
	refused -a . -- chmod u+s file
	refused -a . -- install -m 4755 /dev/null new
	granted -a . -- sh -c 'chmod 1777 dir && chmod 755 file && mkfifo new'
}

test_case setgid_file "as root, no set-group-ID file is planted"
setgid_file_body()
{
	prepare() { modes; }
	setup
	if is_root; then
		plant EPERM 2755 5ed
		refused -a . -- chmod g+s file
	else
		plant ok 2755 5ed
		granted -a . -- chmod g+s dir
		mkdir from
		chmod 2755 from
		granted -a . -- cp -a from new
	fi
}

test_case setid32 "no set-user-ID file is planted by 32-bit calls"
setid32_body()
{
	prepare() { modes; }
	setup
	needs_calls32
	for bits in 04755 06711; do
		answers ok EPERM -a . -- call32 chmod file $bits
		answers ok EPERM -a . -- call32 fchmodat -100 file $bits
		answers ok EPERM -a . -- call32 creat new $bits
		answers ok EPERM -a . -- call32 open new 0101 $bits
		answers ok EPERM -a . -- call32 openat -100 new 0101 $bits
		answers ok EPERM -a . -- call32 open dir 020200002 $bits
		answers ok EPERM -a . -- call32 mkdir new $bits
		answers ok EPERM -a . -- call32 mkdirat -100 new $bits
		answers ok EPERM -a . -- call32 mknod new "010${bits#0}" 0
		answers ok EPERM -a . -- \
		    call32 mknodat -100 new "010${bits#0}" 0
	done
}

test_case filecap "file capabilities and devices cannot be made"
filecap_body()
{
	prepare() { modes; }
	setup
	outside=ok
	is_mighty || outside="ok|EPERM"
	is_root || outside=EPERM
	answers "$outside" EPERM -a . -- filecap file
	answers "$outside" "EPERM|EACCES" -a . -- \
	    call mknodat -100 new 020666 0x103
	answers "$outside" "EPERM|EACCES" -a . -- \
	    call mknodat -100 new 060666 0x700
	granted -a . -- mkfifo new
}

# refuses ERROR OUTSIDE call ...: the answer differs from that of the kernel,
# which some calls refuse to users alike; ENOSYS: the kernel was built without.
refuses()
{
	_error=$1 _other=$2
	shift 2
	is_mighty || _other="$_other|EPERM"
	answers "$_other|ENOSYS" "$_error" -- call "$@"
}

test_case mounts "mounts and namespaces are refused"
mounts_body()
{
	setup
	refuses EPERM EFAULT mount 1 1 1 0 0
	refuses EPERM EFAULT umount2 1 0
	refuses EPERM EFAULT open_tree -1 1 0
	refuses EPERM EFAULT move_mount -1 1 -1 1 0
	refuses EPERM EFAULT mount_setattr -1 1 0 1 32
	refuses EPERM EFAULT fsopen 1 0
	refuses EPERM EINVAL fsconfig -1 0 0 0 0
	refuses EPERM EBADF fsmount -1 0 0
	refuses EPERM EFAULT fspick -1 1 0
	refuses EPERM EFAULT pivot_root 1 1
	refuses EPERM ok chroot /
	refuses EPERM EBADF setns -1 0
	refuses EPERM ok unshare 0x20000	# CLONE_NEWNS
	# CLONE_NEWUSER; EPERM outside, too, in a chroot(2), and ENOSPC where
	# there may be none
	refuses EPERM "ok|EPERM|ENOSPC" unshare 0x10000000
	refuses EPERM "ok|EPERM|ENOSPC" unshare 0x10020000
	refuses EPERM "ok|EPERM|ENOSPC" clone 0x10000011 0 0 0 0
	refuses EPERM "ok|EPERM|EINVAL|ENOSPC" \
	    clone 0x7fffffff10000011 0 0 0 0
	answers ok ok -- call clone 0x11 0 0 0 0
}

test_case mounts32 "mounts and namespaces are refused to 32-bit calls"
mounts32_body()
{
	setup
	needs_calls32
	answers EFAULT EPERM -- call32 mount 1 1 1 0 0
	answers EFAULT EPERM -- call32 umount2 1 0
	answers "ok|EPERM" EPERM -- call32 chroot /
	answers EBADF EPERM -- call32 setns -1 0
	answers "ok|EPERM|ENOSPC" EPERM -- call32 unshare 0x10000000
	answers "ok|EPERM|ENOSPC" EPERM -- call32 clone 0x10000011 0 0 0 0
	answers EFAULT ENOSYS -- call32 clone3 1 88
	answers EFAULT ENOSYS -- call32 openat2 -100 / 1 24
	answers EOPNOTSUPP EPERM -- call32 keyctl 9999
}

test_case kernel "keyrings, and what the kernel does for administrators"
kernel_body()
{
	setup
	refuses EPERM EOPNOTSUPP keyctl 9999
	refuses EPERM EFAULT add_key 1 1 0 0 0
	refuses EPERM EFAULT request_key 1 1 0 0
	refuses EPERM EINVAL bpf -1 0 0
	refuses EPERM "EFAULT|EACCES" perf_event_open 1 0 -1 -1 0
	refuses EPERM EINVAL userfaultfd -1
	refuses EPERM EFAULT open_by_handle_at -1 1 0
	refuses EPERM EINVAL fanotify_init -1 0
	refuses EPERM "EINVAL|EFAULT|ENOEXEC" init_module 1 0 1
	refuses EPERM "EINVAL|EBADF" finit_module -1 1 0
	refuses EPERM EFAULT delete_module 1 0
	refuses EPERM EINVAL kexec_load 0 99999 1 0
	refuses EPERM EINVAL reboot 1 2 3 0	# no magic
	refuses EPERM EFAULT acct 1
	refuses EPERM EFAULT swapon 1 0
	refuses EPERM EFAULT swapoff 1
	refuses EPERM "EFAULT|EINVAL" quotactl 0 1 0 0
	refuses EPERM EINVAL syslog -1 0 0
	refuses EPERM EFAULT settimeofday 1 0
	refuses EPERM EFAULT clock_settime 0 1
	refuses EPERM EFAULT sethostname 1 5
	[ "$("$NONO" -r "$PROBE" -- "$PROBE" call vhangup)" = EPERM ] ||
	    atf_fail "vhangup"
	[ "$(uname -m)" = x86_64 ] || return 0
	refuses EPERM EINVAL iopl 4
	refuses EPERM EINVAL ioperm -1 5 0
}

# Of many calls the tests above cannot tell the program's answer from what the
# kernel says to one without capabilities.
test_case filter "the seccomp programs refuse each call that they should"
filter_body()
{
	setup
	needs cc
	cc -std=c11 -D_GNU_SOURCE -w -I"$SRC/.." -o filter "$SRC/filter.c" \
	    -lseccomp >out 2>&1 || fail "$(cat out)"
	./filter <"$SRC/filter.txt" >out 2>&1 ||
	    fail "$(tail -n 1 out): $(head -n 5 out)"
}

test_case handle "a file is not opened by its handle"
handle_body()
{
	setup
	echo secret >"$T/file"
	# shellcheck disable=SC2046
	set -- $("$PROBE" handle "$T/file")
	[ $# -eq 2 ] || atf_skip "no handles here"
	outside=ok
	is_mighty || outside="ok|EPERM"
	answers "$outside" EPERM -a . -- handle-open . "$1" "$2"
}

test_case new_calls "what passes flags in memory or is not known: ENOSYS"
new_calls_body()
{
	setup
	answers EFAULT ENOSYS -- call clone3 1 88
	answers EFAULT ENOSYS -- call openat2 -100 / 1 24
	answers ENOSYS ENOSYS -- call 600
	answers "EINVAL|ENOSYS" ENOSYS -- call file_setattr -1 1 0 0 0
	needs_calls32
	answers ENOSYS ENOSYS -- call32 600
	answers "EINVAL|ENOSYS" ENOSYS -- call32 file_setattr -1 1 0 0 0
}

test_case threads "threads work without clone3"
threads_body()
{
	setup
	needs python3
	granted -- python3 -c '
import threading
l = []
t = [threading.Thread(target=l.append, args=(n,)) for n in range(8)]
[x.start() for x in t]; [x.join() for x in t]
print(sum(l))'
	[ "$(cat out)" = 28 ] || fail "$(cat out err)"
}

# Landlock of other kernels.

test_case abi "commands run confined on each kernel with Landlock"
abi_body()
{
	setup
	echo secret >"$T/file"
	for abi in 1 2 3 4 5 6 7 8; do
		can_seem $abi || continue
		as_if abi $abi
		granted -a . -- sh -c 'echo text >file; cat file'
		[ "$(cat out)" = text ] || fail "ABI $abi: $(cat out)"
		if [ $abi -lt 6 ]; then
			grep -q '^nono: warning: .*signal' err ||
			    fail "ABI $abi: no warning"
			[ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
			granted -s -- true
		fi
		[ ! -s err ] || [ $abi -lt 6 ] || fail "ABI $abi: $(cat err)"
		[ ! -s err ] || grep -q warning err || fail "$(cat err)"
		refused -s -a . -- cat "$T/file"
		refused -s -a . -- sh -c "echo >'$T/file'"
		refused -s -r . -- sh -c 'echo >new'
		answers ok EAFNOSUPPORT -s -n -- call socket 2 1 0
		# from 6 on a view tells sockets apart
		if has_view && [ $abi -ge 6 ]; then
			answers ok ok -s -- call socket 1 1 0
			answers ok ok -s -- socketpair dgram
		else
			answers ok EAFNOSUPPORT -s -- call socket 1 1 0
			answers ok EPERM -s -- socketpair dgram
		fi
	done
}

test_case abi_truncate "no file is emptied without a write grant"
abi_truncate_body()
{
	setup
	mkdir dir
	prepare() { echo text >dir/file; }
	for abi in 1 2 3 7; do
		can_seem $abi || continue
		as_if abi $abi
		for option in -r -d; do
			_n=$option
			emptied call truncate dir/file 0
			# O_TRUNC with O_RDONLY, O_WRONLY, O_RDWR, and 3
			for flags in 01000 01001 01002 01003; do
				emptied call openat -100 dir/file $flags
				[ "$(uname -m)" != x86_64 ] ||
				    emptied call open dir/file $flags
			done
		done
		answers ok ok -s -w dir -- call openat -100 dir/file 01001
	done
}

# emptied verb ...: must not be, with the option in $_n for its directory.
emptied()
{
	answers ok "EPERM|EACCES|EROFS|EINVAL|ENOENT" -s "$_n" dir -- "$@"
	[ "$(cat dir/file)" = text ] || atf_fail "ABI $abi: emptied by $*"
}

test_case abi_truncate32 "no file is emptied by 32-bit calls either"
abi_truncate32_body()
{
	setup
	needs_calls32
	mkdir dir
	prepare() { echo text >dir/file; }
	as_if abi 2
	_n=-r abi=2
	emptied call32 truncate dir/file 0
	emptied call32 193 dir/file 0 0
	for flags in 01000 01002 01003; do
		emptied call32 open dir/file $flags
		emptied call32 openat -100 dir/file $flags
	done
}

test_case abi_none "without Landlock nothing is run"
abi_none_body()
{
	setup
	as_if abi 0
	status 125 "Linux 5.13" -- touch ran
	status 125 "Linux 5.13" -a . -n -- touch ran
	as_if abi -1
	status 125 "lsm=landlock" -a . -- touch ran
	as_if abi 0
	status 125 "Linux 5.13" -s -a . -- touch ran
	[ ! -e ran ] || atf_fail "was run"
}

# Each wall fails to be put up, or only says that it was.

test_case faults "nothing is run where a step fails"
faults_body()
{
	setup
	for call in landlock_create_ruleset landlock_add_rule \
	    landlock_restrict_self seccomp no_new_privs capset cap_ambient; do
		for error in EPERM EINVAL ENOMEM; do
			as_if deny $call $error
			status 125 "nono: " -a . -- touch ran
			status 125 "nono: " -a . -n -s -- touch ran
		done
	done
	# it is not called without CAP_SETPCAP
	# shellcheck disable=SC2086	# a list
	mask=0x$(${NONO_UNDER-} sed -n 's/^CapEff:.//p' /proc/self/status)
	if [ $((mask >> 8 & 1)) -eq 1 ]; then
		as_if deny capbset_drop EPERM
		status 125 "nono: " -a . -- touch ran
	fi
	[ ! -e ran ] || atf_fail "was run"
}

test_case lies "nothing is run where a wall does not hold"
lies_body()
{
	setup
	for call in landlock_restrict_self seccomp; do
		as_if deny $call ok
		status 125 "nothing was run" -a . -- touch ran
	done
	[ ! -e ran ] || atf_fail "was run"
}

test_case lies_closed "the same, with standard input and output closed"
lies_closed_body()
{
	setup
	# below ABI 6 no other door is tried than that of files
	as_if abi "$(abi_or 5 5 "$NONO_ABI")" \
	    "$PROBE" deny landlock_restrict_self ok
	status 125 "nothing was run" -s -a . -- touch ran
	"$NONO" -s -a . -- touch ran <&- 2>err
	[ $? -eq 125 ] || fail "standard input closed: $(cat err)"
	"$NONO" -s -a . -- touch ran >&- 2>err
	[ $? -eq 125 ] || fail "standard output closed: $(cat err)"
	[ ! -e ran ] || atf_fail "was run"
}

# nest N command ...: that many sandboxes around a command.
nest()
{
	_n=$1
	shift
	while [ "$_n" -gt 1 ]; do
		set -- "$NONO" -r "$NONO_DIR" -a . -- "$@"
		_n=$((_n - 1))
	done
	"$NONO" -r "$NONO_DIR" -a . -- "$@" >out 2>err
	_got=$?
	forget_tmp
	return $_got
}

test_case nested "nono inside nono"
nested_body()
{
	setup
	echo secret >"$T/file"
	nest 2 sh -c 'echo text >file; cat file' || fail "$(cat err)"
	[ "$(cat out)$(cat err)" = text ] || fail "$(cat out err)"
	# the outer one holds, whatever the inner one grants
	refused -r "$NONO_DIR" -a . -- "$NONO" -a / -a "$T" -u / -- \
	    cat "$T/file"
	"$NONO" -a "$T" -r "$NONO_DIR" -- "$NONO" -a . -- cat "$T/file" 2>err &&
	    atf_fail "the inner one does not hold"
	granted -a "$T" -r "$NONO_DIR" -- "$NONO" -a "$T" -- cat "$T/file"
	granted -r "$NONO_DIR" -- "$NONO" -n -- getent passwd root
}

test_case layers "the 17th nono inside another says so"
layers_body()
{
	setup
	most=16
	case ${NONO_UNDER-} in
	*" nested "*) most=8 ;;		# each is two
	esac
	nest $most touch ran || fail "$most: $(cat err)"
	rm ran
	nest $((most + 1)) touch ran
	[ $? -eq 125 ] || fail "not refused: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
	grep -q '^nono: .* 16 ' err || fail "$(cat err)"
	[ ! -e ran ] || atf_fail "was run"
}
