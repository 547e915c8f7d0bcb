#! /usr/bin/env -S atf-sh -s /bin/sh
# Odd mounts, in mount namespaces that the tests make for it, and what is left
# of the view when the command has ended: nothing.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# A project, remade before each attempt.
project()
{
	prepare() {
		rm -rf new
		mkdir -p secrets/sub vendor plain "$HOME/.ssh" \
		    "$T/elsewhere" "$T/other"
		for _dir in secrets secrets/sub vendor plain "$HOME/.ssh" \
		    "$T/other"; do
			echo "text of $_dir" >"$_dir/file"
		done
		: >empty
	}
	setup
	prepare
}

# safely [option ...] -- command ...: shows nothing of secrets, as the command
# does outside; or is not run, with a line that says why.
safely()
{
	prepare
	outside "$@" >out 2>err && grep -q 'text of secrets' out ||
	    fail "fails outside, too: $*: $(cat err)"
	prepare
	"$NONO" "$@" >out 2>err
	_got=$?
	! grep -q 'text of secrets' out || fail "shown: nono $*: $(cat out)"
	[ $_got -eq 125 ] || return 0
	grep -q '^nono: ' err && [ ! -s out ] || fail "$(cat out err)"
	grep -v '^nono: ' err && fail "$(cat err)"
	return 0
}

# hides: as hidden; but where it carves, nono may see that it cannot hold what
# is asked for, and refuse.
hides()
{
	prepare
	if ! has_view && { "$NONO" "$@" >out 2>err; [ $? -eq 125 ]; }; then
		grep -q '^nono: .*nothing was run$' err || fail "$(cat err)"
		[ ! -s out ] || fail "$(cat out)"
		return
	fi
	hidden "$@"
}

# keeps: as refused, in the same way.
keeps()
{
	prepare
	if ! has_view && { "$NONO" "$@" >out 2>err; [ $? -eq 125 ]; }; then
		grep -q '^nono: .*nothing was run$' err || fail "$(cat err)"
		return
	fi
	refused "$@"
}

#
# The same files elsewhere.
#

