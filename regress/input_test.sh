#! /usr/bin/env -S atf-sh -s /bin/sh
# What is typed: options, errors, exit status, and what nono prints.
#
# shellcheck disable=SC2016,SC2088	# for the inner shell, and for nono

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# error TEXT [option ...]: 125, a line with TEXT in it, and nothing is run.
error()
{
	_error=$1
	shift
	status 125 "$_error" "$@" sh -c ': >"$TMPDIR/ran"'
	[ ! -e "$TMPDIR/ran" ] || atf_fail "nono $*: ran the command"
}

# exits N [option ...] command ...: ends with N and says nothing of its own.
exits()
{
	_want=$1
	shift
	"$NONO" -s "$@" >out 2>err </dev/null
	_got=$?
	[ $_got -eq "$_want" ] ||
	    fail "exit $_got, not $_want: nono -s $*: $(cat err)"
	! grep '^nono: ' err || fail "nono -s $*: says $(cat err)"
}

#
# Errors.
#

test_case unknown "an unknown option is an error"
unknown_body()
{
	setup
	error "-q: unknown option" -q
	error "-q: unknown option" -vq
	error "-q: unknown option" -vqs
	error "-q: unknown option" --verbose -qv
	error "--no-such: unknown option" --no-such
	error "--no-such: unknown option" --no-such -v
	error "--no-such=x: unknown option" --no-such=x
	error "-q: unknown option" run -q
	status 125 "-q: unknown option" shell -q
	status 125 "--al: unknown option" --al . true
}

test_case missing "a missing argument is an error"
missing_body()
{
	setup
	for option in -a -r -w -d -u -b -x -e --allow --read --write --deny \
	    --allow-file --read-file --write-file --allow-unix-socket \
	    --block-command --allow-command --allow-env --drop-env; do
		status 125 "$option: needs an argument" $option
		status 125 "$option: needs an argument" -v $option
	done
}

test_case needless "an argument that an option does not take is an error"
needless_body()
{
	setup
	for option in --allow-cwd --block-net --net-block --verbose --silent \
	    --dry-run --help --version; do
		error "$option=x: takes no argument" $option=x
	done
}

test_case absent "a path that does not exist is an error"
absent_body()
{
	setup
	for option in -a -r -w -d -u --allow --read --write --deny \
	    --allow-file --read-file --write-file --allow-unix-socket; do
		error "$option: no/such: does not exist" $option no/such
		error "$option: /no/such: does not exist" $option /no/such
		error "$option: ~/none: does not exist" $option '~/none'
	done
}

test_case empty "an empty path or name is an error"
empty_body()
{
	setup
	for option in -a -r -w -d -u --allow-file --read-file --write-file; do
		error "$option: empty path" $option ""
	done
	for option in -b -x -e --drop-env; do
		error "$option: empty name" $option ""
	done
	error "--allow: empty path" --allow=
}

test_case directory_as_file "a directory is an error for a file option"
directory_as_file_body()
{
	setup
	for option in --allow-file --read-file --write-file; do
		error "$option: .: is a directory" $option .
		error "$option: $HOME: is a directory" $option "$HOME"
	done
	error "use --read" --read-file .
}

test_case names "names of commands and variables are checked"
names_body()
{
	setup
	error "-e: NAME=VALUE: " -e NAME=VALUE
	error "--allow-env: NAME=: " --allow-env NAME=
	error "--drop-env: NAME=VALUE: " --drop-env NAME=VALUE
	error "-b: /bin/ls: " -b /bin/ls
	error "-b: ./ls: " -b ./ls
	error "--block-command: l*: " --block-command 'l*'
	error "-x: /bin/rm: " -x /bin/rm
	error "--allow-command: bin/rm: " --allow-command bin/rm
}

test_case long_path "a path that is too long is an error"
long_path_body()
{
	setup
	long=$(printf '%05000d' 0)
	error "-r: path of 5000 bytes; the longest possible has" -r "$long"
	error "-r: path of " -r "~/$long"
	error "name too long" -r "$(printf '%0300d' 0)"
}

test_case no_command "a command is needed"
no_command_body()
{
	setup
	status 125 "no command; see \"nono --help\""
	status 125 "no command" -a .
	status 125 "no command" run
	status 125 "no command" run -v
	status 125 "no command" --
	status 125 "no command" -a . --
}

