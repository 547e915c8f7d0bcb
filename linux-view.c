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
 * The private view: a mount namespace in which
 *
 *  - all is read-only but the write grants, for metadata, too;
 *  - what is denied beneath a grant is covered, and what is read-only beneath
 *    a write grant is mounted so;
 *  - no directory between a write grant and such a place can be renamed;
 *  - blocked commands are covered by nono itself, which says why;
 *  - unix sockets made outside are covered (Landlock has no say in them before
 *    ABI 9), and the terminals are those of a devpts of its own.
 *
 * mount_namespaces(7), user_namespaces(7), mount_setattr(2) and the kernel's
 * Documentation/filesystems/sharedsubtree.rst are what this rests on.  Here it
 * is planned; linux-build.c builds it.  Mounts go by dentry, so a file that is
 * renamed over a covered one from outside takes the cover away; see CAVEATS in
 * nono(1).
 */

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux-view.h"
#include "linux.h"
#include "nono.h"

#define SOCKETS	"/proc/net/unix"
#define ASIDE	64	/* directories beside a granted file, at most */

static const char *const how_names[] = {
	"writable", "shown", "fixed", "read-only", "covered", "blocked",
	"terminals"
};

/* Where the walk through the points is. */
struct frame {
	const char	*path;
	size_t		 len;
	unsigned	 given;		/* by Landlock, here */
	size_t		 base;		/* len of the nearest mount of ours */
	size_t		 cover;		/* 1 + index of what hides it */
	bool		 writable;	/* the mount is */
};

#define SWITCHED_OFF	\
	"user namespaces are switched off (user.max_user_namespaces)"

/* There is a user namespace of nono's own, with or without a view. */
static bool	user_namespace;

/*
 * What else a view takes: System V IPC is of no matter to Landlock.  Not where
 * a socket is opened to something outside, for what speaks by it may share
 * memory as well, as an X server does.
 */
static int	namespaces = CLONE_NEWNS | CLONE_NEWIPC;

/* unshare(2); without what this kernel lacks, or has switched off. */
static int
enter_namespaces(int more)
{
	int r = unshare(namespaces | more);

	if (r == -1 && (errno == EINVAL || errno == ENOSPC) &&
	    namespaces != CLONE_NEWNS) {
		namespaces = CLONE_NEWNS;
		r = unshare(namespaces | more);
	}
	return r;
}

/*
 * A namespace of one's own.
 */

static bool
read_file(const char *path, char *buf, size_t size)
{
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd != -1) {
		n = read(fd, buf, size - 1);
		close(fd);
	}
	buf[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

static bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd == -1)
		return false;
	done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	return close(fd) == 0 && done;
}

/*
 * Ubuntu lets a process make a user namespace, but do nothing in it unless a
 * profile of AppArmor's says so.
 */
static bool
apparmor_restricts(void)
{
	char buf[64];

	return read_file("/proc/sys/kernel/"
	    "apparmor_restrict_unprivileged_userns", buf, sizeof(buf)) &&
	    buf[0] == '1' &&
	    read_file("/proc/self/attr/current", buf, sizeof(buf)) &&
	    strncmp(buf, "unconfined", 10) == 0;
}

/* Are there none to be had?  Saves a user the search for sockets. */
static bool
switched_off(void)
{
	char buf[64];

	return read_file("/proc/sys/user/max_user_namespaces", buf,
	    sizeof(buf)) && strcmp(buf, "0\n") == 0;
}

/* Die of an error that is no answer: one that no policy gives. */
static void
expect_refusal(const char *what)
{
	if (errno != EPERM && errno != EACCES && errno != EINVAL &&
	    errno != ENOSYS && errno != ENOSPC && errno != EUSERS)
		die("view: %s: %s", what, strerror(errno));
}

