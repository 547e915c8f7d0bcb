#! /usr/bin/env -S atf-sh -s /bin/sh
# nono learn: what a command is seen to need, and that it is enough.
#
# shellcheck disable=SC2016,SC2088	# for the inner shell, and for nono

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
# another version of Landlock is had by a listener, and there can be but one
case $NONO_WAY in
abi*)	NONO=$NONO_REAL NONO_UNDER= ;;
esac

# learn STATUS [option ...] -- command ...: sets O to the options learnt.
learn()
{
	_want=$1
	shift
	prepare
	"$NONO" learn "$@" >out 2>err </dev/null
	_got=$?
	[ $_got -eq "$_want" ] ||
	    fail "exit $_got, not $_want: nono learn $*: $(cat err)"
	grep -q '^nono: learn: .* not confined' err ||
	    fail "does not say that it does not confine: $(cat err)"
	O=$(sed -n 's/^nono: learn: options to add: //p' err)
	[ -n "$O" ] || grep -q '^nono: learn: no options to add$' err ||
	    fail "no result: $(cat err)"
}

# with FUNCTION [option ...] -- command ...: with $O after the options.
with()
{
	_function=$1 _seen=
	shift
	for _argument; do
		shift
		if [ "$_argument" = -- ] && [ -z "$_seen" ]; then
			_seen=yes
			eval "set -- \"\$@\" $O"
		fi
		set -- "$@" "$_argument"
	done
	$_function "$@"
}

# learnt OPTIONS [option ...] -- command ...: these are what is learnt, and
# with them the command succeeds.
learnt()
{
	_options=$1
	shift
	learn 0 "$@"
	[ "$O" = "$_options" ] || fail "learnt: $O, not $_options: $*"
	with granted "$@"
}

# learns OPTIONS ...: the same of a command that fails without them.
learns()
{
	_o=$1
	shift
	refused "$@"
	learnt "$_o" "$@"
}

# says TEXT: the last to learn said this.
says()
{
	grep -qF -- "$1" err || fail "does not say \"$1\": $(cat err)"
}

# Whether what runs the tests may refuse calls before they are seen.
is_filtered()
{
	[ -n "${NONO_UNDER-}" ] || ! grep -q '^Seccomp:.*0$' /proc/self/status
}

# The Landlock that is learnt on, which is the kernel's own, is older than that.
older()
{
	"$NONO" -s --dry-run true >"$T/policy" 2>/dev/null
	[ "$(sed -n 's/^landlock: ABI //p' "$T/policy")" -lt "$1" ]
}

told_apart()
{
	! older 9 || { has_view && ! older 6; }
}

test_case unconfined "the command does what it likes, and ends as it does"
unconfined_body()
{
	setup
	mkdir "$HOME/.ssh"
	echo secret >"$HOME/.ssh/id"
	touch "$HOME/gone"
	hidden -- cat "$HOME/.ssh/id"
	learn 3 -d "$HOME/gone" -- \
	    sh -c 'cat ~/.ssh/id; rm ~/gone; echo error >&2; exit 3'
	[ "$(cat out)" = secret ] || fail "$(cat out)"
	[ ! -e "$HOME/gone" ] || fail "nothing removed"
	says error
	learn 143 -- sh -c 'kill -TERM $$'
	"$NONO" learn nonexistent 2>err
	[ $? -eq 127 ] || fail "$(cat err)"
}

test_case options "what learn does not take"
options_body()
{
	setup
	status 125 'no command' learn
	status 125 'unknown option' learn --nonsense true
	status 125 'must run' learn --dry-run true
	status 125 '-o: not an option of nono run' -o profile true
	status 125 'none/profile: No such file' learn -o none/profile true
	status 125 'does not exist' learn -a nonexistent true
	status 125 '--json: ' learn --json true
	status 125 '--json: ' learn --json -r . -- touch ran
	[ ! -e ran ] || atf_fail "was run"
}

test_case privileges "set-user-ID programs gain nothing"
privileges_body()
{
	setup
	learn 0 -- grep -x 'NoNewPrivs:.1' /proc/self/status
}