test_case bound "a denied path is hidden where it is mounted elsewhere, too"
bound_body()
{
	project
	set -- -a "$T" -d secrets
	granted "$@" -- cat plain/file
	for what in "$T/home" "$HOME" "$HOME/project" "$HOME/project/secrets"; do
		NONO=${_nono:-$NONO}
		within "mount --bind '$what' '$T/elsewhere'"
		path=$T/elsewhere${HOME#"$what"}/project/secrets
		case $what in
		"$T/home") path=$T/elsewhere/project/secrets ;;
		*/secrets) path=$T/elsewhere ;;
		*/project) path=$T/elsewhere/secrets ;;
		esac
		for rules in "-a $T" "-r $T" "-a . -a $T/elsewhere" \
		    "-a $HOME -r $T/elsewhere"; do
			# where the user grants that very place it is granted
			case $rules/$what in
			*elsewhere/*/secrets) continue ;;
			esac
			# shellcheck disable=SC2086	# words
			set -- -s $rules -d secrets
			hides "$@" -- cat secrets/file
			hides "$@" -- cat "$path/file"
			hides "$@" -- cat "$path/sub/file"
			hides "$@" -- ls "$path"
			! has_view || granted "$@" -- cat plain/file
		done
		keeps -s -a "$T" -d secrets -- \
		    sh -c 'echo evil >"$0/file"' "$path"
		keeps -s -a "$T" -r secrets -- \
		    sh -c 'echo evil >"$0/file"' "$path"
		keeps -s -a "$T" -r secrets -- \
		    sh -c ': >"$0/new" && find "$0/new" -delete' "$path"
		! has_view || granted -s -a "$T" -r secrets -- \
		    cat "$path/file" secrets/file
	done
}

test_case bound_home "credentials are hidden where the home is mounted, too"
bound_home_body()
{
	project
	within "mount --bind '$HOME' '$T/elsewhere'"
	for rules in "-a /" "-r /" "-a $T" "-a $HOME -a $T/elsewhere"; do
		# shellcheck disable=SC2086	# words
		set -- -s $rules
		hides "$@" -- cat "$HOME/.ssh/file"
		hides "$@" -- cat "$T/elsewhere/.ssh/file"
		! has_view ||
		    granted "$@" -- cat "$T/elsewhere/project/plain/file"
	done
	hides -s -a / -- sh -c 'cat /proc/self/root"$0"/.ssh/file' \
	    "$T/elsewhere"
}

test_case bound_file "a denied file is hidden where it is mounted, too"
bound_file_body()
{
	project
	within "mount --bind secrets/file empty
	    mount --bind secrets/sub/file plain/file"
	set -- -s -a . -d secrets/file -d secrets/sub
	hides "$@" -- cat secrets/file
	hides "$@" -- cat empty
	hides "$@" -- cat plain/file
	keeps "$@" -- sh -c 'echo evil >empty'
	keeps -s -a . -r secrets/file -- sh -c 'echo evil >empty'
	! has_view || granted -s -a . -r secrets/file -- cat empty
}

test_case bound_table "a denied path is hidden where the tables grant"
bound_table_body()
{
	setup
	mkdir "$HOME/.cargo" "$T/other"
	echo text >"$T/other/file"
	set -- -s -r "$T" -d "$T/other" -- cat "$HOME/.cargo/file"
	within "mount --bind '$T/other' '$HOME/.cargo'"
	hidden "$@"
	# where nono carves, and is not stopped by the door only
	NONO=$_nono _nono=
	as_if deny unshare EPERM
	mv "$T/nono" "$T/carving"
	NONO=$T/carving
	within "mount --bind '$T/other' '$HOME/.cargo'"
	hidden "$@"
}

test_case bound_within "what is mounted in a denied path is hidden elsewhere"
bound_within_body()
{
	project
	within "mount -t tmpfs tmpfs secrets/sub
	    mkdir secrets/sub/deep
	    echo 'text of secrets' | tee secrets/sub/file \
	        >secrets/sub/deep/file
	    mount --bind secrets/sub '$T/elsewhere'
	    mount --bind secrets/sub/deep plain
	    mkdir -p '$HOME/.ssh/sub'
	    mount -t tmpfs tmpfs '$HOME/.ssh/sub'
	    echo 'text of .ssh' >'$HOME/.ssh/sub/file'
	    mount --bind '$HOME/.ssh/sub' '$T/other'"
	for rules in "-a $T" "-r $T" "-a $T/elsewhere -a ." "-a /"; do
		# shellcheck disable=SC2086	# words
		set -- -s $rules -d secrets
		# where the user grants that very place it is granted
		case $rules in
		*elsewhere*) ;;
		*)	hides "$@" -- cat "$T/elsewhere/file"
			hides "$@" -- cat "$T/elsewhere/deep/file"
			hides "$@" -- ls "$T/elsewhere"
			hides "$@" -- cat "$T/other/file"
			hides "$@" -- cat secrets/sub/file ;;
		esac
		hides "$@" -- cat plain/file
	done
	for place in "$T/elsewhere" plain; do
		keeps -s -a "$T" -d secrets -- \
		    sh -c 'echo evil >"$0/file"' "$place"
		keeps -s -a "$T" -r secrets -- \
		    sh -c 'echo evil >"$0/file"' "$place"
		keeps -s -a "$T" -r secrets -- sh -c ': >"$0/new"' "$place"
		! has_view || granted -s -a "$T" -r secrets -- cat "$place/file"
	done
	! has_view || granted -s -a "$T" -d secrets -- cat vendor/file
}

test_case bound_read "what may only be read is not written where it is mounted"
bound_read_body()
{
	project
	mkdir -p vendor/sub/deep
	echo text | tee vendor/sub/file vendor/sub/deep/file >/dev/null
	for what in vendor vendor/sub vendor/sub/deep; do
		NONO=${_nono:-$NONO}
		within "mount --bind $what '$T/elsewhere'
		    mount --bind $what plain"
		for place in "$T/elsewhere" plain; do
			for rules in "-a $T" "-r $T -a plain/.. -a $T/elsewhere/.."
			do
				# shellcheck disable=SC2086	# words
				set -- -s $rules -r vendor
				keeps "$@" -- \
				    sh -c 'echo evil >"$0/file"' "$place"
				keeps "$@" -- sh -c ': >"$0/new" &&
				    find "$0/new" -delete' "$place"
				! has_view || keeps "$@" -- \
				    chmod 700 "$place/file"
				! has_view || granted "$@" -- cat "$place/file"
			done
		done
		! has_view || granted -s -a "$T" -r vendor -- \
		    sh -c ': >"$0/new"' "$T/other"
	done
}

test_case device "the file system of the project is mounted elsewhere"
device_body()
{
	project
	is_root || return 0
	device=$(findmnt -no SOURCE -T . | head -n 1)
	root=$(findmnt -no TARGET -T . | head -n 1)
	case $device in
	/dev/*\[*|[!/]*) return 0 ;;
	esac
	unshare -m mount "$device" "$T/elsewhere" 2>/dev/null || return 0
	within "mount '$device' '$T/elsewhere'"
	path=$T/elsewhere${PWD#"${root%/}"}
	account=$(getent passwd "$(id -u)" | cut -d : -f 6)
	for rules in "-a ." "-a $T" "-a /" "-r /"; do
		# shellcheck disable=SC2086	# words
		set -- -s $rules -d secrets -a "$T/elsewhere"
		# refused where it opens what the tables deny in the home of the
		# account, which is of that device, too
		prepare
		if has_view && { "$NONO" "$@" true >out 2>err
		    [ $? -eq 125 ]; }; then
			grep -q "^nono: $account/.*nothing was run$" err ||
			    fail "$(cat err)"
			continue
		fi
		hides "$@" -- cat secrets/file
		hides "$@" -- cat "$path/secrets/file"
		! has_view || granted "$@" -- cat "$path/plain/file"
	done
}

# Of ext2 without, network file systems, and some of FUSE.
test_case untyped "a file system whose directories do not tell types"
untyped_body()
{
	setup
	truncate -s 4M "$T/image"
	is_root && mke2fs -q -F -t ext2 -O ^filetype "$T/image" &&
	    unshare -m mount -o loop "$T/image" "$HOME" || return 0
	within "mount -o loop '$T/image' '$HOME'
	    cd '$HOME' && mkdir -p sub denied
	    for f in file sub/file denied/file; do echo text >\$f; done
	    ln -sf sub/file link"
	! has_view || refused -s -a "$HOME/file" -- chmod 600 "$HOME/sub/file"
	granted -s -a "$HOME/file" -- chmod 600 "$HOME/file"
	granted -s -r "$HOME" -d "$HOME/denied" -- cat "$HOME/link"
	hidden -s -r "$HOME" -d "$HOME/denied" -- cat "$HOME/denied/file"
}

test_case many_bound "a denied path that is mounted in hundreds of places"
many_bound_body()
{
	project
	within "exec '$PROBE' mounts 300 '$PWD' '$T/elsewhere' \"\$@\""
	safely -s -a "$T" -d secrets -- \
	    sh -c 'cat secrets/file "$0"/*/secrets/file' "$T/elsewhere"
	hides -s -a "$T" -d secrets -- sh -c 'cat "$0"/*/secrets/file' \
	    "$T/elsewhere"
	keeps -s -a "$T" -r secrets -- sh -c 'echo evil >"$0"/7/secrets/file' \
	    "$T/elsewhere"
}

