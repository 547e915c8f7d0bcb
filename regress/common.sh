# shellcheck shell=sh disable=SC2034
# Sourced by the tests.  They run as whoever runs them, root or not.
#
# NONO_TESTDIR	a directory outside /tmp and $TMPDIR (there everything may
#		write), is made and removed by run.sh
# NONO_ABI	Landlock's version, as nono sees it
# NONO		the binary; or, from way.sh, a script that runs the binary
#		NONO_REAL by the words NONO_UNDER

SRC=$(cd "$(dirname "$0")" && pwd)
NONO=${NONO:-$SRC/../nono}
NONO_REAL=${NONO_REAL:-$NONO}
NONO_DIR=$(dirname "$NONO")	# with all that it takes to run it
PROBE=$SRC/probe
umask 022

# test_case name description [seconds]: its body is the function name_body; it
# may take these, and more where the machine is emulated.
test_case()
{
	_most=${3:-300}
	[ "${NONO_WAY-}" != kernel ] || _most=$((10 * _most))
	atf_test_case "$1"
	eval "$1_head() { atf_set descr '$2'; atf_set timeout $_most; }"
	_cases="$_cases $1"
}

atf_init_test_cases()
{
	for _case in $_cases; do
		atf_add_test_case "$_case"
	done
}

# A fresh home with a project in it; the project is the working directory.
setup()
{
	T=$(mktemp -d "${NONO_TESTDIR:?run the tests by make test}/XXXXXX") ||
	    atf_fail "no directory for the test"
	T=$(cd "$T" && pwd -P)
	export HOME="$T/home" TMPDIR="$T/tmp"
	mkdir -p "$HOME/project" "$TMPDIR"
	chmod 755 "$T"
	cd "$HOME/project" || atf_fail "no project"
	unset SSH_AUTH_SOCK XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
	prepare
}

# Puts things in place, before the test and again before each attempt; a test
# that needs any defines its own.
prepare()
{
	:
}

# Fails with a message, as the one line that ATF wants.
fail()
{
	atf_fail "$(printf %s "$*" | tr '\n' ' ' | cut -c 1-500)"
}

is_root()
{
	[ "$(id -u)" -eq 0 ]
}

needs()
{
	command -v "$1" >/dev/null || atf_skip "no $1"
}

# Whether nono makes a private view here; else it carves.
has_view()
{
	"$NONO" -s --dry-run true >"$T/policy" 2>/dev/null &&
	    grep -q '^view: ' "$T/policy" &&
	    ! grep -q '^view: none' "$T/policy"
}

# view_or A B: prints A where nono makes a view, and B where it carves.
view_or()
{
	if has_view; then echo "$1"; else echo "$2"; fi
}

# names TEXT: a line of the policy, or of a policy with options, begins with it.
names()
{
	_text=$1
	shift
	"$NONO" -s --dry-run "$@" true >"$T/policy" 2>&1 ||
	    fail "nono --dry-run $*: $(cat "$T/policy")"
	grep -q "^$_text" "$T/policy" || fail "nono --dry-run $*: no \"$_text\""
}

# The command of [option ...] -- command ..., outside.
outside()
{
	while [ "$1" != -- ]; do shift; done
	shift
	${WITHIN:+"$WITHIN"} "$@"
}

# was_run STATUS [argument ...]: fails if nono did not run its command.
was_run()
{
	case $1 in
	125)	;;
	127)	grep -q '^nono: ' err || return 0 ;;
	126)	grep '^nono: ' err | grep -v '^nono: warning: ' |
		    grep -qv ': blocked; restart nono with' || return 0 ;;
	*)	return 0 ;;
	esac
	shift
	fail "not run: nono $*: $(cat err)"
}

# Nono warns of what others keep in /tmp, as an agent its sockets, and of an old
# Landlock, unless it is the test that has asked for that.
forget_tmp()
{
	[ -s err ] || return 0
	sed -i '/^nono: warning: \/tmp\/[^:]*: NOT /{/nono-test/!d}' err
	[ "${NONO_ABI:-9}" -ge 6 ] || [ -n "$_abi_asked" ] ||
	    sed -i '/^nono: warning: Landlock ABI [1-5]: other processes /d' err
}

# abi N: is Landlock's version here at least that?
abi()
{
	[ "${NONO_ABI:?run the tests by make test}" -ge "$1" ]
}

# can_seem N: can a probe make it seem to be of that version?  What is new in 8
# is not asked for by others.
can_seem()
{
	abi "$1" || { abi 7 && [ "$1" -eq 8 ]; }
}

# abi_or N A B: prints A where it is, and B where it is older.
abi_or()
{
	if abi "$1"; then echo "$2"; else echo "$3"; fi
}

# Whether sockets of others are told from those made inside, and what is so
# then and else.
tells_sockets()
{
	abi 9 || { abi 6 && has_view; }
}

sockets_or()
{
	if tells_sockets; then echo "$1"; else echo "$2"; fi
}

# granted [option ...] -- command ...: succeeds under nono.
granted()
{
	prepare
	"$NONO" "$@" >out 2>err ||
	    fail "refused ($?): nono $*: $(cat err)"
	forget_tmp
}

