#!/bin/sh
# Runs the tests by Kyua as the calling user, and counts.  A skip that is not
# in skips.txt is a failure.

cd "$(dirname "$0")" || exit 1
if ! command -v kyua >/dev/null; then
	echo "make test needs kyua and atf-sh; make verify installs them" >&2
	exit 1
fi

NONO_TESTDIR=$(sh workdir.sh) || exit 1
export NONO_TESTDIR
cleanup()
{
	cd /
	chmod -R u+rwX "$NONO_TESTDIR"
	rm -rf "$NONO_TESTDIR"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# A copy is tested, for the sources may lie in /tmp, where no right can be less.
results=$NONO_TESTDIR/results
mkdir "$results" "$NONO_TESTDIR/tree"
tar -C .. -cf - --exclude=.git --exclude='nono-test.*' . |
    tar -C "$NONO_TESTDIR/tree" -xf - || exit 1
cd "$NONO_TESTDIR/tree/regress" || exit 1
kyua -v parallelism="${NONO_JOBS:-2}" test -k Kyuafile \
    --results-file="$results/kyua.db" "$@" >"$results/log" 2>&1
status=$?
grep -v -e '->  passed' -e '^$' "$results/log"
kyua report --results-file="$results/kyua.db" --verbose \
    --results-filter=broken,failed,skipped >"$results/report" 2>&1
[ $status -eq 0 ] || cat "$results/report"

passed=$(grep -c -e '->  passed' -e '->  expected_failure' "$results/log")
failed=$(grep -c -e '->  failed' -e '->  broken' "$results/log")
skipped=0
while read -r name reason; do
	[ -n "$name" ] || continue
	skipped=$((skipped + 1))
	if ! grep -v '^#' skips.txt | grep -qxF "$name"; then
		echo "unexpected skip: $name $reason"
		[ -z "$CI" ] || failed=$((failed + 1))
	fi
done <<-END
	$(sed -n 's/^\([^ ]*\)  ->  skipped: \(.*\)/\1 \2/p' "$results/log")
END
echo "as $(id -un): $passed passed, $failed failed, $skipped skipped"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ] && [ $status -eq 0 ]
