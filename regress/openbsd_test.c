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
 * The OpenBSD backend: its calls of unveil(2), evaluated as kern_unveil.c of
 * OpenBSD 7.3 does, against the policy; and the calls themselves, which end up
 * in recorders.
 */

#include <sys/utsname.h>

#include <errno.h>
#include <stdint.h>

#include "backend.h"
#include "bsd.h"
#include "openbsd.h"

ATF_TC_WITHOUT_HEAD(golden);
ATF_TC_BODY(golden, tc)
{
	struct policy p;
	struct calls calls;
	char *all;
	size_t size, i, j;
	FILE *f = open_memstream(&all, &size);

	for (i = 0; i < NSAMPLES; i++) {
		make_sample(&p, &samples[i]);
		calls_make(&calls, &p);
		fprintf(f, "== %s\n", samples[i].title);
		for (j = 0; j < calls.n; j++)
			fprintf(f, "unveil(\"%s\", \"%s\")\n",
			    calls.v[j].path, calls.v[j].permissions);
		fprintf(f, "pledge(NULL, \"%s\")\n\n", calls.promises);
		free(calls.v);
		free_policy(&p);
	}
	fclose(f);
	check_golden(tc, "openbsd.golden", all);
	free(all);
}

/*
 * The kernel: directories, with permissions or only passed through on the way
 * to a file; and files, by their name in such a directory.
 */

struct veil {
	const char	*path;
	const char	*permissions;	/* NULL: not set by the user */
	bool		 directory;
};

static struct veil	veils[256];
static size_t		nveils;

static struct veil *
find_veil(const char *path, size_t len, bool directory)
{
	size_t i;

	for (i = 0; i < nveils; i++)
		if (veils[i].directory == directory &&
		    strlen(veils[i].path) == len &&
		    strncmp(veils[i].path, path, len) == 0)
			return &veils[i];
	return NULL;
}

static size_t
dir_len(const char *path)
{
	size_t n = (size_t)(strrchr(path, '/') - path);

	return n == 0 ? 1 : n;
}

/* unveil_add() */
static void
veil_add(const char *path, const char *permissions, bool directory)
{
	struct veil *v = find_veil(path, strlen(path), directory);
	char *dir;

	if (v == NULL) {
		v = &veils[nveils++];
		*v = (struct veil){ .path = path, .directory = directory };
	}
	v->permissions = permissions;
	if (!directory && find_veil(path, dir_len(path), true) == NULL) {
		dir = xasprintf("%.*s", (int)dir_len(path), path);
		veils[nveils++] = (struct veil){ dir, NULL, true };
	}
}

/* unveil_check_final(), all of whose matches are by the nearest one set */
static bool
veil_allows(const char *path, bool directory, const char *need)
{
	const struct veil *v = find_veil(path, strlen(path), directory);
	size_t len = strlen(path);
	const char *c;

	if (nveils == 0)
		return true;		/* not active */
	while ((v == NULL || v->permissions == NULL) && len > 1) {
		while (len > 0 && path[--len] != '/')
			;
		v = find_veil(path, len == 0 ? len = 1 : len, true);
	}
	if (v == NULL || v->permissions == NULL)
		return false;
	for (c = need; *c != '\0'; c++)
		if (strchr(v->permissions, *c) == NULL)
			return false;
	return true;
}

