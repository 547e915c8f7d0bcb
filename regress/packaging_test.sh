#! /usr/bin/env -S atf-sh -s /bin/sh
# What make installs, removes and packs.

. "$(atf_get_srcdir)/common.sh"

# tree NAME: a copy of the tree without what make builds, with times and modes
# of its own, in $T/NAME.
tree()
{
	unset MAKEFLAGS MFLAGS MAKELEVEL SOURCE_DATE_EPOCH DESTDIR PREFIX
	mkdir "$T/$1" || atf_fail "no $1"
	tar -C "$SRC/.." -cf - --exclude=.git --exclude='nono-test.*' . |
	    tar -C "$T/$1" -xf - || atf_fail "cannot copy the tree"
	cd "$T/$1" || atf_fail "no $1"
}

works()
{
	"$@" >"$T/log" 2>&1 || fail "$*: $(tail -n 5 "$T/log")"
}

version()
{
	sed -n 's/^VERSION =[^0-9]*//p' "$SRC/../Makefile"
}

contents()
{
	(cd "$1" && find . | LC_ALL=C sort)
}

test_case dist "make dist packs the sources, the same bytes each time"
dist_body()
{
	setup
	name=nono-$(version)
	tree one
	works make dist
	tree two
	(
		umask 077
		find . -type d -exec chmod 700 {} +
		TZ=Pacific/Apia LC_ALL=C.UTF-8 works make dist
	) || exit 1
	cmp "$T/one/$name.tar.gz" "$T/two/$name.tar.gz" ||
	    fail "not the same in two copies"
	works make dist		# where there is a tarball
	cmp "$T/one/$name.tar.gz" "$T/two/$name.tar.gz" ||
	    fail "not the same a second time"

	mkdir "$T/three"
	cd "$T/three" || fail "no directory"
	works tar -xzf "$T/one/$name.tar.gz"
	[ "$(ls -A)" = "$name" ] || fail "not in a directory of its own"
	for file in nono filter.h linux-mkfilter nono.o regress/probe .git; do
		[ ! -e "$name/$file" ] || fail "$file is in it"
	done
	for file in Makefile nono.c nono.1 README regress/Kyuafile \
	    packaging/debian/rules; do
		[ -s "$name/$file" ] || fail "$file is not in it"
	done
	[ -x "$name/packaging/debian/rules" ] || fail "modes are lost"
	cd "$name" || fail "no $name"
	works make dist
	cmp "$T/one/$name.tar.gz" "$name.tar.gz" ||
	    fail "not the same from the unpacked tarball"
	echo "/* changed */" >>nono.c
	works make dist
	! cmp "$T/one/$name.tar.gz" "$name.tar.gz" >"$T/log" 2>&1 ||
	    fail "a change makes no difference"

	works env SOURCE_DATE_EPOCH=86400 make dist
	[ "$(TZ=UTC tar -tvzf "$name.tar.gz" | grep -vc ' 1970-01-02 ')" -eq 0 ] ||
	    fail "SOURCE_DATE_EPOCH is ignored"
	works make clean
	[ ! -e "$name.tar.gz" ] || fail "make clean leaves it"
}

test_case builds "the tarball builds and installs on its own, and cleans up"
builds_body()
{
	setup
	name=nono-$(version)
	tree one
	works make dist
	cd "$T" || fail "no directory"
	works tar -xzf "one/$name.tar.gz"
	cd "$name" || fail "no $name"
	contents . >"$T/before"
	works make
	works make install DESTDIR="$T/root" PREFIX=/usr
	[ "$("$T/root/usr/bin/nono" --version)" = "nono $(version)" ] ||
	    fail "the version is not $(version)"
	NONO=$T/root/usr/bin/nono
	granted -r "$T/root" -a . -- sh -c 'echo x >made; cat made'
	refused -r "$T/root" -- sh -c 'echo x >made'
	rm -f made out err
	works make clean
	contents . >"$T/after"
	diff "$T/before" "$T/after" >"$T/log" ||
	    fail "make clean leaves: $(cat "$T/log")"
}