test_case thousands "ten thousand mounts"
thousands_body()
{
	project
	n=10000
	within "exec '$PROBE' mounts $n '$T/other' '$T/elsewhere' \"\$@\""
	before=$(date +%s%N)
	safely -s -a . -d secrets -- cat secrets/file
	safely -s -a "$T" -d secrets -- cat secrets/file
	after=$(date +%s%N)
	granted -s -a . -d secrets -- cat plain/file
	# they are there to be seen, in a machine that is emulated
	[ $((after - before)) -lt 60000000000 ] || [ "$NONO_WAY" = kernel ] ||
	    fail "$(((after - before) / 1000000)) ms"
	echo "$(((after - before) / 1000000)) ms"
}

#
# The file systems of the kernel.
#

# Nothing is written, for that would be to set something; to open it is enough.
test_case kernel "other mounts of /proc and /sys are read only, for root too"
kernel_body()
{
	project
	is_root || return 0
	setting=$(find /sys/kernel/mm /sys/module -type f -perm -600 \
	    2>/dev/null | head -n 1)
	mkdir proc bound sys
	within "mount -t proc proc proc
	    mount --bind /proc bound
	    mount -t sysfs sysfs sys"
	for rules in "-a ." "-a /" "-a $HOME"; do
		for file in proc/sys/vm/swappiness bound/sys/vm/swappiness \
		    ${setting:+"sys${setting#/sys}"}; do
			# shellcheck disable=SC2086	# words
			keeps -s $rules -- sh -c ': >>"$0"' "$file"
			# shellcheck disable=SC2086	# words
			keeps -s $rules -- sh -c ': >>"$0"' "$PWD/$file"
			! has_view || {
				# shellcheck disable=SC2086	# words
				granted -s $rules -- cat "$file"
			}
			# shellcheck disable=SC2086	# words
			"$NONO" why -s $rules --op write "$file" >out 2>err
			[ $? -eq 1 ] && grep -q ": write: denied" out ||
			    fail "why $rules $file: $(cat out err)"
			# an outer nono is a mount that is read only
			case $(has_view && echo view),${NONO_UNDER-} in
			*" nested "*) ;;
			view,*)	grep -q "; refused all .* files have lesser" \
				    out || fail "why $rules $file: $(cat out)"
				;;
			esac
		done
		# all else is as granted
		! has_view || granted -s $rules -- sh -c ': >plain/new'
	done
	granted -s -a . -- cat /proc/sys/vm/swappiness
}

