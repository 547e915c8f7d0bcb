#! /usr/bin/env -S atf-sh -s /bin/sh
# The network, with -n and without, and unix sockets.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# serve_tcp ADDRESS: a server outside; sets PORT.
serve_tcp()
{
	# shellcheck disable=SC2046
	set -- $("$PROBE" serve-tcp "$1")
	[ $# -eq 2 ] || atf_fail "no server: $*"
	_servers="$_servers $1" PORT=$2
}

has_inet6()
{
	"$PROBE" tcp-listen ::1 0 >/dev/null
}

test_case tcp "-n refuses TCP"
tcp_body()
{
	setup
	serve_tcp 127.0.0.1
	answers ok ok -- tcp-connect 127.0.0.1 "$PORT"
	answers ok EAFNOSUPPORT -n -- tcp-connect 127.0.0.1 "$PORT"
	answers ok ok -- tcp-listen 127.0.0.1 0
	answers ok EAFNOSUPPORT -n -- tcp-listen 127.0.0.1 0
	answers ok EAFNOSUPPORT -n -- tcp-listen 127.0.0.1 47999
	stop
}

test_case tcp6 "-n refuses TCP over IPv6"
tcp6_body()
{
	setup
	if has_inet6; then
		serve_tcp ::1
		answers ok ok -- tcp-connect ::1 "$PORT"
		answers ok EAFNOSUPPORT -n -- tcp-connect ::1 "$PORT"
		answers ok EAFNOSUPPORT -n -- tcp-listen ::1 0
		stop
	fi
	answers "ok|EAFNOSUPPORT" EAFNOSUPPORT -n -- call socket 10 1 0
}

test_case variants "-n refuses TCP by fast open and by MPTCP"
variants_body()
{
	setup
	serve_tcp 127.0.0.1
	answers "ok|EOPNOTSUPP" EAFNOSUPPORT -n -- fastopen 127.0.0.1 "$PORT"
	answers "ok|EPROTONOSUPPORT|ENOPROTOOPT" EAFNOSUPPORT -n -- \
	    mptcp-connect 127.0.0.1 "$PORT"
	stop
}

test_case udp "-n refuses UDP"
udp_body()
{
	setup
	answers ok ok -- udp-send 127.0.0.1 47999
	answers ok EAFNOSUPPORT -n -- udp-send 127.0.0.1 47999
	answers ok EAFNOSUPPORT -n -- udp-send 127.0.0.1 53
	! has_inet6 || answers ok EAFNOSUPPORT -n -- udp-send ::1 53
}

test_case icmp "-n refuses ICMP and raw sockets, which root lacks too"
icmp_body()
{
	setup
	answers "ok|EACCES" EAFNOSUPPORT -n -- call socket 2 2 1
	answers "ok|EACCES|EAFNOSUPPORT" EAFNOSUPPORT -n -- \
	    call socket 10 2 58
	answers "ok|EPERM" EAFNOSUPPORT -n -- call socket 2 3 1
	answers "ok|EPERM" EPERM -- call socket 2 3 1
}

test_case families "packet, vsock and other families are refused always"
families_body()
{
	setup
	for net in --block-net -s; do
		answers "ok|EPERM" EAFNOSUPPORT $net -- call socket 17 3 0
		answers "ok|EAFNOSUPPORT" EAFNOSUPPORT $net -- \
		    call socket 40 1 0
		for family in 3 9 21 29 30 31 38 39 41 42 43 44 45 46 -1; do
			answers "ok|$(ANY)" EAFNOSUPPORT $net -- \
			    call socket $family 5 0
		done
	done
}

# Whatever the kernel was built with.
ANY()
{
	echo "EAFNOSUPPORT|EPERM|EPROTONOSUPPORT|ESOCKTNOSUPPORT|ENOENT"
}

test_case high_bits "bits that the kernel does not read open no family"
high_bits_body()
{
	setup
	answers ok EAFNOSUPPORT -n -- call socket 0x100000002 1 0
	answers ok EAFNOSUPPORT -n -- call socket 0xffffffff00000002 1 0
	answers ok EAFNOSUPPORT -n -- call socket 0x10000000a 2 0
	answers ok EAFNOSUPPORT -- call socket 0x100000001 1 0
	answers ok EAFNOSUPPORT -- call socket 0x8000000000000001 1 0
	answers ok EAFNOSUPPORT -n -- call socket 2 0x80801 0
	answers ok EPERM -- call socketpair 0x100000001 0x100000002 0 bufferbuf
}

test_case netlink "-n leaves of netlink the one that lists interfaces"
netlink_body()
{
	setup
	answers ok ok -n -- call socket 16 3 0
	answers ok ok -n -- call socket 16 0x80802 0
	for protocol in 4 9 12 15 16 0x100000000; do
		answers "ok|EPROTONOSUPPORT|EINVAL" EAFNOSUPPORT -n -- \
		    call socket 16 3 $protocol
	done
}

test_case calls32 "-n holds for 32-bit system calls"
calls32_body()
{
	setup
	"$PROBE" call32 getpid >/dev/null 2>&1 ||
	    atf_skip "no 32-bit programs on this system"
	answers ok ok -- call32 socket 2 1 0
	answers ok EAFNOSUPPORT -n -- call32 socket 2 1 0
	answers ok EAFNOSUPPORT -n -- call32 socket 10 2 0
	answers "ok|EPERM" EAFNOSUPPORT -n -- call32 socket 17 3 0
	answers ok EAFNOSUPPORT -n -- socketcall 1 2 1 0
	answers ok EAFNOSUPPORT -n -- socketcall 1 2 2 0
	answers ok EAFNOSUPPORT -n -- socketcall 1 16 3 9
	answers ok EAFNOSUPPORT -- socketcall 1 1 1 0
	answers ok "$(sockets_or ok EAFNOSUPPORT)" -- call32 socket 1 1 0
	answers "EFAULT|EPERM|ENOSYS" EPERM -n -- call32 io_uring_setup 1 1
}

test_case callsx32 "-n holds for x32 system calls"
callsx32_body()
{
	setup
	case $(uname -m) in
	x86_64)	;;
	*)	return 0 ;;
	esac
	answers "ok|ENOSYS" ENOSYS -- callx32 getpid
	answers "ok|ENOSYS" ENOSYS -n -- callx32 socket 2 1 0
	answers "ok|ENOSYS" ENOSYS -- callx32 socket 1 1 0
	answers "EFAULT|EPERM|ENOSYS" ENOSYS -n -- callx32 io_uring_setup 1 1
}

