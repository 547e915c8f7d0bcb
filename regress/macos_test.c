/*
 * Copyright (c) 2026 The nono authors
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/*
 * The macOS backend: its profiles, read and evaluated here as the kernel
 * would, against the policy; and its calls, which end up in recorders.
 */

#include <sys/resource.h>
#include <sys/socket.h>

#include <errno.h>
#include <regex.h>
#include <signal.h>
#include <stdint.h>

#include "backend.h"
#include "bsd.h"
#include "macos.h"

/*
 * A reader of S-expressions, as strict as can be: a string has no escapes and
 * only printable characters.
 */

struct node {
	enum { LIST, SYMBOL, STRING, REGEX } kind;
	char		*s;
	struct node	*child, *next;
};

static const char *
skip(const char *s)
{
	while (*s == ' ' || *s == '\n' || *s == ';')
		if (*s == ';')
			s += strcspn(s, "\n");
		else
			s++;
	return s;
}

static char *
copy(const char *s, size_t n)
{
	return xasprintf("%.*s", (int)n, s);
}

static struct node *read_list(const char **);

static struct node *
read_node(const char **at)
{
	struct node *n = calloc(1, sizeof(*n));
	const char *s = *at;
	size_t len;

	ATF_REQUIRE(n != NULL);
	if (*s == '(') {
		*at = s + 1;
		n->child = read_list(at);
		ATF_REQUIRE_MSG(**at == ')', "not closed: %.40s", s);
		++*at;
		return n;
	}
	n->kind = *s == '"' ? STRING : s[0] == '#' && s[1] == '"' ? REGEX :
	    SYMBOL;
	if (n->kind == SYMBOL)
		len = strspn(s, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-*?'#");
	else {
		s += n->kind == STRING ? 1 : 2;
		for (len = 0; s[len] != '"'; len++)
			ATF_REQUIRE_MSG(s[len] >= ' ' && s[len] <= '~' &&
			    s[len] != '\\', "in a string: %d", s[len]);
	}
	ATF_REQUIRE_MSG(len > 0, "cannot be read: %.40s", s);
	n->s = copy(s, len);
	*at = s + len + (n->kind != SYMBOL);
	return n;
}

/* Up to a closing parenthesis or the end. */
static struct node *
read_list(const char **at)
{
	struct node *first = NULL, **where = &first;

	for (*at = skip(*at); **at != ')' && **at != '\0'; *at = skip(*at)) {
		*where = read_node(at);
		where = &(*where)->next;
	}
	return first;
}

static void
free_nodes(struct node *n)
{
	struct node *next;

	for (; n != NULL; n = next) {
		next = n->next;
		free_nodes(n->child);
		free(n->s);
		free(n);
	}
}

/*
 * An evaluator.
 */

struct access {
	const char	*operation;
	const char	*path;		/* of a file or a socket */
	const char	*socket;	/* "remote unix-socket", "local ip" */
	const char	*name;		/* of a service, a domain, ... */
	bool		 same;		/* sandbox */
	bool		 own_pty;
};

struct sandbox {
	struct sbpl	 profile;
	struct node	*forms;
	const char	*lacks;		/* a name that is not defined */
};

static const char *const operations[] = {
	"default", "file-read*", "file-read-data", "file-read-metadata",
	"file-map-executable", "file-clone", "file-link", "file-write*",
	"file-write-create", "file-write-unlink", "file-write-setugid",
	"file-ioctl", "ipc-posix-shm-write*", "process-exec*", "process-fork", "process-info*",
	"signal", "sysctl-read", "sysctl-write", "system-info",
	"system-fsctl", "file-test-existence",
	"system-socket", "ipc-posix-sem*", "ipc-posix-shm*",
	"user-preference-read", "pseudo-tty", "network-outbound",
	"network-bind", "network-inbound", "mach-lookup"
};

static bool
is(const struct node *n, const char *s)
{
	return n != NULL && n->kind == SYMBOL && strcmp(n->s, s) == 0;
}

/* A string, or a parameter's. */
static const char *
value(const struct sandbox *sb, const struct node *n)
{
	const char *const *p;

	ATF_REQUIRE(n != NULL);
	if (n->kind == STRING)
		return n->s;
	ATF_REQUIRE(n->kind == LIST && is(n->child, "param"));
	for (p = sb->profile.parameters; *p != NULL; p += 2)
		if (strcmp(p[0], n->child->next->s) == 0)
			return p[1];
	atf_tc_fail("no parameter %s", n->child->next->s);
}

static bool
subpath(const char *path, const char *top)
{
	size_t n = strcmp(top, "/") == 0 ? 0 : strlen(top);

	return strncmp(path, top, n) == 0 && (path[n] == '/' ||
	    path[n] == '\0');
}

static bool
regex(const char *path, const char *pattern)
{
	regex_t re;
	bool found;

	ATF_REQUIRE(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) == 0);
	found = regexec(&re, path, 0, NULL, 0) == 0;
	regfree(&re);
	return found;
}

