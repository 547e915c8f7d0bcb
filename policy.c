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
 * The policy: rules of the user and of the tables, and which of them decides;
 * the blocked commands.  nono(1), section POLICY, says the same for people.
 */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

extern char	**environ;

#define TABLE	"table"			/* the origin of a table's rule */
#define RIGHT_BOTH	(RIGHT_READ | RIGHT_WRITE)

struct account {			/* of the password database */
	uid_t		 uid;
	const char	*name, *dir;
};

const char *
rights_name(unsigned rights)
{
	static const char *const names[] = {
		"none", "read", "write", "read,write"
	};

	return names[rights & RIGHT_BOTH];
}

static bool
beneath(const char *path, const char *top)
{
	return path_beneath(path, path_len(path), top, path_len(top));
}

/*
 * Rules.
 */

/* Takes the path over. */
static void
rules_add(struct rules *rules, char *path, unsigned rights, unsigned flags,
    mode_t mode, const char *origin, const char *reason)
{
	if (rules->n == rules->size) {
		rules->size = rules->size == 0 ? 256 : 2 * rules->size;
		rules->v = xreallocarray(rules->v, rules->size,
		    sizeof(*rules->v));
	}
	rules->v[rules->n++] = (struct rule){ path, path_len(path), rights,
	    flags, mode, rules->seq++, origin, reason, NULL };
	rules->sorted = false;
}

static int
rule_cmp(const void *va, const void *vb)
{
	const struct rule *a = va, *b = vb;

	return path_cmp(a->path, a->len, b->path, b->len);
}

static int
rule_seq_cmp(const void *va, const void *vb)
{
	const struct rule *a = va, *b = vb;
	int r = rule_cmp(a, b);

	return r != 0 ? r : a->seq < b->seq ? -1 : 1;
}

void
rules_sort(struct rules *rules)
{
	size_t i, n;

	if (rules->sorted || rules->n == 0)
		return;
	rules->sorted = true;
	qsort(rules->v, rules->n, sizeof(*rules->v), rule_seq_cmp);
	for (i = n = 1; i < rules->n; i++) {
		if (rule_cmp(&rules->v[n - 1], &rules->v[i]) == 0) {
			free(rules->v[--n].path);
			/* one that names the path itself leads by no link */
			if (rules->v[n].typed == NULL)
				rules->v[i].typed = NULL;
		}
		rules->v[n++] = rules->v[i];
	}
	rules->n = n;
}

/* The links on the way to what a rule is for are to stay; see keep_links(). */
static void
ways_add(struct policy *p, const char *typed, const struct rules *rules)
{
	const struct rule *r = &rules->v[rules->n - 1];

	p->ways = xreallocarray(p->ways, p->nways + 1, sizeof(*p->ways));
	p->ways[p->nways++] = (struct way){ typed, r->origin, r->reason,
	    rules == &p->user };
}

/* The rule with the longest path that is path or a parent of it. */
static const struct rule *
rules_deciding(const struct rules *rules, const char *path)
{
	struct rule key = { .path = (char *)(uintptr_t)path };
	const struct rule *r;
	size_t len = path_len(path);

	for (key.len = len; rules->n > 0; key.len--) {
		if (key.len != len && path[key.len] != '/')
			continue;
		r = bsearch(&key, rules->v, rules->n, sizeof(*r), rule_cmp);
		if (r != NULL || key.len == 0)
			return r;
	}
	return NULL;
}

unsigned
policy_decide(const struct policy *p, const char *path, const struct rule **by)
{
	const struct rule *u = rules_deciding(&p->user, path);
	const struct rule *t = rules_deciding(&p->table, path);
	const struct rule *r = t;
	unsigned rights;

	if (u != NULL && (t == NULL || u->len >= t->len || u->rights == 0))
		r = u;
	rights = r == NULL ? 0 : r->rights;
	/* a grant of the tables beneath one of the user's adds to it */
	if (u != NULL && r == t && !(t->flags & RULE_LIMIT))
		rights |= u->rights;
	if (by != NULL)
		*by = r;
	return rights;
}

/*
 * Homes.
 */

/* The whole of a file, ended by a NUL, or NULL if it is absent; malloced. */
static char *
read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *s;

	if (fd == -1) {
		expect_absent(path);
		return NULL;
	}
	if (fstat(fd, &st) == -1)
		die("%s: %s", path, strerror(errno));
	s = xreallocarray(NULL, (size_t)st.st_size + 1, 1);
	errno = 0;
	if (read(fd, s, (size_t)st.st_size) != st.st_size)
		die("%s: %s", path, errno == 0 ? "it changed while nono "
		    "looked at it" : strerror(errno));
	close(fd);
	s[st.st_size] = '\0';
	return s;
}

/*
 * The accounts in /etc/passwd; one without a directory ends them.  Read here,
 * for the name services that getpwent(3) asks can take milliseconds.
 */
