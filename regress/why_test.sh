#! /usr/bin/env -S atf-sh -s /bin/sh
# nono why: what it says is what happens.
# shellcheck disable=SC2016,SC2088,SC2086	# for nono; lists of words

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# A home with something of each kind in it.
prepare()
{
	rm -rf "$HOME/.ssh" "$HOME/project" "$HOME/other" "$HOME/made" \
	    "$TMPDIR/made" "$TMPDIR/new"
	mkdir -p "$HOME/.ssh" "$HOME/project/sub/deep" "$HOME/project/vendor" \
	    "$HOME/other"
	cd "$HOME/project" || atf_fail cd
	for f in "$HOME/.ssh/id" file sub/file sub/deep/file vendor/file \
	    "$HOME/other/file" "blank and 'quote"; do
		echo text >"$f"
	done
	ln -s ../.ssh/id link
	ln -s ../other away
}

# What happens: read or write PATH [option ...].  A write adds nothing to what
# is there, and makes what is not.
happens()
{
	_op=$1 _path=$2
	shift 2
	case $_op in
	read)	set -- "$@" -- sh -c '
			if [ -d "$1" ]; then [ -n "$(ls "$1/")" ]
			else exec 3<"$1"; fi' sh "$_path" ;;
	write)	set -- "$@" -- sh -c '
			if [ -d "$1" ]; then : >"$1/made"
			else : >>"$1"; fi' sh "$_path" ;;
	esac
	prepare
	outside "$@" >out 2>err || return 99
	prepare
	"$NONO" -s "$@" >out 2>err </dev/null
	_got=$?
	was_run $_got "$@"
	[ $_got -eq 0 ]
}

# agrees PATH [option ...]: why says what happens, and the option that it names
# makes it happen.
agrees()
{
	_subject=$1
	shift
	for _op in ${ops:-read write}; do
		happens $_op "$_subject" "$@"
		_happened=$?
		[ $_happened -ne 99 ] || continue	# not outside, either
		prepare
		"$NONO" why -s --op $_op "$@" "$_subject" >said 2>err
		_answer=$?
		[ ! -s err ] || fail "why $*: $(cat err)"
		[ "$(wc -l <said)" -eq 1 ] || fail "why: $(cat said)"
		case $_happened-$_answer in
		0-0)	grep -q ": $_op: allowed" said || fail "$(cat said)"
			continue ;;
		0-*|*-0) fail "$_op $_subject $*: exit $_happened," \
			    "but why: $(cat said)" ;;
		esac
		grep -q ": $_op: denied" said || fail "$(cat said)"
		grep -q "; -.* allows it$" said || continue
		_option=$(sed 's/.*; \(-[a-z] .*\) allows it$/\1/' said)
		_all=
		for _o; do
			_all="$_all '$_o'"
		done
		eval "happens $_op \"\$_subject\" $_all $_option"
		_happened=$?
		prepare
		eval "\"\$NONO\" why -s --op $_op $_all $_option \
		    \"\$_subject\"" >said2
		[ $? -eq $_happened ] || fail "$_op, $*, $_option: $(cat said2)"
		# the rules do, but carving may take it away
		[ $_happened -eq 0 ] || grep -q carved said2 ||
		    fail "$_op $_subject $*: $_option: $(cat said2)"
		echo "$_option" >>"$T/options"
	done
}

test_case agrees "what it says is what happens"
agrees_body()
{
	setup
	: >"$T/options"
	for options in "" "-a ." "-r ." "-w ." "-a $HOME" "-r $HOME" \
	    "-a . -r vendor" "-a . -d sub" "-d vendor -r vendor/file" "-r . -a sub" \
	    "-a sub -r sub/deep" "-r file" "-a file" "-w file" \
	    "-a $HOME -r $HOME/.ssh/id" "-a . -d sub/deep -r sub/deep/file"; do
		for path in file sub sub/deep/file sub/new vendor/new . new \
		    link away/file "$HOME" "$HOME/.ssh/id" \
		    "$HOME/other/new"; do
			agrees $path $options
		done
	done
	[ "$(sort -u "$T/options" | wc -l)" -gt 15 ] ||
	    fail "few options: $(sort -u "$T/options")"
}