/* NULL, or why not. */
static const char *
enter_user_namespace(void)
{
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (apparmor_restricts())
		return "AppArmor restricts user namespaces "
		    "(kernel.apparmor_restrict_unprivileged_userns)";
	/* as in a container of bubblewrap's: the maps cannot be written then */
	if (access("/proc/self/uid_map", W_OK) == -1 && errno == EROFS)
		return "/proc is read-only";
	if (enter_namespaces(CLONE_NEWUSER) == -1) {
		expect_refusal("unshare");
		return errno == ENOSPC || errno == EUSERS ? SWITCHED_OFF :
		    "user namespaces are refused";
	}
	user_namespace = true;
	snprintf(map, sizeof(map), "%u %u 1", (unsigned)uid, (unsigned)uid);
	if (!write_file("/proc/self/setgroups", "deny") ||
	    !write_file("/proc/self/uid_map", map))
		die("user namespace: uid_map: %s", strerror(errno));
	snprintf(map, sizeof(map), "%u %u 1", (unsigned)gid, (unsigned)gid);
	if (!write_file("/proc/self/gid_map", map))
		die("user namespace: gid_map: %s", strerror(errno));
	return NULL;
}

/* NULL, or why not. */
static const char *
enter(void)
{
	struct stat before, after;
	const char *why;

	if (stat("/proc/self/ns/mnt", &before) == -1) {
		expect_absent("/proc/self/ns/mnt");
		return "/proc is not mounted";
	}
	if (enter_namespaces(0) == -1) {
		expect_refusal("unshare");
		/* its files would be those of nobody, its power gone */
		if (caps_held())
			return "capabilities without CAP_SYS_ADMIN";
		if ((why = enter_user_namespace()) != NULL)
			return why;
	}
	/* what is mounted from here on must not be so for all */
	if (stat("/proc/self/ns/mnt", &after) == -1 ||
	    before.st_ino == after.st_ino)
		die("unshare: no mount namespace has been made; nothing was "
		    "run");
	/* a slave would show what is mounted outside later, uncovered */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		return NULL;
	expect_refusal("mount: private");
	return errno == EINVAL ? "the root directory is not a mount point" :
	    "mounting is refused";
}

const char *
view_remedy(const char *why)
{
	static const struct {
		const char	*why;		/* the beginning */
		const char	*remedy;
	} remedies[] = {
		{ "/proc is not", "mount it" },
		{ "/proc is read-only", "mount one that is not" },
		{ "capabilities without", "give the container CAP_SYS_ADMIN "
		    "and permit unshare and mount in it, or run nono as a "
		    "user without capabilities" },
		{ "AppArmor", "load a profile for nono that has \"userns,\", "
		    "see nono(1), or sysctl "
		    "kernel.apparmor_restrict_unprivileged_userns=0" },
		{ "user namespaces are switched", "sysctl "
		    "user.max_user_namespaces=10000" },
		{ "user namespaces are refused", "permit unshare in the "
		    "container's seccomp profile, or sysctl "
		    "kernel.unprivileged_userns_clone=1 where there is that; "
		    "inside another nono there is none" },
		{ "the root directory", "bind the new root onto itself before "
		    "chroot" },
		{ "mounting", "permit mount in the container's profiles of "
		    "seccomp and AppArmor" }
	};
	size_t i;

	for (i = 0; i < nitems(remedies); i++)
		if (strncmp(why, remedies[i].why, strlen(remedies[i].why)) ==
		    0)
			return remedies[i].remedy;
	return NULL;
}

bool
view_ipc_namespace(void)
{
	return namespaces & CLONE_NEWIPC;
}

bool
view_user_namespace(void)
{
	return user_namespace;
}

/*
 * What there is to be seen to, beside the rules.
 */

static struct point *
add_found(struct view *v, char *path, mode_t mode, unsigned want)
{
	struct point *pt;

	v->found = xreallocarray(v->found, v->nfound + 1, sizeof(*v->found));
	pt = &v->found[v->nfound++];
	*pt = (struct point){ .path = path, .len = path_len(path),
	    .want = want, .floor = ~0U, .mode = mode, .found = true };
	return pt;
}

