#!/bin/sh
# packages.sh: makes the tarball and each package, as far as it can be done on
# Debian, and uses them: the Debian package in a root of its own, and in a
# container with nono as its entry point.  Takes some minutes, and says for
# each thing whether it is as it should be.
#
# SUITE		the Debian release that is set up (trixie)
# ROOT		a directory where that was done, and is not done again:
#		debootstrap --variant=minbase --include=apparmor trixie ROOT
# CHECK		"yes" has the whole suite run while Debian's package is built
#
# Needs root, Debian's mirror, and
needs="debootstrap dpkg-buildpackage dh dh_apparmor lintian musl-gcc openssl
    podman python3 ruby runc unshare"

cd "$(dirname "$0")/.." || exit 1
. regress/podman.sh
if [ "$(id -u)" -ne 0 ]; then
	echo "packages.sh: not root" >&2
	exit 1
fi
PATH=$PATH:/usr/sbin:/sbin
for need in $needs; do
	command -v "$need" >/dev/null && continue
	echo "packages.sh: no $need; sh regress/deps.sh packages" >&2
	exit 1
done
unset MAKEFLAGS MFLAGS MAKELEVEL SOURCE_DATE_EPOCH DESTDIR PREFIX
umask 022
dir=$(NONO_TESTBASE=/srv sh regress/workdir.sh) || exit 1
cleanup()
{
	cd /
	remove_podman
	rm -rf --one-file-system "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
version=$(sed -n 's/^VERSION =[^0-9]*//p' Makefile)
name=nono-$version
suite=${SUITE:-trixie}
failed=0

# is WHAT command ...: says whether the command succeeds, in a shell of its own.
is()
{
	what=$1
	shift
	if ("$@") >"$dir/log" 2>&1; then
		echo "ok: $what"
	else
		echo "FAILED: $what"
		tail -n 8 "$dir/log"
		failed=$((failed + 1))
		return 1
	fi
}

make_tarball()
{
	make -s dist && cp "$name.tar.gz" "$dir" && mkdir "$dir/again" &&
	    tar -C "$dir/again" -xzf "$dir/$name.tar.gz" &&
	    make -s -C "$dir/again/$name" dist &&
	    cmp "$dir/$name.tar.gz" "$dir/again/$name/$name.tar.gz"
}

make_deb()
{
	[ "$1" = yes ] && options= || options=nocheck
	cd "$dir/again/$name" && DEB_BUILD_OPTIONS=$options \
	    sh packaging/deb.sh "$dir/$name.tar.gz" "$2"
}

same_debs()
{
	for deb in "$dir"/deb/*.deb; do
		cmp "$deb" "$dir/deb2/${deb##*/}" || return
	done
}

