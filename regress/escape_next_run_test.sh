#! /usr/bin/env -S atf-sh -s /bin/sh
# Escapes in two runs: what is left behind for whoever comes next.  That
# nothing above a lesser rule is renamed is in view_test.sh and policy_test.sh.
#
# shellcheck disable=SC2016,SC2088	# for the inner shell, and for nono

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

LATER="it there: a"

# leaves LINK TARGET: a first run makes a link in the project.
leaves()
{
	rm -f "$1"
	"$NONO" -a . -- ln -s "$2" "$1" || fail "no link $1"
}

test_case link "a link that is left where the next run grants something"
link_body()
{
	setup
	mkdir "$HOME/.ssh" other
	echo secret >"$HOME/.ssh/id"
	for target in "$HOME/.ssh" ../.ssh ../../home/.ssh ../.ssh/id; do
		leaves put "$target"
		for option in -a -r -w; do
			status 125 "symbolic link $PWD/put to $HOME/.ssh" \
			    $option put cat "$HOME/.ssh/id"
			status 125 "symbolic link " -a . $option ./put \
			    cat "$HOME/.ssh/id"
			status 125 "symbolic link " $option "$PWD/put" \
			    cat "$HOME/.ssh/id"
			status 125 "symbolic link " \
			    $option "~/project/put" cat "$HOME/.ssh/id"
		done
	done
	for target in "$HOME" .. / /. "$HOME/project/.." /proc /proc/sys /dev; do
		leaves put "$target"
		status 125 "symbolic link $PWD/put to /" -a put true
		status 125 "symbolic link $PWD/put to /" -w ./put/ true
	done
	# on the way, and by another link
	leaves put "$HOME"
	status 125 "symbolic link $PWD/put to " -r put/.ssh true
	leaves second put
	status 125 "symbolic link $PWD/second to " -r second/.ssh true
	# by its own name it is granted
	granted -r "$HOME/.ssh" -- cat "$HOME/.ssh/id"
	granted -r ~/.ssh -- cat "$HOME/.ssh/id"
	granted -r ../.ssh -- cat "$HOME/.ssh/id"
	granted -r ../project/../.ssh/./id -- cat "$HOME/.ssh/id"
	# and so is what a link of the user's leads to, and one denied itself
	leaves put other
	granted -a put -- sh -c ': >other/new'
	mv "$HOME/.ssh" "$HOME/keys"
	ln -s keys "$HOME/.ssh"
	granted -r "~/.ssh" -- cat "$HOME/.ssh/id"
	granted -r "$HOME/.ssh/id" -- cat "$HOME/keys/id"
	granted -d put -- true
}

test_case link_deleted "the same, from a working directory that is gone"
link_deleted_body()
{
	setup
	mkdir -p "$HOME/.ssh" "$HOME/plain" "$HOME/real" "$T/gone"
	echo secret | tee "$HOME/.ssh/id" "$HOME/real/file" >/dev/null
	ln -s "$HOME/.ssh" "$HOME/plain/put"
	ln -s "$HOME/real" "$HOME/plain/link"
	ln -s / "$HOME/plain/root"
	serve_unix stream "$HOME/.ssh/s"
	cd "$T/gone" && rmdir "$T/gone" || atf_fail "cannot go away"
	# the tests' own files cannot be there
	try()
	{
		_text=$1
		shift
		"$NONO" "$@" >"$T/out" 2>"$T/err"
		_got=$?
		[ $_got -eq 125 ] && [ ! -s "$T/out" ] ||
		    fail "exit $_got: nono $*: $(cat "$T/out" "$T/err")"
		grep -q "$_text" "$T/err" || fail "nono $*: $(cat "$T/err")"
	}
	for option in -a -r -w; do
		try "symbolic link $HOME/plain/put to $HOME/.ssh" \
		    $option "$HOME/plain/put" -- cat "$HOME/.ssh/id"
		try "symbolic link $HOME/plain/put to " \
		    $option "$HOME/plain/put/id" -- cat "$HOME/.ssh/id"
		try "symbolic link $HOME/plain/root to /" \
		    $option "$HOME/plain/root" -- cat "$HOME/.ssh/id"
	done
	try "symbolic link $HOME/plain/put to $HOME/.ssh" \
	    -u "$HOME/plain/put/s" -- true
	# what there is no harm in is granted from there
	"$NONO" -r "$HOME/plain/link" -- cat "$HOME/real/file" >"$T/out" \
	    2>"$T/err" || fail "$(cat "$T/err")"
	[ "$(cat "$T/out")" = secret ] || fail "$(cat "$T/out" "$T/err")"
	cd "$HOME" || atf_fail cd
	stop
}

# earlier command ...: what a run with the home granted has done.  Where it
# carves, nothing is made in the home; but there may have been a view then.
earlier()
{
	if has_view; then
		"$NONO" -s -a "$HOME" -- "$@" 2>err ||
		    fail "an earlier run cannot: $*: $(cat err)"
	else
		"$@" || fail "cannot: $*"
	fi
}

# warns PATH LINK TARGET [argument ...]: of what is not granted, once.
warns()
{
	_warning="nono: warning: $1: not granted, for it leads by the symbolic link $2 to $3; "
	shift 3
	"$NONO" "$@" true >out 2>err || fail "nono $*: $(cat err)"
	[ "$(grep -cF "$_warning" err)" -eq 1 ] ||
	    fail "nono $*: does not warn: $(cat err)"
}

test_case link_table "a link that is left where the tables grant something"
link_table_body()
{
	prepare() {
		mkdir -p "$HOME/.ssh" "$HOME/.gnupg/keys" "$HOME/.aws/lib"
		for _file in .ssh/id .gnupg/keys/key .aws/lib/key; do
			echo secret >"$HOME/$_file"
		done
	}
	setup
	mkdir -p "$HOME/go" "$HOME/.local/lib"
	echo 'echo text' >"$HOME/go/file"
	earlier ln -s .ssh/id "$HOME/.gitignore_global"
	earlier mv "$HOME/go" "$HOME/go.old"
	earlier ln -s .gnupg/keys "$HOME/go"
	earlier ln -s "$HOME" "$HOME/.pyenv"
	earlier ln -s / "$HOME/.cargo"
	# by two links, and one above
	earlier mv "$HOME/.local" "$HOME/local.old"
	earlier ln -s local.new "$HOME/.local"
	earlier mkdir "$HOME/local.new"
	earlier ln -s ../.aws/lib "$HOME/local.new/lib"
	for rules in "" "-r ." "-a ." "-r $HOME" "-a $HOME"; do
		# shellcheck disable=SC2086	# words
		set -- $rules
		for path in .ssh/id .gitignore_global .gnupg/keys/key go/key \
		    .aws/lib/key .local/lib/key; do
			refused -s "$@" -- cat "$HOME/$path"
			refused -s "$@" -- sh -c 'echo evil >"$0"' "$HOME/$path"
			refused -s "$@" -- sh -c 'echo evil >>"$0"' \
			    "$HOME/$path"
		done
		refused -s "$@" -- ls "$HOME/go/"
		refused -s "$@" -- sh -c ': >"$0"/new' "$HOME/go"
		refused -s "$@" -- find "$HOME/.gnupg/keys/new" -delete
		: >"$HOME/.gnupg/keys/new"
		warns "$HOME/.gitignore_global" "$HOME/.gitignore_global" \
		    "$HOME/.ssh/id" "$@"
		warns "$HOME/go" "$HOME/go" "$HOME/.gnupg/keys" "$@"
		warns "$HOME/.pyenv" "$HOME/.pyenv" "$HOME" "$@"
		warns "$HOME/.cargo" "$HOME/.cargo" / "$@"
		warns "$HOME/.local/lib" "$HOME/.local" "$HOME/.aws/lib" "$@"
	done
	# the home and all else are not granted, either
	echo text >"$HOME/file"
	refused -s -a . -- cat "$HOME/file"
	refused -s -a . -- cat "$HOME/.cargo$HOME/file"
	# what is meant, is granted
	granted -r "$HOME/.ssh/id" -- cat "$HOME/.ssh/id"
}

