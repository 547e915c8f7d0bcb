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
 * For macos_test.c and openbsd_test.c: what nono.c gives to a backend, policies
 * to render, and random ones.  Included once by each of them.
 */

#include <sys/socket.h>
#include <sys/stat.h>

#include <atf-c.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

#define BOTH	(RIGHT_READ | RIGHT_WRITE)

/*
 * nono.c
 */

static jmp_buf	death;
static bool	mortal;			/* die() is expected */
static char	died[1024];		/* what it said */
static char	warned[4096];		/* and warning() */

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(died, sizeof(died), fmt, ap);
	va_end(ap);
	if (!mortal)
		atf_tc_fail("died: %s", died);
	longjmp(death, 1);
}

/* Does it die?  died tells why. */
static bool
dies(void (*call)(const struct policy *), const struct policy *p)
{
	died[0] = '\0';
	mortal = true;
	if (setjmp(death) == 0)
		call(p);
	mortal = false;
	return died[0] != '\0';
}

void
warning(const char *fmt, ...)
{
	size_t n = strlen(warned);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(warned + n, sizeof(warned) - n - 1, fmt, ap);
	va_end(ap);
	strcat(warned, "\n");
}

void
report(FILE *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	putc('\n', f);
}

void *
xreallocarray(void *v, size_t n, size_t size)
{
	v = realloc(v, n * size);
	ATF_REQUIRE(v != NULL);
	return v;
}

char *
xstrdup(const char *s)
{
	char *copy = strdup(s);

	ATF_REQUIRE(copy != NULL);
	return copy;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	ATF_REQUIRE(vasprintf(&s, fmt, ap) != -1);
	va_end(ap);
	return s;
}

/*
 * Policies by hand.
 */

struct sample_rule {
	const char	*path;		/* ends in / for a directory */
	unsigned	 rights;
	unsigned	 flags;		/* of the tables */
};

struct sample {
	const char		*title;
	struct sample_rule	 user[6], table[8];
	const char		*sockets[4];
	const char		*blocked[4][2];	/* path, file */
	bool			 net_off;
};

#define LIMIT	RULE_LIMIT

static const struct sample samples[] = {
	{ .title = "nothing" },
	{ .title = "the system and a directory",
	    .user = { { "/Users/me/src/", BOTH, 0 } },
	    .table = { { "/usr/", RIGHT_READ, 0 },
		{ "/private/tmp/", BOTH, RULE_TEMP },
		{ "/dev/", 0, LIMIT }, { "/dev/null", BOTH, 0 } } },
	{ .title = "a directory for reading", .net_off = true,
	    .user = { { "/Users/me/src/", RIGHT_READ, 0 } } },
	{ .title = "a home with secrets",
	    .user = { { "/Users/me/", BOTH, 0 } },
	    .table = { { "/Users/me/.ssh/", 0, LIMIT },
		{ "/Users/me/.config/gh/", 0, LIMIT },
		{ "/Users/me/.config/op/", 0, LIMIT },
		{ "/Users/me/.netrc", 0, LIMIT } } },
	{ .title = "a secret opened, one file in it",
	    .user = { { "/Users/me/", RIGHT_READ, 0 },
		{ "/Users/me/.ssh/known_hosts", RIGHT_READ, 0 } },
	    .table = { { "/Users/me/.ssh/", 0, LIMIT } } },
	{ .title = "read-only beneath a grant",
	    .user = { { "/Users/me/src/", BOTH, 0 },
		{ "/Users/me/src/third/party/", RIGHT_READ, 0 } } },
	{ .title = "denied beneath read-only beneath a grant",
	    .user = { { "/Users/me/src/", BOTH, 0 },
		{ "/Users/me/src/a/", RIGHT_READ, 0 },
		{ "/Users/me/src/a/b/", 0, 0 },
		{ "/Users/me/src/a/b/c/", BOTH, 0 },
		{ "/Users/me/src/a/b/c/d/e/", 0, 0 } } },
	{ .title = "for writing only",
	    .user = { { "/Users/me/spool/", RIGHT_WRITE, 0 },
		{ "/Users/me/spool/out/", BOTH, 0 } } },
	{ .title = "one file",
	    .user = { { "/Users/me/notes.txt", BOTH, 0 } } },
	{ .title = "a denial with no grant above",
	    .user = { { "/Users/me/secret/", 0, 0 } },
	    .table = { { "/Users/me/.ssh/", 0, LIMIT } } },
	{ .title = "all", .net_off = true,
	    .user = { { "/", BOTH, 0 } },
	    .table = { { "/dev/", 0, LIMIT }, { "/dev/ptmx", BOTH, 0 },
		{ "/private/tmp/", BOTH, RULE_TEMP } } },
	{ .title = "blocked commands",
	    .user = { { "/Users/me/bin/", BOTH, 0 } },
	    .table = { { "/bin/", RIGHT_READ, 0 }, { "/opt/", RIGHT_READ, 0 } },
	    .blocked = { { "/bin/rm", "/bin/rm" },
		{ "/Users/me/bin/rm", "/Users/me/bin/rm" },
		{ "/opt/bin/grm", "/opt/cellar/grm" },
		{ "/nowhere/rm", "/nowhere/rm" } } },
	{ .title = "sockets",
	    .user = { { "/Users/me/src/", BOTH, 0 } },
	    .table = { { "/private/tmp/", BOTH, RULE_TEMP },
		{ "/private/tmp/.X11-unix/", 0, LIMIT } },
	    .sockets = { "/", "/private/tmp/.X11-unix/X0",
		"/private/tmp/own" } },
	{ .title = "names that look like syntax",
	    .user = { { "/Users/me/a\"b) (allow default) \\/", BOTH, 0 },
		{ "/Users/me/two words (1)/", BOTH, 0 },
		{ "/Users/me/caf\303\251\n\377/", RIGHT_READ, 0 } } }
};
#define NSAMPLES	(sizeof(samples) / sizeof(samples[0]))

