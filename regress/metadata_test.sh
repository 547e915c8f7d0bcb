#! /usr/bin/env -S atf-sh -s /bin/sh
# Mode, owner, times and attributes of files: as writable as the file.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# Things to change, beside and beneath what is granted, and in the home.
things()
{
	prepare() {
		chmod -R u+rwX dir vendor "$HOME/plain" 2>/dev/null
		rm -rf dir/new
		mkdir -p dir/sub vendor/sub "$HOME/plain/sub"
		for _dir in dir dir/sub vendor vendor/sub "$HOME/plain" \
		    "$HOME/plain/sub"; do
			echo text >"$_dir/file"
			chmod 640 "$_dir/file"
		done
		ln -sfn file dir/link
	}
	setup
	prepare
}

# With no view Landlock cannot refuse what follows, and nono says so.
carved()
{
	has_view && return 1
	names "gap: metadata"
	granted -r dir -- chmod 600 dir/file
}

# changes HOW FILE option ...: each way to change what is known of FILE, is
# granted or refused.
changes()
{
	_how=$1 _file=$2
	shift 2
	set -- -r "$PROBE" "$@"
	$_how "$@" -- chmod "$(stat -c %a "$_file")" "$_file"
	$_how "$@" -- chmod u+w "$_file"
	$_how "$@" -- chown "$(id -u)" "$_file"
	$_how "$@" -- chgrp "$(id -g)" "$_file"
	$_how "$@" -- touch -c "$_file"
	$_how "$@" -- touch -c -d 2020-01-01 "$_file"
	$_how "$@" -- touch -h -c "$_file"
	$_how "$@" -- touch -c -a "$_file"
	$_how "$@" -- sh -c 'cd "$(dirname "$1")" &&\
	    chmod u+w "$(basename "$1")"' sh "$_file"
	$_how "$@" -- chmod u+w "/proc/self/root$(realpath "$_file")"
	$_how "$@" -- "$PROBE" call fchmodat -100 "$_file" \
	    "0$(stat -c %a "$_file")"
	$_how "$@" -- "$PROBE" call fchownat -100 "$_file" -1 -1 0
	$_how "$@" -- "$PROBE" call utimensat -100 "$_file" 0 0
	if [ -d "$_file" ] || is_root; then
		_read=
	else
		# by a descriptor, of what may be read
		_read=$_file
	fi
	if [ -z "$_read" ] || [ -r "$_read" ]; then
		_open='exec 3<"$1" || exit 2; shift; exec "$@"'
		$_how "$@" -- sh -c "$_open" sh "$_file" \
		    "$PROBE" call fchmod 3 "0$(stat -c %a "$_file")"
		$_how "$@" -- sh -c "$_open" sh "$_file" \
		    "$PROBE" call fchown 3 -1 -1
		$_how "$@" -- sh -c "$_open" sh "$_file" \
		    "$PROBE" call utimensat 3 0 0 0
		$_how "$@" -- sh -c "$_open" sh "$_file" \
		    chmod u+w /proc/self/fd/3
	fi
	# not on every file system
	if "$PROBE" call setxattr "$_file" user.nono x 1 0 >/dev/null; then
		$_how "$@" -- "$PROBE" call setxattr "$_file" user.nono x 1 0
		$_how "$@" -- "$PROBE" call lsetxattr "$_file" user.nono x 1 0
		prepare
		"$PROBE" call setxattr "$_file" user.nono x 1 0 >/dev/null
		_got=$("$NONO" "$@" -- "$PROBE" call removexattr "$_file" \
		    user.nono)
		case $_how/$_got in
		granted/ok|refused/E*) ;;
		*)	fail "removexattr: $_got: nono $* $_file" ;;
		esac
	fi
	if "$PROBE" flags "$_file" >/dev/null; then
		$_how "$@" -- "$PROBE" flags "$_file"
	fi
}

test_case home "not of files of the home"
home_body()
{
	things
	carved && return
	for file in "$HOME/plain/file" "$HOME/plain/sub"; do
		changes refused "$file" -r "$HOME"
		changes refused "$file" -r "$HOME" -a .
	done
	# nor where it cannot even be read; but all of these can be looked at
	for file in "$HOME/plain/file" "$HOME/plain" "$HOME" dir/file dir; do
		refused -- chmod u+w "$file"
		refused -a vendor -- chmod u+w "$file"
		refused -a vendor -- touch -c "$file"
		refused -a vendor -- chown "$(id -u)" "$file"
		granted -a vendor -- stat "$file"
	done
}

test_case system "not of files of the system, for root either"
system_body()
{
	things
	if ! is_root; then
		# what is refused outside, too, is refused inside
		! "$NONO" -- chmod 644 /etc/passwd 2>err ||
		    atf_fail "changed"
		return
	fi
	carved && return
	for dir in /etc /usr/share /usr/lib /var/lib /root /opt /; do
		file=$(mktemp "$dir/nono-test.XXXXXX" 2>/dev/null) || continue
		_made="$_made $file"
		# shellcheck disable=SC2064	# these
		trap "rm -f $_made" EXIT
		changes refused "$file" -r / -a .
		refused -a . -- chmod 666 "$file"
		refused -- chown nobody "$file"
		refused -- touch -c "$dir"
	done
	[ -n "$_made" ] || atf_skip "all is read-only here"
}

