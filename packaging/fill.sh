#!/bin/sh
# fill.sh VERSION SITE DIR: fills the version, the place of the tarball (SITE
# is the URL of the directory) and its checksums into the packages of other
# systems, in DIR.  The tarball cannot hold its own checksum, so they are here
# with a word between @ in its place.

version=$1 site=${2%/} dir=$3
cd "$(dirname "$0")" || exit 1
tarball=nono-$version.tar.gz
case $site in
*://*[!\ \"\'\\\|\&]*) ;;
*)	echo "fill: SITE is to be the URL where $tarball is published" >&2
	exit 1 ;;
esac
digest()
{
	openssl dgst "-$1" -r <"../$tarball" | cut -d ' ' -f 1
}
sha256=$(digest sha256) && sha512=$(digest sha512) &&
    base64=$(openssl dgst -sha256 -binary <"../$tarball" | openssl base64) &&
    [ -n "$sha256" ] && [ -n "$sha512" ] && [ -n "$base64" ] || exit 1
size=$(($(wc -c <"../$tarball")))

for file in homebrew/nono-sandbox.rb alpine/APKBUILD openbsd/Makefile \
    openbsd/pkg/DESCR openbsd/pkg/PLIST; do
	mkdir -p "$dir/$(dirname $file)" &&
	    sed "s|@VERSION@|$version|g; s|@SITE@|$site|g
		s|@SHA256@|$sha256|g; s|@SHA512@|$sha512|g" \
		$file >"$dir/$file" || exit 1
done
cat >"$dir/openbsd/distinfo" <<-END
	SHA256 ($tarball) = $base64
	SIZE ($tarball) = $size
END
