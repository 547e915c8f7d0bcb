#! /usr/bin/env -S atf-sh -s /bin/sh
# Which rule decides: the most specific one, the user's or a table's.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# What a test adds to a project or a home; it defines its own.
more()
{
	:
}

# A project with a few directories, remade before each attempt.
project()
{
	prepare() {
		rm -rf "${T:?}/home/project" "$T/outside"
		mkdir "$HOME/project"
		cd "$HOME/project" || atf_fail "no project"
		mkdir -p src/sub secrets vendor/lib build a/b/c/d/e "$T/outside"
		for _made in src src/sub secrets vendor vendor/lib build a a/b \
		    a/b/c a/b/c/d a/b/c/d/e "$T/outside"; do
			echo text >"$_made/file"
			echo text >"$_made/second"
		done
		more
	}
	setup
}

# A home with credentials and other things, remade before each attempt.
home()
{
	prepare() {
		rm -rf "${T:?}/home"
		mkdir -p "$HOME/project" "$HOME/plain/sub"
		for _made in .ssh .aws .config/gh .config/other .sshfoo; do
			mkdir -p "$HOME/$_made/sub"
			echo text >"$HOME/$_made/file"
			echo text >"$HOME/$_made/second"
		done
		mv "$HOME/.ssh/second" "$HOME/.ssh/known_hosts"
		echo text >"$HOME/.netrc"
		echo text >"$HOME/.gitconfig"
		echo text >"$HOME/plain/file"
		cd "$HOME/project" || atf_fail "no project"
		more
	}
	setup
}

# read_only DIR -- options: what is in DIR is read but not changed.
read_only()
{
	_dir=$1
	shift 2
	granted "$@" -- cat "$_dir/file"
	listed "$_dir" "$@"
	unchanged "$_dir" "$@"
}

# denied DIR -- options: nothing of DIR is read or changed.
denied()
{
	_dir=$1
	shift 2
	refused "$@" -- cat "$_dir/file"
	hidden "$@" -- sh -c 'ls "$1" | grep -vxE "${2:-none}"' sh "$_dir" \
	    "${SHOWN-}"
	[ -n "${SHOWN-}" ] || refused "$@" -- grep -r text "$_dir"
	unchanged "$_dir" "$@"
}

unchanged()
{
	_dir=$1
	shift
	refused "$@" -- sh -c ': >"$1"' sh "$_dir/file"
	refused "$@" -- sh -c ': >>"$1"' sh "$_dir/file"
	refused "$@" -- sh -c ': >"$1"' sh "$_dir/new"
	refused "$@" -- mkdir "$_dir/new"
	refused "$@" -- find "$_dir/file" -delete
	refused "$@" -- mv "$_dir/file" "$_dir/new"
	refused "$@" -- mv "$_dir" "$_dir.new"
}

# writable DIR -- options: it is read and changed.
writable()
{
	_dir=$1
	shift 2
	granted "$@" -- cat "$_dir/file"
	listed "$_dir" "$@"
	granted "$@" -- sh -c ': >"$1"' sh "$_dir/file"
	granted "$@" -- sh -c ': >"$1"' sh "$_dir/new"
	granted "$@" -- find "$_dir/file" -delete
	granted "$@" -- mv "$_dir/file" "$_dir/new"
}

# A directory that holds something denied may lose its listing, with a warning.
listed()
{
	_dir=$1
	shift
	prepare
	"$NONO" "$@" -- ls "$_dir" >out 2>err ||
	    grep -q '^nono: warning: .*cannot be listed' err ||
	    fail "nono $* -- ls $_dir: $(cat err)"
}

# protects HOME: what is denied there is, or can be created; or, where that
# cannot be for it is carved, nothing is printed.
protects()
{
	has_view || return 0
	dry_run "$1/.ssh" -a "$1"
	dry_run "$1/.bash_history" -a "$1"
}

# dry_run TEXT options: the printed policy has TEXT in it.
dry_run()
{
	_text=$1
	shift
	"$NONO" --dry-run "$@" -- true >out 2>err ||
	    fail "nono --dry-run $*: $(cat err)"
	grep -qF -- "$_text" out ||
	    fail "nono --dry-run $*: no \"$_text\" in what it prints"
}

#
# The user's rules among themselves.
#

test_case read_only_beneath "-a . -r ./vendor makes vendor read-only"
read_only_beneath_body()
{
	project
	read_only vendor -- -a . -r ./vendor
	read_only vendor/lib -- -a . -r ./vendor
	writable src -- -a . -r ./vendor
}

test_case denied_beneath "-a . -d ./secrets hides secrets"
denied_beneath_body()
{
	project
	denied secrets -- -a . -d ./secrets
	writable src -- -a . -d ./secrets
	refused -r . -d secrets -- cat secrets/file
	refused -d secrets -r . -- cat secrets/file
}

