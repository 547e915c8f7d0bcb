#! /usr/bin/env -S atf-sh -s /bin/sh
# A day's work as it is typed: "nono -a ." and the command, with the profiles
# that are shipped.
# shellcheck disable=SC2016	# for other shells

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

day()
{
	for _c; do
		needs "$_c"
	done
	setup
	mkdir -p "$HOME/.config/nono"
	cp -P "$SRC"/../profiles/* "$HOME/.config/nono"
	chmod go-w "$HOME"/.config/nono/*
}

# ok command ...: with the project granted.
ok()
{
	"$NONO" -s -a . "$@" >out 2>err </dev/null ||
	    fail "refused ($?): $*: $(tail -n 5 err; tail -n 5 out)"
}

test_case npm "npm installs with its own profile; node --test"
npm_body()
{
	day npm node
	mkdir package
	echo '{ "name": "greet", "version": "1.0.0", "bin": "./greet.js" }' \
	    >package/package.json
	printf '#!/usr/bin/env node\nconsole.log("hello");\n' >package/greet.js
	tar -czf greet.tgz package
	node "$SRC/registry.js" greet.tgz port &
	server=$!
	while [ ! -s port ]; do
		kill -0 $server || atf_fail "no registry"
		sleep 0.1
	done
	cat >package.json <<-END
	{ "name": "project", "version": "1.0.0", "scripts": {
	    "test": "node --test" } }
	END
	mkdir test
	cat >test/a.test.js <<-END
	const test = require('node:test');
	test('adds', () => require('node:assert').equal(1 + 1, 2));
	END
	ok npm install --registry "http://127.0.0.1:$(cat port)" greet
	kill $server
	[ -d "$HOME/.npm/_cacache" ] || fail "no cache"
	ok npx --no-install greet
	[ "$(cat out)" = hello ] || fail "$(cat out)"
	ok npm test
	grep -q '^# pass 1' out || fail "$(cat out)"
	ok node --test
}

test_case pytest "pytest"
pytest_body()
{
	day pytest
	mkdir tests
	cat >tests/test_it.py <<-END
	import os, subprocess, sys
	def test_files(tmp_path, monkeypatch):
	    (tmp_path / 'f').write_text('x')
	    monkeypatch.chdir(tmp_path)
	    assert os.listdir() == ['f']
	def test_child(capfd):
	    subprocess.check_call([sys.executable, '-c', 'print(42)'])
	    assert capfd.readouterr().out == '42\n'
	def test_home():
	    try:
	        open(os.path.expanduser('~/planted'), 'w')
	    except OSError:
	        return
	    assert False
	END
	ok pytest -q
	grep -q '3 passed' out || fail "$(cat out)"
}

test_case cmake "cmake, make, ctest, make clean"
cmake_body()
{
	day cmake make cc
	cat >CMakeLists.txt <<-END
	cmake_minimum_required(VERSION 3.10)
	project(hello C)
	add_executable(hello hello.c)
	enable_testing()
	add_test(NAME says COMMAND hello)
	install(TARGETS hello DESTINATION bin)
	END
	printf '#include <stdio.h>\nint main(void) { return puts("hi") < 0; }\n' \
	    >hello.c
	ok cmake -S . -B build -DCMAKE_INSTALL_PREFIX="$PWD/there"
	ok cmake --build build
	ok make -C build install
	ok ctest --test-dir build
	grep -q '100% tests passed' out || fail "$(cat out)"
	ok ./there/bin/hello
	ok make -C build clean
	[ ! -e build/hello ] || fail "not cleaned"
}

test_case configure "configure, as autoconf makes it, and make distclean"
configure_body()
{
	day make cc
	cat >configure <<-'END'
	#! /bin/sh
	echo 'int main(void) { return 0; }' >conftest.c
	cc -o conftest conftest.c && ./conftest || exit 1
	rm -f conftest conftest.c
	mkdir conf.dir && rmdir conf.dir || exit 1
	dd if=/dev/zero of=conf.out bs=1 count=1 2>/dev/null || exit 1
	printf 'all:\n\ttouch all\ndistclean:\n\trm -f all Makefile\n' >Makefile
	END
	chmod 755 configure
	prepare()
	{
		rm -rf conf.* conftest*
	}
	refused -s -a . -- sh -c 'rm -rf conf.*; ./configure'
	prepare
	"$NONO" -s -a . -p build ./configure 2>err || fail "$(cat err)"
	ok make
	ok make distclean
	[ ! -e Makefile ] || fail "not cleaned"
}

test_case go "go builds, and keeps what it has built"
go_body()
{
	day go git
	printf 'module example.org/hello\n\ngo 1.18\n' >go.mod
	printf 'package main\n\nimport "fmt"\n\nfunc main() {\n\t%s\n}\n' \
	    'fmt.Println("hello")' >main.go
	unset GOCACHE GOPATH GOFLAGS
	export GOTELEMETRY=off
	git init -q .		# it asks git(1) of any above
	ok go build -o hello
	[ -n "$(ls "$HOME/.cache/go-build")" ] || fail "no cache"
	ok ./hello
	[ "$(cat out)" = hello ] || fail "$(cat out)"
	ok go vet ./...
	refused -s -a . -p none -- go build -o hello2
}

test_case cargo "cargo builds without a network"
cargo_body()
{
	day cargo
	# rustup's lies in the account's home, which is granted
	_rustup=$(getent passwd "$(id -u)" | cut -d: -f6)/.rustup
	[ ! -d "$_rustup" ] || export RUSTUP_HOME="$_rustup"
	cargo --version >/dev/null 2>&1 || atf_skip "no cargo for this home"
	ok cargo new --vcs none hello
	cd hello || atf_fail cd
	ok cargo build --offline
	ok ./target/debug/hello
	grep -q Hello out || fail "$(cat out)"
	ok cargo test --offline
}

test_case push "git push to a repository beside it"
push_body()
{
	day git
	abi 2 || atf_skip "with ABI 1 no file goes into another directory"
	export GIT_CONFIG_GLOBAL="$HOME/project/.gitconfig" \
	    GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES="$HOME"
	git config --global user.name me
	git config --global user.email me@localhost
	git init -q --bare -b main "$HOME/bare.git"
	"$NONO" -s -a . -r "$HOME/bare.git" git clone -q "$HOME/bare.git" \
	    work 2>err || fail "$(cat err)"
	cd work || atf_fail cd
	echo text >file
	for words in "add file" "commit -q -m first" "push -q origin HEAD:main"
	do
		# shellcheck disable=SC2086	# a list
		"$NONO" -s -a . -a "$HOME/bare.git" \
		    --read-file "$GIT_CONFIG_GLOBAL" git $words 2>err ||
		    fail "git $words: $(cat err)"
	done
	[ "$(git -C "$HOME/bare.git" show main:file)" = text ] || fail "no push"
	echo more >>file
	git commit -q -a -m second
	prepare()
	{
		git -C "$HOME/bare.git" update-ref -d refs/heads/refused
	}
	refused -s -a . -r "$HOME/bare.git" -r "$GIT_CONFIG_GLOBAL" -- \
	    git push -q origin HEAD:refused
}

test_case gdb "gdb runs a program inside"
gdb_body()
{
	day gdb cc
	printf 'int answer = 42;\nint main(void)\n{\n\treturn answer;\n}\n' >p.c
	cc -g -O0 -o p p.c || atf_fail cc
	gdb -batch -ex 'break main' -ex run -ex 'print answer' ./p >out 2>&1
	grep -q '= 42' out || atf_skip "gdb cannot trace outside, either"
	ok gdb -batch -ex 'break main' -ex run -ex 'print answer' ./p
	grep -q '= 42' out || fail "$(cat out err)"
}

test_case vim "vim edits a file and saves it"
vim_body()
{
	day vim
	printf 'one\ntwo\n' >file
	ok vim -N -u NONE -i NONE -es -c '%s/two/three/' -c wq file
	[ "$(cat file)" = "$(printf 'one\nthree')" ] || fail "$(cat file)"
	"$NONO" -s -a . vim -N -u NONE -i NONE -es \
	    -c "write! $HOME/planted" -c q! file >out 2>err </dev/null
	[ ! -e "$HOME/planted" ] || fail "it saved elsewhere"
}

test_case tmux "tmux has a server of its own"
tmux_body()
{
	day tmux
	has_view && tells_sockets ||
	    atf_skip "no terminals, or no sockets, can be made"
	export TERM=xterm SHELL=/bin/sh
	ok sh -c '
		tmux -S "$PWD/s" -f /dev/null new-session -d \
		    "tty >tty; echo inside >made; sleep 5" || exit 1
		n=0
		while [ ! -s made ]; do
			[ $((n += 1)) -lt 50 ] || exit 1
			sleep 0.1
		done
		tmux -S "$PWD/s" list-sessions
		tmux -S "$PWD/s" kill-server
	'
	grep -q windows out || fail "$(cat out)"
	grep -q /dev/pts/ tty || fail "$(cat tty)"
}
