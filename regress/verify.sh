#!/bin/sh
# Everything: checkers, then the tests as the calling user, and as root and an
# unprivileged user where the caller is root or may become it.

cd "$(dirname "$0")/.." || exit 1
status=0
out=$(mktemp) || exit 1
dir=
cleanup()
{
	rm -f "$out"
	[ -z "$dir" ] || rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

make all regress/probe regress/decide_test || exit 1
make lint || status=1
sh regress/try.sh || status=1

tests()
{
	"$@" 2>&1 | tee -a "$out"
}

tests sh regress/run.sh
if [ "$(id -u)" -eq 0 ]; then
	# a copy, for the tree may lie where others cannot look
	dir=$(cd / && NONO_TESTBASE=/srv sh "$OLDPWD/regress/workdir.sh") ||
	    exit 1
	tar -cf - --exclude=.git . |
	    tar -xf - -C "$dir" && chown -R nobody "$dir"
	group=$(id -g nobody)
	tests setpriv --reuid nobody --regid "$group" --clear-groups \
	    env -i PATH="$PATH" CI="${CI-}" HOME="$dir" NONO_TESTBASE="$dir" \
	    sh "$dir/regress/run.sh"
elif command -v sudo >/dev/null && sudo true; then
	tests sudo env CI="${CI-}" sh regress/run.sh
else
	echo "not root, and no sudo: the tests were not run as root"
	status=1
fi

awk -v runs=2 '
    / passed, .* failed, .* skipped$/ {
	n++; p += $(NF - 5); f += $(NF - 3); s += $(NF - 1)
    }
    END {
	if (n < runs) f++
	printf "%d passed, %d failed, %d skipped\n", p, f, s
	exit f > 0 || p == 0
    }' "$out" || status=1
exit $status