static const struct account *
accounts(void)
{
	static struct account *v;
	char *s, *field[7] = { NULL };
	size_t i, n = 0, size = 0;

	if (v != NULL)
		return v;
	s = read_file("/etc/passwd");
	do {
		if (n == size) {
			size = 2 * size + 64;
			v = xreallocarray(v, size, sizeof(*v));
		}
		v[n].dir = NULL;
		if (s == NULL || *s == '\0')
			break;
		field[i = 0] = s;
		for (; *s != '\n' && *s != '\0'; s++)
			if (*s == ':' && i < 6) {
				*s = '\0';
				field[++i] = s + 1;
			}
		if (*s == '\n')
			*s++ = '\0';
		if (i == 6 && field[5][0] == '/')
			v[n++] = (struct account){ (uid_t)strtoul(field[2],
			    NULL, 10), field[0], field[5] };
	} while (true);
#ifdef __APPLE__	/* the file has only those of the system */
	const struct passwd *pw;

	while ((pw = getpwent()) != NULL) {
		v = xreallocarray(v, n + 2, sizeof(*v));
		v[n++] = (struct account){ pw->pw_uid, xstrdup(pw->pw_name),
		    xstrdup(pw->pw_dir) };
		v[n].dir = NULL;
	}
	endpwent();
#endif
	return v;
}

/* This process's account, or NULL. */
static const struct account *
account(void)
{
	static struct account own;
	const struct account *a;
	uid_t uid = getuid();

	for (a = accounts(); a->dir != NULL; a++)
		if (a->uid == uid)
			return a;
#ifndef STATIC		/* name services need shared libraries */
	const struct passwd *pw;

	if (own.dir == NULL && (pw = getpwuid(uid)) != NULL &&
	    pw->pw_dir[0] == '/')
		own = (struct account){ pw->pw_uid, xstrdup(pw->pw_name),
		    xstrdup(pw->pw_dir) };
#endif
	return own.dir == NULL ? NULL : &own;
}

const char *
account_home(void)
{
	const struct account *a = account();

	return a == NULL ? "" : a->dir;
}

const char *
home(void)
{
	const char *h = getenv("HOME");

	if (h == NULL || h[0] == '\0')
		return account_home();
	if (h[0] != '/')
		die("HOME: %s: not an absolute path; set it to one or "
		    "unset it", h);
	return h;
}

/*
 * The user's side.
 */

char *
policy_path(const char *option, const char *path)
{
	char *s;
	size_t n;

	if (path[0] == '\0')
		die("%s: empty path", option);
	if (path[0] == '~' && (path[1] == '\0' || path[1] == '/')) {
		if (home()[0] == '\0')
			die("%s: %s: no home directory; set HOME", option,
			    path);
		s = xasprintf("%s%s", home(), path + 1);
	} else
		s = xstrdup(path);
	if ((n = strlen(s)) >= PATH_MAX)
		die("%s: path of %zu bytes; the longest possible has %d",
		    option, n, PATH_MAX - 1);
	return s;
}

/* The path that was typed, expanded and resolved; malloced. */
static char *
resolve(const char *option, const char *path, const char *expanded,
    struct stat *st)
{
	char *cwd, *real = path_real(expanded);

	if (real != NULL && stat(real, st) == 0)
		return real;
	if (errno == ENOENT && expanded[0] != '/') {
		if ((cwd = getcwd(NULL, 0)) == NULL)
			die("%s: %s: the working directory no longer exists; "
			    "change to one that does", option, path);
		free(cwd);
		errno = ENOENT;
	}
	if (errno == ENOENT)
		die("%s: %s: does not exist; create it first", option, path);
	die("%s: %s: %s", option, path, strerror(errno));
}

/* Of the line of a profile, the option. */
static const char *
last_word(const char *option)
{
	const char *space = strrchr(option, ' ');

	return space == NULL ? option : space + 1;
}

void
policy_add(struct policy *p, const char *option, const char *path,
    unsigned rights, bool file)
{
	char *s = policy_path(option, path), *real;
	struct stat st;

	real = resolve(option, path, s, &st);
	if (file && S_ISDIR(st.st_mode))
		die("%s: %s: is a directory; use %.*s", option, path,
		    (int)(strlen(last_word(option)) - strlen("-file")),
		    last_word(option));
	rules_add(&p->user, real, rights, 0, st.st_mode, option, NULL);
	p->user.v[p->user.n - 1].typed = s;
	if (!(rights & RIGHT_WRITE))
		ways_add(p, s, &p->user);
}

void
policy_add_missing(struct policy *p, const char *option, char *path,
    unsigned rights, mode_t mode)
{
	rules_add(&p->user, path, rights, 0, mode, option, NULL);
}

