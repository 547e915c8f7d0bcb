#!/bin/sh
# fuzz.sh [seconds [target ...]]: each target, fuzz_*.c, with libFuzzer, its
# seeds in corpus/, and the address and undefined behaviour sanitizers; all
# together for about that many seconds, 240 unless told.
#
# A target names what it is linked with, as far as that is there, in a line
# " * with: files"; without the first of them there is no target.  What makes one
# fail is kept in FUZZ_DIR, and the command that shows it is printed.

cd "$(dirname "$0")/.." || exit 1
seconds=${1:-240}
[ $# -eq 0 ] || shift
if ! command -v clang >/dev/null; then
	echo "fuzz.sh: no clang" >&2
	exit 1
fi
# shellcheck disable=SC2046	# a list of words
[ $# -gt 0 ] || set -- $(sh regress/fuzzers.sh)
dir=${FUZZ_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/nono-fuzz.XXXXXX")} || exit 1
trap 'exit 1' INT TERM
# nono frees nothing that lives until the exec
export ASAN_OPTIONS=detect_leaks=0 TMPDIR="$dir"

each=$((seconds / $#))
[ $each -gt 0 ] || each=1
for name; do
	mkdir -p "$dir/$name.corpus" || exit 1
	# shellcheck disable=SC2046	# a list of files
	clang -std=c11 -D_GNU_SOURCE -I. -Iregress -g -O1 -w \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -o "$dir/$name" "regress/fuzz_$name.c" \
	    $(sh regress/fuzzers.sh "$name") || exit 1
	# what is not freed is, by starting again now and then
	end=$(($(date +%s) + each))
	runs=0
	while left=$((end - $(date +%s))); [ $left -gt 0 ]; do
		if ! "$dir/$name" -runs=40000 -max_total_time=$left \
		    -max_len=512 -timeout=20 -rss_limit_mb=4096 \
		    -print_final_stats=1 -artifact_prefix="$dir/$name." \
		    "$dir/$name.corpus" "$PWD/regress/corpus/$name" \
		    >"$dir/$name.log" 2>&1 </dev/null; then
			grep -m 5 -e ERROR -e 'runtime error' -e '#[0-6] ' \
			    "$dir/$name.log"
			echo "fuzz: $name failed; see $dir/$name.log; again:" \
			    "ASAN_OPTIONS=detect_leaks=0 $dir/$name" \
			    "$(ls "$dir/$name".[clots]*-*)"
			exit 1
		fi
		runs=$((runs + $(sed -n 's/.*executed_units: *//p' \
		    "$dir/$name.log")))
	done
	echo "fuzz: $name: $runs runs"
done
[ -n "${FUZZ_DIR-}" ] || rm -rf "$dir"