test_case system "the same of paths of the system"
system_body()
{
	setup
	for path in /dev/null /dev/zero "$TMPDIR" "$TMPDIR/new" \
	    "blank and 'quote"; do
		agrees "$path"
		agrees "$path" -r "$HOME"
	done
	ops="read"		# nothing else is done to these
	for path in /etc/passwd /etc/shadow /usr/bin/env /proc/version \
	    /etc/none /run; do
		agrees "$path"
		agrees "$path" -r "$HOME"
	done
	ops=
}

# says STATUS TEXT [argument ...]
says()
{
	_want=$1 _text=$2
	shift 2
	"$NONO" why -s "$@" >out 2>err
	_got=$?
	[ $_got -eq "$_want" ] || fail "why $*: exit $_got: $(cat out err)"
	[ ! -s err ] || fail "why $*: $(cat err)"
	grep -qF -- "$_text" out || fail "why $*: $(cat out)"
}

test_case words "it names the rule, the reason and the option"
words_body()
{
	setup
	prepare
	says 1 "$HOME/.ssh/id: read: denied by table $HOME/.ssh (SSH keys and \
configuration)" -a . "$HOME/.ssh/id"
	says 1 "; -r $HOME/.ssh/id allows it" --op read "$HOME/.ssh/id"
	says 1 "; -w $HOME/.ssh/id" --op write "$HOME/.ssh/id"
	says 1 "; -a file allows it" --op write -r . file
	says 1 "; -r 'blank and '\\''quote' allows it" "blank and 'quote"
	says 0 "file: write: allowed by --allow $HOME/project" --allow . file
	says 0 "file: read: allowed by --read-file $HOME/project/file" \
	    --op read --read-file file file
	says 0 "but not to delete" --op write -a file file
	says 0 "by table /etc (settings of the system)" --op read /etc/passwd
	# both operations, several paths, options after them
	says 1 "read: allowed" -r . file sub -s
	[ "$(wc -l <out)" -eq 4 ] || fail "$(cat out)"
	[ "$(grep -c 'write: denied' out)" -eq 2 ] || fail "$(cat out)"
	says 0 "file: write" file --op write -a .
	says 1 "-x: read: denied" --op read -- -x
	# what does not exist cannot be denied
	has_view || return 0		# its directory is carved
	says 0 "$HOME/.aws denies it, but does not exist yet" -a "$HOME" \
	    --op write "$HOME/.aws/credentials"
	"$NONO" -s -a "$HOME" sh -c 'mkdir ~/.aws && echo x >~/.aws/credentials' ||
	    fail "why says that it can be made"
	says 1 "denied by table $HOME/.aws (cloud" -a "$HOME" \
	    --op read "$HOME/.aws/credentials"
}

test_case others "hosts, commands, sockets, variables"
others_body()
{
	setup
	says 0 "example.org: connect: allowed" --host example.org
	for host in example.org:443 '[::1]:80' ::1 127.0.0.1:1 localhost; do
		says 0 "$host: connect: allowed" --host "$host"
		says 1 "$host: connect: denied by -n; leave out" -n --host "$host"
	done
	for host in '' :80 a:0 a:65536 a:b 'a:1 ' 'a: 80' 'a:+80' 'a:-80' \
	    "a:$(printf '\t')80" '[::1]: 80' '[::1]:+80' a:080x; do
		status 125 "--host: " why --host "$host"
	done
	says 1 "rm: run: denied by table" --command rm
	says 1 "(deletes files); -x rm allows it" --command rm
	says 0 "rm: run: allowed" -x rm --command rm
	says 1 "denied by -b" -b cat --command cat
	says 0 "cat: run: allowed by table" --command cat
	says 1 "none-such: run: denied; not found in PATH" --command none-such
	says 1 "denied by -d" -d "$(command -v cat)" --command cat
	says 1 "it is a blocked command; -x rm allows it" --op read \
	    "$(command -v rm)"
	says 1 "GITHUB_TOKEN: keep: denied by table (" --env GITHUB_TOKEN
	says 1 "; -e GITHUB_TOKEN allows it" --env GITHUB_TOKEN
	says 0 "allowed by -e" -e 'GIT*' --env GITHUB_TOKEN
	says 0 "FOO: keep: allowed" --env FOO
	says 1 "denied by --drop-env" --drop-env 'F*' --env FOO
	status 125 "not a name of a variable" why --env A=B
	# several in one, in their order
	says 1 "rm: run" --command rm --env FOO --host a /etc/passwd
	[ "$(cut -d: -f1 out | tr '\n' ' ')" = \
	    "rm FOO a /etc/passwd /etc/passwd " ] || fail "$(cat out)"
	GITHUB_TOKEN=x "$NONO" -s env | grep GITHUB && fail "kept"
	:
}

