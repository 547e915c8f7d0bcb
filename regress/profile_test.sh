#! /usr/bin/env -S atf-sh -s /bin/sh
# Profiles: the reader, what it makes, and the command's own profile.
# shellcheck disable=SC2016,SC2088,SC2119	# for nono, not for the shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# profile LINE ...: the file p in the project.
profile()
{
	printf '%s\n' "$@" >p
}

# mine NAME LINE ...: a profile of the user's.
mine()
{
	mkdir -p "$HOME/.config/nono"
	_name=$1
	shift
	printf '%s\n' "$@" >"$HOME/.config/nono/$_name"
}

# policy [option ...]: the policy without what named its rules.
policy()
{
	"$NONO" -s --dry-run "$@" true 2>&1 |
	    grep -E '^(rule|socket|block|network|drop): ' |
	    sed 's/ ([^()]*)$//; s/ (table: .*)$//'
}

# same OPTIONS -- LINE ...: a profile of these lines does what the options do.
same()
{
	_options=
	while [ "$1" != -- ]; do
		_options="$_options $1"
		shift
	done
	shift
	profile "$@"
	policy -p ./p >by_profile
	# shellcheck disable=SC2086	# a list
	policy $_options >by_options
	policy >by_none
	diff by_options by_profile >differ || fail "$*: $(cat differ)"
	! cmp -s by_options by_none || fail "$_options: changes nothing"
}

test_case options "each line does what the option of that name does"
options_body()
{
	setup
	mkdir dir
	echo text >file
	"$PROBE" serve-unix stream sock >/dev/null 2>&1 || true
	export GITHUB_TOKEN=secret NAME=value
	for option in allow read write deny; do
		same --$option dir -- "$option dir"
		same --$option "$HOME/project/dir" -- "$option ~/project/dir"
	done
	for option in allow-file read-file write-file; do
		same --$option file -- "$option file"
	done
	same --allow-cwd -- allow-cwd
	same --block-net -- block-net
	same --net-block -- net-block
	same --block-command cat -- "block-command cat"
	same --allow-command rm -- "allow-command rm"
	same --allow-command 'mkfs*' -- "allow-command mkfs*"
	same --allow-env GITHUB_TOKEN -- "allow-env GITHUB_TOKEN"
	same --drop-env 'NA*' -- "drop-env NA*"
	same -u / -- "allow-unix-socket /"
	printf 'allow-command rm\n' >other
	same --profile ./other -- "profile ./other"
	same -a . -d dir -x rm -- "allow ." "deny dir" "allow-command rm"
	# and these are all
	"$NONO" --help | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' | while read -r o
	do
		profile "$o x"
		"$NONO" -p ./p true 2>err
		grep -q 'not an option of profiles' err || echo "$o"
	done | sort >accepted
	printf '%s\n' allow read write deny allow-file read-file write-file \
	    allow-cwd block-net net-block block-command allow-command \
	    allow-env drop-env allow-unix-socket profile | sort >tried
	diff tried accepted >differ || fail "$(cat differ)"
}

test_case format "comments, blanks, line ends"
format_body()
{
	setup
	mkdir 'a b' c '#d'
	echo text | tee 'a b/f' c/f '#d/f' >/dev/null
	printf '# comment\n\n   \n\t# another\n\tread \t a b \t\r\nread c' >p
	printf '\r\nread #d' >>p
	granted -p ./p cat 'a b/f' c/f '#d/f'
	for empty in '' '\n' '# only\n' '#'; do
		# shellcheck disable=SC2059
		printf "$empty" >p
		refused -p ./p -- cat c/f
		granted -p ./p true
	done
}

test_case expansion "~ and variables in paths"
expansion_body()
{
	setup
	mkdir -p "$HOME/x" "$HOME/.cache/y" "$TMPDIR/z" "$T/config/w" \
	    'do$lar' '~' "u$(id -u)"
	for d in "$HOME/x" "$HOME/.cache/y" "$T/config/w" 'do$lar' \
	    '~' "u$(id -u)"; do
		echo text >"$d/f"
	done
	export XDG_CONFIG_HOME="$T/config"
	unset XDG_CACHE_HOME
	try()
	{
		profile "read $1"
		refused -- cat "$2"
		granted -p ./p cat "$2"
	}
	try '~/x' "$HOME/x/f"
	try '$HOME/x' "$HOME/x/f"
	try '$XDG_CACHE_HOME/y' "$HOME/.cache/y/f"
	try '$XDG_CONFIG_HOME/w' "$T/config/w/f"
	try 'do$$lar' 'do$lar/f'
	try './~' './~/f'
	try 'u$UID' "u$(id -u)/f"
	XDG_CACHE_HOME=relative try '$XDG_CACHE_HOME/y' "$HOME/.cache/y/f"
	profile 'allow $TMPDIR/z'
	names "rule: read,write $TMPDIR/z" -p ./p
	# a value is not looked at again
	mkdir '$HOME'
	echo text >'$HOME/f'
	XDG_CACHE_HOME="$PWD/\$HOME" try '$XDG_CACHE_HOME' '$HOME/f'
	for bad in '$PATH/x' '$' '$home' 'a$FOO'; do
		profile "# 1" "read $bad"
		status 125 ': unknown variable; $$ is one $' -p ./p true
		status 125 'nono: ./p:2: read: $' -p ./p true
	done
	# without a home what lies in it is skipped
	profile 'allow ~/x' 'mkdir ~/new' 'read c'
	mkdir c
	echo text >c/f
	chmod 644 c/f
	HOME=$T/none granted -p ./p cat c/f
}

