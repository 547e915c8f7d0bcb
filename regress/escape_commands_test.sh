#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes by commands: those that run others later or elsewhere, and blocked
# ones by other ways than in commands_test.sh and covered_test.sh.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# Commands that queue what they are given, in a spool that is no grant.
test_case later "crontab, at and their like queue nothing"
later_body()
{
	prepare() {
		rm -rf "$T/spool"
		mkdir -p "$T/spool" "$T/bin"
		for _name in crontab at batch systemd-run systemctl run0; do
			printf '#!/bin/sh\ncat >%s/job\n' "$T/spool" \
			    >"$T/bin/$_name"
			chmod 755 "$T/bin/$_name"
		done
	}
	setup
	prepare
	PATH=$T/bin:$PATH
	for name in crontab at batch systemd-run systemctl run0; do
		set -- -s -a . -r "$T/bin"
		for act in "echo evil | $name" "echo evil | env $name" \
		    "echo evil | '$T/bin/$name'" "echo evil | sh '$T/bin/$name'" \
		    "cp '$T/bin/$name' mine; echo evil | sh mine"; do
			refused "$@" -- sh -c "$act"
			[ ! -e "$T/spool/job" ] || fail "queued: $act"
		done
		# allowed, it still writes no spool
		refused "$@" -x '*' -- sh -c "echo evil | $name"
		[ ! -e "$T/spool/job" ] || fail "queued: -x $name"
		status 126 "$name: blocked" "$@" -- $name
	done
}

# A file to delete, remade before each attempt.
things()
{
	prepare() {
		mkdir -p sub
		rm -f sub/*
		echo text >file
	}
	setup
	prepare
	rm=$(realpath "$(command -v rm)")
}

# spared OPTIONS command ...: deletes the file outside, and does not inside.
spared()
{
	prepare
	"$@" >out 2>err
	[ ! -e file ] || fail "does not delete outside: $*: $(cat err)"
	prepare
	"$NONO" -s -a . -r "$PROBE" -- "$@" >out 2>err </dev/null
	_got=$?
	[ -e file ] || fail "deleted: $*"
	[ $_got -ne 0 ] || fail "not refused: $*"
}

test_case from_memory "a blocked command is not run from memory"
from_memory_body()
{
	things
	spared "$PROBE" memfd "$rm" file
	spared sh -c 'cat "$0" >"$TMPDIR/x" && chmod 755 "$TMPDIR/x" &&
	    "$TMPDIR/x" file' "$rm"
	for loader in /lib64/ld-linux*.so.* /lib/ld-linux*.so.* \
	    /lib/ld-musl-*.so.*; do
		[ -x "$loader" ] &&
		    "$loader" "$rm" --version >/dev/null 2>&1 || continue
		spared sh -c 'exec 3<"$1"; "$0" /proc/self/fd/3 file' \
		    "$loader" "$rm"
		spared sh -c 'ln -s "$1" sub/x && "$0" sub/x file' \
		    "$loader" "$rm"
		spared "$PROBE" memfd "$loader" "$rm" file
	done
}

test_case brought "a copy that was there before"
brought_body()
{
	things
	prepare() {
		mkdir -p sub
		cp "$rm" sub/mine
		echo text >file
	}
	remains "CAVEATS" "A blocked command is a file that cannot be executed" \
	    -a . -- sub/mine file
}

test_case unlinked "what may be written is deleted by unlink(2)"
unlinked_body()
{
	things
	refused -a sub -- find file -delete
	remains "CAVEATS" "Interpreters and most other programs can call" \
	    -a . -- find file -delete
}