# refused [option ...] -- command ...: succeeds outside, fails under nono, and
# not because of nono itself or for want of the command.
refused()
{
	prepare
	outside "$@" >out 2>err ||
	    fail "fails outside, too: $*: $(cat err)"
	prepare
	"$NONO" "$@" >out 2>err
	_got=$?
	[ $_got -ne 0 ] || fail "not refused: nono $*: $(cat out)"
	was_run $_got "$@"
	forget_tmp
}

# hidden [option ...] -- command ...: prints something outside; under nono it
# fails or prints nothing, for root may list what covers a directory.
hidden()
{
	prepare
	outside "$@" >out 2>err && [ -s out ] ||
	    fail "fails outside, too: $*: $(cat err)"
	prepare
	"$NONO" "$@" >out 2>err
	was_run $? "$@"
	[ ! -s out ] || fail "not hidden: nono $*: $(cat out)"
}

# remains SECTION TEXT [option ...] -- command ...: succeeds outside and under
# nono, as the manual says there: an expected failure, with which a test ends.
remains()
{
	_section=$1
	grep -qF -- "$2" "$SRC/../nono.1" || fail "nono.1 does not say: $2"
	shift 2
	prepare
	outside "$@" >out 2>err ||
	    fail "fails outside, too: $*: $(cat err)"
	prepare
	"$NONO" "$@" >out 2>err ||
	    fail "refused, though the manual has it: nono $*: $(cat err)"
	atf_expect_fail "nono(1), $_section"
	fail "possible: nono $*"
}

# status N text [argument ...]: nono exits with N and says text, in one line.
status()
{
	_want=$1 _text=$2
	shift 2
	"$NONO" "$@" >out 2>err </dev/null
	_got=$?
	[ $_got -eq "$_want" ] ||
	    fail "exit $_got, not $_want: nono $*: $(cat err)"
	forget_tmp
	grep -qF -- "$_text" err || fail "nono $*: says: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
	[ ! -s out ] || fail "standard output: $(cat out)"
}

# answers OUTSIDE INSIDE [option ...] -- verb [argument ...]: what the probe
# prints outside and under nono: "ok", or the name of an errno; one of several
# with | between them.  Outside, a container may refuse the call already.
answers()
{
	_outside=$1 _inside=$2
	shift 2
	grep -q '^Seccomp:.*0$' /proc/self/status ||
	    _outside="$_outside|EPERM|ENOSYS"
	prepare
	_got=$(
		while [ "$1" != -- ]; do shift; done
		shift
		${WITHIN:+"$WITHIN"} "$PROBE" "$@" 2>&1
	)
	case "|$_outside|" in
	*"|$_got|"*) ;;
	*)	fail "outside $_got, not $_outside: probe $*" ;;
	esac
	_seen=
	for _argument; do
		shift
		set -- "$@" "$_argument"
		if [ "$_argument" = -- ] && [ -z "$_seen" ]; then
			_seen=yes
			set -- "$@" "$PROBE"
		fi
	done
	prepare
	_got=$("$NONO" -r "$PROBE" "$@" 2>err)
	forget_tmp
	_got=$(cat err)$_got
	case "|$_inside|" in
	*"|$_got|"*) ;;
	*)	fail "inside $_got, not $_inside: nono $*" ;;
	esac
}

# as_if VERB [argument ...]: from now on nono runs under "probe abi" or
# "probe deny".
as_if()
{
	_under=${NONO_UNDER-}
	# of two versions of Landlock the outer one would be seen
	case "$1 $_under" in
	"abi "*" abi "*) _under= ;;
	esac
	[ "$1" != abi ] || _abi_asked=yes
	printf '#! /bin/sh\nexec %s "%s" %s "%s" "$@"\n' "$_under" \
	    "$PROBE" "$*" "$NONO_REAL" >"$T/nono"
	chmod 755 "$T/nono" || atf_fail "cannot write $T/nono"
	NONO=$T/nono
}

# within COMMANDS: from now on whatever is run, outside and under nono, is run
# in a mount namespace of its own, where a shell has done COMMANDS before.
within()
{
	_how=-m
	is_root || _how=-Urm
	unshare $_how true 2>/dev/null ||
	    atf_skip "no mount namespaces for tests"
	cat >"$T/within" <<-END
	#! /bin/sh
	if [ -z "\$WITHIN_COMMANDS" ]; then
		export WITHIN_COMMANDS=yes
		exec unshare $_how --propagation private "\$0" "\$@"
	fi
	unset WITHIN_COMMANDS
	set -e
	$1
	exec "\$@"
	END
	printf '#! /bin/sh\nexec "%s" "%s" "$@"\n' "$T/within" \
	    "${_nono:=$NONO}" >"$T/nono"
	chmod 755 "$T/within" "$T/nono"
	"$T/within" true || fail "cannot do: $1"
	WITHIN=$T/within NONO=$T/nono
}

# serve_unix TYPE NAME: a server outside, until stop.
serve_unix()
{
	# shellcheck disable=SC2046
	set -- $("$PROBE" serve-unix "$1" "$2")
	[ $# -eq 2 ] || atf_fail "no server: $*"
	_servers="$_servers $1"
}

stop()
{
	# shellcheck disable=SC2086
	kill $_servers
	_servers=
}

# Whether we are root as it should be, not root of a container.
is_mighty()
{
	is_root && grep -q '^Seccomp:.*0$' /proc/self/status &&
	    [ $((0x$(sed -n 's/^CapEff:.//p' /proc/self/status) >> 21 & 1)) \
	    -eq 1 ]
}
