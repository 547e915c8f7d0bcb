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
 * The Linux backend: the walls in their order, descriptors, doors.
 */

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux-filter.h"
#include "linux.h"
#include "nono.h"

const unsigned	backend_system = SYS_LINUX;
const bool	backend_absent = false;

/* What backend_check() has found, for what comes after it. */
static struct {
	int		 abi;		/* Landlock's */
	struct points	 points;
	struct mounts	 mounts;
	struct view	*view;		/* or NULL */
	const char	*no_view;	/* why */
} plan;

/* -u / where one socket cannot be told from another. */
static bool
all_sockets(const struct policy *p)
{
	return p->sockets.n > 0 && p->sockets.v[0].len == 0;
}

/* Can sockets of others be told from one's own, with a path or without? */
static bool
tells_sockets(void)
{
	return plan.abi >= 9 || (plan.abi >= 6 && plan.view != NULL);
}

void
backend_check(const struct policy *p)
{
	plan.abi = landlock_abi();
	points_make(&plan.points, p);
	plan.view = view_enter(p, plan.abi >= 6 && plan.abi < 9,
	    &plan.no_view);
	mounts_read(&plan.mounts);
	if (plan.view != NULL)
		view_plan(plan.view, &plan.points, &plan.mounts);
	else
		mounts_others(&plan.mounts, &plan.points);
	if (!tells_sockets() && p->sockets.n > 0 && !all_sockets(p))
		die("%s: %s: one socket only can be opened in a private view "
		    "(there is none: %s) or with Landlock ABI 9 (here %d); "
		    "-u / opens them all", p->sockets.v[0].origin,
		    p->sockets.v[0].path, plan.view != NULL ?
		    "Landlock ABI 6 is needed, too" : plan.no_view, plan.abi);
}

static unsigned
filter_for(const struct policy *p)
{
	return (p->net_off ? FILTER_NONET : 0) |
	    (!tells_sockets() && !all_sockets(p) ? FILTER_NOUNIX : 0) |
	    (geteuid() == 0 ? FILTER_ROOT : 0) |
	    (plan.abi < 3 ? FILTER_TRUNC : 0);
}

