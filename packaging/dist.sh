#!/bin/sh
# dist.sh NAME: makes NAME.tar.gz of what is committed, or, in an unpacked
# tarball, of what is there but for what make builds; the same bytes each time.
#
# SOURCE_DATE_EPOCH	the time that all files in it get, else that of the
#			commit or of the newest file
# TAR			GNU tar, if it has another name

cd "$(dirname "$0")/.." || exit 1
name=$1
tar=${TAR:-tar}
LC_ALL=C
export LC_ALL
if ! "$tar" --version 2>/dev/null | grep -q GNU; then
	echo "dist: $tar is not GNU tar; set TAR" >&2
	exit 1
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
mkdir "$dir/$name" || exit 1

if [ -e .git ]; then
	git diff --quiet HEAD ||
	    echo "dist: warning: what is not committed is not in it" >&2
	git archive -o "$dir/tar" HEAD && time=@$(git log -1 --format=%ct) ||
	    exit 1
	"$tar" -C "$dir/$name" -xf "$dir/tar" || exit 1
else
	"$tar" -cf "$dir/tar" --exclude='./nono-*.tar.gz*' \
	    --exclude='nono-test.*' . &&
	    "$tar" -C "$dir/$name" -xf "$dir/tar" &&
	    "${MAKE:-make}" -s -C "$dir/$name" clean || exit 1
	# a name with a slash means the time of that file
	# shellcheck disable=SC2012	# our own names
	time=$(find "$dir/$name" -type f -exec ls -t {} + | sed -n 1p)
fi
[ -z "$SOURCE_DATE_EPOCH" ] || time=@$SOURCE_DATE_EPOCH

"$tar" -C "$dir" -cf "$dir/tar" --format=ustar --sort=name --mtime="$time" \
    --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "$name" &&
    gzip -9n <"$dir/tar" >"$dir/gz" && cp "$dir/gz" "$name.tar.gz"
