#! /usr/bin/env -S atf-sh -s /bin/sh
# The profiles that are shipped: what each program would execute when it is next
# started outside cannot be planted, whether it exists or not; what it keeps
# can be written.
# shellcheck disable=SC2086,SC2088	# lists of words

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# What every home may have, and no program may change.
common=".bashrc .profile .bash_profile .zshrc .ssh/authorized_keys .gitconfig
    .config/git/config .config/nono/claude .config/nono/npm .local/bin/x
    .local/lib/python3/site-packages/x.pth .config/autostart/x.desktop
    .config/systemd/user/x.service .config/fish/config.fish .envrc"

ours()
{
	rm -rf "$HOME/.config/nono"
	mkdir -p "$HOME/.config/nono"
	cp -P "$SRC"/../profiles/* "$HOME/.config/nono"
	chmod go-w "$HOME"/.config/nono/*
}

# fresh: a home without anything, or with an old file at each of $files.
fresh()
{
	chmod -R u+rwX "$HOME"
	find "$HOME" -mindepth 1 -maxdepth 1 ! -name project -exec rm -rf {} +
	ours
	[ "$exist" = yes ] || return 0
	for _f in $files; do
		mkdir -p "$HOME/$(dirname "$_f")"
		[ -e "$HOME/$_f" ] || echo old >"$HOME/$_f"
	done
}

# untouched NAME FILE ...: with the profile NAME and the project granted, none
# of the files in the home can be made, written, replaced or renamed away.
untouched()
{
	_p=$1
	shift
	files="$common $*"
	for exist in no yes; do
		fresh
		# the profile makes what it protects
		"$NONO" -s -p "$_p" -a . true 2>err || fail "$_p: $(cat err)"
		cp -RP "$HOME" "$T/before"
		"$NONO" -s -p "$_p" -a . sh -c '
			cd ~
			for f; do
				d=$(dirname "$f")
				mkdir -p "$d"
				echo planted >"$f"
				echo planted >"$d/planted"
				mv "$d/planted" "$f"
				ln -s /tmp "$d/link"
				mv -T "$d/link" "$f"
				top=${f%%/*}
				mv "$top" "$top.away"
				mkdir -p "$d"
				echo planted >"$f"
			done
		' sh $files >out 2>err
		for _f in $files; do
			[ ! -e "$HOME/${_f%%/*}.away" ] ||
			    fail "$_p: ${_f%%/*} was renamed"
			_before=$(cat "$T/before/$_f" 2>/dev/null)
			[ "$(cat "$HOME/$_f" 2>/dev/null)" = "$_before" ] &&
			    [ ! -L "$HOME/$_f" ] ||
			    fail "$_p: planted $_f (exists: $exist)"
		done
		rm -rf "$T/before"
	done
	# nothing but the sandbox keeps them from that
	fresh
	for _f in $files; do
		mkdir -p "$HOME/$(dirname "$_f")" &&
		    echo planted >"$HOME/$_f" || fail "outside: $_f"
	done
}

# kept NAME FILE ...: these can be made.
kept()
{
	_p=$1
	shift
	files='' exist=no
	for _f; do
		fresh
		refused -p none -a . -- sh -c 'mkdir -p ~/"$(dirname "$1")" &&
		    echo kept >~/"$1"' sh "$_f"
		fresh
		granted -s -p "$_p" -a . sh -c 'mkdir -p ~/"$(dirname "$1")" &&
		    echo kept >~/"$1"' sh "$_f"
		[ "$(cat "$HOME/$_f")" = kept ] || fail "$_p: $_f: not there"
	done
}

test_case parse "all can be read, name themselves, and give reasons"
parse_body()
{
	setup
	ours
	for p in "$SRC"/../profiles/*; do
		name=${p##*/}
		"$NONO" --dry-run -p "$name" true >out 2>err ||
		    fail "$name: $(cat err)"
		grep -q '^profile: ' out || fail "$name: not read"
		[ -L "$p" ] || grep -q "^# $name: " "$p" ||
		    fail "$name: does not say what it is"
		# a home is never granted, nor anything outside of it
		! grep -E '^(allow|write|read) (~|\$HOME|/.*|\$TMPDIR)/*$' \
		    "$p" || fail "$name: grants too much"
		! grep -E '^(allow-unix-socket|allow-env|allow-command \*)' \
		    "$p" || fail "$name: opens too much"
	done
	for link in pip3:pip python3:python cargo:rust make:build mvn:java; do
		[ "$(readlink "$SRC/../profiles/${link%:*}")" = \
		    "${link#*:}" ] || fail "$link"
	done
}

test_case claude "Claude Code"
claude_body()
{
	setup
	untouched claude .claude.json .claude/settings.json \
	    .claude/settings.local.json .claude/agents/x.md \
	    .claude/commands/x.md .claude/skills/x/SKILL.md \
	    .claude/plugins/installed_plugins.json .claude/hooks/x.sh \
	    .claude/CLAUDE.md .claude/rules/x.md .claude/output-styles/x.md \
	    .claude/shell-snapshots/x.sh .claude/workflows/x .claude/ide/x \
	    .mcp.json .claude/local/claude
	kept claude .claude/projects/x/y.jsonl .claude/session-env/x/y \
	    .claude/sessions/1.json .claude/todos/x.json
}