# where it is published, and who cares for it, is not known yet
is_lintian_clean()
{
	lintian -I --fail-on error,warning,info --allow-root \
	    --suppress-tags debian-watch-file-is-missing "$dir"/deb/*.changes &&
	    ! grep '^[EWI]:' "$dir/log"
}

# As on Ubuntu, where the package has the AppArmor profile.
make_ubuntu_deb()
{
	mkdir "$dir/origins" && cp /etc/dpkg/origins/* "$dir/origins" &&
	    printf 'Vendor: Ubuntu\nParent: Debian\n' >"$dir/origins/ubuntu" &&
	    cd "$dir/again/$name" &&
	    DPKG_ORIGINS_DIR=$dir/origins DEB_VENDOR=Ubuntu \
	    DEB_BUILD_OPTIONS=nocheck sh packaging/deb.sh \
	    "$dir/$name.tar.gz" "$dir/ubuntu" &&
	    dpkg-deb -x "$dir"/ubuntu/nono-sandbox_*.deb "$dir/ubuntu/x" &&
	    dpkg-deb -e "$dir"/ubuntu/nono-sandbox_*.deb "$dir/ubuntu/e" &&
	    cmp "$dir/ubuntu/x/etc/apparmor.d/nono" packaging/apparmor/nono &&
	    grep -qx /etc/apparmor.d/nono "$dir/ubuntu/e/conffiles" &&
	    grep -q apparmor_parser "$dir/ubuntu/e/postinst" &&
	    ! dpkg-deb -c "$dir"/deb/nono-sandbox_*.deb | grep apparmor
}

make_root()
{
	if [ -n "$ROOT" ]; then
		cp -a "$ROOT" "$dir/rootfs"
	else
		debootstrap --variant=minbase --include=apparmor "$suite" \
		    "$dir/rootfs" http://deb.debian.org/debian
	fi
}

# inside UID command ...: in the root, as if it were the system's; the mounts
# go with the namespace.
inside()
{
	uid=$1
	shift
	unshare --mount --propagation private --pid --fork sh -c '
		root=$1 uid=$2
		shift 2
		mount --bind "$root" "$root" && cd "$root" &&
		    mount -t proc proc proc && mount --rbind /dev dev &&
		    mount -t tmpfs -o mode=755 tmpfs run &&
		    pivot_root . mnt && umount -l mnt || exit 99
		exec setpriv --reuid "$uid" --regid "$uid" --clear-groups \
		    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		    HOME="$([ "$uid" -eq 0 ] && echo /root || echo /home/u)" \
		    TERM=dumb "$@"
	' inside "$dir/rootfs" "$uid" "$@"
}

install_deb()
{
	cp "$dir"/deb/nono-sandbox_*.deb "$dir/rootfs/nono.deb" &&
	    inside 0 useradd -m -u 1000 u && inside 0 dpkg -i /nono.deb &&
	    rm "$dir/rootfs/nono.deb" &&
	    cp packaging/debian/tests/smoke "$dir/rootfs/usr/local/bin"
}

# What make install installs is in the package, compressed or not.
is_complete()
{
	make -s -C "$dir/again/$name" install DESTDIR="$dir/made" PREFIX=/usr ||
	    return
	(cd "$dir/made" && find . ! -type d) | while read -r file; do
		[ -e "$dir/rootfs/$file" ] || [ -L "$dir/rootfs/$file" ] ||
		    [ -e "$dir/rootfs/$file.gz" ] || echo "not in it: $file"
	done >"$dir/missing"
	cat "$dir/missing"
	[ ! -s "$dir/missing" ]
}

has_view()
{
	inside "$1" nono --dry-run true | grep '^view: a mount'
}

# The package gives way to one called nono, and is gone without a trace.
conflicts()
{
	mkdir -p "$dir/other/DEBIAN" &&
	    printf '%s\n' 'Package: nono' 'Version: 9' 'Architecture: all' \
	    'Maintainer: x <x@example.org>' 'Description: another' \
	    >"$dir/other/DEBIAN/control" &&
	    dpkg-deb -b "$dir/other" "$dir/rootfs/other.deb" || return
	if inside 0 dpkg -i /other.deb; then
		echo "installed beside a nono"
		return 1
	fi
	inside 0 dpkg -r nono-sandbox && inside 0 dpkg -i /other.deb &&
	    ! find "$dir/rootfs/usr/bin" "$dir/rootfs/usr/share" \
	    -name '*nono*' ! -path '*/lintian/*' | grep .
}

# The label that nono has may make a user namespace, that of nono-learn may
# not: its program of rules is that of a profile which does not mention them.
check_apparmor()
{
	mkdir -p "$dir/rootfs/aa" && cp packaging/apparmor/nono "$dir/rootfs/aa"
	cat >"$dir/rootfs/aa/without" <<-END
		abi <abi/4.0>,
		profile nono /usr/bin/nono flags=(unconfined) {
		}
		profile nono-learn /usr/bin/nono-learn flags=(unconfined) {
		}
	END
	inside 0 sh -c '
		cd /aa
		parse() {
			apparmor_parser -Q -K -S \
			    --kernel-features /etc/apparmor.d/abi/4.0 "$@"
		}
		parse nono >all || exit
		for p in nono nono-learn; do
			for f in nono without; do
				{
					echo "abi <abi/4.0>,"
					sed -n "/^profile $p /,/}/p" $f
				} >$f.$p
				parse $f.$p >$f.$p.out || exit
			done
		done
		! cmp nono.nono.out without.nono.out &&
		    cmp nono.nono-learn.out without.nono-learn.out
	'
}

# shellcheck disable=SC2154	# what APKBUILD sets
alpine()
{
	srcdir=$dir/alpine/src pkgdir=$dir/alpine/pkg
	mkdir -p "$srcdir" "$pkgdir" &&
	    tar -C "$srcdir" -xzf "$dir/$name.tar.gz" || return
	# shellcheck source=packaging/alpine/APKBUILD
	. "$dir/again/$name/packages/alpine/APKBUILD" || return
	cd "$builddir" || return
	CC=musl-gcc
	export CC
	build && check && package || return
	[ "$("$pkgdir/usr/bin/nono" --version)" = "nono $pkgver" ] || return
	for sub in $subpackages; do
		case $sub in
		*-completion) [ -d completions ] || continue ;;
		esac
		case $sub in
		*-doc) test=usr/share/man/man1/nono.1 ;;
		*-bash-completion) test=usr/share/bash-completion ;;
		*-zsh-completion) test=usr/share/zsh ;;
		*-fish-completion) test=usr/share/fish ;;
		*) echo "$sub?"; return 1 ;;
		esac
		[ -e "$pkgdir/$test" ] || { echo "$sub is empty"; return 1; }
	done
}

homebrew()
{
	mkdir -p "$dir/brew/test" "$dir/brew/prefix" &&
	    tar -C "$dir/brew" -xzf "$dir/$name.tar.gz" &&
	    ruby regress/formula.rb \
	    "$dir/again/$name/packages/homebrew/nono-sandbox.rb" \
	    "$dir/brew/$name" "$dir/brew/prefix" "$dir/brew/test"
}

make_image()
{
	mkdir "$dir/image" && cat >"$dir/image/Containerfile" <<-END &&
		FROM scratch
		ADD root.tar /
		WORKDIR /work
		ENTRYPOINT ["nono", "run", "--allow", "/work"]
	END
	    tar -C "$dir/rootfs" -cf "$dir/image/root.tar" --exclude=./dev \
	    --exclude=./var/cache --exclude=./var/lib/apt \
	    --exclude=./usr/share/doc --exclude=./usr/share/locale . &&
	    sh "$dir/podman/here" build -t nono "$dir/image"
}

# within WHO PROFILE [option ...] IMAGE ...: podman run.
within()
{
	who=$1 profile=$2
	shift 2
	[ "$profile" != strict ] ||
	    set -- --security-opt "seccomp=$dir/seccomp.json" "$@"
	sh "$dir/podman/here" run --rm --log-driver none \
	    --cgroup-parent "/${dir##*/}" --network none --no-hosts \
	    --user "$who:$who" --ulimit nofile=1000:1000 \
	    --ulimit nproc=1000:1000 "$@"
}