test_case data "a value is only data"
data_body()
{
	setup
	for value in '$$(touch made)' '`touch made`' '; touch made' \
	    '| touch made' '%s%n%s' "'; touch made #" '-x rm'; do
		profile "read $value" "block-command a"
		granted -p ./p true
		[ ! -e made ] || fail "executed: $value"
		profile "profile ./$value"
		status 125 'No such file' -p ./p true
		[ ! -e made ] || fail "executed: $value"
	done
}

test_case errors "errors name the file and the line"
errors_body()
{
	setup
	mkdir dir
	wrong()
	{
		_what=$1
		shift
		profile "# comment" "" "$@"
		status 125 "nono: ./p:3: $_what" -p ./p true
		# as included, and by an absolute path
		echo "profile $PWD/p" >q
		status 125 "nono: $PWD/p:3: $_what" -p ./q true
	}
	wrong "zork: not an option of profiles" "zork x"
	wrong "--read: not an option of profiles" "--read x"
	wrong "verbose: not an option of profiles" verbose
	wrong "dry-run: not an option of profiles" dry-run
	wrong "help: not an option of profiles" help
	wrong "command: not an option of profiles" "command ls"
	wrong "read: needs a value" read
	wrong "mkdir: needs a value" "mkdir  "
	wrong "block-net: takes no value" "block-net yes"
	wrong "read-file: dir: is a directory; use read" "read-file dir"
	wrong "block-command: a/b: not a name" "block-command a/b"
	wrong "allow-env: A=B: not a name" "allow-env A=B"
	wrong "profile: none-such: no such profile" "profile none-such"
	wrong "profile: ./none: No such file" "profile ./none"
	ln -s loop loop
	wrong "read: loop: Too many levels" "read loop"
	status 125 "nono: -p: none-such: no such profile" -p none-such true
	status 125 "nono: --profile: none-such: no" --profile none-such true
	status 125 "nono: -p: ./none: No such file" -p ./none true
	for name in '' . ..; do
		"$NONO" -p "$name" true 2>err && fail "-p '$name'"
	done
	status 125 "not a regular file" -p ./dir true
	status 125 "not a regular file" -p /dev/null true
	mkfifo fifo
	status 125 "not a regular file" -p ./fifo true
	printf 'read x\0y\n' >p
	status 125 "./p: has a NUL in it" -p ./p true
	head -c 1048577 /dev/zero | tr '\0' '#' >p
	status 125 "./p: larger than a profile" -p ./p true
	head -c 1048576 /dev/zero | tr '\0' '#' >p
	granted -p ./p true
}

test_case absent "what does not exist is skipped"
absent_body()
{
	setup
	echo text >there
	for option in allow read write deny allow-file read-file write-file \
	    allow-unix-socket; do
		profile "$option ./none" "$option ./none/either" \
		    "$option there/either" "read there"
		granted -p ./p cat there
		status 125 "does not exist" --$option ./none true
	done
	# what is denied in vain is named
	profile "allow ." "deny ./later" "read ./later2"
	names "gap: $HOME/project/later: does not exist" -p ./p
	names "gap: $HOME/project/later2: does not exist" -p ./p
}