static bool
matches(const struct sandbox *sb, const struct node *f,
    const struct access *a)
{
	const struct node *head, *arg;
	char *socket;
	bool is_socket;

	ATF_REQUIRE(f->kind == LIST && f->child != NULL);
	head = f->child;
	arg = head->next;
	if (is(head, "require-all")) {
		for (; arg != NULL; arg = arg->next)
			if (!matches(sb, arg, a))
				return false;
		return true;
	}
	if (is(head, "remote") || is(head, "local")) {
		socket = xasprintf("%s %s", head->s, arg->s);
		is_socket = a->socket != NULL && strcmp(a->socket, socket) == 0;
		free(socket);
		return is_socket && (arg->next == NULL ||
		    matches(sb, arg->next, a));
	}
	if (is(head, "target")) {
		ATF_REQUIRE(is(arg, "same-sandbox"));
		return a->same;
	}
	if (is(head, "extension"))
		return a->own_pty &&
		    strcmp(value(sb, arg), "com.apple.sandbox.pty") == 0;
	if (is(head, "global-name") || is(head, "preference-domain") ||
	    is(head, "sysctl-name"))
		return a->name != NULL && strcmp(a->name, value(sb, arg)) == 0;
	if (is(head, "sysctl-name-prefix") ||
	    is(head, "ipc-posix-name-prefix"))
		return a->name != NULL && strncmp(a->name, value(sb, arg),
		    strlen(value(sb, arg))) == 0;
	if (is(head, "socket-domain") || is(head, "ioctl-command") ||
	    is(head, "fsctl-command"))
		return a->name != NULL && is(arg, a->name);
	if (is(head, "literal"))
		return a->path != NULL && strcmp(a->path, value(sb, arg)) == 0;
	if (is(head, "subpath"))
		return a->path != NULL && subpath(a->path, value(sb, arg));
	if (is(head, "regex")) {
		ATF_REQUIRE(arg->kind == REGEX);
		return a->path != NULL && regex(a->path, arg->s);
	}
	atf_tc_fail("filter %s is not known", head->s);
}

static bool
covers(const char *operation, const char *asked)
{
	size_t n = strlen(operation);

	return strcmp(operation, asked) == 0 ||
	    strcmp(operation, "default") == 0 || (operation[n - 1] == '*' &&
	    strncmp(operation, asked, n - 1) == 0);
}

/* What one rule makes of a decision. */
static bool
apply_rule(const struct sandbox *sb, const struct node *form,
    const struct access *a, bool decision)
{
	const struct node *head = form->child, *n;
	bool covered = false, matched = false;

	if (is(head, "if")) {
		n = head->next;
		ATF_REQUIRE(is(n->child, "defined?"));
		ATF_REQUIRE(n->child->next->s[0] == '\'');
		/* then and else, or nothing */
		n = sb->lacks != NULL && strcmp(sb->lacks,
		    n->child->next->s + 1) == 0 ? n->next->next : n->next;
		return n == NULL || is(n, "#t") ? decision :
		    apply_rule(sb, n, a, decision);
	}
	if (is(head, "define"))
		return decision;
	ATF_REQUIRE(is(head, "allow") || is(head, "deny"));
	for (n = head->next; n != NULL && n->kind == SYMBOL; n = n->next)
		covered |= covers(n->s, a->operation);
	if (!covered)
		return decision;
	for (matched = n == NULL; n != NULL && !matched; n = n->next)
		matched = matches(sb, n, a);
	return matched ? is(head, "allow") : decision;
}

static bool
allowed(const struct sandbox *sb, const struct access *a)
{
	const struct node *n;
	bool decision = true;

	ATF_REQUIRE(sb->forms != NULL);
	/* the first form is the version */
	for (n = sb->forms->next; n != NULL; n = n->next)
		decision = apply_rule(sb, n, a, decision);
	return decision;
}

static bool
file(const struct sandbox *sb, const char *operation, const char *path)
{
	return allowed(sb, &(struct access){ .operation = operation,
	    .path = path });
}

static void
make_sandbox(struct sandbox *sb, const struct policy *p)
{
	const char *at;

	sbpl_make(&sb->profile, p);
	ATF_REQUIRE_EQ(strlen(sb->profile.text), sb->profile.size);
	at = sb->profile.text;
	sb->forms = read_list(&at);
	ATF_REQUIRE_MSG(*at == '\0', "closed twice: %.40s", at);
	ATF_REQUIRE(sb->forms != NULL && is(sb->forms->child, "version"));
	sb->lacks = NULL;
}