test_case denied_file "one file in a directory is denied"
denied_file_body()
{
	project
	refused -a . -d src/file -- cat src/file
	refused -a . -d src/file -- sh -c ': >src/file'
	refused -a . -d src/file -- sh -c ': >>src/file'
	refused -a . -d src/file -- truncate -s 0 src/file
	refused -a . -d src/file -- find src/file -delete
	refused -a . -d src/file -- mv src/file src/new
	refused -a . -d src/file -- mv src/second src/file
	refused -a . -d src/file -- ln src/file src/new
	refused -a . -d src/file -- cp src/file build/file
	granted -a . -d src/file -- cat src/second
	granted -a . -d src/file -- sh -c ': >src/second'
	granted -a . -d src/file -- ls src
	granted -a . -d src/file -- sh -c ': >src/sub/new'
}

test_case read_only_file "one file in a directory is read-only"
read_only_file_body()
{
	project
	granted -a . -r src/file -- cat src/file
	refused -a . -r src/file -- sh -c ': >src/file'
	refused -a . -r src/file -- find src/file -delete
	refused -a . -r src/file -- mv src/file src/new
	refused -a . -r src/file -- mv src/second src/file
	refused -a . -r src/file -- sed -i s/text/new/ src/file
	granted -a . -r src/file -- sh -c ': >src/second'
}

test_case opened_beneath "-d X -r X/known opens that one file"
opened_beneath_body()
{
	project
	granted -a . -d secrets -r secrets/second -- cat secrets/second
	refused -a . -d secrets -r secrets/second -- cat secrets/file
	hidden -a . -d secrets -r secrets/second -- \
	    sh -c 'ls secrets | grep -vx second'
	refused -a . -d secrets -r secrets/second -- \
	    sh -c ': >secrets/second'
	refused -a . -d secrets -r secrets/second -- mv secrets new
	granted -d secrets -r secrets/second -- cat secrets/second
	refused -d secrets -r secrets/second -- cat secrets/file
}

test_case nested "denied, written, read, denied and written, each in the other"
nested_body()
{
	project
	# what shows through a cover is in its listing, which root sees
	SHOWN='b|e'
	set -- -a . -d a -a a/b -r a/b/c -d a/b/c/d -a a/b/c/d/e
	denied a -- "$@"
	granted "$@" -- sh -c 'cat a/b/file && : >a/b/file'
	read_only a/b/c -- "$@"
	denied a/b/c/d -- "$@"
	writable a/b/c/d/e -- "$@"
	writable src -- "$@"
	# the order in which they are given does not matter
	set -- -a a/b/c/d/e -d a/b/c/d -r a/b/c -a a/b -d a -a .
	denied a/b/c/d -- "$@"
	writable a/b/c/d/e -- "$@"
	read_only a/b/c -- "$@"
}

test_case write_in_read "-r . -w ./build: build is written and not read"
write_in_read_body()
{
	project
	granted -r . -w build -- sh -c ': >build/file'
	granted -r . -w build -- sh -c ': >build/new'
	granted -r . -w build -- find build/file -delete
	refused -r . -w build -- cat build/file
	refused -r . -w build -- ls build
	granted -r . -w build -- cat src/file
	unchanged src -r . -w build
	granted -w . -r vendor -- cat vendor/file
	refused -w . -r vendor -- sh -c ': >vendor/file'
	granted -w . -r vendor -- sh -c ': >src/new'
}

test_case same_path "of two rules with the same path the later decides"
same_path_body()
{
	project
	read_only src -- -a src -r src
	writable src -- -r src -a src
	denied src -- -a src -d src
	writable src -- -d src -a src
	read_only src -- -a src -r ./src/
	read_only src -- -a src -r "$PWD//src/sub/.."
	granted -r src -w src -- sh -c ': >src/file'
	refused -r src -w src -- cat src/file
	# below ABI 6 what lies beneath no grant is not covered
	if has_view && abi 6; then
		status 125 "is denied; change to another" -d . true
		status 125 "is denied; change to another" --allow-cwd -d . true
	else
		refused --allow-cwd -d . -- cat src/file
	fi
	granted -d . --allow-cwd -- cat src/file
}

test_case nothing_reopens "under a denial of the user nothing reopens"
nothing_reopens_body()
{
	home
	granted -- cat "$HOME/.gitconfig"
	prepare() { cd "$T" || atf_fail cd; }
	refused -d "$HOME" -- cat "$HOME/.gitconfig"
	granted -r "$HOME" -- sh -c ': >"$TMPDIR/new"'
	refused -d "$TMPDIR" -- sh -c ': >"$TMPDIR/new"'
	granted -- sh -c ': >/dev/null'
	refused -d /dev -- sh -c ': >/dev/null'
	granted -- ls /etc
	hidden -d /etc -- ls /etc
	refused -d /etc -- cat /etc/passwd
	hidden -d /usr/share -- ls /usr/share
	refused -d /proc -- cat /proc/self/status
	status 126 "denied by -d /" -d / cat /etc/passwd
}