test_case link_table_meant "where that leads to nothing private, it is granted"
link_table_meant_body()
{
	setup
	mkdir -p "$HOME/dotfiles" "$T/elsewhere/go"
	echo text | tee "$HOME/dotfiles/gitconfig" "$T/elsewhere/go/file" \
	    >/dev/null
	refused -- cat "$HOME/dotfiles/gitconfig"
	refused -- cat "$T/elsewhere/go/file"
	ln -s dotfiles/gitconfig "$HOME/.gitconfig"
	ln -s "$T/elsewhere" "$HOME/elsewhere"
	ln -s elsewhere/go "$HOME/go"
	for rules in "" "-a ." "-r $HOME" "-a $HOME"; do
		for path in .gitconfig dotfiles/gitconfig go/file; do
			# shellcheck disable=SC2086	# words
			granted $rules -- cat "$HOME/$path"
			[ ! -s err ] || fail "$rules: $(cat err)"
		done
		# to be read only
		# shellcheck disable=SC2086	# words
		refused $rules -- sh -c 'echo x >>"$HOME/go/file"'
	done
}

test_case link_tmpdir "a link that is left where TMPDIR is"
link_tmpdir_body()
{
	prepare() {
		mkdir -p "$HOME/.gnupg/keys" "$HOME/docs"
		echo text | tee "$HOME/.gnupg/keys/key" "$HOME/docs/key" \
		    >/dev/null
	}
	setup
	own=$(mktemp -d /tmp/nono-test.XXXXXX) || atf_fail "no directory"
	# shellcheck disable=SC2064	# this one
	trap "rm -rf $own $own.old" EXIT
	for dir in "$own" "$PWD/tmp"; do
		for target in "$HOME/docs" "$HOME/.gnupg/keys"; do
			rm -rf "$dir" "$dir.old"
			mkdir -m 700 "$dir"
			export TMPDIR="$dir"
			granted -a . -- sh -c ': >"$TMPDIR/new"'
			[ ! -s err ] || fail "$dir: $(cat err)"
			granted -a . -- sh -c 'mv "$0" "$0.old" &&
			    ln -s "$1" "$0"' "$dir" "$target"
			for rules in "" "-a ." "-r ."; do
				# shellcheck disable=SC2086	# words
				set -- $rules
				refused -s "$@" -- cat "$target/key"
				refused -s "$@" -- cat "$dir/key"
				refused -s "$@" -- sh -c 'echo evil >"$0"' \
				    "$dir/key"
				refused -s "$@" -- sh -c ': >"$0"' \
				    "$target/new"
				refused -s "$@" -- sh -c 'f=$(mktemp) &&
				    case $f in "$0"/*) ;; *) exit 1 ;; esac' \
				    "$dir"
				warns "$dir" "$dir" "$target" "$@"
			done
		done
	done
	# what the user grants is
	granted -a "$target" -- sh -c 'f=$(mktemp) && : >"$f"'
}

# kept FILE OPTIONS command ...: the command, which takes a link away on the way
# to FILE, fails; and the next run does not open FILE, or not for writing where
# it is READABLE.
kept()
{
	_file=$1 _options=$2
	shift 2
	# shellcheck disable=SC2086	# words
	refused -s $_options -- "$@"
	mv err refused
	for _act in 'cat "$0"' 'echo evil >>"$0"'; do
		[ -z "${READABLE-}" ] || [ "$_act" != 'cat "$0"' ] || continue
		# shellcheck disable=SC2086	# words
		"$NONO" -s $_options -- sh -c "$_act" "$_file" >out 2>err
		_got=$?
		was_run $_got "$_options" "$_act"
		[ $_got -ne 0 ] && [ ! -s out ] ||
		    fail "after $*: nono $_options: $_act: $(cat out)"
	done
	[ "$(cat "$_file")" = secret ] || fail "$_file: $(cat "$_file")"
}

# kept_link FILE OPTIONS LINK: the same of each way to take that link away.
kept_link()
{
	for _way in 'mv "$0" "$1/new"' 'mv "$0" "$0.new"' \
	    'mv -T "$1/other" "$0"' 'ln -sfn "$1/other" "$0"' \
	    'find "$0" -delete'; do
		kept "$1" "$2" sh -c "$_way" "$3" "$T/base"
		! has_view || grep -q 'resource busy' refused ||
		    fail "nono $2: $_way: $3: $(cat refused)"
	done
}

test_case link_moved "a link on the way to what the tables deny is moved away"
link_moved_body()
{
	prepare() {
		rm -rf "$T/base"
		mkdir -p "$T/base/dot/config/gcloud" "$T/base/dot/config/nono" \
		    "$T/base/links" "$T/base/real/ssh" "$T/base/store/gp" \
		    "$T/base/x"
		ln -s dot/config "$T/base/.config"
		# by one that lies elsewhere
		ln -s links/ssh "$T/base/.ssh"
		ln -s ../real/ssh "$T/base/links/ssh"
		ln -s links/gp "$T/base/gp"
		ln -s ../store/gp "$T/base/links/gp"
		ln -s x "$T/base/other"
		for _secret in dot/config/gcloud/key real/ssh/key store/gp/key; do
			echo secret >"$T/base/$_secret"
		done
	}
	setup
	export HOME="$T/base"
	for options in "-a $HOME" "-a / -a ." "-a $T"; do
		for link in .ssh links/ssh; do
			kept_link "$HOME/real/ssh/key" "$options" "$HOME/$link"
		done
		kept_link "$HOME/dot/config/gcloud/key" "$options" "$HOME/.config"
		for dir in dot real links; do
			kept "$HOME/real/ssh/key" "$options" \
			    mv "$HOME/$dir" "$HOME/new"
		done
		export GNUPGHOME="$HOME/gp"
		for link in gp links/gp; do
			kept_link "$HOME/store/gp/key" "$options" "$HOME/$link"
		done
		kept "$HOME/store/gp/key" "$options" \
		    mv "$HOME/store" "$HOME/new"
		unset GNUPGHOME
	done
	# links that lead to nothing of that may go
	! has_view || granted -a "$HOME" -- mv "$HOME/other" "$HOME/new"
	! has_view || granted -a "$HOME" -- mv "$HOME/gp" "$HOME/new"
}

test_case link_home "a link on the way to the home is moved away"
link_home_body()
{
	prepare() {
		rm -rf "$T/base"
		mkdir -p "$T/base/disk/home/.ssh" "$T/base/links" "$T/base/x"
		echo secret >"$T/base/disk/home/.ssh/key"
		ln -s links/user "$T/base/user"
		ln -s ../disk/home "$T/base/links/user"
		ln -s x "$T/base/other"
	}
	setup
	export HOME="$T/base/user"
	for options in "-a $T/base" "-a / -a ."; do
		for link in user links/user; do
			kept_link "$T/base/disk/home/.ssh/key" "$options" \
			    "$T/base/$link"
		done
		for dir in disk disk/home links; do
			kept "$T/base/disk/home/.ssh/key" "$options" \
			    mv "$T/base/$dir" "$T/base/new"
		done
	done
}

test_case link_option "a link on the way to what an option denies is moved away"
link_option_body()
{
	prepare() {
		rm -rf "$T/base"
		mkdir -p "$T/base/data/secrets" "$T/base/pk/real" \
		    "$T/base/links" "$T/base/x"
		ln -s links/d "$T/base/d"
		ln -s ../data "$T/base/links/d"
		ln -s links/pk "$T/base/v"
		ln -s ../pk "$T/base/links/pk"
		ln -s real "$T/base/pk/hooks"
		ln -s x "$T/base/other"
		echo secret | tee "$T/base/data/secrets/key" \
		    "$T/base/pk/real/key" >/dev/null
	}
	setup
	for base in "$T/base" ../../base "~/../base"; do
		options="-a $base -d $base/d/secrets"
		for link in d links/d; do
			kept_link "$T/base/data/secrets/key" "$options" \
			    "$T/base/$link"
		done
		kept "$T/base/data/secrets/key" "$options" \
		    mv "$T/base/data" "$T/base/new"
		options="-a $base -r $base/v/hooks"
		READABLE=yes
		for link in v links/pk pk/hooks; do
			kept_link "$T/base/pk/real/key" "$options" \
			    "$T/base/$link"
		done
		kept "$T/base/pk/real/key" "$options" \
		    mv "$T/base/pk" "$T/base/new"
		READABLE=
	done
	# a grant by a link leaves that as it is
	! has_view || granted -a "$T/base" -a "$T/base/d/secrets" -- \
	    mv "$T/base/d" "$T/base/new"
}

test_case link_profile "a link on the way to the profiles is moved away"
link_profile_body()
{
	prepare() {
		rm -rf "$HOME/.config" "$HOME/dot" "$HOME/links"
		mkdir -p "$HOME/dot/config/nono" "$HOME/links" "$HOME/.ssh"
		ln -s links/config "$HOME/.config"
		ln -s ../dot/config "$HOME/links/config"
		echo secret >"$HOME/.ssh/key"
	}
	setup
	refused -a . -- cat "$HOME/.ssh/key"
	for link in .config links/config; do
		set -- sh -e -c 'cd ~/links && rm -rf evil away && mkdir -p evil/nono
		    echo "allow ~/.ssh" >evil/nono/cat
		    mv ~/"$0" away
		    ln -s ~/links/evil ~/"$0"' $link
		# as it would be, if that could be done inside
		prepare
		"$@" || atf_fail "cannot"
		"$NONO" -a . cat "$HOME/.ssh/key" >out 2>err ||
		    fail "nothing to plant: $(cat err)"
		refused -s -x rm -a "$HOME" -- "$@"
		! has_view || grep -q 'resource busy' err || fail "$(cat err)"
		"$NONO" -s -a . cat "$HOME/.ssh/key" >out 2>err
		was_run $? cat
		[ ! -s out ] || fail "planted: $(cat out)"
	done
}

test_case link_read "a link in a directory that the tables let be read"
link_read_body()
{
	setup
	mkdir -p "$HOME/.ssh" "$HOME/go/src/proj" "$HOME/plain"
	echo secret | tee "$HOME/.ssh/id" "$HOME/plain/file" >/dev/null
	cd "$HOME/go/src/proj" || atf_fail cd
	for target in "$HOME/.ssh" "$HOME"; do
		leaves data "$target"
		[ -n "$(ls data/)" ] || atf_fail "no way"
		for option in -a -r -w; do
			status 125 "symbolic link $PWD/data to $target" \
			    $option data cat "$HOME/.ssh/id"
			status 125 "symbolic link $PWD/data to $target" \
			    -a . $option "$PWD/data" cat "$HOME/.ssh/id"
		done
	done
	leaves data "$HOME/plain"
	granted -r data -- cat "$HOME/plain/file"
}

# Links that no command of this user has made.
test_case link_of_root "links of root are followed where nobody else makes any"
link_of_root_body()
{
	setup
	if ! is_root; then
		[ ! -L /dev/fd ] || granted -s -r /dev/fd -- true
		return
	fi
	case ${NONO_UNDER-} in
	# in a namespace with one user nobody can be seen to be root
	*" nested "*) return ;;
	esac
	mkdir -p "$T/system" "$T/open" "$T/sticky" "$T/user/.ssh"
	chmod 777 "$T/open"
	chmod 1777 "$T/sticky"
	echo text | tee "$T/user/file" "$T/user/.ssh/id" >/dev/null
	chown -R nobody "$T/user" "$HOME"
	for dir in system open sticky; do
		ln -s "$T/user" "$T/$dir/home"
		ln -s "$T/user/.ssh" "$T/$dir/ssh"
	done
	ln -s "$T/user" "$T/system/own"
	chown -h nobody "$T/system/own"
	printf '#! /bin/sh\nexec setpriv --reuid nobody --regid %s --clear-groups %s "$@"\n' \
	    "$(id -g nobody)" "$NONO" >"$T/nono"
	chmod 755 "$T/nono"
	"$NONO" -s true || atf_fail "nono fails"
	NONO=$T/nono
	export HOME="$T/user"
	# TMPDIR is not theirs
	unset TMPDIR
	refused -- cat "$T/user/file"
	granted -r "$T/system/home" -- cat "$T/user/file"
	granted -r "$T/system/ssh" -- cat "$T/user/.ssh/id"
	refused -r "$T/system/home" -- cat "$T/user/.ssh/id"
	for link in open/home sticky/home system/own; do
		status 125 "symbolic link $T/$link to $T/user" \
		    -r "$T/$link" cat "$T/user/file"
	done
	for link in open/ssh sticky/ssh system/own/.ssh; do
		status 125 "symbolic link $T/${link%/.ssh} to $T/user/.ssh" \
		    -r "$T/$link" cat "$T/user/.ssh/id"
	done
}

test_case link_other_home "a link to the home of another account"
link_other_home_body()
{
	setup
	mkdir -p "$T/other/.local" "$T/not"
	echo text | tee "$T/other/file" "$T/not/file" >/dev/null
	own=$(id -u)
	# in a namespace with one user all the others are one
	case ${NONO_UNDER-} in
	*" nested "*) : >"$T/accounts" ;;
	*)	cp /etc/passwd "$T/accounts" ;;
	esac
	while IFS=: read -r _ _ uid _ _ home _; do
		[ "$uid" != "$own" ] && [ "$home" != / ] && [ ! -L "$home" ] &&
		    [ "$(stat -c %u "$home" 2>/dev/null)" = "$uid" ] || continue
		leaves put "$home"
		status 125 "symbolic link $PWD/put to $home" -r put true
	done <"$T/accounts"
	# one of an account that is made here, which is its user's own
	{
		cat /etc/passwd
		echo "other:x:0:0::$T/other:/bin/sh"
		echo "not:x:12345:12345::$T/not:/bin/sh"
	} >"$T/passwd"
	within "mount --bind '$T/passwd' /etc/passwd"
	for target in "$T/other" ../../other "$T/other/.local/.." "$T"; do
		leaves put "$target"
		for option in -a -r -w; do
			status 125 "symbolic link $PWD/put to $T" \
			    $option put cat "$T/other/file"
			status 125 "symbolic link $PWD/put to $T" \
			    -a . $option ./put cat "$T/other/file"
		done
	done
	granted -r "$T/other" -- cat "$T/other/file"
	# somebody else's directory, whatever that file says
	leaves put "$T/not"
	granted -r put -- cat "$T/not/file"
}

# Of the names that the tables deny in /tmp anybody can make any.
test_case link_shared "a link in /tmp to what the next run needs"
link_shared_body()
{
	setup
	echo text >file
	within "mount -t tmpfs -o mode=1777 tmpfs /tmp
	    mkdir -m 700 /tmp/ssh-real /tmp/tmux-$(id -u)
	    echo secret >/tmp/ssh-real/file"
	for target in /etc /usr "$PWD" "$HOME" / "$PWD/file"; do
		for name in ssh-x krb5cc_x dbus-x; do
			"$T/within" sh -c '
				"$0" -s -r . -- ln -s "$1" "/tmp/$2" &&
				[ -L "/tmp/$2" ] &&
				exec "$0" -s -a . -- sh -c "cat /etc/passwd file >out &&
				    ls /usr >out2 && echo new >new"
			' "${_nono:?}" "$target" $name 2>err ||
			    fail "$name to $target: $(cat err)"
			grep -q text out && [ -s out2 ] || fail "$name: $(cat out)"
		done
	done
	! has_view || hidden -s -- cat /tmp/ssh-real/file
}

test_case link_socket "a link that is left where the next run opens a socket"
link_socket_body()
{
	setup
	mkdir "$HOME/.gnupg"
	serve_unix stream "$HOME/.gnupg/agent"
	leaves s "$HOME/.gnupg/agent"
	[ "$("$PROBE" unix-connect stream s)" = ok ] || atf_fail "outside"
	status 125 "symbolic link " -u s "$PROBE" unix-connect stream s
	status 125 "symbolic link " -u ./s -a . true
	# not another error
	! tells_sockets || granted -u "$HOME/.gnupg/agent" -- true
	stop
}

test_case link_elsewhere "the same, to another project"
link_elsewhere_body()
{
	setup
	mkdir "$HOME/other"
	echo text >"$HOME/other/file"
	leaves put "$HOME/other"
	remains "CAVEATS" "lies, it may have made a symbolic link of it" \
	    -a ./put -- sh -c 'echo evil >"$HOME/other/file"'
}

# plants TEXT FILE ...: where it exists it cannot be changed or replaced.
plants()
{
	_text=$1
	shift
	for _file; do
		_dir=$(dirname "$_file")
		prepare() { mkdir -p "$_dir"; echo mine >"$_file"; }
		for _act in 'echo evil >"$0"' 'echo evil >>"$0"' \
		    'echo evil >new && mv -f new "$0"' 'ln -sf new "$0"' \
		    'mv "$0" new' 'find "$0" -delete' \
		    'cd "${0%/*}" && echo evil >"${0##*/}"'; do
			refused -s -a "$HOME" -- sh -c "$_act" "$_file"
			refused -s -a / -- sh -c "$_act" "$_file"
			grep -q mine "$_file" || fail "$_act: $_file"
		done
	done
}