# places MAKE: installs by it into standard directories, where something is
# already, and elsewhere, and removes it.
places()
{
	for dir in bin share/man/man1 share/bash-completion/completions \
	    share/zsh/site-functions share/fish/vendor_completions.d; do
		mkdir -p "$T/root/opt/p/$dir"
		echo other >"$T/root/opt/p/$dir/other"
	done
	contents "$T/root" >"$T/before"
	# first, for NetBSD's make looks for headers beneath DESTDIR
	works "$1" PREFIX=/opt/p
	works "$1" install DESTDIR="$T/root" PREFIX=/opt/p
	[ -x "$T/root/opt/p/bin/nono" ] || fail "no program"
	[ -s "$T/root/opt/p/share/man/man1/nono.1" ] || fail "no manual"
	for file in bash-completion/completions/nono \
	    zsh/site-functions/_nono fish/vendor_completions.d/nono.fish; do
		grep -q '/opt/p/share/nono/profiles' \
		    "$T/root/opt/p/share/$file" ||
		    fail "$file does not know where the profiles are"
	done
	find "$T/root" -type f -perm /022 >"$T/log"
	[ ! -s "$T/log" ] || fail "others can write: $(cat "$T/log")"
	works "$1" uninstall DESTDIR="$T/root" PREFIX=/opt/p
	contents "$T/root" >"$T/after"
	diff "$T/before" "$T/after" >"$T/log" ||
	    fail "$1 uninstall leaves or takes: $(cat "$T/log")"

	works "$1" install DESTDIR="$T/else" PREFIX=/opt/p BINDIR=/b MANDIR=/m
	[ -x "$T/else/b/nono" ] || fail "BINDIR is ignored"
	[ -s "$T/else/m/man1/nono.1" ] || fail "MANDIR is ignored"
	(cd "$T/else" && find . ! -type d ! -path './b/*' ! -path './m/*' \
	    ! -path './opt/p/share/*') >"$T/log"
	[ ! -s "$T/log" ] || fail "installed elsewhere: $(cat "$T/log")"
	works "$1" uninstall DESTDIR="$T/else" PREFIX=/opt/p BINDIR=/b MANDIR=/m
	find "$T/else" ! -type d >"$T/log"
	[ ! -s "$T/log" ] || fail "$1 uninstall leaves: $(cat "$T/log")"
}

test_case install "make install and uninstall keep to their places"
install_body()
{
	setup
	tree one
	places make
}

test_case install_bmake "so they do with BSD make"
install_bmake_body()
{
	needs bmake
	setup
	tree one
	places bmake
}

test_case apparmor "the AppArmor profile is installed for where nono is"
apparmor_body()
{
	setup
	tree one
	works make install-apparmor DESTDIR="$T/root"
	profile=$T/root/etc/apparmor.d/nono
	grep -q '^profile nono /usr/local/bin/nono ' "$profile" ||
	    fail "not for /usr/local: $(cat "$profile")"
	works make install-apparmor DESTDIR="$T/root" PREFIX=/usr
	cmp "$profile" packaging/apparmor/nono || fail "changed for /usr"
	works make uninstall-apparmor DESTDIR="$T/root"
	[ ! -e "$profile" ] || fail "not removed"
}

test_case versions "the packages have the version of nono"
versions_body()
{
	setup
	grep -q "^nono-sandbox ($(version)-" \
	    "$SRC/../packaging/debian/changelog" || fail "not Debian's"
	[ "$("$NONO" --version)" = "nono $(version)" ] || fail "not nono"
}

test_case plist "the packing list for OpenBSD is what make install installs"
plist_body()
{
	setup
	works sh "$SRC/plist.sh"
	diff "$SRC/../packaging/openbsd/pkg/PLIST" "$T/log" >"$T/diff" ||
	    fail "not as regress/plist.sh has it: $(cat "$T/diff")"
}

