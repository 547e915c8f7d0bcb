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
	targets=
	for file in regress/fuzz_*.c; do
		name=${file#regress/fuzz_}
		name=${name%.c}
		[ "$name" != main ] || continue
		# shellcheck disable=SC2046	# a list of files
		cc -std=c11 -D_GNU_SOURCE -I. -Iregress -g -O1 -w \
		    -o "$T/$name" "$file" regress/fuzz_main.c \
		    $(sed -n 's/^ \* with: //p' "$file") >"$T/out" 2>&1 ||
		    fail "$(cat "$T/out")"
		targets="$targets $name"
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
	for case in order component decide choices tables; do
		valgrind -q --error-exitcode=9 --leak-check=full \
		    regress/decide_test -r "$T/result" -s regress $case \
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
	for file in regress/fuzz_*.c; do
		name=${file#regress/fuzz_}
		[ "$name" = main.c ] ||
		    grep -q "^fuzz: ${name%.c}: [1-9][0-9]* runs$" "$T/out" ||
		    fail "$(cat "$T/out")"
	done
}
