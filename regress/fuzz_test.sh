#! /usr/bin/env -S atf-sh -s /bin/sh
# The targets of fuzz.sh for a few seconds, and their seeds without libFuzzer.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# The same in each way in which nono can find itself started.
once()
{
	case ${NONO_WAY:-native} in
	native)	;;
	*)	atf_skip "is done natively" ;;
	esac
	setup
	cd "$SRC/.." || atf_fail "no sources"
}

# build: each target without libFuzzer, as $T/NAME; their names in $targets.
build()
{
	needs cc
	targets=$(sh regress/fuzzers.sh)
	for name in $targets; do
		# shellcheck disable=SC2046	# a list of files
		cc -std=c11 -D_GNU_SOURCE -I. -Iregress -g -O1 -w \
		    -o "$T/$name" "regress/fuzz_$name.c" regress/fuzz_main.c \
		    $(sh regress/fuzzers.sh "$name") >"$T/out" 2>&1 ||
		    fail "$(cat "$T/out")"
	done
}

test_case seeds "each seed, and each beginning of one, does as it should"
seeds_body()
{
	once
	build
	for name in $targets; do
		"$T/$name" "$PWD/regress/corpus/$name"/* >"$T/out" 2>&1 ||
		    fail "$name: $(cat "$T/out")"
	done
}

test_case valgrind "valgrind finds nothing in the policy and the options"
valgrind_body()
{
	once
	needs valgrind
	build
	for name in $targets; do
		valgrind -q --error-exitcode=9 "$T/$name" \
		    "$PWD/regress/corpus/$name"/* >"$T/out" 2>&1 ||
		    fail "$name: $(cat "$T/out")"
	done
	# without what sanitizers may have put into it
	cc -std=c11 -D_GNU_SOURCE -I. -g -O1 -w -o "$T/decide_test" \
	    regress/decide_test.c regress/stub.c util.c policy.c path.c blocklist.c \
	    -latf-c >"$T/out" 2>&1 || fail "$(cat "$T/out")"
	for case in order component decide choices tables; do
		valgrind -q --error-exitcode=9 --leak-check=full \
		    "$T/decide_test" -r "$T/result" -s regress $case \
		    >"$T/out" 2>&1 || fail "$case: $(cat "$T/out")"
	done
}

test_case short "a few seconds of fuzzing find nothing"
short_body()
{
	once
	needs clang
	FUZZ_DIR="$T/fuzz" sh regress/fuzz.sh 6 >"$T/out" 2>&1 ||
	    fail "$(cat "$T/out")"
	for name in $(sh regress/fuzzers.sh); do
		grep -q "^fuzz: $name: [1-9][0-9]* runs$" "$T/out" ||
		    fail "$(cat "$T/out")"
	done
}
