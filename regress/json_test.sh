#! /usr/bin/env -S atf-sh -s /bin/sh
# --json: valid for any bytes, nothing lost, with the keys of the manual.
# shellcheck disable=SC2016,SC2086	# for python; lists of words

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# json PROGRAM [argument ...]: nono says something that a strict reader takes
# as one JSON object, j to the program; decode() gives the bytes of a string.
json()
{
	_program=$1
	shift
	"$NONO" "$@" >out 2>err
	[ ! -s err ] || fail "nono $*: $(cat err)"
	[ "$(wc -l <out)" -eq 1 ] || fail "not one line: nono $*"
	python3 -c '
import json, re, sys
def refuse(*args):
    raise ValueError(args)
def decode(s):
    b = s.encode()	# fails for what is no character
    return re.sub(rb"\\([0-7]{3}|\\)", lambda m: b"\\" if m[1] == b"\\" else
        bytes([int(m[1], 8)]), b)
def keys(o, *names):
    assert list(o) == list(names), (list(o), names)
text = open("out", "rb").read()
j = json.loads(text.decode(), parse_constant=refuse)
assert isinstance(j, dict)
'"$_program" 2>err || fail "nono $*: $(tail -n 3 err): $(head -c 300 out)"
}

test_case keys "the keys are those that the manual names"
keys_body()
{
	setup
	needs python3
	mkdir -p dir "$HOME/.ssh"
	echo 'read .' >profile
	json '
keys(j, "answers")
for a in j["answers"]:
    keys(a, "kind", "subject", "path", "operation", "allowed", "rule",
        "option", "note")
    assert isinstance(a["allowed"], bool)
    if a["rule"] is not None:
        keys(a["rule"], "path", "origin", "reason")
assert [a["kind"] for a in j["answers"]] == ["host", "command", "socket",
    "env", "path", "path", "path", "path"]
assert [a["operation"] for a in j["answers"]] == ["connect", "run",
    "connect", "keep", "read", "write", "read", "write"]
a = j["answers"][4]
assert a["allowed"] and a["rule"]["origin"] == "-r", a
assert a["path"].endswith("/project/dir") and a["subject"] == "dir"
a = j["answers"][6]
assert not a["allowed"] and a["rule"]["origin"] == "table", a
assert a["rule"]["reason"] == "SSH keys and configuration"
assert a["option"].startswith("-r /"), a
' why --json -r . --host x --command rm --socket s --env A dir "$HOME/.ssh"
	json '
keys(j, "system", "release", "features")
for f in j["features"]:
    keys(f, "name", "state", "needed", "reason", "remedy")
    assert f["state"] in ("yes", "partly", "no")
assert j["features"][0]["name"] == "files"
assert j["features"][-1]["name"] == "all of it"
' check --json
	export GITHUB_TOKEN=x
	json '
keys(j, "command", "profiles", "rules", "sockets", "blocked", "network",
    "dropped", "enforcement")
assert j["command"].endswith("/true")
for p in j["profiles"]:
    keys(p, "path", "origin")
assert j["profiles"][0]["origin"] == "-p"
for r in j["rules"]:
    keys(r, "path", "rights", "origin", "reason")
    assert set(r["rights"]) <= {"read", "write"}
for s in j["sockets"] + j["blocked"]:
    keys(s, "path", "origin", "reason")
assert any(b["path"].endswith("/rm") for b in j["blocked"])
assert j["network"] is False
for d in j["dropped"]:
    keys(d, "name", "origin", "reason")
assert "GITHUB_TOKEN" in [d["name"] for d in j["dropped"]]
kinds = set()
for e in j["enforcement"]:
    keys(e, "kind", "text")
    kinds.add(e["kind"])
assert {"view", "landlock", "seccomp"} <= kinds, kinds
' --dry-run --json -s -n -u / -p ./profile true
	# and the manual has them all
	tr , '\n' <out | sed -n 's/.*"\([a-z]*\)":.*/\1/p' | sort -u >keys
	while read -r key; do
		grep -q "^\.Va $key\b\|Va $key\b" "$SRC/../nono.1" ||
		    fail "$key: not in the manual"
	done <keys
}

