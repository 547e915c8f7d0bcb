#! /usr/bin/env -S atf-sh -s /bin/sh
# Blocked commands in a private view, where nono itself is in their place.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# A file to delete, remade before each attempt.
things()
{
	prepare() {
		rm -rf mine
		mkdir -p sub
		rm -f sub/*
		echo text >file
	}
	setup
	prepare
}

# says NAME [option ...] -- command ...: works outside; inside nono says that
# NAME is blocked, and how to allow it, and the exit status is 126; a command
# that has one of its own for that, as find, may use it.
says()
{
	_name=$1
	shift
	prepare
	outside "$@" >out 2>err || fail "fails outside, too: $*: $(cat err)"
	prepare
	"$NONO" -s "$@" >out 2>err
	_got=$?
	[ $_got -ne 0 ] || fail "not refused: nono $*"
	[ -e file ] || fail "deleted: nono $*"
	[ ! -s out ] || fail "prints: nono $*: $(cat out)"
	has_view || return 0
	case $* in
	*xargs*|*find*|*'&&'*|*'||'*) ;;
	*)	[ $_got -eq 126 ] || fail "exit $_got: nono $*: $(cat err)" ;;
	esac
	grep -qx "nono: $_name: blocked; restart nono with \"-x $_name\"\
 to allow it" err || fail "nono $*: says: $(cat err)"
}

test_case says "however it is called, it says which option allows it"
says_body()
{
	things
	rm=$(command -v rm)
	real=$(realpath "$rm")
	set -- -a .
	says rm "$@" -- sh -c 'rm file'
	says rm "$@" -- sh -c 'exec rm file'
	says rm "$@" -- sh -c 'rm -rf "$PWD/file"'
	says rm "$@" -- sh -c '"$0" file' "$rm"
	says rm "$@" -- sh -c '"$0" file' "$real"
	says rm "$@" -- sh -c 'cd / && "$0" "$OLDPWD/file"' "$rm"
	says rm "$@" -- sh -c 'cd "${0%/*}" && ./rm "$OLDPWD/file"' "$rm"
	says rm "$@" -- env rm file
	says rm "$@" -- env -i "$rm" file
	says rm "$@" -- env -i PATH="$PATH" rm file
	says rm "$@" -- nice rm file
	says rm "$@" -- timeout 5 rm file
	says rm "$@" -- setsid -w rm file
	says rm "$@" -- sh -c 'echo file | xargs rm'
	says rm "$@" -- find file -exec rm '{}' +
	says rm "$@" -- sh -c '"/proc/self/root$0" file' "$rm"
	says rm "$@" -- sh -c 'f=$(which rm) && "$f" file'
	! command -v bash >/dev/null ||
	    says rm "$@" -- bash -c 'command rm file'
	! command -v python3 >/dev/null ||
	    says rm "$@" -- python3 -c 'import os; os.execlp("rm", "rm", "file")'
	says rm "$@" -- sh -c 'ln -s "$0" sub/rm && sub/rm file' "$rm"
	says rm "$@" -- sh -c 'cp "$0" sub/rm && sub/rm file' "$rm"
	says rm "$@" -- sh -c 'PATH=$PWD/sub && /bin/cp "$0" sub/rm &&
	    rm file' "$rm"
	says rmdir "$@" -- sh -c 'rmdir sub'
	says dd "$@" -- sh -c 'dd if=/dev/null 2>/dev/null || dd if=/dev/null'
}

# spared -- command ...: deletes the file outside, and does not inside.
spared()
{
	prepare
	outside "$@" >out 2>err
	[ ! -e file ] || fail "does not delete outside: $*: $(cat err)"
	prepare
	"$NONO" -s -a . "$@" >out 2>err </dev/null
	_got=$?
	[ -e file ] || fail "deleted: $*"
	[ $_got -ne 0 ] || fail "not refused: $*"
}

test_case other_names "by another name, copied, or by the loader: not rm"
other_names_body()
{
	things
	rm=$(realpath "$(command -v rm)")
	spared -- sh -c 'cp "$0" sub/mine && sub/mine file' "$rm"
	spared -- sh -c 'cp "$0" sub/mine && sub/mine -rf file sub' "$rm"
	spared -- sh -c 'cat "$0" >sub/mine && chmod +x sub/mine &&
	    sub/mine file' "$rm"
	spared -- sh -c 'ln -s "$0" sub/mine && sub/mine file' "$rm"
	spared -- sh -c 'ln -s "${0%/*}" sub/bin && sub/bin/rm file' "$rm"
	spared -- sh -c 'exec 3<"$0" && /proc/self/fd/3 file' "$rm"
	for loader in /lib64/ld-linux*.so.* /lib/ld-linux*.so.* \
	    /lib/ld-musl-*.so.*; do
		[ -x "$loader" ] &&
		    "$loader" "$rm" --version >/dev/null 2>&1 || continue
		spared -- sh -c '"$0" "$1" file' "$loader" "$rm"
		spared -- sh -c 'cp "$1" sub/mine && "$0" sub/mine file' \
		    "$loader" "$rm"
	done
	if is_root && has_view; then
		answers "ok|EXDEV" EXDEV -a . -- \
		    call linkat -100 "$rm" -100 sub/mine 0
	fi
	has_view || return 0
	# what is read there is nono
	if "$NONO" -a . -- cat "$rm" >out 2>err; then
		! cmp -s out "$rm" || atf_fail "rm itself is read"
	fi
	granted -a . -- test -x "$rm"
}

test_case opened "-x opens a command, -b closes one"
opened_body()
{
	things
	for name in rm 'r*' '*'; do
		granted -a . -x "$name" -- sh -c 'rm file && [ ! -e file ]'
		granted -a . -x "$name" -- sh -c 'echo file | xargs rm'
		granted -a . -x "$name" -- sh -c '"$0" file' "$(command -v rm)"
	done
	says rmdir -a . -x rm -- sh -c 'rmdir sub'
	says cat -a . -b cat -- sh -c 'cat file >/dev/null'
	says cat -a . -b cat -- sh -c '"$0" file >/dev/null' "$(command -v cat)"
	granted -a . -b cat -- sh -c 'head file'
	granted -a . -b cat -x cat -- sh -c 'cat file'
	says rm -a . -x rm -b rm -- sh -c 'rm file'
	granted -a . -- find file -delete
}

# What an attack would change; without a view modes and times can be.
state()
{
	_modes=' %a %Y'
	[ "$1" = all ] || has_view || _modes=
	# the time of the directory changes where a name is tried in it
	stat -c "%n %F %i %a" "$T/bin"
	stat -c "%n %F %i %s$_modes" "$T/bin"/* \
	    "$(readlink -f "$NONO_REAL")"
	cksum "$T/bin"/* "$(readlink -f "$NONO_REAL")"
}

test_case changed "what covers a command is not changed or removed"
changed_body()
{
	things
	cp "$(command -v rm)" "$T/rm"
	cp "$(command -v env)" "$T/other"
	# not the system's own, should an attack succeed; made anew before each,
	# which may have made it a link
	prepare() {
		command -p rm -rf "$T/bin" sub mine
		mkdir "$T/bin" sub
		cp "$T/rm" "$T/bin/rm"
		touch -d 2001-01-01 "$T/bin/rm"
		echo text >file
	}
	PATH=$T/bin:$PATH
	rm=$T/bin/rm
	set -- -s -a "$T/bin" -a . -r "$T" -x umount -x mount --
	for attack in 'chmod 777 "$0"' 'touch "$0"' ': >"$0"' \
	    'cp "$1" "$0"' 'mv "$0" sub/mine' 'mv -f file "$0"' \
	    'ln -sf "$1" "$0"' 'ln -f "$1" "$0"' 'find "$0" -delete' \
	    'mv "${0%/*}" sub/bin'; do
		prepare
		before=$(state all)
		sh -e -c "$attack" "$rm" "$T/other" >out 2>err ||
		    fail "fails outside, too: $attack: $(cat err)"
		[ "$(state all 2>&1)" != "$before" ] ||
		    fail "changes nothing outside: $attack"
		kept_covered "$@"
	done
	# outside there is nothing to be uncovered by these
	for attack in 'umount "$0"' 'umount -l "$0"' \
	    'mount --bind "$1" "$0"' 'mount -o remount,bind,rw "$0"'; do
		kept_covered "$@"
	done
}

# kept_covered [option ...] --: after the attack all is as before, and rm is
# still blocked in the same run.
kept_covered()
{
	prepare
	before=$(state inside)
	"$NONO" "$@" sh -c "$attack; rm -f file" "$rm" "$T/other" >out 2>err
	was_run $? "$@" sh -c "$attack"
	[ -e file ] || fail "$attack: deleted"
	[ "$(state inside 2>&1)" = "$before" ] ||
	    fail "$attack: changed: $(state inside 2>&1)"
}

# works OPTIONS: with a nono of which nothing is to be seen inside.
works()
{
	# shellcheck disable=SC2086	# words
	granted $1 -- sh -c 'cat file && echo new >sub/new'
	# shellcheck disable=SC2086
	says rm $1 -- sh -c 'rm file'
	# shellcheck disable=SC2086
	says rm $1 -- "$(command -v rm)" file
	# shellcheck disable=SC2086
	says rm $1 -- sh -c 'echo file | xargs rm'
	# and by itself, as without a view
	# shellcheck disable=SC2086
	status 126 'rm: blocked; restart nono with "-x rm"' $1 rm file
	# shellcheck disable=SC2086
	granted $1 -x rm -- rm file
}

test_case own_denied "nono lies in a directory that is denied"
own_denied_body()
{
	things
	mkdir "$T/own"
	cp "$NONO_REAL" "$T/own/nono"
	printf '#! /bin/sh\nexec %s "%s" "$@"\n' "${NONO_UNDER-}" "$T/own/nono" \
	    >"$T/nono"
	chmod 755 "$T/nono"
	NONO=$T/nono
	for rules in "-a . -d $T/own" "-a . -d $T/own/nono" "-r $T -d $T/own -a ."
	do
		works "$rules"
		# shellcheck disable=SC2086	# words
		hidden $rules -- cat "$T/own/nono"
	done
}

test_case own_in_run "nono lies in /run, of which little is shown"
own_in_run_body()
{
	things
	printf '#! /bin/sh\nexec %s /run/own/nono "$@"\n' "${NONO_UNDER-}" \
	    >"$T/inner"
	chmod 755 "$T/inner"
	_nono=$T/inner
	within "mount -t tmpfs -o mode=755 tmpfs /run
	    mkdir /run/own /run/plain
	    cp '$NONO_REAL' /run/own/nono"
	for rules in "-a ." "-a . -r $T" "-a . -d /run"; do
		works "$rules"
	done
	! has_view || hidden -s -a . -- cat /run/own/nono
}

# A command in the project is covered first, and what the next ones are covered
# with must not be what that name leads to by then.
test_case swapped "a command is swapped while it is covered"
swapped_body()
{
	setup
	mkdir bin
	# nono itself has many words in it
	echo xyzzy-plugh >"$HOME/.netrc"
	printf '#! /bin/sh\n' >bin/at
	chmod 755 bin/at
	ln -s "$HOME/.netrc" bin/other
	PATH="$PWD/bin:$PATH"
	covered=$("$NONO" -s --dry-run true | sed -n 's/^block: \([^ ]*\) (.*/\1/p')
	[ "$(echo "$covered" | wc -l)" -gt 10 ] || fail "few: $covered"
	# shellcheck disable=SC2086	# lists of words
	set -- -s -a . -- sh -c 'grep -as xyzzy-plugh "$@"; :' sh $covered
	grep -q xyzzy-plugh bin/other || atf_fail "no link"
	"$PROBE" swap bin/at bin/other &
	pid=$!
	# shellcheck disable=SC2064	# this one
	trap "kill $pid" EXIT
	ran=0 n=0 end=$(($(date +%s) + 5))
	while [ "$(date +%s)" -lt $end ]; do
		n=$((n + 1))
		"$NONO" "$@" >"$T/out" 2>"$T/err"
		got=$?
		[ ! -s "$T/out" ] || fail "shown, in round $n: $(cat "$T/out")"
		case $got in
		0)	ran=$((ran + 1)) ;;
		125)	grep -q '^nono: ' "$T/err" && [ ! -s "$T/out" ] ||
			    fail "no reason: $(cat "$T/err")" ;;
		*)	fail "exit $got: $(cat "$T/err")" ;;
		esac
	done
	kill "$pid" || atf_fail "nothing was swapped"
	trap - EXIT
	[ $ran -gt 0 ] || fail "never runs in $n rounds: $(cat "$T/err")"
	echo "$n rounds, $ran of them ran"
}

