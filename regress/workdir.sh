#!/bin/sh
# Makes a directory that the tables grant nothing of, neither as a system's
# nor for temporary files, and prints its name.

for base in "$NONO_TESTBASE" "$(dirname "$0")" "$HOME" /srv /home /; do
	[ -n "$base" ] && base=$(cd "$base" 2>/dev/null && pwd -P) || continue
	for granted in /tmp /var/tmp /dev /usr /opt /etc /nix /gnu /snap \
	    /proc /sys "${TMPDIR:-/tmp}"; do
		case $base/ in
		"$granted"/*) continue 2 ;;
		esac
	done
	dir=$(mktemp -d "${base%/}/nono-test.XXXXXX" 2>/dev/null) || continue
	chmod 755 "$dir"
	echo "$dir"
	exit 0
done
echo "no directory to work in that is not granted anyway, as /tmp and /opt" \
    "are; set NONO_TESTBASE" >&2
exit 1