test_case tables_add "beneath a rule of the user a table adds, never lowers"
tables_add_body()
{
	home
	granted -w "$HOME" -- cat "$HOME/.gitconfig"
	granted -w "$HOME" -- sh -c ': >"$HOME/.gitconfig"'
	granted -a "$HOME" -- sh -c ': >"$HOME/.gitconfig"'
	refused -r "$HOME" -- sh -c ': >"$HOME/.gitconfig"'
	granted -r / -- sh -c 'echo x >/dev/null'
	granted -r / -- sh -c 'f=$(mktemp "$TMPDIR/XXXXXX") && echo x >"$f"'
	granted -r / -- sh -c 'f=$(mktemp /tmp/nono.XXXXXX) && echo x >"$f" &&
	    find "$f" -delete'
	refused -r / -- sh -c ': >new'
	granted -r / -- ls /usr
}

test_case rename_ancestors "no directory above a lesser rule can be renamed"
rename_ancestors_body()
{
	project
	for lesser in -d -r -w; do
		for dir in a a/b a/b/c a/b/c/d; do
			refused -a . $lesser a/b/c/d -- mv $dir new
			refused -a . $lesser a/b/c/d -- mv $dir src/new
		done
	done
	refused -a . -d a/b/c/d/file -- mv a/b/c/d new
	refused -a . -d a/b/c/d/file -- mv a new
	granted -a . -d a/b/c/d -- sh -c ': >src/sub/new'
	granted -a . -d a/b/c/d -- mv src/sub/file src/new
}

test_case exchange_ancestors "nothing is put in the place of a denied path"
exchange_ancestors_body()
{
	more() { mkdir -p a/empty; }
	project
	refused -a . -d a/empty -- mv -T src/sub a/empty
	refused -a . -d src/file -- mv build/file src/file
	refused -a . -d src/file -- ln -f build/file src/file
	refused -a . -d src/file -- ln -sf ../build/file src/file
	refused -a . -d src/file -- cp --remove-destination build/file src/file
	refused -a . -d src/file -- install build/file src/file
}

test_case siblings "beside what is denied all is as granted"
siblings_body()
{
	project
	set -- -a . -d secrets
	granted "$@" -- sh -c 'mkdir src/new && : >src/new/file'
	rm -rf src/new
	granted "$@" -- sh -c 'mkdir -p src/new/deep && mv src/new src/newer'
	granted "$@" -- cp -a src/sub build/new
	granted "$@" -- mv src/file build/new
	granted "$@" -- find src -mindepth 1 -delete
	granted "$@" -- sh -c 'mkfifo src/pipe && ln -s pipe src/link'
}

test_case two_runs "what one run does opens nothing to the next"
two_runs_body()
{
	home
	attack='cd "$HOME"
		ln .netrc plain/link
		ln -s ../.ssh plain/ssh
		ln -s ../.netrc plain/netrc2
		cp -a .ssh plain/copy
		mv .netrc plain/netrc
		mv .aws plain/aws
		mv .ssh ssh2
		mv .config config2'
	prepare
	sh -e -c "$attack" 2>"$T/err" ||
	    fail "fails outside, too: $(cat "$T/err")"
	cd "$HOME" || atf_fail cd
	for moved in plain/link plain/copy/file plain/netrc plain/aws/file \
	    ssh2/file config2/gh/file; do
		grep -q text $moved || fail "outside: $moved"
	done
	prepare
	"$NONO" -a "$HOME" sh -c "$attack" >out 2>err
	was_run $? -a "$HOME" sh -c "$attack"
	"$NONO" -a "$HOME" grep -rs text "$HOME/.ssh" "$HOME/ssh2" \
	    "$HOME/.aws" "$HOME/plain/aws" "$HOME/.config/gh" \
	    "$HOME/config2" "$HOME/.netrc" "$HOME/plain/netrc" \
	    "$HOME/plain/netrc2" "$HOME/plain/link" "$HOME/plain/ssh/" \
	    "$HOME/plain/copy" >out 2>err
	was_run $? -a "$HOME" grep
	[ ! -s out ] || fail "read: $(cat out)"
	# what did not exist in the first run is denied in the second
	prepare() { :; }
	rm -rf "$HOME/.aws"
	"$NONO" -a "$HOME" mkdir "$HOME/.aws" >out 2>err
	was_run $? -a "$HOME" mkdir
	mkdir -p "$HOME/.aws" && echo text >"$HOME/.aws/file"
	refused -a "$HOME" -- cat "$HOME/.aws/file"
}

#
# Denied by the tables.
#

test_case home_denied "-a ~ leaves credentials denied"
home_denied_body()
{
	home
	for dir in .ssh .aws .config/gh; do
		denied "$HOME/$dir" -- -a "$HOME"
	done
	refused -r "$HOME" -- cat "$HOME/.ssh/file"
	refused -w "$HOME" -- sh -c ': >"$HOME/.ssh/file"'
	refused -w "$HOME" -- sh -c ': >"$HOME/.ssh/new"'
	refused -a / -- cat "$HOME/.ssh/file"
	refused -a "$T" -- cat "$HOME/.ssh/file"
}

