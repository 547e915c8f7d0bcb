#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes by files: races, other calls, copies that a file system makes.  The
# plain ways are in files_test.sh, view_test.sh and mounts_test.sh.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# A secret beside the project and one in it, remade before each attempt.
secrets()
{
	prepare() {
		rm -rf "$T/out" dir secrets vendor
		mkdir -p "$T/out" dir/real secrets vendor
		echo "secret text" | tee "$T/out/file" secrets/file \
		    vendor/file >/dev/null
		echo "plain text" | tee dir/file dir/real/file >/dev/null
	}
	setup
	prepare
}

# exchanged A B: links in dir that lead there, for the race.
exchanged()
{
	rm -rf dir/a dir/b
	ln -s "$1" dir/a
	ln -s "$2" dir/b
}

ROUNDS=3000

test_case race_link "a link that is swapped while it is opened"
race_link_body()
{
	secrets
	exchanged real/file "$T/out/file"
	prepare() { :; }
	answers ok EACCES -a dir -- \
	    race $ROUNDS dir/a dir/b dir/a "secret text"
	exchanged real "$T/out"
	answers ok EACCES -a dir -- \
	    race $ROUNDS dir/a dir/b dir/a/file "secret text"
	exchanged real "../../../out"
	answers ok EACCES -a . -- \
	    race $ROUNDS dir/a dir/b dir/a/file "secret text"
}

test_case race_directory "a directory that is swapped for a link"
race_directory_body()
{
	secrets
	prepare() { :; }
	ln -s "$T/out" dir/link
	answers ok EACCES -a dir -- \
	    race $ROUNDS dir/real dir/link dir/real/file "secret text"
	# upwards: from the one to a file of the grant, from the other not
	echo "secret text" >"$T/file"
	answers ok EACCES -a dir -- \
	    race $ROUNDS dir/real dir/link dir/real/../file "secret text"
}

test_case race_denied "a link that is swapped for one to what is denied"
race_denied_body()
{
	secrets
	prepare() { :; }
	exchanged real ../secrets
	answers ok "EACCES|EPERM|ENOENT" -s -a . -d secrets -- \
	    race $ROUNDS dir/a dir/b dir/a/file "secret text"
	exchanged real/file ../secrets/file
	answers ok "EACCES|EPERM|ENXIO" -s -a . -d secrets/file -- \
	    race $ROUNDS dir/a dir/b dir/a "secret text"
}

# races FILE COMMAND: run that until it has written to the file; processes may
# keep step with each other for a while.
races()
{
	file=$1 tries=0
	shift
	until grep -q evil "$file"; do
		[ $((tries += 1)) -le 30 ] || atf_fail "$file is not written"
		"$@" >out 2>err || fail "$(cat out err)"
	done
}

test_case race_written "a link that is swapped while it is written to"
race_written_body()
{
	secrets
	for target in "$T/out/file" "$PWD/vendor/file" "$PWD/secrets/file"; do
		prepare
		exchanged real/file "$target"
		races "$target" "$PROBE" race $ROUNDS dir/a dir/b dir/a
		prepare
		exchanged real/file "$target"
		races dir/real/file "$NONO" -s -a . -r vendor -d secrets \
		    -r "$PROBE" -- "$PROBE" race $ROUNDS dir/a dir/b dir/a
		! grep -q evil "$target" || fail "$target is written"
	done
}

test_case race_start "a grant that is swapped while nono starts"
race_start_body()
{
	setup
	mkdir "$HOME/.ssh" out
	echo "secret text" >"$HOME/.ssh/file"
	ln -s "$HOME/.ssh" evil
	[ "$(cat evil/file)" = "secret text" ] || atf_fail "no such link"
	# shellcheck disable=SC2046
	set -- $("$PROBE" churn "$PWD" out evil)
	[ $# -eq 2 ] || atf_fail "nothing churns: $*"
	# shellcheck disable=SC2064	# this one
	trap "kill $1" EXIT
	ran=0 n=0
	while [ $n -lt 200 ]; do
		n=$((n + 1))
		"$NONO" -s -a ./out -- sh -c 'cat "$0" out/file evil/file; :' \
		    "$HOME/.ssh/file" >"$T/out" 2>"$T/err"
		got=$?
		[ ! -s "$T/out" ] || atf_fail "shown, in round $n"
		case $got in
		0)	ran=$((ran + 1)) ;;
		125)	grep -q '^nono: ' "$T/err" ||
			    fail "no reason: $(cat "$T/err")" ;;
		*)	fail "exit $got: $(cat "$T/err")" ;;
		esac
	done
	kill "$1"
	trap - EXIT
	[ $ran -gt 0 ] || fail "never runs: $(cat "$T/err")"
}

