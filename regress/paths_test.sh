#! /usr/bin/env -S atf-sh -s /bin/sh
# Odd paths: names, spellings, depths, and directories that are not what they
# were.
#
# shellcheck disable=SC2016,SC2088	# for the inner shell, and for nono

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# A new project with the directory $D and another beside it.
named()
{
	D=$1
	rm -rf "${T:?}/home/project"
	mkdir "$HOME/project"
	cd "$HOME/project" || atf_fail "no project"
	mkdir -p "./$D/.ssh" "./$D/sub" beside
	echo text | tee "./$D/file" "./$D/.ssh/file" "./$D/sub/file" \
	    beside/file >/dev/null
}

# each command ...: runs it for each odd name, which named() has made.
each()
{
	setup
	for odd in 'a b' ' lead' 'trail ' "it's" 'dou"ble' 'back\slash' "\\" \
	    '\012' '-dash' '-a' '--' '*' '[a-z]' '$(x)' '~' '~root' '#' \
	    '%s%n' '&;|<>' '...' 'a=b' 'a:b' "$(printf 'new\nline')" \
	    "$(printf '\001\033[31m\177')" "$(printf '\303\251')" \
	    "$(printf '\377\376')" "$(printf '%0255d' 0)"; do
		named "$odd"
		"$@"
	done
}

test_case granted_name "a directory with an odd name is granted"
granted_name_body()
{
	each grant_it
}

grant_it()
{
	# without ./, and in quotes, ~ is the home
	case $D in
	'~')	;;
	*)	granted -r "$D" -- cat "./$D/file" ;;
	esac
	granted -r "./$D" -- cat "./$D/sub/file"
	granted -r "$PWD/$D/" -- ls "./$D/sub"
	granted "--allow=./$D" -- sh -c ': >"./$1/sub/new"' sh "$D"
	refused -r "./$D" -- cat beside/file
	refused -r "./$D" -- sh -c ': >"./$1/new"' sh "$D"
}

test_case granted_file "a file with an odd name is granted"
granted_file_body()
{
	each grant_file
}

grant_file()
{
	mv beside/file "./$D/$D"
	granted -r "./$D/$D" -- cat "./$D/$D"
	granted --read-file "./$D/$D" -- cat "./$D/$D"
	refused --read-file "./$D/$D" -- cat "./$D/file"
	refused -a "./$D" -d "./$D/$D" -- cat "./$D/$D"
	granted -a "./$D" -d "./$D/$D" -- cat "./$D/sub/file"
}

test_case denied_name "a directory with an odd name is denied"
denied_name_body()
{
	each deny_it
}

deny_it()
{
	refused -a . -d "./$D" -- cat "./$D/file"
	refused -a . -d "./$D" -- sh -c ': >"./$1/new"' sh "$D"
	granted -a . -d "./$D" -- cat beside/file
	refused -a "./$D" -- cat "./$D/.ssh/file"
	granted -a . -d beside -- sh -c ': >"./$1/sub/new"' sh "$D"
}

test_case printed_name "an odd name is printed on one line, escaped"
printed_name_body()
{
	each print_it
	named "$(printf 'new\nline')"
	granted -v -a "$D" -- true
	grep -qF "rule: read,write $PWD/new\\012line (-a)" err ||
	    fail "says: $(cat err)"
	status 125 'new\012line/none: does not exist' -a "$D/none" true
	named "$(printf '\001\033[31m\177')"
	status 125 '\001\033[31m\177/none: does not exist' -a "$D/none" true
}

print_it()
{
	granted -v -a "./$D" -- true
	! grep -v '^nono: ' err || fail "a line of its own: $(cat err)"
	! tr -d '\n' <err | LC_ALL=C grep -q "$(printf '[\001-\037\177]')" ||
	    fail "a control character: $(cat err)"
	status 125 'none: does not exist; create it first' -a "./$D/none" true
}

