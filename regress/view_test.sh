#! /usr/bin/env -S atf-sh -s /bin/sh
# The private view: what is denied or read-only beneath a grant, and all that
# might uncover it.
#
# shellcheck disable=SC2016,SC2088	# for the inner shell, and for nono

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# A project, remade before each attempt, with things that are to be denied.
project()
{
	prepare() {
		rm -rf dir secrets vendor plain new
		mkdir -p secrets/sub dir/deep/er vendor/lib plain/empty
		for _dir in secrets secrets/sub dir dir/deep dir/deep/er \
		    vendor vendor/lib plain; do
			echo "text of $_dir/file" >$_dir/file
			echo "text of $_dir/second" >$_dir/second
		done
	}
	setup
	prepare
}

# A home with keys, remade before each attempt.
home()
{
	prepare() {
		rm -rf "$HOME/.ssh" "$HOME/.config" "$HOME/plain" "$HOME/new"
		mkdir -p "$HOME/.ssh/sub" "$HOME/.config/gh" "$HOME/plain"
		for _dir in .ssh .ssh/sub .config .config/gh plain; do
			echo "text of $_dir" >"$HOME/$_dir/file"
		done
		echo "text of known_hosts" >"$HOME/.ssh/known_hosts"
		echo "text of .netrc" >"$HOME/.netrc"
	}
	setup
	prepare
}

test_case named "-v and --dry-run say whether there is a view"
named_body()
{
	setup
	names "view: "
	granted -v -- true
	grep -q '^nono: view: ' err || fail "-v says nothing of it: $(cat err)"
	if ! has_view; then
		grep -q '^view: none: .' "$T/policy" ||
		    fail "no reason: $(grep '^view:' "$T/policy")"
		return
	fi
	mkdir secrets
	granted -v -a . -d secrets -- true
	grep -q "^nono: view: .*secrets" err ||
	    fail "does not say what covers secrets: $(grep view: err)"
	! grep -q '^nono: gap: metadata' err || fail "$(grep gap: err)"
}

test_case crowded "directories with more in them than are looked after"
crowded_body()
{
	prepare() {
		mkdir -p one two three
		(cd one && mkdir -p $(seq 65))
		(cd two && mkdir -p $(seq 65))
		(cd three && mkdir -p $(seq 64))
		echo text | tee one/file one/second two/file three/file \
		    >/dev/null
	}
	setup
	prepare
	has_view || return 0
	names "view: " -a one/file -a two/file -a three/file -a one/second
	for dir in one two; do
		[ "$(grep -c "^gap: metadata .* $PWD/$dir, which has more than 64$" \
		    "$T/policy")" -eq 1 ] ||
		    fail "$dir: $(grep ^gap "$T/policy")"
	done
	! grep "^gap: metadata .* $PWD/three," "$T/policy" ||
	    fail "$(grep ^gap "$T/policy")"
	refused -a three/file -a two/file -- sh -c '
	    for d in three/[0-9]*; do chmod 700 $d || exit; done'
	! grep -q '^nono: warning' err || fail "$(cat err)"
}

test_case denied "what is denied is not shown, directory or file"
denied_body()
{
	project
	set -- -a . -d secrets -d dir/file
	for path in secrets secrets/sub; do
		hidden "$@" -- cat $path/file
		hidden "$@" -- ls $path
		hidden "$@" -- find $path -mindepth 1
		hidden "$@" -- grep -rh text $path
		hidden "$@" -- sh -c 'tar -cf - "$0" 2>/dev/null | grep -a text' \
		    $path
		hidden "$@" -- sh -c 'cat "$0"/f*' $path
		hidden "$@" -- sh -c 'cd "$0" && cat file' $path
	done
	hidden "$@" -- cat dir/file
	hidden "$@" -- sh -c 'cat <dir/file'
	hidden "$@" -- cat "/proc/self/root$PWD/dir/file"
	hidden "$@" -- cat /proc/self/cwd/dir/file
	hidden "$@" -- sh -c 'cp dir/file plain/new; cat plain/new'
	hidden "$@" -- sh -c 'cp -a secrets plain/new; cat plain/new/file'
	hidden "$@" -- sh -c 'exec 3<dir/file && cat <&3'
	hidden "$@" -- sh -c 'ln -s ../secrets plain/link; cat plain/link/file'
	# but it is seen that they are there
	granted "$@" -- sh -c '[ -d secrets ] && [ -e dir/file ]'
	granted "$@" -- cat dir/second
}

