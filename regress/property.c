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
 * property nono directory seed number: does the kernel, under nono, answer as
 * policy_decide() does?  On random trees with random rules, each by a seed of
 * its own; a failure is made small and printed as commands for a shell.
 *
 * A tree is made, and every probe tried under nono by this program itself; of
 * every fourth tree outside before, where each must succeed.  Where the policy is one of single paths but the act one of several (a rename), or
 * where nono(1) tells of a loss, either answer may do.
 */

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

extern char	**environ;

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define NODES		40
#define RULES		12
#define DEPTH		7
#define PROBES		2000
#define STUCK		1000	/* + errno: it could not be undone */

enum op {
	STAT, READLINK, READ, EXEC, LIST, WRITE, READWRITE, CHMOD, CHOWN,
	TIMES, TRUNC, READTRUNC, TRUNCATE, CREATE, CREATEREAD, MKDIR, SYMLINK,
	MKFIFO, LINK, RENAME, RENAMEREAD, EXCHANGE, UNLINK, RMDIR, NOPS
};

enum expect { REFUSED, GRANTED, EITHER };

static const struct {
	const char	*name;
	const char	*shell;		/* the same, where $1 and $2 are paths */
	unsigned	 need;		/* of rights to the first path */
} ops[NOPS] = {
	[STAT] = { "stat", "stat \"$1\"", 0 },
	[READLINK] = { "readlink", "readlink \"$1\"", 0 },
	[READ] = { "read", "cat \"$1\"", RIGHT_READ },
	[EXEC] = { "execute", "sh -c 'exec \"$0\"' \"$1\"", RIGHT_READ },
	[LIST] = { "list", "ls \"$1\"", RIGHT_READ },
	[WRITE] = { "write", "printf >>\"$1\"", RIGHT_WRITE },
	[READWRITE] = { "read and write", "sh -c 'exec 3<>\"$0\"' \"$1\"",
	    RIGHT_READ | RIGHT_WRITE },
	[CHMOD] = { "chmod", "chmod 755 \"$1\"", RIGHT_WRITE },
	[CHOWN] = { "chown", "chown -h \"$(id -u)\" \"$1\"", RIGHT_WRITE },
	[TIMES] = { "utimes", "touch -c \"$1\"", RIGHT_WRITE },
	[TRUNC] = { "empty", ": >\"$1\"", RIGHT_WRITE },
	[READTRUNC] = { "empty by O_RDONLY",
	    "perl -e 'sysopen(F, $ARGV[0], 01000) || die $!' \"$1\"",
	    RIGHT_READ | RIGHT_WRITE },
	[TRUNCATE] = { "truncate", "perl -e 'truncate($ARGV[0], 0) || die $!'"
	    " \"$1\"", RIGHT_WRITE },
	[CREATE] = { "create", ": >\"$1\"", RIGHT_WRITE },
	[CREATEREAD] = { "create and read", ": >\"$1\"; cat \"$1\"",
	    RIGHT_READ | RIGHT_WRITE },
	[MKDIR] = { "mkdir", "mkdir \"$1\"", RIGHT_WRITE },
	[SYMLINK] = { "symlink", "ln -s x \"$1\"", RIGHT_WRITE },
	[MKFIFO] = { "mkfifo", "mkfifo \"$1\"", RIGHT_WRITE },
	[LINK] = { "link", "ln \"$1\" \"$2\"", 0 },
	[RENAME] = { "rename", "mv -T \"$1\" \"$2\"", RIGHT_WRITE },
	[RENAMEREAD] = { "rename and read", "mv \"$1\" \"$2\"; cat \"$2\"",
	    RIGHT_READ | RIGHT_WRITE },
	[EXCHANGE] = { "exchange", "mv --exchange \"$1\" \"$2\"", RIGHT_WRITE },
	[UNLINK] = { "unlink", "unlink \"$1\"", RIGHT_WRITE },
	[RMDIR] = { "rmdir", "rmdir \"$1\"", RIGHT_WRITE }
};

/*
 * The probes, inside and outside.  Standard input has, for each of them, a
 * number, a path and another, each with a NUL behind; for each of them the
 * error number comes out, 0 for none, and what was read with a / before each
 * name, and a NUL.
 */

static int
closed(int fd)
{
	return fd == -1 ? -1 : close(fd);
}

/* What success looks like with a file that is no program. */
static int
execute(const char *path)
{
	char *argv[] = { (char *)(uintptr_t)path, NULL };

	execve(path, argv, environ);
	return errno == ENOEXEC ? 0 : -1;
}

/* Prints the contents, or -1. */
static int
contents(const char *path)
{
	char buf[16];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return -1;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	if (n == -1)
		return -1;
	printf("0/%.*s", (int)n, buf);
	return 0;
}

static int
names(const char *path)
{
	struct dirent *d;
	DIR *dirp = opendir(path);

	if (dirp == NULL)
		return -1;
	printf("0");
	while ((d = readdir(dirp)) != NULL)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			printf("/%s", d->d_name);
	closedir(dirp);
	return 0;
}

/* What was done is undone; r is what else has come of it. */
static int
undone(int r, int undo)
{
	if (undo == 0)
		return r;
	errno += STUCK;
	return -1;
}

static int
exchange(const char *a, const char *b)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 2);
}