test_case profile "a profile of nono"
profile_body()
{
	setup
	plants evil "$HOME/.config/nono/npm" "$HOME/.config/nono/default"
	refused -s -a "$HOME" -- sh -c 'echo evil >"$HOME/.config/nono/new"'
	refused -s -a "$HOME" -- mv "$HOME/.config/nono" "$HOME/new"
	refused -s -a "$HOME" -- mv "$HOME/.config" "$HOME/new"
	# where XDG_CONFIG_HOME has moved them to, be that the home itself
	mkdir "$HOME/plain"
	echo old >"$HOME/plain/file"
	for config in "$HOME" "$HOME/." "$T" "$HOME/conf"; do
		mkdir -p "$config/nono"
		prepare() { :; }
		granted -s -a "$config" -- sh -c 'echo good >"$0/nono/new"' \
		    "$config"
		export XDG_CONFIG_HOME="$config"
		plants evil "$config/nono/npm" "$config/nono/default"
		refused -s -a "$config" -- sh -c 'echo evil >"$0/nono/new"' \
		    "$config"
		refused -s -a "$config" -- mv "$config/nono" "$config/new"
		# and nothing else of the home
		granted -s -a "$HOME" -- sh -c 'echo good >"$HOME/plain/file"'
		unset XDG_CONFIG_HOME
		rm -rf "$config/nono" "$config/new"
	done
}

