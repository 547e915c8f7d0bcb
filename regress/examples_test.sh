#! /usr/bin/env -S atf-sh -s /bin/sh
# The examples of README and of nono.1 are run as they stand there; examples.txt
# has what is to come of each.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"
TABLE=$SRC/examples.txt

# Writes each example into a file of its own, T/NUMBER: a line that is indented
# by four blanks, one of .Dl, a display, the options in a list of POLICY.
extract()
{
	sed -n 's/^    \([^ ]\)/.Dl $ \1/p' "$SRC/../README" |
	    cat - "$SRC/../nono.1" |
	    sed -e 's/\\&//g; s/\\(dq/"/g; s/\\e/\\/g' \
	    -e '/^\.It Fl .* Ta /{s/ Ta .*//; s/Fl /-/g; s/Pa //g;}' |
	    awk -v dir="$T" '
		function file() { return sprintf("%s/%02d", dir, n) }
		/^\.Dl / { n++; print substr($0, 5) >file() }
		/^\.It -. [^,]*$/ { n++; print substr($0, 5) >file() }
		/^\.Ed/ { on = 0 }
		on { print >file() }
		/^\.Bd -literal/ { n++; on = 1 }'
}

keys()
{
	for _file in "$T"/[0-9]*; do
		head -n 1 "$_file"
	done | sort -u
}

# entry KEY: its lines in the table, without the tab.
entry()
{
	key=$1 awk '
	    /^\t/ { if (on) print substr($0, 2); next }
	    { on = $0 == ENVIRON["key"] }' "$TABLE"
}

# field NAME: of the entry at hand.
field()
{
	sed -n "s/^$1 //p" "$T/entry"
}

# A home in which all that regress/acts tries can be done, without nono.
place()
{
	BIN=$T/bin BLOCK=$T/block
	mkdir -p "$BIN" "$HOME/.config" "$HOME/.ssh" "$HOME/.npm/_cacache" \
	    "$HOME/.claude/projects" "$HOME/.codex" "$HOME/.aider/caches" \
	    src build vendor secrets
	cp -RP "$SRC/../profiles" "$HOME/.config/nono"
	chmod -R go-w "$HOME"
	ln -s "$NONO" "$BIN/nono"
	cp "$SRC/acts" "$BIN"
	for name in aider claude codex curl jq npm; do
		ln -s acts "$BIN/$name"
	done
	for name in acts clean.sh release.sh deploy.sh; do
		cp "$SRC/acts" $name
	done
	printf 'all test check:\n\t@./acts\n' >Makefile
	printf 'one two\nthree\n' >report.txt
	printf 'one\ntwo\n' >b
	for file in a vendor/one secrets/one "$HOME/.claude.json" \
	    "$HOME/.claude/settings.json" "$HOME/.codex/config.toml" \
	    "$HOME/.aider.conf.yml" "$HOME/.npmrc"; do
		echo one >"$file"
	done
	echo "the key" >"$HOME/.ssh/id"
	echo "the hosts" >"$HOME/.ssh/known_hosts"
	echo ./acts >"$T/typed"

	# https://example.org/src.git
	git init -q . && git init -q "$TMPDIR/src.git" &&
	    echo cloned >"$TMPDIR/src.git/file" &&
	    git -C "$TMPDIR/src.git" add file &&
	    git -C "$TMPDIR/src.git" -c user.name=me -c user.email=me@localhost \
	    commit -q -m first || fail "no repository"
	export PATH="$BIN:$PATH" BIN BLOCK SHELL=/bin/bash \
	    GIT_CONFIG_COUNT=1 GIT_CONFIG_VALUE_0=https://example.org/ \
	    GIT_CONFIG_KEY_0="url.file://$TMPDIR/.insteadOf" \
	    GITHUB_TOKEN=x AWS_SECRET_ACCESS_KEY=x AWS_SESSION_TOKEN=x \
	    ANTHROPIC_API_KEY=x
}

# Words from standard input, on one line.
words()
{
	tr -s ' \t\n' ' '
}