static int
attempt(enum op op, const char *a, const char *b)
{
	struct stat st;
	char buf[PATH_MAX];
	int fd, e;

	switch (op) {
	case STAT:
		return lstat(a, &st);
	case READLINK:
		return readlink(a, buf, sizeof(buf)) == -1 ? -1 : 0;
	case READ:
		return contents(a);
	case EXEC:
		return execute(a);
	case LIST:
		return names(a);
	case WRITE:
		return closed(open(a, O_WRONLY | O_APPEND));
	case READWRITE:
		return closed(open(a, O_RDWR));
	case CHMOD:
		return chmod(a, 0755);
	case CHOWN:
		return lchown(a, geteuid(), (gid_t)-1);
	case TIMES:
		return utimensat(AT_FDCWD, a, NULL, AT_SYMLINK_NOFOLLOW);
	case TRUNC:
		return closed(open(a, O_WRONLY | O_TRUNC));
	case READTRUNC:
		return closed(open(a, O_RDONLY | O_TRUNC));
	case TRUNCATE:
		return truncate(a, 0);
	case CREATE:
	case CREATEREAD:
		if (closed(open(a, O_WRONLY | O_CREAT | O_EXCL, 0644)) == -1)
			return -1;
		if (op == CREATE)
			return undone(0, unlink(a));
		fd = open(a, O_RDONLY);
		e = errno;
		close(fd);
		if (unlink(a) == -1)
			return undone(-1, -1);
		errno = e;
		return fd == -1 ? -1 : 0;
	case MKDIR:
		return mkdir(a, 0755) == -1 ? -1 : undone(0, rmdir(a));
	case SYMLINK:
		return symlink("x", a) == -1 ? -1 : undone(0, unlink(a));
	case MKFIFO:
		return mkfifo(a, 0644) == -1 ? -1 : undone(0, unlink(a));
	case LINK:
		return link(a, b) == -1 ? -1 : undone(0, unlink(b));
	case RENAME:
		return rename(a, b) == -1 ? -1 : undone(0, rename(b, a));
	case RENAMEREAD:
		if (rename(a, b) == -1)
			return -1;
		fd = open(b, O_RDONLY);
		e = errno;
		close(fd);
		if (rename(b, a) == -1)
			return undone(-1, -1);
		errno = e;
		return fd == -1 ? -1 : 0;
	case EXCHANGE:
		return exchange(a, b) == -1 ? -1 : undone(0, exchange(a, b));
	case UNLINK:
		return unlink(a);
	case RMDIR:
		/* what is full could be removed if it were not */
		return rmdir(a) == -1 && errno != ENOTEMPTY ? -1 : 0;
	case NOPS:
		break;
	}
	errno = EINVAL;
	return -1;
}

static char *
read_all(int fd, size_t *len)
{
	char *buf = NULL;
	size_t size = 0;
	ssize_t n;

	for (*len = 0;; *len += (size_t)n) {
		if (size - *len < 4096)
			buf = xreallocarray(buf, size += 65536, 1);
		if ((n = read(fd, buf + *len, size - *len - 1)) <= 0)
			break;
	}
	buf[*len] = '\0';
	return buf;
}