#
# Rules and mount points.
#

test_case points "a rule on a mount point, and mounts beneath rules"
points_body()
{
	project
	within "mount --bind '$T/other' secrets
	    mount -t tmpfs tmpfs vendor
	    mkdir vendor/deep && echo 'text of vendor' >vendor/file
	    mount -t tmpfs tmpfs vendor/deep
	    echo 'text of deep' >vendor/deep/file
	    mount --bind plain/file empty"
	# denied
	hidden -a . -d secrets -- cat secrets/file
	hidden -a . -d secrets -- ls secrets
	hidden -a . -d vendor -- cat vendor/file
	hidden -a . -d vendor -- cat vendor/deep/file
	hidden -a . -d vendor/deep -- cat vendor/deep/file
	hidden -a . -d empty -- cat empty
	hidden -r . -d vendor -- cat vendor/deep/file
	hidden -- cat vendor/deep/file
	granted -a . -d vendor/deep -- cat vendor/file
	! has_view || granted -a . -d vendor/deep -- sh -c ': >vendor/new'
	granted -a . -d vendor -r vendor/deep -- cat vendor/deep/file
	hidden -a . -d vendor -r vendor/deep -- cat vendor/file
	# read-only
	for dir in vendor vendor/deep; do
		granted -a . -r vendor -- cat $dir/file
		refused -a . -r vendor -- sh -c 'echo evil >"$0"' $dir/file
		refused -a . -r vendor -- sh -c ': >"$0"' $dir/new
		! has_view || refused -a . -r vendor -- chmod 700 $dir
		! has_view || refused -r . -- chmod 700 $dir/file
		refused -r . -- sh -c ': >"$0"' $dir/new
		# written
		granted -a . -- sh -c 'echo new >"$0"' $dir/file
		granted -a . -- sh -c ': >"$0" && ls' $dir/new
		granted -a vendor -- sh -c ': >"$0" && chmod 700 "$0"' $dir/new
		granted -r . -a vendor -- sh -c ': >"$0"' $dir/new
	done
	refused -a . -r empty -- sh -c 'echo evil >empty'
	granted -a empty -- sh -c 'echo new >empty'
	granted -s -a . -r vendor -a vendor/deep -- sh -c ': >vendor/deep/new'
	refused -a . -r vendor -a vendor/deep -- sh -c ': >vendor/new'
}

test_case stays_read_only "what is mounted read-only stays so, for root too"
stays_read_only_body()
{
	project
	within "mount --bind plain plain
	    mount -o remount,bind,ro plain
	    mount --bind vendor vendor
	    mount -o remount,bind,noexec,nosuid vendor"
	printf '#!/bin/sh\necho run\n' >vendor/run
	chmod 755 vendor/run
	for rules in "-a ." "-a plain" "-a /" "-a plain/file"; do
		# shellcheck disable=SC2086	# words
		"$NONO" -s $rules -- sh -c 'echo evil >plain/file' 2>err &&
		    fail "$rules: written"
		# shellcheck disable=SC2086
		granted -s $rules -- sh -c 'cat plain/file; :'
	done
	"$NONO" -s -a . -- sh -c vendor/run >out 2>err &&
	    fail "noexec is gone: $(cat out)"
	"$NONO" -s -a vendor -- sh -c vendor/run >out 2>err &&
	    fail "noexec is gone: $(cat out)"
	granted -s -a . -- sh -c ': >vendor/new'
}