test_case home "HOME is absolute, or not set"
home_body()
{
	setup
	mkdir -p relative
	HOME=relative error "HOME: relative: not an absolute path"
	HOME=. error "HOME: .: not an absolute path" -a .
	HOME=relative error "HOME: relative: " -r '~'
	HOME='' exits 0 true
	HOME=/no/such exits 0 true
	unset HOME
	exits 0 true
}

test_case no_landlock "without Landlock nothing is run"
no_landlock_body()
{
	setup
	as_if abi 0
	error "no Landlock in this system"
	error "no Landlock in this system" -a .
	error "no Landlock in this system" --dry-run
	as_if abi -1
	error "Landlock is switched off"
	error "Landlock is switched off" -a .
}

test_case directory_descriptor "a directory as descriptor 0, 1 or 2 is an error"
directory_descriptor_body()
{
	setup
	for fd in 0 1 2; do
		eval "\"\$NONO\" true 2>err $fd</"
		[ $? -eq 125 ] || atf_fail "descriptor $fd is a directory"
		[ $fd -eq 2 ] || grep -q "^nono: descriptor $fd: " err ||
		    fail "says: $(cat err)"
	done
	"$NONO" true <&- || atf_fail "standard input closed"
	"$NONO" true >&- || atf_fail "standard output closed"
	"$NONO" true 2>&- || atf_fail "standard error closed"
}

test_case one_line "an error is one line, control characters and all"
one_line_body()
{
	setup
	newline=$(printf 'one\ntwo')
	error '-r: one\012two: does not exist' -r "$newline"
	error '-r: \033[31m\007\177: does not exist' \
	    -r "$(printf '\033[31m\007\177')"
	error "-r: $(printf '\302')\\23331m \\233 $(printf '\303\233'):" \
	    -r "$(printf '\302\23331m \233 \303\233')"
	error '-b: \015/: ' -b "$(printf '\r/')"
	error '--one\012two: unknown option' "--$newline"
	status 127 'one\012two: not found' "$newline"
	status 125 'shell: one\012two: takes no command' shell "$newline"
	HOME="$newline" error 'HOME: one\012two: '
}

#
# Exit status.
#

test_case exit_status "the exit status is that of the command"
exit_status_body()
{
	setup
	exits 0 true
	exits 1 false
	exits 3 sh -c 'exit 3'
	exits 125 sh -c 'exit 125'
	exits 126 sh -c 'exit 126'
	exits 255 sh -c 'exit 255'
	for signal in TERM KILL HUP INT SEGV PIPE; do
			exits $((128 + $(kill -l $signal 2>/dev/null ||
		    number $signal))) sh -c 'kill -'$signal' $$'
	done
}

number()
{
	case $1 in
	HUP)	echo 1 ;;
	INT)	echo 2 ;;
	KILL)	echo 9 ;;
	SEGV)	echo 11 ;;
	PIPE)	echo 13 ;;
	TERM)	echo 15 ;;
	esac
}

test_case same_process "nono becomes the command"
same_process_body()
{
	setup
	pid=$(sh -c 'echo $$; exec "$0" sh -c '\''echo $$'\' "$NONO" 2>err |
	    uniq | wc -l)
	[ "$pid" -eq 1 ] || fail "another process: $(cat err)"
	# and leaves the signals as they were
	(trap '' HUP; exec "$NONO" sh -c 'kill -HUP $$; exit 4')
	[ $? -eq 4 ] || atf_fail "an ignored signal is no longer ignored"
}

test_case streams "the three streams are the ones of the command"
streams_body()
{
	setup
	printf in | "$NONO" sh -c 'cat; echo out; echo err >&2' >out 2>err ||
	    fail "$(cat err)"
	[ "$(cat out)" = inout ] || fail "out: $(cat out)"
	forget_tmp
	[ "$(cat err)" = err ] || root_warns || fail "err: $(cat err)"
}

# As root there may be one warning, that a directory of the system cannot be
# listed.
root_warns()
{
	[ "$(id -u)" -eq 0 ] || return 1
	! grep -v -e '^err$' -e '^nono: warning: /.*: cannot be listed' err
}

