#! /usr/bin/env -S atf-sh -s /bin/sh
# Unix sockets where one can be told from another: by Landlock, from its ABI 9
# on, or by the private view.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# What a socket that is out of reach answers.
NO="EACCES|ECONNREFUSED|ENOENT|EPERM|EAFNOSUPPORT|ENXIO|EROFS"

# What is made inside works only where nono tells one socket from another; else
# there are none at all, which network_test.sh tests, and nono says what is lost.
or_lost()
{
	tells_sockets && return 0
	names "loss: no unix sockets"
	return 1
}

# A directory for sockets in $1 that is removed in the end; sets D.
directory_in()
{
	D=$(mktemp -d "$1/nono-test.XXXXXX") || return 1
	chmod 755 "$D"
	_remove="$_remove $D"
	# shellcheck disable=SC2064	# these
	trap "rm -rf $_remove" EXIT
}

# refuses DIR [option ...]: sockets in DIR, made outside, are out of reach by
# each way that leads to them.
refuses()
{
	_dir=$1
	shift
	set -- -s "$@"
	for type in stream seqpacket dgram; do
		serve_unix $type "$_dir/$type"
		ln -sf $type "$_dir/link"
		answers ok "$NO" "$@" -- unix-connect $type "$_dir/$type"
		answers ok "$NO" "$@" -- unix-connect-fd $type "$_dir/$type"
		answers ok "$NO" "$@" -- unix-connect $type "$_dir/link"
		answers ok "$NO" -n "$@" -- unix-connect $type "$_dir/$type"
	done
	answers ok "$NO" "$@" -- unix-send "$_dir/dgram"
	answers ok "$NO" "$@" -- unix-sendmsg "$_dir/dgram"
	_back=$PWD
	cd "$_dir" || atf_fail cd
	# not where the directory is covered, and refused as such
	if "$NONO" "$@" -- true 2>/dev/null; then
		answers ok "$NO" "$@" -- unix-connect stream stream
		answers ok "$NO" "$@" -- unix-connect dgram ./link
		answers ok "$NO" "$@" -- unix-send dgram
		answers ok "$NO" "$@" -- unix-connect-fd dgram dgram
	fi
	cd "$_back" || atf_fail cd
	stop
	rm -f "$_dir/stream" "$_dir/seqpacket" "$_dir/dgram" "$_dir/link"
}

test_case granted_directory "a grant opens no socket made outside"
granted_directory_body()
{
	setup
	for option in -a -r -w; do
		refuses "$PWD" $option "$PWD"
	done
	mkdir -p a/b
	refuses "$PWD/a/b" -a .
	refuses "$PWD/a/b" -a "$PWD" -r "$PWD/a"
	refuses "$PWD/a/b" -a /
	refuses "$PWD/a/b" -r /
}

test_case home "nor is one in the home or beside the project reached"
home_body()
{
	setup
	mkdir "$HOME/s" "$T/s"
	refuses "$HOME/s"
	refuses "$HOME" -a .
	refuses "$HOME/s" -a "$HOME"
	refuses "$HOME/s" -r "$HOME"
	refuses "$T/s"
	mkdir -p "$HOME/.gnupg"
	refuses "$HOME/.gnupg" -a "$HOME"
	refuses "$HOME/.gnupg"
}