test_case over "a mount over the project, and over a grant"
over_body()
{
	project
	within "mount -t tmpfs tmpfs '$T/elsewhere'
	    mkdir '$T/elsewhere/secrets'
	    echo 'text of secrets' >'$T/elsewhere/secrets/file'
	    echo 'text of plain' >'$T/elsewhere/file'
	    mount --bind '$T/elsewhere' '$HOME'
	    mkdir -p '$HOME/.ssh'; echo 'text of secrets' >'$HOME/.ssh/file'
	    cd '$HOME'"
	hides -s -a "$HOME" -- cat .ssh/file
	hides -s -a "$T/elsewhere" -- cat "$T/elsewhere/.ssh/file"
	hides -s -a "$T" -- cat "$T/elsewhere/.ssh/file"
	hides -s -a "$HOME" -d "$HOME/secrets" -- cat secrets/file
	granted -s -a "$HOME" -- cat file
	! has_view || granted -s -a "$HOME" -- sh -c ': >new'
}

#
# A system without this or that.
#

test_case read_only_root "all is mounted read-only"
read_only_root_body()
{
	project
	within "mount --bind '$T' '$T'
	    cd '$PWD'
	    mount -o remount,bind,ro /"
	granted -s -a . -d secrets -- cat plain/file
	granted -s -a . -d secrets -- sh -c ': >plain/new'
	hidden -s -a . -d secrets -- cat secrets/file
	refused -s -a . -r vendor -- sh -c ': >vendor/new'
	granted -s -- sh -c 'f=$(mktemp "$TMPDIR/XXXXXX") && : >"$f"'
	NONO=$_nono
	within "mount -o remount,bind,ro /"
	granted -s -a . -d secrets -- cat plain/file
	hidden -s -a . -d secrets -- cat secrets/file
	hidden -s -r . -d secrets -- cat secrets/file
}

test_case ssh "ssh reads what its system-wide configuration includes"
ssh_body()
{
	needs ssh
	project
	[ -d /etc/ssh/ssh_config.d ] || atf_skip "no /etc/ssh/ssh_config.d"
	# a user, for root needs no user namespace; of his own where it is not
	# root who tests
	as="setpriv --reuid 1 --regid 1 --clear-groups"
	is_root || as="unshare --map-user=1"
	within "mount -t tmpfs tmpfs /etc/ssh/ssh_config.d
	    cd /etc/ssh/ssh_config.d
	    printf 'Host nono-test\\nUser zaphod\\n' >a.conf
	    mkdir a.conf.d b.conf && echo text >a.conf.d/file && mkfifo fifo
	    cd - >/dev/null
	    set -- $as \"\$@\""
	granted -- sh -c 'ssh -G nono-test | grep "^user zaphod"'
}

test_case no_proc "/proc is not mounted"
no_proc_body()
{
	case ${NONO_UNDER-} in
	*" nested "*) atf_skip "a nono inside another needs /proc" ;;
	esac
	project
	mkdir "$T/empty"
	for how in "mount --bind '$T/empty' /proc" "umount -l /proc"; do
		is_root || [ "$how" != "umount -l /proc" ] || continue
		WITHIN='' NONO=${_nono:-$NONO}
		within "$how"
		safely -s -a . -d secrets -- cat secrets/file
		safely -s -r . -d secrets -- cat secrets/file
		safely -s -a / -d secrets -- cat secrets/file
		prepare
		"$NONO" -s -a . -- cat plain/file >out 2>err
		got=$?
		[ $got -eq 0 ] || [ $got -eq 125 ] || fail "$got: $(cat err)"
		[ $got -eq 0 ] || [ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
	done
}

# As bubblewrap has it: without a map that can be written there is no view for
# who needs a user namespace.
test_case read_only_proc "/proc is mounted read-only"
read_only_proc_body()
{
	project
	plain=$NONO
	within "mount -o remount,bind,ro,nosuid,nodev,noexec /proc
	    set -- setpriv --bounding-set=-all --inh-caps=-all \"\$@\""
	! "$T/within" sh -c 'echo "0 0 1" >/proc/self/uid_map' 2>err &&
	    grep -qi 'read-only' err || fail "it is not: $(cat err)"
	# what it carves is as whole as elsewhere
	names "view: none: "
	granted -s -a . -d secrets -- cat plain/file
	granted -s -a . -d secrets -- sh -c 'echo new >plain/new'
	hidden -s -a . -d secrets -- cat secrets/file
	hidden -s -a . -d secrets -- ls secrets
	refused -s -a . -r vendor -- sh -c 'echo evil >vendor/file'
	hidden -s -a "$HOME" -- cat "$HOME/.ssh/file"
	granted -v -a . -- true
	case ${NONO_UNDER-} in
	'')	names "view: none: /proc is read-only$"
		"$NONO" check >out 2>err
		grep -q "/proc is read-only; remedy: mount one that is not" out ||
		    fail "check: $(grep view out) $(cat err)" ;;
	esac
	# it is that of /proc alone, where there is one
	NONO=$plain
	! has_view || is_root || names "view: a mount namespace"
}