test_case home_denied_file "-a ~ leaves files with passwords denied"
home_denied_file_body()
{
	home
	set -- -a "$HOME"
	refused "$@" -- cat "$HOME/.netrc"
	refused "$@" -- sh -c ': >"$HOME/.netrc"'
	refused "$@" -- sh -c ': >>"$HOME/.netrc"'
	refused "$@" -- truncate -s 0 "$HOME/.netrc"
	refused "$@" -- mv "$HOME/.netrc" "$HOME/plain/new"
	refused "$@" -- mv "$HOME/plain/file" "$HOME/.netrc"
	refused "$@" -- ln "$HOME/.netrc" "$HOME/plain/new"
	refused "$@" -- cp "$HOME/.netrc" "$HOME/plain/new"
	refused "$@" -- find "$HOME/.netrc" -delete
}

test_case home_ancestors "directories above credentials cannot be renamed"
home_ancestors_body()
{
	home
	refused -a "$HOME" -- mv "$HOME/.config" "$HOME/.config2"
	refused -a "$HOME" -- mv "$HOME/.config" "$HOME/plain/config"
	refused -a "$HOME" -- mv "$HOME/.config/gh" "$HOME/plain/gh"
	refused -a "$HOME/.config" -- mv "$HOME/.config/gh" "$HOME/.config/g2"
	refused -a "$T" -- mv "$HOME" "$T/home2"
	refused -a "$T" -- cat "$HOME/.ssh/file"
}

test_case home_granted "-a ~ grants the rest of the home"
home_granted_body()
{
	home
	writable "$HOME/plain" -- -a "$HOME"
	writable "$HOME/.sshfoo" -- -a "$HOME"
	writable "$HOME/.config/other" -- -a "$HOME"
	granted -a "$HOME" -- sh -c ': >new'
	granted -a "$HOME" -- mkdir -p new/newer
}

test_case ssh_opened "-r ~/.ssh opens it for reading"
ssh_opened_body()
{
	home
	read_only "$HOME/.ssh" -- -r "$HOME/.ssh"
	read_only "$HOME/.ssh" -- -a "$HOME" -r "$HOME/.ssh"
	writable "$HOME/.ssh" -- -a "$HOME/.ssh"
	writable "$HOME/.ssh" -- -r "$HOME" -a "$HOME/.ssh"
	refused -r "$HOME/.ssh" -- cat "$HOME/.aws/file"
	denied "$HOME/.ssh" -- -a "$HOME" -r "$HOME/.ssh" -d "$HOME/.ssh"
}

test_case known_hosts_opened "-r ~/.ssh/known_hosts opens that one file"
known_hosts_opened_body()
{
	home
	for more in -r -a; do
		set -- $more "$HOME" -r "$HOME/.ssh/known_hosts"
		granted "$@" -- cat "$HOME/.ssh/known_hosts"
		refused "$@" -- sh -c ': >>"$HOME/.ssh/known_hosts"'
		refused "$@" -- cat "$HOME/.ssh/file"
		hidden "$@" -- sh -c 'ls "$HOME/.ssh" | grep -vx known_hosts'
		refused "$@" -- mv "$HOME/.ssh" "$HOME/plain/new"
	done
	set -- -r "$HOME/.ssh/known_hosts"
	granted "$@" -- cat "$HOME/.ssh/known_hosts"
	refused "$@" -- cat "$HOME/.ssh/file"
}

test_case top "credentials atop a granted directory are denied"
top_body()
{
	prepare() {
		rm -rf x
		for _dir in x/.ssh x/.gnupg x/.aws x/.azure x/.kube \
		    x/.config/gcloud x/.config/other x/.password-store \
		    x/sub/.ssh x/.bashrc.d x/plain; do
			mkdir -p $_dir
			echo text >$_dir/file
		done
		echo text >x/.netrc
		echo text >x/.git-credentials
		echo text >x/.bashrc
	}
	setup
	for dir in .ssh .gnupg .aws .azure .kube .config/gcloud \
	    .password-store; do
		refused -a x -- cat x/$dir/file
		refused -r x -- cat x/$dir/file
		refused -a x -- sh -c ': >"$1"' sh x/$dir/new
		refused -a x -- mv x/$dir x/plain/new
	done
	for file in .netrc .git-credentials; do
		refused -a x -- cat x/$file
		refused -a x -- mv x/$file x/plain/new
	done
	refused -a x -- mv x/.config x/config2
	# beneath the top they are not known to be credentials
	granted -a x -- cat x/sub/.ssh/file
	refused -a x -a x/sub -- cat x/sub/.ssh/file
	# and not all that is denied in a home is
	granted -a x -- cat x/.bashrc
	granted -a x -- cat x/.config/other/file
}