/* May the command connect to the socket at a resolved path? */
static bool
socket_granted(const struct view *v, const char *path)
{
	const struct rules *s = &v->policy->sockets;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (path_beneath(path, strlen(path), s->v[i].path,
		    s->v[i].len))
			return true;
	return false;
}

/* Cover the socket at path, if there is one, unless it is granted. */
static void
add_socket(struct view *v, const char *path)
{
	struct stat st;
	char *real;

	if (path[0] != '/')
		return;
	if (stat(path, &st) == -1) {
		/* the command could open the way to it */
		if (errno == EACCES && (real = path_closed(path)) != NULL)
			add_found(v, real, S_IFDIR, 0)->force = true;
		else
			expect_absent(path);
		return;
	}
	if (!S_ISSOCK(st.st_mode))
		return;
	if ((real = realpath(path, NULL)) == NULL) {
		expect_absent(path);
		return;
	}
	if (socket_granted(v, real))
		add_found(v, real, S_IFSOCK, 0)->reached = true;
	else
		add_found(v, real, S_IFSOCK, 0)->force = true;
}

/*
 * The name in a line of /proc/net/unix, which may be empty: behind an address
 * and colon, five hexadecimal fields and a number.  NULL if the line is none of
 * these, but what follows a newline in the name before.
 */
static const char *
socket_name(const char *line)
{
	static const size_t widths[] = { 8, 8, 8, 4, 2 };
	size_t i, n = strspn(line, "0123456789abcdef");

	if (line[n] != ':')
		return NULL;
	line += n + 1;
	for (i = 0; i < nitems(widths); i++) {
		if (line[0] != ' ' ||
		    strspn(line + 1, "0123456789ABCDEF") != widths[i])
			return NULL;
		line += 1 + widths[i];
	}
	line += strspn(line, " ");
	line += strcspn(line, " ");
	return *line == '\0' ? line : line + 1;
}

/*
 * A socket that was bound by a name without a slash in front lies in what was
 * its maker's working directory then: try those of all processes that may be
 * looked at.
 */
static void
add_relative_socket(struct view *v, const char *name)
{
	char *path;
	struct dirent *d;
	DIR *dirp = opendir("/proc");

	if (dirp == NULL) {
		expect_absent("/proc");
		return;
	}
	while (errno = 0, (d = readdir(dirp)) != NULL)
		if (d->d_name[0] >= '1' && d->d_name[0] <= '9') {
			path = xasprintf("/proc/%s/cwd/%s", d->d_name, name);
			add_socket(v, path);
			free(path);
		}
	if (errno != 0)
		die("/proc: %s", strerror(errno));
	closedir(dirp);
}

static void
add_named_socket(struct view *v, const char *name)
{
	if (name[0] == '/')
		add_socket(v, name);
	else if (name[0] != '\0' && name[0] != '@')
		add_relative_socket(v, name);
}

/* Those of this network namespace, unix(7). */
static void
find_named_sockets(struct view *v)
{
	char *line = NULL, name[2 * sizeof(struct sockaddr_un)] = "";
	const char *s;
	size_t size = 0, len;
	bool heading = true;
	FILE *f = fopen(SOCKETS, "re");

	if (f == NULL) {
		expect_absent(SOCKETS);
		return;
	}
	for (; getline(&line, &size, f) != -1; heading = false) {
		line[strcspn(line, "\n")] = '\0';
		if (heading)
			continue;
		len = strlen(name);
		if ((s = socket_name(line)) == NULL) {
			snprintf(name + len, sizeof(name) - len, "\n%s", line);
			continue;
		}
		add_named_socket(v, name);
		snprintf(name, sizeof(name), "%s", s);
	}
	add_named_socket(v, name);
	if (ferror(f))
		die(SOCKETS ": %s", strerror(errno));
	fclose(f);
	free(line);
}

/*
 * Those that the environment tells of (SSH_AUTH_SOCK=path, TMUX=path,...,
 * unix:path=path,...).
 */