test_case beside "nono-learn is the one beside nono"
beside_body()
{
	setup
	mkdir bin copy
	printf '#! /bin/sh\necho planted\n' >bin/nono-learn
	chmod 755 bin/nono-learn
	cp bin/nono-learn .
	real=$(cd "$(dirname "$NONO_REAL")" && pwd)/${NONO_REAL##*/}
	ln -s "$real" bin/nono
	PATH=$PWD/bin:$PATH
	# shellcheck disable=SC2086	# words
	${NONO_UNDER-} nono learn true >out 2>err || fail "$(cat err)"
	[ ! -s out ] || fail "$(cat out)"
	says 'no options to add'
	cp "$real" copy/nono
	# shellcheck disable=SC2086
	${NONO_UNDER-} copy/nono learn true >out 2>err
	[ $? -eq 125 ] && [ ! -s out ] || fail "$(cat out err)"
	says 'copy/nono-learn: No such file'
}

test_case busy "where another program listens already, it says so"
busy_body()
{
	setup
	as_if abi 6
	status 125 'watched by another program already' learn true || :
}

# What is done to the project, of which everything may be read.
prepare_project()
{
	chmod -R u+rwX . && rm -rf ./* && mkdir d e && echo text >f &&
	    echo text >d/g && ln -s f l && mkfifo p || atf_fail "no project"
}

# act CODE: Python needs the project for writing.
act()
{
	learns '-a .' -r . -- python3 -IS -c "import os; $1"
}

# The same, where only a view refuses it.
act_metadata()
{
	if has_view; then
		act "$1"
	else
		learnt '-a .' -r . -- python3 -IS -c "import os; $1"
	fi
}

test_case calls "each call that changes something is seen"
calls_body()
{
	setup
	needs python3
	prepare() { prepare_project; }
	learnt '' -r . -- python3 -IS -c '
import os; open("f").read(); os.listdir("d"); os.stat("f")
os.readlink("l"); os.access("f", os.W_OK); os.open(".", os.O_PATH)
'
	for code in 'open("f", "w")' 'open("f", "r+")' 'open("f", "a")' \
	    'open("l", "a")' 'open("new", "w")' 'open("new", "x")' \
	    'os.mkdir("new")' 'os.mkfifo("new")' \
	    'os.symlink("f", "new")' 'os.link("f", "new")' 'os.unlink("f")' \
	    'os.unlink("l")' 'os.rmdir("e")' 'os.rename("f", "new")' \
	    'os.rename("d", "new")' 'os.rename("f", "d/g")' \
	    'os.open("f", os.O_TRUNC)' 'os.truncate("f", 1)' \
	    'os.truncate("l", 1)'; do
		# without a right to truncate, that is refused in any case
		case $code in
		*[tT][rR][uU][nN][cC]*)	! older 3 || continue ;;
		esac
		act "$code"
	done
	for code in 'os.chmod("f", 0o600)' 'os.chmod("l", 0o600)' \
	    'os.chown("f", -1, os.getgid())' 'os.lchown("l", -1, os.getgid())' \
	    'os.utime("f")' 'os.utime("f", (1, 1))' \
	    'os.utime("l", follow_symlinks=False)' \
	    'os.fchmod(os.open("f", 0), 0o600)' \
	    'os.utime(os.open("f", 0))' \
	    'os.fchown(os.open("d", 0), -1, os.getgid())'; do
		act_metadata "$code"
	done
	if outside -- python3 -IS -c 'import os; os.setxattr("f", "user.a",
	    b"x")' 2>/dev/null; then
		act_metadata 'os.setxattr("f", "user.a", b"x")'
		act_metadata 'os.setxattr(os.open("f", 0), "user.a", b"x")'
	fi
}

test_case paths "by whatever path"
paths_body()
{
	setup
	needs python3
	prepare() { prepare_project; }
	D='fd = os.open("d", os.O_RDONLY)'
	for code in 'open("//proc/self/cwd/./d/../f", "w")' \
	    'os.chdir("d"); open("../f", "w")' \
	    'os.chdir("/proc"); open("self/cwd/f", "w") if 0 else open(
		os.environ["HOME"] + "/project/f", "w")' \
	    "$D; os.open(\"g\", os.O_WRONLY, dir_fd=fd)" \
	    "$D; os.open(\"../l\", os.O_WRONLY, dir_fd=fd)" \
	    "$D; os.unlink(\"g\", dir_fd=fd)" \
	    "$D; os.mkdir(\"new\", dir_fd=fd)" \
	    "$D; os.rename(\"g\", \"h\", src_dir_fd=fd, dst_dir_fd=fd)" \
	    "$D; os.link(\"g\", \"h\", src_dir_fd=fd, dst_dir_fd=fd)" \
	    "$D; os.symlink(\"g\", \"h\", dir_fd=fd)" \
	    "$D; os.fchdir(fd); os.unlink(\"g\")" \
	    'os.open("/proc/self/fd/%d" % os.open("f", 0), os.O_WRONLY)'; do
		act "$code"
	done
	# nono refuses it, so the program must be seen without
	code='import ctypes, struct
how = struct.pack("QQQ", 1, 0, 0)
assert ctypes.CDLL(None).syscall(437, -100, b"f", how, len(how)) >= 0'
	if ! is_filtered; then
		learn 0 -r . -- python3 -IS -c "$code"
		[ "$O" = "-a ." ] || fail "openat2: $O"
	fi
}

test_case tasks "threads and children are watched, and those left behind"
tasks_body()
{
	setup
	needs python3
	prepare() { prepare_project; }
	for code in 'import threading; t = threading.Thread(target=open,
		args=("f", "w")); t.start(); t.join()' \
	    'p = os.fork(); open("f", "w") if p == 0 else os.wait()' \
	    'import subprocess; subprocess.check_call("echo >f", shell=True)' \
	    'import subprocess; subprocess.check_call("(echo >f &) | cat",
		shell=True)'; do
		learnt '-a .' -r . -- python3 -c "import os; $code"
	done
	learn 0 -r . -- python3 -c '
import threading, os
def work(n):
    for i in range(200):
        open("t%d" % n, "w").close(); os.unlink("t%d" % n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for t in threads: t.start()
for t in threads: t.join()'
	[ "$O" = "-a ." ] || fail "$O"
}

test_case behind "what runs on when the command has ended is not disturbed"
behind_body()
{
	setup
	mkfifo go result
	# neither does it keep what the caller waits for open
	text=$("$NONO" learn -s sh -c '(read x <go; cat f >copy; echo $? >result) \
	    >/dev/null 2>&1 & echo started' 2>err | cat) || fail "$(cat err)"
	[ "$text" = started ] || fail "$text"
	echo text >f
	ps -e -o args= | grep -q '^learn .*copy' || fail "nothing stays"
	echo >go
	read -r got <result
	[ "$got" -eq 0 ] && [ "$(cat copy)" = text ] || fail "disturbed"
	for i in 1 2 3 4 5 6 7 8 9; do
		ps -e -o args= | grep -q '^learn .*copy' || return 0
		sleep 0.2
	done
	fail "something stays ($i)"
}

test_case folded "many paths become few options"
folded_body()
{
	setup
	prepare()
	{
		rm -rf "$HOME"/.[!.]* "$HOME/src" ./*
		mkdir -p "$HOME/src/a/b" "$HOME/src/c" "$HOME/.tool/x/y" \
		    "$HOME/.config/tool" "$HOME/.local/share/tool"
		for i in 1 2 3 4 5 6 7 8 9; do
			echo text | tee "$HOME/src/a/b/$i" "$HOME/src/c/$i" \
			    "$HOME/.tool/x/y/$i" "$HOME/.config/tool/$i" \
			    "$HOME/.local/share/tool/$i" >"$i"
		done
	}
	learns '-r .' -- cat 1
	learns '-r .' -- sh -c 'cat [1-9]'
	learns '-a .' -- sh -c 'cat 1; echo >new'
	learns '-r ~/src/c/1' -- sh -c 'cat ~/src/c/1'
	learns '-r ~/src/c/1 -r ~/src/c/2' -- sh -c 'cat ~/src/c/1 ~/src/c/2'
	learns '-r ~/src/c' -- sh -c 'cd ~/src/c; cat 1 2 3'
	learns '-r ~/src/a/b -r ~/src/c' -- \
	    sh -c 'cd ~/src/c && cat 1 2 3 && cd ../a/b && cat 4 5 6'
	learns '-a ~/src/c' -- sh -c 'cd ~/src/c && cat 1 && echo >new'
	learns '-r ~/.tool' -- sh -c 'cat ~/.tool/x/y/1'
	learns '-a ~/.tool' -- sh -c 'cat ~/.tool/x/y/1; echo >~/.tool/x/z'
	learns '-r ~/.config/tool -r ~/.local/share/tool' -- \
	    sh -c 'cat ~/.config/tool/1 ~/.local/share/tool/*'
	# rights that there are already stay
	learns '-a ~/src/c/1' -w "$HOME/src/c" -- sh -c 'cat ~/src/c/1 &&
	    echo >~/src/c/2'
	learns '-a ~/src/c/1 -a ~/src/c/2' -r "$HOME/src" -- \
	    sh -c 'cd ~/src/c && echo >>1 && echo >>2 && cat 1 2'
	# what a rule refuses is granted there, not above
	learns '-a ~/src/c' -a "$HOME/src" -r "$HOME/src/c" -- \
	    sh -c 'echo >~/src/c/new'
}

test_case made "what is made in a home can be granted the next time"
made_body()
{
	setup
	learn 0 -- sh -c 'mkdir -p ~/.tool/x ~/.config/tool && echo >~/.tool/x/f &&
	    echo >~/.config/tool/f && echo >~/.toolrc'
	[ "$O" = '-a ~/.config/tool -a ~/.tool -a ~/.toolrc' ] || fail "$O"
	with granted -- sh -c 'mkdir -p ~/.tool/x ~/.config/tool &&
	    echo >~/.tool/x/f && echo >~/.config/tool/f && echo >~/.toolrc'
	learn 0 -- sh -c 'mkdir ~/.empty'
	[ -z "$O" ] || fail "$O"
	rm -rf "$HOME/.tool" "$HOME/.config"
}

test_case gone "paths that vanish are granted by what remains"
gone_body()
{
	setup
	mkdir -p "$HOME/src/c"
	learns '-a ~/src/c' -x rm -- sh -c 'cd ~/src/c && mkdir x && echo >x/y &&
	    cat x/y && rm -r x'
	# nothing remains but the home
	learn 0 -x rm -- sh -c 'cd && echo >f.lock && rm f.lock'
	[ -z "$O" ] || fail "$O"
	says "it takes a grant of $HOME"
}

test_case never "neither homes nor what is denied are suggested"
never_body()
{
	setup
	mkdir -p "$HOME/.ssh" secrets
	echo secret | tee "$HOME/.ssh/id" "$HOME/.netrc" >secrets/file
	learn 0 -r . -- sh -c 'cat ~/.ssh/id; ls ~/.ssh; cat ~/.netrc'
	[ -z "$O" ] || fail "$O"
	says "read $HOME/.ssh/id and others: denied by table $HOME/.ssh (SSH"
	says "read $HOME/.netrc: denied by table"
	learn 0 -a . -d secrets -- cat secrets/file
	[ -z "$O" ] || fail "$O"
	says "denied by -d $HOME/project/secrets"
	learn 0 -a . -- sh -c 'ls ~; ls /'
	[ -z "$O" ] || fail "$O"
	says "read $HOME: it takes a grant of $HOME"
	says "read /: it takes a grant of /"
	learn 0 -a . -- sh -c 'echo 500 >/proc/self/oom_score_adj'
	[ -z "$O" ] || fail "$O"
	says "limited by table /proc"
	# from a home, nothing is folded into it
	cd || atf_fail cd
	echo text >file
	learnt '-r ~/file' -- cat file
	# credentials atop what would be granted
	cd project || atf_fail cd
	echo secret >.netrc
	learn 0 -- cat .netrc
	[ -z "$O" ] || fail "$O"
	says "denied atop what is granted"
}

test_case nothing "what would fail anyway is no need"
nothing_body()
{
	setup
	mkdir d
	learn 1 -r . -- sh -c 'cat ~/nonexistent/x ~/.nothing; mkdir d; exit 1'
	[ -z "$O" ] || fail "$O"
	learn 0 -- sh -c 'cat /etc/passwd >"$TMPDIR/x"; echo >/dev/null;
	    echo </dev/stdin; echo >>/dev/stderr; echo >/tmp/nono-test.$$;
	    mv /tmp/nono-test.$$ "$TMPDIR/y"'
	[ -z "$O" ] || fail "$O"
	is_root && return
	mkdir -m 0 "$HOME/closed"
	learn 1 -- sh -c 'cat ~/closed/x /etc/shadow; echo >/etc/new; exit 1'
	[ -z "$O" ] || fail "$O"
}

test_case executed "programs, scripts and their interpreters"
executed_body()
{
	setup
	mkdir -p "$HOME/src/bin" "$HOME/lib"
	cp /bin/true "$HOME/src/bin/program"
	cp /bin/sh "$HOME/lib/interpreter"
	printf '#! %s -e\ntrue\n' "$HOME/lib/interpreter" >script
	ln -s script link
	chmod 755 script
	learns '-r ~/src/bin/program' -- sh -c '~/src/bin/program'
	learns '-r ~/lib/interpreter -r .' -- sh -c ./link
}

test_case blocked "blocked commands that are run"
blocked_body()
{
	setup
	prepare() { touch file; mkdir -p dir; }
	learns '-x rm' -a . -- sh -c 'rm file'
	learns '-x rm -x rmdir' -a . -- \
	    sh -c 'rm file; env rmdir dir; rm -f file'
	learnt '' -a . -x rm -- sh -c 'rm file'
	learnt '-x rm' -a . -- rm file
	learns '-x true' -b true -- env true
	# all the names of a file
	mkdir bin
	cp /bin/true bin/wipefs
	ln -s wipefs bin/shred
	PATH=$PWD/bin:$PATH
	learn 0 -a . -- sh -c wipefs
	[ "$O" = '-x shred -x wipefs' ] || [ "$O" = '-x wipefs -x shred' ] ||
	    fail "$O"
}

test_case sockets "unix sockets of others"
sockets_body()
{
	setup
	mkdir "$HOME/.gnupg"
	for type in stream dgram; do
		serve_unix $type $type
	done
	serve_unix stream "$HOME/.gnupg/S.gpg-agent"
	set -- -a . -r "$PROBE" --
	learn 0 "$@" "$PROBE" unix-connect stream "$PWD/stream"
	[ "$O" = '-u ~/project/stream' ] || fail "$O"
	learn 0 "$@" "$PROBE" unix-connect stream stream
	[ "$O" = '-u ~/project/stream' ] || fail "$O"
	learn 0 "$@" "$PROBE" unix-send dgram
	[ "$O" = '-u ~/project/dgram' ] || fail "$O"
	learn 0 "$@" "$PROBE" unix-sendmsg dgram
	[ "$O" = '-u ~/project/dgram' ] || fail "$O"
	learn 0 "$@" "$PROBE" unix-connect stream "$HOME/.gnupg/S.gpg-agent"
	[ -z "$O" ] || fail "$O"
	says "connect to $HOME/.gnupg/S.gpg-agent: denied by table"
	if told_apart; then
		learns '-u ~/project/stream' "$@" \
		    "$PROBE" unix-connect stream stream
	fi
	stop
	# the command's own
	learn 0 "$@" "$PROBE" unix-self stream own
	[ -z "$O" ] || fail "$O"
}

test_case network "the network, where -n takes it away"
network_body()
{
	setup
	needs python3
	code='import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)'
	refused -n -- python3 -IS -c "$code"
	learn 0 -n -- python3 -IS -c "$code"
	says 'leave -n out'
	learn 0 -- python3 -IS -c "$code"
	! grep -q 'leave -n out' err || fail "$(cat err)"
}

test_case refused_calls "calls that nono refuses are named, io_uring is refused"
refused_calls_body()
{
	setup
	if is_filtered; then
		answers 'EFAULT' 'EPERM|ENOSYS' -- call io_uring_setup 1 0
		return
	fi
	"$NONO" learn -r "$PROBE" "$PROBE" call io_uring_setup 1 0 >out 2>err
	[ "$(cat out)" = EPERM ] || fail "$(cat out err)"
	says 'io_uring_setup: nono always refuses this call'
	"$NONO" learn -r "$PROBE" "$PROBE" call mount 0 0 0 0 0 >out 2>err
	says 'mount: nono always refuses this call'
}

test_case quoted "options as a shell reads them, whatever the name"
quoted_body()
{
	setup
	bytes=$(printf 'not\377utf-8')
	newline=$(printf 'new\nline')
	for name in 'a b' "it's" '$HOME' '"q"' '*' '\' 'a;b' "Ä€" '-r' '#x' \
	    'a%sb' '~' "$bytes" "$newline" "$(printf 'tab\there')" '`id`' \
	    "$(printf 'c1\302\205')"; do
		mkdir -p "$HOME/x/$name" 2>/dev/null || atf_fail "$name"
		echo text >"$HOME/x/$name/file"
		learn 0 -- cat "$HOME/x/$name/file"
		[ "$(printf %s "$O" | wc -l)" -eq 0 ] || fail "lines: $O"
		! printf %s "$O" | LC_ALL=C grep -q '[[:cntrl:]]' ||
		    fail "control characters: $O"
		with granted -- cat "$HOME/x/$name/file"
	done
	# what the shell would take from the end of a name
	newline=$(printf 'end\n.')
	newline=${newline%.}
	echo text >"$HOME/x/$newline"
	learn 0 -- cat "$HOME/x/$newline"
	[ "$O" = '-r ~/x' ] || fail "$O"
}

test_case profile "a profile instead"
profile_body()
{
	setup
	mkdir -p "$HOME/.ssh" "$HOME/.tool" "$HOME/x/new
line" "$HOME/a b"
	for file in "$HOME/.ssh/id" "$HOME/.tool/f" "$HOME/x/new
line/f" "$HOME/a b/f"; do
		echo text >"$file"
	done
	echo 'left from before, and longer than what is written' >../profile
	touch file
	learn 0 -o ../profile -- sh -c 'cat ~/.ssh/* ~/.tool/* "$HOME/x/new
line/f" ~/"a b"/*; rm file'
	sed '/^#/d' ../profile >got
	cat >want <<-'END'
	read ~/.tool
	read ~/a b
	write .
	allow-command rm
	END
	diff want got >out || fail "$(cat out)"
	grep -q '^# not suggested: .*/.ssh.*denied by table' ../profile ||
	    fail "$(cat ../profile)"
	says 'a profile cannot have such a name'
	learn 0 -o "$HOME/new" -- cat "$HOME/a b/f"
	[ "$(stat -c %a "$HOME/new")" = 600 ] || fail "$(ls -l "$HOME/new")"
	[ "$(sed '/^#/d' "$HOME/new")" = 'read ~/a b/f' ] ||
	    fail "$(cat "$HOME/new")"
}

test_case profile_dollars "names with a dollar are read back from a profile"
profile_dollars_body()
{
	setup
	for name in 'a$b' '$HOME' '$' '$$' 'x$' '$UID$home' '$$HOME' 'a$ b'; do
		mkdir -p "$HOME/x/$name"
		echo text >"$HOME/x/$name/file"
		refused -- cat "$HOME/x/$name/file"
		learn 0 -o "$T/profile" -- cat "$HOME/x/$name/file"
		granted -p "$T/profile" cat "$HOME/x/$name/file"
		[ "$(cat out)" = text ] || fail "$name: $(cat "$T/profile")"
		refused -p "$T/profile" -- \
		    sh -c 'echo new >"$0/file"' "$HOME/x/$name"
		learn 0 -o "$T/profile" -- sh -c 'echo text >"$0/file"' \
		    "$HOME/x/$name"
		granted -p "$T/profile" sh -c 'echo text >"$0/file"' \
		    "$HOME/x/$name"
	done
	# in the names of commands it stands for itself
	mkdir bin
	for name in 'r$m' '$HOME'; do
		printf '#! /bin/sh\necho text\n' >"bin/$name"
		chmod 755 "bin/$name"
		PATH=$PWD/bin:$PATH
		refused -r . -b "$name" -- sh -c '"$0"' "$PWD/bin/$name"
		learn 0 -b "$name" -o "$T/profile" -- sh -c '"$0"' \
		    "$PWD/bin/$name"
		granted -b "$name" -p "$T/profile" sh -c '"$0"' \
		    "$PWD/bin/$name"
	done
}

# Whoever has left the link there may not write what it leads to.
test_case output "a profile is not written by way of a link"
output_body()
{
	setup
	mkdir "$HOME/x" "$HOME/.ssh"
	echo text >"$HOME/x/file"
	echo mine >"$HOME/.ssh/config"
	for target in "$HOME/.ssh/config" "$HOME/.ssh/new" nowhere/else; do
		rm -f link
		"$NONO" -s -a . -- ln -s "$target" link || fail "no link"
		for name in link ./link "$PWD/link"; do
			"$NONO" learn -o $name sh -c ': >ran' >out 2>err
			[ $? -eq 125 ] || fail "$target: $(cat err)"
			grep -qx "nono: -o: $name: is a symbolic link; name the \
file itself" err || fail "$(cat err)"
			[ ! -e ran ] || fail "was run"
		done
		[ "$(readlink link)" = "$target" ] || fail "replaced"
		[ "$(cat "$HOME/.ssh/config")" = mine ] &&
		    [ ! -e "$HOME/.ssh/new" ] || fail "$target: written"
		# as it can be outside
		case $target in
		/*)	(echo new >./link) || fail "no way"
			echo mine >"$HOME/.ssh/config"
			rm -f "$HOME/.ssh/new" ;;
		esac
	done
	# what was named is written, over what is there
	echo old >profile
	for name in profile new ../project/profile; do
		learn 0 -o $name -- cat "$HOME/x/file"
		grep -qx "read.* ~/x.*" $name || fail "$name: $(cat $name)"
		! grep -q old $name || fail "$name: $(cat $name)"
	done
	# and these, which are links
	for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
		[ -L /dev/stdout ] || [ $name = /proc/self/fd/1 ] || continue
		"$NONO" learn -o $name cat "$HOME/x/file" >out 2>err
		case $?,$name in
		0,/dev/*)	grep -qx "read.* ~/x.*" out ||
				    fail "$name: $(cat out err)" ;;
		125,/proc/*)	;;
		*)		fail "$name: $(cat out err)" ;;
		esac
	done
}

test_case dev "the listing of /dev is nothing to grant"
dev_body()
{
	setup
	for command in "ls /dev" "ls -d /dev/" "cat /dev/null"; do
		# shellcheck disable=SC2086	# words
		learnt "" -- $command
		# shellcheck disable=SC2086	# words
		learn 0 -- $command
		! grep '/dev: ' err || fail "$command: $(cat err)"
	done
}

test_case full "a profile that cannot be written is an error"
full_body()
{
	setup
	[ -c /dev/full ] || return 0
	mkdir "$HOME/x"
	echo text >"$HOME/x/file"
	learn 0 -o /dev/null -- cat "$HOME/x/file"
	learn 125 -o /dev/full -- cat "$HOME/x/file"
	says '-o: /dev/full: cannot be written'
	learn 125 -o /dev/full -- true
	# more than is kept before it is written
	for n in $(seq 100); do
		echo text >"$HOME/a file in the home, where none is folded, $n"
	done
	learn 0 -o "$T/profile" -- sh -c 'cat "$HOME"/a*'
	[ "$(wc -c <"$T/profile")" -gt 5000 ] || fail "$(cat "$T/profile")"
	learn 125 -o /dev/full -- sh -c 'cat "$HOME"/a*'
	says '-o: /dev/full: cannot be written'
}

test_case environment "the environment is as nono leaves it"
environment_body()
{
	setup
	export AWS_SECRET_ACCESS_KEY=key GITHUB_TOKEN=token
	learn 0 -e GITHUB_TOKEN -- env
	grep -q '^GITHUB_TOKEN=token' out && ! grep -q ^AWS_SECRET out ||
	    fail "$(cat out)"
}

test_case signals "signals reach the command"
signals_body()
{
	setup
	"$NONO" learn sh -c 'trap "echo caught >got; exit 7" TERM; echo >ready
	    while :; do sleep 0.1; done' 2>err &
	until [ -e ready ]; do
		sleep 0.1
	done
	kill -TERM $!
	wait $!
	[ $? -eq 7 ] && [ "$(cat got)" = caught ] || fail "$(cat err)"
	says 'options to add: -w .'
}

test_case terminal "^C and job control of the terminal"
terminal_body()
{
	setup
	needs expect
	cat >script <<-'END'
	set timeout 20
	proc want {text} {
		expect {
			$text {}
			timeout { puts "no $text"; exit 1 }
			eof { puts "ends before $text"; exit 1 }
		}
	}
	spawn sh
	send "PS1='% '\r"
	send "$env(NONO) learn sleep 60\r"
	want "is watched"
	send "\003"
	want "options to add"
	send "echo st''atus \$?\r"
	want "status 130"
	send "$env(NONO) learn sh -c 'echo rea''dy; sleep 1; echo do''ne'\r"
	want ready
	send "\032"
	want "topped"
	send "fg\r"
	want done
	want "no options"
	send "exit\r"
	expect eof
	END
	export NONO
	expect script >out 2>&1 || fail "$(cat out)"
}

# again what command ...: learn what the shell command in $1 needs in a project
# made by make_project, and see that it is refused without and works with it.
again()
{
	rm -rf "$HOME/project"
	mkdir "$HOME/project"
	cd "$HOME/project" || atf_fail cd
	make_project
	"$NONO" learn sh -c "$1" >"$T/out" 2>"$T/err" </dev/null ||
	    fail "fails: $(cat "$T/out" "$T/err")"
	O=$(sed -n 's/^nono: learn: options to add: //p' "$T/err")
	rm -rf "$HOME/project"
	mkdir "$HOME/project"
	cd "$HOME/project" || atf_fail cd
	make_project
	! "$NONO" sh -c "$1" >"$T/out" 2>"$T/err" </dev/null ||
	    fail "not refused without options"
	rm -rf "$HOME/project"
	mkdir "$HOME/project"
	cd "$HOME/project" || atf_fail cd
	make_project
	eval "\"\$NONO\" -s $O sh -c \"\$1\"" >"$T/out" 2>"$T/err" \
	    </dev/null || fail "nono $O: $(cat "$T/out" "$T/err")"
}

test_case git "git init, commit, clone"
git_body()
{
	setup
	needs git
	export GIT_CEILING_DIRECTORIES="$HOME" GIT_CONFIG_NOSYSTEM=1
	make_project() { echo text >"$HOME/project/file"; }
	printf '[user]\nname = me\nemail = me@localhost\n' >"$HOME/.gitconfig"
	again 'git init -q && git add file && git commit -q -m first &&
	    git clone -q . copy && git -C copy log --oneline && git gc -q'
	[ "$O" = "-a ." ] || fail "$O"
	git init -q --bare "$HOME/bare.git"
	again 'git init -q && git add file && git commit -q -m "$(pwd)" &&
	    git push -q -f ~/bare.git HEAD:main && git clone -q ~/bare.git copy'
	[ "$O" = "-a ~/bare.git -a ." ] || fail "$O"
}

test_case cc "cc and ar"
cc_body()
{
	setup
	needs cc
	mkdir -p "$HOME/include"
	echo '#define STATUS 0' >"$HOME/include/status.h"
	make_project()
	{
		printf '#include <status.h>\nint main(void) %s\n' \
		    '{ return STATUS; }' >main.c
	}
	again 'cc -I ~/include -c main.c && cc -o main main.o && ./main &&
	    ar rc lib.a main.o'
	[ "$O" = "-r ~/include/status.h -a ." ] || fail "$O"
}

test_case make "make, and make clean"
make_body()
{
	setup
	needs make
	make_project()
	{
		printf 'all: a b\na b:\n\techo $@ >$@\nclean:\n\trm -f a b\n' \
		    >Makefile
	}
	again 'make -j2 && make clean'
	[ "$O" = "-a . -x rm" ] || fail "$O"
}

test_case venv "python3 -m venv"
venv_body()
{
	setup
	needs python3
	python3 -c 'import venv, ensurepip' || atf_skip "no venv"
	make_project() { rm -rf "$HOME/env"; }
	again 'python3 -m venv env && env/bin/python -m pip --version'
	[ "$O" = "-a ." ] || fail "$O"
}

test_case npm "npm install"
npm_body()
{
	setup
	needs npm
	mkdir "$T/registry"
	(cd "$T/registry" && mkdir package &&
	    echo '{ "name": "greet", "version": "1.0.0", "bin": "./greet.js" }' \
	    >package/package.json &&
	    printf '#!/usr/bin/env node\nconsole.log("hello");\n' \
	    >package/greet.js && tar -czf greet.tgz package)
	node "$SRC/registry.js" "$T/registry/greet.tgz" "$T/port" &
	server=$!
	trap 'kill $server' EXIT
	while [ ! -s "$T/port" ]; do
		kill -0 $server || atf_fail "no registry"
		sleep 0.1
	done
	make_project()
	{
		echo '{ "name": "project", "version": "1.0.0" }' >package.json
	}
	again "npm install --registry http://127.0.0.1:$(cat "$T/port") greet \
	    && npx --no-install greet"
	[ "$O" = "-a ~/.npm -a ." ] || fail "$O"
	[ -s node_modules/greet/greet.js ] || fail "nothing installed"
}
