#! /usr/bin/env -S atf-sh -s /bin/sh
# The completions know the options that nono knows, and no others.
# shellcheck disable=SC2016	# for other shells

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# --help prints the tables of options.c: the words that may come first,
modes()
{
	"$NONO" --help | sed -n 's/^[a-z: ]* nono \[*\([a-z]*\).*/\1/p'
}

# the options, and whether one takes an argument.
options()
{
	"$NONO" --help | tr -s ' ,' '[\n*]' | grep -x -e '-[a-zA-Z]' \
	    -e '--[a-z-]*' | sort -u
}

takes()
{
	"$NONO" --help | grep -q -e "^ [-a-zA-Z, ]* $1 [a-z]" \
	    -e "^  $1, --[a-z-]* [a-z]"
}

# wanted MODE: the options that nono takes there, by its errors.
wanted()
{
	options | while read -r _o; do
		"$NONO" "$1" "$_o" x </dev/null >/dev/null 2>err
		grep -q 'not an option of nono' err || printf '%s\n' "$_o"
	done
}

# agree MODE COMMAND ...: COMMAND prints the options that are offered there.
agree()
{
	_mode=$1
	shift
	wanted "$_mode" >wanted
	[ "$(wc -l <wanted)" -ge 5 ] || fail "$_mode: $(cat wanted)"
	"$@" 2>err | grep -e '^-' | sort -u >offered
	diff wanted offered >differ ||
	    fail "$_mode: $(cat differ err)"
}

# argued MODE COMMAND ...: after the option and a word, COMMAND offers options
# if that was its argument, and none if it was the command.
argued()
{
	_mode=$1
	shift
	for _o in $(wanted "$_mode"); do
		"$@" "$_mode" "$_o" x - | grep -q '^-'
		_got=$?
		takes "$_o"
		[ $? -eq $_got ] || fail "$_mode $_o: its argument"
	done
}

test_case asked "nono says what it knows"
asked_body()
{
	setup
	modes >modes
	sed -n '/ modes\[\]/,/^}/s/^\t{ "\([a-z]*\)".*/\1/p' "$SRC/../options.c" |
	    diff modes - >out || fail "not its words: $(cat out)"
	options | grep -e '^--' >longs
	sed -n '/ options\[\]/,/^}/s/^\t{ "\([a-z-]*\)".*/--\1/p' \
	    "$SRC/../options.c" | sort | diff longs - >out ||
	    fail "not its options: $(cat out)"
	takes -a && takes --op && takes --socket && ! takes -n &&
	    ! takes --allow-cwd && ! takes --version || fail "arguments"
}

bash_words()
{
	bash --norc -c '
		. "$0"
		COMP_WORDS=(nono "$@")
		COMP_CWORD=$#
		_nono
		printf "%s\n" "${COMPREPLY[@]}"
	' "$SRC/../completions/nono.bash" "$@"
}

test_case bash "bash"
bash_body()
{
	setup
	needs bash
	mkdir dir
	: >file
	for mode in $(modes); do
		agree "$mode" bash_words "$mode" -
		bash_words "" | grep -qx "$mode" || fail "no $mode"
	done
	argued run bash_words
	argued learn bash_words
	offers()
	{
		_want=$1
		shift
		bash_words "$@" 2>err | grep -qx -e "$_want" ||
		    fail "$*: no $_want: $(bash_words "$@" | head -n 5)"
	}
	offers why w
	offers check c
	offers file -a f
	offers dir --read d
	offers file why f
	export GITHUB_TOKEN=x
	offers GITHUB_TOKEN -e GITHUB_T
	offers ls -a . l
	offers ls run -a . l
	offers ls learn -o file -a . l
	offers file learn --output f
	offers ls -a . -- l
	offers rm -x r
	offers read why --op r
	offers none -p n
	mkdir -p "$HOME/.config/nono"
	echo >"$HOME/.config/nono/mine"
	offers mine --profile m
	# what comes after the command is none of ours
	[ -z "$(bash_words -a . ls --al)" ] || fail "after the command"
	[ -z "$(bash_words ls -)" ] || fail "after the command"
	[ -z "$(bash_words -- ls -)" ] || fail "after the command"
}

fish_words()
{
	fish --no-config -c '
		source $argv[1]
		complete -C "nono $argv[2..]"
	' "$SRC/../completions/nono.fish" "$@" | cut -f 1
}