#
# Options.
#

test_case help "--help and --version print on standard output"
help_body()
{
	setup
	for option in -h --help "run --help" "shell -h" "-a . --help"; do
		# shellcheck disable=SC2086	# a list
		"$NONO" $option >out 2>err || fail "$option: $(cat err)"
		[ ! -s err ] || fail "$option: $(cat err)"
		grep -q '^usage: nono ' out || fail "$option: $(cat out)"
		grep -q -e --allow-unix-socket out || fail "$option: incomplete"
	done
	for option in -V --version "run -V"; do
		# shellcheck disable=SC2086
		"$NONO" $option >out 2>err || fail "$option: $(cat err)"
		[ ! -s err ] || fail "$option: $(cat err)"
		grep -qx 'nono [0-9][0-9.a-z-]*' out || fail "$(cat out)"
	done
	if [ -c /dev/full ]; then
		"$NONO" --help >/dev/full 2>err && atf_fail "a full disk"
		"$NONO" --version >/dev/full 2>err && atf_fail "a full disk"
		"$NONO" --dry-run true >/dev/full 2>err &&
		    atf_fail "a full disk"
	fi
	:
}

test_case manual "the manual has the options, and no others"
manual_body()
{
	setup
	"$NONO" --help | tr -s ' ,' '[\n*]' | grep -x -e '-[a-zA-Z]' \
	    -e '--[a-z-]*' | sort -u >help
	sed -n 's/^\.It Fl /Fl /p' "$SRC/../nono.1" |
	    sed -e 's/Fl Fl /--/g' -e 's/Fl /-/g' | tr -s ' ,' '[\n*]' |
	    grep -x -e '-[a-zA-Z]' -e '--[a-z-]*' | sort -u >manual
	[ "$(wc -l <help)" -gt 20 ] || fail "--help: $(cat help)"
	diff help manual >out || fail "nono --help and nono.1: $(cat out)"
	# and each of them is known
	while read -r option; do
		case $option in
		-h|-V|--help|--version) continue ;;
		esac
		"$NONO" "$option" 2>err && fail "$option: $(cat err)"
		grep -q -e "needs an argument" -e "no command" err ||
		    fail "$option: $(cat err)"
	done <help
}

test_case first_non_option "options end where the command begins"
first_non_option_body()
{
	setup
	: >file
	granted -a . ls -l
	grep -q '^-r' out || fail "ls -l: $(cat out)"
	granted -a . -- ls -l
	grep -q '^-r' out || fail "ls -l: $(cat out)"
	granted echo -a /no/such --help
	[ "$(cat out)" = "-a /no/such --help" ] || fail "$(cat out)"
	granted echo -- x
	[ "$(cat out)" = "-- x" ] || fail "$(cat out)"
	granted -- echo -- x
	[ "$(cat out)" = "-- x" ] || fail "$(cat out)"
	granted run --allow-cwd -- cat file
	granted --allow=. -- cat file
	granted -nvs -r. cat file
}

test_case run "run is spelled out, or is a program of that name"
run_body()
{
	setup
	printf '#!/bin/sh\necho "mine $*"\n' >run
	chmod 755 run
	cp run shell
	granted run echo x
	[ "$(cat out)" = x ] || fail "run: $(cat out)"
	granted run -a . -- echo x
	[ "$(cat out)" = x ] || fail "run: $(cat out)"
	PATH="$PWD:$PATH"
	for name in run shell; do
		for way in "-- $name" "./$name" "run $name" "-a . $name" \
		    "run -- $name"; do
			# shellcheck disable=SC2086	# a list
			granted $way x
			[ "$(cat out)" = "mine x" ] || fail "$way: $(cat out)"
		done
	done
}

test_case shell "shell starts the shell of the user"
shell_body()
{
	setup
	printf '#!/bin/sh\necho "mine $0 $*"\n' >mine
	chmod 755 mine
	export SHELL="$PWD/mine"
	granted shell
	[ "$(cat out)" = "mine $PWD/mine " ] || fail "$(cat out)"
	granted shell -a .
	granted shell -a . --
	status 125 "shell: ls: takes no command" shell ls
	status 125 "shell: ls: takes no command" shell -a . -- ls
	for SHELL in "" /bin/sh; do
		echo 'echo $((40 + 2)); cat file' | "$NONO" shell >out 2>err
		[ "$(cat out)" = 42 ] || fail "SHELL=$SHELL: $(cat out err)"
	done
	unset SHELL
	echo 'exit 3' | "$NONO" shell 2>err
	[ $? -eq 3 ] || fail "no SHELL: $(cat err)"
	export SHELL=/no/such/shell
	status 127 "/no/such/shell: " shell
}