test_case includes "profiles include others"
includes_body()
{
	setup
	mkdir a b c
	echo text | tee a/f b/f c/f >/dev/null
	mine one "read $PWD/a" "profile two"
	mine two "read $PWD/b" "profile three"
	mine three "read $PWD/c"
	granted -p one cat a/f b/f c/f
	refused -p two -- cat a/f
	# twice is no cycle
	mine four "profile three" "profile two" "profile three"
	granted -p four cat b/f c/f
	mine one "read $PWD/a" "profile one"
	status 125 "nono/one:2: profile: one: includes itself" -p one true
	mine one "profile two"
	mine two "profile three"
	mine three "# 1" "profile one"
	status 125 "nono/three:2: profile: one: includes itself" -p one true
	profile "profile ./p"
	status 125 "./p:1: profile: ./p: includes itself" -p ./p true
	ln -s p q
	profile "profile ./q"
	status 125 "includes itself" -p ./p true
	# of the same path the later decides
	profile "deny a" "profile $PWD/r"
	echo "read a" >r
	granted -p ./p cat a/f
	profile "profile $PWD/r" "deny a"
	refused -p ./p -- cat a/f
	granted -p ./p -r a cat a/f
	refused -r a -p ./p -- cat a/f
}

test_case trusted "a profile that others can write is refused"
trusted_body()
{
	setup
	mkdir a
	echo text >a/f
	mine name "read $PWD/a"
	profile "read a"
	granted -p ./p cat a/f
	for mode in 664 622 646 666 777; do
		chmod $mode p "$HOME/.config/nono/name"
		status 125 "./p: a profile that others can write; chmod go-w" \
		    -p ./p cat a/f
		status 125 "nono/name: a profile that others can write" \
		    -p name cat a/f
		echo "profile ./p" >q
		status 125 "./p: a profile that others can write" -p ./q true
	done
	for mode in 600 644 444 755; do
		chmod $mode p
		granted -p ./p cat a/f
	done
	if is_root; then
		chmod 644 p
		chown 12345 p || atf_skip "no chown"
		status 125 "./p: a profile that belongs to somebody else" \
		    -p ./p cat a/f
	fi
}

test_case mkdir "directories and files are made before anything is confined"
mkdir_body()
{
	setup
	profile 'mkdir ~/.x/y/z' 'allow ~/.x/y/z' 'mkfile ~/.x/a.json' \
	    'mkfile ~/.x/e/b.conf' 'mkfile ~/.x/c'
	"$NONO" --dry-run -p ./p true >out || fail "--dry-run"
	grep -q "^rule: read,write $HOME/.x/y/z " out || fail "$(cat out)"
	"$NONO" why -p ./p "$HOME/.x/y/z/w" >out || fail "why: $(cat out)"
	[ ! -e "$HOME/.x" ] || fail "made when nothing is run"
	umask 077
	granted -p ./p touch "$HOME/.x/y/z/f"
	umask 022
	for d in .x .x/y .x/y/z .x/e; do
		[ "$(stat -c %a "$HOME/$d")" = 700 ] || fail "$d: mode"
	done
	for f in .x/a.json .x/e/b.conf .x/c; do
		[ "$(stat -c %a "$HOME/$f")" = 600 ] || fail "$f: mode"
	done
	[ "$(cat "$HOME/.x/a.json")" = '{}' ] || fail "a.json: not {}"
	[ ! -s "$HOME/.x/c" ] || fail "c: not empty"
	# what is there stays as it is
	echo kept >"$HOME/.x/a.json"
	chmod 755 "$HOME/.x/y"
	granted -p ./p true
	[ "$(cat "$HOME/.x/a.json")" = kept ] || fail "a.json was changed"
	[ "$(stat -c %a "$HOME/.x/y")" = 755 ] || fail "y was changed"
	rm -rf "$HOME/.x"
	umask 0
	granted -p ./p true
	umask 022
	[ "$(stat -c %a "$HOME/.x/y")" = 700 ] || fail "umask 0"
}

test_case mkdir_outside "nothing is made outside the home"
mkdir_outside_body()
{
	setup
	mkdir "$T/out" "$HOME/in"
	ln -s "$T/out" "$HOME/leads"
	ln -s in "$HOME/stays"
	ln -s "$T/none" "$HOME/dangles"
	for line in "mkdir $T/out/new" 'mkdir ~/leads/new' \
	    'mkdir ~/leads/new/er' 'mkfile ~/leads/f' 'mkdir ~/../out/new' \
	    'mkdir ~/leads/../out/new' 'mkdir ~/none/../../out/new' \
	    "mkdir $T/homes/x" "mkfile $T/f"; do
		profile "$line"
		"$NONO" -p ./p true 2>err && fail "$line: no error"
		grep -q '^nono: ./p:1: mk' err || fail "$line: $(cat err)"
		[ -z "$(ls "$T/out")" ] || fail "$line: made"
		[ ! -e "$T/homes" ] && [ ! -e "$T/f" ] || fail "$line: made"
	done
	profile 'mkdir ~/leads/new'
	status 125 "lies outside the home directory; make it yourself" \
	    -p ./p true
	# a link that dangles is something that is there
	profile 'mkdir ~/dangles' 'mkfile ~/dangles'
	"$NONO" -p ./p true >out 2>err
	[ ! -e "$T/none" ] || fail "made through a link that dangles"
	profile 'mkdir ~/stays/new'
	granted -p ./p true
	[ -d "$HOME/in/new" ] || fail "not made through a link that stays"
	mkdir "$T/out/new"
	profile 'mkdir ~/leads/new'
	granted -p ./p true
	# what may not be made is passed over
	if ! is_root; then
		mkdir -m 555 "$HOME/closed"
		profile 'mkdir ~/closed/new' 'mkfile ~/closed/f' 'allow .'
		granted -p ./p true
		[ ! -e "$HOME/closed/new" ] || fail "made"
	fi
}

