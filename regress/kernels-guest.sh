#!/bin/sh
# In a guest of kernels.sh: builds nono, and runs the tests as root and as the
# user daemon.  Booted with nono=refused, sees that nono refuses to run.

cd "$(dirname "$0")/.." || exit 1

up()
{
	cut -d . -f 1 /proc/uptime
}

# as who command ...
as()
{
	who=$1
	shift
	[ "$who" = root ] ||
	    set -- setpriv --reuid "$who" --regid "$who" --clear-groups "$@"
	env -i PATH="$PATH" HOME="/srv/$who" TERM=xterm CI=yes \
	    NONO_TREES="${NONO_TREES:-100}" NONO_TESTBASE="/srv/$who" "$@"
}

# refused who: nono exits with 125 and names the remedy in a line, nothing runs.
refused()
{
	cd "/srv/$1" || return
	for options in "" "-a ." "-s -n" "--dry-run"; do
		# shellcheck disable=SC2086	# a list
		as "$1" /srv/nono/nono $options touch ran >out 2>err
		if [ $? -ne 125 ] || [ -s out ] || [ -e ran ] ||
		    [ "$(wc -l <err)" -ne 1 ] ||
		    ! grep -q '^nono: .*lsm=landlock' err; then
			echo "not refused: nono $options"
			cat out err
			failed=1
		fi
		rm -f ran
	done
	as "$1" touch ran && [ -e ran ] || failed=1
}

# progress who: where its tests are, every few minutes
progress()
{
	while sleep 240; do
		tail -qn 1 "/srv/$1"/nono-test.*/results/log
	done
}

make -s all probes || exit 1
# without those that say the same on each kernel, or that start nono for hours
programs=$(sed -n 's/^atf_test_program{name="\(.*\)"}$/\1/p' \
    regress/Kyuafile |
    grep -Ev '^(build|completion|faults|fuzz|macos|openbsd|packaging)_')
[ ! -f regress/kernels-tests ] || programs=$(cat regress/kernels-tests)
echo "$(uname -sr): nono is built $(up) s after the start"
for user in root daemon; do
	mkdir -p "/srv/$user" && chown "$user" "/srv/$user" || exit 1
	before=$(up)
	if grep -q nono=refused /proc/cmdline; then
		failed=0
		(refused "$user"; exit $failed)
		failed=$?
		echo "as $user, refused: $((1 - failed)) passed," \
		    "$failed failed, 0 skipped"
	else
		progress "$user" &
		# shellcheck disable=SC2086	# a list
		as "$user" sh regress/way.sh kernel $programs
		kill $!
	fi
	echo "that took $(($(up) - before)) s"
done
