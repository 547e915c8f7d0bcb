#!/bin/sh
# way.sh WAY [test ...]: makes sure that this is that way (ways.sh has them), and
# runs the tests in it.  A way that is not what it says fails.

way=$1
shift
here=$(cd "$(dirname "$0")" && pwd) || exit 1
nono=$here/../nono
probe=$here/probe
dir=$(mktemp -d "${NONO_TESTBASE:?}/way.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
chmod 755 "$dir"

is_not()
{
	echo "this is not $way: $*"
	exit 1
}

# under verb ...: nono is run by that verb of the probe.  In a script without
# a shell, which would touch the environment.
under()
{
	cp "$nono" "$dir/real" && cp "$nono-learn" "$probe" "$dir" &&
	    echo "#!$dir/probe $* $dir/real" >"$dir/nono" &&
	    chmod 755 "$dir/nono" || exit 1
	NONO=$dir/nono NONO_REAL=$dir/real NONO_UNDER="$dir/probe $*"
	export NONO NONO_REAL NONO_UNDER
}

# can command ...: silently.
can()
{
	"$@" >/dev/null 2>&1
}

filters()
{
	"$@" sed -n 's/^Seccomp_filters:[^0-9]*//p' /proc/self/status
}

can unshare --help || is_not "there is no unshare(1) to try"
case $way in
native|kernel)	;;
no-unshare)
	under deny unshare EPERM
	can unshare -m true || is_not "unshare(2) is refused anyway"
	! can "$dir/probe" deny unshare EPERM unshare -m true ||
	    is_not "unshare(2) is possible" ;;
no-namespaces)
	! can unshare -U true || is_not "there are user namespaces" ;;
container)
	[ "$(filters env)" -gt 0 ] || is_not "no seccomp filter"
	! can unshare -m true || is_not "mount namespaces are possible" ;;
strict)
	[ "$(filters env)" -gt 0 ] || is_not "no seccomp filter"
	! can unshare -U true || is_not "user namespaces are possible"
	! can unshare -m true || is_not "mount namespaces are possible" ;;
abi[1-9])
	under abi "${way#abi}"
	"$NONO" -s --dry-run true | grep -qx "landlock: ABI ${way#abi}" ||
	    is_not "nono sees another" ;;
nested)
	under nested "$dir/real"
	once=$(filters "$nono" -s) twice=$(filters "$NONO" -s)
	[ "$((twice - $(filters env)))" -eq \
	    "$((2 * (once - $(filters env))))" ] ||
	    is_not "$once filters in nono, $twice in this" ;;
*)	is_not "it is not known" ;;
esac
case $way in
no-unshare|no-namespaces|strict|nested)
	HOME=/ "${NONO:-$nono}" -s --dry-run true | grep -q '^view: none: ' ||
	    is_not "nono has a private view" ;;
container)
	[ "$(id -u)" -eq 0 ] ||
	    HOME=/ "$nono" -s --dry-run true | grep -q '^view: a mount' ||
	    is_not "nono has no private view" ;;
esac
# what needs thousands of rounds has them natively
[ "$way" = native ] || export NONO_TREES="${NONO_TREES:-400}"
NONO_WAY=$way sh "$here/run.sh" "$@"
