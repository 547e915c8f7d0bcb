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
 * The calls of a command that is watched: what they are about to open,
 * execute, connect to and change.
 */

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>

#include "calls.h"
#include "learn.h"
#include "linux-calls.h"
#include "nono.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV		/* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	(1UL << 5)
#endif
#define ACCMODE		(O_WRONLY | O_RDWR)	/* musl's O_ACCMODE has more */
#define NAMESPACES	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | \
			    CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | \
			    CLONE_NEWCGROUP)

/* A thread that waits in a call. */
struct task {
	const struct seccomp_notif	*notif;
	const struct call		*call;
	int				 mem;	/* /proc/TID/mem */
};

/* Where a path leads. */
struct place {
	char		 path[PATH_MAX];
	bool		 exists;	/* its directory does in any case */
	struct stat	 st;
};

static const struct policy	*policy;
static struct stat	 standard[3];	/* descriptors */
static char		**made;		/* sockets, by bind(2) */
static size_t		 nmade;

void
look_begin(const struct policy *p)
{
	int fd;

	policy = p;
	for (fd = 0; fd < 3; fd++)
		if (fstat(fd, &standard[fd]) == -1)
			standard[fd].st_ino = 0;	/* nothing has this */
}

int
look_listen(void)
{
	const struct sock_fprog prog = { nitems(watch),
	    (struct sock_filter *)(uintptr_t)watch };
	/* signals need not interrupt what waits for us */
	const unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int listener;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		die("learn: no_new_privs: %s", strerror(errno));
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags |
	    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &prog);
	if (listener == -1 && errno == EINVAL)
		listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    flags, &prog);
	if (listener == -1)
		die("learn: seccomp: %s%s", strerror(errno), errno == EBUSY ?
		    "; this is watched by another program already" : "");
	return listener;
}

/*
 * Memory and paths of the command.
 */

static uint64_t
argument(const struct task *t, int n)
{
	return n < 0 ? 0 : t->notif->data.args[n];
}

static bool
fetch(const struct task *t, uint64_t addr, void *buf, size_t len)
{
	return pread(t->mem, buf, len, (off_t)addr) == (ssize_t)len;
}

/* A string of at most PATH_MAX bytes, page by page. */
static bool
fetch_string(const struct task *t, uint64_t addr, char *s)
{
	size_t n = 0, len;
	ssize_t got;

	while (n < PATH_MAX) {
		len = 4096 - ((addr + n) & 4095);
		if (len > PATH_MAX - n)
			len = PATH_MAX - n;
		got = pread(t->mem, s + n, len, (off_t)(addr + n));
		if (got <= 0)
			return false;
		if (memchr(s + n, '\0', (size_t)got) != NULL)
			return true;
		n += (size_t)got;
	}
	return false;
}

