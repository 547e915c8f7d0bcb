#! /usr/bin/env -S atf-sh -s /bin/sh
# Blocked commands, by whatever way they are reached; and which commands are
# found at all.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# Things to delete, remade before each attempt.
things()
{
	prepare() {
		mkdir -p sub empty bin
		echo text >file
	}
	setup
}

# blocked NAME [option ...] [--] command ...: nono itself refuses to run it, and
# says so; where several commands are one file, all of them are named.
blocked()
{
	_name=$1
	shift
	status 126 "" "$@"
	_said="nono: $_name: blocked; restart nono with \"-x $_name\" to allow it"
	[ "$(sed 's/ -x [^"]*//' err)" = "$_said" ] ||
	    fail "nono $*: says: $(cat err)"
}

# The paths of all blocked commands that are found here.
blocked_paths()
{
	"$NONO" --dry-run true >"$T/policy" || atf_fail "nono --dry-run true"
	sed -n 's/^block: \([^ ]*\) (.*/\1/p' "$T/policy"
}

# Is it one of many commands in one file, which can only be blocked by name?
multicall()
{
	grep -q "^gap: $1: blocked by name only" "$T/policy"
}

test_case itself "a blocked command is named with the option that allows it"
itself_body()
{
	things
	blocked rm rm file
	blocked rm -a . -- rm -rf file
	blocked rm run -a . rm file
	blocked rmdir -a . rmdir empty
	blocked dd dd if=/dev/null
	[ -e file ] || atf_fail "deleted all the same"
}

test_case all "every blocked command of the table is refused by name and path"
all_body()
{
	things
	n=0
	for path in $(blocked_paths); do
		n=$((n + 1))
		multicall "$path" && continue
		"$NONO" -a . "$path" >out 2>err </dev/null
		[ $? -eq 126 ] || fail "$path: $(cat err)"
		grep -q '^nono: [^ ]*: blocked; restart nono with "-x ' err ||
		    fail "$path: says $(cat err)"
		case ":$PATH:" in
		*":${path%/*}:"*) blocked "${path##*/}" "${path##*/}" ;;
		esac
	done
	[ $n -gt 5 ] || atf_fail "no more than $n blocked commands"
	for name in rm rmdir dd mount umount su; do
		grep -q "^block: .*/$name (table: " "$T/policy" ||
		    ! command -v $name || atf_fail "$name is not blocked"
	done
}

test_case unread "no blocked command can be read or executed from inside"
unread_body()
{
	things
	paths=
	for path in $(blocked_paths); do
		multicall "$path" || paths="$paths $path"
	done
	# shellcheck disable=SC2086	# a list
	granted -r / -r "$NONO_REAL" -- sh -c 'nono=$1; shift; for path do
		head -c 1 "$path" >/dev/null 2>&1 || continue
		cmp -s "$nono" "$path" || echo "$path"	# a cover
	done; true' sh "$(readlink -f "$NONO_REAL")" $paths
	[ ! -s out ] || fail "can be read: $(cat out)"
	# shellcheck disable=SC2086
	[ -z "$paths" ] || sh -c 'for path do
		head -c 1 "$path" >/dev/null 2>&1 && exit
	done; exit 1' sh $paths || atf_fail "none can be read outside"
}

# kept_from NAME [option ...] -- command ...: refused, but for a NAME that is
# one of many commands in one file: that one only nono itself refuses to run.
kept_from()
{
	_name=$1
	shift
	"$NONO" --dry-run "$@" |
	    grep -q "^gap: .*/$_name: blocked by name only" || refused "$@"
}

# way -- command ...: rm is refused, but granted with -x rm.
way()
{
	kept_from rm -a . "$@"
	granted -a . -x rm "$@"
	[ ! -e file ] || fail "nono -x rm $*: still there"
}