test_case io_uring "io_uring, which goes around seccomp, is refused"
io_uring_body()
{
	setup
	for net in -n -s; do
		answers "EFAULT|EPERM|ENOSYS" EPERM $net -- \
		    call io_uring_setup 1 1
		answers "EBADF|ENOSYS" EPERM $net -- \
		    call io_uring_enter -1 0 0 0 0
		answers "EINVAL|EBADF|ENOSYS" EPERM $net -- \
		    call io_uring_register -1 0 0 0
	done
}

test_case names "names are looked up in files with -n, too"
names_body()
{
	setup
	for net in -n -s; do
		if grep -qs localhost /etc/hosts; then
			granted $net -- getent hosts localhost
			grep -q localhost out || fail "$(cat out)"
		fi
		granted $net -- getent passwd 0
		grep -q '^root:' out || atf_fail "$(cat out)"
	done
}

test_case interfaces "interfaces are listed with -n"
interfaces_body()
{
	setup
	needs python3
	granted -n -- python3 -c 'import socket; socket.if_nameindex()'
	needs node
	granted -n -- node -e 'console.log(require("os").networkInterfaces())'
	grep -q 127.0.0.1 out || atf_fail "$(cat out)"
}

test_case inherited "-n closes inherited internet sockets"
inherited_body()
{
	setup
	for kind in tcp udp6 netlink; do
		[ "$("$PROBE" with $kind 7 "$PROBE" fd 7)" = ok ] ||
		    atf_fail "$kind is not inherited outside"
		[ "$("$PROBE" with $kind 7 "$NONO" -r "$PROBE" -- \
		    "$PROBE" fd 7)" = ok ] || atf_fail "$kind is closed"
		[ "$("$PROBE" with $kind 7 "$NONO" -n -r "$PROBE" -- \
		    "$PROBE" fd 7)" = EBADF ] || atf_fail "$kind stays"
	done
	[ "$("$PROBE" with unix 7 "$NONO" -n -r "$PROBE" -- \
	    "$PROBE" fd 7)" = ok ] || atf_fail "a unix socket is closed"
}

test_case loopback "a server and its client work with the network on"
loopback_body()
{
	setup
	needs python3
	cat >server.py <<-'END'
	import http.server, threading, urllib.request
	s = http.server.HTTPServer(("127.0.0.1", 0),
	    http.server.SimpleHTTPRequestHandler)
	threading.Thread(target=s.serve_forever, daemon=True).start()
	url = "http://127.0.0.1:%d/server.py" % s.server_port
	print(urllib.request.urlopen(url).read().decode())
	END
	granted -r . -- python3 server.py
	grep -q SimpleHTTP out || atf_fail "$(cat out)"
	refused -n -r . -- python3 server.py
}

test_case unix_path "a write grant opens no unix socket made outside"
unix_path_body()
{
	setup
	_refused=$(sockets_or "ECONNREFUSED|EACCES" EAFNOSUPPORT)
	for type in stream dgram seqpacket; do
		serve_unix $type "$PWD/$type"
		answers ok "$_refused" -a . -- unix-connect $type $type
		answers ok "$_refused" -n -a . -- unix-connect $type $type
		answers ok ok -u / -a . -- unix-connect $type $type
		answers ok ok -n -u / -a . -- unix-connect $type $type
	done
	answers ok "$_refused" -a . -- unix-send dgram
	stop
}