char *
backend_blocked(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');
	const char *name = slash == NULL ? argv0 : slash + 1;
	const struct choices none = { NULL, 0 };
	struct listed l;
	char *path;

	/* a view is never without; see backend_apply() */
	if (strcmp(name, "nono") == 0 ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return NULL;
	/* the dynamic loader is what is executed when it is asked to execute */
	if ((path = mounts_on("/proc/self/exe")) == NULL && slash != NULL)
		path = mounts_on(argv0);
	/* a copy */
	if (path == NULL && names_find(table_commands, &none, name, &l))
		path = realpath("/proc/self/exe", NULL);
	if (path != NULL && strcmp(strrchr(path, '/'), "/nono") == 0) {
		free(path);
		path = NULL;
	}
	return path;
}

/*
 * Descriptors.
 */

/*
 * A socket of the network's, though that is off.  It is no matter what it is
 * connected to, for that can be changed: Landlock does not ask of fast open.
 */
static bool
is_network(const struct policy *p, int fd, const struct stat *st)
{
	int domain;
	socklen_t len = sizeof(domain);

	return p->net_off && S_ISSOCK(st->st_mode) && (getsockopt(fd,
	    SOL_SOCKET, SO_DOMAIN, &domain, &len) == -1 || domain != AF_UNIX);
}

/* May the command inherit this one?  Anonymous inodes have no file type. */
static bool
inheritable(const struct policy *p, int fd)
{
	struct stat st;
	int flags;

	if (fstat(fd, &st) == -1 || (flags = fcntl(fd, F_GETFL)) == -1 ||
	    flags & O_PATH)
		return false;
	return S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ||
	    S_ISCHR(st.st_mode) || (S_ISSOCK(st.st_mode) &&
	    !is_network(p, fd, &st));
}

bool
descriptors_standard(void)
{
	struct stat st;
	int fd, n = 0;

	for (fd = 0; fd <= 2; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	/* since Linux 6.2 its size is the number of all; earlier it is 0 */
	return n > 0 && stat("/proc/self/fd", &st) == 0 &&
	    S_ISDIR(st.st_mode) && st.st_size == n;
}

/* The first three are not closed: programs rely on them. */
static void
check_standard(const struct policy *p)
{
	struct stat st;
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (fstat(fd, &st) == -1) {
			if (errno == EBADF)
				continue;
			die("descriptor %d: %s", fd, strerror(errno));
		}
		if (S_ISDIR(st.st_mode) || fcntl(fd, F_GETFL) & O_PATH)
			die("descriptor %d: is a directory or O_PATH, which "
			    "leads out of the sandbox; redirect it", fd);
		if (is_network(p, fd, &st))
			die("descriptor %d: is a socket of the network, which "
			    "-n switches off; redirect it", fd);
	}
}

static void
close_descriptors(const struct policy *p)
{
	struct dirent *d;
	char *end;
	DIR *dirp;
	long fd;

	if (descriptors_standard())
		return;
	if ((dirp = opendir("/proc/self/fd")) == NULL) {
		/* without a list: all of them */
		warning("/proc/self/fd: %s: all descriptors but 0, 1 and 2 "
		    "are closed", strerror(errno));
		if (syscall(SYS_close_range, 3, ~0U, 0) == -1)
			die("close_range: %s", strerror(errno));
		return;
	}
	while (errno = 0, (d = readdir(dirp)) != NULL) {
		fd = strtol(d->d_name, &end, 10);
		if (*end == '\0' && fd > 2 && fd != dirfd(dirp) &&
		    !inheritable(p, (int)fd) && close((int)fd) == -1)
			die("descriptor %ld: close: %s", fd, strerror(errno));
	}
	if (errno != 0)
		die("/proc/self/fd: %s", strerror(errno));
	closedir(dirp);
}

/*
 * Doors.
 */

static void
expect(const char *what, long result, int error)
{
	if (result == -1 && errno == error)
		return;
	die("%s is possible, though it is refused; nothing was run", what);
}

/* Calls that fail for another reason, or none, where seccomp is not at work. */
static void
try_doors(const struct policy *p)
{
	unsigned filter = filter_for(p);

	expect("openat2", syscall(SYS_openat2, -1, NULL, NULL, 0), ENOSYS);
	expect("socket(AF_PACKET)", socket(AF_PACKET, SOCK_RAW, 0),
	    EAFNOSUPPORT);
	if (filter & FILTER_NONET)
		expect("socket(AF_INET)", socket(AF_INET, SOCK_STREAM, 0),
		    EAFNOSUPPORT);
	if (filter & FILTER_NOUNIX)
		expect("socket(AF_UNIX)", socket(AF_UNIX, SOCK_STREAM, 0),
		    EAFNOSUPPORT);
	/* 0: it lives in another process namespace */
	if (plan.abi >= 6 && getppid() != 0 && kill(getppid(), 0) == 0)
		die("signalling the parent is possible, though it is refused; "
		    "nothing was run");
}

void
backend_apply(const struct policy *p)
{
	struct landlock *l = landlock_plan(&plan.points, plan.abi, plan.view);

	check_standard(p);
	close_descriptors(p);
	if (plan.view != NULL)
		view_build(plan.view);
	landlock_open(l);
	caps_drop(!view_user_namespace());
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		die("no_new_privs: %s", strerror(errno));
	landlock_enforce(l);
	seccomp_enforce(filter_for(p));
	landlock_try(l);
	if (plan.view != NULL)
		view_try(plan.view);
	try_doors(p);
	if (plan.abi < 6)
		warning("Landlock ABI %d: other processes of this user can be "
		    "signalled (6 refuses it, Linux 6.12)", plan.abi);
}

/*
 * What the kernel makes of the policy.
 */

unsigned
backend_rights(const struct policy *p, const char *path, unsigned rights,
    const char **note)
{
	struct stat st;
	bool there = stat(path, &st) == 0;
	unsigned held, class = landlock_rights(landlock_plan(&plan.points,
	    plan.abi, plan.view), path);

	(void)p;
	*note = NULL;
	held = (class & (there && S_ISDIR(st.st_mode) ? LIST : READ) ?
	    RIGHT_READ : 0) | (class & WRITE ? RIGHT_WRITE : 0);
	/* the view holds the rest */
	if (plan.view != NULL)
		held &= rights & view_rights(plan.view, path);
	/* such rules were left aside */
	if (there && access(path, R_OK) == -1)
		held &= rights | RIGHT_WRITE;
	if (there && access(path, W_OK) == -1)
		held &= rights | RIGHT_READ;
	if (rights == 0 && strcmp(path, "/dev") == 0) {
		*note = "it may be listed, no more";
		held = RIGHT_READ;
	} else if (held & ~rights)
		*note = "NOT denied, for it lies in a directory of temporary "
		    "files, which is granted whole";
	else if (plan.view != NULL && rights & ~view_rights(plan.view, path))
		*note = "refused all the same, for it is nono's own, or the "
		    "same files have lesser rights by another path";
	else if (rights & ~held)
		*note = plan.view != NULL ? "refused all the same, for a "
		    "directory here is carved; see nono(1)" : xasprintf(
		    "refused all the same, for a directory here is carved (no "
		    "private view: %s)", plan.no_view);
	else if (plan.view == NULL && !(rights & RIGHT_WRITE) && there &&
	    (st.st_uid == geteuid() || geteuid() == 0))
		*note = xasprintf("but its mode, owner and times can be "
		    "changed (no private view: %s)", plan.no_view);
	return held;
}

bool
backend_allows(const struct policy *p, enum query_kind kind,
    const char *subject, bool allowed, const char **note)
{
	struct stat st;
	const struct command *c;

	*note = NULL;
	if (kind == QUERY_COMMAND && plan.view == NULL)
		for (c = p->blocked; c < p->blocked + p->nblocked; c++)
			if (c->multicall && strcmp(c->path, subject) == 0)
				*note = "as the command that nono runs only, "
				    "for its file is many commands in one";
	if (kind != QUERY_SOCKET)
		return allowed;
	if (all_sockets(p))
		return true;
	if (!tells_sockets()) {
		*note = xasprintf("no unix sockets can be made at all, for "
		    "none can be told from another (%s); -u / opens all",
		    plan.view != NULL ? "Landlock ABI 6 is needed" :
		    plan.no_view);
		return false;
	}
	if (allowed || plan.abi >= 9 || view_covers(plan.view, subject))
		return allowed;
	*note = "one that is made there after the start, or in another "
	    "network namespace, can be connected to (Landlock ABI 9 refuses "
	    "it)";
	return lstat(subject, &st) == 0 && S_ISSOCK(st.st_mode);
}

/*
 * What is in force, and what this kernel cannot enforce.
 */

/* Can names be made in a directory?  Not in one that is carved. */
static bool
is_open(const struct policy *p, const char *dir)
{
	static char *last;
	static bool carved;

	if (!(policy_decide(p, dir, NULL) & RIGHT_WRITE))
		return false;
	if (plan.view != NULL)
		return true;
	if (last == NULL || strcmp(last, dir) != 0) {
		free(last);
		last = xstrdup(dir);
		carved = !(landlock_rights(landlock_plan(&plan.points,
		    plan.abi, plan.view), dir) & WRITE);
	}
	return !carved;
}

/* What is denied or read-only, but does not exist and can be made. */
static void
render_absent(const struct policy *p, const struct rules *rules, FILE *out)
{
	const struct rule *r;
	char *parent;

	for (r = rules->v; r < rules->v + rules->n; r++) {
		if (r->mode != 0 || policy_decide(p, r->path, NULL) &
		    RIGHT_WRITE)
			continue;
		parent = path_parent(r->path);
		if (is_open(p, parent))
			report(out, "gap: %s: does not exist, and can be "
			    "created", r->path);
		free(parent);
	}
}

static void
render_gaps(const struct policy *p, FILE *out)
{
	const struct command *c;

	if (plan.view == NULL)
		report(out, "gap: metadata (chmod, chown, utimes, extended "
		    "attributes) of files outside the grants");
	report(out, "gap: %spriority and CPU affinity of other processes of "
	    "this user", plan.view != NULL && view_ipc_namespace() ? "" :
	    "System V IPC, ");
	if (plan.abi < 6)
		report(out, "gap: signals to other processes of this user "
		    "(Landlock ABI 6)");
	if (plan.abi < 9 && all_sockets(p))
		report(out, "gap: all unix sockets can be connected to (-u /)");
	else if (!tells_sockets())
		report(out, "loss: no unix sockets at all but stream pairs "
		    "(a view, or Landlock ABI 9)");
	else if (plan.abi < 9)
		report(out, "gap: unix sockets that are made outside after "
		    "the start, or in other network namespaces, not in /run "
		    "(Landlock ABI 9)");
	if (plan.view == NULL && policy_decide(p, "/dev/pts", NULL) == 0)
		report(out, "loss: no new pseudo-terminals (-a /dev/pts opens "
		    "all)");
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (c->multicall && plan.view == NULL)
			report(out, "gap: %s: blocked by name only, for %s "
			    "is many commands in one", c->path, c->file);
	render_absent(p, &p->user, out);
	render_absent(p, &p->table, out);
}

void
backend_render(const struct policy *p, FILE *out)
{
	unsigned filter = filter_for(p);

	if (plan.view != NULL)
		view_render(plan.view, out);
	else
		report(out, "view: none: %s", plan.no_view);
	landlock_render(landlock_plan(&plan.points, plan.abi, plan.view), out);
	report(out, "seccomp: mounts, namespaces, keyrings, io_uring, modules, "
	    "set-user-ID modes, terminal injection refused%s%s",
	    filter & FILTER_ROOT ? ", set-group-ID modes" : "",
	    filter & FILTER_TRUNC ? ", truncation without a descriptor" : "");
	report(out, "seccomp: sockets: %s%s",
	    filter & FILTER_NOUNIX ? "" : "unix, ",
	    filter & FILTER_NONET ? "route netlink" :
	    "inet, inet6, netlink");
	caps_render(!view_user_namespace(), out);
	report(out, "privileges: no_new_privs");
	report(out, "descriptors: above 2, directories and O_PATH closed%s",
	    p->net_off ? ", internet sockets too" : "");
	render_gaps(p, out);
}
