#!/bin/sh
# Makes a directory that is not in one for temporary files, where everything
# may write and nothing can be denied, and prints its name.

for base in "$NONO_TESTBASE" "$(dirname "$0")" "$HOME" /srv /home /; do
	[ -n "$base" ] && base=$(cd "$base" 2>/dev/null && pwd -P) || continue
	for temp in /tmp /var/tmp /dev/shm "$TMPDIR"; do
		case $base/ in
		"${temp:-/tmp}"/*) continue 2 ;;
		esac
	done
	dir=$(mktemp -d "${base%/}/nono-test.XXXXXX" 2>/dev/null) || continue
	chmod 755 "$dir"
	echo "$dir"
	exit 0
done
echo "no directory outside /tmp to work in; set NONO_TESTBASE" >&2
exit 1
