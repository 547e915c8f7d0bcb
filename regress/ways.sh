#!/bin/sh
# ways.sh [who:way ...]: the whole suite in each way in which nono can find
# itself started; all of them unless some are named.  Needs root.
#
# native	as this system is
# no-unshare	the kernel refuses unshare(2) to nono
# no-namespaces	user namespaces are switched off
# container	in a container of podman
# strict	in one that refuses namespaces and mounts, as Docker does
# nested	nono inside another nono
# abi1, ...	the kernel's Landlock says that it is of that ABI; "ways.sh abis"
#		runs each that is older than its own
#
# Prints for each "as WHO, WAY: N passed, N failed, N skipped", and at the end
# how many of them ran.  way.sh is what runs in them.

all="root:native daemon:native root:no-unshare daemon:no-namespaces
    root:container daemon:container root:strict daemon:strict
    root:nested daemon:nested"

cd "$(dirname "$0")/.." || exit 1
. regress/podman.sh
if [ "$(id -u)" -ne 0 ]; then
	echo "ways.sh: not root" >&2
	exit 1
fi
make -s all probes || exit 1
if [ "$*" = abis ]; then
	own=$(./nono -s --dry-run true | sed -n 's/^landlock: ABI //p')
	all=
	for abi in 1 2 3 4 5 6 7 8 9; do
		[ "$abi" -lt "${own:-1}" ] || break
		all="$all daemon:abi$abi root:abi$abi"
	done
	shift
fi

# All is done in one directory, in a copy of the tree, for this one may lie
# where others cannot look.
dir=$(NONO_TESTBASE=/srv sh regress/workdir.sh) || exit 1
cleanup()
{
	cd /
	if [ -s "$dir/group" ] && kill -- "-$(cat "$dir/group")" 2>/dev/null
	then
		sleep 2		# they remove what they made
	fi
	remove_podman
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
mkdir "$dir/tree" "$dir/root" "$dir/daemon" "$dir/log" || exit 1
make_podman vfs || exit 1
tar -cf - --exclude=.git --exclude='nono-test.*' . |
    tar -C "$dir/tree" -xf - --no-same-owner || exit 1
chmod -R go+rX "$dir/tree"
chown daemon "$dir/daemon"
group=$(id -g daemon)

# suite who way command ...: by that command the tests are run in that way, in
# a clean environment and a process group of their own.
suite()
{
	who=$1 way=$2
	shift 2
	setsid sh -c 'echo $$ >"$0"; exec "$@"' "$dir/group" \
	    "$@" env -i PATH="$PATH" HOME="$dir/$who" NONO_TESTBASE="$dir/$who" \
	    CI="${CI-}" TERM=xterm sh "$dir/tree/regress/way.sh" "$way"
}

native()
{
	if [ "$1" != root ]; then
		set -- "$@" setpriv --reuid "$1" --regid "$group" --clear-groups
	fi
	suite "$@"
}

no_unshare()
{
	native "$@"
}

nested()
{
	native "$@"
}

# In a user namespace with all the ids of this one, where no more can be made.
no_namespaces()
{
	mkfifo "$dir/mapped" || return
	suite "$@" unshare --user sh -c '
		echo $$ >"$0/pid"
		read -r _ <"$0/mapped"
		exec "$@"	# with capabilities
	' "$dir" sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces || exit
		exec setpriv --reuid daemon --regid "$0" --clear-groups "$@"
	' "$group" &
	while [ ! -s "$dir/pid" ]; do
		kill -0 $! 2>/dev/null || return
		sleep 0.1
	done
	for map in uid_map gid_map; do
		echo "0 0 4294967295" >"/proc/$(cat "$dir/pid")/$map" || return
	done
	echo mapped >"$dir/mapped"
	wait $!
}

# container who way [option ...]: the programs are those of this system.
container()
{
	who=$1 way=$2
	shift 2
	root=$dir/rootfs
	if [ ! -d "$root" ]; then
		mkdir "$root" || return
		(cd "$root" && mkdir dev etc proc run srv sys usr var &&
		    mkdir -m 1777 tmp var/tmp) || return
		for top in /bin /sbin /lib*; do
			if [ -L $top ]; then
				cp -P $top "$root"
			else
				mkdir "$root$top"
			fi
		done
	fi
	for top in /usr /etc /bin /sbin /lib*; do
		[ -L "$top" ] || [ ! -d "$top" ] ||
		    set -- "$@" -v "$top:$top:ro,suid"
	done
	suite "$who" "$way" sh "$dir/podman/here" run --rm --log-driver none \
	    --cgroup-parent "/${dir##*/}" --network none --no-hosts \
	    --user "$(id -u "$who"):$(id -g "$who")" \
	    --ulimit nofile=1000:1000 --ulimit nproc=1000:1000 \
	    --tmpfs /tmp --tmpfs /var/tmp -v "$dir/tree:$dir/tree:ro" \
	    -v "$dir/$who:$dir/$who:suid,dev" "$@" \
	    --rootfs "$root"
}

strict()
{
	docker_profile >"$dir/seccomp.json" || return
	container "$@" --security-opt "seccomp=$dir/seccomp.json"
}

[ $# -gt 0 ] || set -- $all
wanted=$#
ran=0
failed=0
for pair; do
	who=${pair%:*} way=${pair#*:}
	log=$dir/log/$who-$way
	# behind, for a shell that waits can be interrupted
	case $way in
	abi*)	how=native ;;
	*)	how=$(echo "$way" | tr - _) ;;
	esac
	"$how" "$who" "$way" 2>&1 </dev/null | tee "$log" &
	wait $!
	rm -f "$dir/group"
	case $(tail -n 1 "$log") in
	"as $who, $way: "*" passed, 0 failed, "*" skipped")
		ran=$((ran + 1)) ;;
	"as $who, $way: "*" passed, "*" failed, "*" skipped")
		ran=$((ran + 1)) failed=$((failed + 1)) ;;
	*)	echo "did not run:"
		echo "as $who, $way: 0 passed, 1 failed, 0 skipped" ;;
	esac
done
echo "$ran of $wanted ways ran, in $failed some tests failed"
[ $ran -eq $wanted ] && [ $failed -eq 0 ]