test_case same "it says what the text says"
same_body()
{
	setup
	needs python3
	mkdir dir
	export GITHUB_TOKEN=x
	"$NONO" -s --dry-run -a . -d dir -n true >text || atf_fail "text"
	export TEXT="$PWD/text"
	json '
import os
text = [l.rstrip("\n") for l in open(os.environ["TEXT"])]
rules = [l for l in text if l.startswith("rule: ")]
assert len(rules) == len(j["rules"]) > 10
for l, r in zip(rules, j["rules"]):
    rights = ",".join(r["rights"]) or "none"
    assert l.startswith("rule: %s %s (%s" % (rights, r["path"],
        r["origin"])), (l, r)
blocked = [l for l in text if l.startswith("block: ")]
assert len(blocked) == len(j["blocked"]) > 10
drops = [l for l in text if l.startswith("drop: ")]
assert len(drops) == len(j["dropped"]) > 0
rest = [l for l in text if l.split(":")[0] in ("view", "landlock", "seccomp",
    "capabilities", "gap", "loss", "carve", "privileges", "descriptors")]
def lasting(lines):	# sockets and files come and go
    return [l for l in lines if ": covered: " not in l and
        not re.search(" [0-9]+ (entries|rules)", l)]
there = ["%s: %s" % (e["kind"], e["text"]) for e in j["enforcement"]]
assert lasting(rest) == lasting(there), (rest, there)
assert len(lasting(rest)) > 5
' -s --dry-run --json -a . -d dir -n true
}

test_case bytes "paths of any bytes"
bytes_body()
{
	setup
	needs python3
	# every byte but / and NUL, and what is nearly UTF-8
	python3 - >names <<-'END'
	import os, sys
	names = [bytes([b]) for b in range(1, 256) if b not in b'/.']
	names += [b'"', b'\\', b'\\134', b'\\\\', b'\\u0041', b'a\\', b'\t\n\r',
	    'h\u00e4\u20ac\U0001f600'.encode(), b'\xc0\xaf', b'\xe0\x80\xaf',
	    b'\xed\xa0\x80', b'\xf0\x80\x80\x80', b'\xf4\x90\x80\x80', b'\xf8',
	    b'\xe2\x82', b'\xc3', b'\xff\xfe', b'\x7f', b'\xc2\x80',
	    '\u2028\ufeff\ufffe'.encode(), b'x' * 200 + b'\xf0\x9f']
	for n in names:
	    os.mkdir(b'_' + n)
	    print((b'_' + n).hex())
	END
	cat >check.py <<-'END'
	import json, os, re, subprocess, sys
	def decode(s):
	    return re.sub(rb'\\([0-7]{3}|\\)', lambda m: b'\\' if m[1] ==
	        b'\\' else bytes([int(m[1], 8)]), s.encode())
	nono, here = os.environb[b'NONO'], os.getcwdb()
	names = [bytes.fromhex(l) for l in open('names')]
	def run(*args):
	    r = subprocess.run([nono, *args], stdout=subprocess.PIPE)
	    return r.returncode, json.loads(r.stdout.decode())
	status, j = run(b'why', b'--json', b'--op', b'read', *names)
	assert status == 1 and len(j['answers']) == len(names)
	for a, n in zip(j['answers'], names):
	    assert decode(a['subject']) == n, (a, n)
	    assert decode(a['path']) == os.path.join(here, n), (a, n)
	    # the option is quoted for a shell
	    said = subprocess.run([b'sh', b'-c', b'set -- ' +
	        decode(a['option']) + b'; printf "%s." "$2"'],
	        stdout=subprocess.PIPE).stdout
	    assert said == n + b'.', (said, n)
	for i in range(0, len(names), 40):
	    grants = [w for n in names[i:i + 40] for w in (b'-r', n)]
	    status, j = run(b'-s', b'--dry-run', b'--json', *grants, b'true')
	    there = {decode(r['path']) for r in j['rules']}
	    assert there >= {os.path.join(here, n) for n in names[i:i + 40]}
	for n in names:
	    status, j = run(b'why', b'--json', b'--env', n, b'--host',
	        b'h' + n.replace(b':', b''), b'--command', n, b'--socket', n) \
	        if b'=' not in n else (1, {'answers': [{'subject':
	        re.sub(rb'\\', rb'\\\\', n).decode()}]})
	    assert decode(j['answers'][0]['subject']) == n, (j, n)
	END
	NONO=$NONO python3 check.py 2>err || fail "$(tail -n 4 err)"
}

test_case bytes_profile "profiles with any bytes in their names"
bytes_profile_body()
{
	setup
	needs python3
	mkdir dir
	name=$(printf '\377"\\\n.')
	echo 'read dir' >"$name"
	json '
assert decode(j["profiles"][0]["path"]).endswith(b"/\xff\"\\\n."), j
r = [r for r in j["rules"] if r["path"].endswith("/dir")][0]
assert decode(r["origin"]) == b"./\xff\"\\\n.:1: read", r
' --dry-run --json -p "./$name" true
}