test_case own "a command has the profile of its name"
own_body()
{
	setup
	mkdir bin a
	mv bin a "$T"
	export PATH="$T/bin:$PATH"
	echo text >"$T/a/f"
	printf '#! /bin/sh\nexec cat "$@"\n' >"$T/bin/tool"
	chmod 755 "$T/bin/tool"
	mine tool "read $T/a"
	refused -p none -- tool "$T/a/f"
	granted tool "$T/a/f"
	granted -a . tool "$T/a/f"
	names "rule: read,write $HOME/project" -a .
	"$NONO" -v tool "$T/a/f" 2>err >out || fail "-v: $(cat err)"
	grep -q "^nono: profile: $HOME/.config/nono/tool (its name)" err ||
	    fail "-v: $(grep profile err)"
	# by a path, by another name, as an argument, under another command
	refused -- "$T/bin/tool" "$T/a/f"
	refused -- env tool "$T/a/f"
	refused -- sh -c "tool $T/a/f"
	ln -s tool "$T/bin/other"
	refused -- other "$T/a/f"
	# options come after it, other profiles too
	refused -d "$T/a" -- tool "$T/a/f"
	profile "deny $T/a"
	refused -p ./p -- tool "$T/a/f"
	profile "read ."
	granted -p ./p tool "$T/a/f" p
	refused -p none -p ./p -- tool "$T/a/f"
	refused -p ./p -p none -- tool "$T/a/f"
	# one that is wrong stops it
	mine tool "zork"
	status 125 "nono/tool:1: zork: not an option" tool "$T/a/f"
	granted -p none true
	chmod g+w "$HOME/.config/nono/tool"
	status 125 "a profile that others can write" tool "$T/a/f"
	# names that are no names of profiles
	printf '#! /bin/sh\n' >"$T/bin/.hidden"
	chmod 755 "$T/bin/.hidden"
	mine .hidden zork
	granted .hidden
	SHELL=/bin/sh
	export SHELL
	mine sh zork
	granted shell </dev/null
}

test_case own_writable "but not one that the command could write"
own_writable_body()
{
	setup
	mkdir bin "$T/a" "$T/safe"
	echo text >"$T/a/f"
	printf '#! /bin/sh\nexec cat "$@"\n' >bin/tool
	chmod 755 bin/tool
	cp bin/tool "$T/safe"
	mine tool "read $T/a"
	unapplied()
	{
		"$NONO" "$@" tool "$T/a/f" >out 2>err && fail "applied: $*"
		grep -q "warning: .*/tool: the command may write to it, so its \
profile $HOME/.config/nono/tool is not applied; -p tool does$" err ||
		    fail "$*: $(cat err)"
		# which is not said in vain, nor once it is done
		granted "$@" -p tool -- tool "$T/a/f"
		[ "$(cat out)" = text ] && ! grep 'is not applied' err ||
		    fail "$* -p tool: $(cat out err)"
		granted "$@" -p "$HOME/.config/nono/tool" -- tool "$T/a/f"
		! grep 'is not applied' err || fail "$*, by path: $(cat err)"
		# another does not do
		! "$NONO" "$@" -p other tool "$T/a/f" >out 2>err &&
		    grep -q "is not applied; -p tool does$" err ||
		    fail "$* -p other: $(cat out err)"
	}
	mine other "read $T/safe"
	(
		export PATH="$PWD/bin:$PATH"
		granted -r . tool "$T/a/f"
		unapplied -a .
		unapplied -a "$HOME"
		unapplied -w bin -r .
		granted -a . -r bin tool "$T/a/f"
		unapplied -r . -a bin/tool
		# the profile itself
		mine tool "read $T/a" "allow $PWD/bin"
		unapplied -r .
	) || exit 1
	(
		mine tool "read $T/a"
		mkdir "$TMPDIR/bin"
		cp bin/tool "$TMPDIR/bin"
		export PATH="$TMPDIR/bin:$PATH"
		unapplied -r .
	) || exit 1
	(
		# a link there, and one that leads there
		rm bin/tool
		ln -s "$T/safe/tool" bin/tool
		export PATH="$PWD/bin:$PATH"
		granted -r . -r "$T/safe" tool "$T/a/f"
		unapplied -a . -r "$T/safe"
	) || exit 1
	mv "$T/safe/tool" bin/real
	ln -s "$PWD/bin/real" "$T/safe/tool"
	export PATH="$T/safe:$PATH"
	granted -r . -r "$T/safe" tool "$T/a/f"
	unapplied -a . -r "$T/safe"
}