static void
find_told_sockets(struct view *v)
{
	extern char **environ;
	char *s, **e, path[PATH_MAX];
	size_t n;

	for (e = environ; *e != NULL; e++) {
		if ((s = strchr(*e, '/')) == NULL)
			continue;
		while (s[1] == '/')			/* unix:///path */
			s++;
		if ((n = strcspn(s, ":,;")) < sizeof(path)) {
			memcpy(path, s, n);
			path[n] = '\0';
			add_socket(v, path);
		}
	}
}

/* Those of another network namespace that are mounted, as into a container. */
static void
find_mounted_sockets(struct view *v)
{
	const struct mount *m;

	for (m = v->mounts->v; m < v->mounts->v + v->mounts->n; m++)
		if (m->root[1] != '\0')
			add_socket(v, m->point);
}

/* Sockets that may be connected to, though what they lie in is covered. */
static void
find_reached(struct view *v)
{
	const struct rules *s = &v->policy->sockets;
	const struct entry *e;
	struct stat st;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->v[i].len > 0)
			add_found(v, xstrdup(s->v[i].path), s->v[i].mode,
			    0)->reached = true;
	for (e = table_sockets; !v->policy->net_off && e->name != NULL; e++)
		if (e->flags & backend_system && lstat(e->name, &st) == 0)
			add_found(v, xstrdup(e->name), st.st_mode,
			    0)->reached = true;
}

/*
 * The directory of services, which is full of sockets, and which nothing is
 * granted of as a rule, is covered as a whole.
 */
static void
find_run(struct view *v)
{
	struct point *pt;
	struct stat st;

	if (lstat("/run", &st) == -1) {
		expect_absent("/run");
		return;
	}
	if (!S_ISDIR(st.st_mode) ||
	    policy_decide(v->policy, "/run", NULL) != 0 ||
	    socket_granted(v, "/run"))
		return;
	pt = add_found(v, xstrdup("/run"), st.st_mode, 0);
	pt->force = pt->links = true;
}

/*
 * A file that is granted for writing lies in a directory that is not: were its
 * mount read-only, programs that save by way of a new file would see EROFS
 * where they fall back on EACCES.  So it is writable, and Landlock refuses,
 * unless writing is granted above it; the directories in it are not.
 */
static void
find_beside(struct view *v, const struct points *pts)
{
	const struct point *pt;
	struct point *more;
	struct dirent *d;
	char *dir, *path;
	const char *last = "";
	unsigned rights;
	size_t i, n, at;
	DIR *dirp;

	for (i = 0; i < pts->n; i++) {
		pt = &pts->v[i];
		if (!(pt->want & WRITE) || !S_ISREG(pt->mode))
			continue;
		dir = path_parent(pt->path);
		rights = policy_decide(v->policy, dir, NULL);
		if (path_len(dir) == 0 || rights & RIGHT_WRITE ||
		    strcmp(dir, last) == 0 || (dirp = opendir(dir)) == NULL) {
			free(dir);
			continue;
		}
		last = dir;
		at = v->nfound;
		add_found(v, dir, S_IFDIR,
		    points_classes(dir, rights))->beside = true;
		for (n = 0; errno = 0, (d = readdir(dirp)) != NULL;) {
			if (strcmp(d->d_name, ".") == 0 ||
			    strcmp(d->d_name, "..") == 0 ||
			    entry_type(dirp, d) != DT_DIR)
				continue;
			if (n++ == ASIDE) {
				v->found[at].crowded = true;
				break;
			}
			path = path_join(dir, d->d_name);
			more = add_found(v, path, S_IFDIR, points_classes(path,
			    policy_decide(v->policy, path, NULL)));
			more->frozen = true;
		}
		if (d == NULL && errno != 0)
			die("%s: %s", dir, strerror(errno));
		closedir(dirp);
	}
}