ATF_TC_WITHOUT_HEAD(answers);
ATF_TC_BODY(answers, tc)
{
	struct policy p;
	struct calls calls;
	struct tree t;
	unsigned rights, seen[4] = { 0 };
	size_t i, j;
	int round;

	(void)tc;
	for (round = 0; round < 2000; round++) {
		srand((unsigned)round);
		make_tree(&t);
		random_policy(&p, &t);
		calls_make(&calls, &p);
		nveils = 0;
		for (i = 0; i < calls.n; i++) {
			for (j = 0; strcmp(t.paths[j], calls.v[i].path) != 0;)
				j++;
			veil_add(calls.v[i].path, calls.v[i].permissions,
			    !t.files[j]);
		}
		for (i = 0; i < t.n; i++) {
			rights = says(&p, t.paths[i]);
			seen[rights]++;
#define SAME(right, need) \
	ATF_CHECK_EQ_MSG((rights & (right)) != 0, veil_allows(t.paths[i], \
	    !t.files[i], need), "round %d: %s: %s", round, t.paths[i], need)
			SAME(RIGHT_READ, "r");
			SAME(RIGHT_READ, "x");
			SAME(RIGHT_WRITE, "w");
			SAME(RIGHT_WRITE, "c");
			/* what renaming asks for: never from write-only */
			ATF_CHECK_EQ(rights == BOTH, veil_allows(t.paths[i],
			    !t.files[i], "rc"));
		}
		for (i = 0; i < nveils; i++)
			if (veils[i].permissions == NULL)
				free((char *)(uintptr_t)veils[i].path);
		free(calls.v);
		free_policy(&p);
		free_tree(&t);
	}
	for (i = 0; i < 4; i++)
		ATF_CHECK_MSG(seen[i] > 1000, "rights %zu: hardly met", i);
}

static void
check_real(const struct policy *p, const char *path, bool directory)
{
	unsigned rights = says(p, path);

	ATF_CHECK_EQ_MSG((rights & RIGHT_READ) != 0, veil_allows(path,
	    directory, "rx"), "reading %s", path);
	ATF_CHECK_EQ_MSG((rights & RIGHT_WRITE) != 0, veil_allows(path,
	    directory, "wc"), "writing %s", path);
}

/* The whole tables, at and beneath each rule. */
ATF_TC_WITHOUT_HEAD(real);
ATF_TC_BODY(real, tc)
{
	static const struct {
		const char	*path, *need;
		bool		 directory, allowed;
	} probes[] = {
		{ ".ssh/id", "r", false, false },
		{ ".config/gh/hosts.yml", "r", false, false },
		{ ".config/gh", "r", true, false },
		{ ".config", "rwxc", true, true },
		{ ".netrc", "c", false, false },
		{ ".cargo/credentials", "r", false, false },
		{ ".cargo/registry", "wc", true, true },
		{ "project/.aws/x", "r", false, false },
		{ "project/x", "rx", false, true },
		{ "project/x", "w", false, false },
		{ "project/y", "rwxc", false, true }
	};
	const struct rules *sides[2];
	const struct rule *r;
	struct policy p;
	struct calls calls;
	struct stat st;
	char *path;
	size_t i;

	(void)tc;
	real_policy(&p);
	calls_make(&calls, &p);
	ATF_REQUIRE(calls.n < 128);
	nveils = 0;
	for (i = 0; i < calls.n; i++) {
		ATF_REQUIRE(lstat(calls.v[i].path, &st) == 0);
		veil_add(calls.v[i].path, calls.v[i].permissions,
		    S_ISDIR(st.st_mode));
	}
	sides[0] = &p.user;
	sides[1] = &p.table;
	for (i = 0; i < 2; i++)
		for (r = sides[i]->v; r < sides[i]->v + sides[i]->n; r++) {
			if (S_ISLNK(r->mode))
				continue;
			check_real(&p, r->path, S_ISDIR(r->mode));
			if (!S_ISDIR(r->mode))
				continue;
			path = path_join(r->path, "x");
			check_real(&p, path, false);
			free(path);
		}
	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		path = path_join(base, probes[i].path);
		ATF_CHECK_EQ_MSG(probes[i].allowed, veil_allows(path,
		    probes[i].directory, probes[i].need), "%s %s", path,
		    probes[i].need);
		free(path);
	}
	ATF_CHECK(!veil_allows(real_blocked(&p), false, "x"));
	ATF_CHECK(!veil_allows(real_blocked(&p), false, "r"));
	ATF_CHECK(veil_allows("/usr/bin/no-such-command", false, "x"));
	free(calls.v);
}