static void
free_sandbox(struct sandbox *sb)
{
	size_t i;

	for (i = 0; i < 2 * sb->profile.n; i++)
		free((char *)(uintptr_t)sb->profile.parameters[i]);
	free(sb->profile.parameters);
	free(sb->profile.text);
	free_nodes(sb->forms);
}

/*
 * Renderings.
 */

ATF_TC_WITHOUT_HEAD(golden);
ATF_TC_BODY(golden, tc)
{
	struct sbpl pr;
	struct policy p;
	char *all, *files, *end;
	size_t size, i, j;
	FILE *f = open_memstream(&all, &size);

	for (i = 0; i < NSAMPLES; i++) {
		make_sample(&p, &samples[i]);
		sbpl_make(&pr, &p);
		files = strstr(pr.text, "; files\n");
		end = strstr(pr.text, "; for all files");
		ATF_REQUIRE(files != NULL && end != NULL);
		if (i == 0)
			fprintf(f, "== what all begin and end with\n%.*s"
			    "...\n%s\n", (int)(files - pr.text), pr.text, end);
		fprintf(f, "== %s\n%.*s", samples[i].title, (int)(end - files),
		    files);
		for (j = 0; j < pr.n; j++)
			fprintf(f, "%s=%s\n", pr.parameters[2 * j],
			    pr.parameters[2 * j + 1]);
		putc('\n', f);
		free(pr.text);
		free_policy(&p);
	}
	fclose(f);
	check_golden(tc, "macos.golden", all);
	free(all);
}

static void
check_form(const struct node *form)
{
	const struct node *n = form->child;
	size_t i;

	if (is(n, "if")) {
		for (n = n->next->next; n != NULL; n = n->next)
			if (!is(n, "#t"))
				check_form(n);
		return;
	}
	ATF_REQUIRE(is(n, "allow") || is(n, "deny") || is(n, "define"));
	for (n = n->next; n != NULL && n->kind == SYMBOL; n = n->next)
		for (i = 0; strcmp(operations[i], n->s) != 0;)
			ATF_REQUIRE_MSG(++i < sizeof(operations) /
			    sizeof(operations[0]), "operation %s", n->s);
}

/* Nothing but rules, of operations that are known, after a denial of all. */
ATF_TC_WITHOUT_HEAD(shape);
ATF_TC_BODY(shape, tc)
{
	struct sandbox sb;
	struct policy p;
	const struct node *n;
	size_t i;

	(void)tc;
	for (i = 0; i < NSAMPLES; i++) {
		make_sample(&p, &samples[i]);
		make_sandbox(&sb, &p);
		n = sb.forms->next;
		ATF_REQUIRE(is(n->child, "deny") &&
		    is(n->child->next, "default") &&
		    n->child->next->next == NULL);
		for (n = n->next; n != NULL; n = n->next)
			check_form(n);
		free_sandbox(&sb);
		free_policy(&p);
	}
}

/*
 * The answers: those of the policy, and nothing can be moved to where others
 * hold.
 */

static void
check_path(const struct sandbox *sb, const struct policy *p,
    const struct tree *t, size_t i, const unsigned rights[])
{
	const char *path = t->paths[i];
	unsigned above = i == 0 ? 0 : rights[(i - 1) / NAMES];
	bool reads = rights[i] & RIGHT_READ, writes = rights[i] & RIGHT_WRITE;
	bool alike = i == 0 || rights[i] == above;
	size_t j;

	/* beneath it, too */
	for (j = i; j < t->n && alike; j++)
		if (subpath(t->paths[j], path))
			alike = rights[j] == rights[i];
#define SAME(expected, operation) \
	ATF_CHECK_MSG((expected) == file(sb, operation, path), \
	    "%s %s: not %d in:\n%s", operation, path, expected, \
	    sb->profile.text)
	/* the loader opens it */
	if (i != 0)
		SAME(reads, "file-read-data");
	SAME(reads, "file-read-xattr");
	SAME(reads, "process-exec*");
	SAME(reads, "file-map-executable");
	SAME(reads, "file-clone");
	SAME(true, "file-read-metadata");
	SAME(true, "file-test-existence");
	SAME(writes, "file-write-data");
	SAME(writes, "file-write-mode");
	SAME(false, "file-write-setugid");
	SAME(rights[i] == BOTH, "file-link");
	if (i != 0) {
		SAME(writes && alike, "file-write-create");
		SAME(rights[i] == BOTH && alike, "file-write-unlink");
	}
	ATF_CHECK_EQ(writes, allowed(sb, &(struct access){
	    .operation = "network-bind", .path = path,
	    .socket = "local unix-socket" }));
	ATF_CHECK(!allowed(sb, &(struct access){
	    .operation = "network-outbound", .path = path,
	    .socket = "remote unix-socket" }));
	ATF_CHECK_EQ(!p->net_off, allowed(sb, &(struct access){
	    .operation = "network-outbound", .socket = "remote ip" }));
}