/* A blocked name of a file that answers to others, too. */
static void
find_multicall(struct view *v)
{
	const struct policy *p = v->policy;
	const struct command *c;
	struct stat st;

	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (!c->multicall)
			continue;
		else if (lstat(c->path, &st) == -1)
			expect_absent(c->path);
		else
			add_found(v, xstrdup(c->path), st.st_mode,
			    0)->blocked = true;
}

/*
 * A program of nono's own beneath a grant for writing: what is put in its place
 * would be run by the next who wants to be safe.  A rule for that very file
 * opens it.  Takes the path over.
 */
static void
find_own(struct view *v, char *path)
{
	const struct rule *by;
	unsigned rights = policy_decide(v->policy, path, &by);
	struct stat st;

	if (!(rights & RIGHT_WRITE) || strcmp(by->path, path) == 0)
		free(path);
	else if (lstat(path, &st) == -1) {
		expect_absent(path);
		free(path);
	} else
		add_found(v, path, st.st_mode, points_classes(path,
		    rights & RIGHT_READ))->frozen = true;
}

static void
find_self(struct view *v)
{
	char *dir = path_parent(v->self);

	find_own(v, xstrdup(v->self));
	find_own(v, path_join(dir, "nono-learn"));
	free(dir);
}

/*
 * What is to be done, path by path.
 */

static struct step *
add_step(struct view *v, enum how how, const char *path, size_t len,
    mode_t mode)
{
	if (v->nsteps == v->size) {
		v->size = v->size == 0 ? 128 : 2 * v->size;
		v->steps = xreallocarray(v->steps, v->size, sizeof(*v->steps));
	}
	v->steps[v->nsteps] = (struct step){ .how = how, .path = path,
	    .len = len, .mode = mode, .tree = -1, .id = -1 };
	return &v->steps[v->nsteps++];
}

static void
push(struct view *v, const struct frame *f)
{
	if (v->depth == v->deepest) {
		v->deepest = v->deepest == 0 ? 16 : 2 * v->deepest;
		v->stack = xreallocarray(v->stack, v->deepest,
		    sizeof(*v->stack));
	}
	v->stack[v->depth++] = *f;
}

/* What Landlock gives at the first len bytes of a path. */
static unsigned
given_at(const struct view *v, const char *path, size_t len)
{
	const struct frame *f, *best = v->stack;

	for (f = v->stack; f < v->stack + v->depth; f++)
		if (f->len >= best->len &&
		    path_beneath(path, len, f->path, f->len))
			best = f;
	return best->given;
}

/*
 * Fix the directories between the nearest mount and a path with lesser rights
 * in it, if they could be renamed.
 */
static void
add_anchors(struct view *v, const struct point *pt)
{
	struct frame f = v->stack[v->depth - 1];
	size_t len;

	if (!f.writable)
		return;
	for (len = f.base + 1; len < pt->len; len++)
		if (pt->path[len] == '/') {
			f.path = xasprintf("%.*s", (int)len, pt->path);
			f.base = f.len = len;
			f.given = given_at(v, pt->path, len);
			add_step(v, ANCHOR, f.path, len, S_IFDIR);
			push(v, &f);
		}
}

static void
add_lesser(struct view *v, enum how how, const struct point *pt,
    struct frame *f)
{
	add_anchors(v, pt);
	add_step(v, how, pt->path, pt->len, pt->mode)->links = pt->links;
	f->base = pt->len;
	f->writable = false;
	if (how == COVER)
		f->cover = v->nsteps;
}

/* What is seen at a path, whether or not that lies in what is covered. */
static void
add_shown(struct view *v, enum how how, const struct point *pt,
    struct frame *f)
{
	struct step *s = add_step(v, how, pt->path, pt->len, pt->mode);

	s->writable = (pt->want & WRITE) != 0;
	s->cover = f->cover;
	if (f->cover != 0)
		v->steps[f->cover - 1].holds = true;
	f->writable = s->writable;
	f->base = pt->len;
	f->cover = 0;
}

/*
 * Can mounts hold this point's rights beneath the given ones?  Not that what
 * is read elsewhere is not read here, and nothing of devices.
 */