/* Each path once, parents first, and none that changes nothing. */
ATF_TC_WITHOUT_HEAD(few);
ATF_TC_BODY(few, tc)
{
	struct policy p = { .net_off = true };
	struct calls calls;
	char path[32];
	size_t i;

	(void)tc;
	for (i = 0; i < 300; i++) {
		sprintf(path, "/home/me/.secret%zu/", i);
		add_rule(&p.table, path, 0, LIMIT, "table");
		p.table.v[i].mode = i % 2 ? S_IFDIR : 0;
	}
	add_rule(&p.user, "/usr/", RIGHT_READ, 0, "-r");
	add_rule(&p.user, "/usr/lib/", RIGHT_READ, 0, "-r");
	rules_sort(&p.table);
	rules_sort(&p.user);
	calls_make(&calls, &p);
	ATF_REQUIRE_EQ(1, calls.n);
	ATF_CHECK_STREQ("/usr", calls.v[0].path);
	free(calls.v);
	/* what is absent is no call either way; a link's would be its file's */
	add_rule(&p.user, "/home/me/", BOTH, 0, "-a");
	add_rule(&p.user, "/home/me/link", 0, 0, "-d");
	rules_sort(&p.user);
	for (i = 0; i < p.user.n; i++)
		if (strcmp(p.user.v[i].path, "/home/me/link") == 0)
			p.user.v[i].mode = S_IFLNK;
	calls_make(&calls, &p);
	ATF_CHECK_EQ(2 + 150, calls.n);
	for (i = 1; i < calls.n; i++)
		ATF_CHECK(path_cmp(calls.v[i - 1].path,
		    strlen(calls.v[i - 1].path), calls.v[i].path,
		    strlen(calls.v[i].path)) < 0);
	free(calls.v);
	free_policy(&p);
}

/* The tables as a whole have room, were each entry there and a file. */
ATF_TC_WITHOUT_HEAD(room);
ATF_TC_BODY(room, tc)
{
	const struct entry *const tables[] = { table_grants, table_denied };
	struct policy p = { .net_off = true };
	const struct entry *e;
	struct calls calls;
	char *path;
	size_t i;

	(void)tc;
	add_rule(&p.user, "/", RIGHT_READ, 0, "-r");
	for (i = 0; i < 2; i++)
		for (e = tables[i]; e->name != NULL; e++)
			if (e->flags & backend_system && e->name[0] == '/')
				add_rule(&p.table, e->name, e->rights ==
				    RIGHT_READ ? BOTH : e->rights, e->flags,
				    "table");
	for (e = table_commands; e->name != NULL; e++)
		if (e->flags & backend_system) {
			path = xasprintf("/sbin/%s", e->name);
			add_command(&p, path, path, false);
			free(path);
		}
	rules_sort(&p.table);
	calls_make(&calls, &p);
	ATF_CHECK_MSG(calls.n > 100 && calls.n < 128, "%zu calls", calls.n);
	free(calls.v);
	free_policy(&p);
}

static bool
promises(bool net_off, bool sockets, const char *word)
{
	struct policy p = { .net_off = net_off };
	struct calls calls;
	char *s, *next, *w;
	bool found = false;

	if (sockets)
		add_rule(&p.sockets, "/", 0, 0, "-u");
	calls_make(&calls, &p);
	for (s = next = xstrdup(calls.promises);
	    (w = strsep(&next, " ")) != NULL;)
		found |= strcmp(w, word) == 0;
	free(s);
	free(calls.v);
	free_policy(&p);
	return found;
}

ATF_TC_WITHOUT_HEAD(pledges);
ATF_TC_BODY(pledges, tc)
{
	static const char *const net[] = { "inet", "dns", "mcast", "route" };
	static const char *const never[] = { "tmppath", "settime", "bpf", "pf",
	    "wroute", "vmm", "disklabel", "tape", "drm", "audio", "video" };
	size_t i;
	int n;

	(void)tc;
	for (i = 0; i < sizeof(net) / sizeof(net[0]); i++) {
		ATF_CHECK(promises(false, false, net[i]));
		ATF_CHECK(!promises(true, false, net[i]));
		ATF_CHECK(!promises(true, true, net[i]));
	}
	for (n = 0; n < 4; n++) {
		ATF_CHECK_EQ(n & 2, promises(n & 1, n & 2, "unix") ? 2 : 0);
		ATF_CHECK(promises(n & 1, n & 2, "error"));
		ATF_CHECK(promises(n & 1, n & 2, "stdio"));
		ATF_CHECK(promises(n & 1, n & 2, "exec"));
		ATF_CHECK(promises(n & 1, n & 2, "unveil"));
		for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			ATF_CHECK_MSG(!promises(n & 1, n & 2, never[i]), "%s",
			    never[i]);
	}
}

