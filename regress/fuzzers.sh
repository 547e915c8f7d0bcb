#!/bin/sh
# fuzzers.sh [target]: the targets of fuzz.sh that there are, or the files that
# one is to be linked with.

cd "$(dirname "$0")/.." || exit 1
if [ $# -eq 1 ]; then
	for file in $(sed -n 's/^ \* with: //p' "regress/fuzz_$1.c"); do
		[ ! -e "$file" ] || echo "$file"
	done
	exit
fi
for file in regress/fuzz_*.c; do
	first=$(sed -n 's/^ \* with: \([^ ]*\).*/\1/p' "$file")
	name=${file#regress/fuzz_}
	[ -z "$first" ] || [ ! -e "$first" ] || echo "${name%.c}"
done