# plain|confined command ...: in the image without and with its entry point,
# which options for nono may be given before the command.
plain()
{
	# shellcheck disable=SC2086	# $mounts is a list of words
	within "$who" "$profile" $mounts --entrypoint '["env", "--"]' nono "$@"
}

confined()
{
	# shellcheck disable=SC2086
	within "$who" "$profile" $mounts nono "$@"
}

# refused [option ...] -- command ...: works in the container, not under nono,
# which did run it, or blocked it.
refused()
{
	(
		while [ "$1" != -- ]; do shift; done
		shift
		plain "$@"
	) || { echo "does not work without nono: $*"; return 1; }
	confined "$@" >"$dir/out" 2>"$dir/err"
	status=$?
	cat "$dir/out" "$dir/err"
	case $status in
	0|125|127) echo "exit $status: $*"; return 1 ;;
	esac
	! grep -q secret "$dir/out"
}

# A home as it might be mounted whole, in $dir/home.
make_home()
{
	rm -rf "${dir:?}/home"
	mkdir -p "$dir/home/.ssh" "$dir/home/.aws" "$dir/home/project" &&
	    for file in .ssh/id_ed25519 .aws/credentials .netrc \
	    .git-credentials .bashrc; do
		echo secret >"$dir/home/$file" || return
	done
	echo text >"$dir/home/project/file" && chown -R "$1:$1" "$dir/home"
}

