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
 * What a command needs, folded: a tree of path components, in which what is
 * needed is granted at once at some place at or above it.  That is
 *
 *  - the working directory, or in a home the directory of a program's own
 *    (~/.npm, ~/.config/git);
 *  - else the file or directory itself, until MANY in one directory have been
 *    needed, and then that directory, and so on up;
 *  - never a home, what lies above one, or what is denied; nor is anything
 *    folded into a directory that the tables have an entry beneath.
 *
 * What is covered already is not kept, so that a command may touch millions
 * of files.
 */

#include <sys/stat.h>

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "learn.h"
#include "nono.h"

#define MANY	3

struct node {
	struct node	*parent, *next, *child;
	unsigned	 own;		/* rights to be granted here */
	bool		 made;		/* by name, where nothing is folded */
	unsigned	 many[2];	/* children to be granted each right */
	char		 name[];
};

struct strings {
	char		**v;
	size_t		 n;
};

/* Something that is not suggested. */
struct refusal {
	char		*why, *path;	/* path is the first of those */
	unsigned	 rights;
	bool		 more;		/* paths */
};

static const struct policy	*policy;
static bool			 verbose;
static struct node		 root;
static char			*homes[2], *cwd;	/* or NULL */
static struct refusal		*refusals;
static size_t			 nrefusals;
static struct strings		 commands, sockets, nevers;
static struct strings		 suggested;	/* option, value, ... */

static bool
beneath(const char *path, const char *top)
{
	return path_beneath(path, path_len(path), top, path_len(top));
}

/* Is it a home, or above one? */
static bool
holds_home(const char *path)
{
	return path_len(path) == 0 ||
	    (homes[0] != NULL && beneath(homes[0], path)) ||
	    (homes[1] != NULL && beneath(homes[1], path));
}

void
needs_begin(const struct policy *p, bool v)
{
	policy = p;
	verbose = v;
	homes[0] = path_real(home());
	homes[1] = path_real(account_home());
	cwd = getcwd(NULL, 0);
	if (cwd != NULL && (cwd[0] != '/' || holds_home(cwd))) {
		free(cwd);
		cwd = NULL;
	}
}

/* Takes the string over. */
static void
strings_add(struct strings *s, char *string)
{
	size_t i;

	for (i = 0; i < s->n && strcmp(s->v[i], string) != 0; i++)
		;
	if (i < s->n) {
		free(string);
		return;
	}
	s->v = xreallocarray(s->v, s->n + 1, sizeof(*s->v));
	s->v[s->n++] = string;
}

static void
refuse(const char *path, unsigned rights, char *why)
{
	struct refusal *r;

	for (r = refusals; r < refusals + nrefusals; r++)
		if (strcmp(r->why, why) == 0) {
			r->rights |= rights;
			r->more |= strcmp(r->path, path) != 0;
			free(why);
			return;
		}
	refusals = xreallocarray(refusals, nrefusals + 1, sizeof(*refusals));
	refusals[nrefusals++] = (struct refusal){ why, xstrdup(path), rights,
	    false };
}

/*
 * Rules.
 */

static bool
is_user(const struct rule *r)
{
	return r != NULL && r >= policy->user.v &&
	    r < policy->user.v + policy->user.n;
}

static const struct rule *
rule_at(const struct rules *rules, const char *path)
{
	const struct rule *r;

	for (r = rules->v; r < rules->v + rules->n; r++)
		if (strcmp(r->path, path) == 0)
			return r;
	return NULL;
}

/* But those that lie atop each directory granted mean nothing for it. */
static bool
rule_within(const struct rules *rules, const char *path)
{
	const struct rule *r;

	for (r = rules->v; r < rules->v + rules->n; r++)
		if (r->len > path_len(path) && beneath(r->path, path) &&
		    !(r->flags & RULE_TOP))
			return true;
	return false;
}

/* Nothing is folded into it. */
static bool
stops(const char *path)
{
	return holds_home(path) || rule_within(&policy->user, path) ||
	    rule_within(&policy->table, path);
}

/*
 * Never granted: a home, what lies above one, and a directory of many
 * programs in one, which holds what is denied, as ~/.config does.
 */
static bool
too_much(const char *path)
{
	const char *h;
	size_t i;

	for (i = 0; i < 2; i++)
		if ((h = homes[i]) != NULL && beneath(path, h) &&
		    strncmp(path + path_len(h), "/.", 2) == 0 &&
		    rule_within(&policy->table, path))
			return true;
	return holds_home(path);
}

/* Is it denied atop each directory that is granted, as dir would be? */
static const struct entry *
denied_atop(const char *path, const char *dir)
{
	const struct entry *e;
	bool found;
	char *top;

	for (e = table_denied; e->name != NULL; e++) {
		if (!(e->flags & RULE_TOP) || !(e->flags & backend_system))
			continue;
		top = path_join(dir, e->name + strlen("~/"));
		found = beneath(path, top);
		free(top);
		if (found)
			return e;
	}
	return NULL;
}

