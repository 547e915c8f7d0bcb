#! /usr/bin/env -S atf-sh -s /bin/sh
# Which variables the command gets to see.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# kept NAMES [option ...]: the command has all of these variables.
kept()
{
	_names=$1
	shift
	for _name in $_names; do
		export "$_name=value of $_name"
	done
	granted "$@" -- env
	for _name in $_names; do
		grep -qx "$_name=value of $_name" out ||
		    atf_fail "nono $*: $_name is dropped"
	done
}

# dropped NAMES [option ...]: it has none of them.
dropped()
{
	_names=$1
	shift
	for _name in $_names; do
		export "$_name=value of $_name"
	done
	granted "$@" -- env
	for _name in $_names; do
		! grep -q "^$_name=" out || atf_fail "nono $*: $_name is kept"
	done
	granted "$@" -- cat /proc/self/environ
	for _name in $_names; do
		! tr '\0' '\n' <out | grep -q "value of $_name" ||
		    atf_fail "nono $*: $_name is in /proc/self/environ"
	done
}

test_case credentials "variables with credentials are dropped"
credentials_body()
{
	setup
	dropped "SSH_AUTH_SOCK SSH_AGENT_PID AWS_ACCESS_KEY_ID
	    AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN GITHUB_TOKEN GH_TOKEN
	    GITLAB_TOKEN NPM_TOKEN CARGO_REGISTRY_TOKEN VAULT_TOKEN PGPASSWORD
	    MYSQL_PWD DBUS_SESSION_BUS_ADDRESS KUBECONFIG DOCKER_HOST"
}

test_case patterns "patterns of the table are dropped, not what is beside them"
patterns_body()
{
	setup
	dropped "TF_TOKEN_app_terraform_io TF_TOKEN_ TF_VAR_db_password
	    OP_SESSION_my"
	kept "TF_TOKE XTF_TOKEN_x TF_VAR_region GITHUB_TOKEN_FILE XGH_TOKEN
	    GH_TOKE gh_token AWS_REGION"
}

test_case ordinary "ordinary variables and keys of language models are kept"
ordinary_body()
{
	setup
	kept "OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY EDITOR LANG
	    ORDINARY AWS_PROFILE DATABASE_URL"
	export EMPTY='' EQUALS='a=b=c'
	granted -- env
	grep -qx EMPTY= out || atf_fail "an empty variable is lost"
	grep -qx EQUALS=a=b=c out || atf_fail "a value is changed"
	grep -qx "HOME=$HOME" out || atf_fail "HOME"
	grep -qx "TMPDIR=$TMPDIR" out || atf_fail "TMPDIR"
	grep -qx "PATH=$PATH" out || atf_fail "PATH"
}

test_case same "what is not dropped is as it was, and in the same order"
same_body()
{
	setup
	export GITHUB_TOKEN=secret
	env | grep -v -e '^_=' >before
	granted -e '*' -- env
	grep -v '^_=' out | diff before - >differ || fail "$(cat differ)"
	env -i A=1 GITHUB_TOKEN=secret B=2 AWS_SESSION_TOKEN=x C=3 \
	    PATH="$PATH" "$NONO" env >out 2>err || fail "$(cat err)"
	printf 'A=1\nB=2\nC=3\nPATH=%s\n' "$PATH" | diff - out >differ ||
	    fail "$(cat differ)"
	env -i "$NONO" /usr/bin/env >out 2>err || fail "$(cat err)"
	[ ! -s out ] || fail "from nothing: $(cat out)"
}

test_case odd "odd entries of the environment do no harm"
odd_body()
{
	setup
	env 'with space=1' 'a.b=2' '=x' GITHUB_TOKEN=secret 'GH_TOKEN[0]=3' \
	    "$NONO" /usr/bin/env >out 2>err || fail "$(cat err)"
	grep -qx 'with space=1' out || atf_fail "with space"
	grep -qx 'a.b=2' out || atf_fail "with a dot"
	! grep -q secret out || atf_fail "GITHUB_TOKEN"
	value=$(printf 'one\ntwo')
	GITHUB_TOKEN="$value" OTHER="$value" "$NONO" /usr/bin/env >out 2>err
	[ "$(grep -c two out)" -eq 1 ] || fail "lines: $(cat out)"
}

