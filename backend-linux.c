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

/* -u / on a kernel that cannot tell one socket from another. */
static bool
all_sockets(const struct policy *p)
{
	return p->sockets.n > 0 && p->sockets.v[0].len == 0;
}

void
backend_check(const struct policy *p)
{
	int abi = landlock_abi();

	if (abi < 9 && p->sockets.n > 0 && !all_sockets(p))
		die("%s: %s: Landlock ABI %d cannot open one socket only (9 "
		    "can, Linux 7.1); -u / opens them all",
		    p->sockets.v[0].origin, p->sockets.v[0].path, abi);
}

static unsigned
filter_for(const struct policy *p, int abi)
{
	return (p->net_off ? FILTER_NONET : 0) |
	    (abi < 9 && !all_sockets(p) ? FILTER_NOUNIX : 0) |
	    (geteuid() == 0 ? FILTER_ROOT : 0) |
	    (abi < 3 ? FILTER_TRUNC : 0);
}

/*
 * Descriptors.
 */

/* May the command inherit this one?  Anonymous inodes have no file type. */
static bool
inheritable(const struct policy *p, int fd)
{
	struct stat st;
	int flags, domain;
	socklen_t len = sizeof(domain);

	if (fstat(fd, &st) == -1 || (flags = fcntl(fd, F_GETFL)) == -1 ||
	    flags & O_PATH)
		return false;
	if (S_ISSOCK(st.st_mode))
		return !p->net_off || (getsockopt(fd, SOL_SOCKET, SO_DOMAIN,
		    &domain, &len) == 0 && domain == AF_UNIX);
	return S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ||
	    S_ISCHR(st.st_mode);
}

static void
close_descriptors(const struct policy *p)
{
	struct dirent *d;
	struct stat st;
	char *end;
	DIR *dirp;
	long fd, first = 0;

	for (fd = 0; fd <= 2; fd++) {
		if (fstat((int)fd, &st) == -1)
			continue;
		first++;
		if (S_ISDIR(st.st_mode) || fcntl((int)fd, F_GETFL) & O_PATH)
			die("descriptor %ld: is a directory or O_PATH, which "
			    "leads out of the sandbox; redirect it", fd);
	}
	/* since Linux 6.2 its size is the number of all; earlier it is 0 */
	if (first > 0 && stat("/proc/self/fd", &st) == 0 &&
	    S_ISDIR(st.st_mode) && st.st_size == first)
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
		    !inheritable(p, (int)fd))
			close((int)fd);
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
try_doors(const struct policy *p, int abi)
{
	unsigned filter = filter_for(p, abi);

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
	if (abi >= 6 && getppid() != 0 && kill(getppid(), 0) == 0)
		die("signalling the parent is possible, though it is refused; "
		    "nothing was run");
}

void
backend_apply(const struct policy *p)
{
	int abi = landlock_abi();
	struct landlock *l;

	close_descriptors(p);
	l = landlock_plan(p, abi);
	landlock_open(l);
	caps_drop();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		die("no_new_privs: %s", strerror(errno));
	landlock_enforce(l);
	seccomp_enforce(filter_for(p, abi));
	landlock_try(l);
	try_doors(p, abi);
	if (abi < 6)
		warning("Landlock ABI %d: other processes of this user can be "
		    "signalled (6 refuses it, Linux 6.12)", abi);
}

/*
 * What is in force, and what this kernel cannot enforce.
 */

static void
render_gaps(const struct policy *p, int abi, FILE *out)
{
	const struct command *c;
	const struct rule *r;

	report(out, "gap: metadata (chmod, chown, utimes, extended "
	    "attributes) of files outside the grants");
	report(out, "gap: System V IPC, priority and CPU affinity of other "
	    "processes of this user");
	if (abi < 6)
		report(out, "gap: signals to other processes of this user "
		    "(Landlock ABI 6)");
	if (abi < 9)
		report(out, all_sockets(p) ?
		    "gap: all unix sockets can be connected to (-u /)" :
		    "loss: no unix sockets at all but stream pairs "
		    "(Landlock ABI 9)");
	if (policy_decide(p, "/dev/pts", NULL) == 0)
		report(out, "loss: no new pseudo-terminals (-a /dev/pts opens "
		    "all)");
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (c->multicall)
			report(out, "gap: %s: blocked by name only, for %s "
			    "is many commands in one", c->path, c->file);
	for (r = p->table.v; r < p->table.v + p->table.n; r++)
		if (r->mode == 0 && policy_decide(p, r->path, NULL) == 0) {
			char *parent = xstrdup(r->path);

			*strrchr(parent, '/') = '\0';
			if (policy_decide(p, parent[0] == '\0' ? "/" : parent,
			    NULL) & RIGHT_WRITE)
				report(out, "gap: %s: does not exist, and can "
				    "be created", r->path);
			free(parent);
		}
}

void
backend_render(const struct policy *p, FILE *out)
{
	int abi = landlock_abi();
	unsigned filter = filter_for(p, abi);

	landlock_render(landlock_plan(p, abi), out);
	report(out, "seccomp: mounts, namespaces, keyrings, io_uring, modules, "
	    "set-user-ID modes, terminal injection refused%s%s",
	    filter & FILTER_ROOT ? ", set-group-ID modes" : "",
	    filter & FILTER_TRUNC ? ", truncation without a descriptor" : "");
	report(out, "seccomp: sockets: %s%s",
	    filter & FILTER_NOUNIX ? "" : "unix, ",
	    filter & FILTER_NONET ? "route netlink" :
	    "inet, inet6, netlink");
	caps_render(out);
	report(out, "privileges: no_new_privs");
	report(out, "descriptors: above 2, directories and O_PATH closed%s",
	    p->net_off ? ", internet sockets too" : "");
	render_gaps(p, abi, out);
}