test_case codex "Codex"
codex_body()
{
	setup
	untouched codex .codex/config.toml .codex/hooks.json \
	    .codex/environments.toml .codex/rules/default.rules \
	    .codex/AGENTS.md .codex/AGENTS.override.md .codex/agents/x.toml \
	    .codex/prompts/x.md .codex/skills/x/SKILL.md .codex/plugins/x/y \
	    .codex/.tmp/plugins/x .codex/packages/x/codex \
	    .codex/tmp/arg0-linux/x/apply_patch .codex/shell_snapshots/x.sh \
	    .agents/skills/x/SKILL.md
	has_view || return 0
	kept codex .codex/state_5.sqlite .codex/sessions/2026/x.jsonl \
	    .codex/auth.json
}

test_case gemini "Gemini CLI"
gemini_body()
{
	setup
	untouched gemini .gemini/settings.json .gemini/.env \
	    .gemini/trustedFolders.json .gemini/extensions/x/y.json \
	    .gemini/commands/x.toml .gemini/policies/x.toml \
	    .gemini/agents/x.md .gemini/skills/x/SKILL.md .gemini/GEMINI.md \
	    .gemini/tmp/bin/rg .gemini/mcp-server-enablement.json .env
	has_view || return 0
	kept gemini .gemini/projects.json .gemini/tmp/x/logs.json \
	    .gemini/oauth_creds.json
}

test_case opencode "OpenCode"
opencode_body()
{
	setup
	untouched opencode .config/opencode/opencode.json \
	    .config/opencode/opencode.jsonc .config/opencode/plugin/x.js \
	    .config/opencode/node_modules/x/index.js \
	    .config/opencode/AGENTS.md .config/opencode/agent/x.md \
	    .cache/opencode/bin/x .cache/opencode/packages/x/y.js \
	    .local/share/opencode/bin/x .opencode/plugin/x.js \
	    .local/share/opencode/snapshot/x/config \
	    .local/share/opencode/worktree/x/y
	has_view || return 0
	kept opencode .local/share/opencode/opencode.db \
	    .local/state/opencode/x
}

test_case aider "Aider"
aider_body()
{
	setup
	untouched aider .aider.conf.yml .env .aider.model.settings.yml \
	    .aider/x
	kept aider .aider/caches/x
}

test_case node "npm, npx, pnpm, yarn"
node_body()
{
	setup
	untouched npm .npmrc .npm/_npx/x/y.js .npm-global/bin/x .nvm/x \
	    .cache/node/corepack/x.js .local/share/pnpm/x .yarnrc .yarnrc.yml
	untouched pnpm .local/share/pnpm/x .npm/_npx/x .config/pnpm/rc
	untouched yarn .yarnrc .yarnrc.yml .yarn/releases/x.js .yarn/bin/x
	kept node .npm/_cacache/x .npm/_logs/x .cache/node-gyp/x
	kept npx .npm/_npx/x/y .npm/_cacache/x
	kept pnpm .local/share/pnpm/store/x
	kept yarn .yarn/berry/x .cache/yarn/x
}

test_case python "python, pip, uv"
python_body()
{
	setup
	untouched python .pyenv/x .config/pip/pip.conf .pip/pip.conf .pypirc \
	    .pythonrc.py
	untouched uv .config/uv/uv.toml .local/share/uv/tools/x/bin/x \
	    .local/share/uv/python/x/bin/python3
	kept pip .cache/pip/x
	kept uv .cache/uv/x .cache/pip/x
}

test_case compiled "cargo, go, java, make"
compiled_body()
{
	setup
	untouched cargo .cargo/config.toml .cargo/config .cargo/env \
	    .cargo/bin/cargo .cargo/credentials.toml .rustup/settings.toml
	untouched go .config/go/env go/bin/x
	untouched java .m2/settings.xml .m2/extensions.xml .mavenrc \
	    .m2/wrapper/dists/x .gradle/init.d/x.gradle .gradle/init.gradle \
	    .gradle/gradle.properties .gradle/wrapper/dists/x
	untouched make .makerc .ccache/x
	kept cargo .cargo/registry/x .cargo/git/x .cargo/.package-cache
	kept go .cache/go-build/x go/pkg/x
	kept mvn .m2/repository/x .gradle/caches/x
}

test_case build "make may delete what is granted, and nothing else"
build_body()
{
	setup
	ours
	prepare()
	{
		echo text >file
		echo text >"$HOME/other"
	}
	prepare
	printf 'clean:\n\trm -f file\nother:\n\trm -f ~/other\n' >Makefile
	needs make
	granted -s -a . make clean
	[ ! -e file ] || fail "not deleted"
	refused -s -p none -a . -- make clean
	refused -s -a . -- make other
	refused -s -a . -- sh -c 'make clean'
	status 126 "mount: blocked" -p build mount
}

test_case keys "installers do not get the keys of agents"
keys_body()
{
	setup
	ours
	export ANTHROPIC_API_KEY=secret OPENAI_API_KEY=secret OTHER=kept
	for p in npm npx pnpm yarn pip uv cargo go mvn; do
		granted -s -p $p env
		! grep -q secret out || fail "$p: $(grep secret out)"
		grep -q OTHER=kept out || fail "$p: drops others"
	done
	for p in claude codex gemini node python build; do
		granted -s -p $p env
		[ "$(grep -c secret out)" -eq 2 ] || fail "$p: drops keys"
	done
	granted -s -p npm -e OPENAI_API_KEY env
	[ "$(grep -c secret out)" -eq 1 ] || fail "-e: $(grep -c secret out)"
}