test_case top_opened "credentials atop a granted directory can be granted"
top_opened_body()
{
	prepare() {
		mkdir -p x/.ssh x/.aws
		echo text >x/.ssh/file
		echo text >x/.aws/file
	}
	setup
	granted -a x -r x/.ssh -- cat x/.ssh/file
	refused -a x -r x/.ssh -- sh -c ': >x/.ssh/file'
	refused -a x -r x/.ssh -- cat x/.aws/file
	granted -r x/.ssh -a x -- cat x/.ssh/file
}

test_case moved "a variable that moves credentials moves the denial"
moved_body()
{
	home
	set -- -a "$HOME"
	granted "$@" -- cat "$HOME/plain/file"
	for variable in GNUPGHOME DOCKER_CONFIG GH_CONFIG_DIR \
	    AWS_SHARED_CREDENTIALS_FILE; do
		export $variable="$HOME/plain"
		refused "$@" -- cat "$HOME/plain/file"
		refused "$@" -- sh -c ': >"$HOME/plain/new"'
		unset $variable
	done
	export KUBECONFIG="$HOME/none:$HOME/plain/file"
	refused "$@" -- cat "$HOME/plain/file"
	granted "$@" -- sh -c ': >"$HOME/plain/sub/new"'
	granted "$@" -r "$HOME/plain/file" -- cat "$HOME/plain/file"
	export KUBECONFIG="$HOME/plain/file:"
	refused "$@" -- cat "$HOME/plain/file"
	export KUBECONFIG=
	granted "$@" -- cat "$HOME/plain/file"
}

test_case moved_nowhere "a variable with a home or a device denies neither"
moved_nowhere_body()
{
	home
	for variable in GNUPGHOME HISTFILE KUBECONFIG XDG_CONFIG_HOME; do
		for value in / "$HOME" "$T" /tmp "$TMPDIR" /dev/null /no/such \
		    relative ::; do
			export "$variable=$value"
			granted -a "$HOME" -- cat "$HOME/plain/file"
			granted -- sh -c ': >/dev/null && : >"$TMPDIR/new"'
		done
		refused -a "$HOME" -- cat "$HOME/.ssh/file"
		unset $variable
	done
}

test_case config_moved "XDG_CONFIG_HOME moves what is denied beneath ~/.config"
config_moved_body()
{
	more() { mkdir -p "$HOME/conf/gh" && echo text >"$HOME/conf/gh/file"; }
	home
	granted -a "$HOME" -- cat "$HOME/conf/gh/file"
	export XDG_CONFIG_HOME="$HOME/conf"
	refused -a "$HOME" -- cat "$HOME/conf/gh/file"
	refused -a "$HOME" -- mv "$HOME/conf" "$HOME/plain/conf"
	refused -a "$HOME" -- cat "$HOME/.config/gh/file"
	export XDG_CONFIG_HOME=
	refused -a "$HOME" -- cat "$HOME/.config/gh/file"
	granted -a "$HOME" -- cat "$HOME/conf/gh/file"
}

#
# Homes.
#

# The home of the account that the tests run as.
account_home()
{
	awk -F: -v uid="$(id -u)" '$3 == uid { print $6; exit }' /etc/passwd
}

test_case home_elsewhere "the home of the account is one, wherever HOME is"
home_elsewhere_body()
{
	home
	dir=$(account_home)
	if [ -d "$dir" ]; then
		protects "$dir"
	fi
	dry_run "rule: none $HOME/.ssh (table" -a "$HOME"
	refused -a "$HOME" -- cat "$HOME/.config/gh/file"
	prepare() { :; }
	export HOME="$T"
	granted -a "$T/home" -- cat "$T/home/.config/gh/file"
}

test_case home_unset "with HOME unset the home of the account is the home"
home_unset_body()
{
	home
	refused -a "$HOME" -- cat "$HOME/.config/gh/file"
	prepare() { :; }
	dir=$(account_home)
	unset HOME
	granted -a "$T/home" -- cat "$T/home/.config/gh/file"
	if [ -d "$dir" ]; then
		protects "$dir"
		dry_run "rule: read,write $dir (-a)" -a '~'
	else
		status 125 "does not exist" -a '~' true
	fi
	export HOME=
	granted -a "$T/home" -- cat "$T/home/.config/gh/file"
}

test_case other_homes "the homes of other accounts are homes beneath a grant"
other_homes_body()
{
	setup
	own=$(account_home)
	found=0
	while IFS=: read -r _ _ uid _ _ dir _; do
		if [ "$uid" -eq "$(id -u)" ] || [ ! -d "$dir" ] ||
		    [ "$dir" = "$own" ] || [ "$dir" = / ]; then
			continue
		fi
		dir=$(realpath "$dir")
		protects "$dir"
		found=$((found + 1))
		[ $found -lt 3 ] || break
	done </etc/passwd
	[ $found -gt 0 ] || atf_fail "no account with a home"
}

#
# Symbolic links.
#