test_case keep "-e keeps a variable, a pattern or all"
keep_body()
{
	setup
	kept "GITHUB_TOKEN" -e GITHUB_TOKEN
	kept "GITHUB_TOKEN" --allow-env GITHUB_TOKEN
	kept "GITHUB_TOKEN" --allow-env=GITHUB_TOKEN
	kept "GITHUB_TOKEN GITLAB_TOKEN" -e GITHUB_TOKEN -e GITLAB_TOKEN
	kept "GITHUB_TOKEN GITLAB_TOKEN" -e 'GIT*_TOKEN'
	kept "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" -e 'AWS_*'
	kept "AWS_ACCESS_KEY_ID SSH_AUTH_SOCK TF_TOKEN_x" -e '*'
	kept "GH_TOKEN" -e 'G?_TOKEN'
	kept "TF_TOKEN_x" -e TF_TOKEN_x
}

test_case keep_only "-e keeps nothing else"
keep_only_body()
{
	setup
	dropped "GITLAB_TOKEN GITHUB_PAT" -e GITHUB_TOKEN
	dropped "GITLAB_TOKEN GITHUB_PAT" -e 'AWS_*'
	dropped "GITLAB_TOKEN GITHUB_PAT" -e GITLAB -e GITHUB_PA -e github_pat
	dropped "TF_TOKEN_y" -e TF_TOKEN_x
}

test_case drop "--drop-env drops a variable, a pattern or all"
drop_body()
{
	setup
	dropped "ORDINARY" --drop-env ORDINARY
	dropped "ORDINARY" --drop-env 'ORD*'
	dropped "OPENAI_API_KEY ANTHROPIC_API_KEY" --drop-env '*_API_KEY'
	dropped "MINE OTHER" --drop-env MINE --drop-env OTHER \
	    --drop-env ORDINARY
	kept "ORDINARY2 XORDINARY" --drop-env ORDINARY
	granted --drop-env '*' -- /usr/bin/env
	[ ! -s out ] || fail "left over: $(cat out)"
}

test_case later "of -e and --drop-env the later decides"
later_body()
{
	setup
	kept "GITHUB_TOKEN" --drop-env GITHUB_TOKEN -e GITHUB_TOKEN
	kept "ORDINARY" --drop-env ORDINARY -e ORDINARY
	kept "ORDINARY GITHUB_TOKEN" --drop-env '*' -e '*'
	kept "ORDINARY" --drop-env '*' -e 'ORD*'
	dropped "GITHUB_TOKEN" -e GITHUB_TOKEN --drop-env GITHUB_TOKEN
	dropped "GITHUB_TOKEN" -e '*' --drop-env 'GIT*'
	dropped "GITHUB_TOKEN" -e GITHUB_TOKEN --drop-env '*TOKEN'
	dropped "ORDINARY" -e ORDINARY --drop-env ORDINARY
}

test_case verbose "-v says which variables are dropped, and not their values"
verbose_body()
{
	setup
	export GITHUB_TOKEN=secret ORDINARY=secret MINE=secret
	granted -v --drop-env MINE -- true
	grep -q '^nono: drop: GITHUB_TOKEN (table: ' err || fail "$(cat err)"
	grep -q '^nono: drop: MINE (--drop-env)' err || fail "$(cat err)"
	! grep -q ORDINARY err || fail "ORDINARY: $(cat err)"
	! grep -q secret err || atf_fail "the value is printed"
	granted -v -e GITHUB_TOKEN -- true
	! grep -q 'drop: GITHUB_TOKEN' err || fail "-e: $(cat err)"
	granted --dry-run -- true
	grep -q '^drop: GITHUB_TOKEN (table: ' out || fail "$(cat out)"
}

test_case parent "the environment of nono itself is nowhere to be read"
parent_body()
{
	setup
	# what starts nono has the variable from its own start on
	looks='for p in self $$ $PPID; do
		cat /proc/$p/environ | tr "\0" "\n"
	done 2>/dev/null; echo done'
	GITHUB_TOKEN="value of it" sh -c 'sh -c "$1"; :' sh "$looks" >out 2>err
	[ "$(grep -c 'GITHUB_TOKEN=value of it$' out)" -eq 3 ] ||
	    fail "cannot be read outside, either: $(cat out err)"
	GITHUB_TOKEN="value of it" sh -c '"$1" -- sh -c "$2"; :' sh "$NONO" \
	    "$looks" >out 2>err
	grep -qx 'done' out || fail "not run: $(cat out err)"
	! grep -q "value of it" out || fail "it can be read: $(cat out)"
}