test_case sockets "a socket can be connected to as why says"
sockets_body()
{
	setup
	mkdir dir
	serve_unix stream sock
	serve_unix stream dir/sock
	for options in "-a ." "-a . -u /" "-a . -u sock" "-a . -u ." \
	    "-a . -u dir" "-n -u sock"; do
		for s in sock dir/sock; do
			"$NONO" why -s $options --socket $s >out 2>err
			_said=$?
			if [ $_said -eq 125 ]; then
				# there is no telling sockets apart
				tells_sockets && fail "$options: $(cat err)"
				continue
			fi
			_got=$("$NONO" -s -r "$PROBE" $options "$PROBE" \
			    unix-connect stream $s 2>&1)
			case $_said-$_got in
			0-ok)	;;
			*-ok|0-*) fail "$options: $_got, but $(cat out)" ;;
			esac
		done
	done
	if tells_sockets; then
		says 1 "; -u sock allows it" -a . --socket sock
		says 0 "allowed by -u $HOME/project/sock" -u sock --socket sock
		says 0 "allowed by -u $HOME/project" -u . --socket sock
	else
		says 1 "no unix sockets can be made at all" --socket sock
		says 0 "sock: connect: allowed" -u / --socket sock
	fi
	stop
}

test_case carved "without a view it says what carving takes away"
carved_body()
{
	setup
	prepare
	as_if deny unshare EPERM
	says 1 "new: write: denied; refused all the same, for a directory \
here is carved (no private view: " -a . -d sub --op write new
	says 0 "file: write: allowed" -a . -d sub --op write file
	says 1 "but its mode, owner and times can be changed" -a . -d file \
	    --op write file
	: >"$T/options"
	for options in "-a ." "-a . -d sub" "-a . -r vendor" "-r . -d sub/deep"
	do
		for path in file sub/file sub/new new vendor/file . sub; do
			agrees $path $options
		done
	done
}

test_case temporary "without a view what is in /tmp is open"
temporary_body()
{
	setup
	as_if deny unshare EPERM
	[ -d /tmp/.X11-unix ] || mkdir /tmp/.X11-unix 2>/dev/null ||
	    atf_skip "no /tmp/.X11-unix"
	"$NONO" -s ls /tmp/.X11-unix >/dev/null 2>&1 || atf_skip "it is denied"
	says 0 "NOT denied, for it lies in a directory of temporary files" \
	    --op read /tmp/.X11-unix
}

test_case home "~ is the home, though no shell has expanded it"
home_body()
{
	setup
	prepare
	happens read "$HOME/other/file" -r "$HOME/other" ||
	    fail "refused: $(cat err)"
	says 0 "~/other/file: read: allowed by -r $HOME/other" -r '~/other' \
	    --op read '~/other/file'
	says 1 "~/other/file: read: denied" -r . --op read '~/other/file'
	says 1 "~/.ssh/id: read: denied by table $HOME/.ssh (" -a . --op read \
	    '~/.ssh/id'
	! has_view || says 0 "~: read: allowed by -r $HOME" -r '~' --op read '~'
	# nothing else is
	mkdir '~x'
	echo text >'~x/file'
	says 0 "~x/file: read: allowed by -r $HOME/project" -r . --op read \
	    '~x/file'
	says 0 "./~/file: read: allowed by -r $HOME/project" -r . --op read \
	    './~/file'
	status 125 "~nobody/x: does not exist" -r '~nobody/x' true
	serve_unix stream "$HOME/other/sock"
	if tells_sockets; then
		says 0 "~/other/sock: connect: allowed by -u $HOME/other" \
		    -u '~/other' --socket '~/other/sock'
		says 1 "~/other/sock: connect: denied" -u . --socket \
		    '~/other/sock'
	else
		says 0 "~/other/sock: connect: allowed" -u / --socket \
		    '~/other/sock'
	fi
	stop
}