test_case hidepid "/proc hides the processes of others"
hidepid_body()
{
	project
	is_root || return 0
	for how in 1 2 invisible ptraceable; do
		unshare -m mount -t proc -o hidepid=$how proc /proc \
		    2>/dev/null || continue
		WITHIN='' NONO=${_nono:-$NONO}
		within "mount -t proc -o hidepid=$how proc /proc"
		granted -s -a . -d secrets -- cat plain/file
		hidden -s -a . -d secrets -- cat secrets/file
		# and for a user in there
		chown -R nobody "$HOME"
		chmod 755 "$HOME"
		user="setpriv --reuid nobody --regid $(id -g nobody) \
		    --clear-groups"
		# shellcheck disable=SC2086	# words
		"$T/within" $user "$_nono" -s -a . -d secrets -- \
		    sh -c 'cat plain/file secrets/file' >out 2>err
		grep -q 'text of plain' out ||
		    grep -q '^nono: ' err || fail "$how: $(cat out err)"
		! grep -q 'text of secrets' out || fail "$how: $(cat out)"
	done
}

# new_root COMMANDS: within a root of its own, with a copy of the test's
# directory, the system's directories, and what COMMANDS make.
new_root()
{
	mkdir -p "$T/root"
	cp "${_nono:=$NONO}" "$T/nono.copy" || atf_fail "no copy"
	within "mount -t tmpfs -o mode=755 tmpfs '$T/root'
	    for d in /usr /bin /lib /lib64 /lib32 /libx32 /sbin /etc /proc; do
	    	[ -e \$d ] || continue
	    	if [ -L \$d ]; then cp -P \$d '$T/root'; continue; fi
	    	mkdir '$T/root'\$d; mount --rbind \$d '$T/root'\$d
	    done
	    mkdir -p '$T/root$T/home'
	    mount --bind '$T' '$T/root$T'
	    mount --bind '$T/home' '$T/root$T/home'
	    mkdir -p '$T/root$(dirname "$PROBE")'
	    cp '$PROBE' '$T/root$PROBE'
	    $1"
}

# enter pivot|chroot: how.
enter()
{
	case $1 in
	pivot)	new_root "$2
		    cd '$T/root'; mkdir -p old; pivot_root . old
		    umount -l /old; rmdir /old; cd '$PWD'" ;;
	chroot)	new_root "$2
		    cd '$T/root'
		    set -- chroot . sh -c 'cd \"\$0\"; exec \"\$@\"' '$PWD' \"\$@\"" ;;
	esac
	printf '#! /bin/sh\nexec "%s" "%s" "$@"\n' "$T/within" \
	    "$T/nono.copy" >"$T/nono"
}

test_case no_tmp "there is no /tmp, no /dev, no /run, and no home"
no_tmp_body()
{
	[ -z "${NONO_UNDER-}" ] ||
	    atf_skip "what runs nono lies outside the root that is made here"
	project
	for how in pivot chroot; do
		WITHIN=
		enter $how :
		safely -s -a . -d secrets -- cat secrets/file
		safely -s -r . -d secrets -- cat secrets/file
		prepare
		"$NONO" -s -a . -d secrets -- cat plain/file >out 2>err
		got=$?
		[ $got -eq 125 ] || [ -s out ] || fail "$how: $got: $(cat err)"
		[ $got -eq 125 ] ||
		    refused -s -a . -r vendor -- sh -c 'echo x >vendor/file'
		WITHIN=
		enter $how "mkdir '$T/root/tmp' '$T/root/dev' '$T/root/run'
		    : >'$T/root/dev/null'
		    mount --bind /dev/null '$T/root/dev/null'"
		granted -s -a . -d secrets -- cat plain/file
		hidden -s -a . -d secrets -- cat secrets/file
		granted -s -a . -- sh -c 'echo x >/dev/null && : >plain/new'
		refused -s -a . -r vendor -- sh -c 'echo x >vendor/file'
		"$NONO" -s -a . -- rm plain/file 2>err
		[ $? -eq 126 ] || fail "$how: $(cat err)"
		refused -s -a . -- sh -c 'rm plain/file'
	done
}