static void
add_rule(struct rules *rules, const char *path, unsigned rights,
    unsigned flags, const char *origin)
{
	struct rule *r;
	size_t n = strlen(path);

	rules->v = xreallocarray(rules->v, rules->n + 1, sizeof(*rules->v));
	r = &rules->v[rules->n++];
	*r = (struct rule){ .path = xstrdup(path), .rights = rights,
	    .flags = flags, .seq = rules->seq++, .origin = origin,
	    .mode = path[n - 1] == '/' ? S_IFDIR : S_IFREG };
	if (n > 1 && path[n - 1] == '/')
		r->path[n - 1] = '\0';
	r->len = path_len(r->path);
	rules->sorted = false;
}

static void
add_command(struct policy *p, const char *path, const char *file, bool many)
{
	p->blocked = xreallocarray(p->blocked, p->nblocked + 1,
	    sizeof(*p->blocked));
	p->blocked[p->nblocked++] = (struct command){ .name = "rm",
	    .path = xstrdup(path), .file = xstrdup(file), .multicall = many,
	    .origin = "table" };
}

static void
make_sample(struct policy *p, const struct sample *s)
{
	size_t i;

	*p = (struct policy){ .net_off = s->net_off };
	for (i = 0; i < 6 && s->user[i].path != NULL; i++)
		add_rule(&p->user, s->user[i].path, s->user[i].rights, 0, "-a");
	for (i = 0; i < 8 && s->table[i].path != NULL; i++)
		add_rule(&p->table, s->table[i].path, s->table[i].rights,
		    s->table[i].flags, "table");
	for (i = 0; i < 4 && s->sockets[i] != NULL; i++)
		add_rule(&p->sockets, s->sockets[i], 0, 0, "-u");
	for (i = 0; i < 4 && s->blocked[i][0] != NULL; i++)
		add_command(p, s->blocked[i][0], s->blocked[i][1], false);
	rules_sort(&p->user);
	rules_sort(&p->table);
	rules_sort(&p->sockets);
}

static void
free_rules(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		free(rules->v[i].path);
	free(rules->v);
}

static void
free_policy(struct policy *p)
{
	size_t i;

	free_rules(&p->user);
	free_rules(&p->table);
	free_rules(&p->sockets);
	for (i = 0; i < p->nblocked; i++) {
		free(p->blocked[i].path);
		free(p->blocked[i].file);
	}
	free(p->blocked);
}

/* Compare with the file of that name beside the test. */
static void
check_golden(const atf_tc_t *tc, const char *name, const char *text)
{
	char *golden = xasprintf("%s/%s", atf_tc_get_config_var(tc, "srcdir"),
	    name);
	char *command = xasprintf("diff -u %s %s.out >&2", golden, name);
	char *out = xasprintf("%s.out", name);
	FILE *f = fopen(out, "w");

	ATF_REQUIRE(f != NULL);
	ATF_CHECK(fputs(text, f) != EOF);
	ATF_CHECK(fclose(f) == 0);
	ATF_CHECK_MSG(system(command) == 0, "%s: see the difference", golden);
	free(golden);
	free(command);
	free(out);
}

/*
 * Random policies on a tree of all paths of up to DEPTH names, of which those
 * of DEPTH names are files.
 */

#define DEPTH	4
#define NAMES	3
#define TREE	(1 + 3 + 9 + 27 + 81)