test_case profile_absent "the same, where there is none yet"
profile_absent_body()
{
	setup
	prepare() { rm -rf "$HOME/.config"; }
	remains "CAVEATS" "A path that the tables deny and that does not exist" \
	    -a "$HOME" -- sh -c 'mkdir -p "$HOME/.config/nono" &&
	    echo evil >"$HOME/.config/nono/npm"'
}

test_case rc_file "a start-up file of the shell"
rc_file_body()
{
	setup
	for name in .bashrc .profile .zshrc .config/fish/config.fish \
	    .config/autostart/x.desktop .config/systemd/user/x.service; do
		plants evil "$HOME/$name"
		rm -rf "$HOME/.config"
	done
}

test_case rc_file_absent "the same, where there is none yet"
rc_file_absent_body()
{
	setup
	prepare() { rm -f "$HOME/.bashrc"; }
	remains "CAVEATS" "A path that the tables deny and that does not exist" \
	    -a "$HOME" -- sh -c 'echo evil >"$HOME/.bashrc"'
}

# A repository whose next commit runs what is planted.
repository()
{
	setup
	needs git
	export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=me GIT_AUTHOR_EMAIL=me@x \
	    GIT_COMMITTER_NAME=me GIT_COMMITTER_EMAIL=me@x
	prepare() {
		rm -rf .git ran
		git init -q . && mkdir -p .git/hooks
	}
	prepare
	printf '#!/bin/sh\n: >ran\n' >"$HOME/hook"
	chmod 755 "$HOME/hook"
}

commits()
{
	rm -f ran
	git commit -q --allow-empty -m x 2>/dev/null
	[ -e ran ]
}

HOOK='cp "$HOME/hook" .git/hooks/pre-commit'

test_case git_hook "a hook of git in the project"
git_hook_body()
{
	repository
	sh -c "$HOOK"
	commits || atf_fail "the hook is not run"
	refused -s -a . -r .git/hooks -r ~/hook -- sh -c "$HOOK"
	! commits || atf_fail "run, though read-only"
	remains "SECURITY CONSIDERATIONS" "$LATER" \
	    -a . -r ~/hook -- sh -c "$HOOK"
}

test_case git_config ".git/config in the project"
git_config_body()
{
	repository
	set -- git config core.fsmonitor 'touch ran; false'
	"$@" && git status >/dev/null 2>&1
	[ -e ran ] || atf_fail "the setting is not used"
	refused -s -a . -r .git/config -- "$@"
	remains "SECURITY CONSIDERATIONS" "$LATER" -a . -- "$@"
}

test_case envrc ".envrc in the project"
envrc_body()
{
	setup
	echo mine >.envrc
	refused -s -a . -r .envrc -- sh -c 'echo evil >.envrc'
	refused -s -a . -r .envrc -- sh -c 'echo evil >new && mv new .envrc'
	remains "SECURITY CONSIDERATIONS" "$LATER" \
	    -a . -- sh -c 'echo evil >.envrc'
}

