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
 * Files, with Landlock (landlock(7), Documentation/userspace-api/landlock.rst).
 *
 * Landlock unites the rights of all rules on the way up from a file, so a
 * grant cannot be lowered beneath.  A directory that holds something with
 * lesser rights is carved instead: it gets the rights that all beneath it
 * share, and each of its other entries gets the rest on its own.
 */

#include <sys/stat.h>
#include <sys/syscall.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux.h"
#include "nono.h"

/*
 * The kernel's interface, written out: the headers of older systems lack most
 * of it.
 */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif
#define CREATE_RULESET_VERSION		(1U << 0)
#define RULE_PATH_BENEATH		1

struct ruleset_attr {
	uint64_t	 handled_access_fs;
	uint64_t	 handled_access_net;
	uint64_t	 scoped;
};

struct path_beneath_attr {
	uint64_t	 allowed_access;
	int32_t		 parent_fd;
} __attribute__((packed));

static const struct right {
	uint64_t	 bit;
	int		 abi;		/* the first that has it */
	unsigned	 class;
	bool		 file;		/* has a meaning for files */
	const char	*name;
} fs_rights[] = {
	{ 1 << 0, 1, READ, true, "execute" },
	{ 1 << 1, 1, WRITE, true, "write_file" },
	{ 1 << 2, 1, READ, true, "read_file" },
	{ 1 << 3, 1, LIST, false, "read_dir" },
	{ 1 << 4, 1, WRITE, false, "remove_dir" },
	{ 1 << 5, 1, WRITE, false, "remove_file" },
	{ 1 << 6, 1, NEVER, false, "make_char" },
	{ 1 << 7, 1, WRITE, false, "make_dir" },
	{ 1 << 8, 1, WRITE, false, "make_reg" },
	{ 1 << 9, 1, WRITE, false, "make_sock" },
	{ 1 << 10, 1, WRITE, false, "make_fifo" },
	{ 1 << 11, 1, NEVER, false, "make_block" },
	{ 1 << 12, 1, WRITE, false, "make_sym" },
	{ 1 << 13, 2, WRITE, false, "refer" },
	{ 1 << 14, 3, WRITE, true, "truncate" },
	{ 1 << 15, 5, DEVICE, true, "ioctl_dev" },
	{ 1 << 16, 9, SOCKET, true, "resolve_unix" }
}, net_rights[] = {
	{ 1 << 0, 4, NEVER, false, "bind_tcp" },
	{ 1 << 1, 4, NEVER, false, "connect_tcp" },
	{ 1 << 2, 10, NEVER, false, "bind_udp" },
	{ 1 << 3, 10, NEVER, false, "connect_send_udp" }
}, scopes[] = {
	{ 1 << 0, 6, NEVER, false, "abstract_unix_socket" },
	{ 1 << 1, 6, NEVER, false, "signal" }
};

struct landlock {
	const struct policy	*policy;
	const struct view	*view;		/* or NULL */
	struct point		*v;		/* of the points */
	size_t			 n;
	int			 abi;
	int			 ruleset;	/* -1: only print */
	FILE			*out;		/* NULL: do not print */
	size_t			 nrules;
	const char		*asked;		/* path; NULL: none */
	unsigned		 given;		/* classes that rules give it */
	char			 path[PATH_MAX];	/* of an entry */
	/* what carving makes less of than the rules say, and more */
	struct loss {
		char	*paths;
		size_t	 n;
	}			 unlisted, fixed, unread, linked, open;
};

int
landlock_version(const char **reason, const char **remedy)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    CREATE_RULESET_VERSION);

	*reason = *remedy = NULL;
	if (abi >= 1)
		return (int)abi;
	if (abi == -1 && errno == EOPNOTSUPP) {
		*reason = "Landlock is switched off";
		*remedy = "boot Linux with lsm=landlock,... on its command "
		    "line";
		return 0;
	}
	*reason = xasprintf("no Landlock in this system: %s", strerror(errno));
	*remedy = "nono needs Linux 5.13 or later with "
	    "CONFIG_SECURITY_LANDLOCK, and a container that permits it";
	return 0;
}

int
landlock_abi(void)
{
	const char *reason, *remedy;
	int abi = landlock_version(&reason, &remedy);

	if (abi < 1)
		die("%s; %s", reason, remedy);
	return abi;
}