static const char *const hostile[] = {
	"a", "b", "a b", "a\"b", "b\\", "(", ")", "\") (allow default", "'",
	";", "#\"x\"", "n\nl", "\t", "\177", "\303\251", "\377", "$(x)",
	"`x`", "%s%n", "..."
};
#define NHOSTILE	(sizeof(hostile) / sizeof(hostile[0]))

struct tree {
	const char	*names[NAMES];
	char		*paths[TREE];	/* [0] is "/" */
	bool		 files[TREE];
	size_t		 n;
};

static void
make_tree(struct tree *t)
{
	size_t first = 0, end = 1, i, j;
	int depth;

	for (i = 0; i < NAMES; i++)
		do
			t->names[i] = hostile[(size_t)rand() % NHOSTILE];
		while ((i > 0 && t->names[i] == t->names[0]) ||
		    (i > 1 && t->names[i] == t->names[1]));
	t->paths[0] = xstrdup("/");
	t->files[0] = false;
	for (t->n = 1, depth = 1; depth <= DEPTH; depth++) {
		for (i = first; i < end; i++)
			for (j = 0; j < NAMES; j++) {
				t->files[t->n] = depth == DEPTH;
				t->paths[t->n++] = path_join(t->paths[i],
				    t->names[j]);
			}
		first = end;
		end = t->n;
	}
	ATF_REQUIRE_EQ(TREE, t->n);
}

static void
free_tree(struct tree *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->paths[i]);
}

static void
random_side(struct rules *rules, const struct tree *t, bool table)
{
	size_t n = (size_t)rand() % 7, i;
	unsigned rights, flags;
	char *path;

	while (n-- > 0) {
		i = (size_t)rand() % (rand() % 2 ? TREE : 40);
		rights = (unsigned)rand() % 4;
		flags = table && (rights == 0 || (rights == RIGHT_READ &&
		    rand() % 3 == 0)) ? RULE_LIMIT : 0;
		path = i == 0 || t->files[i] ? xstrdup(t->paths[i]) :
		    xasprintf("%s/", t->paths[i]);
		add_rule(rules, path, rights, flags, table ? "table" : "-a");
		free(path);
	}
	rules_sort(rules);
}

static void
random_policy(struct policy *p, const struct tree *t)
{
	size_t i, n;

	*p = (struct policy){ .net_off = rand() % 2 };
	random_side(&p->user, t, false);
	random_side(&p->table, t, true);
	for (n = (size_t)rand() % 3; n > 0; n--) {
		i = TREE - 1 - (size_t)rand() % 81;
		add_command(p, t->paths[i], t->paths[i], rand() % 2);
	}
}

/*
 * Doors, for backend_apply() to try: files and directories that are there
 * until the recorder of the call that confines takes them away, but for one.
 */

static char	*base;			/* the directory they are in */
static const char	*leaky;		/* the door that stays */
static int	 closed = -1;		/* a descriptor that must be, by then */

static const struct door {
	const char	*path;
	unsigned	 rights;
	const char	*done;		/* with it, if it opens */
} doors[] = {
	{ "w/no\"/", 0, "read" },
	{ "w/ro", RIGHT_READ, "written" },
	{ "home/", 0, "read" },
	{ "spool/", RIGHT_WRITE, "read" }
};
#define NDOORS	(sizeof(doors) / sizeof(doors[0]))

static char *
door_path(const struct door *d)
{
	char *path = xasprintf("%s/%s", base, d->path);

	if (path[strlen(path) - 1] == '/')
		path[strlen(path) - 1] = '\0';
	return path;
}

/* The doors, and a policy with them. */
static void
make_doors(struct policy *p)
{
	const struct door *d;
	char *path;
	FILE *f;

	base = getcwd(NULL, 0);
	ATF_REQUIRE(base != NULL);
	path = xasprintf("%s/home", base);
	ATF_REQUIRE(setenv("HOME", path, 1) == 0);
	free(path);
	mkdir("w", 0755);
	*p = (struct policy){ .net_off = true };
	path = xasprintf("%s/w/", base);
	add_rule(&p->user, path, BOTH, 0, "-a");
	free(path);
	for (d = doors; d < doors + NDOORS; d++) {
		path = xasprintf("%s/%s", base, d->path);
		if (path[strlen(path) - 1] == '/')
			mkdir(path, 0755);
		else if ((f = fopen(path, "w")) != NULL)
			fclose(f);
		if (strcmp(d->path, "home/") != 0)
			add_rule(&p->user, path, d->rights, 0, "-d");
		free(path);
	}
	rules_sort(&p->user);
	directory_at(getenv("HOME"));	/* as policy_seal() does */
}