test_case granted_link "a grant by way of a symbolic link is one on its target"
granted_link_body()
{
	more() {
		ln -sfn "$HOME/project/src" "$T/link"
		ln -sf "$HOME/project/src/file" "$T/filelink"
	}
	project
	granted -r "$T/link" -- cat src/file
	granted -r "$T/link" -- cat "$T/link/file"
	granted -r "$T/link/" -- ls "$T/link/"
	granted -r "$T/link/sub" -- cat src/sub/file
	granted -a "$T/link" -- sh -c ': >src/new'
	granted -r "$T/filelink" -- cat src/file
	refused -r "$T/filelink" -- cat src/second
	refused -r "$T/link" -- cat build/file
	# but none on the link
	refused -a "$T/link" -- find "$T/filelink" -delete
	refused -a "$T/link" -- mv "$T/link" "$T/link2"
}

test_case link_in "a link outside the grants leads to what is granted"
link_in_body()
{
	more() { ln -sfn "$HOME/project/src" "$T/link"; }
	project
	granted -r src -- cat "$T/link/file"
	refused -r src -- sh -c ': >"$1"' sh "$T/link/file"
	granted -a src -- sh -c ': >"$1"' sh "$T/link/new"
	refused -- cat "$T/link/file"
}

test_case link_out "a link in a grant does not lead out of it"
link_out_body()
{
	more() {
		ln -s "$T/outside" src/outside
		ln -s ../build/file src/link
	}
	project
	refused -a src -- cat src/outside/file
	refused -a src -- ls src/outside/
	refused -a src -- sh -c ': >src/outside/file'
	refused -a src -- sh -c ': >src/outside/new'
	refused -a src -- find src/outside/file -delete
	refused -a src -- cat src/link
	refused -a src -- sh -c ': >src/link'
	refused -a src -- sh -c 'ln -s "$1" src/new && cat src/new' sh \
	    "$T/outside/file"
	granted -a src -- readlink src/outside
	granted -a src -- mv src/outside src/new
}

test_case link_to_denied "a link to what is denied does not open it"
link_to_denied_body()
{
	more() {
		ln -s ../secrets src/dir
		ln -s ../secrets/file src/link
		ln -s secrets here
		ln -s secrets/file direct
	}
	project
	set -- -a . -d secrets
	refused "$@" -- cat src/dir/file
	refused "$@" -- cat src/link
	refused "$@" -- cat here/file
	refused "$@" -- cat direct
	refused "$@" -- sh -c ': >direct'
	refused "$@" -- sh -c ': >src/dir/new'
	refused "$@" -- sh -c 'ln -s ../secrets/file src/new; cat src/new'
	set -- -a . -d secrets/file
	refused "$@" -- cat src/link
	refused "$@" -- cat direct
	refused "$@" -- sh -c ': >direct'
	granted "$@" -- cat here/second
}

test_case link_around "a link beside what is denied does not lead around it"
link_around_body()
{
	more() {
		ln -s . here
		ln -s .. up
		ln -s "$T/outside" outside
		ln -s "$T/outside/file" outfile
		ln -s / root
	}
	project
	for denied in secrets secrets/file; do
		set -- -a . -d $denied
		refused "$@" -- cat here/secrets/file
		refused "$@" -- cat here/here/secrets/file
		refused "$@" -- cat up/project/secrets/file
		refused "$@" -- cat "root$PWD/secrets/file"
		refused "$@" -- cat outside/file
		refused "$@" -- cat outfile
		refused "$@" -- sh -c ': >outfile'
		refused "$@" -- ls up/
	done
	granted "$@" -- cat here/src/file
}

test_case denied_link "of a denied link the target is denied, the link stays"
denied_link_body()
{
	more() { ln -s ../secrets src/link; }
	project
	set -- -a . -d src/link
	refused "$@" -- cat secrets/file
	refused "$@" -- cat src/link/file
	hidden "$@" -- ls src/link/
	refused "$@" -- mv secrets new
	refused "$@" -- mv src/link src/new
	refused "$@" -- ln -sfn sub src/link
	refused "$@" -- find src/link -delete
	refused "$@" -- mv src new
	granted "$@" -- cat src/file
	granted "$@" -- sh -c ': >build/new'
	# however its name is typed
	for typed in src/link/ src/link/. src/link/./ src/./link//.// \
	    "$PWD/src/link/."; do
		set -- -a . -d "$typed"
		refused "$@" -- cat secrets/file
		refused "$@" -- mv src/link src/new
		refused "$@" -- ln -sfn sub src/link
		refused "$@" -- find src/link -delete
		granted "$@" -- cat src/file
	done
}

