#!/bin/sh
# kernels.sh [-k] [test ...]: the tests, all of them or these, on Debian 12's own
# kernel, 6.1, whose Landlock is of ABI 2, as root and as a user; and on the same
# without Landlock, where nono must refuse to run.  In qemu, which emulates, so
# that all of them take an hour or two of two processors.  Needs root.
#
# -k keeps the guest that is made for it, for the next time, in NONO_KERNELS or
# /var/tmp/nono-kernels.

cd "$(dirname "$0")/.." || exit 1
if [ "$(id -u)" -ne 0 ]; then
	echo "kernels.sh: not root" >&2
	exit 1
fi
sh regress/deps.sh kernels || exit 1
keep=
if [ "$1" = -k ]; then
	keep=yes
	shift
fi
began=$(date +%s)
kept=${NONO_KERNELS:-/var/tmp/nono-kernels}
dir=$(mktemp -d /var/tmp/nono-kernels.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

# What the tests call.  The names of Debian 12, on whatever this is.
packages="linux-image-cloud-amd64
    gcc libc6-dev libcap-dev libseccomp-dev make pkg-config
    atf-sh kyua libatf-dev busybox-static bsdutils cmake dbus expect file gdb git
    iproute2 mount nodejs npm openssh-client passwd postgresql procps python3
    python3-pytest python3-venv strace tmux util-linux vim"

# The first process of the guest: the second disk is a tar(5) file, nono.
write_init()
{
	cat >"$1" <<-'END'
	#!/bin/sh
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	export PATH
	mountpoint -q /proc || mount -t proc proc /proc
	mountpoint -q /sys || mount -t sysfs sys /sys
	mountpoint -q /dev || mount -t devtmpfs dev /dev
	mkdir -p /dev/pts /dev/shm /srv/nono
	mountpoint -q /dev/pts ||
	    mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	mountpoint -q /run || mount -t tmpfs -o mode=755 tmpfs /run
	mount -t tmpfs -o mode=1777 tmpfs /tmp
	ip link set lo up
	tar -C /srv/nono -xf /dev/vdb
	sh /srv/nono/regress/kernels-guest.sh
	echo "guest: done"
	sync
	echo o >/proc/sysrq-trigger
	sleep 60
	END
	chmod 755 "$1"
}

# A disk with Debian 12, its kernel, and what that is started by.
make_guest()
{
	echo "making a guest of Debian 12"
	# shellcheck disable=SC2086	# a list
	unshare -m --propagation private mmdebstrap --quiet --mode=root \
	    --variant=apt --format=directory \
	    --include="$(echo $packages | tr ' ' ,)" bookworm "$dir/root" ||
	    return
	write_init "$dir/root/sbin/nono-guest" &&
	    cp "$dir"/root/boot/vmlinuz-* "$dir/vmlinuz" &&
	    cp "$dir"/root/boot/initrd.img-* "$dir/initrd" &&
	    mke2fs -q -t ext4 -d "$dir/root" "$dir/disk" 4G >/dev/null &&
	    rm -rf "$dir/root"
}

# boot [parameter]: what the guest says, until it is done.
boot()
{
	timeout -k 10 "${NONO_KERNELS_TIMEOUT:-5400}" qemu-system-x86_64 \
	    -accel tcg,thread=multi -smp 2 -m 3072 -no-reboot -nodefaults \
	    -display none -serial stdio -kernel "$guest/vmlinuz" \
	    -initrd "$guest/initrd" -append "root=/dev/vda rw quiet panic=-1 \
	    console=ttyS0 init=/sbin/nono-guest $*" \
	    -drive "file=$guest/disk,format=raw,if=virtio,snapshot=on" \
	    -drive "file=$dir/nono.tar,format=raw,if=virtio,readonly=on" \
	    </dev/null 2>&1 | sed -u 's|\r$||' | tee "$dir/log"
	grep -q '^guest: done$' "$dir/log" || echo "the guest was not done"
	cat "$dir/log" >>"$dir/all"
}

if [ -f "$kept/disk" ]; then
	guest=$kept
else
	make_guest || exit 1
	guest=$dir
	if [ -n "$keep" ]; then
		mkdir -p "$kept" && cp --sparse=always "$dir/vmlinuz" \
		    "$dir/initrd" "$dir/disk" "$kept" || exit 1
	fi
fi
# sources alone: the guest's libraries are other ones
mkdir "$dir/nono" || exit 1
tar -cf - --exclude=.git --exclude='nono-test.*' . |
    tar -C "$dir/nono" -xf - || exit 1
[ $# -eq 0 ] || echo "$*" >"$dir/nono/regress/kernels-tests"
make -s -C "$dir/nono" clean &&
    tar -C "$dir/nono" --owner=0 --group=0 -cf "$dir/nono.tar" . || exit 1
ready=$(date +%s)

boot
boot lsm=lockdown,yama,apparmor nono=refused

[ "$(grep -c '^as [a-z]*, [a-z]*: [1-9][0-9]* passed, 0 failed, ' \
    "$dir/all")" -eq 4 ]
status=$?
echo "kernels: $(($(date +%s) - ready)) s, and $((ready - began)) s to make" \
    "the guest"
exit $status
