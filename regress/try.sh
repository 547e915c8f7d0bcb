#!/bin/sh
# make try: nono at its main job, on its own sources, in a home of its own.
# Each line shows a command, what it did, and whether that was to be expected.

top=$(cd "$(dirname "$0")/.." && pwd -P)
nono=$top/nono
dir=$(sh "$top/regress/workdir.sh") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
status=0

HOME=$dir/home
export HOME
mkdir -p "$HOME/.ssh" "$HOME/.aws" "$HOME/project"
echo "the private key" >"$HOME/.ssh/id_ed25519"
echo "the secret" >"$HOME/.aws/credentials"
cp "$top"/*.[ch1] "$top/Makefile" "$HOME/project"
cd "$HOME/project" || exit 1
rm -f filter.h

# yes|no command: it is to succeed, or to fail
expect()
{
	expected=$1
	shift
	echo "\$ $*" | sed "s|$nono|nono|g; s|$HOME|~|g"
	if sh -c "$*" >"$dir/out" 2>&1; then got=yes; else got=no; fi
	tail -n 2 "$dir/out" | sed "s|$HOME|~|g; s/^/    /"
	[ $got = "$expected" ] && return
	echo "    *** that was not to be expected ***"
	status=1
}

echo "--- work: the project may be read and written, and nothing else"
expect yes "$nono -a . -x rm make CFLAGS=-O1"
expect yes "$nono -a . ./nono --version"
if command -v git >/dev/null; then
	expect yes "$nono -a . git init -q . && $nono -a . git add Makefile &&
	    $nono -a . git -c user.name=me -c user.email=me@localhost commit \
	    -q -m first && $nono -r . git log --oneline"
fi
echo "--- credentials, even with the whole home granted"
expect yes "cat ~/.ssh/id_ed25519"
expect no "$nono -a . cat ~/.ssh/id_ed25519"
expect no "$nono -s -a ~ cat ~/.ssh/id_ed25519 ~/.aws/credentials"
expect yes "$nono -s -a ~ -r ~/.ssh/id_ed25519 cat ~/.ssh/id_ed25519"
echo "--- the rest of the system"
expect no "$nono -a . sh -c 'echo >~/elsewhere'"
expect no "$nono -r . sh -c 'echo >here'"
echo "--- destructive commands, however they are reached"
expect no "$nono -a . rm -rf ~"
expect no "$nono -a . sh -c 'find . -name \\*.o | xargs rm'"
echo "--- network"
open="perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0) or die \$!'"
expect yes "$nono -a . $open"
expect no "$nono -n -a . $open"
exit $status