test_case beside "beside what is denied files are listed, made and removed"
beside_body()
{
	project
	set -- -a . -d secrets
	if ! has_view; then
		granted "$@" -- cat dir/file
		[ "$(grep -c '^nono: warning: ' err)" -gt 0 ] ||
		    atf_fail "no warning of what is lost"
		return
	fi
	granted "$@" -- ls .
	grep -q '^plain$' out || fail "$(cat out)"
	[ ! -s err ] || fail "says: $(cat err)"
	granted "$@" -- sh -c 'echo text >new && mv new newer &&
	    mkdir sub && find newer sub -delete'
	granted "$@" -- sh -c 'mv plain new && mv new plain'
	granted "$@" -- sh -c 'ln -s file new && find new -delete'
	granted "$@" -- sh -c 'mkfifo new && find new -delete'
	! abi 2 || granted "$@" -- \
	    sh -c 'ln plain/file new && cat new && find new -delete'
	granted "$@" -- sh -c 'mv plain/file new && mv new plain/file'
	granted -a . -d dir/file -- sh -c ': >dir/new && ls dir &&
	    find dir/new -delete'
	granted -a . -d dir/deep/er/file -- sh -c ': >dir/deep/er/new'
	granted -a . -r vendor -- sh -c ': >new && ls . && find new -delete'
	granted -a . -r vendor/file -- sh -c ': >vendor/new && ls vendor'
	[ ! -s err ] || fail "says: $(cat err)"
}

# attacks [option ...] --: $attack does what it is to do outside, each of its
# commands, which shows or changes what is denied; inside see uncovered().
attacks()
{
	prepare
	_before=$(kept all)
	sh -e -c "$attack" >out 2>err </dev/null ||
	    fail "fails outside, too: $attack: $(cat err)"
	[ "$(kept all)" != "$_before" ] || shows_denied out ||
	    fail "does nothing outside: $attack"
	uncovered "$@"
}

# uncovered [option ...] --: $attack may succeed or not, but shows nothing, and
# what is denied is as it was.
uncovered()
{
	prepare
	_before=$(kept inside)
	"$NONO" "$@" sh -c "$attack" >out 2>err </dev/null
	was_run $? "$@" sh -c "$attack"
	! shows_denied out || fail "shown: $attack: $(cat out)"
	[ "$(kept inside)" = "$_before" ] ||
	    fail "changed: $attack: $(kept inside)"
	# nor does it open anything to the next
	for _option in "-a ." "-r ."; do
		# shellcheck disable=SC2086	# words
		"$NONO" $_option -d secrets -d dir/deep/file -- \
		    grep -rh text . >out 2>err
		was_run $? "$_option" grep
		! shows_denied out ||
		    fail "shown to the next: $attack: $(cat out)"
	done
}

shows_denied()
{
	grep -q 'text of secrets\|text of dir/deep/file\|evil' "$1"
}

