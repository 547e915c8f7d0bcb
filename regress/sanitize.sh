#!/bin/sh
# sanitize.sh: the whole suite with the address and undefined behaviour
# sanitizers in all programs, nono as well as the tests', in a copy of the tree.

cd "$(dirname "$0")/.." || exit 1
dir=$(sh regress/workdir.sh) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
tar -cf - --exclude=.git --exclude='nono-test.*' . |
    tar -C "$dir" -xf - || exit 1
cd "$dir" || exit 1
make -s clean && ${CC:-cc} -c -o regress/sanitize.o regress/sanitize.c &&
    make -s test CFLAGS="-O1 -g -fsanitize=address,undefined \
    -fno-sanitize-recover=all -fno-omit-frame-pointer" \
    LDFLAGS="$dir/regress/sanitize.o"