test_case editor "settings of an editor in the project"
editor_body()
{
	setup
	prepare() {
		find new -delete 2>/dev/null
		mkdir -p .vscode
		echo mine >.vscode/tasks.json
	}
	prepare
	refused -s -a . -r .vscode -- sh -c 'echo evil >.vscode/tasks.json'
	refused -s -a . -r .vscode -- mv .vscode new
	remains "SECURITY CONSIDERATIONS" "$LATER" \
	    -a . -- sh -c 'echo evil >.vscode/tasks.json'
}

# A nono in the home, from where NONO is run.
installed()
{
	setup
	prepare() {
		find "$HOME/bin" "$HOME/bin2" "$HOME/new" -delete 2>/dev/null
		mkdir -p "$HOME/bin"
		cp "$NONO_REAL" "$HOME/bin/nono"
		cp "$(dirname "$NONO_REAL")/nono-learn" "$HOME/bin"
	}
	prepare
	printf '#! /bin/sh\nexec %s "%s" "$@"\n' "${NONO_UNDER-}" \
	    "$HOME/bin/nono" >"$T/nono"
	chmod 755 "$T/nono"
	NONO=$T/nono
}

test_case itself "the file of nono itself in the home"
itself_body()
{
	installed
	if ! has_view; then
		refused -a . -- sh -c ': >"$HOME/bin/nono"'
		remains "SECURITY CONSIDERATIONS" \
		    "itself among them where there is no private view." \
		    -a "$HOME" -- sh -c 'find "$HOME/bin/nono" -delete &&
		    cp /bin/true "$HOME/bin/nono"'
	fi
	for act in ': >"$HOME/bin/nono"' 'cp /bin/true "$HOME/bin/nono"' \
	    'cp /bin/true new && mv new "$HOME/bin/nono"' \
	    'ln -sf /bin/true "$HOME/bin/nono"' 'chmod 777 "$HOME/bin/nono"' \
	    'mv "$HOME/bin" "$HOME/bin2"' 'find "$HOME/bin/nono" -delete' \
	    'truncate -s 0 "$HOME/bin/nono"'; do
		for top in "$HOME" "$HOME/bin" "$T" /; do
			refused -s -a "$top" -a . -- sh -c "$act"
			cmp "$NONO_REAL" "$HOME/bin/nono" || fail "$act"
		done
	done
	# where it may not be read, too; and what it executes to learn
	for act in 'cat /bin/true >"$HOME/bin/nono"' \
	    'cp /bin/true new && mv -f new "$HOME/bin/nono"' \
	    'cp /bin/true new && mv -f new "$HOME/bin/nono-learn"' \
	    'mv "$HOME/bin" "$HOME/bin2"'; do
		for option in -w -a; do
			refused -s $option "$HOME/bin" -a . -- sh -c "$act"
			refused -s $option "$HOME" -a . -- sh -c "$act"
			cmp "$NONO_REAL" "$HOME/bin/nono" || fail "$act"
		done
	done
	# beside it, and where it is meant, all is as granted
	prepare
	granted -a "$HOME" -- sh -c ': >"$HOME/bin/other" && ls "$HOME/bin" &&
	    mv "$HOME/bin/other" "$HOME/bin/third" && "$HOME/bin/nono" -V'
	granted -a "$HOME" -a "$HOME/bin/nono" -- \
	    sh -c 'cp "$HOME/bin/nono" new && cat new >"$HOME/bin/copy"'
	names "rule: read,write $HOME/bin/nono (-a" -a "$HOME" \
	    -a "$HOME/bin/nono"
}

test_case path "another nono in PATH"
path_body()
{
	installed
	mkdir "$HOME/first"
	PATH=$HOME/first:$HOME/bin:$PATH
	remains "SECURITY CONSIDERATIONS" \
	    "that is granted for writing, such as" -a "$HOME" -- \
	    sh -c 'cp /bin/true "$HOME/first/nono"'
}

#
# What is left at names that are denied, and links that are hidden.
#

# first_run DIR command ...: what a run to which DIR is granted leaves.  Where it
# carves, it may make nothing there; but one before may have had a view.
first_run()
{
	_granted=$1
	shift
	"$NONO" -s -a "$_granted" -- "$@" 2>err || {
		! has_view && "$@"
	} || fail "no first run: $*: $(cat err)"
}

test_case name_denied "a link that is left at a name that is denied itself"
name_denied_body()
{
	setup
	mkdir "$HOME/.ssh"
	echo secret >"$HOME/.ssh/id"
	leaves .netrc ../.ssh/id
	[ "$(cat .netrc)" = secret ] || atf_fail "no way"
	for option in -a -r -w; do
		for name in .netrc "$PWD/.netrc"; do
			status 125 "symbolic link $PWD/.netrc to $HOME/.ssh" \
			    $option "$name" cat "$HOME/.ssh/id"
			status 125 "symbolic link $PWD/.netrc to $HOME/.ssh" \
			    -s -a . $option "$name" cat "$HOME/.ssh/id"
		done
	done
	first_run "$HOME" ln -s .ssh "$HOME/.kube"
	first_run "$HOME" ln -s .ssh/id "$HOME/.npmrc"
	for option in -a -r -w; do
		for name in "~" "$HOME" ..; do
			status 125 "symbolic link $HOME/.kube to $HOME/.ssh" \
			    $option "$name/.kube" cat "$HOME/.ssh/id"
			status 125 "symbolic link $HOME/.kube to $HOME/.ssh" \
			    -a . $option "$name/.kube/id" cat "$HOME/.ssh/id"
			status 125 "symbolic link $HOME/.npmrc to $HOME/.ssh" \
			    -a . $option "$name/.npmrc" cat "$HOME/.ssh/id"
		done
	done
}

test_case name_home "a link to the home that is left at such a name"
name_home_body()
{
	setup
	mkdir -p "$HOME/.ssh" "$HOME/.aws/sso"
	echo secret | tee "$HOME/.ssh/id" "$HOME/.aws/sso/key" >/dev/null
	echo text >"$HOME/file"
	for target in . "$HOME" .. /; do
		first_run "$HOME" ln -s "$target" "$HOME/.kube"
		for option in -a -r -w; do
			status 125 "symbolic link $HOME/.kube to /" -s \
			    $option "~/.kube" cat "$HOME/file"
			status 125 "symbolic link $HOME/.kube to /" -s \
			    -a . $option "$HOME/.kube/" cat "$HOME/file"
		done
		find "$HOME/.kube" -delete
	done
	# nor does it, by which the home is denied, make others known
	first_run "$HOME" ln -s .ssh/id "$HOME/.npmrc"
	first_run "$HOME" ln -s .aws/sso "$HOME/.cargo"
	first_run "$HOME" ln -s . "$HOME/.kube"
	for rules in "" "-a ." "-r ."; do
		# shellcheck disable=SC2086	# words
		set -- -s $rules
		status 125 "symbolic link $HOME/.npmrc to $HOME/.ssh" \
		    "$@" -r "~/.npmrc" cat "$HOME/.ssh/id"
		refused "$@" -- cat "$HOME/.aws/sso/key"
	done
}