ATF_TC_WITHOUT_HEAD(answers);
ATF_TC_BODY(answers, tc)
{
	struct sandbox sb;
	struct policy p;
	struct tree t;
	unsigned rights[TREE], seen[4] = { 0 };
	size_t i;
	int round;

	(void)tc;
	for (round = 0; round < 400; round++) {
		srand((unsigned)round);
		make_tree(&t);
		random_policy(&p, &t);
		make_sandbox(&sb, &p);
		for (i = 0; i < t.n; i++)
			seen[rights[i] = says(&p, t.paths[i])]++;
		for (i = 0; i < t.n; i++)
			check_path(&sb, &p, &t, i, rights);
		free_sandbox(&sb);
		free_policy(&p);
		free_tree(&t);
	}
	for (i = 0; i < 4; i++)
		ATF_CHECK_MSG(seen[i] > 1000, "rights %zu: hardly met", i);
}

static void
check_real(const struct sandbox *sb, const struct policy *p, const char *path)
{
	unsigned rights = says(p, path);

	ATF_CHECK_EQ_MSG((rights & RIGHT_READ) != 0, strcmp(path, "/") == 0 ||
	    file(sb, "file-read-data", path), "reading %s", path);
	ATF_CHECK_EQ_MSG((rights & RIGHT_WRITE) != 0,
	    file(sb, "file-write-data", path), "writing %s", path);
}

/* The whole tables, at and beneath each rule. */
ATF_TC_WITHOUT_HEAD(real);
ATF_TC_BODY(real, tc)
{
	static const struct {
		const char	*path, *operation;
		bool		 allowed;
	} probes[] = {
		{ ".ssh/id", "file-read-data", false },
		{ ".ssh", "file-write-unlink", false },
		{ ".aws/config", "file-write-create", false },	/* is absent */
		{ ".config/op", "file-write-create", false },
		{ ".config", "file-write-unlink", false },
		{ ".config", "file-write-create", false },
		{ ".local", "file-write-create", false },	/* is absent */
		{ ".local/bin", "file-write-create", true },
		{ ".config/other", "file-write-unlink", true },
		{ ".netrc", "file-read-data", false },
		{ ".cargo/credentials", "file-link", false },
		{ ".cargo/registry", "file-write-create", true },
		{ ".cargo", "file-write-unlink", false },
		{ "project", "file-write-unlink", false },
		{ "project/.aws/x", "file-read-data", false },
		{ "project/x", "file-read-data", true },
		{ "project/x", "file-write-data", false },
		{ "project/x", "file-write-unlink", false },
		{ "project/y", "file-write-unlink", true }
	};
	const struct rules *sides[2];
	struct policy p;
	struct sandbox sb;
	char *path;
	size_t i, j;

	(void)tc;
	real_policy(&p);
	make_sandbox(&sb, &p);
	sides[0] = &p.user;
	sides[1] = &p.table;
	for (i = 0; i < 2; i++)
		for (j = 0; j < sides[i]->n; j++) {
			check_real(&sb, &p, sides[i]->v[j].path);
			path = path_join(sides[i]->v[j].path, "x");
			check_real(&sb, &p, path);
			free(path);
		}
	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		path = path_join(base, probes[i].path);
		ATF_CHECK_EQ_MSG(probes[i].allowed, file(&sb,
		    probes[i].operation, path), "%s %s", probes[i].operation,
		    path);
		free(path);
	}
	ATF_CHECK(!file(&sb, "process-exec*", real_blocked(&p)));
	ATF_CHECK(!file(&sb, "file-read-data", real_blocked(&p)));
	ATF_CHECK(file(&sb, "process-exec*", "/usr/bin/no-such-command"));
	free_sandbox(&sb);
}