test_case temporary "nor one where temporary files are"
temporary_body()
{
	setup
	mkdir "$TMPDIR/s"
	refuses "$TMPDIR/s"
	refuses "$TMPDIR"
	for base in /tmp /var/tmp; do
		directory_in $base || continue
		refuses "$D"
		refuses "$D" -a .
	done
	# an agent's, of which the environment knows
	directory_in /tmp || atf_fail "no directory in /tmp"
	mv "$D" "/tmp/ssh-${D##*.}" && D=/tmp/ssh-${D##*.}
	_remove="$_remove $D"
	# shellcheck disable=SC2064	# these
	trap "rm -rf $_remove" EXIT
	export SSH_AUTH_SOCK="$D/stream"
	refuses "$D"
	refuses "$D" -e SSH_AUTH_SOCK
}

test_case run "nor one in /run"
run_body()
{
	setup
	if is_root; then
		directory_in /run || atf_skip "/run is read-only"
		refuses "$D"
		refuses "$D" -a .
		refuses "$D" -a /
		[ ! -L /var/run ] || refuses "/var$D"
	elif [ -w "/run/user/$(id -u)" ]; then
		directory_in "/run/user/$(id -u)" && refuses "$D" -a .
	fi
	# those that are there
	for socket in /run/dbus/system_bus_socket /run/systemd/private \
	    /run/docker.sock /run/systemd/journal/stdout \
	    /run/systemd/notify /run/udev/control; do
		[ -S $socket ] &&
		    [ "$("$PROBE" unix-connect stream $socket)" = ok ] ||
		    continue
		answers ok "$NO" -- unix-connect stream $socket
		answers ok "$NO" -a / -- unix-connect stream $socket
	done
}

test_case abstract "nor an abstract one"
abstract_body()
{
	setup
	name=@nono-test-${T##*/}
	for type in stream dgram seqpacket; do
		serve_unix $type "$name-$type"
		answers ok "EPERM|EAFNOSUPPORT" -- \
		    unix-connect $type "$name-$type"
		answers ok "$(abi_or 6 EPERM ok)" -s -a / -u / -- \
		    unix-connect $type "$name-$type"
	done
	answers ok "EPERM|EAFNOSUPPORT" -- unix-send "$name-dgram"
	answers ok "EPERM|EAFNOSUPPORT" -- unix-sendmsg "$name-dgram"
	stop
	or_lost || return 0
	for type in stream dgram seqpacket; do
		answers ok ok -- unix-self $type "$name-self"
		answers ok ok -n -- unix-self $type "$name-self"
	done
}

# unreached: inside, by $act, no socket of those that serve() makes is reached.
unreached()
{
	serve
	"$NONO" -s -a "$HOME" -r "$PROBE" -x umount -- sh -c "$act" "$PROBE" \
	    >out 2>err
	was_run $? sh -c "$act"
	# the probe has tried, and nono covers no name that it made
	grep -qE '^[A-Z]+$' out || [ ! -e new ] || fail "$act: $(cat out err)"
	! grep -qx ok out || fail "$act: reached"
	stop
}

test_case moved "nor one that is moved or linked, inside or before"
moved_body()
{
	setup
	tells_sockets || return 0
	serve()
	{
		rm -rf s d new x
		serve_unix stream "$PWD/s"
		serve_unix dgram "$PWD/d"
	}
	for act in 'mv s new; "$0" unix-connect stream new' \
	    'ln s new; "$0" unix-connect stream new' \
	    'mkdir x; mv s x; "$0" unix-connect stream x/s' \
	    'ln d new; "$0" unix-send new' \
	    'cd ..; mv project p2; cd p2; "$0" unix-connect stream s
	        mv ../p2 ../project' \
	    'ln -s s new; "$0" unix-connect-fd stream new' \
	    'chmod 777 s; "$0" unix-connect stream s'; do
		serve
		sh -e -c "$act" "$PROBE" >out 2>err && grep -qx ok out ||
		    fail "fails outside, too: $act: $(cat out err)"
		stop
		unreached
	done
	# outside there is nothing to be unmounted
	for act in 'umount s; "$0" unix-connect stream s' \
	    'umount -l s; umount -l .; "$0" unix-connect stream s'; do
		unreached
	done
	serve
	[ "$("$PROBE" unix-connect stream s)" = ok ] ||
	    atf_fail "no longer there"
	# by another path that was there before
	mkdir sub
	ln s sub/other
	mv d sub/d
	answers ok "$NO" -s -a . -- unix-connect stream s
	stop
}

test_case relative "nor one that was bound by a relative name"
relative_body()
{
	setup
	mkdir sub
	serve_unix stream s
	serve_unix dgram d
	(cd sub && "$PROBE" serve-unix stream s) >pid
	read -r pid _ <pid
	_servers="$_servers $pid"
	answers ok "$NO" -s -a . -- unix-connect stream s
	answers ok "$NO" -s -a . -- unix-connect stream "$PWD/s"
	answers ok "$NO" -s -a . -- unix-send d
	answers ok "$NO" -s -a . -- unix-connect stream sub/s
	answers ok "$NO" -s -a "$HOME" -- unix-connect stream s
	answers ok "$NO" -s -- unix-connect stream sub/s
	stop
}

# /proc/net/unix has names as they are, and nothing is known of such lines but
# what their beginnings look like.
test_case newline "nor one with a newline in its name"
newline_body()
{
	setup
	line="0000000000000000: 00000002 00000000 00010000 0001 01 1"
	for name in "$(printf 'a\nb')" "$(printf '\nb')" "$(printf 'a\n\nb')" \
	    "$(printf 'a\n/b')" "$(printf 'a\n@b')" "$(printf 'a\n b')" \
	    "$(printf 'a\n0: b')" "$(printf 'a \nb ')"; do
		name="${name}x"
		case $name in
		*/*)	mkdir -p "${name%/*}" ;;
		esac
		serve_unix stream "$PWD/$name"
		serve_unix dgram "$name-d"
		(cd .. && "$PROBE" serve-unix stream "./project/$name-r") >pid
		_servers="$_servers $(cut -d ' ' -f 1 pid)"
		# and what follows is not lost
		serve_unix stream next
		set -- -s -a "$HOME"
		answers ok "$NO" "$@" -- unix-connect stream "$PWD/$name"
		answers ok "$NO" "$@" -- unix-connect stream "$name"
		answers ok "$NO" "$@" -- unix-send "$name-d"
		answers ok "$NO" "$@" -- unix-connect stream "$name-r"
		answers ok "$NO" "$@" -- unix-connect stream next
		if tells_sockets; then
			answers ok ok "$@" -u "$name" -- \
			    unix-connect stream "$name"
			answers ok ok "$@" -u "$name-d" -- unix-send "$name-d"
		fi
		stop
		rm -f next "$name" "$name-d" "$name-r"
	done
	# a name like the end of one line and the next, of which no more is said
	# than that nothing is reached
	name="s
$line"
	serve_unix stream "$name"
	serve_unix stream next
	answers ok "$NO" -s -a . -- unix-connect stream next
	stop
}

test_case mounted "nor one that is shown elsewhere by a mount"
mounted_body()
{
	setup
	mkdir -p "$T/other/sub" plain deep/plain
	: >empty
	serve_unix stream "$T/other/sock"
	serve_unix dgram "$T/other/sub/dgram"
	serve_unix stream "$T/other/sub/sock"
	(cd "$T/other/sub" && "$PROBE" serve-unix stream relative) >pid
	_servers="$_servers $(cut -d ' ' -f 1 pid)"
	# from the namespace that a user needs to mount, nobody outside is seen
	relative=
	! is_root || relative="plain/sub/relative deep/plain/relative"
	within "mount --bind '$T/other' plain
	    mount --bind '$T/other/sub' deep/plain
	    mount --bind '$T/other/sock' empty"
	for rules in "-a ." "-r ." "-a plain -a deep" "-a $T" "-a /"; do
		# shellcheck disable=SC2086	# words
		set -- -s $rules
		for name in plain/sock plain/sub/sock deep/plain/sock empty \
		    $relative; do
			answers ok "$NO" "$@" -- unix-connect stream $name
			answers ok "$NO" -n "$@" -- unix-connect stream $name
		done
		for name in plain/sub/dgram deep/plain/dgram; do
			answers ok "$NO" "$@" -- unix-send $name
		done
	done
	! tells_sockets || answers ok ok -s -a . -u plain/sock -- \
	    unix-connect stream plain/sock
	stop
}

test_case option_file "-u opens one socket"
option_file_body()
{
	setup
	if ! tells_sockets; then
		serve_unix stream "$PWD/s"
		status 125 "-u / " -u s -- touch ran
		stop
		return
	fi
	mkdir sub
	for type in stream seqpacket dgram; do
		serve_unix $type "$PWD/$type"
		serve_unix $type "$PWD/sub/$type"
		for rules in "" "-a ." "-r ." "-n -a ."; do
			# shellcheck disable=SC2086	# words
			set -- $rules -u $type
			answers ok ok "$@" -- unix-connect $type $type
			answers ok ok "$@" -- unix-connect $type "$PWD/$type"
			answers ok "$NO" "$@" -- \
			    unix-connect $type sub/$type
		done
	done
	answers ok ok -u dgram -- unix-send dgram
	answers ok ok -u dgram -- unix-sendmsg dgram
	answers ok "$NO" -u stream -- unix-send dgram
	answers ok "$NO" -u sub/dgram -- unix-send dgram
	answers ok ok -u stream -u dgram -- unix-send dgram
	answers ok ok -u stream -u dgram -- unix-connect stream stream
	# by a link, and under names of its own
	ln -s stream link
	answers ok ok -u link -- unix-connect stream stream
	answers ok ok -u "$PWD/sub/../stream" -- unix-connect stream link
	# it grants nothing else
	echo text >file
	refused -u stream -- cat file
	prepare() { [ -S more ] || serve_unix stream more; }
	refused -u more -- find more -delete
	[ -S more ] || atf_fail "removed"
	stop
}

test_case option_directory "-u opens all sockets beneath a directory"
option_directory_body()
{
	setup
	tells_sockets || return 0
	mkdir -p sub/deep other
	for dir in sub sub/deep other .; do
		serve_unix stream "$PWD/$dir/s"
		serve_unix dgram "$PWD/$dir/d"
	done
	for rules in "" "-a ." "-r ."; do
		# shellcheck disable=SC2086	# words
		set -- $rules -u sub
		for dir in sub sub/deep; do
			answers ok ok "$@" -- unix-connect stream $dir/s
			answers ok ok "$@" -- unix-send $dir/d
		done
		for dir in other .; do
			answers ok "$NO" "$@" -- unix-connect stream $dir/s
			answers ok "$NO" "$@" -- unix-send $dir/d
		done
	done
	for dir in sub sub/deep other .; do
		answers ok ok -u . -- unix-connect stream $dir/s
		answers ok ok -u / -- unix-connect stream $dir/s
	done
	stop
}

test_case option_denied "-u opens a socket where the tables deny the rest"
option_denied_body()
{
	setup
	tells_sockets || return 0
	dir=$HOME/.gnupg
	mkdir "$dir"
	echo text >"$dir/file"
	serve_unix stream "$dir/s"
	serve_unix stream "$dir/other"
	for rules in "" "-a $HOME"; do
		# shellcheck disable=SC2086	# words
		set -- $rules -u "$dir/s"
		answers ok ok "$@" -- unix-connect stream "$dir/s"
		answers ok "$NO" "$@" -- unix-connect stream "$dir/other"
		hidden "$@" -- cat "$dir/file"
		"$NONO" "$@" -- ls "$dir" >out 2>err
		! grep -vx s out || fail "listed: $(cat out)"
	done
	stop
	is_root || return 0
	directory_in /run || return 0
	serve_unix stream "$D/s"
	serve_unix stream "$D/other"
	answers ok ok -u "$D/s" -- unix-connect stream "$D/s"
	answers ok ok -u "$D/s" -a . -- unix-connect stream "/var$D/s"
	answers ok "$NO" -u "$D/s" -- unix-connect stream "$D/other"
	answers ok ok -u "$D" -- unix-connect stream "$D/other"
	answers ok ok -u /run -- unix-connect stream "$D/other"
	stop
}

test_case late "in /run there are none later, either"
late_body()
{
	setup
	tells_sockets || return 0
	# elsewhere it is reached, as the manual says
	is_root && directory_in /run || return 0
	# in /run there is nothing to be seen, later either
	rm -f ready out2
	"$NONO" -a . -r "$PROBE" -- sh -c ': >ready; i=0
	    while [ ! -e go ] && [ $i -lt 100 ]; do i=$((i + 1)); sleep 0.1; done
	    "$0" unix-connect stream "$1"' "$PROBE" "$D/s" >out2 2>err &
	pid=$!
	until [ -e ready ]; do sleep 0.1; done
	serve_unix stream "$D/s"
	[ "$("$PROBE" unix-connect stream "$D/s")" = ok ] || atf_fail "outside"
	: >go
	wait $pid
	stop
	grep -qE "^($NO)\$" out2 || fail "$(cat out2 err)"
}

test_case inside "sockets made inside work"
inside_body()
{
	prepare() { rm -f s "$TMPDIR/s" "$HOME/s"; }
	setup
	for net in -n -s; do
		answers ok ok $net -- socketpair stream
		answers ok ok $net -- socketpair seqpacket
	done
	or_lost || return 0
	for type in stream dgram seqpacket; do
		for net in -n -s; do
			answers ok ok $net -a . -- unix-self $type s
			answers ok ok $net -a . -- unix-self $type "$PWD/s"
			answers ok ok $net -- unix-self $type "$TMPDIR/s"
			answers ok ok $net -w . -- unix-self $type s
		done
		answers ok ok -- socketpair $type
		answers ok "EACCES|EROFS" -r . -- unix-self $type s
		answers ok "EACCES|EROFS" -- unix-self $type "$HOME/s"
	done
	answers ok ok -a . -- unix-self stream ./s
	# a server and its clients
	granted -a . -r "$PROBE" -- sh -c '"$0" serve-unix stream s >pid &&
	    "$0" unix-connect stream s && "$0" unix-connect-fd stream s &&
	    ln -s s link && "$0" unix-connect stream link &&
	    mv s t && "$0" unix-connect stream t &&
	    kill $(cut -d" " -f1 pid)' "$PROBE"
	rm -f s t link
	granted -a . -r "$PROBE" -- sh -c '"$0" serve-unix dgram s >pid &&
	    "$0" unix-connect dgram s && "$0" unix-send s &&
	    "$0" unix-sendmsg s && kill $(cut -d" " -f1 pid)' "$PROBE"
	# one that lies there unused since another run is made anew
	granted -a . -- sh -c 'mkdir x; : >x/f'
	"$PROBE" unix-listen stream x/old >/dev/null
	granted -a . -r "$PROBE" -- sh -c 'find x/old -delete &&
	    "$0" unix-self stream x/old' "$PROBE" ||
	    atf_fail "a stale socket cannot be replaced"
}

test_case manager "a Manager of Python, and a server of asyncio"
manager_body()
{
	setup
	needs python3
	or_lost || return 0
	cat >manager.py <<-'END'
	import asyncio, multiprocessing
	def add(d, n):
	    d[n] = n
	async def talk():
	    async def answer(r, w):
	        w.write(await r.readline())
	        await w.drain()
	        w.close()
	    s = await asyncio.start_unix_server(answer, "socket")
	    r, w = await asyncio.open_unix_connection("socket")
	    w.write(b"spoken\n")
	    print((await r.readline()).decode())
	    s.close()
	if __name__ == "__main__":
	    with multiprocessing.Manager() as m:
	        d = m.dict()
	        p = [multiprocessing.Process(target=add, args=(d, n))
	            for n in range(5)]
	        [x.start() for x in p]
	        [x.join() for x in p]
	        print(sum(d.values()), "counted")
	    asyncio.run(talk())
	END
	for net in -n -s; do
		granted $net -a . -- timeout 50 python3 manager.py
		grep -q '10 counted' out || fail "$(cat out err)"
		grep -q spoken out || fail "$(cat out err)"
		rm -f socket
	done
}

test_case postgres "a postgres server and its client in the project"
postgres_body()
{
	setup
	bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
	[ -x "$bin/initdb" ] || atf_skip "no postgres"
	or_lost || return 0
	as=
	if is_root; then
		# postgres refuses to be run by root
		needs setpriv
		as="setpriv --reuid 65534 --regid 65534 --clear-groups"
		chown 65534 "$HOME" "$HOME/project" "$TMPDIR"
		# shellcheck disable=SC2086	# words
		$as test -x "$NONO" || atf_skip "nobody cannot run nono"
	fi
	cat >run.sh <<-'END'
	set -e
	"$1/initdb" -D data -A trust -U me --no-sync >log 2>&1 ||
	    { cat log; exit 1; }
	"$1/pg_ctl" -D data -w -l log -o "-F -h '' -k $PWD" start >/dev/null ||
	    { cat log; exit 1; }
	"$1/psql" -h "$PWD" -U me -Atc 'select 6 * 7' postgres
	"$1/pg_ctl" -D data -w -m immediate stop >/dev/null
	END
	# shellcheck disable=SC2086	# words
	timeout 100 $as "$NONO" -a . -- sh run.sh "$bin" >"$T/out" 2>"$T/err" ||
	    fail "$(tail -n 5 "$T/out" "$T/err")"
	grep -qx 42 "$T/out" || fail "$(cat "$T/out" "$T/err")"
}

test_case ssh_agent "an agent started inside is used inside"
ssh_agent_body()
{
	setup
	needs ssh-agent
	or_lost || return 0
	granted -a . -- sh -c 'eval "$(ssh-agent -s)" >/dev/null &&
	    { ssh-add -l; [ $? -eq 1 ]; } && kill $SSH_AGENT_PID'
	# and one from outside is not
	eval "$(ssh-agent -s -a "$PWD/agent")" >/dev/null
	ssh-add -l >out 2>&1
	[ $? -eq 1 ] || fail "outside: $(cat out)"
	"$NONO" -a . -e 'SSH_*' -- ssh-add -l >out 2>&1
	got=$?
	! tells_sockets || {
		"$NONO" -a . -e 'SSH_*' -u agent -- ssh-add -l >out2 2>&1
		[ $? -eq 1 ] || fail "-u: $(cat out2)"
	}
	kill "$SSH_AGENT_PID"
	[ $got -eq 2 ] || fail "reached: $(cat out)"
}
