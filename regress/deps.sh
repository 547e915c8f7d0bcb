#!/bin/sh
# deps.sh build|test ...: install the Debian or Ubuntu packages that are
# missing for that, through sudo when not root.  Does nothing when none is.

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
		command	cmake			cmake
		command	cppcheck		cppcheck
		command	expect			expect
		command	fish			fish
		command	gcc			gcc
		command	gdb			gdb
		command	git			git
		command	mandoc			mandoc
		command	node			nodejs
		command	npm			npm
		command	podman			podman
		command	pytest			python3-pytest
		command	python3			python3
		command	runc			runc
		command	setpriv			util-linux
		command	shellcheck		shellcheck
		command	ssh-agent		openssh-client
		command	strace			strace
		command	tmux			tmux
		command	vim			vim
		command	zsh			zsh
		file	/usr/lib/postgresql/*/bin/initdb	postgresql
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
# shellcheck disable=SC2086	# a list of words
set -- $missing
[ $# -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "deps.sh: please install: $*" >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "deps.sh: neither root nor sudo; please install: $*" >&2
		exit 1
	fi
	echo "installing through sudo: $*"
	sudo=sudo
fi
${sudo-} apt-get update -q &&
    ${sudo-} env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "$@"