/* The directory of the tables for temporary files that path lies in; or NULL. */
static char *
temporary_above(const char *path)
{
	const struct entry *e;
	struct stat st;
	char *real;

	for (e = table_grants; e->name != NULL; e++) {
		if (!(e->flags & RULE_TEMP) || !(e->flags & backend_system) ||
		    (real = path_resolve(e->name, &st)) == NULL)
			continue;
		if (beneath(path, real))
			return real;
		free(real);
	}
	return NULL;
}

bool
policy_may_write(struct policy *p, const char *path)
{
	const struct rule *u;
	const char *tmpdir = getenv("TMPDIR");
	struct stat st;
	char *real;
	bool may = false;

	rules_sort(&p->user);
	u = rules_deciding(&p->user, path);
	if (u != NULL && u->rights & RIGHT_WRITE)
		return true;
	if ((real = temporary_above(path)) != NULL) {
		may = true;
		free(real);
	}
	if (!may && tmpdir != NULL && (real = path_resolve(tmpdir, &st)) !=
	    NULL) {
		may = beneath(path, real);
		free(real);
	}
	return may;
}

void
policy_add_socket(struct policy *p, const char *option, const char *path)
{
	char *s = policy_path(option, path), *real;
	struct stat st;

	real = resolve(option, path, s, &st);
	rules_add(&p->sockets, real, 0, 0, st.st_mode, option, NULL);
	p->sockets.v[p->sockets.n - 1].typed = s;
}

