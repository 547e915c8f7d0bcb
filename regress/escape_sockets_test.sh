#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes by what services outside do for whoever asks them, and by what is
# handed in; sockets_test.sh has each way to connect.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export TERM=xterm SHELL=/bin/sh

# asked [option ...] -- command ...: the service makes the file made outside,
# and is not reached inside.
asked()
{
	_soon=20
	for _under in outside "$NONO"; do
		rm -f "$T/made"
		if [ "$_under" = outside ]; then
			outside "$@" >out 2>err
		else
			"$NONO" "$@" >out 2>err
		fi
		_got=$?
		for _i in 1 2 3 4 5 6 7 8 9 10; do
			[ ! -e "$T/made" ] || break
			[ "$_under" = outside ] || [ $_i -lt 4 ] || break
			sleep 0.1
		done
		if [ "$_under" = outside ]; then
			[ -e "$T/made" ] ||
			    fail "not even outside: $*: $(cat out err)"
			continue
		fi
		[ ! -e "$T/made" ] || fail "reached: nono $*"
		[ $_got -ne 0 ] || fail "succeeds: nono $*: $(cat out)"
		was_run $_got "$@"
	done
}

test_case dbus "a bus that starts programs, as systemd-run --user does"
dbus_body()
{
	setup
	needs dbus-daemon
	needs dbus-send
	mkdir "$T/services"
	cat >"$T/services/x.service" <<-END
	[D-BUS Service]
	Name=org.example.Run
	Exec=/bin/sh -c ": >$T/made; exit 1"
	END
	for address in "unix:path=$T/bus" "unix:abstract=$T/bus"; do
		cat >"$T/bus.conf" <<-END
		<!DOCTYPE busconfig PUBLIC
		 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig><type>session</type>
		<listen>$address</listen>
		<servicedir>$T/services</servicedir>
		<policy context="default"><allow send_destination="*"
		eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
		</policy></busconfig>
		END
		dbus-daemon --config-file="$T/bus.conf" --nofork \
		    >"$T/log" 2>&1 &
		bus=$!
		# shellcheck disable=SC2064	# this one
		trap "kill $bus" EXIT
		export DBUS_SESSION_BUS_ADDRESS="$address"
		set -- dbus-send --session --print-reply --reply-timeout=500 \
		    --dest=org.freedesktop.DBus /
		for _i in 1 2 3 4 5 6 7 8 9 10; do
			timeout 2 "$@" org.freedesktop.DBus.ListNames \
			    >out 2>&1 && break
			sleep 0.1
		done
		grep -q string out || fail "no bus: $(cat out "$T/log")"
		refused -s -e DBUS_SESSION_BUS_ADDRESS -- \
		    "$@" org.freedesktop.DBus.ListNames
		# it replies or not, but the program is started
		set -- sh -c '"$@"; [ -e "$0" ]' "$T/made" "$@" \
		    org.freedesktop.DBus.StartServiceByName \
		    string:org.example.Run uint32:0
		asked -s -e DBUS_SESSION_BUS_ADDRESS -- "$@"
		asked -s -a . -a "$HOME" -e '*' -- "$@"
		kill $bus
		trap - EXIT
	done
}

test_case tmux "keys that are sent to a terminal outside"
tmux_body()
{
	setup
	needs tmux
	export TMUX_TMPDIR="$T/t"
	mkdir -m 700 "$TMUX_TMPDIR"
	tmux -f /dev/null new-session -d -s victim sh ||
	    atf_fail "tmux does not run"
	trap 'tmux kill-server' EXIT
	TMUX=$(tmux display-message -p '#{socket_path},#{pid},0')
	export TMUX
	keys=": >$T/made"
	asked -s -a . -- tmux send-keys -t victim "$keys" Enter
	asked -s -a . -e '*' -- tmux send-keys -t victim "$keys" Enter
	asked -s -a "$T" -e '*' -- tmux send-keys -t victim "$keys" Enter
	asked -s -a . -- tmux -S "${TMUX%%,*}" \
	    send-keys -t victim "$keys" Enter
	asked -s -a . -- tmux -S "${TMUX%%,*}" run-shell "$keys"
}

# A service that runs what it is told, as Docker's does.
SERVICE='
import os, socket, subprocess, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(5)
s.settimeout(30)
print("ready", flush=True)
while True:
    c, _ = s.accept()
    subprocess.call(c.recv(4096).decode(), shell=True)
    c.close()
'
CLIENT='
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.argv[2].encode())
s.recv(1)
'

