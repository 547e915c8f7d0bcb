#! /usr/bin/env -S atf-sh -s /bin/sh
# Agents as npm installs them, with their profiles and nothing but "-a .": they
# start, and do a whole session with a service that is none, in which they run
# a command.  NONO_AGENTS is where npm has installed them, unless in PATH.
# shellcheck disable=SC2086	# lists of words

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# agent NAME: a home, its profile, a service.
agent()
{
	PATH=$PATH:${NONO_AGENTS:-/opt/agents}/node_modules/.bin
	needs node
	needs git
	needs "$1"
	setup
	export XDG_CONFIG_HOME="$HOME/.config"
	mkdir -p "$XDG_CONFIG_HOME/nono"
	cp -P "$SRC"/../profiles/* "$XDG_CONFIG_HOME/nono"
	chmod go-w "$XDG_CONFIG_HOME"/nono/*
	git init -q . || fail "git init"
	node "$SRC/service.js" "$T/port" \
	    'expr 6042 + 1 >made; cat made' >"$T/service" 2>&1 &
	_service=$!
	_n=0
	while [ ! -s "$T/port" ]; do
		[ $((_n += 1)) -lt 100 ] || fail "no service"
		sleep 0.1
	done
	SERVICE=http://127.0.0.1:$(cat "$T/port")
}

# starts NAME [argument ...]: says its version and its options.
starts()
{
	"$NONO" -a . "$1" --version >out 2>&1 && grep -q '[0-9]\.[0-9]' out ||
	    fail "--version: $(cat out)"
	"$NONO" -a . "$1" --help >out 2>&1 && grep -q -e --help out ||
	    fail "--help: $(cat out)"
}

# session NAME [argument ...]: the command is run, and its output seen.
session()
{
	rm -f made
	timeout 100 "$NONO" -a . "$@" >out 2>err </dev/null ||
	    fail "$1: $(cat err out)"
	grep -q 'said: .*6043' out ||
	    fail "$1: $(cat out err "$T/service")"
	[ "$(cat made)" = 6043 ] || fail "$1: no command was run"
	kill $_service
}

test_case claude "Claude Code"
claude_body()
{
	agent claude
	starts claude
	export ANTHROPIC_BASE_URL="$SERVICE" ANTHROPIC_API_KEY=sk-ant-made-up
	session claude -p 'do it' --allowedTools Bash
	[ -n "$(ls "$HOME/.claude/projects")" ] || fail "nothing is kept"
	[ ! -e "$HOME/.claude.json" ] || fail "its state was written"
}

test_case codex "Codex"
codex_body()
{
	agent codex
	has_view || atf_skip "no view: databases cannot be made"
	starts codex
	export MADE_UP_KEY=made-up
	session codex exec --skip-git-repo-check -m gpt-5 \
	    -s danger-full-access -c model_provider=made-up \
	    -c model_providers.made-up.name=made-up \
	    -c model_providers.made-up.base_url="$SERVICE/v1" \
	    -c model_providers.made-up.env_key=MADE_UP_KEY \
	    -c model_providers.made-up.wire_api=responses 'do it'
	[ ! -s "$HOME/.codex/config.toml" ] || fail "its settings were changed"
	[ -n "$(ls "$HOME/.codex/sessions")" ] || fail "nothing is kept"
}

test_case gemini "Gemini CLI"
gemini_body()
{
	agent gemini
	has_view || atf_skip "no view: files cannot be made in ~/.gemini"
	starts gemini
	mkdir -p "$HOME/.gemini"
	echo '{"security":{"auth":{"selectedType":"gemini-api-key"}}}' \
	    >"$HOME/.gemini/settings.json"
	export GEMINI_API_KEY=made-up GOOGLE_GEMINI_BASE_URL="$SERVICE"
	session gemini -m gemini-2.5-flash --skip-trust --yolo -p 'do it'
}

test_case opencode "OpenCode"
opencode_body()
{
	agent opencode
	has_view || atf_skip "no view: its database cannot be made"
	starts opencode
	export ANTHROPIC_API_KEY=made-up OPENCODE_CONFIG_CONTENT='{
	    "snapshot": false, "model": "anthropic/claude-sonnet-4-5",
	    "provider": { "anthropic": { "options": {
	    "baseURL": "'"$SERVICE/v1"'" } } } }'
	session opencode run 'do it'
}