test_case unix_abstract "abstract sockets stay closed, with -u / too"
unix_abstract_body()
{
	setup
	name=@nono-test-${T##*/}
	_refused=$(sockets_or EPERM EAFNOSUPPORT)
	for type in stream dgram seqpacket; do
		serve_unix $type "$name-$type"
		answers ok "$_refused" -- unix-connect $type "$name-$type"
		answers ok "$(abi_or 6 EPERM ok)" -u / -- \
		    unix-connect $type "$name-$type"
	done
	answers ok "$_refused" -- unix-send "$name-dgram"
	answers ok "$(abi_or 6 EPERM ok)" -u / -- unix-send "$name-dgram"
	stop
	answers ok ok -u / -- unix-self stream "$name-self"
}

test_case unix_pair "pairs work, but lead nowhere else"
unix_pair_body()
{
	setup
	serve_unix dgram "$PWD/dgram"
	serve_unix stream "$PWD/stream"
	serve_unix dgram "@${T##*/}"
	answers ok ok -n -- socketpair stream
	answers ok ok -n -- socketpair seqpacket
	answers ok "$(sockets_or ok EPERM)" -- socketpair dgram
	answers ok "$(sockets_or ok EPERM)" -- socketpair raw
	answers ok ok -u / -- socketpair dgram
	_refused=$(sockets_or "ECONNREFUSED|EACCES|EPIPE" EPERM)
	answers ok "$_refused" -a . -- pair-leave dgram dgram
	answers ok "$_refused" -a . -- pair-leave raw dgram
	answers ok "EPERM|EPIPE" -a . -- pair-leave dgram "@${T##*/}"
	answers EISCONN EISCONN -a . -- pair-leave stream stream
	answers "$(ALL_BUT_OK)" "$(ALL_BUT_OK)" -a . -- \
	    pair-leave seqpacket stream
	stop
}

ALL_BUT_OK()
{
	echo "EISCONN|EPIPE|EPROTOTYPE|EINVAL"
}

test_case unix_pair32 "pairs by 32-bit system calls lead nowhere else"
unix_pair32_body()
{
	setup
	"$PROBE" call32 getpid >/dev/null 2>&1 ||
	    atf_skip "no 32-bit programs on this system"
	serve_unix dgram "$PWD/dgram"
	_refused=$(sockets_or EFAULT EPERM)
	answers EFAULT "$_refused" -- call32 socketpair 1 2 0 1
	answers EFAULT "$_refused" -- call32 socketpair 1 0x80003 0 1
	answers EFAULT EFAULT -- call32 socketpair 1 1 0 1
	answers ok "EPERM|EACCES|EAFNOSUPPORT|ECONNREFUSED|EPIPE" -a . -- \
	    pair-leave32 dgram dgram
	stop
}

test_case unix_inside "with -u / a socket can be made inside"
unix_inside_body()
{
	prepare() { rm -f new; }
	setup
	for type in stream dgram seqpacket; do
		answers ok ok -u / -a . -- unix-self $type new
		answers ok "$(sockets_or ok EAFNOSUPPORT)" -a . -- \
		    unix-listen $type new
	done
	answers ok "EACCES|EROFS" -u / -- unix-listen stream new
}

test_case unix_option "-u for one socket says that the kernel cannot"
unix_option_body()
{
	setup
	mkdir sockets
	# neither a view nor Landlock ABI 9
	as_if deny unshare EPERM
	status 125 "-u / " -u sockets -- touch ran
	grep -q "$PWD/sockets" err || atf_fail "names no rule: $(cat err)"
	status 125 "-u / " -u sockets -u . -- touch ran
	status 125 missing -u missing -- touch ran
	[ ! -e ran ] || atf_fail "was run"
}

test_case programs "programs work without unix sockets"
programs_body()
{
	setup
	needs python3
	cat >pool.py <<-'END'
	import asyncio, multiprocessing
	def double(x):
	    return 2 * x
	async def wait():
	    p = await asyncio.create_subprocess_exec("echo", "child",
	        stdout=asyncio.subprocess.PIPE)
	    print((await p.communicate())[0])
	if __name__ == "__main__":
	    with multiprocessing.Pool(2) as pool:
	        print(sum(pool.map(double, range(10))))
	    asyncio.run(wait())
	END
	for net in -n -s; do
		granted $net -r . -- python3 pool.py
		grep -q 90 out || fail "$(cat out)"
		grep -q child out || fail "$(cat out)"
	done
}

test_case node "node and its children work without unix sockets"
node_body()
{
	setup
	needs node
	for net in -n -s; do
		granted $net -- node -e '
		    const c = require("child_process");
		    console.log(c.execSync("echo one").toString());
		    c.spawn("echo", ["two"], { stdio: "inherit" });
		    new (require("worker_threads").Worker)(
		        "console.log(\"three\")", { eval: true });'
		for word in one two three; do
			grep -q $word out || atf_fail "$(cat out err)"
		done
	done
}