#
# Nothing is left.
#

# Waits until a command succeeds.
soon()
{
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		"$@" && return
		sleep 0.1
	done
	return 1
}

no_namespace()
{
	! find /proc/[0-9]*/ns/mnt -maxdepth 0 -lname "$1" 2>/dev/null |
	    grep -q .
}

test_case left "no process and no mount is left, killed or not"
left_body()
{
	setup
	mkdir -p dir/secrets made
	cat /proc/self/mountinfo >before
	for signal in KILL TERM INT HUP none; do
		rm -f made/ready
		"$NONO" -a . -d dir/secrets -- sh -c ': >made/ready; exec sleep 43.21' \
		    2>err &
		pid=$!
		soon test -e made/ready || fail "not run: $(cat err)"
		namespace=$(readlink "/proc/$pid/ns/mnt")
		has_view &&
		    [ "$namespace" = "$(readlink /proc/self/ns/mnt)" ] &&
		    atf_fail "no namespace of its own"
		# nono became the command, and has no child
		[ "$(cat "/proc/$pid/comm")" = sleep ] ||
		    fail "$(cat "/proc/$pid/comm")"
		[ -z "$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)" ] ||
		    atf_fail "nono has children"
		if [ $signal = none ]; then
			kill "$pid"
		else
			kill -$signal "$pid"
		fi
		[ $signal != INT ] || kill -KILL "$pid" 2>/dev/null
		wait "$pid"
		[ ! -e "/proc/$pid" ] || atf_fail "still there"
		has_view || continue
		soon no_namespace "$namespace" ||
		    atf_fail "a process is left in the namespace"
	done
	cat /proc/self/mountinfo >after
	# another test may have mounted something just then
	cmp -s before after || { sleep 2; cat /proc/self/mountinfo >after; }
	cmp -s before after || fail "$(diff before after)"
	[ -z "$(find "$TMPDIR" -mindepth 1)" ] || atf_fail "files are left"
	[ -d dir/secrets ] || atf_fail "secrets is gone"
}

test_case while_starting "killed while it starts, it leaves nothing"
while_starting_body()
{
	setup
	mkdir secrets
	cat /proc/self/mountinfo >before
	for _n in 1 2 3 4 5 6 7 8 9 10; do
		for delay in 0 0.001 0.002 0.003 0.005; do
			timeout -s KILL $delay "$NONO" -a . -d secrets -- \
			    true >/dev/null 2>&1
		done
	done
	cat /proc/self/mountinfo >after
	cmp -s before after || { sleep 2; cat /proc/self/mountinfo >after; }
	cmp -s before after || fail "$(diff before after)"
	granted -a . -d secrets -- true
}

test_case outlives "what the command leaves in the background stays confined"
outlives_body()
{
	setup
	mkdir -p dir/secrets made
	echo text >dir/secrets/file
	"$NONO" -s -a . -d dir/secrets -- sh -c '(sleep 0.5
	    cat dir/secrets/file >made/stolen; chmod 700 "$HOME" && : >made/changed
	    : >made/ended) >/dev/null 2>&1 & :' || atf_fail "not run"
	soon test -e made/ended || atf_fail "was killed"
	[ ! -s made/stolen ] || atf_fail "shown"
	! has_view || [ ! -e made/changed ] || atf_fail "changed"
}

test_case parallel "two hundred at once"
parallel_body()
{
	setup
	mkdir secrets made
	echo text >secrets/file
	n=0
	while [ $n -lt 200 ]; do
		n=$((n + 1))
		"$NONO" -s -a . -d secrets -- sh -c 'cat secrets/file
		    echo done >made/"$0"' $n >out.$n 2>err.$n &
	done
	wait
	[ "$(find made -type f -size +0 | wc -l)" -eq 200 ] ||
	    fail "$(find made -type f | wc -l): $(cat err.* | sort | uniq -c)"
	! grep -l text out.* || atf_fail "shown"
}