static bool
can_hold(const struct point *pt, unsigned given)
{
	return (pt->want & (READ | WRITE)) == 0 ||
	    (!(given & READ & ~pt->want) && !(given & WRITE & ~pt->want &&
	    path_beneath(pt->path, pt->len, "/dev", 4)));
}

static bool
can_mount(const struct point *pt)
{
	return S_ISDIR(pt->mode) || S_ISREG(pt->mode);
}

/* Where writing is granted, or to a file in it. */
static void
add_writable(struct view *v, const struct point *pt, struct frame *f)
{
	if (!can_mount(pt))
		return;
	if (!f->writable) {
		add_step(v, CLONE, pt->path, pt->len, pt->mode);
		f->base = pt->len;
		f->writable = true;
	} else if (f->given & READ & ~pt->want) {
		/* nor can it be renamed itself, to be read then */
		add_step(v, ANCHOR, pt->path, pt->len, pt->mode);
		f->base = pt->len;
	}
}

/* Is a cover needed where nothing is granted? */
static bool
needs_cover(const struct view *v, const struct point *pt,
    const struct frame *f)
{
	if (f->given & (READ | WRITE) || f->writable || pt->force)
		return true;
	/* in /dev there are no sockets but much that is granted */
	return S_ISDIR(pt->mode) && (f->given & LIST || (v->sockets &&
	    !v->all && strcmp(pt->path, "/dev") != 0));
}

static void
visit(struct view *v, struct point *pt)
{
	struct frame f = v->stack[v->depth - 1];
	unsigned rights = pt->want & (READ | WRITE);
	bool holds = can_hold(pt, f.given), held = holds && !pt->handed;
	bool reached = pt->reached && (!S_ISDIR(pt->mode) ||
	    !(f.given & READ));

	f.path = pt->path;
	f.len = pt->len;
	if (pt->len == 0)
		f.writable = v->open = (rights & WRITE) != 0;
	else if (v->pts && strcmp(pt->path, "/dev/pts") == 0)
		add_shown(v, PTS, pt, &f);
	else if (f.cover != 0) {
		/* a link to what is in the devpts; see make_cover() */
		if (v->pts && strcmp(pt->path, "/dev/ptmx") == 0)
			rights = pt->want = 0;
		if (rights != 0 || reached)
			add_shown(v, SHOW, pt, &f);
	} else if (reached)
		;
	else if (pt->frozen) {
		if (f.writable)
			add_lesser(v, S_ISLNK(pt->mode) ? ANCHOR : FREEZE, pt,
			    &f);
	} else if (pt->blocked) {
		if (f.given & READ)
			add_lesser(v, COMMAND, pt, &f);
	} else if (rights & WRITE || (pt->beside && (pt->found || rights) &&
	    !(f.given & WRITE))) {
		if (!held)
			add_anchors(v, pt);
		add_writable(v, pt, &f);
	} else if (rights == 0 && S_ISLNK(pt->mode)) {
		if (f.writable)
			add_lesser(v, ANCHOR, pt, &f);
	} else if (rights == 0) {
		if (needs_cover(v, pt, &f))
			add_lesser(v, COVER, pt, &f);
	} else if (f.writable && holds && can_mount(pt))
		add_lesser(v, FREEZE, pt, &f);
	if (held) {
		pt->floor = ~0U;
		f.given |= pt->want;
	} else
		f.given = pt->want;
	push(v, &f);
}

static void
walk(struct view *v, struct points *pts)
{
	static const struct frame root = { .path = "/" };
	struct frame *top;
	size_t i;

	push(v, &root);
	for (i = 0; i < pts->n; i++) {
		for (top = &v->stack[v->depth - 1]; !path_beneath(
		    pts->v[i].path, pts->v[i].len, top->path, top->len); top--)
			v->depth--;
		visit(v, &pts->v[i]);
	}
}

