#! /usr/bin/env -S atf-sh -s /bin/sh
# The main job: real programs do their work in a project, first with the
# project granted, then with the whole home; credentials stay denied.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# real name 'what': a test case whose function run_name is run in a fresh
# project by each of the grants, with the options in $G.
real()
{
	test_case "$1" "$2"
	eval "$1_body() {
		secrets
		for G in '-a .' \"-s -a \$HOME\"; do
			rm -rf \"\$HOME/project\"
			mkdir \"\$HOME/project\"
			cd \"\$HOME/project\" || atf_fail cd
			run_$1
			still_denied
		done
	}"
}

secrets()
{
	setup
	mkdir "$HOME/.ssh" "$HOME/.aws"
	for s in .ssh/id .aws/credentials .netrc .npmrc; do
		echo "secret of $s" >"$HOME/$s"
	done
}

# What was denied before and while the work was done.
still_denied()
{
	for s in .ssh/id .aws/credentials .netrc .npmrc; do
		atf_check -o match:secret cat "$HOME/$s"
		# shellcheck disable=SC2086
		atf_check -s exit:1 -o empty -e ignore "$NONO" $G \
		    cat "$HOME/$s"
	done
}

# ok command ...: works under nono.  says what command ...: and prints this.
# shellcheck disable=SC2086	# $G is a list of words
ok()
{
	atf_check -s exit:0 -o ignore -e ignore "$NONO" $G "$@"
}

# shellcheck disable=SC2086
says()
{
	_what=$1
	shift
	atf_check -s exit:0 -o "$_what" -e ignore "$NONO" $G "$@"
}

real make 'nono builds itself, and what it built runs'
run_make()
{
	cp "$SRC"/../*.[ch] "$SRC/../Makefile" .
	rm -f filter.h
	ok -x rm make -j2 CFLAGS=-O0
	says match:'^nono ' ./nono --version
	ok -x rm make clean
	[ ! -e nono ] || atf_fail "make clean left something"
}

real git 'git: init, commit, log, diff, branch, merge, clone, fetch'
run_git()
{
	export GIT_CEILING_DIRECTORIES="$HOME" \
	    GIT_CONFIG_GLOBAL="$HOME/project/.gitconfig" \
	    GIT_CONFIG_NOSYSTEM=1
	ok git config --global user.name me
	ok git config --global user.email me@localhost
	ok git init -q -b main repo
	cd repo || atf_fail cd
	[ "$G" != '-a .' ] || G="-a $HOME/project"
	echo one >file
	ok git add file
	ok git commit -q -m first
	ok git checkout -q -b side
	echo two >>file
	ok git commit -q -a -m second
	ok git checkout -q main
	ok git merge -q side
	says match:second git log --oneline
	ok git gc -q
	cd ..
	ok git clone -q repo copy
	echo three >>repo/file
	ok git -C repo commit -q -a -m third
	ok git -C copy pull -q
	says inline:'one\ntwo\nthree\n' cat copy/file
	ok git -C copy stash list
}

real cc 'a C program is compiled and run'
run_cc()
{
	cat >hello.c <<-END
	#include <stdio.h>
	#include <math.h>
	int main(int argc, char *argv[])
	{
		(void)argv;
		return printf("%.3f\n", sqrt(argc + 1.0)) < 0;
	}
	END
	ok cc -O2 -g -c hello.c
	ok cc -o hello hello.o -lm
	ok ar rc libhello.a hello.o
	says inline:'1.414\n' ./hello
}

real python 'python3 reads and writes the project, in threads and processes'
run_python()
{
	cat >work.py <<-END
	import concurrent.futures, json, multiprocessing, os, pathlib
	import shutil, sqlite3, subprocess, sys, tempfile, threading
	def square(n):
	    return n * n
	if __name__ == '__main__':
	    pathlib.Path('in.json').write_text(json.dumps([1, 2, 3]))
	    numbers = json.loads(pathlib.Path('in.json').read_text())
	    with multiprocessing.Pool(2) as pool:
	        numbers = pool.map(square, numbers)
	    with concurrent.futures.ThreadPoolExecutor(2) as threads:
	        numbers = list(threads.map(square, numbers))
	    db = sqlite3.connect('db.sqlite')
	    db.execute('create table t (n)')
	    db.executemany('insert into t values (?)', [(n,) for n in numbers])
	    db.commit()
	    with tempfile.NamedTemporaryFile() as f:
	        f.write(b'x')
	    os.mkdir('d'); shutil.move('in.json', 'd/out.json')
	    os.unlink('d/out.json'); os.rmdir('d')
	    print(subprocess.check_output(['echo', str(sum(numbers))], text=True),
	        end='')
	END
	says inline:'98\n' python3 work.py
}

real node 'node reads and writes the project, with workers and children'
run_node()
{
	cat >work.js <<-END
	const fs = require('fs'), os = require('os');
	const { execFileSync, fork } = require('child_process');
	const { Worker, isMainThread, parentPort } = require('worker_threads');
	if (process.argv[2] === 'child') {
		process.send('child');
	} else if (!isMainThread) {
		parentPort.postMessage('thread');
	} else {
		fs.writeFileSync('in.txt', 'text');
		fs.renameSync('in.txt', 'out.txt');
		fs.unlinkSync('out.txt');
		fs.watch('.').close();
		os.networkInterfaces();
		const said = [execFileSync('echo', ['echo']).toString().trim()];
		new Worker(__filename).on('message', (m) => {
			said.push(m);
			fork(__filename, ['child']).on('message', (n) => {
				said.push(n);
				console.log(said.join(' '));
			});
		});
	}
	END
	says inline:'echo thread child\n' node work.js
}

real npm 'npm installs a package from a registry'
run_npm()
{
	mkdir -p "$HOME/.npm" package
	[ "$G" != '-a .' ] || G="-a . -a $HOME/.npm"
	echo '{ "name": "greet", "version": "1.0.0", "bin": "./greet.js" }' \
	    >package/package.json
	printf '#!/usr/bin/env node\nconsole.log("hello");\n' \
	    >package/greet.js
	tar -czf greet.tgz package
	node "$SRC/registry.js" greet.tgz port &
	server=$!
	while [ ! -s port ]; do
		kill -0 $server || atf_fail "no registry"
		sleep 0.1
	done
	echo '{ "name": "project", "version": "1.0.0" }' >package.json
	# shellcheck disable=SC2086
	"$NONO" $G npm install --registry "http://127.0.0.1:$(cat port)" greet \
	    >out 2>err || { kill $server; atf_fail "$(cat out err)"; }
	kill $server
	ok test -s node_modules/greet/greet.js
	says inline:'hello\n' npx --no-install greet
}