void
names_add(struct choices *c, const char *option, const char *pattern,
    bool listed)
{
	c->v = xreallocarray(c->v, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = (struct choice){ pattern, option, listed };
}

/* What the user said last of name, or NULL. */
static const struct choice *
chosen(const struct choices *c, const char *name)
{
	size_t i;

	for (i = c->n; i-- > 0;)
		if (fnmatch(c->v[i].pattern, name, 0) == 0)
			return &c->v[i];
	return NULL;
}

bool
names_find(const struct entry *table, const struct choices *c,
    const char *name, struct listed *found)
{
	const struct choice *choice = chosen(c, name);

	if (choice != NULL) {
		*found = (struct listed){ choice->origin, NULL };
		return choice->listed;
	}
	for (; table->name != NULL; table++)
		/* all of this is done at each start, so look before calling */
		if (table->flags & backend_system &&
		    table->name[0] == name[0] &&
		    (table->name[1] == name[1] || table->name[1] == '*') &&
		    fnmatch(table->name, name, 0) == 0) {
			*found = (struct listed){ TABLE, table->reason };
			return true;
		}
	return false;
}

/*
 * The tables' side.
 */

/* A home, resolved, or "". */
static const char *
own_home(const char *dir)
{
	const char *real = NULL;

	if (dir[0] != '\0' && (real = directory_path(directory_at(dir))) ==
	    NULL)
		expect_absent(dir);
	return real == NULL ? "" : real;
}

/* Is a path a home, or does it hold one? */
static bool
holds_home(const char *path, const char *own)
{
	const struct account *a;
	const struct directory *d;
	const char *real;

	if (beneath(own, path))
		return true;
	for (a = accounts(); a->dir != NULL; a++) {
		d = directory_at(a->dir);
		real = directory_path(d);
		if (real != NULL && path_len(real) > 0 &&
		    directory_owner(d) == a->uid && beneath(real, path))
			return true;
	}
	return false;
}

/* Is a directory one for everybody's temporary files, and no home? */
static bool
is_temporary(const char *dir)
{
	char *temporary = temporary_above(dir);
	bool is = temporary != NULL && strcmp(dir, temporary) == 0 &&
	    strcmp(dir, own_home(home())) != 0;

	free(temporary);
	return is;
}

/* Add an entry at a path, which may lead there by links. */
static void
table_add(struct policy *p, const char *name, const struct entry *e)
{
	const char *base;
	struct directory *d = directory_of(name, &base);
	const char *dir = directory_path(d);
	char *path, *real;
	bool lesser = e->rights == 0 || e->flags & RULE_LIMIT;
	struct stat st, to;

	if (!directory_find(d, base, strlen(base), &st) &&
	    !(e->flags & RULE_UNLISTED && dir != NULL &&
	    lstat(name, &st) == 0)) {
		/*
		 * Absent, but some systems can deny what does not exist.  Or
		 * out of reach, until its owner opens the way: deny that.
		 */
		st.st_mode = errno == ENOENT || errno == ENOTDIR ? 0 : S_IFDIR;
		if (lesser && st.st_mode != 0)
			expect_absent(name);
		if (lesser && (p->absent || st.st_mode != 0))
			rules_add(&p->table, dir == NULL ? xstrdup(name) :
			    path_join(dir, base), e->rights, e->flags,
			    st.st_mode, TABLE, e->reason);
		return;
	}
	path = path_join(dir, base);
	if (S_ISLNK(st.st_mode)) {
		/* anybody's link in /tmp does not say what is denied */
		if (lesser && is_temporary(dir))
			real = NULL;
		else if ((real = directory_follow(d, base, &to)) == NULL)
			expect_absent(path);
		/* nor does one to a home */
		if (lesser && real != NULL &&
		    holds_home(real, own_home(home()))) {
			free(real);
			real = NULL;
		}
		if (real != NULL) {
			free(path);
			path = real;
			st = to;
		} else if (!lesser) {
			free(path);
			return;
		}
	}
	rules_add(&p->table, path, e->rights, e->flags, st.st_mode, TABLE,
	    e->reason);
	if (strcmp(name, path) == 0)
		return;
	p->table.v[p->table.n - 1].typed = name = xstrdup(name);
	if (lesser)
		ways_add(p, name, &p->table);
}

/* Add what the pattern that name ends in matches; at is its first *. */
static void
table_add_pattern(struct policy *p, const char *name, const char *at,
    const struct entry *e)
{
	const char *pattern, *found = NULL;
	struct directory *d = directory_of(name, &pattern);
	char *path;

	if (directory_next(d, NULL) == NULL && directory_path(d) != NULL)
		/* names are not to be had, but may be known */
		table_add(p, directory_path(d), e);
	if (directory_path(d) == NULL)
		expect_absent(name);
	while ((found = directory_next(d, found)) != NULL)
		if (strncmp(found, pattern, (size_t)(at - pattern)) == 0 &&
		    strcmp(found, ".") != 0 && strcmp(found, "..") != 0 &&
		    fnmatch(pattern, found, 0) == 0) {
			path = path_join(directory_path(d), found);
			table_add(p, path, e);
			free(path);
		}
}

/* name with its $UID or $USER, at the given place, expanded; malloced. */
static char *
expand_user(const char *name, const char *at)
{
	static char uid[sizeof("18446744073709551615")];
	const char *value = uid, *rest = at + strlen("$UID");
	char *path;

	if (strncmp(at, "$UID", strlen("$UID")) != 0) {
		value = account() == NULL ? "" : account()->name;
		rest = at + strlen("$USER");
	} else if (uid[0] == '\0')
		snprintf(uid, sizeof(uid), "%ju", (uintmax_t)getuid());
	path = xreallocarray(NULL, strlen(name) + strlen(value) + 1, 1);
	memcpy(path, name, (size_t)(at - name));
	strcpy(path + (at - name), value);
	strcat(path, rest);
	return path;
}

/* Add an entry whose path does not depend on a home. */
static void
table_add_absolute(struct policy *p, const struct entry *e)
{
	const char *at = e->name;
	char *path;

	while (*at != '\0' && *at != '$' && *at != '*')
		at++;
	if (*at == '*')
		table_add_pattern(p, e->name, at, e);
	else if (*at == '$') {
		path = expand_user(e->name, at);
		table_add(p, path, e);
		free(path);
	} else
		table_add(p, e->name, e);
}

/*
 * Add the entries beneath from, and the one of itself unless that is not meant,
 * as if dir stood in its place: "~" and a home, "~/.config" and
 * $XDG_CONFIG_HOME.
 */
static void
table_add_beneath(struct policy *p, const struct entry *e, const char *from,
    const char *dir, unsigned only, bool itself)
{
	struct directory *d = directory_at(dir);
	size_t n = strlen(from), len = strlen(dir);
	char path[PATH_MAX];

	while (len > 0 && dir[len - 1] == '/')
		len--;
	/* most entries are for what is not there: see once */
	if (only == 0)
		directory_read(d);
	memcpy(path, dir, len);
	for (; e->name != NULL; e++) {
		if (e->name[0] != from[0] || !(e->flags & backend_system) ||
		    (e->flags & only) != only ||
		    strncmp(e->name + 1, from + 1, n - 1) != 0 ||
		    (e->name[n] != '/' && (e->name[n] != '\0' || !itself)) ||
		    (e->name[n] == '/' && !p->absent &&
		    !(e->flags & RULE_UNLISTED) &&
		    directory_lacks(d, e->name + n + 1)))
			continue;
		if (memccpy(path + len, e->name + n, '\0',
		    sizeof(path) - len) != NULL) {
			if (path[0] != '\0')
				table_add(p, path, e);
			continue;
		}
		directory_next(d, NULL);
		if (!directory_lacks(d, e->name + n + 1))
			die("%s: too long a path for %s to be denied in it; "
			    "grant another", dir, e->name);
	}
}

/* Does a grant of the user's lie above dir, or beneath it? */
static bool
user_grants(const struct policy *p, const char *dir)
{
	size_t i;

	for (i = 0; i < p->user.n; i++)
		if (p->user.v[i].rights != 0 &&
		    (beneath(dir, p->user.v[i].path) ||
		    beneath(p->user.v[i].path, dir)))
			return true;
	return false;
}

/*
 * The denied entries in other accounts' homes, as far as they matter: beneath
 * a grant.  Beneath one of the tables (/usr/sbin is the home of daemon) a home
 * is one only when it belongs to the account.
 */
static void
table_add_others(struct policy *p, const char *const own[2])
{
	const struct account *a;
	const struct directory *d;
	const char *real;

	for (a = accounts(); a->dir != NULL; a++) {
		d = directory_at(a->dir);
		if ((real = directory_path(d)) == NULL)
			expect_absent(a->dir);
		/* "/" is that of accounts without a home */
		if (real == NULL || path_len(real) == 0 ||
		    strcmp(real, own[0]) == 0 || strcmp(real, own[1]) == 0)
			continue;
		rules_sort(&p->table);
		if (user_grants(p, real) || (directory_owner(d) == a->uid &&
		    policy_decide(p, real, NULL) != 0))
			table_add_beneath(p, table_denied, "~", real, 0,
			    true);
	}
}

/*
 * Is dir a home, or a parent of a home or of the working directory?  Or one
 * for temporary files?  Then a variable that names it is not taken to mean it.
 */
static bool
holds_all(struct policy *p, const char *dir, const char *own)
{
	const struct rule *by;
	const struct account *a;
	const char *real;
	char *cwd = getcwd(NULL, 0);
	bool holds;

	if (cwd == NULL)
		expect_absent("working directory");
	holds = (own[0] != '\0' && beneath(own, dir)) || (cwd != NULL &&
	    strcmp(cwd, dir) != 0 && beneath(cwd, dir));
	for (a = accounts(); a->dir != NULL && !holds; a++) {
		real = directory_path(directory_at(a->dir));
		holds = real != NULL && beneath(real, dir);
	}
	free(cwd);
	rules_sort(&p->table);
	policy_decide(p, dir, &by);
	return holds || (by != NULL && by->flags & RULE_TEMP &&
	    strcmp(by->path, dir) == 0);
}

/* Absolute, and its last component a name? */
static bool
is_tidy(const char *path)
{
	const char *base = strrchr(path, '/');

	return path[0] == '/' && base[1 + strspn(base + 1, ".")] != '\0';
}

/* The denied entries that a variable of this value has moved elsewhere. */
static void
table_add_moved(struct policy *p, const struct moved *m, const char *value,
    const char *own)
{
	char *s, *next, *dir, *real;
	struct stat st;

	/* $KUBECONFIG is a list */
	for (s = next = xstrdup(value); (dir = strsep(&next, ":")) != NULL;) {
		if (dir[0] == '\0')
			continue;
		if ((real = path_resolve(dir, &st)) == NULL) {
			expect_absent(dir);
			continue;
		}
		/*
		 * HISTFILE=/dev/null moves nothing, and a variable that names
		 * / or a home is not to deny it.
		 */
		if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
			table_add_beneath(p, table_denied, m->from,
			    is_tidy(dir) ? dir : real, 0,
			    S_ISREG(st.st_mode) || !holds_all(p, real, own));
		free(real);
	}
	free(s);
}

/* Each of dozens of variables, which getenv(3) would look for one by one. */
static void
table_add_all_moved(struct policy *p, const char *own)
{
	const struct moved *m;
	char **e;
	size_t n;

	for (e = environ; *e != NULL; e++)
		for (m = table_moved; m->variable != NULL; m++) {
			for (n = 0; m->variable[n] != '\0' &&
			    m->variable[n] == (*e)[n]; n++)
				;
			if (m->variable[n] == '\0' && (*e)[n] == '=')
				table_add_moved(p, m, *e + n + 1, own);
		}
}

static void
table_add_tmpdir(struct policy *p, const char *own)
{
	const char *tmpdir = getenv("TMPDIR");
	char *real;
	struct stat st;

	if (tmpdir == NULL || (real = path_resolve(tmpdir, &st)) == NULL)
		return;
	rules_sort(&p->table);
	if (S_ISDIR(st.st_mode) && policy_decide(p, real, NULL) !=
	    RIGHT_BOTH) {
		if (holds_all(p, real, own))
			warning("TMPDIR: %s: not granted, for it holds a home "
			    "or the working directory; set TMPDIR to a "
			    "directory of its own", real);
		else {
			rules_add(&p->table, real, RIGHT_BOTH, RULE_TEMP,
			    st.st_mode, TABLE, "temporary files");
			p->table.v[p->table.n - 1].typed = tmpdir;
			return;
		}
	}
	free(real);
}

/* Add a table as it stands, and in each of the user's homes, as they are named. */
static void
table_add_all(struct policy *p, const struct entry *table,
    const char *const homes[2])
{
	const struct entry *e;
	size_t i;

	for (e = table; e->name != NULL; e++)
		if (e->name[0] != '~' && e->flags & backend_system)
			table_add_absolute(p, e);
	for (i = 0; i < 2; i++)
		if (homes[i][0] != '\0')
			table_add_beneath(p, table, "~", homes[i], 0, true);
}

static void
add_tables(struct policy *p, const char *file)
{
	static const struct entry itself = { "", RIGHT_READ, 0,
	    "the command itself" };
	const struct account *a = account();
	const char *homes[2] = { home(), a == NULL ? "" : a->dir }, *own[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		own[i] = own_home(homes[i]);
		if (own[i][0] == '\0' || (i > 0 && strcmp(own[0], own[i]) == 0))
			homes[i] = own[i] = "";
	}
	/* grants before denials: of the same path the later decides */
	table_add_all(p, table_grants, homes);
	table_add_tmpdir(p, own[0]);
	table_add_all(p, table_denied, homes);
	table_add_all_moved(p, own[0]);
	for (i = 0; i < p->user.n; i++)
		if (p->user.v[i].rights != 0 && S_ISDIR(p->user.v[i].mode))
			table_add_beneath(p, table_denied, "~",
			    p->user.v[i].path, RULE_TOP, true);
	table_add_others(p, own);
	rules_sort(&p->table);
	if (file != NULL && !(policy_decide(p, file, NULL) & RIGHT_READ)) {
		table_add(p, file, &itself);
		rules_sort(&p->table);
	}
}

/*
 * Blocked commands.
 */

/*
 * Does the file, whose path is resolved, answer to names that are not blocked?
 * By its own name, or, where commands are hard links, by those beside it.
 */
static bool
is_multicall(const struct policy *p, const char *file, const struct stat *st)
{
	const char *base, *name = NULL;
	struct directory *d = directory_of(file, &base);
	const struct entry *e;
	struct listed l;

	for (e = table_multicall; e->name != NULL; e++)
		if (strcmp(base, e->name) == 0)
			return true;
	if (st->st_nlink == 1)
		return false;
	while ((name = directory_next(d, name)) != NULL)
		if (directory_inode(name) == st->st_ino &&
		    !names_find(table_commands, &p->commands, name, &l))
			return true;
	return false;
}

/* Block what is found under c->name, of len bytes, in a directory. */
static void
block(struct policy *p, struct directory *d, const struct command *c,
    size_t len)
{
	struct command *found;
	struct stat st;
	char *path, *file;
	uid_t owner;
	int error;

	if (!directory_find(d, c->name, len, &st)) {
		if ((error = errno) != ENOENT) {
			path = path_join(directory_path(d), c->name);
			errno = error;
			expect_absent(path);
			free(path);
		}
		return;
	}
	owner = st.st_uid;
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return;
	path = file = path_join(directory_path(d), c->name);
	if (S_ISLNK(st.st_mode) &&
	    (file = directory_follow(d, c->name, &st)) == NULL)
		expect_absent(path);
	if (file == NULL || !S_ISREG(st.st_mode))
		return;
	if (p->nblocked % 128 == 0)
		p->blocked = xreallocarray(p->blocked, p->nblocked + 128,
		    sizeof(*p->blocked));
	found = &p->blocked[p->nblocked++];
	*found = *c;
	found->path = path;
	found->file = file;
	/* a user's link to sh(1) says nothing of that */
	found->multicall = owner != st.st_uid || is_multicall(p, file, &st);
}

struct names {
	struct command	*v;
	size_t		 n;
};

static void
names_block(struct names *names, const char *name, const char *origin,
    const char *reason)
{
	if (names->n % 256 == 0)
		names->v = xreallocarray(names->v, names->n + 256,
		    sizeof(*names->v));
	names->v[names->n++] = (struct command){ .name = name,
	    .origin = origin, .reason = reason };
}

static bool
is_entry(const struct entry *e, const char *name)
{
	for (; e->name != NULL; e++)
		if (e->flags & backend_system && strcmp(e->name, name) == 0)
			return true;
	return false;
}

/* The names to block: those of the table, and those of -b. */
static void
names_collect(struct names *names, const struct choices *choices)
{
	const struct choice *c;
	const struct entry *e;
	size_t i;

	for (e = table_commands; e->name != NULL; e++) {
		if (!(e->flags & backend_system))
			continue;
		if ((c = chosen(choices, e->name)) == NULL)
			names_block(names, e->name, TABLE, e->reason);
		else if (c->listed)
			names_block(names, e->name, c->origin, NULL);
	}
	for (i = 0; i < choices->n; i++) {
		c = &choices->v[i];
		if (c->listed && chosen(choices, c->pattern) == c &&
		    !is_entry(table_commands, c->pattern))
			names_block(names, c->pattern, c->origin, NULL);
	}
}

struct directories {
	struct directory	**v;
	size_t			  n;
};

static void
directories_add(struct directories *dirs, const char *path)
{
	char *real = path[0] == '/' ? NULL : path_real(path);
	struct directory *d;
	size_t i;

	if (path[0] != '/' && real == NULL) {
		expect_absent(path);
		return;
	}
	d = directory_at(real == NULL ? path : real);
	free(real);
	if (directory_path(d) == NULL) {
		expect_absent(path);
		return;
	}
	for (i = 0; i < dirs->n; i++)
		if (strcmp(directory_path(dirs->v[i]), directory_path(d)) == 0)
			return;
	directory_read(d);
	dirs->v = xreallocarray(dirs->v, dirs->n + 1, sizeof(*dirs->v));
	dirs->v[dirs->n++] = d;
}

static void
add_blocked(struct policy *p)
{
	struct names names = { NULL, 0 };
	struct directories dirs = { NULL, 0 };
	char *path, *next, *dir;
	size_t i, j, len;

	names_collect(&names, &p->commands);
	if (names.n == 0)
		return;
	if (getenv("PATH") != NULL) {
		for (path = next = xstrdup(getenv("PATH"));
		    (dir = strsep(&next, ":")) != NULL;)
			directories_add(&dirs, dir[0] == '\0' ? "." : dir);
		free(path);
	}
	for (i = 0; table_directories[i] != NULL; i++)
		directories_add(&dirs, table_directories[i]);
	for (j = 0; j < names.n; j++) {
		len = strlen(names.v[j].name);
		for (i = 0; i < dirs.n; i++)
			block(p, dirs.v[i], &names.v[j], len);
	}
	free(dirs.v);
	free(names.v);
}

const struct command *
policy_blocked(const struct policy *p, const char *path, const char *file)
{
	const struct command *c, *found = NULL;
	char *link;

	if (p->nblocked == 0)
		return NULL;
	link = path_resolve_parent(path);
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (link != NULL && strcmp(link, c->path) == 0) {
			found = c;
			break;
		} else if (file != NULL && strcmp(file, c->file) == 0 &&
		    !c->multicall && found == NULL)
			found = c;
	free(link);
	return found;
}

/*
 * Links.  A command that may write in a directory can leave one there, and move
 * another one away, for the next run to find.
 */

/* Is a link on the way that a rule's path was typed? */
static bool
leads_by(const struct rule *r, const char *link)
{
	struct walk w;
	struct stat st;
	char *next;
	bool found = false;

	if (r->typed == NULL || !walk_begin(&w, r->typed))
		return false;
	while (!found && (next = walk_next(&w, &st)) != NULL) {
		found = strcmp(next, link) == 0;
		free(next);
	}
	walk_end(&w);
	return found;
}

/*
 * Is a path denied for no other reason than that it is found by this link,
 * which is denied?  Then it is no secret of somebody else's.
 */
static bool
denied_by_link(const struct policy *p, const char *link, const char *path)
{
	const struct rule *r;
	bool denied = false;
	size_t i;

	for (i = 0; i < p->table.n; i++) {
		r = &p->table.v[i];
		if (!(r->flags & RULE_LIMIT) || !beneath(path, r->path))
			continue;
		if (r->rights != 0 || !leads_by(r, link))
			return false;
		denied = true;
	}
	return denied && !holds_home(path, own_home(home()));
}

/*
 * Can no command have left this link, which leads to path?  It is one of the
 * system's, as /var/run is, lies where nothing may be written, or is kept for
 * what is denied.  Whatever root runs, makes links that are root's.
 */
static bool
is_known_link(const struct policy *p, const char *link, const struct stat *st,
    const char *path)
{
	char *parent = path_parent(link);
	const struct rule *by;
	struct stat dir;
	bool known = st->st_uid == 0 && (path_len(parent) == 0 ||
	    strcmp(link, "/var/run") == 0 || strcmp(link, "/var/lock") == 0);

	if (!known && geteuid() != 0 && st->st_uid == 0)
		known = lstat(parent, &dir) == 0 && dir.st_uid == 0 &&
		    !(dir.st_mode & (S_IWGRP | S_IWOTH));
	if (!known && (by = rules_deciding(&p->table, parent)) != NULL)
		known = by->flags & RULE_LIMIT && !leads_by(by, link) &&
		    !(policy_decide(p, parent, NULL) & RIGHT_WRITE);
	free(parent);
	return known || denied_by_link(p, link, path);
}

/*
 * The first symbolic link on the way to a rule's path that is not known, or
 * NULL; malloced.  A way that begins at the working directory begins with the
 * one to that, if PWD tells it.
 */
static char *
unknown_link(const struct policy *p, const struct rule *r)
{
	struct walk w;
	struct stat st, here;
	char *link, *text;
	const char *pwd = getenv("PWD");

	if (r->typed[0] == '/' || pwd == NULL || pwd[0] != '/' ||
	    stat(pwd, &st) == -1 || stat(".", &here) == -1 ||
	    st.st_dev != here.st_dev || st.st_ino != here.st_ino)
		pwd = NULL;
	text = pwd == NULL ? xstrdup(r->typed) : path_join(pwd, r->typed);
	if (!walk_begin(&w, text))
		die("working directory: %s; change to another",
		    strerror(errno));
	free(text);
	while ((link = walk_next(&w, &st)) != NULL && is_known_link(p, link,
	    &st, r->path))
		free(link);
	if (link == NULL && strcmp(w.at, r->path) != 0)
		die("%s: it changed while nono looked at it", r->typed);
	walk_end(&w);
	return link;
}

/*
 * By a link nothing is opened that the tables limit, and no home.  Named by its
 * own path it is.
 */
static void
check_links(const struct policy *p, const struct rules *rules)
{
	const char *own = own_home(home());
	const struct rule *u, *t;
	char *link, buf[PATH_MAX];
	const char *cwd;
	bool limit;
	size_t i;

	for (i = 0; i < rules->n; i++) {
		u = &rules->v[i];
		if (u->typed == NULL || strcmp(u->typed, u->path) == 0 ||
		    (rules == &p->user && u->rights == 0))
			continue;
		t = rules_deciding(&p->table, u->path);
		limit = t != NULL && t->flags & RULE_LIMIT;
		cwd = getcwd(buf, sizeof(buf));
		if (cwd == NULL && errno != ENOENT)
			die("working directory: %s; change to another",
			    strerror(errno));
		if (!limit && !holds_home(u->path, own) &&
		    (cwd == NULL || !beneath(cwd, u->path) ||
		    strcmp(u->typed, ".") == 0))
			continue;
		if ((link = unknown_link(p, u)) != NULL)
			die("%s: %s: leads by the symbolic link %s to %s, "
			    "which %s; name that instead", u->origin, u->typed,
			    link, u->path, limit ? "the tables limit" :
			    "holds a home or the working directory");
	}
}

/*
 * Nor do the tables open by a link what they limit elsewhere, or a home; and a
 * directory for temporary files by none, for writing is granted there.
 */
static void
drop_linked(struct policy *p)
{
	const char *own = own_home(home());
	const struct rule *t;
	struct rule *r;
	char *link, *parent;
	size_t i = 0;

	while (i < p->table.n) {
		r = &p->table.v[i++];
		if (r->typed == NULL || r->rights == 0 ||
		    r->flags & RULE_LIMIT)
			continue;
		parent = path_parent(r->path);
		t = rules_deciding(&p->table, parent);
		link = (t != NULL && t->flags & RULE_LIMIT) ||
		    r->flags & RULE_TEMP || holds_home(r->path, own) ?
		    unknown_link(p, r) : NULL;
		free(parent);
		if (link == NULL)
			continue;
		warning("%s: not granted, for it leads by the symbolic link "
		    "%s to %s; grant that if it is meant", r->typed, link,
		    r->path);
		free(link);
		i--;
		memmove(r, r + 1, (--p->table.n - i) * sizeof(*r));
	}
}

/*
 * Keep the links on the way to what is denied or may only be read, where they
 * could be moved away.
 */
static void
keep_links(struct policy *p)
{
	struct rules *to, more[2] = { 0 };
	const struct way *way;
	struct walk w;
	struct stat st;
	char *link;
	size_t i, j;

	for (i = 0; i < p->nways; i++) {
		way = &p->ways[i];
		if (!walk_begin(&w, way->typed))
			continue;
		while ((link = walk_next(&w, &st)) != NULL)
			if (policy_decide(p, link, NULL) & RIGHT_WRITE)
				rules_add(&more[way->user], link, 0,
				    way->user ? 0 : RULE_LIMIT, S_IFLNK,
				    way->origin, way->reason);
			else
				free(link);
		walk_end(&w);
	}
	for (i = 0; i < 2; i++) {
		to = i == 0 ? &p->table : &p->user;
		for (j = 0; j < more[i].n; j++)
			rules_add(to, more[i].v[j].path, 0, more[i].v[j].flags,
			    S_IFLNK, more[i].v[j].origin, more[i].v[j].reason);
		free(more[i].v);
		rules_sort(to);
	}
	free(p->ways);
	p->ways = NULL;
	p->nways = 0;
}

void
policy_seal(struct policy *p, const char *file)
{
	rules_sort(&p->user);
	rules_sort(&p->sockets);
	add_tables(p, file);
	check_links(p, &p->user);
	check_links(p, &p->sockets);
	drop_linked(p);
	keep_links(p);
	add_blocked(p);
}