test_case granted "of files beneath write grants"
granted_body()
{
	things
	for file in dir/file dir/sub dir/sub/file dir; do
		changes granted $file -a dir
		changes granted $file -a .
		changes granted $file -a / -r "$HOME/plain"
	done
	granted -a dir -- sh -c 'chmod 700 dir/sub && chmod 755 dir/sub'
	granted -w dir -- chmod 600 dir/file
	granted -w dir -- touch -d 2020-01-01 dir/file dir/new
	[ "$(stat -c %Y dir/new)" = "$(date -d 2020-01-01 +%s)" ] ||
	    atf_fail "not changed"
	granted -a dir -- cp -a dir/sub dir/copy
	granted -a dir -- sh -c 'tar -cf - -C dir sub | tar -xpf - -C dir/sub'
	granted -- sh -c 'f=$(mktemp "$TMPDIR/XXXXXX") && chmod 700 "$f" &&
	    touch -d 2020-01-01 "$f"'
	is_root || return 0
	granted -a dir -- chown -R nobody dir
	granted -a dir -- sh -c 'chown 1234:5678 dir/file && chown 0:0 dir/file'
	granted -a dir -- install -o nobody dir/file dir/new
}

test_case readable "not beneath read grants"
readable_body()
{
	things
	carved && return
	for file in dir/file dir/sub dir; do
		changes refused $file -r .
		changes refused $file -r dir
		changes refused $file -r / -a vendor
	done
	refused -r . -- chmod 755 .
	refused -r . -- chmod u+w dir/link
	refused -r . -- touch -h -c dir/link
	refused -r . -- sh -c 'cd dir && chmod u+w ../vendor/file'
	refused -r . -- sh -c 'ln -s "$PWD/dir" "$TMPDIR/l$$" &&
	    chmod u+w "$TMPDIR/l$$/file"'
}

test_case beneath "not beneath a read rule in a write grant"
beneath_body()
{
	things
	carved && return
	for file in vendor/file vendor/sub vendor; do
		changes refused $file -a . -r vendor
		changes refused $file -a / -r ./vendor
	done
	changes granted dir/file -a . -r vendor
	changes granted dir -a . -r vendor
	refused -a . -r vendor/file -- chmod u+w vendor/file
	refused -a . -r vendor/file -- touch -c vendor/file
	granted -a . -r vendor/file -- chmod u+w vendor/sub/file
	# and of what is granted beneath such a rule
	changes granted vendor/sub -a . -r vendor -a vendor/sub
	changes granted vendor/sub/file -r . -a vendor/sub
	refused -a . -r vendor -a vendor/sub -- chmod u+w vendor/file
}

test_case denied "not of what is denied"
denied_body()
{
	things
	carved && return
	set -- -a . -d vendor -d dir/file
	for file in vendor dir/file; do
		before=$(stat -c '%a %u %Y' $file)
		for mode in 777 000; do
			"$NONO" "$@" -- chmod $mode $file 2>err
			"$NONO" "$@" -- chmod -R $mode $file 2>err
		done
		"$NONO" "$@" -- touch -c -d 2001-01-01 $file 2>err
		[ "$(stat -c '%a %u %Y' $file)" = "$before" ] ||
		    fail "$file: $(stat -c '%a %u %Y' $file), not $before"
		refused "$@" -- chmod 777 $file
		refused "$@" -- chown "$(id -u)" $file
		refused "$@" -- touch -c $file
	done
	hidden "$@" -- sh -c 'chmod 777 vendor 2>/dev/null; cat vendor/file'
	hidden "$@" -- sh -c 'chmod 777 dir/file 2>/dev/null; cat dir/file'
}

test_case file "a write grant on a file is one on that file"
file_body()
{
	things
	granted -a dir/file -- chmod 600 dir/file
	granted -a dir/file -- touch -c -d 2020-01-01 dir/file
	granted -a dir/file -- sh -c 'echo new >dir/file'
	# saving beside it: EACCES, upon which programs write in place
	answers ok EACCES -a dir/file -- call openat -100 dir/new 0101 0644
	answers ok EACCES -a dir/file -- \
	    call renameat2 -100 dir/sub -100 dir/new 0
	carved && return
	refused -a dir/file -- chmod u+w vendor/file
	refused -a dir/file -- chmod u+w "$HOME/plain/file"
}

test_case files "a directory beside one such file, and that of another"
files_body()
{
	prepare() {
		rm -rf dir
		mkdir -p dir/sub/deep dir/beside
		echo text | tee dir/file dir/sub/file dir/sub/deep/file \
		    >/dev/null
	}
	setup
	for files in "dir/file dir/sub/file" "dir/sub/file dir/file" \
	    "dir/sub/file dir/sub/deep/file" \
	    "dir/file dir/sub/file dir/sub/deep/file" \
	    "dir/sub/deep/file dir/sub/file dir/file"; do
		set --
		for file in $files; do
			set -- "$@" -a $file
		done
		for file in $files; do
			answers ok EACCES "$@" -- \
			    call openat -100 ${file%/*}/new 0101 0644
			granted "$@" -- sh -c 'echo new >"$0"' $file
		done
	done
	has_view || return 0
	# that of no such file is closed
	answers ok EROFS -a dir/file -- call openat -100 dir/sub/new 0101 0644
	answers ok EROFS "$@" -- call fchmodat -100 dir/beside 0700
}

test_case devices "devices are written although all about them is read-only"
devices_body()
{
	setup
	granted -- sh -c 'echo x >/dev/null && head -c 1 /dev/zero >/dev/null'
	granted -- sh -c '! echo x >/dev/full 2>/dev/null'
	granted -- sh -c 'f=$(mktemp /dev/shm/nono.XXXXXX) && chmod 600 "$f" &&
	    find "$f" -delete'
	granted -r / -- sh -c 'echo x >/dev/null'
	granted -x dd -- dd of=/dev/null count=1 if=/dev/zero
	granted -- python3 -c 'import multiprocessing as m; m.Lock()'
}
