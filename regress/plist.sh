#!/bin/sh
# Prints what packaging/openbsd/pkg/PLIST is to hold: what make install
# installs on OpenBSD.  Needs GNU make, to install without building.

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
tar -C "$top" -cf - --exclude=.git --exclude='nono-test.*' --exclude=./deb \
    --exclude=./packages . | (mkdir "$dir/tree" && tar -C "$dir/tree" -xf -) &&
    cd "$dir/tree" && touch nono &&
    make -s -o all install BACKEND=openbsd DESTDIR="$dir/root" \
    PREFIX=/usr/local MANDIR=/usr/local/man >&2 &&
    cd "$dir/root/usr/local" || exit 1

# pkg_add knows the other files and directories by their names
echo "@conflict nono-*"
{
	find . ! -type d
	find . -mindepth 1 -type d | sed 's|$|/|'
} | sed 's|^\./||' | LC_ALL=C sort |
    sed -e '\|^bin/$|d; \|^man/$|d; \|^man/man1/$|d; \|^share/$|d' \
    -e 's|^bin/.|@bin &|' -e 's|^man/man1/.|@man &|'