/* All bits of a table that this ABI has and that a class asks for. */
static uint64_t
bits(const struct right *r, size_t n, int abi, unsigned class, bool file)
{
	uint64_t all = 0;

	for (; n-- > 0; r++)
		if (r->abi <= abi && (class == ~0U || r->class & class) &&
		    (!file || r->file))
			all |= r->bit;
	return all;
}

/* Tell the points that lack something of what the nearest above them wants. */
static void
find_lesser(struct points *pts)
{
	struct point *pt, *up = NULL;
	size_t *above = xreallocarray(NULL, pts->n + 1, sizeof(*above)), n = 0;

	for (pt = pts->v; pt < pts->v + pts->n; pt++) {
		for (; n > 0; n--) {
			up = &pts->v[above[n - 1]];
			if (path_beneath(pt->path, pt->len, up->path, up->len))
				break;
		}
		pt->lesser = n > 0 && up->want & ~pt->floor;
		above[n++] = (size_t)(pt - pts->v);
	}
	free(above);
}

struct landlock *
landlock_plan(struct points *pts, int abi, const struct view *view)
{
	struct landlock *l = xreallocarray(NULL, 1, sizeof(*l));

	if (view == NULL)
		find_lesser(pts);
	*l = (struct landlock){ .policy = pts->policy, .view = view,
	    .v = pts->v, .n = pts->n, .abi = abi, .ruleset = -1 };
	return l;
}

/*
 * Rules.
 */

/* landlock_add_rule(2) */
static bool
add_beneath(const struct landlock *l, const struct path_beneath_attr *attr)
{
	return syscall(SYS_landlock_add_rule, l->ruleset, RULE_PATH_BENEATH,
	    attr, 0) == 0;
}

static void
add_access(const struct landlock *l, int fd, const char *path, uint64_t access)
{
	struct path_beneath_attr attr = { access, fd };
	struct stat st;

	if (add_beneath(l, &attr))
		return;
	/* no longer a directory: the rights of a file are what is left */
	attr.allowed_access &= bits(fs_rights, nitems(fs_rights), l->abi, ~0U,
	    true);
	if (errno != EINVAL || attr.allowed_access == 0 ||
	    attr.allowed_access == access || fstat(fd, &st) == -1 ||
	    S_ISDIR(st.st_mode) || !add_beneath(l, &attr))
		die("%s: landlock_add_rule: %s", path, strerror(errno));
}

/*
 * Add a rule for path, or, when dirfd is not -1, for the entry of that
 * directory with the name that path ends in.
 */
static void
add_rule(struct landlock *l, int dirfd, const char *path, unsigned class,
    bool dir, bool user)
{
	uint64_t access = bits(fs_rights, nitems(fs_rights), l->abi, class, !dir);
	int fd;

	if (access == 0)
		return;
	l->nrules++;
	if (l->asked != NULL && path_beneath(l->asked, path_len(l->asked),
	    path, path_len(path)))
		l->given |= class;
	if (l->ruleset == -1)
		return;
	if (dirfd == -1)
		fd = open_resolved(path, O_PATH);
	else
		fd = openat(dirfd, strrchr(path, '/') + 1,
		    O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1) {
		if (!user && is_gone(path))
			return;
		die("%s: %s; it changed while nono looked at it", path,
		    strerror(errno));
	}
	add_access(l, fd, path, access);
	close(fd);
}

static void
lose(struct loss *loss, const char *path)
{
	char *paths;

	if (loss->n++ >= 4)		/* enough for one line */
		return;
	paths = loss->n == 1 ? xstrdup(path) :
	    xasprintf("%s, %s", loss->paths, path);
	free(loss->paths);
	loss->paths = paths;
}

/* Tell of a loss: on out, or as a warning where that is NULL. */
static void
tell(const struct loss *loss, const char *kind, const char *what, FILE *out)
{
	char more[32] = "";

	if (loss->n == 0)
		return;
	if (loss->n > 4)
		snprintf(more, sizeof(more), " and %zu more", loss->n - 4);
	if (out != NULL)
		report(out, "%s: %s%s: %s", kind, loss->paths, more, what);
	else
		warning("%s%s: %s", loss->paths, more, what);
}

static void
tell_losses(const struct landlock *l, FILE *out)
{
	tell(&l->unlisted, "loss", "cannot be listed, for a directory beneath "
	    "cannot", out);
	tell(&l->fixed, "loss", "nothing can be created or removed directly in it, "
	    "for something beneath is denied or read-only", out);
	tell(&l->unread, "loss", "nothing in it is granted, for it cannot be read "
	    "and something beneath is denied", out);
	tell(&l->linked, "loss", "not granted, for it is the same file, by a hard "
	    "link, as one with lesser rights", out);
	tell(&l->open, "gap", "NOT denied, for it lies in a directory of temporary "
	    "files, which is granted whole; move it elsewhere", out);
}

