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
 * The mounts that there are, proc_pid_mountinfo(5), and the other paths by
 * which they show what lies at one path: a bind mount, the top of a btrfs, a
 * container's volume.
 */

#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "linux.h"
#include "nono.h"

#define MOUNTINFO	"/proc/self/mountinfo"

/* Undo the \ooo of the kernel, in place. */
static char *
unescape(char *s)
{
	char *from, *to;

	for (from = to = s; *from != '\0'; from++)
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' &&
		    from[2] != '\0' && from[3] != '\0') {
			*to++ = (char)((from[1] - '0') << 6 |
			    (from[2] - '0') << 3 | (from[3] - '0'));
			from += 3;
		} else
			*to++ = *from;
	*to = '\0';
	return s;
}

static int
device_cmp(const void *va, const void *vb)
{
	const struct mount *const *a = va, *const *b = vb;

	return strcmp((*a)->device, (*b)->device);
}

/* See which file systems are mounted more than once. */
static void
find_shared(struct mounts *m)
{
	struct mount **by = xreallocarray(NULL, m->n + 1, sizeof(*by));
	size_t i;

	for (i = 0; i < m->n; i++)
		by[i] = &m->v[i];
	qsort(by, m->n, sizeof(*by), device_cmp);
	for (i = 1; i < m->n; i++)
		if (device_cmp(&by[i - 1], &by[i]) == 0)
			m->shared = by[i - 1]->shared = by[i]->shared = true;
	free(by);
}

bool
mounts_read(struct mounts *m)
{
	static const char *const kernel[] = { "proc ", "sysfs " };
	char *all = NULL, *next, *line, *root, *point, *type;
	const char *device;
	size_t size = 0, room = 0, i;
	FILE *f;

	*m = (struct mounts){ 0 };
	if ((f = fopen(MOUNTINFO, "re")) == NULL) {
		expect_absent(MOUNTINFO);
		return false;
	}
	if (getdelim(&all, &size, '\0', f) == -1 || ferror(f))
		die(MOUNTINFO ": %s", strerror(errno));
	fclose(f);
	next = all;
	while ((line = strsep(&next, "\n")) != NULL && *line != '\0') {
		(void)strsep(&line, " ");
		(void)strsep(&line, " ");
		device = strsep(&line, " ");
		root = strsep(&line, " ");
		point = strsep(&line, " ");
		/* after options and optional fields, which end in a hyphen */
		if (line == NULL || (type = strstr(line, " - ")) == NULL)
			die(MOUNTINFO ": a line of another form");
		if (m->n == room) {
			room = room == 0 ? 64 : 2 * room;
			m->v = xreallocarray(m->v, room, sizeof(*m->v));
		}
		type += strlen(" - ");
		/* each has its own device, but they show the same kernel */
		for (i = 0; i < nitems(kernel); i++)
			if (strncmp(type, kernel[i], strlen(kernel[i])) == 0)
				device = kernel[i];
		m->v[m->n++] = (struct mount){ device, unescape(root),
		    unescape(point), false };
	}
	find_shared(m);
	return true;
}

char *
mounts_on(const char *path)
{
	struct mounts m;
	char *real = realpath(path, NULL);
	size_t i;

	if (real == NULL || !mounts_read(&m))
		return NULL;
	for (i = 0; i < m.n; i++)
		if (strcmp(m.v[i].point, real) == 0)
			return real;
	free(real);
	return NULL;
}

/* The mount that a path lies in: of those with the longest path the last. */
static const struct mount *
mount_of(const struct mounts *all, const char *path, size_t len)
{
	const struct mount *m, *found = NULL;

	for (m = all->v; m < all->v + all->n; m++)
		if (path_beneath(path, len, m->point, path_len(m->point)) &&
		    (found == NULL || path_len(m->point) >=
		    path_len(found->point)))
			found = m;
	return found;
}

/* A path that lies in a mount, as it is in the file system; malloced. */
static char *
path_inside(const struct mount *m, const char *path)
{
	return xasprintf("%.*s%s", (int)path_len(m->root), m->root, path +
	    path_len(m->point));
}

bool
mounts_same(const struct mounts *all, const char *path, const char *top)
{
	const struct mount *m = mount_of(all, path, path_len(path));
	const struct mount *own = mount_of(all, top, path_len(top));
	char *inside, *above;
	bool same;

	if (m == NULL || own == NULL || strcmp(m->device, own->device) != 0)
		return false;
	inside = path_inside(m, path);
	above = path_inside(own, top);
	same = path_beneath(inside, path_len(inside), above, path_len(above));
	free(inside);
	free(above);
	return same;
}

/* Has somebody said something of this very path? */
static bool
has_rule(const struct points *pts, const char *path)
{
	size_t i;

	for (i = 0; i < pts->n; i++)
		if (pts->v[i].user && strcmp(pts->v[i].path, path) == 0)
			return true;
	return false;
}

/* Does a path beneath a point have the rights of that? */
static bool
decides(const struct points *pts, const struct point *pt, const char *path)
{
	return ((points_classes(path, policy_decide(pts->policy, path,
	    NULL)) ^ pt->want) & (READ | WRITE)) == 0;
}