/*
 * The tree.
 */

/* NULL if it is not there, unless it is to be made. */
static struct node *
child(struct node *n, const char *name, size_t len, bool make)
{
	struct node **at = &n->child, *c;
	int r = 1;

	for (; (c = *at) != NULL; at = &c->next)
		if ((r = strncmp(c->name, name, len)) > 0 ||
		    (r == 0 && (r = c->name[len] != '\0') == 0) || r > 0)
			break;
	if (r == 0 || !make)
		return r == 0 ? c : NULL;
	c = xreallocarray(NULL, 1, sizeof(*c) + len + 1);
	*c = (struct node){ .parent = n, .next = *at };
	memcpy(c->name, name, len);
	c->name[len] = '\0';
	return *at = c;
}

/*
 * What is to be granted at path or above, but not above a path of the length
 * from, where a rule of the user's has the say.
 */
static unsigned
covered(const char *path, size_t from)
{
	struct node *n = &root;
	const char *p = path;
	unsigned rights = 0;
	size_t len;

	while (*p == '/' && p[1] != '\0' && n != NULL) {
		len = strcspn(++p, "/");
		n = child(n, p, len, false);
		p += len;
		if (n != NULL && (size_t)(p - path) >= from)
			rights |= n->own;
	}
	return rights;
}

static struct node *
node_at(const char *path)
{
	struct node *n = &root;
	const char *p = path;
	size_t len;

	while (*p == '/' && p[1] != '\0') {
		len = strcspn(++p, "/");
		n = child(n, p, len, true);
		p += len;
	}
	return n;
}

static void
grant(const char *path, unsigned rights)
{
	struct node *n = node_at(path);
	char *parent;
	int i;

	for (i = 0; i < 2; i++) {
		if (!(rights & ~n->own & 1U << i) || n == &root)
			continue;
		n->own |= 1U << i;
		if (++n->parent->many[i] < MANY || n->parent->own & 1U << i)
			continue;
		parent = path_parent(path);
		if (!stops(parent) && rule_at(&policy->table, parent) == NULL)
			grant(parent, 1U << i);
		free(parent);
	}
}

/*
 * Needs.
 */

/* The directory of a program's own in a home that path lies in, or NULL. */
static char *
own_directory(const char *path, const char *h)
{
	size_t len = h == NULL ? 0 : path_len(h);
	char *dir;

	if (h == NULL || !beneath(path, h) || strncmp(path + len, "/.", 2) != 0)
		return NULL;
	for (;;) {
		len += 1 + strcspn(path + len + 1, "/");
		dir = xasprintf("%.*s", (int)len, path);
		if (path[len] == '\0' || !stops(dir))
			return dir;
		free(dir);
	}
}

/* Where it is to be granted what path needs, by being which was refused. */
static char *
place(const char *path, const struct rule *by)
{
	char *dir = NULL;
	int i;

	if (cwd != NULL && beneath(path, cwd))
		dir = xstrdup(cwd);
	for (i = 0; i < 2 && dir == NULL; i++)
		dir = own_directory(path, homes[i]);
	if (dir == NULL)
		return xstrdup(path);
	/* what a rule of the user's refuses is not granted above it */
	if (is_user(by) && by->len > path_len(dir)) {
		free(dir);
		dir = xstrdup(by->path);
	}
	return dir;
}

static char *
whose(const struct rule *r)
{
	return xasprintf("%s by %s %s%s%s%s", r->rights == 0 ? "denied" :
	    "limited", r->origin, r->path, r->reason != NULL ? " (" : "",
	    r->reason != NULL ? r->reason : "", r->reason != NULL ? ")" : "");
}

/*
 * The rights to path that are missing, to be granted at where.  If made is
 * true it is path itself, which has been made by then.
 */
static void
add(const char *path, unsigned rights, const char *where, bool made)
{
	const struct entry *e;
	const struct rule *by;
	char *dir;

	rights &= ~policy_decide(policy, path, &by);
	if (rights != 0)
		rights &= ~covered(where, is_user(by) ? by->len : 0);
	if (rights == 0)
		return;
	if (verbose)
		report(stderr, "learn: %s %s", rights_name(rights), path);
	if (by != NULL && (by->flags & RULE_LIMIT || by->rights == 0)) {
		refuse(path, rights, whose(by));
		return;
	}
	if (too_much(where)) {
		refuse(path, rights, xasprintf("it takes a grant of %s",
		    where));
		return;
	}
	dir = place(where, by);
	if ((e = denied_atop(path, dir)) != NULL)
		refuse(path, rights, xasprintf("denied atop what is granted "
		    "(%s)", e->reason));
	else if (made)
		node_at(where)->made = true;
	else
		grant(dir, rights);
	free(dir);
}

