#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes by the kernel's interfaces for administrators, by namespaces, and by
# io_uring; process_test.sh has the calls one by one.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# Where the kernel was built without io_uring, or it is switched off.
OFF="ENOSYS|EPERM"

test_case ring_files "io_uring opens no file and changes no attribute"
ring_files_body()
{
	setup
	echo secret >"$T/file"
	answers "ok|$OFF" EPERM -- ring openat "$T/file"
	answers "ok|$OFF" EPERM -s -a / -- ring openat "$T/file"
	answers "ok|$OFF|EOPNOTSUPP|EINVAL" EPERM -- ring setxattr "$T/file"
}

test_case ring_sockets "io_uring makes and connects no socket"
ring_sockets_body()
{
	setup
	# shellcheck disable=SC2046
	set -- $("$PROBE" serve-tcp 127.0.0.1)
	[ $# -eq 2 ] || atf_fail "no server: $*"
	for family in 1 2 10 16 17; do
		answers "ok|$OFF|EINVAL|EAFNOSUPPORT|ESOCKTNOSUPPORT" EPERM \
		    -n -- ring socket $family
	done
	answers "ok|$OFF|EINVAL" EPERM -n -- ring connect 127.0.0.1 "$2"
	kill "$1"
}

# makes CALL FLAGS [argument ...]: if that makes a namespace outside, it does
# not inside.  Without CLONE_NEWUSER it does only for root.
makes()
{
	[ "$("$PROBE" call "$@" 2>&1)" = ok ] || return 0
	_made="$_made $1"
	answers ok EPERM -s -a / -- call "$@"
}

test_case namespaces "no namespace of any kind is made"
namespaces_body()
{
	setup
	# USER, -NS, -CGROUP, -UTS, -IPC, -PID, -NET; of time: only by unshare(2)
	for flag in 0 0x20000 0x2000000 0x4000000 0x8000000 0x20000000 \
	    0x40000000 0x80; do
		for flags in $flag $((flag | 0x10000000)); do
			[ "$flags" != 0 ] || continue
			makes unshare "$flags"
			[ $flag = 0x80 ] ||
			    makes clone $((flags | 0x11)) 0 0 0 0
		done
	done
	# with a user namespace eight and seven, and for root as many without
	_least=15
	! is_mighty || _least=28
	[ "$NONO_WAY" != native ] || [ "$(echo "$_made" | wc -w)" -ge $_least ] ||
	    fail "few are made outside: $_made"
	granted -r "$PROBE" -- "$PROBE" call clone 0x11 0 0 0 0
}

test_case enter "no namespace is entered"
enter_body()
{
	setup
	# By its file: of the user namespace one's own is EINVAL, and the others
	# are refused to users outside, too.
	_seen=
	for kind in mnt user net uts ipc pid; do
		[ -e /proc/self/ns/$kind ] || continue
		_got=$("$PROBE" call setns 3 0 3<"/proc/self/ns/$kind")
		case $_got in
		ok|EINVAL) ;;
		EPERM)	continue ;;
		*)	fail "outside: $kind: $_got" ;;
		esac
		_seen="$_seen $kind"
		"$NONO" -r "$PROBE" -- sh -c 'exec 3<"$1"
		    "$0" call setns 3 0' "$PROBE" /proc/self/ns/$kind \
		    >out 2>err
		grep -qx EPERM out || fail "$kind: $(cat out err)"
	done
	[ -n "$_seen" ] || [ "$NONO_WAY" != native ] ||
	    atf_fail "each is refused outside, too"
	command -v nsenter >/dev/null || return 0
	# one that can be entered outside
	how=-m
	is_root || how=-Ur
	unshare $how true 2>/dev/null || return 0
	unshare $how sh -c ': >ready; exec sleep 20' &
	for _i in 1 2 3 4 5 6 7 8 9 10; do [ -e ready ] || sleep 0.1; done
	enter="nsenter -t $! $([ $how = -m ] && echo -m || echo "-U \
	    --preserve-credentials")"
	# shellcheck disable=SC2086	# words
	$enter true || fail "not even outside: $enter"
	# shellcheck disable=SC2086
	refused -a / -- $enter true
	# shellcheck disable=SC2086
	refused -a . -- $enter true
	kill $!
}