# acted N WORDS: the Nth that acted has done what the words say.
acted()
{
	cat "$T/out" items 2>/dev/null | awk -v n="$1" '
	    /^project: / { i++ } i == n' >"$T/acted"
	for word in $2 !home !keys; do
		want=yes
		case $word in
		!*)	want=no ;;
		~*)	want=$(view_or yes no) ;;
		esac
		grep -qx "${word#[~!]}: $want" "$T/acted" ||
		    echo "not ${word#[~!]}: $want;"
	done
}

# block 1|0: of the example, the commands, or what they print.
block()
{
	awk -v want="$1" '
	    { is = /^\$ / || on; on = is && /\\$/ }
	    is == want' "$BLOCK"
}

# What the example prints in the manual, with ... for what is left out, is
# printed.
printed()
{
	case $(head -n 1 "$BLOCK") in
	'$ '*)	;;
	*)	return ;;
	esac
	block 0 | sed "s|/home/me|$HOME|g" | words |
	    sed 's/ *\.\.\. */\n/g; s/ *$//' | while read -r text || [ "$text" ]
	do
		grep -qF -- "$text" "$T/said" || echo "does not print $text;"
	done
}

# What is wrong with the example in a file, if anything.
try()
{
	setup
	place
	cp "$1" "$BLOCK"
	entry "$(head -n 1 "$1")" >"$T/entry"
	eval "$(field needs)" >/dev/null || return 0
	field before >"$T/script"
	field run >"$T/run"
	[ -s "$T/run" ] || block 1 | sed 's/^\$ //' >"$T/run"
	cat "$T/run" >>"$T/script"
	bash "$T/script" <"$T/typed" >"$T/out" 2>"$T/err"
	got=$? want=$(field status)
	[ $got -eq "${want:-0}" ] || echo "exit $got;"
	cat "$T/out" "$T/err" | words >"$T/said"
	printed
	field acts | {
		n=0
		while read -r list; do
			acted $((n += 1)) "$list"
		done
		[ "$(cat "$T/out" items 2>/dev/null |
		    grep -c '^project: ')" -eq $n ] || echo "not $n ran;"
	}
	field says | while read -r text; do
		eval "text=\"$(echo "$text" | sed 's/"/\\"/g')\""
		grep -qF -- "$text" "$T/said" || echo "does not say $text;"
	done
	field after >"$T/script"
	bash -e "$T/script" || echo "not so afterwards;"
}

test_case complete "each example is in the table, and nothing else"
complete_body()
{
	setup
	extract
	sed '1,/^$/d; /^$/d; /^	/d' "$TABLE" | sort >listed
	keys >found
	[ "$(wc -l <found)" -ge 40 ] || fail "only: $(cat found)"
	diff found listed >out ||
	    fail "< is an example, > is in the table: $(cat out)"
	grep '^	by ' "$TABLE" | while read -r _ file text; do
		grep -qF -- "$text" "$SRC/$file" ||
		    echo "$file does not run $text"
	done >out
	[ ! -s out ] || fail "$(cat out)"
}

test_case run "each does what the table says" 900
run_body()
{
	needs git
	setup
	extract
	where=$T wrong='' learns=yes
	# what runs nono here may listen itself
	[ -z "${NONO_UNDER-}" ] || "$NONO" learn true >"$T/out" 2>&1 ||
	    ! grep -q 'watched by another program' "$T/out" || learns=no
	for file in "$where"/[0-9]*; do
		key=$(head -n 1 "$file")
		entry "$key" | grep -q '^by ' && continue
		case $learns$key in
		'no$ nono learn '*) continue ;;
		esac
		said=$(try "$file" 2>&1)
		[ -z "$said" ] || wrong="$wrong$key: $said
"
	done
	[ -z "$wrong" ] || { echo "$wrong" >&2; fail "$wrong"; }
}

test_case outside "without nono all the acts can be done"
outside_body()
{
	needs git
	setup
	place
	for name in acts aider claude codex npm; do
		"$name" >"$T/out" 2>&1
		! grep -v ': yes$' "$T/out" || fail "$name: $(cat "$T/out")"
		[ "$(wc -l <"$T/out")" -ge 18 ] || fail "$(cat "$T/out")"
	done
	"$T/bin/nono" -s ./acts >"$T/out" 2>&1
	grep -q ': no$' "$T/out" || fail "nono makes no difference"
}
