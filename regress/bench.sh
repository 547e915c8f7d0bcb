#!/bin/sh
# make bench: what a start costs, against env(1) in the same run.

cd "$(dirname "$0")/.." || exit 1
dir=$(sh regress/workdir.sh) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
rounds=${ROUNDS:-500}

# each way to build it, from a copy
build()
{
	name=$1
	shift
	rm -rf "$dir/src"
	mkdir "$dir/src"
	cp ./*.[ch] Makefile "$dir/src"
	(cd "$dir/src" && make -s "$@" nono) &&
	    mv "$dir/src/nono" "$dir/nono-$name"
}

# Commands to time: nono with nothing to hide, and as it is by default; and
# bwrap with a cover for each command that nono blocks.
bench()
{
	set -- "env true" "env true"
	for name in dynamic static musl; do
		[ ! -x "$dir/nono-$name" ] || set -- "$@" \
		    "nono -x * true, $name" "$dir/nono-$name -s -x * true" \
		    "nono true, $name" "$dir/nono-$name -s true"
	done
	[ -z "$bwrap" ] || set -- "$@" "bwrap true, the same covers" "$bwrap \
	    --ro-bind / / --bind /tmp /tmp --bind $dir $dir $covers true"
	echo "as $($as id -un):"
	# shellcheck disable=SC2086	# a list of words
	$as "$dir/bench" "$rounds" "$@"
}

# Others' descriptors would have to be looked at.
exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- </dev/null
export PATH=/usr/bin:/bin
${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -o "$dir/bench" regress/bench.c || exit 1
build dynamic
build static STATIC=1
! command -v musl-gcc >/dev/null || build musl STATIC=1 CC=musl-gcc
bwrap=$(command -v bwrap)
covers=$("$dir/nono-dynamic" --dry-run true |
    sed -n 's/^block: \([^ ]*\) (.*/\1/p' | xargs realpath | sort -u |
    sed 's/.*/--ro-bind \/dev\/null &/')

as=
mkdir "$dir/home" "$dir/home/.config"
export HOME="$dir/home"
uname -srm
bench
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	as="setpriv --reuid nobody --regid $(id -g nobody) --clear-groups"
	chown -R nobody "$dir"
	bench
fi

# Runs a command where no view is to be had: in a user namespace of all IDs
# that allows no other.
no_view()
{
	rm -f "$dir/mapped"
	mkfifo "$dir/mapped"
	# shellcheck disable=SC2016	# expanded by those shells
	unshare --user sh -c 'read -r _ <"$0"; exec "$@"' "$dir/mapped" \
	    sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh \
	    setpriv --reuid daemon --regid "$(id -g daemon)" --clear-groups \
	    "$@" &
	until [ "$(readlink "/proc/$!/ns/user")" != \
	    "$(readlink /proc/self/ns/user)" ]; do
		sleep 0.1
	done
	for map in uid_map gid_map; do
		echo "0 0 65535" >"/proc/$!/$map"
	done
	echo >"$dir/mapped"
	wait $!
}

echo "without a private view, Landlock alone and carving,"
bwrap=
if [ -n "$as" ]; then
	chown -R daemon "$dir"
	as=no_view
else
	cp regress/probe "$dir"
	as="$dir/probe deny unshare EPERM"
fi
bench