/* The end of the points in [lo, hi) that are path or lie beneath it. */
static size_t
span(const struct landlock *l, const char *path, size_t len, size_t lo,
    size_t hi)
{
	while (lo < hi && path_beneath(l->v[lo].path, l->v[lo].len, path, len))
		lo++;
	return lo;
}

/* Is there a point in [lo, hi) that is path or lies beneath it? */
static bool
has_point(const struct landlock *l, const char *path, size_t lo, size_t hi)
{
	size_t len = strlen(path), mid, end = hi;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (path_cmp(l->v[mid].path, l->v[mid].len, path, len) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < end && path_beneath(l->v[lo].path, l->v[lo].len, path, len);
}

static void	grant(struct landlock *, const char *, const struct point *,
		    unsigned, unsigned, size_t, size_t);

/* Grant what the points in [lo, hi) want. */
static void
grant_points(struct landlock *l, unsigned given, size_t lo, size_t hi)
{
	const struct point *pt;
	size_t end;

	for (; lo < hi; lo = end) {
		pt = &l->v[lo];
		end = span(l, pt->path, pt->len, lo, hi);
		grant(l, pt->path, pt, pt->want, given, lo + 1, end);
	}
}

/*
 * The files among the points that lack some of rest and have other names, as
 * hard links: a rule for such a name would be one for the file.  Malloced,
 * ended by st_ino 0.
 */
static struct stat *
linked_files(const struct landlock *l, unsigned rest, size_t lo, size_t hi)
{
	struct stat *v = xreallocarray(NULL, hi - lo + 1, sizeof(*v));
	size_t n = 0;

	for (; lo < hi; lo++)
		if (!S_ISREG(l->v[lo].mode) || !(rest & ~l->v[lo].floor))
			continue;
		else if (lstat(l->v[lo].path, &v[n]) == -1)
			expect_absent(l->v[lo].path);
		else if (v[n].st_nlink > 1)
			n++;
	v[n].st_ino = 0;
	return v;
}

static bool
is_linked(const struct stat *v, int dirfd, const char *name)
{
	struct stat st;

	if (v->st_ino == 0)
		return false;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return true;
	for (; v->st_ino != 0; v++)
		if (v->st_ino == st.st_ino && v->st_dev == st.st_dev)
			return true;
	return false;
}

/*
 * Grant rest to each entry of a directory that no point in [lo, hi) is in.
 * False if it cannot be read.
 */
static bool
grant_entries(struct landlock *l, const char *dir, unsigned rest, size_t lo,
    size_t hi)
{
	size_t len = path_len(dir), before = l->nrules;
	char *path = l->path;
	struct stat *linked;
	struct dirent *d;
	unsigned char type;
	DIR *dirp;
	int fd;

	if ((fd = open_resolved(dir, O_RDONLY | O_DIRECTORY)) == -1) {
		if (!is_gone(dir) && errno != EACCES)
			die("%s: %s", dir, strerror(errno));
		return false;
	}
	if ((dirp = fdopendir(fd)) == NULL)
		die("%s: %s", dir, strerror(errno));
	linked = linked_files(l, rest, lo, hi);
	memcpy(path, dir, len);
	path[len] = '/';
	while (errno = 0, (d = readdir(dirp)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (len + strlen(d->d_name) + 2 > sizeof(l->path))
			die("%s: the paths in it are too long", dir);
		strcpy(path + len + 1, d->d_name);
		type = entry_type(dirp, d);
		/* a link is granted by what it leads to, or not at all */
		if (type == DT_UNKNOWN || type == DT_LNK ||
		    has_point(l, path, lo, hi))
			continue;
		if (is_linked(linked, fd, d->d_name))
			lose(&l->linked, path);
		else
			add_rule(l, fd, path, rest, type == DT_DIR, false);
	}
	if (errno != 0)
		die("%s: %s", dir, strerror(errno));
	closedir(dirp);
	free(linked);
	if (l->out != NULL)
		report(l->out, "carve: %s: %zu entries granted one by one", dir,
		    l->nrules - before);
	return true;
}

static void
carve(struct landlock *l, const char *dir, unsigned want, unsigned given,
    size_t lo, size_t hi)
{
	size_t len = path_len(dir), end;
	unsigned rest = want & ~given;
	const struct point *pt;
	char *path;

	if (rest & LIST)
		lose(&l->unlisted, dir);
	if (rest & WRITE)
		lose(&l->fixed, dir);
	if (!grant_entries(l, dir, rest, lo, hi))
		lose(&l->unread, dir);
	for (; lo < hi; lo = end) {
		/* the entry of dir that this point is, or lies in */
		pt = &l->v[lo];
		path = xasprintf("%.*s", (int)(len + 1 +
		    strcspn(pt->path + len + 1, "/")), pt->path);
		end = span(l, path, strlen(path), lo, hi);
		if (strcmp(path, pt->path) == 0)
			grant(l, path, pt, pt->want, given, lo + 1, end);
		else
			grant(l, path, NULL, want, given, lo, end);
		free(path);
	}
}

/* Where nothing is carved, what is denied beneath stays open. */
static void
leave_open(struct landlock *l, const char *dir, unsigned want, size_t lo,
    size_t hi)
{
	for (; lo < hi; lo++) {
		struct point *pt = &l->v[lo];

		if ((pt->floor & want) == want)
			continue;
		if (pt->user)
			die("%s: no lesser rights can be held beneath %s, "
			    "which everything may write; move it elsewhere, "
			    "or deny all of it (-d %s)", pt->path, dir, dir);
		pt->open = true;
		if (!pt->grant)
			lose(&l->open, pt->path);
	}
}

/*
 * Grant want to path and all beneath it, as far as the points in [lo, hi),
 * which lie beneath it, want the same; above it, given has been granted.
 */
static void
grant(struct landlock *l, const char *path, const struct point *pt,
    unsigned want, unsigned given, size_t lo, size_t hi)
{
	unsigned floor = want;
	bool lesser = false;
	size_t i;

	for (i = lo; i < hi; i++) {
		floor &= l->v[i].floor;
		lesser |= l->v[i].lesser;
	}
	/*
	 * Renaming a directory above it would slip a lesser right; in a view
	 * it cannot be renamed.
	 */
	if ((want & ~floor || lesser) && l->view == NULL)
		floor &= ~(unsigned)WRITE;
	if (want & ~(given | floor) && pt != NULL && pt->temp) {
		leave_open(l, path, want, lo, hi);
		floor = want;
	}
	if (floor & ~given)
		add_rule(l, -1, path, floor, pt == NULL || S_ISDIR(pt->mode),
		    pt != NULL && pt->user);
	given |= floor;
	if ((want & ~given) == 0)
		grant_points(l, given, lo, hi);
	else
		carve(l, path, want, given, lo, hi);
}

/*
 * /dev/stdin and its kin, and the terminal: a rule for each of the first
 * descriptors, by its own mode.
 */
static void
grant_descriptors(struct landlock *l)
{
	/* open(2): mode 3 is for neither */
	static const unsigned class[] = { READ, WRITE, READ | WRITE, 0 };
	struct path_beneath_attr attr;
	int fd, flags;

	_Static_assert(O_RDONLY == 0 && O_WRONLY == 1 && O_RDWR == 2, "modes");
	for (fd = 0; fd <= 2; fd++) {
		if ((flags = fcntl(fd, F_GETFL)) == -1)
			continue;
		attr = (struct path_beneath_attr){ bits(fs_rights,
		    nitems(fs_rights), l->abi, class[flags & 3] | DEVICE, true),
		    fd };
		attr.allowed_access &= ~(uint64_t)1;	/* execute */
		/* EBADFD: a pipe or socket, which needs no rule */
		if (attr.allowed_access != 0 && !add_beneath(l, &attr) &&
		    errno != EBADFD)
			die("descriptor %d: landlock_add_rule: %s", fd,
			    strerror(errno));
	}
}

static void
grant_sockets(struct landlock *l)
{
	const struct rules *s = &l->policy->sockets;
	const struct entry *e;
	struct stat st;
	size_t i;

	if (l->abi < 9)
		return;
	for (i = 0; i < s->n; i++)
		add_rule(l, -1, s->v[i].path, SOCKET,
		    S_ISDIR(s->v[i].mode), true);
	for (e = table_sockets; !l->policy->net_off && e->name != NULL; e++)
		if (e->flags & backend_system && lstat(e->name, &st) == 0)
			add_rule(l, -1, e->name, SOCKET, S_ISDIR(st.st_mode),
			    false);
}

/* Both walks, the one that prints and the one that opens, are this one. */
static void
grant_all(struct landlock *l)
{
	struct point root = { .path = "/", .mode = S_IFDIR };
	size_t lo = l->n > 0 && l->v[0].len == 0;

	if (lo == 1)
		root = l->v[0];
	grant(l, "/", &root, root.want, 0, lo, l->n);
	grant_sockets(l);
}

unsigned
landlock_rights(struct landlock *l, const char *path)
{
	l->asked = path;
	l->given = 0;
	grant_all(l);
	return l->given;
}

static void
report_rights(const struct landlock *l, const char *what,
    const struct right *r, size_t n)
{
	char names[256] = "";

	for (; n-- > 0; r++)
		if (r->abi <= l->abi) {
			strcat(names, names[0] == '\0' ? "" : ",");
			strcat(names, r->name);
		}
	if (names[0] != '\0')
		report(l->out, "landlock: %s: %s", what, names);
}

void
landlock_render(struct landlock *l, FILE *out)
{
	l->out = out;
	report(out, "landlock: ABI %d", l->abi);
	report_rights(l, "refused unless a rule grants it", fs_rights,
	    nitems(fs_rights));
	if (l->policy->net_off)
		report_rights(l, "network, refused", net_rights,
		    nitems(net_rights));
	report_rights(l, "confined to processes inside", scopes, nitems(scopes));
	grant_all(l);
	report(out, "landlock: %zu rules", l->nrules);
	tell_losses(l, out);
}

void
landlock_open(struct landlock *l)
{
	struct ruleset_attr attr = {
		bits(fs_rights, nitems(fs_rights), l->abi, ~0U, false),
		l->policy->net_off ?
		    bits(net_rights, nitems(net_rights), l->abi, ~0U, false) : 0,
		bits(scopes, nitems(scopes), l->abi, ~0U, false)
	};

	l->ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
	    sizeof(attr), 0);
	if (l->ruleset == -1)
		die("landlock_create_ruleset: %s", strerror(errno));
	grant_all(l);
	grant_descriptors(l);
	tell_losses(l, NULL);
}

void
landlock_enforce(struct landlock *l)
{
	if (syscall(SYS_landlock_restrict_self, l->ruleset, 0) == -1) {
		if (errno == E2BIG)
			die("Landlock allows 16 sandboxes inside each other; "
			    "this would be one more");
		die("landlock_restrict_self: %s", strerror(errno));
	}
	close(l->ruleset);
}

/*
 * What was handed in as a descriptor may be opened again, and so may nono where
 * an outer one has put it in the place of a command.
 */
static bool
is_harmless(int fd)
{
	struct stat st, own;
	int i;

	if (fstat(fd, &st) == -1)
		return false;
	for (i = 0; i <= 2; i++)
		if (i != fd && fstat(i, &own) == 0 &&
		    own.st_dev == st.st_dev && own.st_ino == st.st_ino)
			return true;
	return stat("/proc/self/exe", &own) == 0 &&
	    own.st_dev == st.st_dev && own.st_ino == st.st_ino;
}

static void
try_door(const struct landlock *l, const char *path, int flags,
    const char *what)
{
	int fd = open(path, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd != -1 && !is_harmless(fd) &&
	    (l->view == NULL || !view_is_cover(l->view, fd)))
		die("%s: can still be %s, though it is denied (has it another "
		    "name, as a hard link?); nothing was run", path, what);
	if (fd != -1)
		close(fd);
}

void
landlock_try(const struct landlock *l)
{
	const struct point *pt;

	for (pt = l->v; pt < l->v + l->n; pt++) {
		if (pt->open || pt->found || (pt->blocked && l->view != NULL) ||
		    (!S_ISREG(pt->mode) && !S_ISDIR(pt->mode)))
			continue;
		if (!(pt->want & (READ | LIST)))
			try_door(l, pt->path, O_RDONLY, "read");
		/* opening a program for writing keeps others from running it */
		if (!(pt->want & WRITE) && S_ISREG(pt->mode) &&
		    !(pt->mode & 0111) && !pt->blocked)
			try_door(l, pt->path, O_WRONLY, "written");
	}
	if (!(policy_decide(l->policy, "/", NULL) & RIGHT_READ))
		try_door(l, "/", O_RDONLY | O_DIRECTORY, "read");
}