test_case name_meant "a link to keys is followed where it is their own name"
name_meant_body()
{
	setup
	mkdir -p "$HOME/dot/ssh"
	echo secret >"$HOME/dot/ssh/id"
	echo host >"$HOME/dot/ssh/known_hosts"
	ln -s dot/ssh "$HOME/.ssh"
	for rules in "" "-a ." "-a $HOME" "-r $HOME"; do
		for name in "~" "$HOME" ..; do
			# shellcheck disable=SC2086	# words
			set -- $rules -r "$name/.ssh/known_hosts"
			granted "$@" -- cat "$HOME/.ssh/known_hosts"
			granted "$@" -- cat "$HOME/dot/ssh/known_hosts"
			refused "$@" -- cat "$HOME/.ssh/id"
			refused "$@" -- cat "$HOME/dot/ssh/id"
			refused "$@" -- sh -c 'echo x >>"$HOME/.ssh/known_hosts"'
		done
	done
	granted -a . -r "~/.ssh" -- cat "$HOME/.ssh/id"
}

test_case name_table "the tables grant nothing by a link at such a name"
name_table_body()
{
	setup
	mkdir -p "$HOME/docs" "$HOME/.aws/sso"
	echo text | tee "$HOME/docs/file" "$HOME/.aws/sso/key" >/dev/null
	# what is denied beneath ~/.cargo is found where the link leads
	first_run "$HOME" ln -s . "$HOME/.cargo"
	first_run "$HOME" sh -c ': >"$HOME/credentials"'
	for rules in "" "-a ." "-r ."; do
		# shellcheck disable=SC2086	# words
		set -- $rules
		refused -s "$@" -- cat "$HOME/docs/file"
		refused -s "$@" -- cat "$HOME/.cargo/docs/file"
		refused -s "$@" -- ls "$HOME"
		warns "$HOME/.cargo" "$HOME/.cargo" "$HOME" "$@"
	done
	find "$HOME/.cargo" "$HOME/credentials" -delete
	first_run "$HOME" ln -s .aws/sso "$HOME/.cargo"
	: >"$HOME/.aws/sso/credentials"
	for rules in "" "-a ." "-r ." "-a $HOME"; do
		# shellcheck disable=SC2086	# words
		set -- $rules
		refused -s "$@" -- cat "$HOME/.aws/sso/key"
		refused -s "$@" -- cat "$HOME/.cargo/key"
		warns "$HOME/.cargo" "$HOME/.cargo" "$HOME/.aws/sso" "$@"
	done
	# by two of them
	find "$HOME/.cargo" -delete
	first_run "$HOME" ln -s .kube "$HOME/.cargo"
	first_run "$HOME" ln -s .aws/sso "$HOME/.kube"
	for rules in "" "-a ."; do
		# shellcheck disable=SC2086	# words
		refused -s $rules -- cat "$HOME/.aws/sso/key"
	done
}

test_case sticky "a directory is made sticky above a link"
sticky_body()
{
	setup
	mkdir -p "$HOME/dot/ssh" "$HOME/store/gh" "$HOME/.config"
	echo secret | tee "$HOME/dot/ssh/id" "$HOME/store/gh/hosts" >/dev/null
	ln -s dot/ssh "$HOME/.ssh"
	ln -s ../store/gh "$HOME/.config/gh"
	for mode in +t 1777 1755; do
		for dir in "$HOME" "$HOME/.config"; do
			first_run "$HOME" chmod $mode "$dir"
			[ -k "$dir" ] || atf_fail "not sticky"
			for option in -a -r; do
				set -- -s $option "$HOME"
				refused "$@" -- cat "$HOME/dot/ssh/id"
				refused "$@" -- cat "$HOME/.ssh/id"
				refused "$@" -- cat "$HOME/store/gh/hosts"
				refused "$@" -- \
				    sh -c 'echo x >>"$HOME/dot/ssh/id"'
			done
			chmod 755 "$dir"
		done
	done
}

# opened_again DIR SECRET [option ...]: a first run closes DIR, which is on the
# way to SECRET; the next one would open it and do $ACT to SECRET, which is
# refused before.  It is not run; as root it is, for that sees in, and refused.
opened_again()
{
	_closed=$1 _secret=$2
	shift 2
	prepare() { chmod 755 "$_closed"; }
	refused -s "$@" -- sh -c "$ACT" "$_secret"
	"$NONO" -s "$@" -- chmod 0 "$_closed" 2>err ||
	    fail "cannot be closed: nono $*: $(cat err)"
	prepare() { chmod 0 "$_closed"; }
	set -- -s "$@" -- sh -c "chmod 755 \"\$1\" && $ACT" "$_secret" "$_closed"
	if is_root && [ -z "${USER_RUNS-}" ]; then
		refused "$@"
	else
		prepare
		outside "$@" >out 2>err || fail "fails outside: $*: $(cat err)"
		prepare
		status 125 "nono: $_closed: cannot be searched for what is to" \
		    "$@"
	fi
	chmod 755 "$_closed"
	prepare() { :; }
}

test_case closed_link "a directory that a link leads through is closed"
closed_link_body()
{
	setup
	mkdir -p "$HOME/dot/deep/ssh" "$HOME/disk"
	echo secret >"$HOME/dot/deep/ssh/id"
	ln -s ../dot/deep "$HOME/disk/deep"
	for target in dot/deep/ssh disk/deep/ssh "$HOME/dot/../dot/deep/ssh"; do
		ln -sfn "$target" "$HOME/.ssh"
		for act in 'cat "$0"' 'echo x >>"$0"'; do
			ACT=$act
			for dir in "$HOME/dot" "$HOME/dot/deep"; do
				opened_again "$dir" "$HOME/dot/deep/ssh/id" \
				    -a "$HOME"
			done
		done
	done
	ACT='cat "$0"'
	ln -sfn disk/deep/ssh "$HOME/.ssh"
	opened_again "$HOME/disk" "$HOME/dot/deep/ssh/id" -a "$HOME"
	# what nothing leads through may be closed
	mkdir "$HOME/plain"
	chmod 0 "$HOME/plain"
	granted -s -a "$HOME" -- sh -c 'chmod 755 "$HOME/plain"'
}

test_case closed_variable "a directory that a variable leads through is closed"
closed_variable_body()
{
	setup
	mkdir -p "$HOME/st/gp"
	echo secret >"$HOME/st/gp/key"
	for value in "$HOME/st/gp" "$HOME/st/./gp/."; do
		export GNUPGHOME="$value"
		for act in 'cat "$0"' 'echo x >>"$0"'; do
			ACT=$act
			opened_again "$HOME/st" "$HOME/st/gp/key" -a "$HOME"
		done
	done
}

test_case closed_profile "a directory that a line of a profile lies in is closed"
closed_profile_body()
{
	setup
	mkdir -p "$HOME/pr/a/secrets" "$HOME/pr/a/hooks"
	echo secret | tee "$HOME/pr/a/secrets/key" "$HOME/pr/a/hooks/key" \
	    >/dev/null
	for base in "~" '$HOME' "$HOME"; do
		printf '%s\n' "allow $base/pr" "deny $base/pr/a/secrets" \
		    "read $base/pr/a/hooks" >"$T/profile"
		ACT='cat "$0"'
		opened_again "$HOME/pr/a" "$HOME/pr/a/secrets/key" \
		    -p "$T/profile"
		ACT='echo x >>"$0"'
		for name in secrets hooks; do
			opened_again "$HOME/pr/a" "$HOME/pr/a/$name/key" \
			    -p "$T/profile"
		done
	done
}