/*
 * The terminals are those of a devpts of the view's own, unless a rule of the
 * user's says otherwise.  The caller's is none of them: it is put where
 * ttyname(3) finds it.
 */
static void
plan_terminals(struct view *v)
{
	char link[32], path[64];
	const struct rule *by;
	struct stat st;
	ssize_t n;
	int fd;

	if (stat("/dev/pts", &st) == -1 || !S_ISDIR(st.st_mode) ||
	    policy_decide(v->policy, "/dev/pts", &by) != 0 ||
	    (by != NULL && strcmp(by->origin, "table") != 0))
		return;
	v->pts = true;
	add_found(v, xstrdup("/dev/pts"), S_IFDIR,
	    READ | LIST | WRITE | DEVICE);
	for (fd = 0; fd <= 2 && v->terminal.path == NULL; fd++) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, path, sizeof(path) - 1);
		if (n == -1 || strncmp(path, "/dev/pts/", 9) != 0)
			continue;
		path[n] = '\0';
		v->terminal.path = xstrdup(path);
	}
	/* where /dev is covered, /dev/fd and its kin show through */
	add_found(v, xstrdup("/dev"), S_IFDIR, 0)->links = true;
}

/* Note the path of a descriptor that the command may inherit. */
static void
note_descriptor(struct view *v, int fds, const char *name)
{
	char path[PATH_MAX];
	ssize_t n = readlinkat(fds, name, path, sizeof(path) - 1);
	struct stat st;

	/* "." and ".." are no links, and some of the first three not open */
	if (n == -1 && errno != EINVAL && errno != ENOENT)
		die("/proc/self/fd/%s: %s", name, strerror(errno));
	if (n <= 0 || path[0] != '/')
		return;
	if (fstat(atoi(name), &st) == -1)
		die("descriptor %s: %s", name, strerror(errno));
	/* directories are not inherited */
	if (S_ISDIR(st.st_mode))
		return;
	path[n] = '\0';
	v->handed = xreallocarray(v->handed, v->nhanded + 1,
	    sizeof(*v->handed));
	v->handed[v->nhanded++] = xstrdup(path);
}

static void
note_descriptors(struct view *v)
{
	bool few = descriptors_standard();
	struct dirent *d;
	DIR *dirp;

	if ((dirp = opendir("/proc/self/fd")) == NULL)
		die("/proc/self/fd: %s", strerror(errno));
	if (few) {
		note_descriptor(v, dirfd(dirp), "0");
		note_descriptor(v, dirfd(dirp), "1");
		note_descriptor(v, dirfd(dirp), "2");
	} else
		while (errno = 0, (d = readdir(dirp)) != NULL)
			note_descriptor(v, dirfd(dirp), d->d_name);
	if (!few && errno != 0)
		die("/proc/self/fd: %s", strerror(errno));
	closedir(dirp);
}

/*
 * A descriptor that the command inherits lies on the mounts that were there
 * before, which neither cover nor freeze anything.  Opened anew by way of /proc
 * it must give no more than it does: let Landlock hold the rule, too; by each
 * path at which other mounts show the file.
 */
static void
find_handed(const struct view *v, struct points *pts)
{
	struct point *pt, *by_path, *by_mount;
	const char *path;
	size_t i;

	for (i = 0; i < v->nhanded; i++) {
		path = v->handed[i];
		by_path = by_mount = NULL;
		for (pt = pts->v; pt < pts->v + pts->n; pt++)
			if (path_beneath(path, strlen(path), pt->path,
			    pt->len))
				by_path = pt;
			else if (v->mounts->shared && pt->len > 0 &&
			    mounts_same(v->mounts, path, pt->path))
				by_mount = pt;
		if (by_path != NULL)
			by_path->handed = true;
		if (by_mount != NULL)
			by_mount->handed = true;
	}
}

/* The last step at or above a path, or NULL. */
static const struct step *
step_at(const struct view *v, const char *path)
{
	const struct step *s, *at = NULL;
	size_t len = path_len(path);

	for (s = v->steps; s < v->steps + v->nsteps; s++)
		if (path_beneath(path, len, s->path, s->len))
			at = s;
	return at;
}