test_case other_ways "through shells, env, xargs, find and links rm is refused"
other_ways_body()
{
	prepare() { rm -rf sub; mkdir -p sub; echo text >file; }
	setup
	rm=$(command -v rm)
	for x in sh "$(command -v bash || echo sh)"; do
		way -- "$x" -c 'rm file'
		way -- "$x" -c 'command rm -f file && [ ! -e file ]'
		way -- "$x" -c 'exec "$0" file' "$rm"
		way -- "$x" -c 'eval "r""m file"'
	done
	way -- env rm file
	way -- env -i "$rm" file
	way -- env PATH=/usr/bin:/bin rm file
	way -- sh -c 'echo file | xargs rm'
	way -- sh -c 'find file -exec rm {} +'
	way -- nice rm file
	way -- timeout 5 rm file
	way -- setsid -w rm file
	way -- sh -c '"$0" file' "$rm"
	way -- sh -c '"/$0" file' "$rm"
	way -- sh -c '"$0/../${0##*/}/rm" file' "${rm%/*}"
	way -- sh -c '"/proc/self/root$0" file' "$rm"
	way -- sh -c 'cd "$0" && ./rm "$OLDPWD/file"' "${rm%/*}"
	way -- sh -c 'ln -s "$0" sub/mine && sub/mine file' "$rm"
	way -- sh -c 'ln -s "${0%/*}" sub/bin && sub/bin/rm file' "$rm"
	way -- sh -c 'cat "$0" >sub/mine && chmod +x sub/mine && sub/mine file' \
	    "$rm"
	way -- sh -c 'cp "$0" sub/mine && sub/mine file' "$rm"
	way -- sh -c 'exec 3<"$0" && /proc/self/fd/3 file' "$rm"
}

test_case existing_links "links made before nono started lead to nothing more"
existing_links_body()
{
	prepare() {
		mkdir -p sub
		ln -sf "$(command -v rm)" sub/mine
		echo text >file
	}
	setup
	way -- sh -c 'sub/mine file'
	blocked rm -a . -- sub/mine file
	PATH="$PWD/sub:$PATH"
	blocked rm -a . -- mine file
}

test_case loader "through the dynamic loader rm is refused"
loader_body()
{
	prepare() { echo text >file; }
	setup
	rm=$(realpath "$(command -v rm)")
	# the one that the file itself names; a static rm has none
	loader=$(head -c 4096 "$rm" | LC_ALL=C grep -a -o \
	    '/[A-Za-z0-9_/.-]*/ld[A-Za-z0-9_.-]*\.so[.0-9]*' | head -n 1)
	if [ -z "$loader" ]; then
		! ldd "$rm" 2>/dev/null | grep -q '=>\|/ld' ||
		    fail "the loader of $rm is not found"
		return
	fi
	way -- sh -c '"$0" "$1" file || exit 1' "$loader" "$rm"
}

test_case project_commands "a command in a directory of PATH is blocked, too"
project_commands_body()
{
	prepare() {
		command -p rm -rf bin sub
		mkdir bin sub
		printf '#!/bin/sh\necho mine\n' >bin/rm
		cp bin/rm bin/other
		cp bin/rm sub/rm
		chmod 755 bin/rm bin/other sub/rm
	}
	setup
	granted -a . -- sh -c bin/rm
	PATH="$PWD/bin:$PATH"
	blocked rm -a . rm
	blocked rm -a . bin/rm
	refused -a . -- sh -c rm
	refused -a . -- sh -c bin/rm
	refused -a . -- sh bin/rm
	hidden -a . -- sh -c 'grep -x "echo mine" bin/rm'
	hidden -a . -- sh -c 'cp bin/rm sub/copy && grep -x "echo mine" sub/copy'
	refused -a . -- sh -c 'ln bin/rm sub/copy'
	refused -a . -- sh -c 'mv bin/rm sub/copy'
	refused -a . -- sh -c 'mv bin sub/bin && sub/bin/rm'
	granted -a . -x rm -- rm
	granted -a . -- other
	granted -a . -- sh -c other
	# of the same name, but in no directory of commands
	granted -a . -- sh -c sub/rm
}

test_case linked_commands "blocked is the file that a name leads to"
linked_commands_body()
{
	prepare() {
		mkdir -p bin
		printf '#!/bin/sh\necho mine\n' >bin/stopper
		chmod 755 bin/stopper
		ln -sf stopper bin/poweroff
	}
	setup
	granted -a . -- sh -c bin/poweroff
	PATH="$PWD/bin:$PATH"
	blocked poweroff -a . poweroff
	refused -a . -- sh -c poweroff
	refused -a . -- sh -c bin/stopper
	refused -a . -- sh -c stopper
	granted -a . -x poweroff -- sh -c stopper
}