# The whole of somebody's home is /work.
as_work()
{
	who=$1 profile=$2 mounts="-v $dir/home:/work"
	make_home "$who" || return
	for file in .ssh/id_ed25519 .aws/credentials .netrc .git-credentials
	do
		refused -- cat "/work/$file" &&
		    refused -- sh -c "echo x >>/work/$file" || return
	done
	confined -- cat project/file | grep -qx text &&
	    confined -- sh -c 'echo made >project/made' &&
	    [ "$(cat "$dir/home/project/made")" = made ] &&
	    [ "$(stat -c %u "$dir/home/project/made")" -eq "$who" ] &&
	    refused -- sh -c 'echo x >~/outside' &&
	    refused -n -- perl -MSocket -e \
	    'socket(S, PF_INET, SOCK_STREAM, 0) or exit 3' &&
	    confined -- perl -MSocket -e \
	    'socket(S, PF_INET, SOCK_STREAM, 0) or exit 3' &&
	    refused -- sh -c 'echo x >project/victim && rm project/victim' &&
	    confined -x rm -- rm project/made &&
	    [ ! -e "$dir/home/project/made" ]
}

# The home is where it is outside, and granted; /work is a project.
as_home()
{
	who=$1 profile=$2
	make_home "$who" || return
	mounts="-v $dir/home:/home/me -e HOME=/home/me -v $dir/home/project:/work"
	for file in .ssh/id_ed25519 .aws/credentials .netrc .bashrc; do
		# denied beneath a grant, and without one
		refused -r /home/me -- cat "/home/me/$file" &&
		    refused -- cat "/home/me/$file" || return
	done
	confined -r /home/me -- cat /home/me/project/file | grep -qx text &&
	    refused -- cat /home/me/.bashrc &&
	    confined -- sh -c 'echo made >made' &&
	    [ "$(cat "$dir/home/project/made")" = made ]
}

# Whether nono has a view there, so that the container is what it is said to
# be: with Docker's profile there is none, nor for root, who may not mount.
sees()
{
	who=$1 profile=$2 mounts=
	confined --dry-run -- true >"$dir/policy" &&
	    grep '^view: ' "$dir/policy" | head -n 1
	case $who:$profile in
	0:*|*:strict) grep '^view: none' "$dir/policy" ;;
	*) grep '^view: a mount' "$dir/policy" ;;
	esac
}

is "the tarball is the same from git and from itself" make_tarball || exit 1
is "Debian's package is built" make_deb "$CHECK" "$dir/deb" || exit 1
is "it is built again" make_deb no "$dir/deb2" &&
    is "and is the same" same_debs
is "lintian finds nothing" is_lintian_clean
is "Ubuntu's package has the AppArmor profile" make_ubuntu_deb
is "the packages of other systems are filled in" \
    make -s -C "$dir/again/$name" packages SITE=https://example.org/nono
is "Alpine's functions build, check and package" alpine
is "Homebrew's formula installs and passes its test" homebrew

is "$suite is set up" make_root || exit 1
is "the package is installed there" install_deb || exit 1
is "all is in it that make install installs" is_complete
for uid in 0 1000; do
	is "uid $uid: nono makes a private view there" has_view $uid
	is "uid $uid: the smoke test there" inside $uid /usr/local/bin/smoke
done
if inside 0 apparmor_parser --version 2>/dev/null | grep -q ' [4-9]\.'; then
	is "AppArmor: nono has user namespaces, nono-learn not" check_apparmor
else
	echo "not checked: the AppArmor profile, which needs AppArmor 4"
fi

# vfs copies the image for each container
grep -q 'overlay$' /proc/filesystems && driver=overlay || driver=vfs
make_podman $driver && docker_profile >"$dir/seccomp.json" || exit 1
is "an image with nono as entry point is made" make_image || exit 1
for uid in 0 1000; do
	for how in default strict; do
		in="uid $uid in a container, $how seccomp profile"
		is "$in: as expected" sees $uid $how
		is "$in: a home on /work" as_work $uid $how
		is "$in: a home beside /work" as_home $uid $how
	done
done
is "the package conflicts with nono, and is removed whole" conflicts

echo "packages: $failed failed"
[ "$failed" -eq 0 ]