test_case home_name "a home with an odd name is protected"
home_name_body()
{
	each keep_home
}

keep_home()
{
	export HOME="$PWD/$D"
	refused -a "$HOME" -- cat "$HOME/.ssh/file"
	granted -a '~' -- cat "$HOME/file"
	refused -a '~' -- cat "$HOME/.ssh/file"
	granted -r '~/.ssh' -- cat "$HOME/.ssh/file"
	export HOME="$T/home"
}

test_case spellings "a path may be spelled in many ways"
spellings_body()
{
	setup
	named dir
	for path in dir dir/ dir// ./dir ././dir/. dir/sub/.. dir/../dir \
	    "$PWD/dir" "$PWD//dir" "//$PWD/./dir/sub/../" ../project/dir \
	    '~/project/dir' '~/project/../project/dir/' '~//project/dir' \
	    /../../"$PWD/dir" /proc/self/cwd/dir; do
		granted -r "$path" -- cat dir/file
		refused -r "$path" -- cat beside/file
		refused -a . -d "$path" -- cat dir/file
	done
	for path in . ./ '~/project' '~/project/.' dir/.. "$PWD"; do
		granted -a "$path" -- cat dir/file
		refused -a "$path" -- ls "$HOME"
	done
	for path in .. '~' '~/' '~/.' "$HOME" ../.; do
		granted -a "$path" -- cat dir/file
	done
	for path in / // /.. '/./'; do
		granted -r "$path" -- cat dir/file
		refused -r "$path" -- sh -c ': >new'
	done
}

test_case tilde "~ is the home, ~name is a name"
tilde_body()
{
	setup
	mkdir -p "$HOME/dir" '~' '~/dir' '~x'
	echo home >"$HOME/dir/file"
	echo name >'~/dir/file'
	echo text >'~x/file'
	granted -r '~/dir' -- cat "$HOME/dir/file"
	refused -r '~/dir' -- cat './~/dir/file'
	granted -r './~/dir' -- cat './~/dir/file'
	refused -r './~/dir' -- cat "$HOME/dir/file"
	granted -r '~x' -- cat '~x/file'
	status 125 "-r: ~root: does not exist" -r '~root' true
	# not in the middle, and not elsewhere than in paths
	status 125 "-r: dir/~: does not exist" -r 'dir/~' true
	granted echo '~'
	[ "$(cat out)" = '~' ] || fail "$(cat out)"
}

test_case not_a_directory "what lies beneath a file does not exist"
not_a_directory_body()
{
	setup
	: >file
	status 125 "-r: file/: Not a directory" -r file/ true
	status 125 "-r: file/.: Not a directory" -r file/. true
	status 125 "-r: file/..: Not a directory" -r file/.. true
	status 125 "-r: file/none: Not a directory" -r file/none true
	granted -r file -- cat file
}

test_case empty_path "an empty path is an error, not the working directory"
empty_path_body()
{
	setup
	status 125 "-a: empty path" -a "" true
	status 125 "--read-file: empty path" --read-file "" true
	status 125 "-d: empty path" -d "" true
}

test_case beside "what begins with the same letters is not beneath"
beside_body()
{
	setup
	mkdir -p dir dir2 dir.d 'dir d' "$HOME/.sshfoo" "$HOME/.ssh-old"
	for name in dir dir2 dir.d 'dir d' "$HOME/.sshfoo" "$HOME/.ssh-old"; do
		echo text >"$name/file"
	done
	for name in dir2 dir.d 'dir d'; do
		refused -r dir -- cat "$name/file"
		granted -a . -d dir -- cat "$name/file"
		granted -a . -d dir -- sh -c ': >"$1"/new' sh "$name"
	done
	granted -r "$HOME" -- cat "$HOME/.sshfoo/file"
	granted -r "$HOME" -- cat "$HOME/.ssh-old/file"
}