static int
agent(void)
{
	size_t len;
	char *next = read_all(0, &len), *end = next + len, *a, *b;
	enum op op;

	umask(022);
	while (next < end) {
		op = (enum op)atoi(next);
		a = next + strlen(next) + 1;
		b = a + strlen(a) + 1;
		next = b + strlen(b) + 1;
		errno = 0;
		if (attempt(op, a, b) == -1)
			printf("%d", errno);
		else if (op != READ && op != LIST)
			printf("0");
		putchar('\0');
		/* nothing is as it was */
		if (errno > STUCK)
			break;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

/*
 * Random cases.
 */

static uint64_t	state;

/* Of 0 to n - 1; splitmix64, the same with every libc. */
static unsigned
any(unsigned n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return n == 0 ? 0 : (unsigned)((z ^ z >> 31) >> 33) % n;
}

enum kind { DIRECTORY, REGULAR, SYMBOLIC, HARD };

struct node {
	enum kind	 kind;
	bool		 gone;		/* made small: is not made */
	int		 parent;	/* -1: the top of the tree */
	int		 to;		/* of a link; -1: what is not there */
	bool		 absolute;	/* the symbolic link is */
	char		 name[32];
};

struct said {				/* an option with a path */
	bool		 gone;
	char		 option;
	int		 node;		/* -1: the top */
	int		 form;		/* how the path is written */
};

struct test {
	unsigned	 seed;
	struct node	 nodes[NODES];
	int		 nnodes;
	struct said	 said[RULES];
	int		 nsaid;
	int		 home;		/* a node, or -2: elsewhere */
	int		 temp;		/* the same, of $TMPDIR */
	bool		 commands;	/* these are blocked, too */
};

static const char	*dir;		/* where all is done, absolute */
static const char	*nono;
static char		 self[PATH_MAX];

static char *
node_path(const struct test *t, int i)
{
	char *up, *path;

	if (i < 0)
		return xasprintf("%s/t", dir);
	up = node_path(t, t->nodes[i].parent);
	path = path_join(up, t->nodes[i].name);
	free(up);
	return path;
}

static int
node_depth(const struct test *t, int i)
{
	return i < 0 ? 0 : 1 + node_depth(t, t->nodes[i].parent);
}

static bool
is_in(const struct test *t, int i, int top)
{
	return i == top || (i >= 0 && is_in(t, t->nodes[i].parent, top));
}

static bool
is_gone(const struct test *t, int i)
{
	return i >= 0 && (t->nodes[i].gone || is_gone(t, t->nodes[i].parent) ||
	    (t->nodes[i].kind == HARD && is_gone(t, t->nodes[i].to)));
}

/* Are some of the files of several names? */
static bool
has_hard(const struct test *t)
{
	return t->seed % 8 == 0;
}

/* What the tables speak of comes up often enough, and what tempts parsers. */
static const char *
any_name(void)
{
	static const char *const plain[] = {
		"a", "b", "c", "d", "e", "a b", "a-b", "aa", "f", "g"
	}, *const others[] = {
		".ssh", ".aws", ".config", "git", "credentials", "gcloud",
		".cargo", "credentials.toml", ".npmrc", ".bashrc", ".gitconfig",
		"go", ".netrc", ".cache", "huggingface", "token", ".local",
		"bin", "-a", "~", "*", "$HOME", "a\nb", "\303\251", "\377", "a,",
		"...", "\\040", ".kube", ".docker"
	};

	return any(3) > 0 ? plain[any(N(plain))] : others[any(N(others))];
}

static int
any_directory(const struct test *t)
{
	int i, n;

	/* a deep one, rather */
	for (n = 0; n < 4; n++) {
		i = (int)any((unsigned)t->nnodes + 1) - 1;
		if (i == -1 || (t->nodes[i].kind == DIRECTORY &&
		    node_depth(t, i) < DEPTH))
			return i;
	}
	return -1;
}

static void
make_node(struct test *t)
{
	struct node *n = &t->nodes[t->nnodes];
	unsigned kind = any(20);
	int i;

	*n = (struct node){ .parent = any_directory(t), .to = -1 };
	snprintf(n->name, sizeof(n->name), "%s", any_name());
	for (i = 0; i < t->nnodes; i++)
		if (t->nodes[i].parent == n->parent &&
		    strcmp(t->nodes[i].name, n->name) == 0)
			return;
	n->kind = kind < 11 ? DIRECTORY : kind < 17 ? REGULAR : SYMBOLIC;
	if (t->nnodes > 0)
		n->to = (int)any((unsigned)t->nnodes + 1) - 1;
	n->absolute = any(3) == 0;
	if (has_hard(t) && kind == 16 && n->to >= 0 &&
	    t->nodes[n->to].kind == REGULAR)
		n->kind = HARD;
	t->nnodes++;
}

static void
say_one(struct test *t, int node)
{
	if (t->nsaid < RULES)
		t->said[t->nsaid++] = (struct said){ .option = "arwdadar"[any(8)],
		    .node = node, .form = (int)any(8) };
}

static void
make_test(struct test *t, unsigned seed)
{
	int i, n;

	*t = (struct test){ .seed = seed, .home = -2, .temp = -2 };
	state = seed;
	n = 6 + (int)any(NODES - 6);
	for (i = 0; i < n; i++)
		make_node(t);
	/* one in another, down to a deep one */
	i = (int)any((unsigned)t->nnodes);
	for (n = i; n >= -1 && any(8) > 0; n = n == -1 ? -2 :
	    t->nodes[n].parent)
		if (any(4) > 0)
			say_one(t, n);
	for (n = 1 + (int)any(5); n > 0; n--)
		say_one(t, (int)any((unsigned)t->nnodes + 1) - 1);
	if (any(2) == 0)
		t->home = any(2) == 0 ? -1 : any_directory(t);
	if (any(12) == 0)
		t->temp = any_directory(t);
	t->commands = any(8) == 0;
}

/* The path as the option has it; where it cannot be written so, as it is. */
static char *
said_path(const struct test *t, const struct said *s)
{
	char *path = node_path(t, s->node), *base, *up, *other;
	bool directory = s->node < 0 || t->nodes[s->node].kind == DIRECTORY;

	base = strrchr(path, '/') + 1;
	switch (s->form) {
	case 0:				/* relative: the directory is our own */
		return xstrdup(path + strlen(dir) + 1);
	case 1:
		return directory ? xasprintf("%s/", path) : path;
	case 2:
		return directory ? xasprintf("%s//.", path) : path;
	case 3:
		up = path_parent(path);
		other = xasprintf("%s/./%s", up, base);
		free(up);
		return other;
	case 4:
		return s->node < 0 ? path : xasprintf("%s/t/..%s", dir,
		    path + strlen(dir));
	default:
		return path;
	}
}

static char *
link_target(const struct test *t, int i)
{
	const struct node *n = &t->nodes[i];
	char *path = node_path(t, n->to), *up, *target;
	int depth;

	if (n->to == -1 && n->absolute)
		return xstrdup("nowhere");
	if (n->absolute)
		return path;
	target = xstrdup("");
	for (depth = node_depth(t, i); depth > 1; depth--) {
		up = xasprintf("../%s", target);
		free(target);
		target = up;
	}
	/* from the top */
	up = xasprintf("%s%s", target, n->to == -1 ? "." :
	    path + strlen(dir) + 3);
	free(target);
	free(path);
	return up;
}

static void
remove_tree(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	struct dirent *d;
	DIR *dirp;

	if (fd == -1 || (dirp = fdopendir(fd)) == NULL)
		return;
	while ((d = readdir(dirp)) != NULL)
		if (strcmp(d->d_name, ".") != 0 &&
		    strcmp(d->d_name, "..") != 0 &&
		    unlinkat(fd, d->d_name, 0) == -1) {
			remove_tree(fd, d->d_name);
			unlinkat(fd, d->d_name, AT_REMOVEDIR);
		}
	closedir(dirp);
}

/* The command that makes a node; absolute says that to is not relative. */
static void
print_node(const struct node *n, const char *path, const char *to,
    bool absolute, FILE *script)
{
	if (n->kind == DIRECTORY)
		fprintf(script, "mkdir '%s'\n", path);
	else if (n->kind == REGULAR)
		fprintf(script, "echo x >'%s'; chmod 755 '%s'\n", path, path);
	else
		fprintf(script, "ln %s%s'%s' '%s'\n", n->kind == SYMBOLIC ?
		    "-s " : "", absolute ? "\"$PWD\"/" : "", to, path);
}

/* Make the tree on disk, or print how. */
static void
make_tree(const struct test *t, FILE *script)
{
	char *path, *to, content[16];
	int i, fd, r = 0;

	if (script == NULL)
		remove_tree(AT_FDCWD, dir);
	path = node_path(t, -1);
	if (script != NULL)
		fprintf(script, "mkdir t\n");
	else if (mkdir(path, 0755) == -1)
		err(1, "%s", path);
	free(path);
	for (i = 0; i < t->nnodes; i++) {
		const struct node *n = &t->nodes[i];

		if (is_gone(t, i))
			continue;
		path = node_path(t, i);
		to = n->kind == SYMBOLIC ? link_target(t, i) :
		    n->kind == HARD ? node_path(t, n->to) : xstrdup("");
		if (script != NULL)
			print_node(n, path + strlen(dir) + 1, to[0] == '/' ?
			    to + strlen(dir) + 1 : to, to[0] == '/', script);
		else if (n->kind == DIRECTORY)
			r = mkdir(path, 0755);
		else if (n->kind == SYMBOLIC)
			r = symlink(to, path);
		else if (n->kind == HARD)
			r = link(to, path);
		else {
			snprintf(content, sizeof(content), "%d", i);
			fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0755);
			r = fd == -1 || write(fd, content, strlen(content)) !=
			    (ssize_t)strlen(content) || close(fd) == -1;
		}
		if (r != 0)
			err(1, "seed %u: %s", t->seed, path);
		free(path);
		free(to);
	}
}

/*
 * What the policy says of a probe.
 */

static struct policy	policy;
static bool		carved;		/* there is no private view */
static int		abi;		/* of Landlock */
static const struct test *current;

static unsigned
rights(const char *path)
{
	return policy_decide(&policy, path, NULL);
}

static const struct rule *
decider(const char *path)
{
	const struct rule *by;

	policy_decide(&policy, path, &by);
	return by;
}

static bool
is_denied(const char *path)
{
	return decider(path) != NULL && rights(path) == 0;
}

/* Each rule beneath a path, at it when i is 0; NULL at the end. */
static const struct rule *
rule_beneath(const char *path, bool itself, size_t *i)
{
	const struct rule *r;

	while (*i < policy.user.n + policy.table.n) {
		r = *i < policy.user.n ? &policy.user.v[*i] :
		    &policy.table.v[*i - policy.user.n];
		++*i;
		if (r->mode != 0 && path_beneath(r->path, r->len, path,
		    path_len(path)) && (itself || r->len > path_len(path)))
			return r;
	}
	return NULL;
}

/* Does something beneath path lack any of these rights? */
static bool
lesser_beneath(const char *path, unsigned these, bool directories)
{
	const struct rule *r;
	size_t i = 0;

	while ((r = rule_beneath(path, false, &i)) != NULL)
		if (these & ~rights(r->path) && (!directories ||
		    S_ISDIR(r->mode)))
			return true;
	return false;
}

static bool
rules_beneath(const char *path, bool itself)
{
	size_t i = 0;

	return rule_beneath(path, itself, &i) != NULL;
}

/* Is a directory read through Landlock's rules for what is in it? */
static bool
read_by_entry(const char *path, bool directories)
{
	const struct rule *r;
	size_t i = 0;

	if (carved)
		return lesser_beneath(path, rights(path), directories);
	/* writing without reading beneath reading: see Carving in nono(1) */
	while ((r = rule_beneath(path, false, &i)) != NULL)
		if (rights(r->path) == RIGHT_WRITE && (!directories ||
		    S_ISDIR(r->mode)))
			return true;
	return false;
}

static bool
is_parent(const char *dirpath, const char *path)
{
	size_t n = strlen(dirpath);

	return strncmp(dirpath, path, n) == 0 && path[n] == '/' &&
	    strchr(path + n + 1, '/') == NULL;
}

static bool
written_above(const char *path)
{
	char *parent = path_parent(path);
	bool written = rights(path) & RIGHT_WRITE || (path_len(path) > 0 &&
	    written_above(parent));

	free(parent);
	return written;
}

/* Is a file granted for writing beside it, whose directory is not? */
static bool
is_beside(const char *path)
{
	const struct rule *r;
	struct stat st;
	char *parent;
	bool found = false;
	size_t i = 0;

	if (decider(path) != NULL && strcmp(decider(path)->path, path) == 0 &&
	    rights(path) == 0)
		return false;
	while (!found && (r = rule_beneath("/", false, &i)) != NULL) {
		if (!S_ISREG(r->mode) || !(rights(r->path) & RIGHT_WRITE))
			continue;
		parent = path_parent(r->path);
		found = !written_above(parent) &&
		    (strcmp(parent, path) == 0 || (is_parent(parent, path) &&
		    lstat(path, &st) == 0 && !S_ISDIR(st.st_mode) &&
		    (decider(path) == NULL ||
		    strcmp(decider(path)->path, path) != 0)));
		free(parent);
	}
	return found;
}

/* Does the way to a file lead through links or directories that are denied? */
static bool
denied_on_way(const char *path, int links)
{
	char *copy = xstrdup(path), *p = copy, *up, *real, *at, to[PATH_MAX];
	char *target;
	bool found = false;
	ssize_t n;

	while (!found && (p = strchr(p + 1, '/')) != NULL)
		;
	for (p = copy; !found && p != NULL;) {
		p = strchr(p + 1, '/');
		if (p != NULL)
			*p = '\0';
		up = strrchr(copy, '/');
		*up = '\0';
		real = path_real(copy[0] == '\0' ? "/" : copy);
		*up = '/';
		if (real == NULL)
			break;
		at = path_join(real, up + 1);
		n = readlink(at, to, sizeof(to) - 1);
		if (strcmp(up + 1, ".") == 0 || strcmp(up + 1, "..") == 0 ||
		    up[1] == '\0')
			found = is_denied(real);
		else
			found = is_denied(at) && (n != -1 || p != NULL);
		if (n > 0 && !found && links > 0) {
			to[n] = '\0';
			target = to[0] == '/' ? xstrdup(to) :
			    path_join(real, to);
			found = denied_on_way(target, links - 1);
			free(target);
		}
		free(real);
		free(at);
		if (p != NULL)
			*p = '/';
	}
	free(copy);
	return found;
}

/* What all names of a node have, and what any of them has. */
static void
rights_of_names(int node, const char *path, unsigned *all, unsigned *some)
{
	const struct test *t = current;
	int i, first;
	char *other;

	*all = *some = rights(path);
	if (node < 0)
		return;
	first = t->nodes[node].kind == HARD ? t->nodes[node].to : node;
	for (i = 0; i < t->nnodes; i++)
		if (!is_gone(t, i) && (i == first ||
		    (t->nodes[i].kind == HARD && t->nodes[i].to == first))) {
			other = node_path(t, i);
			*all &= rights(other);
			*some |= rights(other);
			free(other);
		}
}

/* Where nothing is carved what is denied by the tables stays open. */
static bool
left_open(const char *path)
{
	char *temp;
	bool open;

	if (!carved || current->temp == -2)
		return false;
	temp = node_path(current, current->temp);
	open = path_beneath(path, strlen(path), temp, strlen(temp));
	free(temp);
	return open;
}

/* One path, by way of links or not. */
static enum expect
expect_file(enum op op, int node, const char *path, const char *real)
{
	unsigned all, some, need = ops[op].need;

	rights_of_names(node, real, &all, &some);
	if (op == STAT || op == READLINK)
		return rights(path) == 0 && decider(path) != NULL ? EITHER :
		    GRANTED;
	/* seccomp does it then, and knows no paths */
	if (abi < 3 && (op == READTRUNC || op == TRUNCATE))
		return REFUSED;
	if (op == CHMOD || op == CHOWN || op == TIMES) {
		/* a name's own mount counts; Landlock does not know of it */
		all = some = rights(real);
		if (need & ~some && (carved || is_beside(real)))
			return EITHER;
	}
	if (need & ~some)
		return left_open(real) ? EITHER : REFUSED;
	if (need & ~all || (strcmp(path, real) != 0 && denied_on_way(path, 8)))
		return EITHER;
	return op == LIST && read_by_entry(real, true) ? EITHER : GRANTED;
}

/* Is something directly in a directory, and may come and go there? */
static bool
comes_and_goes(const char *path, const char *parent)
{
	return rights(path) & rights(parent) & RIGHT_WRITE;
}

/* Does something beneath lack what the directory that it lies in has? */
static bool
is_fixed(const char *path)
{
	const struct rule *r;
	bool lesser = false;
	size_t i = 0;
	char *up;

	while (carved && !lesser &&
	    (r = rule_beneath(path, false, &i)) != NULL) {
		up = path_parent(r->path);
		lesser = rights(up) & ~rights(r->path);
		free(up);
	}
	return lesser;
}

static enum expect
expect_new(enum op op, const char *path)
{
	char *parent = path_parent(path);
	enum expect e = GRANTED;

	if (ops[op].need & ~rights(path))
		e = REFUSED;
	else if (is_fixed(parent) || (op == CREATEREAD &&
	    read_by_entry(parent, false)))
		e = EITHER;
	free(parent);
	return e;
}

static enum expect
expect_removal(enum op op, const char *path)
{
	char *parent = path_parent(path);
	enum expect e = GRANTED;

	if (!comes_and_goes(path, parent) || rights(parent) & ~rights(path))
		e = left_open(path) ? EITHER : REFUSED;
	else if (is_fixed(parent) || (op == RMDIR &&
	    lesser_beneath(path, ~0U & 3, false)))
		e = EITHER;
	free(parent);
	return e;
}

/*
 * Would from, or anything in it, have more rights if it were at to?  What comes
 * to lie at the very path of a grant has what is granted above, in this run.
 */
static bool
gains(const char *from, const char *to)
{
	char *parent = path_parent(to);
	unsigned there = rights(to);
	const struct rule *r;
	size_t i = 0;
	bool more;

	if (decider(to) != NULL && strcmp(decider(to)->path, to) == 0)
		there &= rights(parent);
	free(parent);
	more = there & ~rights(from);
	while (!more && (r = rule_beneath(from, false, &i)) != NULL)
		more = there & ~rights(r->path);
	return more;
}

/*
 * Are two directories, and what is in them, of one rule that has no other
 * beneath?
 */
static bool
is_uniform(const char *a, const char *b, const char *up_a, const char *up_b)
{
	const struct rule *r = decider(a);

	return r != NULL && r == decider(b) && r == decider(up_a) &&
	    r == decider(up_b) && !rules_beneath(r->path, false);
}

static enum expect
expect_two(enum op op, const char *a, const char *b)
{
	char *up_a = path_parent(a), *up_b = path_parent(b);
	enum expect e = GRANTED;

	if (!comes_and_goes(b, up_b) ||
	    (op != LINK && !comes_and_goes(a, up_a)) ||
	    gains(a, b) || (op == EXCHANGE && gains(b, a)) ||
	    (op == RENAMEREAD && !(rights(a) & RIGHT_READ)))
		e = left_open(a) || left_open(b) ? EITHER : REFUSED;
	else if (strcmp(up_a, up_b) != 0)
		/* a file cannot go into another directory with ABI 1 */
		e = abi >= 2 && is_uniform(a, b, up_a, up_b) ? GRANTED :
		    EITHER;
	else if (is_fixed(up_a) || rules_beneath(a, true) ||
	    (op == EXCHANGE && rules_beneath(b, true)) ||
	    (op == RENAMEREAD && !(rights(b) & RIGHT_READ)))
		e = EITHER;
	free(up_a);
	free(up_b);
	return e;
}

/*
 * The probes of a case.
 */

static struct probe {
	enum op		 op;
	int		 node;
	char		*a, *b;
	char		*real;		/* of a, to list it */
	enum expect	 expect;
}		probes[PROBES];
static size_t	nprobes;

static void
probe(enum op op, int node, const char *a, const char *b, enum expect expect)
{
	if (nprobes < PROBES)
		probes[nprobes++] = (struct probe){ op, node, xstrdup(a),
		    xstrdup(b), op == LIST ? path_real(a) : NULL,
		    expect };
}

static void
probe_files(const enum op *these, size_t n, int node, const char *path)
{
	char *real = path_real(path);

	for (; real != NULL && n-- > 0; these++)
		probe(*these, node, path, "", expect_file(*these, node, path,
		    real));
	free(real);
}

static void
probe_looks(const struct test *t, int i, const char *path)
{
	static const enum op file[] = { STAT, READ, EXEC, WRITE, READWRITE,
	    CHMOD, CHOWN, TIMES }, directory[] = { STAT, LIST, CHMOD, CHOWN,
	    TIMES }, to_file[] = { READ, EXEC, WRITE, READWRITE, CHMOD },
	    to_directory[] = { LIST, CHMOD };
	struct stat st;

	if (i < 0 || t->nodes[i].kind == DIRECTORY)
		probe_files(directory, N(directory), i, path);
	else if (t->nodes[i].kind != SYMBOLIC)
		probe_files(file, N(file), i, path);
	else {
		probe(STAT, i, path, "", expect_file(STAT, -1, path, path));
		probe(READLINK, i, path, "",
		    expect_file(READLINK, -1, path, path));
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			probe_files(to_directory, N(to_directory), -1, path);
		else if (!has_hard(t))
			probe_files(to_file, N(to_file), -1, path);
	}
}

/* Two paths; rights to a file of several names are those of all of them. */
static void
probe_two(const struct test *t, enum op op, int node, const char *a, int other,
    const char *b)
{
	unsigned all, some, all_b, some_b;
	enum expect e = expect_two(op, a, b);

	rights_of_names(node, a, &all, &some);
	rights_of_names(other, b, &all_b, &some_b);
	probe(op, node, a, b, has_hard(t) && (all != some ||
	    all_b != some_b) ? EITHER : e);
}

static void
probe_changes(const struct test *t, int i, const char *path)
{
	static const enum op file[] = { TRUNC, READTRUNC, TRUNCATE };
	/* ext4 is slow to make what was just removed: few of them */
	const enum op new[] = { CREATE, CREATEREAD,
	    MKDIR + (t->seed + (unsigned)i) % 3 };
	char *parent = path_parent(path), *to = path_join(parent, "new");
	char *in = path_join(path, "new");
	bool directory = i < 0 || t->nodes[i].kind == DIRECTORY;
	size_t n;

	for (n = 0; directory && n < N(new); n++)
		probe(new[n], i, in, "", expect_new(new[n], in));
	if (!directory && t->nodes[i].kind != SYMBOLIC) {
		probe_files(file, N(file), i, path);
		probe_two(t, LINK, i, path, -1, to);
		if (!has_hard(t))
			probe_two(t, RENAMEREAD, i, path, -1, to);
	}
	probe_two(t, RENAME, i, path, -1, to);
	free(parent);
	free(to);
	free(in);
}

/* Two nodes of different directories, mostly. */
static void
probe_pair(const struct test *t)
{
	int i = (int)any((unsigned)t->nnodes), j = any_directory(t);
	int k = (int)any((unsigned)t->nnodes);
	char *a, *b, *to, *in;

	if (is_gone(t, i) || is_gone(t, j) || is_gone(t, k))
		return;
	a = node_path(t, i);
	in = node_path(t, j);
	to = path_join(in, "new");
	b = node_path(t, k);
	if (!is_in(t, j, i))
		probe_two(t, RENAME, i, a, -1, to);
	if (t->nodes[i].kind == REGULAR || t->nodes[i].kind == HARD)
		probe_two(t, LINK, i, a, -1, to);
	if (!is_in(t, i, k) && !is_in(t, k, i))
		probe_two(t, EXCHANGE, i, a, k, b);
	free(a);
	free(b);
	free(in);
	free(to);
}

static void
probe_removals(const struct test *t)
{
	enum op op;
	int depth, i;
	char *path;

	for (depth = DEPTH + 1; depth >= 0; depth--)
		for (i = -1; i < t->nnodes; i++) {
			if (is_gone(t, i) || node_depth(t, i) != depth)
				continue;
			path = node_path(t, i);
			op = i < 0 || t->nodes[i].kind == DIRECTORY ? RMDIR :
			    UNLINK;
			probe(op, i, path, "", expect_removal(op, path));
			free(path);
		}
}

static void
make_probes(const struct test *t)
{
	char *path;
	int i;

	for (i = -1; i < t->nnodes; i++)
		if (!is_gone(t, i)) {
			path = node_path(t, i);
			probe_looks(t, i, path);
			free(path);
		}
	for (i = -1; i < t->nnodes; i++)
		if (!is_gone(t, i)) {
			path = node_path(t, i);
			probe_changes(t, i, path);
			free(path);
		}
	state = t->seed;
	for (i = 0; i < 16; i++)
		probe_pair(t);
	probe_removals(t);
}

/*
 * Running them.
 */

static struct result {
	bool		 failed;
	char		 what[1024];
	char		 how[8192];
	unsigned	 seen[NOPS][3];
	unsigned	 met[NOPS];	/* EITHER, and granted */
}		*result;		/* shared with the process of a case */

static void
failed(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!result->failed)
		vsnprintf(result->what, sizeof(result->what), fmt, ap);
	va_end(ap);
	result->failed = true;
}

