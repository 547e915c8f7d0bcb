#!/bin/sh
# make bench: what nono costs.  Each table is one run, in which the commands
# take turns; read the ratios, for machines differ and are noisy.  bench.txt has
# the results on one of them, and where the time goes.
#
#	bench.sh [start] [view] [cost] [growth]		some of the tables
#
# ROUNDS	of the starts; 500 where nothing is said

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
	    mv "$dir/src/nono" "$dir/nono-$name" && best=$dir/nono-$name
}

has()
{
	command -v "$1" >/dev/null
}

# bench rounds label command ...
bench()
{
	echo "as $($as id -un):"
	$as "$dir/bench" "$@"
}

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

# An unprivileged user, for root.
as_user()
{
	as="setpriv --reuid nobody --regid $(id -g nobody) --clear-groups"
	chown -R nobody "$dir"
}

#
# Starts: nono as it is by default, and with nothing blocked; others with what
# they offer that is nearest.
#
starts()
{
	set -- "env true" "env true" "true" "true"
	for name in dynamic static musl; do
		[ ! -x "$dir/nono-$name" ] || set -- "$@" \
		    "nono true, $name" "$dir/nono-$name -s true" \
		    "nono -x * true, $name" "$dir/nono-$name -s -x * true"
	done
	set -- "$@" "nono -n true" "$best -s -n true" \
	    "nono -a ~ true" "$best -s -a $HOME true"
	! has setpriv || set -- "$@" "setpriv --nnp true" \
	    "setpriv --no-new-privs true"
	[ -z "$covers" ] || set -- "$@" "bwrap true, the same covers" "bwrap \
	    --ro-bind / / --bind /tmp /tmp --bind $dir $dir $covers true"
	! has firejail || set -- "$@" "firejail true" "firejail --quiet true"
	! has srt || set -- "$@" "srt true" "srt true"
	bench "$rounds" "$@"
}

start()
{
	starts
	[ "$(id -u)" -ne 0 ] || ! has setpriv || (as_user; starts)
	for name in dynamic static musl; do
		[ -x "$dir/nono-$name" ] || continue
		cp "$dir/nono-$name" "$dir/stripped"
		strip "$dir/stripped"
		echo "$name: $(wc -c <"$dir/stripped") bytes stripped"
	done
	! has strace || echo "system calls of a start:" \
	    "$(strace -o /dev/stdout "$best" -s -x true true |
	    sed '1d; /^execve/,$d' | wc -l)"
}

#
# Where no view is to be had: Landlock alone, and carving.
#
view()
{
	echo "without a private view:"
	covers=
	if [ "$(id -u)" -eq 0 ] && has setpriv; then
		as=no_view
		chown -R daemon "$dir"
	else
		cp regress/probe "$dir"
		as="$dir/probe deny unshare EPERM"
	fi
	starts
	as=
}

#
# Costs while a command runs: bare, under nono, and under bwrap.
#
against()
{
	label=$1
	shift
	set -- "$label" "$*" "nono" "$best -s -a $dir $*"
	! has bwrap || set -- "$@" "bwrap" "bwrap --ro-bind / / --dev /dev \
	    --proc /proc --bind $dir $dir $4"
	"$dir/bench" 20 "$@" | sed 1d
}

cost()
{
	echo "running: bare, under nono, under bwrap:"
	cp -r /usr/include "$dir/tree"
	mkdir "$dir/many"
	i=0
	while [ $((i += 1)) -le 40 ]; do
		echo "int f$i(int a) { return a + $i; }" >"$dir/many/$i.c"
	done
	cat >"$dir/compile" <<-END
		#!/bin/sh
		cd $dir/many && for f in *.c; do cc -c -o out.o \$f || exit; done
	END
	chmod +x "$dir/compile"
	git -C "$dir/tree" init -q 2>/dev/null &&
	    git -C "$dir/tree" add . 2>/dev/null &&
	    against "git status" git -C "$dir/tree" status -s
	against "grep -r" grep -rc zzz_not_there "$dir/tree" --include=q*.h \
	    --exclude-dir=.git -s --max-count=1 -L
	against "find" find "$dir/tree" -name none
	against "tar" tar -C "$dir" -cf "$dir/tar" many tree
	against "cc, 40 small files" "$dir/compile"
	against "stat, open, read 100000 times" "$dir/bench" work files 100000
	for n in 1 8 64; do
		against "the same by $n threads" "$dir/bench" work threads $n
	done
	against "fork and exec 300 times" "$dir/bench" work processes 300
	against "TCP there and back 20000 times" "$dir/bench" work tcp 20000
}

#
# How a start grows.
#
grow()
{
	label=$1
	shift
	"$dir/bench" 5 "$label" "$*" | sed 1d
}

# n options of one kind, each with a file of its own
options()
{
	left=$1 option=$2
	set --
	while [ "$((left -= 1))" -ge 0 ]; do
		set -- "$@" "$option" "$dir/files/$left"
	done
	echo "$*"
}

growth()
{
	echo "a start that has more to do:"
	mkdir "$dir/files"
	for n in 10 100 1000 10000; do
		i=$n
		while [ "$((i -= 1))" -ge 0 ]; do
			: >"$dir/files/$i"
		done
		options $n -r >"$dir/args"
		grow "$n rules" xargs -a "$dir/args" -s 2000000 "$best" \
		    -s true
		options $n -d >"$dir/args"
		[ $n -gt 1000 ] || grow "$n denials beneath a grant" xargs \
		    -a "$dir/args" -s 2000000 "$best" -s -a "$dir" true
		[ $n -gt 1000 ] || grow "$n directories in PATH" env \
		    PATH="$PATH$(awk -v n=$n -v d="$dir" 'BEGIN {
			for (i = 0; i < n; i++) {
				printf ":%s/path/%d", d, i
				system("mkdir -p " d "/path/" i)
			}
		    }')" "$best" -s true
		[ "$(id -u)" -ne 0 ] || grow "a carved directory of $n" \
		    unshare -m "$dir/probe" deny unshare EPERM "$best" -s \
		    -a "$dir/files" -d "$dir/files/1" true
	done
	for n in 1 8 64 200; do
		echo "seq 200 | xargs -P $n -n 1 $best -s true" >"$dir/starts"
		grow "200 starts, $n at once" sh "$dir/starts"
	done
	[ "$(id -u)" -eq 0 ] || return 0
	for n in 10 100 1000 5000; do
		cat >"$dir/mounts" <<-END
			i=0
			mount -t tmpfs tmpfs /mnt || exit
			: >/mnt/from
			while [ \$((i += 1)) -le $n ]; do
				: >/mnt/\$i
				mount --bind /mnt/from /mnt/\$i || exit
			done
			exec "$dir/bench" 5 "$n mounts" "$best -s true"
		END
		unshare -m sh "$dir/mounts" | sed 1d
	done
}

# Others' descriptors would have to be looked at.
exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- </dev/null
export PATH=/usr/bin:/bin
${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -pthread -o "$dir/bench" \
    regress/bench.c || exit 1
build dynamic
build static STATIC=1
! has musl-gcc || build musl STATIC=1 CC=musl-gcc
cp regress/probe "$dir"
covers=
! has bwrap || covers=$("$best" --dry-run true |
    sed -n 's/^block: \([^ ]*\) (.*/\1/p' | xargs realpath | sort -u |
    sed 's/.*/--ro-bind \/dev\/null &/')

as=
mkdir "$dir/home" "$dir/home/.config"
export HOME="$dir/home"
uname -srm
sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed q
[ $# -gt 0 ] || set -- start view cost growth
for table; do
	"$table"
done