test_case closed_relative "the same, where the path begins at the project"
closed_relative_body()
{
	setup
	mkdir -p st/gp pr/a/secrets
	echo secret | tee st/gp/key pr/a/secrets/key >/dev/null
	ACT='cat "$0"'
	export GNUPGHOME=st/gp
	opened_again "$PWD/st" "$PWD/st/gp/key" -a .
	unset GNUPGHOME
	for base in pr "$PWD/pr/a/../../pr" ./pr; do
		printf '%s\n' "allow pr" "deny $base/a/secrets" >"$T/profile"
		opened_again "$PWD/pr/a" "$PWD/pr/a/secrets/key" \
		    -p "$T/profile"
	done
}

# serving HOW DIR MODE: from now on whatever is run, outside and under nono, is
# run by HOW, in a network namespace of its own: a closed directory with a socket
# that others see would stop their runs, too.  A server has one in DIR there.
serving()
{
	cat >"$T/serving" <<-END
	#! /bin/sh
	chmod 755 '$2' 2>/dev/null && find '$2' -delete
	mkdir '$2' && server=\$('$PROBE' serve-unix stream '$2/s') || exit 99
	chmod $3 '$2'
	"\$@"
	got=\$?
	kill \${server%% *}
	chmod 755 '$2' && find '$2' -delete
	exit \$got
	END
	printf '#! /bin/sh\nexec %s "%s" "$@"\n' "$1" "$T/serving" >"$T/serve"
	printf '#! /bin/sh\nexec "%s" "%s" "$@"\n' "$T/serve" \
	    "${_nono:=$NONO}" >"$T/nono"
	chmod 755 "$T/serving" "$T/serve" "$T/nono"
	WITHIN=$T/serve NONO=$T/nono
	"$T/serve" true || fail "cannot serve: $*"
}

test_case closed_socket "a directory in which somebody has a socket is closed"
closed_socket_body()
{
	setup
	own=$(mktemp -d /tmp/nono-test.XXXXXX) || atf_fail "no directory"
	# shellcheck disable=SC2064	# this one
	trap "chmod -R u+rwx $own; find $own -delete" EXIT
	as_root="unshare -Urn" as_user="unshare -cn"
	if is_root; then
		as_root="unshare -n"
		as_user="unshare -n setpriv --reuid 1 --regid 1 --clear-groups"
		chown 1:1 "$own" "$PWD"
	fi
	$as_user true 2>/dev/null && $as_root true 2>/dev/null ||
	    atf_skip "no network namespaces for tests"
	act="[ \"\$('$PROBE' unix-connect stream \"\$0\")\" = ok ]"
	opens="chmod 755 \"\${0%/*}\" && $act"
	for dir in "$own/run" "$PWD/run"; do
		for how in "$as_root" "$as_user"; do
			set -- -s -a . -r "$PROBE"
			serving "$how" "$dir" 755
			refused "$@" -- sh -c "$act" "$dir/s"
			granted "$@" -- chmod 0 "$dir"
			serving "$how" "$dir" 0
			# its user could open it again, were it not covered
			refused "$@" -- sh -c "$opens" "$dir/s"
			[ "$dir" = "$PWD/run" ] ||
			    refused -s -r "$PROBE" -- sh -c "$opens" "$dir/s"
			# and one that the environment tells of
			export SSH_AUTH_SOCK="$dir/s"
			refused "$@" -- sh -c "$opens" "$dir/s"
			refused "$@" -e SSH_AUTH_SOCK -- \
			    sh -c "$opens" "$dir/s"
			unset SSH_AUTH_SOCK
		done
	done
}

test_case closed_mount "a directory that another mount lies in is closed"
closed_mount_body()
{
	setup
	mkdir -p "$HOME/.config/gh" sub/m
	echo secret >"$HOME/.config/gh/hosts"
	# a user, for to root nothing is closed; nor in a namespace of the user's
	as="setpriv --reuid 1 --regid 1 --clear-groups"
	if is_root; then
		chown -R 1:1 "$HOME"
	else
		as="unshare --map-user=1 --map-group=1"
	fi
	within "mount --bind '$HOME/.config' sub/m
	    set -- $as '$PROBE' deny unshare EPERM \"\$@\""
	USER_RUNS=yes
	for rules in "-a ." "-a $HOME"; do
		for act in 'cat "$0"' 'echo x >>"$0"'; do
			ACT=$act
			# shellcheck disable=SC2086	# words
			opened_again "$PWD/sub" "$PWD/sub/m/gh/hosts" $rules
		done
	done
	NONO=${_nono:-$NONO}
	within "mount --bind '$HOME/.config' sub/m
	    set -- $as \"\$@\""
	prepare() { chmod 0 sub; }
	! has_view || refused -s -a . -- \
	    sh -c 'chmod 755 sub && cat sub/m/gh/hosts'
}

# stays LINK SECRET [option ...]: no run with these moves that link away, and
# what it led to is refused to the next one.
stays()
{
	_link=$1 _secret=$2
	shift 2
	for _way in 'mv "$0" "$0.new"' 'ln -sfn other "$0"' \
	    'mv "$0" "$0.new" && echo evil >"$0"' 'find "$0" -delete'; do
		refused -s "$@" -- sh -c "$_way" "$_link"
		[ -L "$_link" ] || fail "nono $*: $_way: $_link is gone"
		refused -s "$@" -- sh -c 'echo x >>"$0"' "$_secret"
	done
}

test_case same_target "of two links to what is denied neither is moved away"
same_target_body()
{
	prepare() {
		rm -rf "$HOME/dot" "$HOME/.bashrc" "$HOME/.ssh" "$HOME/.env" \
		    "$HOME/.bashrc.new" "$HOME/.ssh.new"
		mkdir -p "$HOME/dot/ssh"
		echo secret | tee "$HOME/dot/bashrc" "$HOME/dot/ssh/id" \
		    >/dev/null
		ln -s dot/bashrc "$HOME/.bashrc"
		ln -s dot/ssh "$HOME/.ssh"
		for _name in $planted; do
			ln -sfn dot/bashrc "$HOME/$_name"
		done
		for _name in $planted_ssh; do
			ln -sfn dot/ssh "$HOME/$_name"
		done
	}
	planted='' planted_ssh=''
	setup
	first_run "$HOME" ln -s dot/bashrc "$HOME/.env"
	first_run "$HOME" ln -s dot/ssh "$HOME/.secrets"
	# before them in the tables, and after them
	for name in .env .zshrc .xprofile .zlogout .bash_aliases; do
		planted=$name
		stays "$HOME/.bashrc" "$HOME/dot/bashrc" -a "$HOME"
	done
	planted=
	for name in .secrets .kube .aws .gnupg; do
		planted_ssh=$name
		stays "$HOME/.ssh" "$HOME/dot/ssh/id" -a "$HOME"
	done
}

test_case same_moved "nor is one to where a variable has moved what is denied"
same_moved_body()
{
	prepare() {
		rm -rf "$HOME/cfg" "$HOME/.config" "$HOME/.config.new"
		mkdir -p "$HOME/cfg/gh"
		echo secret >"$HOME/cfg/gh/hosts"
		ln -s cfg "$HOME/.config"
	}
	setup
	for value in "$HOME/cfg" "$HOME/.config" "$HOME/cfg/" "$HOME/cfg/."; do
		export XDG_CONFIG_HOME="$value"
		stays "$HOME/.config" "$HOME/cfg/gh/hosts" -a "$HOME"
		unset XDG_CONFIG_HOME
		stays "$HOME/.config" "$HOME/cfg/gh/hosts" -a "$HOME"
		refused -s -a "$HOME" -- cat "$HOME/cfg/gh/hosts"
	done
}