test_case devices "of /dev it says that it may be listed, no more"
devices_body()
{
	setup
	for options in "" "-r ." "-a / -a ."; do
		granted -s $options -- ls /dev
		[ -s out ] || fail "$options: not listed"
		says 0 "/dev: read: allowed; it may be listed, no more" \
		    $options --op read /dev
	done
	says 1 "/dev: write: denied" --op write /dev
	says 1 "/dev/console: read: denied" --op read /dev/console
}

test_case kinds "what it cannot hold is a gap, what it takes away a loss"
kinds_body()
{
	setup
	D=$(mktemp -d /tmp/nono-test.XXXXXX) || atf_fail "no directory"
	chmod 755 "$D"
	# shellcheck disable=SC2064	# this one
	trap "rm -rf $D" EXIT
	mkdir "$D/.ssh"
	echo text >"$D/.ssh/id"
	as_if deny unshare EPERM
	# open is what should be closed
	granted -s -a "$D" -- cat "$D/.ssh/id"
	names "gap: .*$D/.ssh.*: NOT denied, for it lies in" -a "$D"
	! grep '^loss: .*NOT' "$T/policy" || fail "$(grep NOT "$T/policy")"
	# closed is what should be open
	prepare() { rm -rf "$HOME/.aws"; }
	refused -s -a "$HOME" -- mkdir "$HOME/.aws"
	names "loss: .*$HOME.*: nothing can be created or removed directly" \
	    -a "$HOME"
	! grep "^gap: $HOME/" "$T/policy" || fail "$(grep gap: "$T/policy")"
	# where that may be made, it is told
	rm -rf "$HOME/.ssh"
	granted -s -a "$HOME" -- mkdir "$HOME/.aws"
	prepare
	names "gap: $HOME/.aws: does not exist, and can be created" -a "$HOME"
	! grep "^loss: .*$HOME" "$T/policy" || fail "$(grep loss: "$T/policy")"
}

test_case permissions "what permissions refuse is not said to be allowed"
permissions_body()
{
	setup
	! is_root || return 0	# nothing is refused to root
	prepare
	chmod 0 file
	says 1 "file: read: denied; permissions refuse it" \
	    -a . file
	chmod 644 file
	mkdir closed
	: >closed/f
	chmod 0 closed
	says 1 "closed/f: read: denied; " -a . closed/f
	grep -q "permissions" out || fail "$(cat out)"
	# nothing can be made where nothing may be written, or searched
	for mode in 555 444 666; do
		chmod $mode closed
		! sh -c ': >closed/new' 2>err || fail "$mode: made"
		says 1 "closed/new: write: denied; " -a . --op write closed/new
		grep -q "permissions" out || fail "$mode: $(cat out)"
		says 1 "closed/new/er: write: denied; " -a . --op write \
		    closed/new/er
	done
	chmod 755 closed
	says 0 "closed/new: write: allowed" -a . --op write closed/new
	says 0 "file: read: allowed" -a . file
}

test_case wrong "what is no question is an error"
wrong_body()
{
	setup
	status 125 "why: no path" why
	status 125 "why: no path" why -a .
	status 125 "why: empty path" why ''
	status 125 "neither read nor write" why --op execute .
	status 125 "-a: none: does not exist" why -a none .
	status 125 "unknown option" why -q .
	for option in "--op read" "--host a" "--command ls" "--socket s" \
	    "--env A"; do
		status 125 "${option%% *}: not an option of nono run" \
		    $option true
	done
	status 125 "--json: needs --dry-run" --json true
	ln -s loop loop
	status 125 "Too many levels" why loop
	if [ -c /dev/full ]; then
		"$NONO" why . >/dev/full 2>err && fail "a full disk"
		grep -q '^nono: standard output: ' err || fail "$(cat err)"
	fi
	rm -f made
	"$NONO" why -a . "$(printf 'a\nb\033')" >out || fail "$(cat out)"
	[ "$(wc -l <out)" -eq 2 ] || fail "control characters: $(cat out)"
}