/*
 * What is said beforehand.
 */

static const char	*release = "7.8";
static int		 uname_errno;

int
uname(struct utsname *u)
{
	memset(u, 0, sizeof(*u));
	strcpy(u->release, release);
	errno = uname_errno;
	return uname_errno == 0 ? 0 : -1;
}

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
	static const char *const old[] = { "6.4", "6.9", "7.2" };
	static const char *const new[] = { "7.3", "7.8", "10.0" };
	struct policy p;
	size_t i;

	(void)tc;
	for (i = 0; i < NSAMPLES; i++) {
		make_sample(&p, &samples[i]);
		if (strstr(samples[i].title, "read-only beneath") == NULL)
			backend_check(&p);
		else {
			ATF_CHECK(dies(backend_check, &p));
			ATF_CHECK(strstr(died, "cannot be kept read-only") !=
			    NULL);
		}
		free_policy(&p);
	}
	/* reading beneath what cannot be read is no less */
	p = (struct policy){ .net_off = true };
	add_rule(&p.user, "/w/", RIGHT_WRITE, 0, "-w");
	add_rule(&p.user, "/w/a/", BOTH, 0, "-a");
	add_rule(&p.user, "/r/", RIGHT_READ, 0, "-r");
	rules_sort(&p.user);
	backend_check(&p);
	add_rule(&p.user, "/w/d/", RIGHT_READ, 0, "-r");
	rules_sort(&p.user);
	ATF_CHECK(dies(backend_check, &p));
	ATF_CHECK_STREQ("-r: /w/d: cannot be kept read-only beneath what may "
	    "be written, for it can be linked to there; deny it (-d) or grant "
	    "it whole (-a)", died);
	free_policy(&p);
	p = (struct policy){ .net_off = true };
	for (i = 0; i < 3; i++) {
		release = new[i];
		backend_check(&p);
		release = old[i];
		ATF_CHECK(dies(backend_check, &p));
		ATF_CHECK(strstr(died, "nono needs 7.3 or later") != NULL);
	}
	release = "7.8";
	uname_errno = EFAULT;
	ATF_CHECK(dies(backend_check, &p));
	ATF_CHECK_STREQ("uname: Bad address", died);
	uname_errno = 0;
}