# Makes a directory so deep that its path is of N bytes, and goes to it; names
# are of 200 bytes.
deep()
{
	name=$(printf '%0200d' 0)
	length=$(printf %s "$PWD" | wc -c)
	while [ $((length + 201 + 2)) -le "$1" ]; do
		mkdir "$name"
	cd "$name" || atf_fail "no directory"
		length=$((length + 201))
	done
	name=$(printf "%0$(($1 - length - 1))d" 0)
	mkdir "$name"
	cd "$name" || atf_fail "no directory"
}

test_case deep_paths "paths are as long as the system has them"
deep_paths_body()
{
	setup
	max=$(getconf PATH_MAX / 2>/dev/null || echo 4096)
	deep $((max - 20))
	path=$(pwd -P)
	echo text >file
	mkdir sub
	echo text >sub/file
	prepare() { :; }
	granted -r "$path" -- cat file
	granted -r . -- cat sub/file
	granted -a . -- sh -c ': >new'
	refused -- cat file
	refused -a . -d sub -- cat sub/file
	refused -a "$HOME" -d file -- cat file
	status 125 "$path/" -r "$path/none" true
	cd "$HOME/project" || atf_fail cd
	granted -r "$path" -- cat "$path/file"
	granted -a . -- cat "$path/sub/file"
	refused -a . -d "$path/sub" -- cat "$path/sub/file"
}

test_case too_deep "a path that is too long is an error"
too_deep_body()
{
	setup
	max=$(getconf PATH_MAX / 2>/dev/null || echo 4096)
	deep $((max - 20))
	path=$(pwd -P)
	mkdir 0123456789012345678901234567890
	status 125 "-r: path of $((${#path} + 32)) bytes; the longest" \
	    -r "$path/0123456789012345678901234567890" true
	status 125 "name too long" -r 0123456789012345678901234567890 true
	status 125 "name too long" -d 0123456789012345678901234567890 true
	# but it may lie beneath a grant, or in a directory without one
	prepare() { :; }
	granted -r . -- ls 0123456789012345678901234567890
	refused -- ls 0123456789012345678901234567890
	env -C 0123456789012345678901234567890 "$NONO" -s true 2>err
	# a view must be entered by the path
	_got=$?
	case ${NONO_UNDER-} in
	*" nested "*) ;;		# the outer one may have a view
	*)	[ $_got -eq "$(view_or 125 0)" ] || fail "too deep: $(cat err)" ;;
	esac
	[ "$(wc -l <err)" -le 1 ] || fail "$(cat err)"
	env -C 0123456789012345678901234567890 "$NONO" -a . true 2>err
	[ $? -eq 125 ] || fail "-a . too deep: $(cat err)"
	forget_tmp
	[ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
}

test_case deleted_directory "the working directory has been deleted"
deleted_directory_body()
{
	setup
	mkdir gone
	cd gone || atf_fail cd
	rmdir ../gone
	for path in . ./ .. file ../project; do
		"$NONO" -r "$path" true >"$T/out" 2>"$T/err"
		[ $? -eq 125 ] || fail "-r $path: $(cat "$T/err")"
		grep -q "^nono: -r: $path: the working directory no longer" \
		    "$T/err" || fail "-r $path: $(cat "$T/err")"
	done
	"$NONO" --allow-cwd true >"$T/out" 2>"$T/err"
	[ $? -eq 125 ] || fail "--allow-cwd: $(cat "$T/err")"
	grep -q 'no longer exists' "$T/err" || fail "$(cat "$T/err")"
	for options in "" "-r $HOME" "-a /" "-r ~"; do
		# shellcheck disable=SC2086	# a list
		"$NONO" -s $options /bin/echo text >"$T/out" 2>"$T/err" ||
		    fail "$options: $(cat "$T/err")"
		[ "$(cat "$T/out")" = text ] || fail "$options: $(cat "$T/out")"
	done
	TMPDIR=/ "$NONO" -s true || atf_fail "TMPDIR=/"
	cd / || atf_fail cd
}