/*
 * Where m shows what is at the point, or something beneath it that the point
 * decides of; malloced, or NULL where it shows neither.  inside is the point's
 * path in its file system, st its lstat(2).
 */
static char *
shown_at(const struct mount *m, const struct points *pts,
    const struct point *pt, const char *inside, const struct stat *st)
{
	size_t len = path_len(inside), rootlen = path_len(m->root);
	struct stat there;
	char *other, *path;
	bool shown;

	if (path_beneath(m->root, rootlen, inside, len)) {
		path = xasprintf("%.*s%s", (int)pt->len, pt->path,
		    m->root + len);
		shown = rootlen == len || decides(pts, pt, path);
		free(path);
		return shown ? xstrdup(m->point) : NULL;
	}
	if (!path_beneath(inside, len, m->root, rootlen))
		return NULL;
	other = xasprintf("%.*s%s", (int)path_len(m->point), m->point,
	    inside + rootlen);
	/* something else may be mounted there */
	if (lstat(other, &there) == -1)
		expect_absent(other);
	else if (there.st_dev == st->st_dev && there.st_ino == st->st_ino)
		return other;
	free(other);
	return NULL;
}

/* Is less granted at a point than above it, or nothing? */
static bool
is_lesser(const struct points *pts, const struct point *pt)
{
	char *parent;
	bool lesser;

	if (pt->found)
		return S_ISSOCK(pt->mode) && pt->force;
	if (pt->blocked || !(pt->want & (READ | WRITE)))
		return true;
	if (pt->want & WRITE || pt->len == 0)
		return false;
	/* a limit of the tables */
	if (!pt->user && !pt->grant)
		return true;
	parent = path_parent(pt->path);
	lesser = policy_decide(pts->policy, parent, NULL) & RIGHT_WRITE;
	free(parent);
	return lesser;
}

/* Add to more the point for where m shows what is at pt, if it does. */
static void
add_other(const struct mount *m, const struct points *pts,
    const struct point *pt, const char *inside, const struct stat *st,
    struct points *more)
{
	char *other = shown_at(m, pts, pt, inside, st);
	struct point *added;
	struct stat there;

	if (other == NULL)
		return;
	if (lstat(other, &there) == -1)
		expect_absent(other);
	else if (!path_beneath(other, path_len(other), pt->path, pt->len) &&
	    !has_rule(pts, other) && (!(pt->want & READ) ||
	    policy_decide(pts->policy, other, NULL) & RIGHT_WRITE)) {
		more->v = xreallocarray(more->v, more->n + 1,
		    sizeof(*more->v));
		added = &more->v[more->n++];
		*added = *pt;
		added->path = other;
		added->len = path_len(other);
		added->mode = there.st_mode;
		added->user = false;
		added->force = true;
		return;
	}
	free(other);
}

/* Add to more where other mounts show what is at pt, in a mount. */
static void
add_others(const struct mounts *all, const struct mount *own,
    const struct points *pts, const struct point *pt, const struct stat *self,
    struct points *more)
{
	const struct mount *m;
	struct stat st;
	char *inside;

	if (lstat(pt->path, &st) == -1) {
		expect_absent(pt->path);
		return;
	}
	/* an outer nono has put itself in the place of a command */
	if (st.st_dev == self->st_dev && st.st_ino == self->st_ino)
		return;
	inside = path_inside(own, pt->path);
	for (m = all->v; m < all->v + all->n; m++)
		if (m != own && strcmp(m->device, own->device) == 0)
			add_other(m, pts, pt, inside, &st, more);
	free(inside);
}

/*
 * Is a mount beneath a point, which decides of it?  Not /dev/null, with which
 * containers cover files in /proc.
 */
static bool
lies_in(const struct mount *m, const struct points *pts,
    const struct point *pt)
{
	size_t len = path_len(m->point);
	struct stat st;

	return len > pt->len && path_beneath(m->point, len, pt->path,
	    pt->len) && decides(pts, pt, m->point) &&
	    lstat(m->point, &st) == 0 && !S_ISCHR(st.st_mode);
}

void
mounts_others(const struct mounts *all, struct points *pts)
{
	const struct mount *m, *own;
	const struct point *pt;
	struct point in;
	struct points more = { 0 };
	struct stat self = { 0 };

	if (!all->shared)
		return;
	stat("/proc/self/exe", &self);
	for (pt = pts->v; pt < pts->v + pts->n; pt++) {
		if (!is_lesser(pts, pt))
			continue;
		own = mount_of(all, pt->path, pt->len);
		if (own != NULL && own->shared)
			add_others(all, own, pts, pt, &self, &more);
		for (m = all->v; m < all->v + all->n; m++) {
			if (!m->shared || !lies_in(m, pts, pt))
				continue;
			in = *pt;
			in.path = m->point;
			in.len = path_len(m->point);
			add_others(all, m, pts, &in, &self, &more);
		}
	}
	points_add(pts, more.v, more.n);
	free(more.v);
}