test_case ssh_link "where ~/.ssh is a link, it and its target are denied"
ssh_link_body()
{
	more() {
		mkdir -p "$HOME/keys/other"
		mv "$HOME/.ssh" "$HOME/keys/ssh"
		ln -s keys/ssh "$HOME/.ssh"
		ln -s other "$HOME/keys/link"
		echo text >"$HOME/keys/other/file"
		mv "$HOME/.netrc" "$HOME/plain/netrc"
		ln -s plain/netrc "$HOME/.netrc"
	}
	home
	set -- -a "$HOME"
	refused "$@" -- cat "$HOME/.ssh/file"
	refused "$@" -- cat "$HOME/keys/ssh/file"
	refused "$@" -- sh -c ': >"$HOME/keys/ssh/new"'
	refused "$@" -- mv "$HOME/.ssh" "$HOME/plain/new"
	refused "$@" -- ln -sfn plain "$HOME/.ssh"
	refused "$@" -- find "$HOME/.ssh" -delete
	refused "$@" -- mv "$HOME/keys/ssh" "$HOME/plain/new"
	refused "$@" -- mv "$HOME/keys" "$HOME/plain/new"
	refused "$@" -- cat "$HOME/.netrc"
	refused "$@" -- cat "$HOME/plain/netrc"
	refused "$@" -- ln -sfn "$HOME/plain/file" "$HOME/.netrc"
	granted "$@" -- cat "$HOME/keys/other/file"
	granted "$@" -- cat "$HOME/keys/link/file"
	granted "$@" -r "$HOME/.ssh" -- cat "$HOME/keys/ssh/file"
}

test_case top_link "a denied link to elsewhere is not replaced"
top_link_body()
{
	prepare() {
		rm -rf x
		mkdir -p x/plain "$T/keys"
		echo text >x/plain/file
		echo text >"$T/keys/file"
		ln -s "$T/keys" x/.ssh
	}
	setup
	refused -a x -- cat x/.ssh/file
	refused -a x -- mv x/.ssh x/plain/new
	refused -a x -- mv x/.ssh x/new
	refused -a x -- ln -sfn plain x/.ssh
	refused -a x -- find x/.ssh -delete
	refused -a x -a "$T/keys" -- ln -sfn plain x/.ssh
	granted -a x -- sh -c ': >x/plain/new'
}

test_case hard_links "another name of a denied file does not open its path"
hard_links_body()
{
	more() {
		ln src/file src/alias
		ln src/file src/sub/alias
		ln src/file build/alias
	}
	project
	set -- -a . -d src/file
	refused "$@" -- cat src/file
	refused "$@" -- sh -c ': >src/file'
	granted "$@" -- cat src/second
	set -- -a . -r src/file
	granted "$@" -- cat src/file
	refused "$@" -- sh -c ': >src/file'
	refused "$@" -- sh -c ': >>src/file'
	set -- -d src -r src/alias
	refused "$@" -- cat src/second
}

#
# Limits, and temporary files.
#

test_case devices "-a / opens no devices"
devices_body()
{
	setup
	granted -a / -- sh -c ': >/dev/null'
	granted -a / -- head -c 1 /dev/zero
	dry_run "rule: none /dev (table" -a /
	for device in /dev/kmsg /dev/mem /dev/kvm /dev/fuse /dev/net/tun \
	    /dev/vda /dev/sda /dev/nvme0n1 /dev/loop0 /dev/loop-control; do
		if sh -c ': <"$1"' sh $device 2>/dev/null; then
			refused -a / -- sh -c ': <"$1"' sh $device
			refused -- sh -c ': <"$1"' sh $device
		fi
	done
	if [ -e /dev/kmsg ] || [ -e /dev/vda ] || [ -e /dev/mem ]; then
		! has_view || hidden -a / -- sh -c \
		    'ls /dev/. | grep -x -e kmsg -e vda -e loop0 -e mem'
	fi
}

test_case proc "-a / does not open /proc for writing, -a /proc does"
proc_body()
{
	setup
	granted -- cat /proc/self/comm
	granted -- ls /proc/self/fd
	granted -- ls /sys
	granted -a / -- cat /proc/self/comm
	refused -a / -- sh -c 'echo x >/proc/self/comm'
	refused -- sh -c 'echo x >/proc/self/comm'
	refused -w / -- sh -c 'echo x >/proc/self/comm'
	granted -a /proc -- sh -c 'echo x >/proc/self/comm'
	granted -a / -a /proc -- sh -c 'echo x >/proc/self/comm'
	dry_run "rule: read /sys (table" -a /
}

test_case tmp "/tmp and TMPDIR are granted unless denied"
tmp_body()
{
	setup
	new='f=$(mktemp "$0/nono.XXXXXX") && echo x >"$f" && cat "$f" &&
	    mv "$f" "$f.2" && find "$f.2" -delete'
	for dir in /tmp /var/tmp "$TMPDIR"; do
		granted -- sh -c "$new" "$dir"
		granted -r / -- sh -c "$new" "$dir"
		refused -d "$dir" -- sh -c "$new" "$dir"
		refused -r "$dir" -- sh -c "$new" "$dir"
		refused -d "$dir" -- ls "$dir"
	done
}

# A directory in /tmp, removed when the test ends.
in_tmp()
{
	D=$(mktemp -d /tmp/nono-test.XXXXXX) || atf_fail "no directory in /tmp"
	trap 'rm -rf "$D"' EXIT
	mkdir "$D/.ssh" "$D/secrets" "$D/src"
	for _dir in .ssh secrets src; do
		echo text >"$D/$_dir/file"
	done
}