test_case renamed_directory "the working directory has been renamed"
renamed_directory_body()
{
	setup
	mkdir one
	echo text >one/file
	cd one || atf_fail cd
	mv ../one ../two
	prepare() { :; }
	granted -r . -- cat file
	granted --allow-cwd -- cat "$HOME/project/two/file"
	granted -a . -- sh -c ': >new'
	refused -- cat file
	status 125 "does not exist" -r "$HOME/project/one" true
	# in its place there is another
	mkdir ../one
	echo text >../one/file
	refused -r . -- cat ../one/file
	granted -r . -- cat file
}

test_case loop "symbolic links in a loop, and to nowhere"
loop_body()
{
	setup
	ln -s loop loop
	ln -s one two
	ln -s two one
	ln -s nowhere dangling
	mkdir dir
	echo text >dir/file
	ln -s .. dir/up
	# musl says "Symbolic link loop", others "Too many levels of ..."
	status 125 "ymbolic link" -r loop true
	status 125 "ymbolic link" -a one true
	status 125 "ymbolic link" -d loop/x true
	status 125 "-r: dangling: does not exist" -r dangling true
	refused -a . -d dir/file -- cat dir/file
	granted -a . -d dir/file -- ls .
	granted -r dir/up/dir/up/dir -- cat dir/file
	# of those that the tables name
	ln -s .ssh "$HOME/.ssh"
	ln -s nowhere "$HOME/.aws"
	mkdir "$HOME/other"
	echo text >"$HOME/other/file"
	granted -a "$HOME" -- cat "$HOME/other/file"
	refused -a "$HOME" -- ln -sfn other "$HOME/.aws"
}

test_case unreadable "directories that cannot be read"
unreadable_body()
{
	prepare() {
		chmod -R u+rwx dir 2>/dev/null
		mkdir -p dir/sub dir/secrets
		echo text >dir/sub/file
		echo text >dir/secrets/file
	}
	setup
	granted -a dir -d dir/secrets -- cat dir/sub/file
	refused -a dir -d dir/secrets -- cat dir/secrets/file
	chmod 111 dir
	prepare() { :; }
	granted -a dir/sub -- cat dir/sub/file
	refused -- cat dir/sub/file
	refused -a dir -d dir/secrets -- cat dir/secrets/file
	granted -a dir -- cat dir/sub/file
	chmod 000 dir
	if [ "$(id -u)" -eq 0 ]; then
		granted -a dir/sub -- cat dir/sub/file
	else
		status 125 "-a: dir/sub: Permission denied" -a dir/sub true
	fi
	granted -a . -- true
	# in the home, a link in it may lead to what is denied
	mkdir -p "$HOME/.config" "$HOME/store/gh"
	echo text >"$HOME/store/gh/file"
	ln -s ../store/gh "$HOME/.config/gh"
	refused -a "$HOME" -- cat "$HOME/store/gh/file"
	granted -a "$HOME" -- chmod 000 "$HOME/.config"
	if [ "$(id -u)" -eq 0 ]; then
		refused -a "$HOME" -- cat "$HOME/store/gh/file"
	else
		status 125 ".config: cannot be searched for what is to be" \
		    -a "$HOME" cat "$HOME/store/gh/file"
	fi
	chmod -R u+rwx "$HOME" dir
}

test_case special "what is neither file nor directory"
special_body()
{
	setup
	mkfifo pipe
	granted -a pipe -- sh -c 'echo text >pipe & cat pipe'
	refused -r pipe -- sh -c ': <>pipe'
	refused -- sh -c ': <>pipe'
	granted -a . -d pipe -- true
	refused -a . -d pipe -- sh -c ': <>pipe'
	granted -a /dev/null -- sh -c ': >/dev/null'
	refused -r /dev/null -- sh -c ': >/dev/null'
}
