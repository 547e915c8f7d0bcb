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
 * The paths at which the rights change, for the walls that deal with files.
 */

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux.h"
#include "nono.h"

unsigned
points_classes(const char *path, unsigned rights)
{
	return (rights & RIGHT_READ ? READ | LIST : 0) |
	    (rights & RIGHT_WRITE ? WRITE : 0) |
	    (rights != 0 && path_beneath(path, strlen(path), "/dev", 4) ?
	    DEVICE : 0);
}

/* EROFS: it is not for writing, but may be refused by its mode, too */
static bool
accessible(const char *path, int how)
{
	return faccessat(AT_FDCWD, path, how, AT_EACCESS) == 0 ||
	    (errno != EACCES && errno != EROFS);
}

/*
 * Is the file of a rule out of this user's reach in any case, to be opened as
 * well as to be renamed?  /etc/shadow need not cost him the carving of /etc.
 */
static bool
unreachable(const struct rule *r, uid_t uid)
{
	struct stat st, above;
	struct statvfs fs;
	char *parent;
	bool fixed;

	/* whose power lets him write or search, it lets read, too */
	if (uid == 0 || r->rights != 0 || S_ISLNK(r->mode) || r->len == 0 ||
	    accessible(r->path, R_OK) ||
	    (r->mode & 0022 && accessible(r->path, W_OK)) ||
	    (r->mode & 0011 && accessible(r->path, X_OK)) ||
	    lstat(r->path, &st) == -1)
		return false;
	parent = path_parent(r->path);
	fixed = lstat(parent, &above) == 0;
	if (st.st_uid != uid)
		fixed = fixed && !accessible(parent, W_OK) &&
		    above.st_uid != uid;
	else
		/* or covered by an outer nono */
		fixed = fixed && st.st_dev != above.st_dev &&
		    statvfs(r->path, &fs) == 0 && fs.f_flag & ST_RDONLY;
	free(parent);
	return fixed;
}

static int
point_cmp(const void *va, const void *vb)
{
	const struct point *a = va, *b = vb;
	int r = path_cmp(a->path, a->len, b->path, b->len);

	/*
	 * Of the same path a blocked command comes first, then the user's; and
	 * what is open for a file in it is not closed for one beside it.
	 */
	if (r == 0)
		r = b->blocked - a->blocked;
	if (r == 0)
		r = b->user - a->user;
	if (r == 0)
		r = a->found - b->found;
	return r != 0 ? r : b->beside - a->beside;
}

static void
sort(struct points *pts)
{
	struct point *pt, *last;
	size_t i, n;

	qsort(pts->v, pts->n, sizeof(*pts->v), point_cmp);
	for (i = n = 0; i < pts->n; i++) {
		pt = &pts->v[i];
		last = n > 0 ? &pts->v[n - 1] : NULL;
		if (last == NULL || path_cmp(pt->path, pt->len, last->path,
		    last->len) != 0) {
			pts->v[n++] = *pt;
			continue;
		}
		if (pt->force || last->force) {
			last->want &= pt->want;
			last->floor &= pt->floor;
		}
		last->temp |= pt->temp;
		last->force |= pt->force;
		last->links |= pt->links;
		last->beside |= pt->beside;
		last->reached |= pt->reached;
	}
	pts->n = n;
}

static void
add_rules(struct points *pts, const struct rules *rules, bool user)
{
	const struct rule *r;
	struct point *pt;
	uid_t uid = geteuid();

	for (r = rules->v; r < rules->v + rules->n; r++) {
		if (r->mode == 0 || (!user && unreachable(r, uid)))
			continue;
		pt = &pts->v[pts->n++];
		*pt = (struct point){ .path = r->path, .len = r->len,
		    .mode = r->mode, .user = user,
		    .grant = !user && !(r->flags & RULE_LIMIT),
		    .temp = (r->flags & RULE_TEMP) != 0 };
		pt->want = points_classes(r->path,
		    policy_decide(pts->policy, r->path, NULL));
		/* ttyname(3) looks for a terminal that has another name */
		if (!user && pt->want == 0 && strcmp(r->path, "/dev") == 0)
			pt->want = LIST;
		pt->floor = pt->want | (S_ISDIR(r->mode) ? 0 : LIST) | DEVICE;
	}
}

void
points_make(struct points *pts, const struct policy *p)
{
	const struct command *c;

	*pts = (struct points){ .policy = p,
	    .v = xreallocarray(NULL, p->user.n + p->table.n + p->nblocked + 1,
	    sizeof(*pts->v)) };
	add_rules(pts, &p->user, true);
	add_rules(pts, &p->table, false);
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (!c->multicall)
			pts->v[pts->n++] = (struct point){ .path = c->file,
			    .len = strlen(c->file), .floor = LIST | DEVICE,
			    .mode = S_IFREG, .blocked = true };
	sort(pts);
}

void
points_add(struct points *pts, const struct point *more, size_t n)
{
	if (n == 0)
		return;
	pts->v = xreallocarray(pts->v, pts->n + n, sizeof(*pts->v));
	memcpy(pts->v + pts->n, more, n * sizeof(*more));
	pts->n += n;
	sort(pts);
}

unsigned char
entry_type(DIR *dirp, const struct dirent *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN || fstatat(dirfd(dirp), d->d_name, &st,
	    AT_SYMLINK_NOFOLLOW) == -1)
		return d->d_type;
	return (unsigned char)IFTODT(st.st_mode);
}

/* Does errno tell that a path is not there, or not for us? */
static bool
is_absence(void)
{
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
}

int
open_resolved(const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_NO_SYMLINKS
	};
	char link[64], now[PATH_MAX];
	ssize_t n;
	long fd;

	fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	if (fd != -1 || errno != ENOSYS)
		return (int)fd;
	/* inside another nono: see where the descriptor has come to lie */
	if ((fd = open(path, flags | O_CLOEXEC)) == -1)
		return -1;
	snprintf(link, sizeof(link), "/proc/self/fd/%ld", fd);
	n = readlink(link, now, sizeof(now));
	if (n == -1 || (size_t)n == sizeof(now) ||
	    (size_t)n != strlen(path) || memcmp(now, path, (size_t)n) != 0) {
		close((int)fd);
		errno = ELOOP;
		return -1;
	}
	return (int)fd;
}

bool
is_gone(const char *path)
{
	struct stat st;
	int error = errno;
	bool gone = is_absence() && lstat(path, &st) == -1 && is_absence();

	errno = error;
	return gone;
}