test_case calls32 "a file is not opened by 32-bit or x32 calls"
calls32_body()
{
	secrets
	set -- "$T/out/file"
	[ "$(uname -m)" != x86_64 ] ||
	    answers "ok|ENOSYS" ENOSYS -- callx32 openat -100 "$1" 0
	"$PROBE" call32 getpid >/dev/null 2>&1 || return 0
	answers ok EACCES -- call32 open "$1" 0
	answers ok EACCES -- call32 openat -100 "$1" 0
	answers ok "EACCES|EROFS" -- call32 open "$1" 01
	answers ok "EACCES|EROFS$(abi_or 3 "" "|EPERM")" -- \
	    call32 truncate "$1" 0
	answers ok "EACCES|EROFS|EXDEV|EPERM" -a dir -- \
	    call32 linkat -100 "$1" -100 dir/new 0
}

test_case locks "what is not granted is not locked"
locks_body()
{
	secrets
	needs flock
	for file in "$T/out/file" secrets/file; do
		refused -s -a . -d secrets -- flock -n "$file" true
		refused -a dir -- flock -n "$file" true
	done
	granted -a dir -- flock -n dir/file true
}

test_case core "no core is dumped where nothing may be written"
core_body()
{
	secrets
	case $(cat /proc/sys/kernel/core_pattern) in
	'|'*|/*|*%*)	return 0 ;;	# taken elsewhere
	esac
	dump='ulimit -S -c unlimited; cd "$0" && kill -SEGV $$'
	sh -c "$dump" "$T/out" 2>err
	[ -n "$(find "$T/out" -name 'core*')" ] || return 0
	prepare
	"$NONO" -a dir -- sh -c "$dump" "$T/out" 2>err
	[ -z "$(find "$T/out" -name 'core*')" ] || atf_fail "dumped"
	"$NONO" -a . -r vendor -- sh -c "$dump" "$PWD/vendor" 2>err
	[ -z "$(find vendor -name 'core*')" ] || atf_fail "dumped in vendor"
}

test_case snapshots "what is denied is not found in snapshots"
snapshots_body()
{
	setup
	for dir in "$HOME/.zfs/snapshot" "$HOME/.snapshots" \
	    "$HOME/.snapshot" "$PWD/.zfs/snapshot"; do
		prepare() {
			rm -rf "$HOME/new"
			mkdir -p "$dir/daily/.ssh"
			echo secret >"$dir/daily/.ssh/id"
		}
		hidden -s -a . -a "$HOME" -- cat "$dir/daily/.ssh/id"
		hidden -s -r . -r "$HOME" -- ls "$dir"
		hidden -s -a "$T" -a . -- cat "$dir/daily/.ssh/id"
		refused -s -a "$HOME" -a . -- mv "$dir" "$HOME/new"
		granted -s -a "$HOME" -a . -r "$dir" -- \
		    cat "$dir/daily/.ssh/id"
	done
	names "rule: none $HOME/.zfs " -r "$HOME"
}

test_case copies "no snapshot, subvolume or copy is made by ioctl(2)"
copies_body()
{
	setup
	exec 3<.
	for request in 0x50009401 0x5000940e 0x5000940f 0x50009417 \
	    0x50009418 0x5000943f 0x4020bc10 0x4020bc11 0x40186f04; do
		# on btrfs outside: a bad address
		_got=$("$PROBE" call ioctl 3 $request 1)
		case $_got in
		ENOTTY|EFAULT|EINVAL|EOPNOTSUPP) ;;
		*)	fail "outside: $request: $_got" ;;
		esac
		answers "$_got" EPERM -r . -- call ioctl 0 $request 1 </dev/null
		! "$PROBE" call32 getpid >/dev/null 2>&1 ||
		    answers ENOTTY EPERM -r . -- \
		    call32 ioctl 0 $request 1 </dev/null
	done
	answers ENOTTY EPERM -r . -- \
	    call ioctl 0 0xffffffff50009417 1 </dev/null
	# what has the same type is not refused
	answers ENOTTY ENOTTY -r . -- call ioctl 0 0x8100942b 1 </dev/null
}

# The real thing, as root: a home on btrfs.
test_case btrfs "a snapshot of a home does not show its secrets"
btrfs_body()
{
	setup
	is_root || return 0
	command -v mkfs.btrfs >/dev/null || return 0
	truncate -s 120M "$T/image"
	mkfs.btrfs -q "$T/image" >/dev/null 2>&1 || return 0
	mkdir "$T/mnt"
	unshare -m --propagation private \
	    mount -o loop "$T/image" "$T/mnt" 2>/dev/null || return 0
	within "mount -o loop '$T/image' '$T/mnt'
	    cd '$T/mnt'
	    [ -d .ssh ] || { mkdir .ssh project; echo secret >.ssh/id; }
	    rmdir project/new/* project/new 2>/dev/null || :
	    cd project"
	snap='"$0" snapshot .. . new$$ && cat new$$/.ssh/id'
	outside -- sh -c "$snap" "$PROBE" >out 2>err || fail "$(cat err out)"
	grep -q secret out || atf_fail "no snapshot outside"
	for rules in "-r $T/mnt -a ." "-a $T/mnt" "-a $T/mnt -d ../.ssh" \
	    "-r .. -a . -d ../.ssh/id"; do
		# shellcheck disable=SC2086	# words
		"$NONO" -s $rules -r "$PROBE" -- sh -c "$snap" "$PROBE" \
		    >out 2>err && fail "made: $rules: $(cat out)"
		! grep -q secret out || fail "shown: $rules"
		grep -q -e EPERM -e EACCES out || fail "$rules: $(cat out err)"
	done
}

#
# What remains.
#

test_case metadata "modes and owners, without a view"
metadata_body()
{
	secrets
	if has_view; then
		refused -a dir -- chmod 600 "$T/out/file"
		return
	fi
	remains "SECURITY CONSIDERATIONS" "Metadata, without a private view." \
	    -a dir -- chmod 600 "$T/out/file"
}

test_case watched "changes are seen by inotify(7)"
watched_body()
{
	secrets
	remains "SECURITY CONSIDERATIONS" \
	    "can learn whether a file exists, how large it is, when it" \
	    -r "$PROBE" -- "$PROBE" watch "$T/out/file"
}

test_case linked_before "another name that there was before"
linked_before_body()
{
	setup
	echo secret >"$HOME/.netrc"
	ln "$HOME/.netrc" alias
	hidden -a "$HOME" -- cat "$HOME/.netrc"
	remains "CAVEATS" \
	    "Denied files can be reached by another name that lies beneath" \
	    -a . -- grep secret alias
}

test_case replaced "a covered file that is replaced outside meanwhile"
replaced_body()
{
	setup
	echo old >"$HOME/.netrc"
	"$NONO" -s -a "$HOME" -- sh -c ': >ready; i=0
	    until [ -e go ] || [ $i -gt 50 ]; do i=$((i + 1)); sleep 0.1; done
	    cat "$HOME/.netrc"' >"$T/shown" 2>err &
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -e ready ] || break
		sleep 0.1
	done
	echo secret >"$HOME/new"
	mv "$HOME/new" "$HOME/.netrc"
	: >go
	wait
	grep -q secret "$HOME/.netrc" || atf_fail "not replaced"
	if ! has_view; then
		[ ! -s "$T/shown" ] || atf_fail "shown"
		return
	fi
	grep -qF 'the cover goes with the old one' "$SRC/../nono.1" ||
	    atf_fail "nono.1 does not say it"
	atf_expect_fail "nono(1), CAVEATS"
	[ ! -s "$T/shown" ] || atf_fail "shown"
}