test_case fish "fish"
fish_body()
{
	setup
	needs fish
	mkdir dir
	: >file
	export XDG_RUNTIME_DIR="$TMPDIR"
	both()
	{
		# short options are offered after one dash only
		fish_words "$1" -
		fish_words "$1" --
	}
	fish_words "" >words
	for mode in $(modes); do
		agree "$mode" both "$mode"
		grep -qx "$mode" words || fail "no $mode"
	done
	argued run fish_words
	argued learn fish_words
	offers()
	{
		_want=$1
		shift
		fish_words "$@" | grep -qx -e "$_want" ||
		    fail "$*: no $_want: $(fish_words "$@" | head -n 5)"
	}
	offers why w
	offers dir/ -a d
	offers file --read-file f
	offers file why f
	offers ls -a . l
	offers ls learn -o file -- l
	offers file learn --output f
	offers file -a . ls f
	offers read why --op r
	offers none -p n
	! fish_words -a . ls - | grep -qx -e --allow-cwd ||
	    fail "after the command"
}

test_case zsh "zsh"
zsh_body()
{
	setup
	needs zsh
	# what _arguments(1) is told, with the forms that a brace stands for
	zsh_words()
	{
		zsh -f -c '
			_arguments() {
				for a; do
					case $a in
					(-s|-S|-A|-\*) continue ;;
					esac
					a=${a#\*}
					a=${a%%\[*}
					[[ $a == -* ]] && print -r -- $a
				done
			}
			_describe() { print -rl -- ${modes%%:*} }
			words=(nono "$@[2,-1]")
			CURRENT=$#
			. "$1"
		' zsh "$SRC/../completions/_nono" "$@"
	}
	bare()
	{
		zsh_words "$@" | sed 's/[+=]$//'
	}
	zsh_words "" >words
	for mode in $(modes); do
		agree "$mode" bare "$mode" -
		grep -qx "$mode" words || fail "no $mode"
		zsh_words "$mode" - >specs
		for option in $(cat wanted); do
			grep -qx -e "${option}[+=]" specs
			got=$?
			takes "$option"
			[ $? -eq $got ] || fail "$mode $option: its argument"
		done
	done
	# and it is one that zsh can load
	zsh -f -c 'autoload -Uz compinit && fpath=("$1" $fpath) &&
	    compinit -u -d "$2" && [[ $_comps[nono] = _nono ]]' zsh \
	    "$SRC/../completions" "$T/dump" || fail "compinit"
}

test_case zsh_types "zsh completes what is typed"
zsh_types_body()
{
	setup
	needs zsh
	needs expect
	mkdir only
	cat >typing <<-END
	set timeout 20
	spawn -noecho zsh -f
	send "PS1=; fpath=($SRC/../completions \\\$fpath); autoload -Uz compinit; compinit -u -d $T/dump; echo rea''dy\r"
	expect "ready"
	send "echo nono --allow-cw\t\x01\x1b\[C\x15"
	send "nono why --allow-cw\t-a onl\t --op wri\t\x01echo GOT: \r"
	expect -re {GOT: (.*write)} { puts "\n<\$expect_out(0,string)>" }
	send "\x15exit\r"
	expect eof
	END
	expect typing >typed 2>&1
	grep -q 'nono why --allow-cwd -a only/* --op write' typed ||
	    fail "$(tail -n 3 typed)"
}

test_case installed "profiles are offered from where make install puts them"
installed_body()
{
	setup
	unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
	prefix=$T/else
	mkdir "$T/tree"
	tar -C "$SRC/.." -cf - --exclude=.git --exclude='nono-test.*' . |
	    tar -C "$T/tree" -xf - || atf_fail "cannot copy the tree"
	# all is what is there
	make -s -C "$T/tree" -o all install PREFIX="$prefix" >out 2>&1 ||
	    fail "$(cat out)"
	share=$prefix/share
	offered()
	{
		"$@" >out 2>err
		grep -qx claude out && grep -qx none out ||
		    fail "$1: $(cat out err)"
	}
	offered bash --norc -c '. "$0"; _nono_profiles' \
	    "$share/bash-completion/completions/nono"
	if command -v fish >/dev/null; then
		export XDG_RUNTIME_DIR="$TMPDIR"
		offered fish --no-config -c 'source $argv; __nono_profiles' \
		    "$share/fish/vendor_completions.d/nono.fish"
	fi
	if command -v zsh >/dev/null; then
		offered zsh -f -c '
			_arguments() { : }
			_describe() { : }
			_files() { : }
			compadd() { print -rl -- ${(P)2} }
			words=(nono)
			CURRENT=1
			. "$1"
			_nono_profiles
		' zsh "$share/zsh/site-functions/_nono"
	fi
}