/* /private/tmp is /tmp, whichever of them the kernel sees. */
ATF_TC_WITHOUT_HEAD(links);
ATF_TC_BODY(links, tc)
{
	static const char *const paths[] = {
		"/tmp", "/tmp/x/y", "/tmp/x", "/var/folders/z", "/etc/passwd",
		"/etc/master.passwd", "/tmpx", "/variable", "/tmp/.X11-unix/X0"
	};
	static const char *const ops[] = {
		"file-read-data", "file-write-data", "file-write-create",
		"file-write-unlink", "file-link", "process-exec*"
	};
	struct policy p = { .net_off = false };
	struct sandbox sb;
	char *private;
	size_t i, j;

	(void)tc;
	add_rule(&p.table, "/private/etc/", RIGHT_READ, 0, "table");
	add_rule(&p.table, "/private/etc/master.passwd", 0, LIMIT, "table");
	add_rule(&p.table, "/private/tmp/", BOTH, 0, "table");
	add_rule(&p.user, "/private/tmp/x/y/", 0, 0, "-d");
	add_rule(&p.sockets, "/private/tmp/.X11-unix/X0", 0, 0, "-u");
	rules_sort(&p.table);
	make_sandbox(&sb, &p);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		private = xasprintf("/private%s", paths[i]);
		for (j = 0; j < sizeof(ops) / sizeof(ops[0]); j++)
			ATF_CHECK_EQ_MSG(file(&sb, ops[j], private),
			    file(&sb, ops[j], paths[i]), "%s %s", ops[j],
			    private);
		ATF_CHECK_EQ(strstr(paths[i], "X0") != NULL, allowed(&sb,
		    &(struct access){ .operation = "network-outbound",
		    .path = private, .socket = "remote unix-socket" }));
		free(private);
	}
	ATF_CHECK(file(&sb, "file-read-data", "/private/etc/passwd"));
	ATF_CHECK(!file(&sb, "file-read-data", "/private/etc/master.passwd"));
	ATF_CHECK(file(&sb, "file-write-unlink", "/tmp/x/z"));
	ATF_CHECK(!file(&sb, "file-write-unlink", "/tmp/x"));
	free_sandbox(&sb);
	free_policy(&p);
	/* that is not one of them */
	p = (struct policy){ .net_off = true };
	add_rule(&p.user, "/private/tmpx/", BOTH, 0, "-a");
	make_sandbox(&sb, &p);
	ATF_CHECK(file(&sb, "file-write-data", "/private/tmpx/y"));
	ATF_CHECK(!file(&sb, "file-write-data", "/tmpx/y"));
	free_sandbox(&sb);
	free_policy(&p);
}

/* Bytes that could be syntax are in no rule, but in parameters. */
ATF_TC_WITHOUT_HEAD(hostile);
ATF_TC_BODY(hostile, tc)
{
	struct policy p = { .net_off = false };
	struct sandbox sb;
	char path[8], out[16];
	int c;

	(void)tc;
	for (c = 1; c < 256; c++) {
		if (c == '/')
			continue;
		sprintf(path, "/x%cy", c);
		sprintf(out, "/x%cyz", c);
		p = (struct policy){ .net_off = false };
		add_rule(&p.user, path, BOTH, 0, "-a");
		make_sandbox(&sb, &p);	/* reads strictly */
		ATF_CHECK_MSG(file(&sb, "file-write-data", path), "%d", c);
		ATF_CHECK_MSG(!file(&sb, "file-write-data", out), "%d", c);
		ATF_CHECK(!file(&sb, "file-write-data", "/x"));
		ATF_CHECK_EQ(c < ' ' || c > '~' || c == '"' || c == '\\',
		    sb.profile.n > 0);
		free_sandbox(&sb);
		free_policy(&p);
	}
}

/*
 * What is not a file.
 */

static bool
other(const struct sandbox *sb, const char *operation, const char *name)
{
	return allowed(sb, &(struct access){ .operation = operation,
	    .name = name });
}