test_case docker "a service that runs what it is told"
docker_body()
{
	setup
	needs python3
	mkdir -p "$HOME/.docker/run" "$HOME/run" "$TMPDIR/run"
	for socket in "$HOME/.docker/run/docker.sock" "$HOME/run/docker.sock" \
	    "$TMPDIR/run/podman.sock" "$PWD/docker.sock"; do
		rm -f "$T/log"
		python3 -c "$SERVICE" "$socket" >"$T/log" 2>&1 &
		service=$!
		# shellcheck disable=SC2064	# this one
		trap "kill $service" EXIT
		for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			[ ! -s "$T/log" ] || break
			sleep 0.1
		done
		export DOCKER_HOST="unix://$socket"
		set -- python3 -c "$CLIENT" "$socket" ": >$T/made"
		asked -s -a . -- "$@"
		asked -s -a "$HOME" -a "$TMPDIR" -- "$@"
		asked -s -n -a / -e '*' -- "$@"
		kill $service
		trap - EXIT
	done
}

test_case name_services "sockets of name services, which -n closes"
name_services_body()
{
	setup
	within "mount -t tmpfs tmpfs /run
	    mkdir -p /run/nscd /run/other /run/systemd/resolve
	    for s in nscd/socket other/socket \
		systemd/resolve/io.systemd.Resolve; do
		'$PROBE' serve-unix stream /run/\$s >/dev/null
	    done"
	no="EACCES|ECONNREFUSED|ENOENT|EPERM|EAFNOSUPPORT|ENXIO"
	for s in nscd/socket systemd/resolve/io.systemd.Resolve; do
		answers ok "$no" -s -n -- unix-connect stream /run/$s
		answers ok "$no" -s -n -a / -- unix-connect stream /run/$s
		! tells_sockets ||
		    answers ok ok -s -- unix-connect stream /run/$s
	done
	answers ok "$no" -s -- unix-connect stream /run/other/socket
}

#
# What is handed in.
#

test_case directory "a directory that a socket hands in"
directory_body()
{
	setup
	echo secret >"$T/file"
	mkdir secrets
	echo secret >secrets/file
	for path in "$T file" "$HOME project/secrets/file" "/ $T/file"; do
		set -- $path
		[ "$("$PROBE" handing "$1" "$PROBE" taking "$2")" = ok ] ||
		    fail "not even outside: $path"
		for rules in "" "-a ./secrets -d ./secrets" "-n -r secrets/.. \
		    -d secrets"; do
			# shellcheck disable=SC2086	# words
			got=$("$PROBE" handing "$1" "$NONO" -s $rules \
			    -r "$PROBE" -- "$PROBE" taking "$2")
			case $got/$rules/$path in
			# see below
			ok/*secrets/..*/*project*)	! has_view ||
							    continue ;;
			esac
			[ "$got" = EACCES ] || fail "$path: $rules: $got"
		done
	done
}

test_case directory_covered "the same, with something denied beneath a grant"
directory_covered_body()
{
	setup
	mkdir secrets
	echo secret >secrets/file
	[ "$("$PROBE" handing "$PWD" "$PROBE" taking secrets/file)" = ok ] ||
	    atf_fail "not even outside"
	got=$("$PROBE" handing "$PWD" "$NONO" -s -a . -d secrets -r "$PROBE" \
	    -- "$PROBE" taking secrets/file)
	if ! has_view; then
		[ "$got" = EACCES ] || fail "$got"
		return
	fi
	grep -qF 'hands in a directory' "$SRC/../nono.1" ||
	    atf_fail "nono.1 does not say it"
	[ "$got" = ok ] || fail "no longer: $got"
	atf_expect_fail "nono(1), CAVEATS"
	atf_fail "opened"
}

test_case late "a socket that is made outside later"
late_body()
{
	setup
	rm -f ready go
	"$NONO" -s -a . -r "$PROBE" -- sh -c ': >ready; i=0
	    until [ -e go ] || [ $i -gt 50 ]; do i=$((i + 1)); sleep 0.1; done
	    "$0" unix-connect stream s' "$PROBE" >answer 2>err &
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -e ready ] || break
		sleep 0.1
	done
	serve_unix stream "$PWD/s"
	trap stop EXIT
	[ "$("$PROBE" unix-connect stream s)" = ok ] || atf_fail "outside"
	: >go
	# not for the server
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -s answer ] || break
		sleep 0.1
	done
	if ! tells_sockets || ! has_view ||
	    ! grep -q '^landlock: ABI [1-8]$' "$T/policy"; then
		! grep -q ok answer || atf_fail "reached"
		return
	fi
	grep -qF 'is one that is made outside later; one that was made in another' \
	    "$SRC/../nono.1" || atf_fail "nono.1 does not say it"
	grep -qx ok answer || fail "no longer: $(cat answer err)"
	atf_expect_fail "nono(1), Sockets and the network"
	atf_fail "reached"
}