ATF_TC_WITHOUT_HEAD(sockets);
ATF_TC_BODY(sockets, tc)
{
	struct policy p = { .net_off = true };
	struct calls calls;
	char *text;

	(void)tc;
	add_rule(&p.user, "/w/", BOTH, 0, "-a");
	add_rule(&p.user, "/w/d/", 0, 0, "-d");
	rules_sort(&p.user);
	text = render(&p);
	ATF_CHECK(strstr(text, "loss: no unix sockets at all") != NULL);
	free(text);
	add_rule(&p.sockets, "/w/d/s", 0, 0, "-u");
	ATF_CHECK(dies(backend_check, &p));
	ATF_CHECK_STREQ("-u: /w/d/s: opens all sockets beneath what may be "
	    "written, too; add -u / to accept that", died);
	add_rule(&p.sockets, "/", 0, 0, "-u");
	backend_check(&p);
	text = render(&p);
	ATF_CHECK(strstr(text, "gap: all unix sockets beneath") != NULL);
	ATF_CHECK(strstr(text, "unveil: /w/d/s \"w\"\n") != NULL);
	free(text);
	/* of a socket that may be written it is nothing new */
	add_rule(&p.sockets, "/w/s", 0, 0, "-u");
	calls_make(&calls, &p);
	ATF_REQUIRE_EQ(3, calls.n);
	ATF_CHECK_STREQ("/w/d/s", calls.v[2].path);
	ATF_CHECK_STREQ("w", calls.v[2].permissions);
	free(calls.v);
	add_rule(&p.sockets, "/w/", 0, 0, "-u");
	backend_check(&p);
	add_rule(&p.sockets, "/w/d/", 0, 0, "-u");
	ATF_CHECK(dies(backend_check, &p));
	ATF_CHECK_STREQ("-u: /w/d: is a directory that may not be written; "
	    "name the sockets in it", died);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(gaps);
ATF_TC_BODY(gaps, tc)
{
	struct policy p = { .absent = true };
	char *text;

	(void)tc;
	add_rule(&p.user, "/home/me/", BOTH, 0, "-a");
	add_rule(&p.table, "/home/me/.ssh/", 0, LIMIT, "table");
	add_rule(&p.table, "/home/you/.ssh/", 0, LIMIT, "table");
	p.table.v[0].mode = p.table.v[1].mode = 0;
	add_command(&p, "/bin/rm", "/bin/busybox", true);
	rules_sort(&p.table);
	text = render(&p);
	ATF_CHECK(strstr(text, "gap: /home/me/.ssh: does not exist, and can be "
	    "created\n") != NULL);
	ATF_CHECK(strstr(text, "unveil: /home/me/.ssh") == NULL);
	ATF_CHECK(strstr(text, "/home/you") == NULL);
	ATF_CHECK(strstr(text, "gap: /bin/rm: blocked by name only") != NULL);
	ATF_CHECK(strstr(text, "gap: signals to other processes") != NULL);
	ATF_CHECK(strstr(text, "unveil: /home/me \"rxwc\"\n") != NULL);
	ATF_CHECK(strstr(text, "pledge: error stdio ") != NULL);
	ATF_CHECK(backend_blocked("rm") == NULL);
	free(text);
	free_policy(&p);
}

/*
 * The calls: these functions take the place of the system's.
 */

static char	said[8192];		/* in their order */
static const char	*failing;	/* the end of the path of one */
static int	failure;		/* its error */
static bool	locked;

static void
record(const char *fmt, ...)
{
	size_t n = strlen(said);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said + n, sizeof(said) - n, fmt, ap);
	va_end(ap);
}

static bool
ends(const char *s, const char *end)
{
	size_t n = strlen(s), len = strlen(end);

	return n >= len && strcmp(s + n - len, end) == 0;
}

static int
fail(const char *what)
{
	if (failing == NULL || !ends(what, failing))
		return 0;
	errno = failure;
	return -1;
}

int
unveil(const char *path, const char *permissions)
{
	if (path == NULL) {
		ATF_CHECK(permissions == NULL && !locked);
		record("unveil(NULL, NULL)\n");
		locked = fail("lock") == 0;
		if (locked)
			lock_doors();
		return locked ? 0 : -1;
	}
	record("unveil %s \"%s\"\n", strncmp(path, base, strlen(base)) == 0 ?
	    path + strlen(base) : path, permissions);
	if (locked) {
		errno = EPERM;
		return leaky != NULL && strcmp(leaky, "unveil") == 0 ? 0 : -1;
	}
	return fail(path);
}

int
pledge(const char *own, const char *executed)
{
	ATF_CHECK(own == NULL && locked);
	record("pledge %s\n", executed);
	return fail("pledge");
}