# A link of the user's says nothing of what others have made.
test_case linked_shell "a name that leads to the shell takes no shell away"
linked_shell_body()
{
	setup
	sh=$(realpath "$(command -v sh)")
	mkdir bin
	ln -s "$sh" bin/crontab
	ln -s "$(realpath "$(command -v cat)")" bin/at
	PATH="$PWD/bin:$PATH"
	# which may be whoever made the shell
	[ "$(stat -c %u "$sh")" != "$(id -u)" ] || return 0
	echo text >file
	granted -a . -x crontab -- crontab -c 'cat file'
	for rules in "-a ." "-r ." "-a $HOME"; do
		# shellcheck disable=SC2086	# words
		set -- $rules
		granted "$@" -- sh -c 'cat file'
		granted "$@" -- "$sh" -c '/bin/sh -c "cat file"'
		[ "$(cat out)" = text ] || fail "$(cat out err)"
		blocked crontab "$@" crontab -c 'cat file'
		blocked crontab "$@" bin/crontab -c 'cat file'
		blocked at "$@" at file
		! has_view || refused "$@" -- sh -c "crontab -c 'cat file'"
	done
	# it is by that name only, where there is no view
	has_view || granted -v -a . -- sh -c :
	has_view || grep -q "^nono: gap: $PWD/bin/crontab: blocked by name only" \
	    err || fail "no gap: $(cat err)"
}

test_case multicall_links "of many commands in one file a name is blocked"
multicall_links_body()
{
	prepare() {
		mkdir -p bin
		printf '#!/bin/sh\necho ${0##*/}\n' >bin/busybox
		chmod 755 bin/busybox
		ln -sf busybox bin/rm
		ln -sf busybox bin/anything
	}
	setup
	PATH="$PWD/bin:$PATH"
	granted -a . -x rm -- rm
	blocked rm -a . rm
	blocked rm -a . bin/rm
	for name in anything busybox; do
		granted -a . -- $name
		[ "$(cat out)" = $name ] || fail "$name: $(cat out)"
		granted -a . -- sh -c $name
	done
	if has_view; then
		refused -a . -- sh -c rm
		grep -q "^nono: rm: blocked" err || fail "$(cat err)"
		return
	fi
	granted -v -a . -- anything
	grep -q "^nono: gap: $PWD/bin/rm: blocked by name only" err ||
	    atf_fail "-v does not say that bin/rm is blocked by name only"
}

test_case multicall_hard "the same where the names are hard links"
multicall_hard_body()
{
	prepare() {
		rm -rf bin
		mkdir -p bin
		printf '#!/bin/sh\necho ${0##*/}\n' >bin/toybox
		chmod 755 bin/toybox
		ln bin/toybox bin/rm
		ln bin/toybox bin/anything
	}
	setup
	PATH="$PWD/bin:$PATH"
	blocked rm -a . rm
	for name in anything toybox; do
		granted -a . -- $name
		[ "$(cat out)" = $name ] || fail "$name: $(cat out)"
		granted -a . -- sh -c $name
	done
}

# A large directory is asked for each name, a small one is read.
test_case crowded "in a large directory, too"
crowded_body()
{
	prepare() {
		[ ! -d bin ] || return 0
		mkdir bin sub
		for i in $(seq 500); do
			: >bin/a-file-with-a-long-name-$i
		done
		printf '#!/bin/sh\necho mine\n' >bin/other
		chmod 755 bin/other
		ln bin/other bin/su
		cp bin/other sub/dd
		ln -s ../sub/dd bin/shred
		cp bin/other bin/rm
	}
	setup
	prepare
	PATH="$PWD/bin:$PATH"
	blocked rm -a . rm
	blocked su -a . su
	refused -a . -- sh -c bin/rm
	refused -a . -- sh -c bin/shred
	refused -a . -- sh -c sub/dd
	granted -a . -- other
	granted -a . -x rm -- sh -c bin/rm
}

test_case allow "-x allows a command, a pattern or all"
allow_body()
{
	things
	blocked rm -a . rm file
	granted -a . -x rm -- rm file
	granted -a . --allow-command rm -- rm file
	granted -a . -x '*' -- rm file
	granted -a . -x '*' -- dd if=/dev/null
	granted -a . -x 'r*' -- rm file
	granted -a . -x 'r?' -- sh -c 'rm file'
	granted -a . -x '[a-r]m' -- sh -c 'rm file'
	blocked dd -a . -x 'r*' dd
	blocked rmdir -a . -x 'r?' rmdir empty
	blocked rm -a . -x rmdir -- rm file
	kept_from rm -a . -x rmdir -- sh -c 'rm file'
	# -x gives no more than before to files
	refused -x rm -- rm file
}

