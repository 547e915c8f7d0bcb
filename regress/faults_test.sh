#! /usr/bin/env -S atf-sh -s /bin/sh
# Each system call of a start is made to fail in turn (fault.c).  If it is one
# that builds a wall, nothing is run, and a line says why.  If it is one that
# looks, nothing is run, or the command runs with no door open more.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
FAULT=$SRC/fault

# What there is to be kept, and the doors to it, in $@ of the commands below.
walls()
{
	case $NONO_WAY in
	native|kernel*)	;;
	*)	atf_skip "starts are the same as in others" ;;
	esac
	setup
	export NONO_LIFE=1200	# of the servers
	mkdir -p "$HOME/.ssh" "$HOME/.config/gcloud" "$T/elsewhere/aws" \
	    "$T/outside" "$T/bin" secrets vendor sub
	for _file in "$HOME/.ssh/id" "$HOME/.netrc" secrets/file vendor/file \
	    "$HOME/.config/gcloud/key" "$T/elsewhere/aws/key" secret own \
	    "$T/elsewhere/kube" "$T/elsewhere/alias" "$T/outside/file"; do
		echo text >"$_file"
	done
	ln -s "$T/elsewhere/aws" "$HOME/.aws"
	ln -s "$T/elsewhere/alias" alias
	export KUBECONFIG="$T/elsewhere/kube"
	# a blocked command, and one that is one of many in a file
	cp /bin/true "$T/bin/alone"
	cp /bin/true "$T/bin/busybox"
	ln -s busybox "$T/bin/many"
	export PATH="$T/bin:/usr/bin:/bin:/usr/sbin:/sbin"
	serve_unix stream "$HOME/project/socket"
	_server=${_servers# }
	(cd sub && "$PROBE" serve-unix stream relative >"$T/server")
	_servers="$_servers $(cut -d ' ' -f 1 "$T/server")"
	cat >"$T/doors" <<-END
	read=$HOME/.ssh
	read=$HOME/.ssh/id
	write=$HOME/.ssh/id
	create=$HOME/.ssh/new
	rename=$HOME/.ssh
	read=$HOME/.netrc
	write=$HOME/.netrc
	read=$HOME/.config/gcloud/key
	rename=$HOME/.config
	read=$T/elsewhere/aws/key
	rename=$HOME/.aws
	read=$T/elsewhere/kube
	read=$T/elsewhere/alias
	rename=$HOME/project/alias
	read=$HOME/project/secrets/file
	rename=$HOME/project
	read=$HOME/project/secret
	write=$HOME/project/vendor/file
	create=$HOME/project/vendor/new
	read=$T/outside/file
	write=$T/outside/file
	create=$T/outside/new
	exec=$T/bin/alone
	exec=$T/bin/many
	connect=$HOME/project/socket
	connect=$HOME/project/sub/relative
	kill=$_server
	socket=2
	unshare=user
	suid=$HOME/project/own
	reopen=0
	reopen=8
	fd=9
	chmod=$T/outside/file
	cap=21
	END
}

# opened command ...: with descriptors that lead past the walls.
opened()
{
	"$@" <"$HOME/.netrc" 8<vendor/file 9<"$T/outside"
}

# shellcheck disable=SC2046	# a list of doors
all_open()
{
	opened "$FAULT" doors $(cat "$T/doors") >outside 2>err
	sed '1d; s/open: //' outside | cmp -s - "$T/doors" ||
	    fail "outside, not open: $(sed '1d; s/open: //' outside |
	    diff - "$T/doors" | grep '^>') $(cat err)"
}

# faulty [option ...]: tries all errors, with these options more.
# shellcheck disable=SC2046	# a list of doors
faulty()
{
	_carved="chmod=$T/outside/file,exec=$T/bin/many,read=$HOME/.netrc"
	is_root || _carved="$_carved,cap=21"
	all_open
	opened "$FAULT" try EIO,EPERM,EACCES,ENOENT,ENOMEM,EINVAL \
	    ",$_carved," "$NONO" -s "$@" -b alone -b many -n -a "$HOME" \
	    -a "$T/elsewhere" -r "$T/bin" -d secrets -d secret -d alias \
	    -r vendor -r "$FAULT" -- "$FAULT" doors $(cat "$T/doors") >out 2>err || {
		cat out err >&2
		fail "$(cat err) $(grep -c ': call ' out) starts went" \
		    "wrong; $(tail -n 1 out)"
	}
	tail -n 1 out
	all_open	# still
}

test_case view "a call fails, where there is a view" 1200
view_body()
{
	walls
	has_view || atf_skip "no view"
	faulty
	stop
}

test_case carve "a call fails, where nono carves" 1200
carve_body()
{
	walls
	as_if deny unshare EPERM
	# that of descriptor 0, for which there is a rule
	grep -v -e "^exec=.*/many" -e "^read=.*/.netrc" -e "^chmod=" \
	    -e "^cap=" "$T/doors" >"$T/fewer"
	mv "$T/fewer" "$T/doors"
	# or /usr/bin is carved, too, in thousands of calls
	faulty -x '*'
	stop
}

# Of a directory a part has been read when that fails: try makes the calls of
# fault.c fail with errors that are looked for where it is opened.
test_case half_read "the reading of a directory fails half-way" 600
half_read_body()
{
	walls
	needs strace
	strace -o /dev/null true 2>/dev/null || atf_skip "no tracing"
	mkdir made
	# enough to be looked for in each, by name and by pattern
	for _name in $(seq 40); do
		: >"$HOME/name$_name"
		: >"$HOME/.config/name$_name"
		: >"secrets/name$_name"
	done
	for way in view carve; do
		commands="-b alone -b many"
		[ $way = view ] || {
			as_if deny unshare EPERM
			commands="-x *"		# or /usr/bin is carved, too
		}
		set -f
		# shellcheck disable=SC2086	# words
		set -- "$NONO" -s $commands -a "$HOME" \
		    -a "$T/elsewhere" -r "$T/bin" -d secrets -d alias \
		    -r vendor -- sh -c 'cat secrets/file "$HOME/.ssh/id" \
		    "$HOME/.aws/key"; : >made/ran'
		set +f
		"$@" >out 2>err
		[ -e made/ran ] && [ ! -s out ] || fail "$way: $(cat out err)"
		# not ENOENT, of a directory that is gone: an end to readdir(3)
		for error in EIO ENOMEM EACCES; do
			n=0
			while :; do
				rm -f made/ran
				n=$((n + 1))
				strace -qq -y -o "$T/trace" -f -e trace=getdents64 \
				    -e inject=getdents64:error=$error:when=$n \
				    "$@" >out 2>err
				_got=$?
				grep -q INJECTED "$T/trace" || break
				[ ! -s out ] || fail "$way: $n: $(cat out)"
				# each name is looked for then
				[ ! -e made/ran ] || [ $error != EACCES ] ||
				    continue
				[ $_got -eq 125 ] && [ ! -e made/ran ] ||
				    fail "$way: $error, $n: exit $_got:" \
				    "$(cat err) $(grep INJ "$T/trace")"
				grep -q '^nono: ' err &&
				    [ "$(wc -l <err)" -eq 1 ] ||
				    fail "$way: $n: $(cat err)"
			done
			echo "$way: $((n - 1)) readings failed"
			[ $n -gt 4 ] || fail "$way: only $n calls"
			# what was not made to fail was run
			[ -e made/ran ] || fail "$way: $_got: $(cat err)"
		done
	done
	stop
}