test_case ssh_denied "what is denied of that configuration is not copied"
ssh_denied_body()
{
	project
	[ -d /etc/ssh/ssh_config.d ] || atf_skip "no /etc/ssh/ssh_config.d"
	as="setpriv --reuid 1 --regid 1 --clear-groups"
	if is_root; then
		chown -R 1:1 "$HOME"
	else
		as="unshare --map-user=1 --map-group=1"
	fi
	dir=/etc/ssh/ssh_config.d
	within "mount -t tmpfs tmpfs $dir
	    echo 'text of one' >$dir/one
	    echo 'text of two' >$dir/two
	    ln -s '$HOME/.ssh/file' $dir/key
	    ln -s one $dir/other
	    set -- $as \"\$@\""
	for rules in "" "-a ." "-r /etc"; do
		# shellcheck disable=SC2086	# words
		set -- -s $rules
		# by links; an outer nono, which denies neither, has copied them
		case ${NONO_UNDER-} in
		*" nested "*) ;;
		*)	hides "$@" -- cat $dir/key
			hides "$@" -d $dir/one -- cat $dir/other ;;
		esac
		hides "$@" -d $dir/one -- cat $dir/one
		granted "$@" -d $dir/one -- cat $dir/two
		hides "$@" -d $dir -- cat $dir/two
		hides "$@" -d /etc/ssh -- cat $dir/two
		granted "$@" -- cat $dir/one $dir/two $dir/other
	done
	hides -s -d /etc -r /etc/ld.so.cache -- cat $dir/two
	granted -s -r "$HOME/.ssh" -- cat $dir/key
}

# handed NUMBER FILE COMMAND: from now on that file is on that descriptor, opened
# after COMMAND; COMPANY is how to run in the namespace.
handed()
{
	NONO=${_nono:-$NONO}
	within "$3
	    exec $1<'$2'
	    $COMPANY"
}

# no_more NAME DIR COMMAND RULES: a descriptor for reading, of what has that name
# in the project, is lesser, and is opened in DIR, is no way to write.
no_more()
{
	_name=$1 _from=$2 _mounted=$3 _rules=$4
	for _number in 3 0; do
		handed $_number "$_from/$_name" "$_mounted"
		# shellcheck disable=SC2086	# words
		set -- -s $_rules -r vendor -d secrets
		for _file in /proc/self/fd/$_number /dev/fd/$_number; do
			keeps "$@" -- sh -c 'echo x >>"$0"' $_file
			keeps "$@" -- sh -c 'echo x >"$0"' $_file
		done
		granted "$@" -- sh -c "cat <&$_number"
	done
}

# Somebody else is there, too, as the shell that started nono is.
BESIDE='set -- sh -c "\"\$@\"; exit" sh "$@"'

test_case descriptor "a file is handed in that was opened by another mount"
descriptor_body()
{
	project
	echo text >.netrc
	COMPANY=$BESIDE
	for name in vendor/file secrets/file .netrc; do
		no_more $name "$T/elsewhere" "mount --bind . '$T/elsewhere'" \
		    "-a ."
	done
	no_more vendor/file "$T/elsewhere/project" \
	    "mount --bind '$HOME' '$T/elsewhere'" "-a ."
	# what is granted for writing is by such a one, too
	handed 3 "$T/elsewhere/plain/file" "mount --bind . '$T/elsewhere'"
	granted -s -a "$T" -r vendor -d secrets -- \
	    sh -c 'echo x >>plain/file && cat <&3'
}

# Before the project, by name, and after it.
test_case descriptor_both "the same, where both places are granted"
descriptor_both_body()
{
	project
	mkdir "$T/another"
	COMPANY=$BESIDE
	for name in vendor/file secrets/file; do
		for place in "$T/another" "$T/other"; do
			no_more $name "$place" "mount --bind . '$place'" "-a $T"
			no_more $name "$place" "mount --bind . '$place'" \
			    "-a . -a $place/.."
		done
	done
}

# The namespace that nono leaves is gone then, and with it how its files are
# called.
test_case descriptor_alone "the same, where nobody else is in the namespace"
descriptor_alone_body()
{
	project
	COMPANY=
	for rules in "-a ." "-a $T"; do
		no_more vendor/file . : "$rules"
		no_more secrets/file "$PWD" : "$rules"
	done
	no_more vendor/file "$T/elsewhere" "mount --bind . '$T/elsewhere'" \
	    "-a ."
}

test_case descriptor_own "nor by the mount that the project lies in"
descriptor_own_body()
{
	project
	for COMPANY in "$BESIDE" ""; do
		for name in vendor/file secrets/file; do
			no_more $name "$PWD" "mount --bind '$HOME' '$HOME'
			    cd '$PWD'" "-a ."
		done
	done
}