void
need(const char *path, unsigned rights)
{
	/* points_make() lets it be listed */
	if (rights != RIGHT_READ || strcmp(path, "/dev") != 0)
		add(path, rights, path, false);
}

void
need_entry(const char *path, bool made)
{
	char *parent = path_parent(path);

	/* what is there next time can be granted without its directory */
	if (made && stops(parent) && (cwd == NULL || !beneath(parent, cwd)))
		add(path, RIGHT_WRITE, path, true);
	else {
		add(path, RIGHT_WRITE, parent, false);
		add(parent, RIGHT_WRITE, parent, false);
	}
	free(parent);
}

void
need_command(const struct command *c)
{
	const struct command *o;

	strings_add(&commands, xstrdup(c->name));
	/* its file has other names that are blocked, and takes all of them */
	for (o = policy->blocked; o < policy->blocked + policy->nblocked; o++)
		if (!c->multicall && strcmp(o->file, c->file) == 0)
			strings_add(&commands, xstrdup(o->name));
}

void
need_socket(const char *path)
{
	const struct entry *e;
	const struct rule *by;
	size_t i;
	char *real;

	for (i = 0; i < policy->sockets.n; i++)
		if (beneath(path, policy->sockets.v[i].path))
			return;
	for (e = table_sockets; !policy->net_off && e->name != NULL; e++) {
		real = e->flags & backend_system ? path_real(e->name) : NULL;
		if (real != NULL && beneath(path, real)) {
			free(real);
			return;
		}
		free(real);
	}
	policy_decide(policy, path, &by);
	if (by != NULL && by->rights == 0)
		refuse(path, 0, whose(by));
	else
		strings_add(&sockets, xstrdup(path));
}

void
need_never(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strings_add(&nevers, xvasprintf(fmt, ap));
	va_end(ap);
}

/*
 * The report.
 */

/* The path of a node; malloced. */
static char *
node_path(const struct node *n)
{
	char *above, *path;

	if (n == &root)
		return xstrdup("/");
	above = node_path(n->parent);
	path = path_join(above, n->name);
	free(above);
	return path;
}

/*
 * What is gone cannot be granted; the directory that it was in can.  Nor can
 * a shell be given a name that ends in a newline.
 */
static void
settle_gone(struct node *n)
{
	char *path = node_path(n), *parent = path_parent(path);
	struct stat st;
	bool gone;

	gone = lstat(path, &st) == -1 || path[strlen(path) - 1] == '\n';
	/* a directory is not made twice */
	if (n->made && (gone || !S_ISDIR(st.st_mode)))
		n->own |= RIGHT_WRITE;
	/* the tables may have it readable, now that it is there */
	if (n->made && n->own != 0)
		n->own |= RIGHT_READ;
	if (gone && too_much(parent))
		refuse(path, n->own, xasprintf("it takes a grant of %s",
		    parent));
	else if (gone)
		n->parent->own |= n->own;
	if (gone)
		n->own = 0;
	free(path);
	free(parent);
}

/*
 * Settle the tree from n on.  In a directory that is granted, what the other
 * right is needed for is no longer granted one by one, but a single place to
 * be written.  Counts those of each right at or beneath n anew.
 */
static void
settle(struct node *n)
{
	struct node *c;
	int i;

	n->many[0] = n->many[1] = 0;
	for (c = n->child; c != NULL; c = c->next) {
		settle(c);
		n->many[0] += c->many[0];
		n->many[1] += c->many[1];
	}
	if (n->own & RIGHT_READ && n->many[1] > 1)
		n->own |= RIGHT_WRITE;
	if (n->own & RIGHT_WRITE && n->many[0] > 0)
		n->own |= RIGHT_READ;
	if (n->own != 0 || n->made)
		settle_gone(n);
	for (i = 0; i < 2; i++)
		if (n->own & 1U << i)
			n->many[i] = 1;
}

/* A path as short as nono understands it; malloced. */
static char *
shorten(const char *path)
{
	if (cwd != NULL && strcmp(path, cwd) == 0)
		return xstrdup(".");
	if (homes[0] != NULL && path_len(homes[0]) > 0 &&
	    beneath(path, homes[0]))
		return xasprintf("~%s", path + strlen(homes[0]));
	return xstrdup(path);
}

/* Takes the value over. */
static void
suggest(const char *option, char *value)
{
	suggested.v = xreallocarray(suggested.v, suggested.n + 2,
	    sizeof(*suggested.v));
	suggested.v[suggested.n++] = xstrdup(option);
	suggested.v[suggested.n++] = value;
}