test_case nowhere "a profile that is nowhere: it says where that would be"
nowhere_body()
{
	setup
	status 125 "-p: nope: no such profile: not $HOME/.config/nono/nope, nor in /" \
	    -p nope true
	export XDG_CONFIG_HOME="$HOME/conf"
	status 125 "-p: nope: no such profile: not $HOME/conf/nono/nope, nor in /" \
	    -p nope true
	# there it is looked for
	mkdir -p "$HOME/conf/nono" "$T/a"
	echo text >"$T/a/f"
	refused -- cat "$T/a/f"
	echo "read $T/a" >"$HOME/conf/nono/nope"
	granted -p nope -- cat "$T/a/f"
	rm "$HOME/conf/nono/nope"
	mkdir -p "$HOME/.config/nono"
	echo "read $T/a" >"$HOME/.config/nono/nope"
	status 125 "not $HOME/conf/nono/nope, nor in /" -p nope cat "$T/a/f"
}

test_case decides "what decides at the next start cannot be written"
decides_body()
{
	setup
	prepare()
	{
		mine name "read $PWD"
		rm -f "$HOME/.config/nono/cat"
	}
	prepare
	for options in "-a $HOME" "-p name -a $HOME" "-s -a $T"; do
		# shellcheck disable=SC2086
		refused $options -- sh -c 'echo "allow ~" >~/.config/nono/name'
		# shellcheck disable=SC2086
		refused $options -- sh -c 'echo "allow ~" >~/.config/nono/cat'
	done
	mkdir -p "$HOME/.local/share/nono/profiles"
	echo 'read ~' >"$HOME/.local/share/nono/profiles/name"
	refused -a "$HOME" -- sh -c 'echo "allow ~" >~/.local/share/nono/name'
	granted -a "$HOME" cat "$HOME/.local/share/nono/profiles/name"
	# elsewhere nono warns
	profile "read a"
	"$NONO" -a . -p ./p true 2>err || fail "$(cat err)"
	grep -q "warning: $PWD/p: this profile can be written to" err ||
	    fail "no warning: $(cat err)"
	granted -r . -p ./p true
	! grep -q written err || fail "warned in vain"
}

test_case installed "make install puts them where nono looks"
installed_body()
{
	setup
	needs make
	needs cc
	mkdir src
	(cd "$SRC/.." && tar -cf - ./*.[cho] Makefile nono.1 profiles completions) |
	    tar -C src -xf - || fail "no copy"
	cd src || atf_fail cd
	make PREFIX="$T/prefix" install >"$T/log" 2>&1 ||
	    fail "install: $(tail -n 3 "$T/log")"
	cd ..
	installed=$T/prefix/share/nono/profiles
	for p in "$SRC"/../profiles/*; do
		[ -f "$installed/${p##*/}" ] || fail "${p##*/}: not installed"
		[ "$(stat -L -c %a "$installed/${p##*/}")" = 644 ] ||
		    fail "${p##*/}: mode"
		HOME=$T/home "$T/prefix/bin/nono" --dry-run -p "${p##*/}" \
		    true >out 2>err || fail "${p##*/}: $(cat err)"
		grep -q "^profile: $installed/" out || fail "${p##*/}: $(head -n 3 out)"
	done
	# the user's come first, and may include what they stand before
	mkdir -p "$HOME/.config/nono" a
	printf 'profile build\nread %s\n' "$PWD/a" >"$HOME/.config/nono/build"
	"$T/prefix/bin/nono" --dry-run -p build true >out 2>err ||
	    fail "$(cat err)"
	grep -q "^profile: $HOME/.config/nono/build (-p)" out || fail "first"
	grep -q "^profile: $installed/build ($HOME/.config/nono/build:1" out ||
	    fail "second: $(grep ^profile out)"
	(cd src && make PREFIX="$T/prefix" uninstall >/dev/null 2>&1)
	[ -z "$(ls "$installed")" ] || fail "left: $(ls "$installed")"
}