ATF_TC_WITHOUT_HEAD(processes);
ATF_TC_BODY(processes, tc)
{
	static const char *const ops[] = { "signal", "process-info-pidinfo" };
	struct sandbox sb;
	struct policy p;
	size_t i;

	(void)tc;
	make_sample(&p, &samples[0]);
	make_sandbox(&sb, &p);
	for (i = 0; i < 2; i++) {
		ATF_CHECK(!allowed(&sb, &(struct access){ ops[i],
		    .same = false }));
		ATF_CHECK(allowed(&sb, &(struct access){ ops[i],
		    .same = true }));
	}
	ATF_CHECK(other(&sb, "process-fork", NULL));
	ATF_CHECK(other(&sb, "sysctl-read", "hw.ncpu"));
	ATF_CHECK(!other(&sb, "sysctl-read", "kern.procargs2"));
	ATF_CHECK(!other(&sb, "sysctl-read", "kern.procargs2.1"));
	ATF_CHECK(!other(&sb, "sysctl-write", "kern.hostname"));
	ATF_CHECK(other(&sb, "sysctl-write", "kern.grade_cputype"));
	ATF_CHECK(!other(&sb, "system-fsctl", "APFSIOC_REVERT_TO_SNAPSHOT"));
	ATF_CHECK(other(&sb, "ipc-posix-shm-write-data", "/own"));
	ATF_CHECK(other(&sb, "ipc-posix-shm-read-data",
	    "apple.shm.notification_center"));
	ATF_CHECK(!other(&sb, "ipc-posix-shm-write-data",
	    "apple.shm.notification_center"));
	ATF_CHECK(!other(&sb, "lsopen", NULL));
	ATF_CHECK(!other(&sb, "appleevent-send", NULL));
	ATF_CHECK(!other(&sb, "job-creation", NULL));
	ATF_CHECK(!other(&sb, "mach-priv-task-port", NULL));
	ATF_CHECK(!other(&sb, "file-mount", NULL));
	ATF_CHECK(!other(&sb, "user-preference-read", "com.apple.Safari"));
	free_sandbox(&sb);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(services);
ATF_TC_BODY(services, tc)
{
	static const char *const never[] = {
		"com.apple.SecurityServer", "com.apple.securityd",
		"com.apple.securityd.xpc", "com.apple.secd",
		"com.apple.security.keychaind", "com.apple.security.agent",
		"com.apple.coreservices.launchservicesd",
		"com.apple.pasteboard.1", "com.apple.tccd"
	};
	struct policy p = { .net_off = false };
	struct sandbox sb;
	size_t i;

	(void)tc;
	for (p.net_off = false;; p.net_off = true) {
		make_sandbox(&sb, &p);
		for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			ATF_CHECK_MSG(!other(&sb, "mach-lookup", never[i]),
			    "%s", never[i]);
		ATF_CHECK(other(&sb, "mach-lookup",
		    "com.apple.system.opendirectoryd.libinfo"));
		ATF_CHECK_EQ(!p.net_off, other(&sb, "mach-lookup",
		    "com.apple.trustd.agent"));
		free_sandbox(&sb);
		if (p.net_off)
			break;
	}
}

ATF_TC_WITHOUT_HEAD(network);
ATF_TC_BODY(network, tc)
{
	static const char dns[] = "/private/var/run/mDNSResponder";
	static const struct access ip[] = {
		{ .operation = "network-outbound", .socket = "remote ip" },
		{ .operation = "network-inbound", .socket = "local ip" },
		{ .operation = "network-bind", .socket = "local ip" },
		{ .operation = "system-socket", .name = "AF_SYSTEM" },
		{ .operation = "network-outbound", .path = dns,
		    .socket = "remote unix-socket" },
		{ .operation = "network-outbound", .path = dns + 8,
		    .socket = "remote unix-socket" }
	};
	struct policy p = { .net_off = false };
	struct sandbox on, off;
	size_t i;

	(void)tc;
	make_sandbox(&on, &p);
	p.net_off = true;
	make_sandbox(&off, &p);
	for (i = 0; i < sizeof(ip) / sizeof(ip[0]); i++) {
		ATF_CHECK_MSG(allowed(&on, &ip[i]), "%zu", i);
		ATF_CHECK_MSG(!allowed(&off, &ip[i]), "%zu", i);
	}
	ATF_CHECK(other(&off, "system-socket", "AF_UNIX"));
	free_sandbox(&on);
	free_sandbox(&off);
}

ATF_TC_WITHOUT_HEAD(sockets);
ATF_TC_BODY(sockets, tc)
{
	struct policy p = { .net_off = true };
	struct access a = { .operation = "network-outbound",
	    .socket = "remote unix-socket" };
	struct sandbox sb;
	size_t i;
	static const struct {
		const char	*path;
		bool		 open;
	} probes[] = {
		{ "/run/one", true }, { "/run/one/x", true },
		{ "/run/two", false }, { "/run/onetwo", false },
		{ "/run", false }, { "/w/own", false }, { "/w/d/s", true }
	};

	(void)tc;
	add_rule(&p.user, "/w/", BOTH, 0, "-a");
	add_rule(&p.user, "/w/d/", RIGHT_READ, 0, "-r");
	add_rule(&p.sockets, "/run/one", 0, 0, "-u");
	add_rule(&p.sockets, "/w/d/", 0, 0, "-u");
	rules_sort(&p.user);
	make_sandbox(&sb, &p);
	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		a.path = probes[i].path;
		ATF_CHECK_EQ_MSG(probes[i].open, allowed(&sb, &a), "%s",
		    a.path);
	}
	a.operation = "network-bind";
	a.socket = "local unix-socket";
	a.path = "/w/own";
	ATF_CHECK(allowed(&sb, &a));
	a.path = "/w/d/s";
	ATF_CHECK(!allowed(&sb, &a));
	free_sandbox(&sb);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(terminals);
ATF_TC_BODY(terminals, tc)
{
	struct policy p = { .net_off = false };
	struct access a = { .operation = "file-ioctl" };
	struct sandbox sb;

	(void)tc;
	add_rule(&p.user, "/", BOTH, 0, "-a");
	add_rule(&p.table, "/dev/", 0, LIMIT, "table");
	add_rule(&p.table, "/dev/ptmx", BOTH, 0, "table");
	rules_sort(&p.table);
	make_sandbox(&sb, &p);
	a.path = "/dev/ttys003";
	a.name = "TIOCSETA";
	ATF_CHECK(allowed(&sb, &a));
	a.name = "TIOCSTI";
	ATF_CHECK(!allowed(&sb, &a));
	/* where it cannot be named, all of them go */
	sb.lacks = "TIOCSTI";
	ATF_CHECK(!allowed(&sb, &a));
	a.name = "TIOCSETA";
	ATF_CHECK(!allowed(&sb, &a));
	sb.lacks = NULL;
	a.path = "/dev/disk0";
	ATF_CHECK(!allowed(&sb, &a));
	/* only those made inside open */
	a = (struct access){ .operation = "file-write-data",
	    .path = "/dev/ttys003" };
	ATF_CHECK(!allowed(&sb, &a));
	a.own_pty = true;
	ATF_CHECK(allowed(&sb, &a));
	a.path = "/dev/ttys003x";
	ATF_CHECK(!allowed(&sb, &a));
	free_sandbox(&sb);
	free_policy(&p);
}

/*
 * What is said beforehand.
 */

static char *
render(const struct policy *p)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	backend_render(p, f);
	fclose(f);
	return text;
}