/* Collect the grants at and beneath n, what lies above having these rights. */
static void
collect(struct node *n, unsigned above)
{
	static const char *const names[] = { NULL, "read", "write", "allow" };
	char *path = node_path(n);
	const struct rule *r = rule_at(&policy->user, path);
	struct node *c;

	if (r != NULL)
		above = r->rights;
	if (n->own & ~above) {
		/* the longest path decides: nothing is to be taken away */
		above |= n->own | policy_decide(policy, path, NULL);
		suggest(names[above], shorten(path));
	}
	for (c = n->child; c != NULL; c = c->next)
		collect(c, above);
	free(path);
}

/* The bytes of the UTF-8 character that s begins with, or 0. */
static size_t
character(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t i, n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 :
	    u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;

	for (i = 1; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	/* 0x80 to 0x9f are control characters, too */
	return u[0] < ' ' || u[0] == 0x7f || (u[0] == 0xc2 && u[1] < 0xa0) ?
	    0 : n;
}

/* As one word of a shell, on one line. */
static void
quote(FILE *f, const char *s)
{
	size_t n;
	const char *p;

	for (p = s; (n = character(p)) != 0; p += n)
		;
	if (*p != '\0') {
		/* what no line can hold is printed by the shell */
		fputs("\"$(printf '", f);
		for (; *s != '\0'; s += n)
			if ((n = character(s)) == 0 || strchr("'\\%", *s)) {
				fprintf(f, "\\%03o", (unsigned char)*s);
				n = 1;
			} else
				fprintf(f, "%.*s", (int)n, s);
		fputs("')\"", f);
	} else if (s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:@+-~")] == '\0')
		fputs(s, f);
	else {
		putc('\'', f);
		for (; *s != '\0'; s++)
			if (*s == '\'')
				fputs("'\\''", f);
			else
				putc(*s, f);
		putc('\'', f);
	}
}

/* A line of a profile, in whose paths $$ is one $, and nothing is quoted. */
static void
write_line(FILE *f, const char *option, const char *value)
{
	bool path = strcmp(option, "allow-command") != 0;

	if (strchr(value, '\n') != NULL ||
	    isspace((unsigned char)value[strlen(value) - 1])) {
		say("learn: -o: %s %s: a profile cannot have such a name",
		    option, value);
		return;
	}
	fprintf(f, "%s ", option);
	for (; *value != '\0'; value++)
		fprintf(f, path && *value == '$' ? "$%c" : "%c", *value);
	putc('\n', f);
}

static void
write_profile(FILE *f, char *const argv[])
{
	const struct refusal *r;
	char *command = xstrdup(argv[0]), *more;
	size_t i;

	for (; *++argv != NULL; free(command), command = more)
		more = xasprintf("%s %s", command, *argv);
	report(f, "# learnt by nono learn from: %s", command);
	free(command);
	for (r = refusals; r < refusals + nrefusals; r++)
		report(f, "# not suggested: %s%s: %s", r->path, r->more ?
		    " and others" : "", r->why);
	for (i = 0; i < suggested.n; i += 2)
		write_line(f, suggested.v[i], suggested.v[i + 1]);
}

/* The options as a shell reads them, without the name of nono; malloced. */
static char *
options(void)
{
	static const struct {
		const char	*name, *option;
	} shorts[] = { { "allow", "-a" }, { "read", "-r" }, { "write", "-w" },
	    { "allow-unix-socket", "-u" }, { "allow-command", "-x" } };
	char *line;
	size_t i, j, size;
	FILE *f;

	if ((f = open_memstream(&line, &size)) == NULL)
		die("out of memory");
	for (i = 0; i < suggested.n; i += 2) {
		for (j = 0; strcmp(shorts[j].name, suggested.v[i]) != 0; j++)
			;
		fprintf(f, "%s%s ", i > 0 ? " " : "", shorts[j].option);
		quote(f, suggested.v[i + 1]);
	}
	if (fclose(f) != 0)
		die("out of memory");
	return line;
}

void
needs_report(FILE *profile, char *const argv[])
{
	const struct refusal *r;
	size_t i;

	settle(&root);
	collect(&root, 0);
	for (i = 0; i < sockets.n; i++)
		suggest("allow-unix-socket", shorten(sockets.v[i]));
	for (i = 0; i < commands.n; i++)
		suggest("allow-command", xstrdup(commands.v[i]));
	for (r = refusals; r < refusals + nrefusals; r++)
		say("learn: not suggested: %s %s%s: %s", r->rights == 0 ?
		    "connect to" : rights_name(r->rights), r->path, r->more ?
		    " and others" : "", r->why);
	for (i = 0; i < nevers.n; i++)
		say("learn: %s", nevers.v[i]);
	if (profile != NULL)
		write_profile(profile, argv);
	if (suggested.n == 0)
		say("learn: no options to add");
	else
		say("learn: options to add: %s", options());
}
