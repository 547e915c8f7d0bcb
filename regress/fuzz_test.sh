#! /usr/bin/env -S atf-sh -s /bin/sh
# The targets of fuzz.sh for a few seconds, and their seeds without libFuzzer.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

test_case seeds "each seed, and each beginning of one, does as it should"
seeds_body()
{
	setup
	cd "$SRC/.." || atf_fail "no sources"
	needs cc
	for file in regress/fuzz_*.c; do
		name=${file#regress/fuzz_}
		name=${name%.c}
		[ "$name" != main ] || continue
		# shellcheck disable=SC2046	# a list of files
		cc -std=c11 -D_GNU_SOURCE -I. -Iregress -g -O1 -w \
		    -o "$T/$name" "$file" regress/fuzz_main.c \
		    $(sed -n 's/^ \* with: //p' "$file") >"$T/out" 2>&1 ||
		    fail "$(cat "$T/out")"
		"$T/$name" "$PWD/regress/corpus/$name"/* >"$T/out" 2>&1 ||
		    fail "$name: $(cat "$T/out")"
	done
}

test_case short "a few seconds of fuzzing find nothing"
short_body()
{
	setup
	needs clang
	FUZZ_DIR="$T/fuzz" sh "$SRC/fuzz.sh" 6 >out 2>&1 || fail "$(cat out)"
	[ "$(grep -c '^fuzz: .*[1-9][0-9]* runs$' out)" -ge 3 ] ||
	    fail "$(cat out)"
}
