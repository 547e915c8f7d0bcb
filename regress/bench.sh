#!/bin/sh
# make bench: what a start costs, against env(1) in the same run.

cd "$(dirname "$0")/.." || exit 1
dir=$(sh regress/workdir.sh) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
rounds=${ROUNDS:-500}

${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -o "$dir/bench" regress/bench.c || exit 1
cp nono "$dir/nono"
mkdir "$dir/static" "$dir/home" "$dir/home/.config"
cp ./*.[ch] Makefile "$dir/static"
(cd "$dir/static" && make -s STATIC=1 nono) &&
    cp "$dir/static/nono" "$dir/nono-static"

# nono with nothing to carve, with blocked commands carved, and its like
bench()
{
	set -- "env true" "env true" \
	    "nono -x * true" "$dir/nono -s -x * true" \
	    "nono true (carves PATH)" "$dir/nono -s true"
	[ ! -x "$dir/nono-static" ] || set -- "$@" \
	    "nono -x * true, STATIC=1" "$dir/nono-static -s -x * true"
	[ -z "$bwrap" ] || set -- "$@" "bwrap true" "$bwrap \
	    --ro-bind / / --dev /dev --proc /proc --bind $dir $dir true"
	# shellcheck disable=SC2086	# a list of words
	$as "$dir/bench" "$rounds" "$@"
}

bwrap=$(command -v bwrap)
as=
export PATH=/usr/bin:/bin
uname -srm
echo "as $(id -un):"
bench
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	as="setpriv --reuid nobody --regid $(id -g nobody) --clear-groups"
	chown -R nobody "$dir"
	HOME=$dir/home
	export HOME
	echo "as nobody:"
	bench
fi
