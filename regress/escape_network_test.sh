#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes by the network: odd protocols, inherited sockets, names, and what
# listens on this machine; network_test.sh has the plain ones.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# serve_tcp ADDRESS [PORT]: a server outside; sets PORT.
serve_tcp()
{
	# shellcheck disable=SC2046
	set -- $("$PROBE" serve-tcp "$@")
	[ $# -eq 2 ] || return 1
	_servers="$_servers $1" PORT=$2
}

# network COMMANDS: within a network namespace of its own, after these.
network()
{
	needs ip
	how=-n
	is_root || how=-Urn
	unshare $how true 2>/dev/null ||
	    atf_skip "no network namespaces for tests"
	within "[ -n \"\$IN_NETWORK\" ] || IN_NETWORK=yes WITHIN_COMMANDS=yes \
		exec unshare -n \"\$0\" \"\$@\"
	    ip link set lo up
	    $1"
}

# What the kernel may lack.
LACKS="EPROTONOSUPPORT|ESOCKTNOSUPPORT|EAFNOSUPPORT|ENOPROTOOPT|EPERM|EACCES"

test_case protocols "-n refuses each protocol of each family"
protocols_body()
{
	setup
	# SCTP, DCCP, UDP-Lite, MPTCP, ICMP, raw, and type bits
	for socket in '1 132' '5 132' '6 33' '2 136' '1 262' '2 1' '3 255' \
	    '0x80001 132' '0x80802 0'; do
		for family in 2 10 0x100000002; do
			# shellcheck disable=SC2086	# words
			answers "ok|$LACKS" EAFNOSUPPORT -n -- \
			    call socket $family $socket
		done
	done
}

test_case pairs "socketpair(2) makes no sockets of other families"
pairs_body()
{
	setup
	for net in -n -s; do
		# inet, inet6, netlink, packet, TIPC, vsock, and high bits
		for family in 0 2 10 16 17 30 40 0x10000001e 0x100000001; do
			answers "ok|EOPNOTSUPP|ESOCKTNOSUPPORT|$LACKS" \
			    EPERM $net -- \
			    call socketpair $family 5 0 buffer
		done
		answers ok ok $net -- socketpair stream
	done
	"$PROBE" call32 getpid >/dev/null 2>&1 || return 0
	answers "ok|EOPNOTSUPP|$LACKS" EPERM -- socketcall 8 30 5 0
	answers "ok|EOPNOTSUPP|EFAULT|$LACKS" EPERM -- call32 socketpair 30 5 0 1
}

test_case inherited "-n takes no socket of the network as descriptor 0, 1, 2"
inherited_body()
{
	setup
	serve_tcp 127.0.0.1 || atf_fail "no server"
	trap stop EXIT
	# it can be taken elsewhere
	[ "$("$PROBE" with tcp 0 "$PROBE" reconnect 127.0.0.1 "$PORT")" = ok ] ||
	    atf_fail "not even outside"
	[ "$("$PROBE" with tcp 0 "$NONO" -r "$PROBE" -- \
	    "$PROBE" reconnect 127.0.0.1 "$PORT")" = ok ] ||
	    atf_fail "not with the network on"
	for kind in tcp udp6 netlink; do
		for fd in 0 1 2; do
			"$PROBE" with $kind $fd "$NONO" -n -a . -- \
			    touch ran >log 2>err
			got=$?
			# it cannot say so on a socket that leads nowhere
			[ $got -eq 125 ] || [ $fd -eq 2 ] ||
			    fail "$kind as $fd: exit $got"
			[ $fd -eq 2 ] ||
			    grep -q "^nono: descriptor $fd: .*-n" err ||
			    fail "$kind as $fd: $(cat err)"
			[ ! -e ran ] || fail "$kind as $fd: run"
		done
		"$PROBE" with $kind 0 "$NONO" -- true 2>err ||
		    fail "$kind without -n: $(cat err)"
	done
	"$PROBE" with unix 0 "$NONO" -n -- true 2>err ||
	    fail "a unix socket: $(cat err)"
}

# Answers any question with 192.0.2.7, as long as the namespace is needed.
NAMESERVER='
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
if os.fork():
    os._exit(0)
null = os.open("/dev/null", os.O_RDWR)
[os.dup2(null, n) for n in (0, 1, 2)]
s.settimeout(20)
while True:
    q, peer = s.recvfrom(512)
    end = q.index(b"\0", 12) + 5
    a = q[end - 4:end - 2] == b"\0\1"
    s.sendto(q[:2] + b"\x81\x80\0\1" + (b"\0\1" if a else b"\0\0") +
        b"\0\0\0\0" + q[12:end] + (b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" +
        bytes((192, 0, 2, 7)) if a else b""), peer)
'

test_case names "-n asks no name server"
names_body()
{
	setup
	needs python3
	echo "nameserver 127.0.0.1" >"$T/resolv.conf"
	echo "hosts: files dns" >"$T/nsswitch.conf"
	printf '%s' "$NAMESERVER" >"$T/server.py"
	network "mount --bind '$T/resolv.conf' \"\$(realpath /etc/resolv.conf)\"
	    mount --bind '$T/nsswitch.conf' /etc/nsswitch.conf
	    python3 '$T/server.py'"
	outside -- getent hosts secret.example >out 2>&1
	grep -q '^192\.0\.2\.7' out || fail "not even outside: $(cat out)"
	granted -s -- getent hosts secret.example
	grep -q '^192\.0\.2\.7' out || fail "not with the network: $(cat out)"
	refused -s -n -a / -u / -- getent hosts secret.example
	refused -s -n -- getent hosts secret.example
	refused -s -n -- python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"question", ("127.0.0.1", 53))'
}