/* Where a link of /proc/TID leads, if it is a path. */
static bool
proc_link(const struct task *t, const char *name, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%u/%s", t->notif->pid, name);
	n = readlink(link, path, PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return path[0] == '/';
}

/* What a descriptor, or AT_FDCWD, is open on. */
static bool
descriptor(const struct task *t, int fd, char path[PATH_MAX])
{
	char name[24];

	if (fd == AT_FDCWD)
		return proc_link(t, "cwd", path);
	snprintf(name, sizeof(name), "fd/%d", fd);
	return proc_link(t, name, path);
}

/* /proc/self is another to each, and so is /proc/thread-self. */
static void
name_self(const struct task *t, char path[PATH_MAX])
{
	char name[64], line[128];
	unsigned tgid = t->notif->pid;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%u/status", t->notif->pid);
	if ((f = fopen(name, "re")) != NULL) {
		while (fgets(line, sizeof(line), f) != NULL)
			if (sscanf(line, "Tgid: %u", &tgid) == 1)
				break;
		fclose(f);
	}
	if (strcmp(path, "/proc/self") == 0)
		snprintf(path, PATH_MAX, "/proc/%u", tgid);
	else
		snprintf(path, PATH_MAX, "/proc/%u/task/%u", tgid,
		    t->notif->pid);
}

/*
 * Put where the link at out leads in front of next, which is what is left of
 * rest, and start again from out.  False if that is no path.
 */
static bool
follow_link(char *out, char rest[2 * PATH_MAX], const char *next,
    const char *top)
{
	char target[2 * PATH_MAX];
	ssize_t n = readlink(out, target, PATH_MAX);

	if (n <= 0 || (size_t)n + strlen(next) >= PATH_MAX)
		return false;
	target[n] = '\0';
	/* a pipe, or another thing without a path */
	if (target[0] != '/' && path_beneath(out, strlen(out), "/proc", 5) &&
	    strchr(target, ':') != NULL)
		return false;
	strcpy(target + n, next);
	strcpy(rest, target);
	if (rest[0] == '/')
		strcpy(out, top);
	else
		*strrchr(out, '/') = '\0';
	return true;
}

/*
 * Resolve name, relative to the directory base, as the kernel would for this
 * task, component by component; a link at its end only if follow is true.
 */
static bool
walk(const struct task *t, const char *base, const char *name, bool follow,
    struct place *p)
{
	char top[PATH_MAX], rest[2 * PATH_MAX];
	char *out = p->path, *next = rest;
	size_t n, len, toplen;
	unsigned links = 0;

	if (name[0] == '\0' || !proc_link(t, "root", top))
		return false;
	toplen = path_len(top);
	top[toplen] = '\0';
	snprintf(out, PATH_MAX, "%s", name[0] == '/' ? top : base);
	out[path_len(out)] = '\0';
	snprintf(rest, sizeof(rest), "%s", name);
	p->exists = true;
	for (;;) {
		next += strspn(next, "/");
		len = strcspn(next, "/");
		if (len == 0)
			break;
		if (len <= 2 && strncmp(next, "..", len) == 0) {
			if (len == 2 && strlen(out) > toplen)
				*strrchr(out, '/') = '\0';
			next += len;
			continue;
		}
		n = strlen(out);
		if (n + len + 2 > PATH_MAX)
			return false;
		sprintf(out + n, "/%.*s", (int)len, next);
		next += len;
		if (strcmp(out, "/proc/self") == 0 ||
		    strcmp(out, "/proc/thread-self") == 0)
			name_self(t, out);
		if (lstat(out, &p->st) == -1) {
			p->exists = false;
			return errno == ENOENT && next[strspn(next, "/")] ==
			    '\0';
		}
		if (!S_ISLNK(p->st.st_mode) || (!follow && *next == '\0'))
			continue;
		if (++links > 40 || !follow_link(out, rest, next, top))
			return false;
		next = rest;
	}
	if (out[0] == '\0')
		strcpy(out, "/");
	return lstat(out, &p->st) == 0;
}

/*
 * The path that is in the arguments of a call; the descriptor itself where
 * there is none.
 */
static bool
find(const struct task *t, int dir, int path, bool follow, struct place *p)
{
	char base[PATH_MAX], name[PATH_MAX] = "";
	uint64_t addr = argument(t, path);

	if (addr != 0 && !fetch_string(t, addr, name)) {
		need_never("some calls could not be looked into");
		return false;
	}
	if (name[0] == '\0' && dir == NONE)
		return false;
	base[0] = '\0';
	if (name[0] != '/' && !descriptor(t, dir == NONE ? AT_FDCWD :
	    (int)argument(t, dir), base))
		return false;
	if (name[0] != '\0')
		return walk(t, base, name, follow, p);
	strcpy(p->path, base);
	return p->exists = lstat(base, &p->st) == 0;
}

/*
 * What would be refused outside as well is no need.
 */

static bool
accessible(const char *path, int how)
{
	return faccessat(AT_FDCWD, path, how, AT_EACCESS) == 0;
}

/* May names in the directory of path be made and removed? */
static bool
can_change_entry(const char *path)
{
	char *parent = path_parent(path);
	bool can = accessible(parent, W_OK | X_OK);

	free(parent);
	return can;
}

/*
 * Descriptors 0 to 2 can be opened again under nono, by their names in /dev
 * and /proc; and of terminals it gives those that are the command's own.
 */
static bool
is_own(const struct place *p)
{
	size_t i;

	for (i = 0; i < nitems(standard); i++)
		if (p->st.st_dev == standard[i].st_dev &&
		    p->st.st_ino == standard[i].st_ino)
			return true;
	return path_beneath(p->path, strlen(p->path), "/dev/pts", 8);
}

/*
 * Calls.
 */

static void
look_open(const struct task *t, int flags)
{
	const bool make = flags & O_CREAT, new = make && flags & O_EXCL;
	unsigned rights = (flags & ACCMODE) == O_WRONLY ? RIGHT_WRITE :
	    (flags & ACCMODE) == O_RDONLY ? RIGHT_READ :
	    RIGHT_READ | RIGHT_WRITE;
	struct place p;
	char *temporary;

	if (flags & O_PATH || !find(t, t->call->dir, t->call->path,
	    !(flags & O_NOFOLLOW) && !new, &p))
		return;
	if ((flags & O_TMPFILE) == O_TMPFILE) {
		temporary = path_join(p.path, "*");
		if (p.exists && can_change_entry(temporary)) {
			need_entry(temporary, false);
			need(p.path, rights);
		}
		free(temporary);
		return;
	}
	if (flags & O_TRUNC)
		rights |= RIGHT_WRITE;
	if (!p.exists) {
		if (make && can_change_entry(p.path)) {
			need_entry(p.path, true);
			need(p.path, rights);
		}
		return;
	}
	if (new || S_ISLNK(p.st.st_mode) || S_ISSOCK(p.st.st_mode) ||
	    (S_ISDIR(p.st.st_mode) ? rights & RIGHT_WRITE :
	    flags & O_DIRECTORY) || is_own(&p))
		return;
	if (accessible(p.path, (rights & RIGHT_READ ? R_OK : 0) |
	    (rights & RIGHT_WRITE ? W_OK : 0)))
		need(p.path, rights);
}

static void
look_open_how(const struct task *t)
{
	struct open_how how;

	if (fetch(t, argument(t, t->call->flags), &how, sizeof(how)))
		look_open(t, (int)how.flags);
}

/* What executes the script p, and what executes that, and so on. */
static void
need_interpreter(const struct task *t, struct place *p, unsigned depth)
{
	int fd = open(p->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[256], base[PATH_MAX], *name;
	ssize_t n = -1;

	if (fd != -1) {
		n = read(fd, head, sizeof(head) - 1);
		close(fd);
	}
	if (n < 3 || head[0] != '#' || head[1] != '!' || depth > 4 ||
	    !descriptor(t, AT_FDCWD, base))
		return;
	head[n] = '\0';
	name = head + 2 + strspn(head + 2, " \t");
	name[strcspn(name, " \t\n")] = '\0';
	if (!walk(t, base, name, true, p) || !p->exists ||
	    !accessible(p->path, X_OK))
		return;
	need(p->path, RIGHT_READ);
	need_interpreter(t, p, depth + 1);
}

static void
look_execute(const struct task *t)
{
	const struct call *c = t->call;
	const struct command *blocked;
	struct place named, p;

	if (!find(t, c->dir, c->path, !(argument(t, c->flags) &
	    AT_SYMLINK_NOFOLLOW), &p) || !p.exists ||
	    !S_ISREG(p.st.st_mode) || !accessible(p.path, X_OK))
		return;
	if (find(t, c->dir, c->path, false, &named) && (blocked =
	    policy_blocked(policy, named.path, p.path)) != NULL)
		need_command(blocked);
	need(p.path, RIGHT_READ);
	need_interpreter(t, &p, 0);
}

static void
look_make(const struct task *t, int dir, int path)
{
	struct place p;

	if (find(t, dir, path, false, &p) && !p.exists &&
	    can_change_entry(p.path))
		need_entry(p.path, true);
}

static void
look_remove(const struct task *t)
{
	struct place p;

	if (find(t, t->call->dir, t->call->path, false, &p) && p.exists &&
	    can_change_entry(p.path))
		need_entry(p.path, false);
}

static void
look_move(const struct task *t)
{
	const struct call *c = t->call;
	struct place from, to;
	char *a, *b;

	if (!find(t, c->dir, c->path, false, &from) || !from.exists ||
	    !find(t, c->dir2, c->path2, false, &to) ||
	    !can_change_entry(from.path) || !can_change_entry(to.path))
		return;
	need_entry(from.path, false);
	need_entry(to.path, !to.exists);
	/* from one grant into another it is a copy */
	a = path_parent(from.path);
	b = path_parent(to.path);
	if (strcmp(a, b) != 0)
		need(from.path, RIGHT_READ);
	free(a);
	free(b);
}

static void
look_link(const struct task *t)
{
	const struct call *c = t->call;
	struct place from, to;

	if (!find(t, c->dir, c->path, c->flags >= 0 &&
	    argument(t, c->flags) & AT_SYMLINK_FOLLOW, &from) ||
	    !from.exists || !find(t, c->dir2, c->path2, false, &to) ||
	    to.exists || !can_change_entry(to.path))
		return;
	/* from one grant into another it fails, and programs copy */
	need(from.path, RIGHT_READ);
	need_entry(to.path, true);
}

static void
look_change(const struct task *t)
{
	const struct call *c = t->call;
	struct place p;

	if (!find(t, c->dir, c->path, c->flags != NOFOLLOW &&
	    !(argument(t, c->flags) & AT_SYMLINK_NOFOLLOW), &p) ||
	    !p.exists || is_own(&p))
		return;
	if (geteuid() == 0 || p.st.st_uid == geteuid() ||
	    accessible(p.path, W_OK))
		need(p.path, RIGHT_WRITE);
}

/*
 * A unix socket: its path, or @ and the name of an abstract one; malloced, or
 * NULL.
 */
static char *
address(const struct task *t, uint64_t addr, uint64_t len, struct place *p)
{
	struct sockaddr_un sun = { .sun_family = AF_UNSPEC };
	char name[sizeof(sun.sun_path) + 1] = "", base[PATH_MAX];
	size_t n = offsetof(struct sockaddr_un, sun_path);

	if (addr == 0 || len <= n)
		return NULL;
	if (len > sizeof(sun))
		len = sizeof(sun);
	if (!fetch(t, addr, &sun, len) || sun.sun_family != AF_UNIX)
		return NULL;
	memcpy(name, sun.sun_path, len - n);
	if (name[0] == '\0') {
		for (n = 0; n < len - offsetof(struct sockaddr_un, sun_path);
		    n++)
			if (name[n] == '\0')
				name[n] = '@';
		return xstrdup(name);
	}
	if (!descriptor(t, AT_FDCWD, base) || !walk(t, base, name, true, p))
		return NULL;
	return xstrdup(p->path);
}

static bool
is_made(const char *socket)
{
	size_t i;

	for (i = 0; i < nmade; i++)
		if (strcmp(made[i], socket) == 0)
			return true;
	return false;
}

static void
look_connect(const struct task *t, uint64_t addr, uint64_t len)
{
	struct place p = { 0 };
	char *name = address(t, addr, len, &p);

	if (name == NULL || is_made(name)) {
		free(name);
		return;
	}
	if (name[0] == '@')
		need_never("%s: an abstract unix socket that is not the "
		    "command's own; nothing grants it", name);
	else if (p.exists && S_ISSOCK(p.st.st_mode) &&
	    accessible(name, W_OK))
		need_socket(name);
	free(name);
}

static void
look_bind(const struct task *t)
{
	struct place p = { 0 };
	char *name = address(t, argument(t, t->call->path),
	    argument(t, t->call->flags), &p);

	if (name == NULL || is_made(name)) {
		free(name);
		return;
	}
	if (name[0] != '@' && !p.exists && can_change_entry(name))
		need_entry(name, true);
	made = xreallocarray(made, nmade + 1, sizeof(*made));
	made[nmade++] = name;
}

static void
look_message(const struct task *t)
{
	const bool wide = t->notif->data.arch & __AUDIT_ARCH_64BIT;
	const uint64_t msg = argument(t, t->call->path);
	uint64_t name = 0;
	uint32_t name32 = 0, len = 0;

	/* struct msghdr begins with a pointer and a length */
	if (wide ? fetch(t, msg, &name, 8) && fetch(t, msg + 8, &len, 4) :
	    fetch(t, msg, &name32, 4) && fetch(t, msg + 4, &len, 4))
		look_connect(t, wide ? name : name32, len);
}

static void
look_family(const struct task *t)
{
	int family = (int)argument(t, t->call->dir);
	int protocol = (int)argument(t, t->call->path2);

	switch (family) {
	case AF_UNIX:
		break;
	case AF_INET:
	case AF_INET6:
		if (policy->net_off)
			need_never("the command uses the network, which -n "
			    "takes away; leave -n out");
		break;
	case AF_NETLINK:
		if (policy->net_off && protocol != 0)
			need_never("the command asks the kernel about the "
			    "network, which -n refuses");
		break;
	default:
		need_never("sockets of family %d: nono always refuses them",
		    family);
	}
}

/* Returns the errno that the call is to fail with, or 0. */
static int
look_at(const struct task *t)
{
	const struct call *c = t->call;

	switch (c->act) {
	case OPEN:
		look_open(t, (int)argument(t, c->flags));
		break;
	case OPEN_HOW:
		look_open_how(t);
		break;
	case CREAT:
		look_open(t, O_CREAT | O_WRONLY | O_TRUNC);
		break;
	case EXECUTE:
		look_execute(t);
		break;
	case MAKE:
		look_make(t, c->dir, c->path);
		break;
	case REMOVE:
		look_remove(t);
		break;
	case MOVE:
		look_move(t);
		break;
	case LINK:
		look_link(t);
		break;
	case CHANGE:
		look_change(t);
		break;
	case CONNECT:
		look_connect(t, argument(t, c->path), argument(t, c->flags));
		break;
	case MESSAGE:
		look_message(t);
		break;
	case BIND:
		look_bind(t);
		break;
	case FAMILY:
		look_family(t);
		break;
	case NAMESPACE:
		if ((argument(t, c->dir) & NAMESPACES) == 0)
			break;
		/* FALLTHROUGH */
	case UNSEEN:
	case NEVER:
		need_never("%s: nono always refuses this call", c->name);
		break;
	}
	return c->act == UNSEEN ? EPERM : 0;
}

static const struct call *
find_call(const struct seccomp_data *d)
{
	size_t i;

	for (i = 0; i < nitems(numbers); i++)
		if (numbers[i].arch == d->arch && numbers[i].nr == d->nr)
			return &calls[numbers[i].call];
	return NULL;
}

int
look(const struct seccomp_notif *notif, int listener)
{
	struct task t = { .notif = notif, .call = find_call(&notif->data) };
	char name[32];
	int error = 0;

	if (t.call == NULL)
		return 0;
	snprintf(name, sizeof(name), "/proc/%u/mem", notif->pid);
	t.mem = open(name, O_RDONLY | O_CLOEXEC);
	/* it may have gone, and its number be another's */
	if (syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_ID_VALID,
	    &notif->id) == 0)
		error = look_at(&t);
	if (t.mem != -1)
		close(t.mem);
	return error;
}