# What is denied, as it is seen outside; metadata only where that is kept.
kept()
{
	_modes=' %a %u %Y'
	[ "$1" = all ] || has_view || _modes=
	stat -c "%n %F %i %s$_modes" secrets secrets/* secrets/sub/* \
	    dir/deep/file 2>&1
	cat secrets/file secrets/sub/file dir/deep/file 2>&1
}

test_case attacked "covers are not changed, moved, removed or replaced"
attacked_body()
{
	project
	set -- -x '*' -a . -d secrets -d dir/deep/file --
	for attack in \
	    'chmod 777 secrets; cat secrets/file' \
	    'chmod -R 777 secrets; ls secrets; cat secrets/f*' \
	    'chmod 777 secrets; echo evil >secrets/new; cat secrets/new' \
	    'chmod 666 dir/deep/file; cat dir/deep/file' \
	    'chown "$(id -u)" secrets dir/deep/file; cat secrets/file' \
	    'echo evil >secrets/file; echo evil >secrets/new' \
	    'echo evil >dir/deep/file' \
	    'echo evil >>dir/deep/file' \
	    'echo evil 1<>dir/deep/file' \
	    'truncate -s 0 dir/deep/file secrets/file' \
	    'touch -d 2001-01-01 secrets secrets/file dir/deep/file' \
	    'mkdir secrets/new secrets/sub/new; mkfifo secrets/pipe' \
	    'ln -s ../plain/file secrets/link' \
	    'mv plain/file secrets/new' \
	    'mv secrets new; cat new/file' \
	    'mv secrets plain/new; cat plain/new/file' \
	    'mv secrets new; mv plain secrets' \
	    'mv dir/deep/file dir/new; cat dir/new' \
	    'mv -f plain/file dir/deep/file' \
	    'ln -f plain/file dir/deep/file' \
	    'ln -sfn ../plain secrets' \
	    'ln -sf ../../plain/file dir/deep/file' \
	    'ln dir/deep/file plain/new; cat plain/new' \
	    'cp --remove-destination plain/file dir/deep/file' \
	    'install plain/file dir/deep/file' \
	    'find secrets -delete; find dir/deep/file -delete' \
	    'rm -rf secrets dir/deep/file' \
	    'rm -r secrets/*; rmdir secrets' \
	    'mv dir new; cat new/deep/file' \
	    'mv dir/deep new; cat new/file' \
	    'mv dir plain/new; cat plain/new/deep/file' \
	    'rm -r secrets/*; mv -T plain/empty secrets' \
	    'find dir -delete' \
	    'rm -rf dir; mv plain dir' \
	    'mv ../project ../p2; cat ../p2/secrets/file; mv ../p2 ../project' \
	    "cat /proc/$$/root\$PWD/secrets/file" \
	    "cat /proc/$$/cwd/secrets/file" \
	    'cd secrets && cat file; cat ./file' \
	    'exec 3<secrets; cat /proc/self/fd/3/file' \
	    'exec 3<dir/deep/file; cat /proc/self/fd/3'; do
		attacks "$@"
	done
	# Outside nothing is covered, or it would be done to the system; and the
	# first process is not a user's.
	for attack in \
	    'umount secrets; umount dir/deep/file; cat secrets/file' \
	    'umount -l secrets; umount -l .; umount -l /; cat secrets/file' \
	    'mount --bind plain secrets; cat secrets/file' \
	    'mount -o remount,bind,rw secrets; chmod 777 secrets' \
	    'mkdir new; mount --bind . new; cat new/secrets/file' \
	    'unshare -rm umount secrets; cat secrets/file' \
	    'unshare -m umount secrets; cat secrets/file' \
	    'unshare -rm sh -c "umount -l secrets; cat secrets/file"' \
	    'nsenter -t 1 -m cat "$PWD/secrets/file"' \
	    'cat /proc/1/root"$PWD"/secrets/file'; do
		uncovered "$@"
	done
	# all at once
	attack='mv dir plain/dir; mv secrets plain; ln -s plain/secrets secrets
	    mkdir -p dir/deep; echo evil >dir/deep/file'
	attacks "$@"
	prepare() { :; }
	hidden -a . -d secrets -d dir/deep/file -- cat secrets/file
	hidden -a . -d secrets -d dir/deep/file -- cat dir/deep/file
}

test_case errors "each refusal has the error of a mount"
errors_body()
{
	project
	# from one mount to another: EXDEV
	busy="EBUSY|EXDEV" link=EXDEV
	has_view || busy="EACCES|EXDEV|EPERM" link="EACCES|EXDEV|EPERM"
	set -- -s -a . -d secrets -d dir/deep/file
	for old in secrets dir dir/deep dir/deep/file; do
		answers ok "$busy" "$@" -- \
		    call renameat2 -100 $old -100 plain/new 0
		answers ok "$busy" "$@" -- call renameat2 -100 $old -100 new 0
	done
	answers ok "$busy" "$@" -- \
	    call renameat2 -100 plain -100 secrets 2	# RENAME_EXCHANGE
	answers ok "$busy" "$@" -- call renameat2 -100 dir -100 plain 2
	answers ok "$busy" "$@" -- \
	    call renameat2 -100 dir/deep/file -100 plain/file 2
	answers ok "$busy" "$@" -- \
	    call renameat2 -100 plain/file -100 dir/deep/file 0
	answers ok "$busy" "$@" -- call unlinkat -100 dir/deep/file 0
	answers ok "$link" "$@" -- \
	    call linkat -100 dir/deep/file -100 plain/new 0
}

test_case read_only "what is read-only beneath a write grant stays as it is"
read_only_body()
{
	project
	for rules in "-a . -r ./vendor" "-a . -r vendor/file -r vendor/lib"; do
		# shellcheck disable=SC2086	# words
		set -- $rules
		granted "$@" -- cat vendor/file vendor/lib/file
		refused "$@" -- sh -c 'echo evil >vendor/file'
		refused "$@" -- sh -c 'echo evil >>vendor/lib/file'
		refused "$@" -- truncate -s 0 vendor/file
		refused "$@" -- sh -c ': >vendor/lib/new'
		refused "$@" -- mkdir vendor/lib/new
		refused "$@" -- find vendor/file -delete
		refused "$@" -- find vendor/lib/file -delete
		refused "$@" -- mv vendor/file new
		refused "$@" -- mv vendor new
		refused "$@" -- mv vendor plain/new
		refused "$@" -- mv vendor/lib new
		refused "$@" -- mv -f plain/file vendor/file
		refused "$@" -r "$PROBE" -- "$PROBE" \
		    call renameat2 -100 plain -100 vendor/lib 2
		refused "$@" -- ln plain/file vendor/lib/new
		refused "$@" -- sed -i s/text/evil/ vendor/file
		granted "$@" -- sh -c 'echo new >plain/file'
	done
	# another name for it does not write it
	refused -a . -r vendor -- sh -c 'ln vendor/file plain/new &&
	    echo evil >plain/new'
	[ "$(cat vendor/file)" = "text of vendor/file" ] || atf_fail "written"
	refused -a . -r vendor -- sh -c ': >vendor/new'
	refused -a . -r vendor -- ln vendor/file vendor/new
	granted -a . -r vendor -a vendor/lib -- sh -c ': >vendor/lib/new'
	# a file granted in it opens nothing beside itself
	for rules in "-a vendor/file" "-a vendor/lib/file"; do
		# shellcheck disable=SC2086	# words
		set -- -a . -r vendor $rules
		granted "$@" -- sh -c 'echo new >"$1"' sh "${rules#-a }"
		refused "$@" -- sh -c ': >vendor/new'
		refused "$@" -- sh -c ': >vendor/lib/new'
		refused "$@" -- mv vendor/second vendor/new
		refused "$@" -- find vendor/second vendor/lib/second -delete
		refused "$@" -- sh -c 'echo evil >vendor/second'
	done
	! has_view || refused "$@" -- chmod 600 vendor/lib/second
}

test_case git "-a . -r .git/hooks -r .git/config lets git work"
git_body()
{
	setup
	needs git
	export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=me GIT_AUTHOR_EMAIL=me@x \
	    GIT_COMMITTER_NAME=me GIT_COMMITTER_EMAIL=me@x
	git init -q . && git config user.name me || atf_fail "git init"
	mkdir -p .git/hooks && echo text >.git/hooks/sample
	echo text >file
	git add file && git commit -q -m first || atf_fail "git commit"
	cp -a .git "$T/git"
	prepare() {
		rm -rf .git new
		cp -a "$T/git" .git
		echo text >>file
	}
	set -- -a . -r .git/hooks -r .git/config
	granted "$@" -- git log --oneline
	granted "$@" -- git diff
	! has_view || granted "$@" -- sh -c 'git commit -q -a -m second &&
	    git checkout -q -b new && echo text >>file && git stash -q &&
	    git gc -q && git log --oneline | grep second && git status'
	refused "$@" -- git config user.name you
	refused "$@" -- sh -c 'echo text >>.git/config'
	refused "$@" -- sh -c 'echo text >.git/new && mv .git/new .git/config'
	refused "$@" -- sh -c 'echo text >.git/hooks/sample'
	refused "$@" -- sh -c 'echo text >.git/hooks/pre-commit'
	refused "$@" -- mv .git/hooks .git/hooks2
	refused "$@" -- mv .git new
	refused "$@" -- sh -c 'cp -a .git new && mv .git "$TMPDIR/old" &&
	    mv new .git && echo text >.git/hooks/pre-commit'
	[ "$(git config -f .git/config user.name)" = me ] || atf_fail "changed"
}

test_case shows_through "-a ~ -r ~/.ssh/known_hosts: that file, nothing else"
shows_through_body()
{
	home
	set -- -a "$HOME" -r "$HOME/.ssh/known_hosts"
	granted "$@" -- cat "$HOME/.ssh/known_hosts"
	[ "$(cat out)" = "text of known_hosts" ] || fail "$(cat out)"
	refused "$@" -- sh -c 'echo evil >>"$HOME/.ssh/known_hosts"'
	refused "$@" -- mv "$HOME/.ssh/known_hosts" "$HOME/plain/new"
	refused "$@" -- find "$HOME/.ssh/known_hosts" -delete
	refused "$@" -- mv "$HOME/.ssh" "$HOME/new"
	refused "$@" -- sh -c ': >"$HOME/.ssh/new"'
	refused "$@" -- mkdir "$HOME/.ssh/new"
	hidden "$@" -- cat "$HOME/.ssh/file"
	hidden "$@" -- cat "$HOME/.ssh/sub/file"
	"$NONO" "$@" -- ls -A "$HOME/.ssh" >out 2>err
	! grep -vx known_hosts out || fail "shown: $(cat out)"
	"$NONO" "$@" -- grep -rh text "$HOME/.ssh" >out 2>err
	! grep -vx "text of known_hosts" out || fail "shown: $(cat out)"
	# a grant on a directory, and one for writing
	set -- -a "$HOME" -r "$HOME/.ssh/sub"
	granted "$@" -- cat "$HOME/.ssh/sub/file"
	granted "$@" -- ls "$HOME/.ssh/sub"
	refused "$@" -- sh -c ': >"$HOME/.ssh/sub/new"'
	hidden "$@" -- cat "$HOME/.ssh/file"
	set -- -a "$HOME" -a "$HOME/.ssh/known_hosts"
	granted "$@" -- sh -c 'echo more >>"$HOME/.ssh/known_hosts"'
	grep -q more "$HOME/.ssh/known_hosts" || atf_fail "not written"
	hidden "$@" -- cat "$HOME/.ssh/file"
	set -- -a "$HOME" -a "$HOME/.ssh/sub"
	granted "$@" -- sh -c 'echo new >"$HOME/.ssh/sub/new"'
	[ "$(cat "$HOME/.ssh/sub/new")" = new ] || atf_fail "not written"
	hidden "$@" -- cat "$HOME/.ssh/file"
	# and with no grant above
	set -- -r "$HOME/.ssh/known_hosts"
	granted "$@" -- cat "$HOME/.ssh/known_hosts"
	hidden "$@" -- cat "$HOME/.ssh/file"
}

# Rights that change from each directory to the one beneath.
test_case deep "each right in each other, many deep"
deep_body()
{
	prepare() {
		rm -rf 1
		mkdir -p 1/2/3/4/5/6/7
		for _dir in 1 1/2 1/2/3 1/2/3/4 1/2/3/4/5 1/2/3/4/5/6 \
		    1/2/3/4/5/6/7; do
			echo "text $_dir" >$_dir/file
		done
	}
	setup
	# carving may refuse it
	new=
	! has_view || new=new
	for order in "a r d a r d a" "r a d r a d r" "d a d a d a d" \
	    "a d r a d r a" "r d a r d a r" "d r d r d r d" "a r a r a r a" \
	    "w r w d r w a" "a w r w a d w" "r w a w d w r"; do
		dir=1 deeper=2 options=''
		for right in $order; do
			options="$options -$right $dir"
			dir=$dir/$deeper
			deeper=$((deeper + 1))
		done
		# shellcheck disable=SC2086	# words
		set -- $options
		while [ $# -gt 0 ]; do
			case $1 in
			-a)	yes="cat write $new" no="" ;;
			-r)	yes="cat" no="write new" ;;
			-w)	yes="write $new" no="cat" ;;
			-d)	yes="" no="cat write new" ;;
			esac
			for act in $yes; do
				# shellcheck disable=SC2086	# words
				granted $options -- sh -c "$(act "$act" "$2")"
			done
			for act in $no; do
				# shellcheck disable=SC2086	# words
				refused $options -- sh -c "$(act "$act" "$2")"
			done
			shift 2
		done
	done
}

act()
{
	case $1 in
	cat)	echo "cat $2/file" ;;
	write)	echo "echo new >$2/file" ;;
	new)	echo "echo new >$2/new" ;;
	esac
}

test_case write_beneath "-w beneath -r and beneath -a"
write_beneath_body()
{
	project
	for above in -r -a; do
		set -- $above . -w dir
		granted "$@" -- sh -c 'echo new >dir/file && : >dir/new &&
		    mkdir dir/made && find dir/second -delete'
		hidden "$@" -- cat dir/file
		hidden "$@" -- ls dir
		granted "$@" -- cat plain/file
		granted $above . -w dir/file -- sh -c 'echo new >dir/file'
		hidden $above . -w dir/file -- cat dir/file
	done
	# nor is it read by another name, now or in the next run
	for new in new plain/new; do
		refused -a . -w dir -- mv dir $new
		refused -a . -w dir/file -- mv dir/file $new
		refused -a . -w dir/file -- ln dir/file $new
		refused -w . -a dir -w dir/deep/file -- mv dir/deep $new
	done
	refused -r . -w dir -- sh -c ': >plain/new'
	granted -a . -w dir -- sh -c ': >plain/new'
	set -- -w . -r dir
	granted "$@" -- sh -c ': >plain/new'
	hidden "$@" -- cat plain/file
	granted "$@" -- cat dir/file
	refused "$@" -- sh -c ': >dir/new'
}

test_case tmp "lesser rules hold where temporary files are"
tmp_body()
{
	setup
	D=$(mktemp -d /tmp/nono-test.XXXXXX) || atf_fail "no directory in /tmp"
	trap 'rm -rf "$D"' EXIT
	for base in "$D" "$TMPDIR"; do
		cd "$base" || atf_fail cd
		prepare() {
			rm -rf secrets vendor new
			mkdir -p secrets vendor plain .ssh
			echo text | tee secrets/file vendor/file plain/file \
			    .ssh/file >/dev/null
		}
		prepare
		if ! has_view; then
			status 125 "$base/secrets: no lesser rights" \
			    -d ./secrets true
			status 125 "$base/vendor: no lesser rights" \
			    -r ./vendor true
			prepare
			continue
		fi
		set -- -a . -d ./secrets -r ./vendor
		hidden "$@" -- cat secrets/file
		hidden "$@" -- ls secrets
		granted "$@" -- cat vendor/file
		refused "$@" -- sh -c 'echo evil >vendor/file'
		refused "$@" -- sh -c ': >vendor/new'
		refused "$@" -- mv vendor new
		refused "$@" -- mv secrets new
		refused "$@" -- chmod 777 vendor
		granted "$@" -- sh -c ': >new && : >plain/new && ls'
		granted "$@" -- mktemp /tmp/nono-test.XXXXXX
		rm -f "$(cat out)"
		granted "$@" -- mktemp
		rm -f "$(cat out)"
		hidden -d ./secrets -- cat secrets/file
		# of the tables: credentials atop a grant
		hidden -a . -- cat .ssh/file
		refused -a . -- mv .ssh new
	done
	cd "$HOME" || atf_fail cd
}

# Of root it says so still, whose power is not told from what it may read.
test_case inner "a nono inside does not warn of what the outer one covers"
inner_body()
{
	setup
	as="setpriv --reuid 1 --regid 1 --clear-groups"
	is_root || as="unshare --map-user=1 --map-group=1"
	within "mount -t tmpfs -o mode=1777 tmpfs /tmp
	    mkdir -m 700 /tmp/tmux-1
	    echo secret >/tmp/tmux-1/file
	    ! [ $(id -u) -eq 0 ] || chown -R 1 /tmp/tmux-1
	    set -- $as \"\$@\""
	has_view || return 0
	hidden -s -- cat /tmp/tmux-1/file
	# where nothing is covered it says so
	"$T/within" "$PROBE" deny unshare EPERM "$NONO_REAL" -r . -- true 2>err ||
	    fail "$(cat err)"
	grep -q '/tmp/tmux-1.*: NOT denied' err || fail "no warning: $(cat err)"
	for rules in "-r ." "-a ." "-r $HOME"; do
		# shellcheck disable=SC2086	# words
		"$NONO" -s $rules -r "$(dirname "$NONO_REAL")" -- \
		    "$NONO_REAL" $rules -- true 2>err || fail "$(cat err)"
		! grep 'NOT denied' err || fail "$rules: $(cat err)"
		# shellcheck disable=SC2086	# words
		"$NONO" -s $rules -r "$(dirname "$NONO_REAL")" -- \
		    "$NONO_REAL" -s $rules -- cat /tmp/tmux-1/file >out 2>err
		was_run $? "$rules"
		[ ! -s out ] || fail "$rules: shown: $(cat out)"
	done
}

test_case root "-a / leaves what the tables deny denied"
root_body()
{
	home
	set -- -s -a /
	granted "$@" -- sh -c 'echo new >"$HOME/plain/file"'
	! has_view || granted "$@" -- sh -c ': >"$HOME/new"'
	granted "$@" -- sh -c 'echo x >/dev/null && ls /usr >/dev/null'
	granted "$@" -- chmod 600 "$HOME/plain/file"
	hidden "$@" -- cat "$HOME/.ssh/file"
	hidden "$@" -- ls "$HOME/.ssh"
	hidden "$@" -- cat "$HOME/.config/gh/file"
	refused "$@" -- mv "$HOME/.ssh" "$HOME/plain/new"
	refused "$@" -- mv "$HOME/.config" "$HOME/plain/new"
	refused "$@" -- mv "$HOME" "$T/new"
	refused "$@" -- mv "$T" "$T.new"
	hidden "$@" -- cat "$HOME/.netrc"
	hidden "$@" -r "$HOME/.ssh/known_hosts" -- cat "$HOME/.ssh/file"
	granted "$@" -r "$HOME/.ssh/known_hosts" -- \
	    cat "$HOME/.ssh/known_hosts"
	refused "$@" -r "$HOME/plain" -- sh -c ': >"$HOME/plain/new"'
	refused "$@" -d "$HOME/plain" -- cat "$HOME/plain/file"
	refused "$@" -- sh -c 'echo 1 >/proc/self/oom_score_adj'
	is_root || return 0
	hidden "$@" -- cat /etc/shadow
	[ ! -w /etc ] || refused "$@" -- sh -c ': >>/etc/shadow'
	for device in /dev/vda /dev/sda /dev/nvme0n1 /dev/loop0 /dev/mem \
	    /dev/kmsg; do
		[ -e $device ] && sh -c ': <"$1"' sh $device 2>/dev/null ||
		    continue
		refused "$@" -- sh -c ': <"$1"' sh $device
		refused "$@" -- sh -c ': >>"$1"' sh $device
	done
	dir=$(mktemp -d /var/lib/nono-test.XXXXXX) || return 0
	echo text >"$dir/file"
	"$NONO" "$@" -- sh -c 'echo new >"$0/file" && chmod 700 "$0"' "$dir"
	got=$?
	rm -rf "$dir"
	[ $got -eq 0 ] || atf_fail "/var/lib is not written"
}

test_case ancestors "no directory above a lesser rule is moved, in any run"
ancestors_body()
{
	home
	set -- -a "$HOME"
	for old in .config .config/gh .ssh; do
		for new in new plain/new; do
			refused "$@" -- mv "$HOME/$old" "$HOME/$new"
		done
	done
	attack='cd; ln -s ../.ssh plain/ssh; ln -s nowhere .docker
	    mkdir .aws .kube; mv .netrc plain/netrc; mv .config/gh plain
	    mv .config new; mv .ssh new2'
	prepare
	sh -e -c "$attack" 2>err || fail "fails outside, too: $(cat err)"
	cat "$HOME/new2/file" "$HOME/plain/netrc" "$HOME/plain/gh/file" \
	    "$HOME/new/file" >out 2>err || fail "not moved: $(cat err)"
	rm -rf "$HOME/new2" "$HOME/.aws" "$HOME/.kube" "$HOME/.docker"
	prepare
	"$NONO" "$@" -- sh -c "$attack" >out 2>err
	was_run $? "$@" sh -c "$attack"
	prepare() { :; }
	"$NONO" "$@" -- grep -rsh text "$HOME" >out 2>err
	! grep '\.ssh$\|gh$\|netrc$\|known_hosts$' out || fail "$(cat out)"
	"$NONO" "$@" -- cat "$HOME/plain/ssh/file" "$HOME/plain/netrc" \
	    "$HOME/new/gh/file" "$HOME/new2/file" "$HOME/plain/gh/file" >out \
	    2>err
	[ ! -s out ] || fail "$(cat out)"
	# directories that need not stay may go
	! has_view ||
	    granted "$@" -- sh -c 'mkdir "$HOME/x" && mv "$HOME/x" "$HOME/y"'
	granted "$@" -- mv "$HOME/plain/file" "$HOME/plain/other"
}

test_case links "links that lead to, or are, what is denied"
links_body()
{
	prepare() {
		rm -rf real link dir new "$T/keys"
		mkdir -p real dir "$T/keys"
		echo text >real/file
		echo text >dir/file
		echo text >"$T/keys/file"
		ln -s real link
		ln -s "$T/keys" dir/keys
	}
	setup
	set -- -a . -d link
	hidden "$@" -- cat real/file
	hidden "$@" -- cat link/file
	refused "$@" -- mv link new
	refused "$@" -- ln -sfn dir link
	refused "$@" -- find link -delete
	refused "$@" -- mv real new
	hidden -a . -a "$T/keys" -d dir/keys -- cat "$T/keys/file"
	hidden -a . -a "$T/keys" -d dir/keys -- cat dir/keys/file
	refused -a . -a "$T/keys" -d dir/keys -- ln -sfn ../real dir/keys
	granted -a . -r link -- cat real/file
	refused -a . -r link -- sh -c ': >real/new'
	# a loop, and a link to nowhere, where the tables deny something
	ln -s .ssh "$HOME/.ssh"
	ln -s nowhere "$HOME/.aws"
	ln -s .gnupg/x "$HOME/.gnupg"
	echo text >"$HOME/plain"
	granted -a "$HOME" -- cat "$HOME/plain"
	refused -a "$HOME" -- ln -sfn plain "$HOME/.aws"
}

test_case directory "the working directory is entered anew, or refused"
directory_body()
{
	home
	# as it is seen through the view
	cd "$HOME/plain" || atf_fail cd
	prepare() { :; }
	hidden -a "$HOME" -- cat ../.ssh/file
	granted -a "$HOME" -- sh -c ': >new && cat file'
	! has_view || refused -r "$HOME" -- chmod 755 .
	refused -r "$HOME" -- sh -c ': >new2'
	granted -a "$HOME" -- sh -c '[ "$(pwd -P)" = "$0" ]' "$PWD"
	granted -d "$HOME/.ssh" -- pwd
	[ "$(cat out)" = "$PWD" ] || fail "$(cat out)"
	# what is granted beneath a covered place
	cd "$HOME/.ssh/sub" || atf_fail cd
	"$NONO" -a "$HOME" -r "$HOME/.ssh/sub" -- cat file >"$T/out" 2>&1 ||
	    fail "$(cat "$T/out")"
	"$NONO" -a "$HOME" -r "$HOME/.ssh/sub" -- cat ../file >"$T/out" 2>&1 &&
	    fail "$(cat "$T/out")"
	for dir in "$HOME/.ssh" "$HOME/.ssh/sub"; do
		cd "$dir" || atf_fail cd
		"$NONO" -a "$HOME" -- cat file >"$T/out" 2>"$T/err"
		got=$?
		[ $got -ne 0 ] && [ ! -s "$T/out" ] || fail "$(cat "$T/out")"
		cd "$HOME" || atf_fail cd
		has_view || continue
		[ $got -eq 125 ] || fail "exit $got: $(cat "$T/err")"
		[ "$(wc -l <"$T/err")" -eq 1 ] || fail "$(cat "$T/err")"
		grep -q "^nono: .*$dir" "$T/err" || fail "$(cat "$T/err")"
	done
	"$NONO" -a "$HOME" -- true <"$HOME/.ssh" 2>err
	[ $? -eq 125 ] || fail "a directory as standard input: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
}

test_case descriptors "no descriptor leads behind the covers"
descriptors_body()
{
	project
	set -- -a . -d secrets -d dir/file -r "$PROBE"
	# directories, and what is open of the old mounts
	prepare() { :; }
	exec 7<. 8<secrets
	hidden "$@" -- cat /proc/self/fd/8/file
	hidden "$@" -- cat /proc/self/fd/7/secrets/file
	exec 7<&- 8<&-
	# a file that was opened outside is read; its name is not
	"$NONO" "$@" -- cat <secrets/file >out 2>err || fail "$(cat err)"
	grep -q text out || atf_fail "not read"
	"$NONO" "$@" -- sh -c 'echo evil >/dev/stdin' <secrets/file 2>err &&
	    atf_fail "written by way of /dev/stdin"
	grep -q text secrets/file || atf_fail "overwritten"
	"$NONO" -a . -d secrets -r vendor -- sh -c 'for fd in 0 7 9; do
	    echo evil >/proc/self/fd/$fd
	    echo evil >>/dev/fd/$fd
	    truncate -s 0 /proc/self/fd/$fd
	done' <vendor/file 7<secrets/sub/file 9<secrets/file 2>err
	grep -q text vendor/file && grep -q text secrets/file &&
	    grep -q text secrets/sub/file || atf_fail "overwritten"
	"$NONO" "$@" -- sh -c 'ls -l /proc/self/fd/0/..; cat /proc/self/cwd/secrets/file' \
	    <dir/second >out 2>err
	! grep -q 'text of secrets' out || fail "$(cat out)"
}

# Secrets that are there all the time, among entries that come and go.
test_case churn "entries that change while the view is built"
churn_body()
{
	setup
	cd "$HOME" || atf_fail cd
	mkdir .ssh .gnupg .config plain
	echo "the key" >.ssh/file
	echo "the key" >.gnupg/file
	# shellcheck disable=SC2046
	set -- $("$PROBE" churn "$HOME" .ssh .gnupg .aws .kube .netrc .docker \
	    .config/gh .config/gcloud plain/x .bashrc plain)
	[ $# -eq 2 ] || atf_fail "nothing churns: $*"
	# shellcheck disable=SC2064	# this one
	trap "kill $1" EXIT
	ran=0 n=0 end=$(($(date +%s) + 3))
	while [ "$(date +%s)" -lt $end ]; do
		n=$((n + 1))
		"$NONO" -s -a "$HOME" -- sh -c '
		    cat "$HOME/.ssh/file" "$HOME/.gnupg/file"; :' \
		    >"$T/out" 2>"$T/err"
		got=$?
		! grep -q key "$T/out" || atf_fail "shown, in round $n"
		case $got in
		0)	ran=$((ran + 1)) ;;
		125)	grep -q '^nono: ' "$T/err" && [ ! -s "$T/out" ] ||
			    fail "no reason: $(cat "$T/err")" ;;
		*)	fail "exit $got: $(cat "$T/err")" ;;
		esac
	done
	kill "$1"
	trap - EXIT
	[ $ran -gt 0 ] || fail "never runs in $n rounds: $(cat "$T/err")"
}

# From now on held() runs nono in a mount namespace of its own, lest it mount
# something in that of the system where it is lied to.
contained()
{
	CONTAINED=
	is_root || return 0
	CONTAINED="unshare -m --propagation private"
	$CONTAINED true 2>/dev/null || atf_skip "no mount namespaces for tests"
}

# held [option ...] -- command ...: nono hides what it is to hide and changes
# nothing, or does not run the command and says so in one line.
held()
{
	$CONTAINED "$NONO" "$@" >out 2>err
	_got=$?
	! grep -q 'text of secrets' out || fail "shown: nono $*: $(cat out)"
	grep -q 'text of vendor' vendor/file || fail "changed: nono $*"
	[ $_got -ne 0 ] || return 0
	[ $_got -eq 125 ] || fail "exit $_got: nono $*: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] && grep -q '^nono: ' err ||
	    fail "nono $*: $(cat err)"
}

test_case faults "where a step fails, nono carves, or runs nothing"
faults_body()
{
	project
	has_view || return 0
	contained
	for call in unshare mount open_tree move_mount mount_setattr fsopen \
	    fsconfig fsmount chdir; do
		for error in EPERM ENOSYS EINVAL ENOMEM; do
			as_if deny $call $error
			for rules in "-a . -d secrets -r vendor" \
			    "-r . -d secrets" "-a / -d ./secrets -r ./vendor" \
			    "-a . -d secrets/file -r vendor/file"; do
				# shellcheck disable=SC2086	# words
				held -s $rules -- sh -c 'cat secrets/file
				    echo evil >vendor/file; :'
			done
		done
	done
}

test_case lies "where a step only seems to succeed, nothing is run"
lies_body()
{
	project
	has_view || return 0
	contained
	for call in unshare mount move_mount mount_setattr; do
		as_if deny $call ok
		for rules in "-a . -d secrets -r vendor" "-r . -d secrets" \
		    "-a / -d ./secrets -r ./vendor"; do
			# shellcheck disable=SC2086	# words
			held -s $rules -- sh -c 'cat secrets/file
			    cat "$PWD/secrets/file"
			    echo evil >vendor/file; echo evil >"$PWD/vendor/file"
			    :'
		done
	done
}

test_case refused_unshare "where unshare is refused nono carves, and says why"
refused_unshare_body()
{
	project
	as_if deny unshare EPERM
	! has_view || atf_fail "a view without a namespace"
	has_view
	! grep -q '^view: ' "$T/policy" || grep -q '^view: none: .' "$T/policy" ||
	    fail "$(grep '^view' "$T/policy")"
	names "gap: metadata"
	hidden -s -a . -d secrets -- cat secrets/file
	refused -s -a . -r vendor -- sh -c 'echo evil >vendor/file'
	refused -s -a . -- sh -c 'rm plain/file'
	granted -s -a . -d secrets -- sh -c ': >plain/new'
	answers ok EAFNOSUPPORT -s -- call socket 1 1 0
}