test_case fill "make packages fills in where the tarball is and what it holds"
# shellcheck disable=SC2154	# what APKBUILD sets
fill_body()
{
	needs openssl
	setup
	tree one
	make packages >"$T/log" 2>&1 && fail "no SITE is needed"
	works make packages SITE=https://example.org/nono/
	name=nono-$(version).tar.gz
	sum=$(sha256sum <"$name") sum=${sum%% *}
	grep -rl '@[A-Z0-9]*@' packages >"$T/log"
	[ ! -s "$T/log" ] || fail "not filled: $(cat "$T/log")"
	grep -qx "  url \"https://example.org/nono/$name\"" \
	    packages/homebrew/nono-sandbox.rb || fail "not the url"
	grep -qx "  sha256 \"$sum\"" packages/homebrew/nono-sandbox.rb ||
	    fail "not the checksum of the tarball: Homebrew"
	(
		# shellcheck disable=SC2034
		srcdir=$T pkgdir=$T
		# shellcheck source=packaging/alpine/APKBUILD
		. packages/alpine/APKBUILD
		[ "$source" = "https://example.org/nono/$name" ] &&
		    [ "$pkgver" = "$(version)" ] &&
		    echo "$sha512sums" | grep . | sha512sum -c
	) >"$T/log" 2>&1 || fail "APKBUILD: $(cat "$T/log")"
	base64=$(sed -n "s/^SHA256 ($name) = //p" packages/openbsd/distinfo)
	[ "$(echo "$base64" | openssl base64 -d | od -An -v -tx1 |
	    tr -d ' \n')" = "$sum" ] ||
	    fail "not the checksum of the tarball: OpenBSD"
	grep -qx "SIZE ($name) = $(stat -c %s "$name")" \
	    packages/openbsd/distinfo || fail "not the size of the tarball"
	cmp packaging/openbsd/pkg/PLIST packages/openbsd/pkg/PLIST ||
	    fail "not the packing list"
	if command -v ruby >/dev/null; then
		works ruby -c packages/homebrew/nono-sandbox.rb
	fi
}

test_case kept "what is installed in a home no run changes for the next"
kept_body()
{
	setup
	project=$PWD
	tree one
	works make PREFIX="$HOME/opt"
	works make install PREFIX="$HOME/opt"
	cd "$project" || fail "no project"
	NONO=$HOME/opt/bin/nono
	profiles=$HOME/opt/share/nono/profiles
	mkdir "$HOME/.ssh"
	echo secret >"$HOME/.ssh/id"
	echo "read ~/.ssh" >"$T/evil"
	cp -RP "$HOME/opt/share" "$T/share"
	prepare() {
		rm -rf "$HOME/opt/share"
		cp -RP "$T/share" "$HOME/opt/share"
	}
	for top in "$HOME" "$HOME/opt/share"; do
		# shellcheck disable=SC2016	# for the inner shell
		for act in 'cat "$1" >"$0/cat"' 'cat "$1" >>"$0/npm"' \
		    'cp "$1" new && mv new "$0/cat"' \
		    'ln -s "$1" "$0/cat"' 'find "$0/npm" -delete' \
		    'mv "$0" "$0.old" && mkdir "$0" && cp "$1" "$0/cat"' \
		    'cd "$0/../.." && mv nono old && mkdir -p nono/profiles'; do
			refused -s -a . -r "$T/evil" -a "$top" -- \
			    sh -c "$act" "$profiles" "$T/evil"
			diff -r "$T/share" "$HOME/opt/share" >"$T/log" ||
			    fail "-a $top: $act: $(cat "$T/log")"
		done
	done
	# which the next run would have believed
	refused -s -a . -- cat "$HOME/.ssh/id"
	prepare() { :; }
	cp "$T/evil" "$profiles/cat"
	granted -s -a . -- cat "$HOME/.ssh/id"
}
