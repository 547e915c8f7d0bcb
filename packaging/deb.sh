#!/bin/sh
# deb.sh TARBALL DIR: builds the Debian package in DIR, which it makes, of the
# tarball that make dist made.  Needs what packaging/debian/control lists.

tarball=$1 dir=$2
name=$(basename "$tarball" .tar.gz)
mkdir -p "$dir" &&
    cp "$tarball" "$dir/nono-sandbox_${name#nono-}.orig.tar.gz" &&
    tar -C "$dir" -xzf "$tarball" || exit 1
cd "$dir/$name" && cp -R packaging/debian debian || exit 1
exec dpkg-buildpackage -us -uc
