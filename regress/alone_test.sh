#! /usr/bin/env -S atf-sh -s /bin/sh
# What would disturb the other tests: these are run while no others are.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

test_case made_anew "sockets that are made anew while they are covered"
made_anew_body()
{
	needs python3
	setup
	python3 -c '
import os, socket, sys
kept = {}
while os.path.exists(sys.argv[1]):
    for i in range(8):
        path = sys.argv[1] + "/socket%d" % i
        if os.path.exists(path):
            os.unlink(path)
        kept[i] = socket.socket(socket.AF_UNIX)
        kept[i].bind(path)
        kept[i].listen(1)' "$TMPDIR" &
	n=0
	cd "$HOME" || atf_fail cd
	while [ $((n += 1)) -le 100 ]; do
		"$NONO" -s true 2>"$T/err" ||
		    grep -q "open: No such file" "$T/err" || break
	done
	kill $!
	[ $n -eq 101 ] || fail "refused, in round $n: $(cat "$T/err")"
}