unsigned
view_rights(const struct view *v, const char *path)
{
	const struct step *s = step_at(v, path);

	return s == NULL ? RIGHT_READ | RIGHT_WRITE : s->how == COVER ? 0 :
	    s->how == FREEZE ? RIGHT_READ : RIGHT_READ | RIGHT_WRITE;
}

bool
view_covers(const struct view *v, const char *path)
{
	const struct step *s = step_at(v, path);

	return s != NULL && s->how == COVER;
}

static void
plan_directory(struct view *v)
{
	if (stat(".", &v->cwd_st) == -1)
		die("working directory: %s", strerror(errno));
	/* Linux writes "(unreachable)" before what is not beneath the root */
	v->deleted = v->cwd == NULL || v->cwd[0] != '/';
	if (!v->deleted && strlen(v->cwd) >= PATH_MAX)
		die("working directory: path of %zu bytes; change to another",
		    strlen(v->cwd));
	if (!v->deleted && view_covers(v, v->cwd))
		die("working directory: %s: is denied; change to another",
		    v->cwd);
}

struct view *
view_enter(const struct policy *p, bool sockets, const char **why)
{
	struct view *v = xreallocarray(NULL, 1, sizeof(*v));
	char self[PATH_MAX];
	ssize_t n;

	*v = (struct view){ .policy = p, .sockets = sockets };
	/*
	 * Before: where nobody else is in the old namespaces, those are gone
	 * then, and from a user namespace nobody outside may be looked at.
	 */
	if ((n = readlink("/proc/self/exe", self, sizeof(self) - 1)) == -1) {
		expect_absent("/proc/self/exe");
		*why = "/proc is not mounted";
		return NULL;
	}
	self[n] = '\0';
	v->self = xstrdup(self);
	if (geteuid() != 0 && !caps_held() && switched_off()) {
		*why = SWITCHED_OFF;
		return NULL;
	}
	if ((v->cwd = getcwd(NULL, 0)) == NULL && errno != ENOENT)
		die("working directory: %s; change to another",
		    strerror(errno));
	if (p->sockets.n > 0)
		namespaces = CLONE_NEWNS;
	note_descriptors(v);
	v->all = socket_granted(v, "/");
	if (sockets) {
		find_named_sockets(v);
		find_told_sockets(v);
	}
	*why = enter();
	return *why == NULL ? v : NULL;
}

void
view_plan(struct view *v, struct points *pts, const struct mounts *mounts)
{
	v->mounts = mounts;
	if (v->sockets) {
		find_reached(v);
		find_run(v);
		find_mounted_sockets(v);
	}
	find_beside(v, pts);
	find_multicall(v);
	find_self(v);
	plan_terminals(v);
	points_add(pts, v->found, v->nfound);
	mounts_others(mounts, pts);
	find_handed(v, pts);
	walk(v, pts);
	plan_directory(v);
}

void
view_render(const struct view *v, FILE *out)
{
	const struct step *s;
	size_t commands = 0, i;

	report(out, "view: a mount namespace%s%s%s",
	    view_ipc_namespace() ? ", one of System V IPC" : "",
	    user_namespace ? " and a user namespace" : "",
	    v->open ? "" : "; all is read-only, metadata too, but what "
	    "follows");
	for (s = v->steps; s < v->steps + v->nsteps; s++)
		if (s->how == COMMAND)
			commands++;
		else
			report(out, "view: %s: %s", s->how == SHOW &&
			    s->writable ? how_names[CLONE] :
			    how_names[s->how], s->path);
	report(out, "view: %zu commands covered, which say that they are "
	    "blocked", commands);
	for (i = 0; i < v->nfound; i++)
		if (v->found[i].crowded)
			report(out, "gap: metadata in directories beneath %s, "
			    "which has more than %d", v->found[i].path, ASIDE);
}