/* The options of a case, and the same for people. */
static char **
options(const struct test *t, FILE *script)
{
	static char *argv[2 * RULES + 16];
	char **v = argv, *path, *real;
	int i;

	*v++ = (char *)(uintptr_t)nono;
	*v++ = xstrdup("-s");
	if (!t->commands) {
		*v++ = xstrdup("-x");
		*v++ = xstrdup("*");
	}
	for (i = 0; i < t->nsaid; i++) {
		if (t->said[i].gone || is_gone(t, t->said[i].node))
			continue;
		path = said_path(t, &t->said[i]);
		if (access(path, F_OK) == -1 && script == NULL)
			continue;	/* a link to nowhere */
		/* what is limited is not granted by way of a link */
		if (t->said[i].option != 'd' &&
		    (real = realpath(path, NULL)) != NULL)
			path = real;
		*v++ = xasprintf("-%c", t->said[i].option);
		*v++ = path;
		if (script != NULL)
			fprintf(script, " -%c \"$PWD\"/'%s'",
			    t->said[i].option, path[0] != '/' ? path :
			    path + strlen(dir) + 1);
	}
	*v++ = xstrdup("--");
	*v++ = self;
	*v++ = xstrdup("agent");
	*v = NULL;
	return argv;
}

/* Run by argv, or here, with the probes as input. */
static char *
run(char **argv, size_t *len, char **errors, int *status)
{
	int in[2], out[2], error[2];
	char *answers;
	FILE *f;
	pid_t pid;
	size_t i;

	if (pipe(in) == -1 || pipe(out) == -1 || pipe(error) == -1 ||
	    (pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(error[1], 2);
		for (i = 3; i < 32; i++)
			close((int)i);
		if (argv != NULL) {
			execv(argv[0], argv);
			err(1, "%s", argv[0]);
		}
		_exit(agent());
	}
	close(in[0]);
	close(out[1]);
	close(error[1]);
	if ((f = fdopen(in[1], "w")) == NULL)
		err(1, "fdopen");
	for (i = 0; i < nprobes; i++)
		fprintf(f, "%d%c%s%c%s%c", (int)probes[i].op, 0, probes[i].a,
		    0, probes[i].b, 0);
	fclose(f);
	answers = read_all(out[0], len);
	*errors = read_all(error[0], &i);
	close(out[0]);
	close(error[0]);
	waitpid(pid, status, 0);
	return answers;
}

/* A listing is of all that is there, or, to root, of what shows through. */
static void
check_names(const struct test *t, const struct probe *p, char *list,
    bool complete)
{
	char *next = list, *name, *path;
	int i, n = 0, have = 0;

	(void)strsep(&next, "/");
	while ((name = strsep(&next, "/")) != NULL) {
		n++;
		path = path_join(p->real, name);
		if (!complete && !rules_beneath(path, true))
			failed("%s lists what is denied: %s", p->a, name);
		free(path);
	}
	for (i = 0; complete && i < t->nnodes; i++) {
		path = node_path(t, i);
		have += !is_gone(t, i) && is_parent(p->real, path);
		free(path);
	}
	if (complete && n != have)
		failed("%s lists %d names of %d ", p->a, n, have);
}

static void
probe_compare(const struct test *t, const struct probe *p, char *answer,
    bool outside)
{
	int error = atoi(answer);
	enum expect expect = outside ? GRANTED : p->expect;
	bool before = result->failed, done = error == 0 || error > STUCK;

	if (p->op == LIST && error == 0 && expect == REFUSED &&
	    geteuid() == 0 && !carved && is_denied(p->real)) {
		check_names(t, p, answer, false);
		return;
	}
	if (!outside) {
		result->seen[p->op][expect]++;
		result->met[p->op] += expect == EITHER && error == 0;
	}
	if (expect != EITHER && done != (expect == GRANTED))
		failed("%s %s%s%s: %s, but should be %s", ops[p->op].name,
		    p->a, p->b[0] == '\0' ? "" : " ", p->b, done ?
		    "possible" : strerror(error), outside ?
		    "possible outside" : expect == GRANTED ? "possible" :
		    "refused");
	else if (p->op == LIST && error == 0)
		check_names(t, p, answer, true);
	else if (p->op == READ && error == 0 && p->node >= 0 &&
	    t->nodes[p->node].kind == REGULAR &&
	    (strchr(answer, '/') == NULL ||
	    atoi(strchr(answer, '/') + 1) != p->node))
		failed("read %s: reads \"%s\"", p->a, answer);
	if (result->failed && !before)
		snprintf(result->how, sizeof(result->how),
		    "sh -c '%s' sh \"$PWD\"/'%s' \"$PWD\"/'%s'",
		    ops[p->op].shell, p->a + strlen(dir) + 1,
		    p->b[0] == '\0' ? "" : p->b + strlen(dir) + 1);
}

static void
compare(const struct test *t, char *answers, size_t len, bool outside)
{
	char *next = answers, *answer = next;
	size_t i;

	for (i = 0; i < nprobes; i++) {
		if (next >= answers + len) {
			failed("%zu answers to %zu probes, the last to %s %s "
			    "%s: %s", i, nprobes, i == 0 ? "" :
			    ops[probes[i - 1].op].name, i == 0 ? "" :
			    probes[i - 1].a, i == 0 ? "" : probes[i - 1].b,
			    answer);
			return;
		}
		answer = next;
		next += strlen(next) + 1;
		probe_compare(t, &probes[i], answer, outside);
		/* what may not come back, as from a directory that is carved */
		if (atoi(answer) > STUCK)
			return;
	}
}

/* May nono refuse to run at all?  Where one file has several names ... */
static bool
may_refuse(const struct test *t, const char *errors)
{
	unsigned all, some;
	char *path;
	int i;

	for (i = 0; i < t->nnodes; i++)
		if (t->nodes[i].kind == HARD && !is_gone(t, i)) {
			path = node_path(t, i);
			rights_of_names(i, path, &all, &some);
			free(path);
			if (all != some && strstr(errors, "as a hard link"))
				return true;
		}
	/* ... and beneath what is not carved */
	return t->temp != -2 && !is_gone(t, t->temp) &&
	    strstr(errors, "no lesser rights can be held beneath") != NULL &&
	    read_by_entry(node_path(t, t->temp), false);
}

static void
put_environment(const struct test *t)
{
	char *home_dir = t->home == -2 || is_gone(t, t->home) ?
	    xstrdup("/nonexistent") : node_path(t, t->home);
	char *temp = t->temp == -2 || is_gone(t, t->temp) ? NULL :
	    node_path(t, t->temp);

	clearenv();
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("HOME", home_dir, 1);
	if (temp != NULL)
		setenv("TMPDIR", temp, 1);
}

static void
run_test(const struct test *t)
{
	static const unsigned option_rights[] = { ['a'] = RIGHT_READ |
	    RIGHT_WRITE, ['r'] = RIGHT_READ, ['w'] = RIGHT_WRITE, ['d'] = 0 };
	char **argv, **v, *answers, *errors;
	size_t len;
	int status;

	current = t;
	put_environment(t);
	make_tree(t, NULL);
	argv = options(t, NULL);
	for (v = argv + 2; strcmp(*v, "--") != 0; v += 2)
		if ((*v)[1] == 'x')
			names_add(&policy.commands, v[0], v[1], false);
		else
			policy_add(&policy, v[0], v[1],
			    option_rights[(unsigned char)(*v)[1]], false);
	policy_seal(&policy, self);
	make_probes(t);
	if (t->seed % 4 == 0) {
		answers = run(NULL, &len, &errors, &status);
		compare(t, answers, len, true);
		make_tree(t, NULL);
	}
	answers = run(argv, &len, &errors, &status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NONO &&
		    may_refuse(t, errors))
			return;
		failed("nono: status %#x: %s", (unsigned)status, errors);
		snprintf(result->how, sizeof(result->how), "true");
	} else
		compare(t, answers, len, false);
}