/* The command is confined. */
static void
lock_doors(void)
{
	const struct door *d;
	char *path;

	for (d = doors; d < doors + NDOORS; d++) {
		if (leaky != NULL && strcmp(leaky, d->path) == 0)
			continue;
		path = door_path(d);
		ATF_CHECK_MSG(remove(path) == 0, "%s", path);
		free(path);
	}
	ATF_CHECK(closed == -1 || fcntl(closed, F_GETFD) == -1);
}

/* backend_apply() dies of each door that opens, and names it. */
static void
check_doors(void (*reset)(void))
{
	struct policy p;
	const struct door *d;
	char *path, *says;

	for (d = doors; d < doors + NDOORS; d++) {
		make_doors(&p);
		reset();
		leaky = d->path;
		path = door_path(d);
		says = xasprintf("%s: can still be %s, though it is denied "
		    "(has it another name, as a hard link?); nothing was run",
		    path, d->done);
		ATF_CHECK_MSG(dies(backend_apply, &p), "%s", d->path);
		ATF_CHECK_STREQ(says, died);
		free(path);
		free(says);
		free_policy(&p);
	}
}

/* Which descriptors stay, and that the others go before all is locked. */
static void
check_descriptors(void (*reset)(void))
{
	struct policy p;
	int dir, high, regular, inet, pipes[2], pair[2], input;

	ATF_REQUIRE((dir = open(".", O_RDONLY)) != -1);
	ATF_REQUIRE((high = fcntl(dir, F_DUPFD, 300)) == 300);
	ATF_REQUIRE((regular = open("f", O_RDWR | O_CREAT, 0600)) != -1);
	ATF_REQUIRE((inet = socket(AF_INET, SOCK_STREAM, 0)) != -1);
	ATF_REQUIRE(pipe(pipes) == 0);
	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
#define OPEN(fd)	(fcntl(fd, F_GETFD) != -1)
	make_doors(&p);
	reset();
	closed = dir;
	p.net_off = false;
	backend_apply(&p);
	free_policy(&p);
	ATF_CHECK(!OPEN(dir) && !OPEN(high));
	ATF_CHECK(OPEN(regular) && OPEN(pipes[0]) && OPEN(pair[0]));
	ATF_CHECK(OPEN(inet));
	make_doors(&p);
	reset();
	closed = inet;
	backend_apply(&p);
	ATF_CHECK(OPEN(regular) && OPEN(pipes[1]) && OPEN(pair[1]));
	ATF_CHECK(!OPEN(inet));
	/* those that cannot be closed */
	reset();
	ATF_REQUIRE((dir = open(".", O_RDONLY)) != -1);
	ATF_REQUIRE((input = dup(0)) != -1 && dup2(dir, 0) == 0);
	ATF_CHECK(dies(backend_apply, &p));
	ATF_REQUIRE(dup2(input, 0) == 0);
	ATF_CHECK_STREQ("descriptor 0: is a directory, which leads out of the "
	    "sandbox; redirect it", died);
	free_policy(&p);
}

/* What the policy says, with the blocked commands. */
static unsigned
says(const struct policy *p, const char *path)
{
	size_t i;

	for (i = 0; i < p->nblocked; i++)
		if (strcmp(p->blocked[i].file, path) == 0 &&
		    (!p->blocked[i].multicall ||
		    strcmp(p->blocked[i].path, path) == 0))
			return 0;
	return policy_decide(p, path, NULL);
}

/*
 * A policy with the tables of the backend, of this machine and a home that is
 * granted.
 */
static void
real_policy(struct policy *p)
{
	static const char *const dirs[] = { "me", "me/.ssh", "me/.config",
	    "me/.config/gh", "me/project", "me/project/.aws", "me/.cargo" };
	static const char *const files[] = { "me/.ssh/id", "me/.netrc",
	    "me/.bashrc", "me/project/x", "me/.cargo/credentials" };
	size_t i;
	FILE *f;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		ATF_REQUIRE(mkdir(dirs[i], 0755) == 0);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		ATF_REQUIRE((f = fopen(files[i], "w")) != NULL);
		fclose(f);
	}
	ATF_REQUIRE(chdir("me") == 0);
	base = getcwd(NULL, 0);
	setenv("HOME", base, 1);
	unsetenv("TMPDIR");
	*p = (struct policy){ .net_off = true, .absent = backend_absent };
	policy_add(p, "-a", base, BOTH, false);
	policy_add(p, "-a", "project", BOTH, false);
	policy_add(p, "-r", "project/x", RIGHT_READ, false);
	policy_seal(p, NULL);
	ATF_CHECK(p->table.n > 20);
	ATF_CHECK(p->nblocked > 0);
}

/* The file of a blocked command that the kernel can tell from others. */
static const char *
real_blocked(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->nblocked; i++)
		if (!p->blocked[i].multicall)
			return p->blocked[i].file;
	atf_tc_fail("no command is blocked");
}
