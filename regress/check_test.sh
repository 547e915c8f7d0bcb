#! /usr/bin/env -S atf-sh -s /bin/sh
# nono check: what it says of this system is so.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# checked STATUS: runs check.
checked()
{
	"$NONO" check >out 2>err
	_got=$?
	[ ! -s err ] || fail "check: $(cat err)"
	[ $_got -eq "$1" ] || fail "exit $_got, not $1: $(cat out)"
}

# feature NAME STATE [text]: has a line like this.
feature()
{
	grep -q "^$1: $2: .*${3-}" out || fail "no \"$1: $2: ${3-}\" in: \
$(grep "^$1" out)"
}

test_case here "what is checked is what nono does here"
here_body()
{
	setup
	"$NONO" check >out 2>err
	_got=$?
	[ ! -s err ] || fail "$(cat err)"
	grep -q "^system: $(uname -s) $(uname -r)$" out || fail "$(head -n 1 out)"
	"$NONO" -s --dry-run true >policy || atf_fail "--dry-run"
	feature files yes "$(sed -n 's/^landlock: ABI/Landlock ABI/p' policy)"
	feature "all of it" yes
	if has_view; then
		feature "private view" yes
		feature metadata yes
	else
		_why=$(sed -n 's/^view: none: //p' policy)
		feature "private view" no "$_why; remedy: "
		feature metadata no "remedy: a private view"
	fi
	# 1 exactly if something is not there, which is named
	if grep -v ^system: out | grep -qv '^[^:]*: yes: '; then
		[ $_got -eq 1 ] || fail "exit $_got: $(cat out)"
	else
		[ $_got -eq 0 ] || fail "exit $_got: $(cat out)"
	fi
	grep -E '^[^:]*: (no|partly): ' out | grep -v '; remedy: ' &&
	    fail "no remedy"
	# metadata as it says
	touch "$HOME/file"
	if has_view; then
		refused -a . -- chmod 600 "$HOME/file"
	else
		granted -a . chmod 600 "$HOME/file"
	fi
}

test_case abis "by the ABI of Landlock"
abis_body()
{
	setup
	has_view && view=yes || view=
	for abi in 1 2 3 4 5 6 7 8 9 10 11; do
		as_if abi $abi
		"$NONO" check >out 2>err
		status=$?
		[ ! -s err ] || fail "$abi: $(cat err)"
		feature files yes "Landlock ABI $abi$"
		case $abi in
		1)	feature renaming partly "Linux 5.19" ;;
		*)	! grep ^renaming out || fail "$abi: renaming" ;;
		esac
		[ $abi -ge 5 ] && s=yes || s=partly
		feature "device ioctls" $s
		[ $abi -ge 6 ] && s=yes || s=no
		feature signals $s
		if [ $abi -ge 9 ]; then
			feature "unix sockets" yes
		elif [ $abi -ge 6 ] && [ $view ]; then
			feature "unix sockets" partly "made outside after"
		else
			feature "unix sockets" partly "-u takes / only"
		fi
		grep -v ^system: out | grep -qv '^[^:]*: yes: ' && want=1 ||
		    want=0
		# an ABI that the kernel does not have cannot be tried out
		! grep -q '^all of it: no' out || want=125
		[ $status -eq $want ] || fail "$abi: $status: $(cat out)"
	done
	:
}

test_case none "where nothing is, 125"
none_body()
{
	setup
	for abi in 0:5.13 -1:lsm=landlock; do
		as_if abi "${abi%:*}"
		checked 125
		feature files no "; remedy: .*${abi#*:}"
		feature "all of it" no
		"$NONO" check --json >out || :
		grep -q '"name":"files","state":"no","needed":true' out ||
		    fail "$(cat out)"
	done
	# what is refused only when it is tried is found by trying
	for call in landlock_create_ruleset landlock_restrict_self capset \
	    no_new_privs; do
		as_if deny $call EPERM
		checked 125
		feature files yes
		feature "all of it" no
	done
	as_if deny seccomp ENOSYS
	"$NONO" check >out 2>err && fail "no seccomp: $(cat out)"
	:
}

test_case no_view "without a view it names the reason and the remedy"
no_view_body()
{
	setup
	as_if deny unshare EPERM
	checked 1
	feature "private view" no "; remedy: "
	feature "lesser rights beneath a grant" partly
	feature terminals partly
	as_if deny unshare ENOSPC
	checked 1
	is_root || feature "private view" no "user.max_user_namespaces"
	if has_view; then
		fail "a view without unshare"
	fi
}

test_case usage "it takes no options of a policy"
usage_body()
{
	setup
	status 125 "check: path: takes no argument" check path
	for option in -a. -n -v --dry-run --op=read; do
		status 125 "not an option of nono check" check $option
	done
	"$NONO" check --help | grep -q '^usage: ' || fail "--help"
	if [ -c /dev/full ]; then
		"$NONO" check >/dev/full 2>err && fail "a full disk"
		grep -q '^nono: standard output: ' err || fail "$(cat err)"
	fi
	:
}