#
# What nono prints.
#

test_case quiet "nothing is printed when all is well"
quiet_body()
{
	setup
	: >file
	for options in "" "-a ." "-r ." "-n -a ." "-x rm -a ." \
	    "-a $HOME/project"; do
		# shellcheck disable=SC2086	# a list
		granted $options -- true
		[ ! -s out ] || fail "nono $options: $(cat out)"
		[ ! -s err ] || root_warns || fail "nono $options: $(cat err)"
	done
}

test_case verbose "-v names each rule, where it comes from, and how it is held"
verbose_body()
{
	setup
	mkdir -p "$HOME/.ssh" dir
	: >file
	granted -v -a . -r dir -w file -d "$HOME/.ssh" -n true
	[ ! -s out ] || fail "standard output: $(cat out)"
	! grep -v '^nono: ' err || fail "not of nono: $(cat err)"
	for line in "rule: read,write $PWD (-a)" "rule: read $PWD/dir (-r)" \
	    "rule: write $PWD/file (-w)" "rule: none $HOME/.ssh (-d)" \
	    "rule: none $HOME/.ssh (table: " "rule: read /usr (table: " \
	    "rule: read,write /tmp (table: " "block: " "network: off (-n)" \
	    "landlock: ABI " "seccomp: " "capabilities: " "privileges: "; do
		grep -q "^nono: $line" err || fail "no \"$line\": $(cat err)"
	done
	granted --verbose -a . true
	grep -q "^nono: rule: read,write $PWD (-a)" err || fail "$(cat err)"
	granted -v --allow . --deny dir true
	grep -q "^nono: rule: read,write $PWD (--allow)" err ||
	    fail "$(cat err)"
	grep -q "^nono: rule: none $PWD/dir (--deny)" err || fail "$(cat err)"
	grep -q "^nono: network: on" err || fail "$(cat err)"
	granted -v --allow-cwd true
	grep -q "^nono: rule: read,write $PWD (--allow-cwd)" err ||
	    fail "$(cat err)"
}

test_case dry_run "--dry-run prints the same and runs nothing"
dry_run_body()
{
	setup
	mkdir -p dir "$HOME/.ssh"
	for options in "" "-a . -d dir" "-n -r ." "-a $HOME"; do
		# shellcheck disable=SC2086	# a list
		"$NONO" -v $options true 2>verbose >out ||
		    fail "-v $options: $(cat verbose)"
		# shellcheck disable=SC2086
		"$NONO" --dry-run $options true >out 2>err ||
		    fail "--dry-run $options: $(cat err)"
		[ ! -s err ] || fail "--dry-run $options: $(cat err)"
		sed 's/^nono: //' verbose | diff - out >differ ||
		    fail "--dry-run $options: $(cat differ)"
	done
	"$NONO" --dry-run -a . touch ran >out 2>&1 || fail "$(cat out)"
	[ ! -e ran ] || atf_fail "ran"
	"$NONO" --dry-run shell -a . >out 2>&1
	[ $? -eq 127 ] || fail "a command named shell: $(cat out)"
	"$NONO" shell --dry-run >out 2>err || fail "$(cat err)"
	# errors are the same as well
	status 125 "does not exist" --dry-run -a no/such true
	status 126 "rm: blocked" --dry-run rm
	status 127 "not found" --dry-run no-such-command
}

test_case silent "-s silences warnings, and only those"
silent_body()
{
	setup
	export TMPDIR=/
	granted true
	grep -q '^nono: warning: TMPDIR' err || fail "no warning: $(cat err)"
	for option in -s --silent; do
		granted $option true
		[ ! -s err ] || fail "nono $option: $(cat err)"
		status 125 "does not exist" $option -a no/such true
		status 126 "rm: blocked" $option rm
	done
}