/* In a process of its own, for path.c remembers what it has seen. */
static bool
fails(const struct test *t)
{
	int status;
	pid_t pid;

	result->failed = false;
	result->how[0] = '\0';
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		run_test(t);
		fflush(stderr);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) == -1 || status != 0)
		failed("ends with status %#x", (unsigned)status);
	return result->failed;
}

/* Leave out what the failure does not need. */
static void
make_small(struct test *t)
{
	bool smaller;
	int i, round;

	for (smaller = true, round = 0; smaller && round < 4; round++) {
		smaller = false;
		for (i = 0; i < t->nsaid; i++)
			if (!t->said[i].gone) {
				t->said[i].gone = true;
				if (fails(t))
					smaller = true;
				else
					t->said[i].gone = false;
			}
		for (i = t->nnodes - 1; i >= 0; i--)
			if (!is_gone(t, i)) {
				t->nodes[i].gone = true;
				if (fails(t))
					smaller = true;
				else
					t->nodes[i].gone = false;
			}
	}
	fails(t);
}

static void
print(const struct test *t)
{
	char *path;

	printf("seed %u: %s\n", t->seed, result->what);
	printf("cd \"$(mktemp -d /srv/XXXXXX)\"\n");
	make_tree(t, stdout);
	path = t->home == -2 || is_gone(t, t->home) ? xstrdup("/nonexistent") :
	    node_path(t, t->home);
	printf(path[1] == 'n' ? "HOME='%s'" : "HOME=\"$PWD\"/'%s'",
	    path[1] == 'n' ? path : path + strlen(dir) + 1);
	if (t->temp != -2 && !is_gone(t, t->temp)) {
		path = node_path(t, t->temp);
		printf(" TMPDIR=\"$PWD\"/'%s'", path + strlen(dir) + 1);
	}
	printf(" nono");
	options(t, stdout);
	printf(" -x '*' %s\n", result->how);
}