test_case same_option "nor one to what two options deny"
same_option_body()
{
	prepare() {
		rm -rf real l l.new
		mkdir -p real/sec
		echo secret >real/sec/key
		ln -s real l
	}
	setup
	for first in -d -r; do
		stays l "$PWD/real/sec/key" -a . $first l/sec
		stays l "$PWD/real/sec/key" -a . $first l/sec $first real/sec
		stays l "$PWD/real/sec/key" -a . $first real/sec $first l/sec
		stays l "$PWD/real/sec/key" -a . -d l/sec $first real/sec
		stays l "$PWD/real/sec/key" -a . -d "$PWD/real/sec" $first l/sec
	done
	granted -s -a . -- mv real moved
}

test_case tmpdir_relative "TMPDIR leads from the project by a link"
tmpdir_relative_body()
{
	setup
	mkdir -p "$HOME/docs/sub" "$HOME/.ssh/sub"
	echo text | tee "$HOME/docs/file" "$HOME/docs/sub/file" \
	    "$HOME/.ssh/sub/file" >/dev/null
	for dir in docs docs/sub .ssh/sub; do
		leaves tmp "../$dir"
		for value in tmp ./tmp tmp/ tmp/. ../project/tmp \
		    "$PWD/tmp" "$PWD/tmp/" "$PWD/tmp/."; do
			export TMPDIR="$value"
			for rules in "" "-a ." "-r ."; do
				# shellcheck disable=SC2086	# words
				set -- -s $rules
				refused "$@" -- cat "$HOME/$dir/file"
				refused "$@" -- sh -c 'echo x >>"$0/file"' \
				    "$HOME/$dir"
				refused "$@" -- sh -c ': >"$0/new" &&
				    find "$0/new" -delete' "$HOME/$dir"
			done
		done
	done
}

test_case tmpdir_slash "TMPDIR ends in a slash, or in a slash and a dot"
tmpdir_slash_body()
{
	setup
	mkdir -p "$T/docs/sub" "$HOME/docs"
	echo text | tee "$T/docs/file" "$T/docs/sub/file" "$HOME/docs/file" \
	    >/dev/null
	act='echo x >>"$0/file" && cat "$0/file"'
	for value in "$T/docs" "$T/docs/" "$T/docs/." "$T/docs//" \
	    ../../docs/ ../../docs/. ../../docs/sub/..; do
		export TMPDIR="$value"
		granted -- sh -c "$act" "$T/docs"
		granted -a . -- sh -c "$act" "$T/docs/sub"
		# the same directory is the user's to limit
		for same in "$T/docs" "$T/docs/" "$T/docs/."; do
			granted -r "$same" -- cat "$T/docs/file"
			refused -r "$same" -- sh -c "$act" "$T/docs"
			refused -r "$same" -- sh -c "$act" "$T/docs/sub"
			refused -d "$same" -- cat "$T/docs/file"
		done
		if has_view; then
			refused -s -d "$T/docs/sub" -- cat "$T/docs/sub/file"
			refused -s -r "$T/docs/sub" -- sh -c "$act" "$T/docs/sub"
		else
			status 125 "$T/docs/sub: no lesser rights" \
			    -d "$T/docs/sub" true
			status 125 "$T/docs/sub: no lesser rights" \
			    -r "$T/docs/sub" true
		fi
	done
	# what holds a home is none, however it is written
	for value in "$HOME" "$HOME/" "$HOME/." "$T/" ../ ../.; do
		export TMPDIR="$value"
		refused -s -- cat "$HOME/docs/file"
		refused -s -a . -- sh -c "$act" "$HOME/docs"
	done
}

test_case directory_link "the working directory was reached by a link"
directory_link_body()
{
	setup
	mkdir -p "$HOME/.ssh/sub" "$HOME/plain" "$HOME/docs"
	echo secret | tee "$HOME/.ssh/id" "$HOME/.ssh/sub/id" "$HOME/docs/id" \
	    >/dev/null
	project=$PWD
	export PWD
	for target in ../.ssh "$HOME/.ssh" ../.ssh/sub ..; do
		cd "$project" && leaves put "$target" && cd put ||
		    atf_fail "no way"
		[ "$PWD" = "$project/put" ] || atf_fail "this is $PWD"
		for rule in "-a ." "-r ." "-w ." --allow-cwd "-a ./"; do
			# shellcheck disable=SC2086	# words
			status 125 "symbolic link $project/put to $HOME" \
			    $rule cat "$HOME/.ssh/id"
		done
		find out err -delete
	done
	# one on the way, and by two
	cd "$project" && leaves put .. && cd put/.ssh || atf_fail "no way"
	status 125 "symbolic link $project/put to " -a . cat id
	cd "$project" && leaves put other && leaves other ../.ssh && cd put ||
	    atf_fail "no way"
	status 125 "symbolic link $project/put to " -a . cat id
	# who says where he is, is believed
	cd "$HOME/.ssh" || atf_fail cd
	granted -a . -- cat id
	find out err -delete
	# by a link to what is the user's
	cd "$project" && leaves put ../plain && cd put || atf_fail "no way"
	for rule in "-a ." --allow-cwd "-a $HOME/plain"; do
		# shellcheck disable=SC2086	# words
		granted $rule -- sh -c ': >new && cat new'
		[ ! -s err ] || fail "$rule: $(cat err)"
	done
	# a PWD that is not true says nothing
	for value in "$HOME/docs" "$project" /no/such plain put ""; do
		PWD=$value
		granted -a . -- sh -c ': >"$0/new"' "$HOME/plain"
		refused -s -a . -- cat "$HOME/docs/id"
	done
	cd "$project" || atf_fail cd
}

# For root the directory is no proof, for a run of root's may have written there.
test_case link_in_var "a link that root has left in /var"
link_in_var_body()
{
	setup
	case $T in
	/var/*)	atf_skip "the tests lie in /var" ;;
	esac
	mkdir -p "$HOME/.ssh" "$HOME/plain"
	echo secret | tee "$HOME/.ssh/id" "$HOME/plain/file" >/dev/null
	# the runs are root's, in a namespace of the user's too
	within "mount -t tmpfs -o mode=755 tmpfs /var
	    mkdir -m 1777 /var/tmp
	    mkdir /var/d /var/plain
	    cd /var
	    '$NONO' -s -a /var -- sh -c 'mv d d.old && ln -s \"\$HOME/.ssh\" d &&
	        ln -s \"\$HOME\" home && ln -s / root &&
	        ln -s \"\$HOME/plain\" link'
	    ln -s /run /var/run
	    cd - >/dev/null"
	for option in -a -r -w; do
		for rules in "" "-a ." "-r /var"; do
			# shellcheck disable=SC2086	# words
			set -- -s $rules $option
			status 125 "symbolic link /var/d to $HOME/.ssh" \
			    "$@" /var/d cat "$HOME/.ssh/id"
			status 125 "symbolic link /var/d to $HOME/.ssh" \
			    "$@" /var/d/id cat "$HOME/.ssh/id"
			status 125 "symbolic link /var/home to $HOME" \
			    "$@" /var/home cat "$HOME/.ssh/id"
			status 125 "symbolic link /var/root to /" \
			    "$@" /var/root cat "$HOME/plain/file"
		done
	done
	granted -r /var/link -- cat "$HOME/plain/file"
	granted -s -r /var/run -- true
	! tells_sockets || granted -s -u /var/run -- true
}
