#!/bin/sh
# What checkers say of the sources; silent when they say nothing.  A checker
# that is not installed is named and passed over.

cd "$(dirname "$0")/.." || exit 1
failed=0
flags="-std=c11 -D_GNU_SOURCE -I. -isystem regress/stub"
warn="-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Werror"

run()
{
	if ! command -v "$1" >/dev/null; then
		echo "lint: $1 is not installed"
		return
	fi
	"$@" || { echo "lint: failed: $1"; failed=1; }
}

make -s filter.h calls.h profiledir.h || exit 1
for c in *.c regress/*.c; do
	# shellcheck disable=SC2086	# lists of words
	for cc in gcc clang; do
		run $cc $flags $warn -O2 -fsyntax-only "$c"
	done
done

# each program ...: for each source, as many at a time as there are processors;
# {} is the source.
each()
{
	command -v "$1" >/dev/null || { echo "lint: $1 is not installed"; return; }
	printf '%s\n' ./*.c regress/*.c |
	    xargs -P "$(getconf _NPROCESSORS_ONLN)" -I {} "$@" ||
	    { echo "lint: failed: $1"; failed=1; }
}

# what is not freed lives until the exec, or until a test ends
# shellcheck disable=SC2086
each gcc $flags -O2 -fanalyzer -Wno-analyzer-malloc-leak -Werror -c \
    -o /dev/null {}
# its exceptions are in .clang-tidy; what it counts goes to standard error
# shellcheck disable=SC2086
each clang-tidy --quiet {} -- $flags 2>/dev/null

# filter.h asks which architecture this is
run cppcheck --quiet --std=c11 --library=gnu --library=bsd --error-exitcode=1 --inline-suppr \
    --enable=warning,performance,portability --suppress=missingIncludeSystem \
    --suppress=preprocessorErrorDirective \
    -D_GNU_SOURCE -D__linux__ '-DVERSION="lint"' -I. ./*.c regress/*.c
run mandoc -Tlint -Wwarning nono.1
run shellcheck -S warning -s sh regress/*.sh packaging/*.sh \
    packaging/debian/tests/smoke .ci/run
if command -v bmake >/dev/null; then
	bmake -n all >/dev/null || failed=1
fi
exit $failed