int
getdtablecount(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static void
reset(void)
{
	said[0] = warned[0] = '\0';
	failing = leaky = NULL;
	closed = -1;
	locked = false;
}

#define LAST	"pledge error stdio rpath wpath cpath dpath fattr chown " \
		"flock getpw tty proc exec prot_exec id ps vminfo sendfd " \
		"recvfd unveil\n"

ATF_TC_WITHOUT_HEAD(order);
ATF_TC_BODY(order, tc)
{
	struct policy p;

	(void)tc;
	make_doors(&p);
	reset();
	backend_apply(&p);
	ATF_CHECK_STREQ("unveil /spool \"wc\"\n"
	    "unveil /w \"rxwc\"\n"
	    "unveil /w/no\" \"\"\n"
	    "unveil /w/ro \"rx\"\n"
	    "unveil(NULL, NULL)\n"
	    "unveil / \"r\"\n"
	    LAST, said);
	ATF_CHECK_STREQ("", warned);
	free_policy(&p);
	/* nothing granted: all is hidden, for a veil without calls is none */
	make_doors(&p);
	free_policy(&p);
	reset();
	p = (struct policy){ .net_off = true };
	backend_apply(&p);
	ATF_CHECK_STREQ("unveil / \"\"\nunveil(NULL, NULL)\n"
	    "unveil / \"r\"\n" LAST, said);
}

ATF_TC_WITHOUT_HEAD(failures);
ATF_TC_BODY(failures, tc)
{
	static const char big[] = ": one path too many: there is room for 128 "
	    "directories and 128 files; grant fewer and larger directories";
	static const struct {
		const char	*call;
		int		 error;
		const char	*says;
	} fails[] = {
		{ "/w", E2BIG, big },
		{ "/no\"", E2BIG, big },
		{ "/ro", E2BIG, big },
		{ "/w", ENOENT, ": No such file or directory" },
		{ "/w", EACCES, ": Permission denied" },
		{ "/ro", EACCES, ": Permission denied" },
		{ "/no\"", ENOENT, ": No such file or directory" },
		{ "/no\"", EPERM, ": Operation not permitted" },
		{ "/ro", ENOMEM, ": Cannot allocate memory" },
		{ "lock", EPERM, "unveil: Operation not permitted" },
		{ "pledge", EINVAL, "pledge: Invalid argument" },
		{ "pledge", EPERM, "pledge: Operation not permitted" }
	};
	struct policy p;
	char *expected;
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(fails) / sizeof(fails[0]); i++) {
		make_doors(&p);
		reset();
		failing = fails[i].call;
		failure = fails[i].error;
		ATF_CHECK_MSG(dies(backend_apply, &p), "%zu", i);
		expected = failing[0] != '/' ? xstrdup(fails[i].says) :
		    xasprintf("unveil: %s%s%s%s", base,
		    strcmp(failing, "/w") == 0 ? "" : "/w", failing,
		    fails[i].says);
		ATF_CHECK_STREQ(expected, died);
		free(expected);
		/* it is the last that was done */
		ATF_CHECK_EQ(strcmp(failing, "pledge") == 0,
		    strstr(said, "pledge") != NULL);
		ATF_CHECK_EQ(failing[0] != '/',
		    strstr(said, "unveil(NULL, NULL)") != NULL);
		free_policy(&p);
	}
	/* what permissions keep from the user need not be hidden */
	make_doors(&p);
	reset();
	failing = "/no\"";
	failure = EACCES;
	backend_apply(&p);
	ATF_CHECK(strstr(said, LAST) != NULL);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(opened);
ATF_TC_BODY(opened, tc)
{
	struct policy p;

	(void)tc;
	check_doors(reset);
	ATF_CHECK(strstr(said, "pledge") == NULL);
	make_doors(&p);
	reset();
	leaky = "unveil";
	ATF_CHECK(dies(backend_apply, &p));
	ATF_CHECK_STREQ("unveil is possible, though it is refused; nothing "
	    "was run", died);
	ATF_CHECK(strstr(said, "pledge") == NULL);
	free_policy(&p);
}

ATF_TC_WITHOUT_HEAD(descriptors);
ATF_TC_BODY(descriptors, tc)
{
	(void)tc;
	check_descriptors(reset);
	ATF_CHECK_STREQ("", said);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, golden);
	ATF_TP_ADD_TC(tp, answers);
	ATF_TP_ADD_TC(tp, real);
	ATF_TP_ADD_TC(tp, few);
	ATF_TP_ADD_TC(tp, room);
	ATF_TP_ADD_TC(tp, pledges);
	ATF_TP_ADD_TC(tp, check);
	ATF_TP_ADD_TC(tp, sockets);
	ATF_TP_ADD_TC(tp, gaps);
	ATF_TP_ADD_TC(tp, order);
	ATF_TP_ADD_TC(tp, failures);
	ATF_TP_ADD_TC(tp, opened);
	ATF_TP_ADD_TC(tp, descriptors);
	return atf_no_error();
}