/* Each act must have been refused and granted, or nothing is tested. */
static bool
is_vacuous(unsigned number)
{
	bool vacuous = false;
	int op;

	for (op = 0; op < NOPS; op++) {
		printf("%-18s %7u granted %7u refused %6u either (%u granted)"
		    "\n", ops[op].name, result->seen[op][GRANTED],
		    result->seen[op][REFUSED], result->seen[op][EITHER],
		    result->met[op]);
		if (number >= 500 && (result->seen[op][GRANTED] == 0 ||
		    (result->seen[op][REFUSED] == 0 && op > READLINK &&
		    !(carved && op >= CHMOD && op <= TIMES)))) {
			printf("%s: hardly tried\n", ops[op].name);
			vacuous = true;
		}
	}
	return vacuous;
}

int
main(int argc, char *argv[])
{
	static struct test t;
	const char *version = getenv("NONO_ABI");
	unsigned seed, first, number;
	ssize_t n;
	bool bad = false;

	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return agent();
	if (argc != 6)
		errx(2, "usage: property nono directory view|carve seed "
		    "number");
	nono = argv[1];
	carved = strcmp(argv[3], "carve") == 0;
	abi = version == NULL ? 9 : atoi(version);
	first = (unsigned)strtoul(argv[4], NULL, 10);
	number = (unsigned)strtoul(argv[5], NULL, 10);
	if ((n = readlink("/proc/self/exe", self, sizeof(self) - 1)) == -1)
		err(2, "/proc/self/exe");
	self[n] = '\0';
	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	dir = path_real(argv[2]);
	if (dir != NULL)
		dir = mkdtemp(xasprintf("%s/property.XXXXXX", dir));
	if (result == MAP_FAILED || dir == NULL || chmod(dir, 0755) == -1 ||
	    chdir(dir) == -1)
		err(2, "%s", argv[2]);
	umask(022);
	signal(SIGPIPE, SIG_IGN);	/* nono may not care for its input */
	for (seed = first; seed < first + number && !bad; seed++) {
		make_test(&t, seed);
		if (fails(&t)) {
			make_small(&t);
			print(&t);
			bad = true;
		}
	}
	if (!bad)
		bad = is_vacuous(number);
	remove_tree(AT_FDCWD, dir);
	if (chdir("/") == 0)
		rmdir(dir);
	return bad;
}