ATF_TC_WITHOUT_HEAD(check);
ATF_TC_BODY(check, tc)
{
	struct policy p = { .net_off = true };
	char *text;
	size_t i;

	(void)tc;
	for (i = 0; i < NSAMPLES; i++) {
		make_sample(&p, &samples[i]);
		backend_check(&p);
		free_policy(&p);
	}
	p = (struct policy){ .net_off = true };
	add_rule(&p.user, "/System/Volumes/Data/Users/", RIGHT_READ, 0, "-r");
	ATF_CHECK(dies(backend_check, &p));
	ATF_CHECK_STREQ("-r: /System/Volumes/Data/Users: the kernel has "
	    "another path for it; name it without /System/Volumes/Data", died);
	free_policy(&p);

	p = (struct policy){ .net_off = true };
	add_rule(&p.user, "/w/", RIGHT_WRITE, 0, "-w");
	add_rule(&p.user, "/x\n/", RIGHT_READ, 0, "-r");
	add_command(&p, "/bin/rm", "/bin/busybox", true);
	text = render(&p);
	ATF_CHECK(strstr(text, "sandbox: (deny default)\n") != NULL);
	ATF_CHECK(strstr(text, "parameter: P0 is /x\n\n") != NULL);
	ATF_CHECK(strstr(text, "loss: /w: nothing in it can be removed or "
	    "renamed, for it may be written but not read\n") != NULL);
	ATF_CHECK(strstr(text, "gap: /bin/rm: blocked by name only") != NULL);
	ATF_CHECK(strstr(text, "internet sockets too") != NULL);
	free(text);
	free_policy(&p);
	ATF_CHECK(backend_blocked("rm") == NULL);
}

/*
 * The calls: these functions take the place of the system's.
 */

static char	calls[8192];		/* in their order */
static int	init_errno;		/* of sandbox_init(3), or 0 */
static const char	*init_error;	/* what it says */
static bool	locked;			/* it has been called */

static void
record(const char *fmt, ...)
{
	size_t n = strlen(calls);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(calls + n, sizeof(calls) - n, fmt, ap);
	va_end(ap);
}

int
sandbox_init_with_parameters(const char *profile, unsigned long long flags,
    const char *const parameters[], char **error)
{
	ATF_CHECK(strncmp(profile, "(version 1)\n(deny default)\n", 27) == 0);
	ATF_CHECK(strstr(profile, "(deny file-write-setugid)\n") != NULL);
	ATF_CHECK_EQ(0, flags);
	ATF_CHECK(!locked);
	record("sandbox_init");
	for (; *parameters != NULL; parameters += 2)
		record(" %s=%s", parameters[0], parameters[1]);
	record("\n");
	*error = init_error == NULL ? NULL : xstrdup(init_error);
	errno = init_errno;
	locked = init_errno == 0;
	if (locked)
		lock_doors();
	return locked ? 0 : -1;
}

static int
door(const char *name)
{
	ATF_CHECK(locked);
	record("%s\n", name);
	errno = EPERM;
	return leaky != NULL && strcmp(leaky, name) == 0 ? 0 : -1;
}

int
kill(pid_t pid, int sig)
{
	ATF_CHECK_EQ(getppid(), pid);
	ATF_CHECK_EQ(0, sig);
	return door("kill");
}