#
# What listens: with the network on there is no filter of addresses.
#

ADDRESSES="There is no filter of addresses."

test_case localhost "services on this machine"
localhost_body()
{
	setup
	serve_tcp 127.0.0.1 || atf_fail "no server"
	trap stop EXIT
	answers ok EAFNOSUPPORT -n -- tcp-connect 127.0.0.1 "$PORT"
	answers ok EAFNOSUPPORT -s -n -a / -u / -- \
	    tcp-connect 127.0.0.1 "$PORT"
	remains "SECURITY CONSIDERATIONS" "$ADDRESSES" \
	    -r "$PROBE" -- "$PROBE" tcp-connect 127.0.0.1 "$PORT"
}

test_case x11 "an X server by TCP"
x11_body()
{
	setup
	# display 41 and on
	for port in 6041 6042 6043 6044 6045 6046 6047 6048; do
		serve_tcp 127.0.0.1 $port && break
	done
	[ -n "$PORT" ] || atf_fail "no server"
	trap stop EXIT
	echo cookie >"$HOME/.Xauthority"
	hidden -a "$HOME" -- cat "$HOME/.Xauthority"
	export XAUTHORITY="$HOME/cookies"
	echo cookie >"$XAUTHORITY"
	hidden -a "$HOME" -- cat "$XAUTHORITY"
	refused -- sh -c '[ -n "$XAUTHORITY" ]'
	answers ok EAFNOSUPPORT -n -- tcp-connect 127.0.0.1 "$PORT"
	remains "SECURITY CONSIDERATIONS" "$ADDRESSES" \
	    -r "$PROBE" -- "$PROBE" tcp-connect 127.0.0.1 "$PORT"
}

test_case metadata "the metadata of a machine in a cloud"
metadata_body()
{
	setup
	network "ip addr add 169.254.169.254/32 dev lo
	    '$PROBE' serve-tcp 169.254.169.254 8080 >/dev/null"
	set -- "$PROBE" tcp-connect 169.254.169.254 8080
	refused -s -n -r "$PROBE" -- "$@"
	remains "SECURITY CONSIDERATIONS" "$ADDRESSES" \
	    -s -r "$PROBE" -- "$@"
}