test_case tmp_lesser "a lesser rule where temporary files are is refused"
tmp_lesser_body()
{
	setup
	in_tmp
	refused -d /tmp -a "$D" -d "$D/secrets" -- cat "$D/secrets/file"
	granted -d /tmp -a "$D" -d "$D/secrets" -- cat "$D/src/file"
	if has_view; then
		refused -d "$D/secrets" -- cat "$D/secrets/file"
		refused -a "$D" -d "$D/secrets" -- cat "$D/secrets/file"
		refused -r "$D/src" -- sh -c ': >"$0/src/new"' "$D"
		granted -r "$D/src" -- cat "$D/src/file"
		return
	fi
	status 125 "$D/secrets: no lesser rights" -d "$D/secrets" true
	status 125 "-d /tmp" -d "$D/secrets" true
	status 125 "$D/secrets: no lesser rights" -a "$D" -d "$D/secrets" true
	status 125 "$D/src: no lesser rights" -r "$D/src" true
	mkdir "$TMPDIR/secrets"
	status 125 "$TMPDIR/secrets: no lesser rights" \
	    -d "$TMPDIR/secrets" true
	# the whole of it can be denied, and opened in part
	granted -d /tmp -a "$D/src" -- sh -c ': >"$0/src/new"' "$D"
	refused -d /tmp -a "$D/src" -- cat "$D/secrets/file"
	refused -d /tmp -a "$D" -d "$D/secrets" -- cat "$D/secrets/file"
	granted -d /tmp -a "$D" -d "$D/secrets" -- cat "$D/src/file"
}

test_case tmp_denied "what a table denies in /tmp is left open with a warning"
tmp_denied_body()
{
	setup
	in_tmp
	if has_view; then
		refused -a "$D" -- cat "$D/.ssh/file"
		[ "$(grep -c '^nono: ' err)" -eq 0 ] || fail "$(cat err)"
		return
	fi
	granted -a "$D" -- cat "$D/.ssh/file"
	grep -q "^nono: warning: .*$D/.ssh" err ||
	    fail "no warning: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
	granted -s -a "$D" -- cat "$D/.ssh/file"
	[ ! -s err ] || fail "in spite of -s: $(cat err)"
	refused -d /tmp -a "$D" -- cat "$D/.ssh/file"
}

test_case tmpdir "a TMPDIR of its own is granted"
tmpdir_body()
{
	setup
	new='f=$(mktemp "$0/XXXXXX") && find "$f" -delete'
	mkdir "$T/own"
	refused -- sh -c "$new" "$T/own"
	TMPDIR="$T/own" granted -- sh -c "$new" "$T/own"
	[ ! -s err ] || fail "says: $(cat err)"
	for none in "$T/none" "$T" "" relative; do
		export TMPDIR="$none"
		"$NONO" true 2>err || fail "TMPDIR=$none: $(cat err)"
	done
	echo text >file
	export TMPDIR="$PWD/file"
	refused -- sh -c ': >file'
}

test_case tmpdir_holds "a TMPDIR above a home or the project is not granted"
tmpdir_holds_body()
{
	setup
	mkdir -p "$T/elsewhere/project"
	echo text >"$T/elsewhere/file"
	echo text >"$HOME/file"
	cd "$T/elsewhere/project" || atf_fail "cd"
	for dir in / "$T" "$HOME" "$T/elsewhere" "$HOME/.//"; do
		export TMPDIR="$dir"
		refused -- sh -c ': >"$HOME/file"'
		refused -- sh -c ': >../file'
		"$NONO" true 2>err || fail "TMPDIR=$dir: $(cat err)"
		grep -q '^nono: warning: TMPDIR: /' err ||
		    fail "TMPDIR=$dir: no warning: $(cat err)"
		forget_tmp
		[ "$(wc -l <err)" -eq 1 ] || fail "says: $(cat err)"
	done
	# what the user grants, though, is granted
	granted -a "$HOME" -- sh -c ': >"$HOME/file"'
}

# Kept as they are written: the last name of a path may be none.
test_case moved_written "a moved variable may end in a slash or a dot"
moved_written_body()
{
	home
	for how in view carve; do
		[ $how = view ] || as_if deny unshare EPERM
		for value in "$HOME/plain/." "$HOME/plain/" "$HOME/plain//" \
		    "$HOME/plain/./." "$HOME/plain/sub/.." \
		    "$HOME/plain/sub/../." "$HOME/./plain/.//" \
		    ../plain ../plain/ ../plain/.; do
			for variable in GNUPGHOME DOCKER_CONFIG; do
				export $variable="$value"
				refused -s -r "$HOME" -- cat "$HOME/plain/file"
				refused -s -a "$HOME" -- \
				    sh -c 'echo x >>"$HOME/plain/file"'
				refused -s -a "$HOME" -- \
				    mv "$HOME/plain" "$HOME/new"
				unset $variable
			done
		done
	done
}