test_case multicall "of many commands in one file the blocked names are covered"
multicall_body()
{
	things
	needs busybox
	prepare() {
		mkdir -p bin sub
		echo text >file
		[ -x bin/busybox ] || cp "$(PATH=/usr/bin:/bin command -v busybox)" bin
		for name in rm ls dd; do
			ln -sfn busybox bin/$name
		done
	}
	prepare
	PATH="$PWD/bin:$PATH"
	set -- -r . -a sub
	granted "$@" -- ls sub
	granted "$@" -- sh -c 'ls sub'
	granted "$@" -- sh -c 'busybox ls sub'
	granted "$@" -- sh -c "'$PWD/bin/ls' sub"
	granted -a . -- sh -c 'busybox rm file'
	[ ! -e file ] || atf_fail "not deleted"
	granted -a . -x rm -- sh -c 'rm file'
	if ! has_view; then
		names "gap: $PWD/bin/rm: blocked by name only" "$@"
		return
	fi
	set -- -a .
	says rm "$@" -- sh -c 'rm file'
	says rm "$@" -- sh -c 'bin/rm file'
	says rm "$@" -- env rm file
	says rm "$@" -- sh -c 'echo file | xargs rm'
	says dd "$@" -- sh -c 'dd if=/dev/null'
	granted "$@" -- sh -c 'ls && busybox ls'
	refused "$@" -- mv bin/rm bin/new
	refused "$@" -- find bin/rm -delete
	refused "$@" -- ln -sf busybox bin/rm
	refused "$@" -- mv bin new
	granted "$@" -- sh -c 'ln -s busybox bin/cat2; : >bin/new'
}

test_case in_project "a command in the project, in PATH, is covered too"
in_project_body()
{
	things
	mkdir bin
	printf '#!/bin/sh\nexec /bin/rm "$@"\n' >bin/rm
	printf '#!/bin/sh\necho other\n' >bin/other
	chmod 755 bin/*
	PATH="$PWD/bin:$PATH"
	says rm -a . -- sh -c 'rm file'
	says rm -a . -- sh -c 'bin/rm file'
	says rm -r . -- sh -c 'rm file'
	granted -a . -- sh -c other
	refused -a . -- sh bin/rm file
	prepare
	refused -a . -- sh -c 'mv bin/rm bin/new && mv bin/new bin/rm'
	refused -a . -- sh -c 'mv bin new && mv new bin'
	granted -a . -x '*' -- sh -c 'rm file'
}
