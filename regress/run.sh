#!/bin/sh
# Runs the tests by Kyua as the calling user, and counts.  A skip that is not
# in skips.txt is a failure.
#
# NONO_WAY	the way in which they are run; ways.sh has them
# NONO_JOBS	how many at a time

cd "$(dirname "$0")" || exit 1
if ! command -v kyua >/dev/null; then
	echo "make test needs kyua and atf-sh; make verify installs them" >&2
	exit 1
fi

# in a directory that is no mount point nobody may mount anything
if [ "${NONO_WAY:=native}" = native ] && ! mountpoint -q /; then
	NONO_WAY=chroot
fi

NONO_TESTDIR=$(sh workdir.sh) || exit 1
export NONO_TESTDIR NONO_WAY
cleanup()
{
	cd /
	chmod -R u+rwX "$NONO_TESTDIR"
	rm -rf "$NONO_TESTDIR"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

NONO_ABI=$("${NONO:-../nono}" -s --dry-run true |
    sed -n 's/^landlock: ABI //p')
if [ -z "$NONO_ABI" ]; then
	echo "no Landlock here, or no nono; make builds that" >&2
	exit 1
fi
export NONO_ABI

# A copy is tested, for the sources may lie in /tmp, where no right can be less.
results=$NONO_TESTDIR/results
mkdir "$results" "$NONO_TESTDIR/tree"
tar -C .. -cf - --exclude=.git --exclude='nono-test.*' . |
    tar -C "$NONO_TESTDIR/tree" -xf - || exit 1
cd "$NONO_TESTDIR/tree/regress" || exit 1
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null)
kyua -v parallelism="${NONO_JOBS:-${jobs:-2}}" test -k Kyuafile \
    --results-file="$results/kyua.db" "$@" >"$results/log" 2>&1 </dev/null
status=$?
passed=$(grep -c -e '->  passed' -e '->  expected_failure' "$results/log")
failed=$(grep -c -e '->  failed' -e '->  broken' "$results/log")

# A few may have met what else the machine does, for what is raced and timed
# is not always so: what passes alone is named, and has passed.
if [ "$failed" -gt 0 ] && [ "$failed" -le 3 ]; then
	for name in $(sed -n '/^$/q; s/  ->  failed.*//p; s/  ->  broken.*//p' \
	    "$results/log"); do
		rm -f "$results/again.db"
		kyua test -k Kyuafile --results-file="$results/again.db" \
		    "$name" >"$results/again" 2>&1 </dev/null || continue
		grep -q -e '->  passed' -e '->  expected_failure' \
		    "$results/again" || continue
		echo "passed when run again, alone: $name"
		grep "^$name  ->" "$results/log" | cut -c 1-300
		failed=$((failed - 1))
		passed=$((passed + 1))
		sed -i "s|^\($name  -> \) .*|\1 passed|" "$results/log"
	done
	[ "$failed" -gt 0 ] || status=0
fi

# What failed, and the beginning of what the first few of them said.
grep -q '  ->  ' "$results/log" || cat "$results/log"
sed -n '/^$/q; /->  failed/p; /->  broken/p' "$results/log" | cut -c 1-300
kyua report --results-file="$results/kyua.db" --verbose \
    --results-filter=broken,failed 2>/dev/null | awk '
    function show(i) {
	if (n > 0 && ++shown <= 5) {
		print "--- " test " said:"
		for (i = 1; i <= n; i++)
			print substr(line[i], 1, 200)
	}
	n = 0
    }
    /^===> / { show(); test = $2; on = 0; next }
    /^Standard output:$/ { on = 0; next }
    /^Standard error:$/ { on = 1; next }
    on && NF > 0 && n < 8 { line[++n] = $0 }
    END { show() }'

# skips.txt: a test, the ways in which it may be skipped, the reason
may_skip()
{
	awk -v test="$1" -v way="${NONO_WAY%[0-9]}" '
	    $1 == test && ($2 == "any" || index("," $2 ",", "," way ",")) {
		found = 1
	    }
	    END { exit !found }' skips.txt
}

skipped=0
while read -r name reason; do
	[ -n "$name" ] || continue
	skipped=$((skipped + 1))
	if ! may_skip "$name"; then
		echo "unexpected skip: $name $reason"
		[ -z "$CI" ] || failed=$((failed + 1))
	fi
done <<-END
	$(sed -n 's/^\([^ ]*\)  ->  skipped: \(.*\)/\1 \2/p' "$results/log")
END
# kyua itself failed
[ $status -eq 0 ] && [ "$passed" -gt 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "as $(id -un)${NONO_WAY:+, $NONO_WAY}: $passed passed, $failed failed," \
    "$skipped skipped"
[ "$failed" -eq 0 ]