# Opened only, for what is written there has effect.
test_case settings "the settings of the kernel are not written"
settings_body()
{
	setup
	for file in /proc/sys/kernel/core_pattern /proc/sysrq-trigger \
	    /proc/sys/kernel/modprobe /proc/sys/kernel/hotplug \
	    /proc/sys/kernel/sysrq /proc/sys/kernel/yama/ptrace_scope \
	    /proc/sys/kernel/randomize_va_space /proc/sys/vm/drop_caches \
	    /proc/sys/net/ipv4/ip_forward /proc/sys/fs/suid_dumpable \
	    /proc/sys/fs/binfmt_misc/register /proc/sys/kernel/hostname \
	    /proc/sys/user/max_user_namespaces /proc/timer_list \
	    /proc/self/oom_score_adj /proc/self/coredump_filter \
	    /proc/self/clear_refs /proc/self/timerslack_ns /proc/self/mem \
	    /sys/power/state /sys/kernel/uevent_helper /sys/kernel/profiling \
	    /sys/module/kernel/parameters/consoleblank \
	    /sys/kernel/mm/transparent_hugepage/enabled; do
		# a container may put /dev/null there
		[ ! -c $file ] && sh -c ': >>"$0"' $file 2>/dev/null ||
		    continue
		_seen=$file
		refused -- sh -c ': >>"$0"' $file
		refused -a / -- sh -c ': >>"$0"' $file
		refused -a . -- sh -c 'ln -sf "$0" link && : >>link' $file
	done
	[ -n "$_seen" ] || atf_fail "none is written outside"
}

test_case memory "the memory of the kernel and raw disks are not read"
memory_body()
{
	setup
	for file in /dev/mem /dev/kmem /dev/port /dev/kmsg /proc/kcore \
	    /proc/kmsg /dev/vda /dev/sda /dev/nvme0n1 \
	    /dev/loop0 /dev/dm-0 /dev/fuse /dev/kvm /dev/net/tun \
	    /dev/loop-control /dev/mapper/control /dev/uinput /dev/vcs \
	    /dev/vcsa1 /dev/tty1 /dev/ttyS0 /dev/userfaultfd \
	    /sys/kernel/debug/sched/debug; do
		# one without a carrier would wait
		timeout 2 sh -c ': <"$0"' $file 2>/dev/null || continue
		case $file in
		# what root may read without CAP_SYS_ADMIN, in /sys
		/sys/*)	continue ;;
		esac
		refused -- timeout 2 sh -c ': <"$0"' $file
		refused -a / -- timeout 2 sh -c ': <"$0"' $file
		refused -r / -- timeout 2 sh -c ': >>"$0"' $file
	done
	# and a node of one's own
	is_mighty || return 0
	for kind in 'b 7 0' 'c 1 1'; do
		# shellcheck disable=SC2086	# words
		refused -a . -- sh -c 'mknod node "$@"; r=$?
		    find node -delete 2>/dev/null; exit $r' sh $kind
	done
}

test_case handles "a file is not opened by its handle, by any call"
handles_body()
{
	setup
	echo secret >"$T/file"
	# shellcheck disable=SC2046
	set -- $("$PROBE" handle "$T/file")
	[ $# -eq 2 ] || return 0
	expected=ok
	is_mighty || expected="ok|EPERM"
	answers "$expected" "EPERM|EACCES" -s -a / -- handle-open / "$1" "$2"
	answers "$expected" EPERM -- handle-open /usr "$1" "$2"
	"$PROBE" call32 getpid >/dev/null 2>&1 || return 0
	answers "EFAULT|EPERM" EPERM -- call32 open_by_handle_at -1 1 0
}