test_case block "-b blocks a command"
block_body()
{
	things
	granted -r . -- ls
	blocked ls -r . -b ls ls
	blocked ls -r . --block-command ls ls
	kept_from ls -r . -b ls -- sh -c ls
	kept_from ls -r . -b ls -- sh -c "$(command -v ls)"
	granted -r . -b ls -- cat file
	granted -r . -b no-such-command -- ls
	granted -v -r . -b ls -- cat file
	grep -q "^nono: block: $(realpath "$(command -v ls)") (-b" err ||
	    atf_fail "-v does not say that ls is blocked by -b"
}

test_case later "of -b and -x the later decides"
later_body()
{
	things
	granted -r . -b ls -x ls -- ls
	blocked ls -r . -x ls -b ls ls
	granted -r . -b ls -x '*' -- ls
	blocked ls -r . -x '*' -b ls ls
	granted -a . -x '*' -b ls -- rm file
	blocked rm -a . -x rm -b rm rm file
	granted -a . -b rm -x 'r*' -- rm file
}

test_case unlink "programs delete what they may write, but not by rm"
unlink_body()
{
	things
	granted -a . -- find file -delete
	granted -a . -- sh -c 'mv file sub/file && find sub -delete'
	granted -a . -- sed -i s/text/new/ file
	refused -r . -- find file -delete
}

#
# Which command is run, and what becomes of it.
#

test_case found "a command is found as the shell finds it"
found_body()
{
	setup
	mkdir one two dir
	printf '#!/bin/sh\necho one\n' >one/mine
	printf '#!/bin/sh\necho two\n' >two/mine
	printf 'echo three\n' >three
	chmod 755 two/mine three
	PATH="$PWD/one:$PWD/two:$PATH"
	export PATH
	granted -r . -- mine
	[ "$(cat out)" = two ] || fail "not executable, yet found: $(cat out)"
	chmod 755 one/mine
	granted -r . -- mine
	[ "$(cat out)" = one ] || fail "not the first: $(cat out)"
	granted -r . -- two/mine
	[ "$(cat out)" = two ] || fail "not by path: $(cat out)"
	granted -r . -- ./three
	[ "$(cat out)" = three ] || fail "without #!: $(cat out)"
	cd two || atf_fail cd
	PATH=:$PATH
	granted -r . -- mine
	[ "$(cat out)" = two ] || fail "not in the directory: $(cat out)"
}

test_case command_itself "the command needs no grant to be executed"
command_itself_body()
{
	setup
	printf '#!/bin/sh\necho mine\n' >mine
	chmod 755 mine
	cp mine other
	granted -- ./mine
	refused -- sh -c ./mine
	refused -- sh mine
	refused -- cat other
	status 126 "$PWD/mine: denied by -d $PWD" -d . ./mine
	status 126 "$PWD/mine: denied by -d $PWD/mine" -r . -d mine ./mine
	granted -w . -- ./mine
}

# with_path PATH command ...: nono, and only nono, is run with that PATH.
with_path()
{
	printf '#!/bin/sh\nPATH=%s exec "%s" "$@"\n' "$1" "$NONO" >"$T/nono"
	chmod 755 "$T/nono"
	shift
	NONO="$T/nono" "$@"
}

test_case not_found "127 for a command that is not found"
not_found_body()
{
	setup
	status 127 "no-such-command: not found in PATH" no-such-command
	status 127 "./no-such-command: " ./no-such-command
	status 127 "/no/such/command: " /no/such/command
	: >file
	status 127 "file/command: " file/command
	with_path "" status 127 "ls: not found in PATH" ls
	status 127 ": not found" ""
}

test_case not_executable "126 for what cannot be executed"
not_executable_body()
{
	setup
	mkdir dir bin
	: >file
	: >bin/mine
	status 126 "./dir: Is a directory" ./dir
	status 126 "./file: Permission denied" ./file
	with_path "$PWD/bin" \
	    status 126 "$PWD/bin/mine: Permission denied" mine
	printf '#!/no/such/interpreter\n' >file
	chmod 755 file
	status 126 "./file: " -r . ./file
	printf '\177ELF nonsense' >file
	"$NONO" -r . ./file >out 2>err
	case $? in
	126|127|2) ;;
	*)	atf_fail "exit $?" ;;
	esac
}