/* glibc declares it with a union of all sockaddr types */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
int
connect(int s, const struct sockaddr *sa, socklen_t len)
{
	(void)s;
	(void)len;
	ATF_CHECK_EQ(AF_INET, sa->sa_family);
	return door("connect");
}
#pragma GCC diagnostic pop

static void
reset(void)
{
	calls[0] = warned[0] = '\0';
	init_errno = 0;
	init_error = leaky = NULL;
	closed = -1;
	locked = false;
}

ATF_TC_WITHOUT_HEAD(order);
ATF_TC_BODY(order, tc)
{
	struct policy p;
	char *expected;

	(void)tc;
	make_doors(&p);
	reset();
	backend_apply(&p);
	expected = xasprintf("sandbox_init P0=%s/w/no\"\nconnect\nkill\n",
	    base);
	ATF_CHECK_STREQ(expected, calls);
	free(expected);
	expected = xasprintf("%s/spool: nothing in it can be removed or "
	    "renamed, for it may be written but not read\n", base);
	ATF_CHECK_STREQ(expected, warned);
	free(expected);
	free_policy(&p);
	/* with the network on there is no such door */
	make_doors(&p);
	reset();
	p.net_off = false;
	backend_apply(&p);
	ATF_CHECK(strstr(calls, "connect") == NULL);
	ATF_CHECK(strstr(calls, "kill") != NULL);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(failures);
ATF_TC_BODY(failures, tc)
{
	static const char inside[] = "sandbox_init: this process is in a "
	    "sandbox already, and macOS has no second one inside; start nono "
	    "outside of it";
	static const struct {
		int		 error;
		const char	*text, *says;
	} fails[] = {
		{ EPERM, NULL, inside },
		{ EINVAL, "sandbox initialization failed: Operation not "
		    "permitted", inside },
		{ EINVAL, "line 3: unbound variable: x",
		    "sandbox_init: line 3: unbound variable: x" },
		{ EINVAL, NULL, "sandbox_init: Invalid argument" }
	};
	struct policy p;
	struct rlimit old, none;
	size_t i;

	(void)tc;
	make_doors(&p);
	for (i = 0; i < sizeof(fails) / sizeof(fails[0]); i++) {
		reset();
		init_errno = fails[i].error;
		init_error = fails[i].text;
		ATF_CHECK(dies(backend_apply, &p));
		ATF_CHECK_STREQ(fails[i].says, died);
		/* it is the last that was done */
		ATF_CHECK(strncmp(calls, "sandbox_init", 12) == 0);
		ATF_CHECK(strstr(calls, "kill") == NULL);
	}
	/* no list of the descriptors */
	ATF_REQUIRE(getrlimit(RLIMIT_NOFILE, &old) == 0);
	none = old;
	none.rlim_cur = 3;
	ATF_REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
	reset();
	ATF_CHECK(dies(backend_apply, &p));
	ATF_REQUIRE(setrlimit(RLIMIT_NOFILE, &old) == 0);
	ATF_CHECK(strncmp("/dev/fd: ", died, 9) == 0);
	ATF_CHECK_STREQ("", calls);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(opened);
ATF_TC_BODY(opened, tc)
{
	static const char *const says[][2] = {
		{ "connect", "the network is within reach, though it is "
		    "refused; nothing was run" },
		{ "kill", "signalling the parent is possible, though it is "
		    "refused; nothing was run" }
	};
	struct policy p;
	size_t i;

	(void)tc;
	check_doors(reset);
	for (i = 0; i < 2; i++) {
		make_doors(&p);
		reset();
		leaky = says[i][0];
		ATF_CHECK(dies(backend_apply, &p));
		ATF_CHECK_STREQ(says[i][1], died);
		free_policy(&p);
	}
}

ATF_TC_WITHOUT_HEAD(descriptors);
ATF_TC_BODY(descriptors, tc)
{
	(void)tc;
	check_descriptors(reset);
	ATF_CHECK(!locked);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, golden);
	ATF_TP_ADD_TC(tp, shape);
	ATF_TP_ADD_TC(tp, answers);
	ATF_TP_ADD_TC(tp, real);
	ATF_TP_ADD_TC(tp, links);
	ATF_TP_ADD_TC(tp, hostile);
	ATF_TP_ADD_TC(tp, processes);
	ATF_TP_ADD_TC(tp, services);
	ATF_TP_ADD_TC(tp, network);
	ATF_TP_ADD_TC(tp, sockets);
	ATF_TP_ADD_TC(tp, terminals);
	ATF_TP_ADD_TC(tp, check);
	ATF_TP_ADD_TC(tp, order);
	ATF_TP_ADD_TC(tp, failures);
	ATF_TP_ADD_TC(tp, opened);
	ATF_TP_ADD_TC(tp, descriptors);
	return atf_no_error();
}
