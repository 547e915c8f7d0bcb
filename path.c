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
 * Paths, and the directories that the tables name entries in.  The tables
 * name hundreds of entries in a few dozen directories, at every start: each
 * directory is resolved once, and read once where that is cheaper than asking.
 */

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

#define DIRS		512		/* a power of 2 */
#define READ_AFTER	8		/* look-ups, where more are to come */
#define SMALL		4096		/* st_size */
#define LINKS		40		/* as many as the kernel follows */

/*
 * A directory.  Reading it costs about 0.4 us for each name that it has, and
 * asking for one 0.7: the small ones are read where many are asked for.  How
 * small they are is to be had from st_size only, and by halves.
 */
struct directory {
	const char	*real;		/* resolved, or NULL */
	size_t		 reallen;
	int		 error;		/* why it is not resolved */
	uid_t		 owner;
	off_t		 size;		/* st_size */
	bool		 many;		/* are asked for in it and beneath */
	unsigned	 asked;		/* look-ups so far */
	bool		 read;
	char		*names;		/* of each a header, itself, a NUL */
	size_t		 used;
	uint32_t	*slots;		/* hash table: offset of a name */
	size_t		 nslots;	/* a power of 2 */
	size_t		 len;
	char		 name[];	/* as it is asked for */
};

/* What stands, not aligned, before a name that was read. */
struct header {
	ino_t		 ino;
	uint16_t	 len;
};

int
path_cmp(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t i, n = alen < blen ? alen : blen;

	for (i = 0; i < n; i++) {
		if (a[i] == b[i])
			continue;
		if (a[i] == '/' || b[i] == '/')
			return a[i] == '/' ? -1 : 1;
		return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
	}
	return alen < blen ? -1 : alen > blen;
}

bool
path_beneath(const char *path, size_t len, const char *top, size_t toplen)
{
	return len >= toplen && memcmp(path, top, toplen) == 0 &&
	    (len == toplen || path[toplen] == '/');
}

size_t
path_len(const char *path)
{
	return path[0] == '/' && path[1] == '\0' ? 0 : strlen(path);
}

char *
path_join(const char *dir, const char *name)
{
	size_t len = path_len(dir), n = strlen(name) + 1;
	char *path = xreallocarray(NULL, len + 1 + n, 1);

	memcpy(path, dir, len);
	path[len] = '/';
	memcpy(path + len + 1, name, n);
	return path;
}

char *
path_parent(const char *path)
{
	size_t len = (size_t)(strrchr(path, '/') - path);
	char *parent = xstrdup(path);

	parent[len > 0 ? len : 1] = '\0';
	return parent;
}

char *
path_real(const char *path)
{
	char *real = realpath(path, NULL);

	/* musl lets // be, which to Linux is / */
	if (real != NULL && real[0] == '/' && real[1] == '/')
		memmove(real, real + 1, strlen(real));
	return real;
}

/* After an error: is there nothing, or nothing for this user? */
static void
expect_absence(const char *path, int error)
{
	if (error != ENOENT && error != ENOTDIR && error != EACCES &&
	    error != ELOOP && error != ENAMETOOLONG && error != ESRCH)
		die("%s: %s; what cannot be looked at cannot be denied", path,
		    strerror(error));
}

void
expect_absent(const char *path)
{
	int error = errno;
	char *closed;

	expect_absence(path, error);
	if (error == EACCES && (closed = path_closed(path)) != NULL)
		die("%s: cannot be searched for what is to be denied in it; "
		    "chmod u+x it", closed);
	errno = error;
}

char *
path_closed(const char *path)
{
	struct walk w;
	struct stat st;
	char *link, *closed;

	if (!walk_begin(&w, path))
		return NULL;
	while ((link = walk_next(&w, &st)) != NULL)
		free(link);
	closed = w.closed;
	w.closed = NULL;
	walk_end(&w);
	return closed;
}

bool
is_refused(void)
{
	return errno == EACCES || errno == EPERM || errno == EROFS;
}

/* Append the components of rest to a path, which is taken over. */
static char *
append(char *path, char *rest)
{
	char *name, *more;

	while ((name = strsep(&rest, "/")) != NULL) {
		if (name[0] == '\0' || strcmp(name, ".") == 0)
			continue;
		more = strcmp(name, "..") == 0 ? NULL : path_join(path, name);
		free(path);
		if ((path = more) == NULL) {
			errno = ENOENT;
			break;
		}
	}
	return path;
}

char *
path_resolve_missing(const char *path, size_t *existing)
{
	char *cwd = NULL, *s, *real = path_real(path), *slash;
	size_t n;

	if (real == NULL && errno != ENOENT)
		return NULL;
	*existing = real == NULL ? 0 : path_len(real);
	if (real != NULL || (path[0] != '/' &&
	    (cwd = getcwd(NULL, 0)) == NULL))
		return real;
	s = cwd == NULL ? xstrdup(path) : path_join(cwd, path);
	free(cwd);
	/* the longest part that is there */
	for (n = strlen(s); real == NULL; *slash = '/') {
		while (n > 0 && s[n] != '/')
			n--;
		slash = s + n;
		if (n == 0) {
			real = xstrdup("/");
			break;
		}
		*slash = '\0';
		if ((real = path_real(s)) == NULL && errno != ENOENT)
			break;
		n--;
	}
	if (real != NULL) {
		*existing = path_len(real);
		real = append(real, slash + 1);
	}
	free(s);
	return real;
}

/*
 * The path that a link names, or NULL where that is left to realpath(3), which
 * asks for each component; malloced.
 */
static char *
link_target(const struct directory *d, const char *name)
{
	char *path = path_join(d->real, name), target[PATH_MAX];
	const char *rest = target;
	ssize_t n = readlink(path, target, sizeof(target));
	size_t len = d->reallen;

	free(path);
	if (n <= 0 || (size_t)n == sizeof(target))
		return NULL;
	target[n] = '\0';
	/* the directory is resolved, so that its parent is in its path */
	for (; strncmp(rest, "../", 3) == 0; rest += 3)
		while (len > 0 && d->real[--len] != '/')
			;
	if (strstr(rest, "..") != NULL)
		return NULL;
	if (target[0] == '/')
		return xstrdup(target);
	path = xreallocarray(NULL, len + 1 + strlen(rest) + 1, 1);
	memcpy(path, d->real, len);
	path[len] = '/';
	strcpy(path + len + 1, rest);
	return path;
}

char *
directory_follow(const struct directory *d, const char *name, struct stat *st)
{
	static unsigned links;		/* on the way: realpath(3) says ELOOP */
	char *target = NULL, *path, *real;

	if (links < 8 && (target = link_target(d, name)) != NULL) {
		links++;
		real = path_resolve(target, st);
		links--;
		free(target);
		return real;
	}
	path = path_join(d->real, name);
	real = path_real(path);
	free(path);
	return real != NULL && stat(real, st) == 0 ? real : NULL;
}

char *
path_resolve(const char *path, struct stat *st)
{
	const char *base;
	struct directory *d;
	char *real;

	if (path[0] == '/') {
		d = directory_of(path, &base);
		/* realpath(3) for "", "." and ".." */
		if (base[strspn(base, ".")] != '\0') {
			if (!directory_find(d, base, strlen(base), st))
				return NULL;
			if (!S_ISLNK(st->st_mode))
				return path_join(d->real, base);
			return directory_follow(d, base, st);
		}
	}
	real = path_real(path);
	return real != NULL && stat(real, st) == 0 ? real : NULL;
}

char *
path_resolve_parent(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = path;
	char *relative, *dir, *joined;

	if (path[0] == '/') {
		const struct directory *d = directory_of(path, &base);

		return d->real == NULL ? NULL : path_join(d->real, base);
	}
	relative = xstrdup(slash == NULL ? "." : path);
	if (slash != NULL) {
		relative[slash - path] = '\0';
		base = slash + 1;
	}
	dir = path_real(relative);
	joined = dir == NULL ? NULL : path_join(dir, base);
	free(relative);
	free(dir);
	return joined;
}

/*
 * The way.
 */

bool
walk_begin(struct walk *w, const char *path)
{
	char cwd[PATH_MAX] = "/";

	if (path[0] != '/' && getcwd(cwd, sizeof(cwd)) == NULL)
		return false;
	*w = (struct walk){ .at = xstrdup(cwd), .text = xstrdup(path) };
	w->next = w->text;
	return true;
}

/*
 * A directory that may not be searched.  If it is the user who closed it, or
 * what he ran, that can open it again.  What an outer nono covers it cannot.
 */
static bool
can_be_opened(const char *dir)
{
	struct stat st;
	struct statvfs fs;

	return lstat(dir, &st) == 0 && st.st_uid == geteuid() &&
	    statvfs(dir, &fs) == 0 && !(fs.f_flag & ST_RDONLY);
}

char *
walk_next(struct walk *w, struct stat *st)
{
	char target[PATH_MAX], *name, *to, *text;
	ssize_t n;

	while ((name = strsep(&w->next, "/")) != NULL) {
		if (name[0] == '\0' || strcmp(name, ".") == 0)
			continue;
		to = strcmp(name, "..") == 0 ? path_parent(w->at) :
		    path_join(w->at, name);
		if (lstat(to, st) == -1) {
			expect_absence(to, errno);
			if (errno == EACCES && w->closed == NULL &&
			    can_be_opened(w->at))
				w->closed = xstrdup(w->at);
		} else if (S_ISLNK(st->st_mode)) {
			n = readlink(to, target, sizeof(target));
			/* another process's, in /proc, or gone */
			if (n == -1) {
				expect_absence(to, errno);
				free(to);
				return NULL;
			}
			if ((size_t)n == sizeof(target) || ++w->links > LINKS)
				die("%s: %s", to, strerror(ELOOP));
			if (target[0] == '/')
				w->at[1] = '\0';
			text = xasprintf("%.*s/%s", (int)n, target,
			    w->next == NULL ? "" : w->next);
			free(w->text);
			w->text = w->next = text;
			return to;
		}
		free(w->at);
		w->at = to;
	}
	return NULL;
}

void
walk_end(struct walk *w)
{
	free(w->at);
	free(w->text);
	free(w->closed);
}

/*
 * Directories.
 */

static unsigned
hash(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;

	/* some of it will do, for there are few, and the beginnings alike */
	return len == 0 ? 0 : (unsigned)len + 31U * u[len > 1] +
	    1009U * u[len / 2] + 30011U * u[len - 1];
}

/* Where a name of this length is, or is to go, in the table of names. */
static uint32_t *
slot(const struct directory *d, const char *name, size_t len)
{
	const char *known;
	size_t i = hash(name, len);

	for (;; i++) {
		i &= d->nslots - 1;
		known = d->names + d->slots[i];
		if (d->slots[i] == 0 || (known[0] == name[0] &&
		    strncmp(known, name, len) == 0 && known[len] == '\0'))
			return &d->slots[i];
	}
}

static struct header
header(const char *name)
{
	struct header h;

	memcpy(&h, name - sizeof(h), sizeof(h));
	return h;
}

/* Read the names in a directory; one that cannot be opened stays as it is. */
static void
read_names(struct directory *d)
{
	struct dirent *e;
	struct header h;
	size_t size = 0, count = 0;
	const char *name;
	DIR *dirp;

	if (d->read || d->real == NULL || (dirp = opendir(d->real)) == NULL)
		return;
	d->used = 0;
	while (errno = 0, (e = readdir(dirp)) != NULL) {
		h.ino = e->d_ino;
		h.len = (uint16_t)strlen(e->d_name);
		if (d->used + sizeof(h) + h.len >= size) {
			size = 2 * size + 4096;
			d->names = xreallocarray(d->names, size, 1);
		}
		memcpy(d->names + d->used, &h, sizeof(h));
		d->used += sizeof(h);
		memcpy(d->names + d->used, e->d_name, h.len + 1U);
		d->used += h.len + 1U;
		count++;
	}
	if (errno != 0)
		expect_absent(d->real);
	d->read = errno == 0 && d->used < UINT32_MAX;
	closedir(dirp);
	if (!d->read)
		return;
	for (d->nslots = 16; d->nslots < 2 * count; d->nslots *= 2)
		;
	d->slots = xreallocarray(NULL, d->nslots, sizeof(*d->slots));
	memset(d->slots, 0, d->nslots * sizeof(*d->slots));
	for (name = NULL; (name = directory_next(d, name)) != NULL;)
		*slot(d, name, header(name).len) =
		    (uint32_t)(name - d->names);
}

/* Resolve a directory, by way of the one that it lies in. */
static void
resolve(struct directory *d)
{
	struct stat st;
	const char *base;

	if (d->len == 0) {
		d->real = "/";
		return;
	}
	d->real = path_resolve(d->name, &st);
	d->error = errno;
	if (d->real == NULL)
		return;
	if (!S_ISDIR(st.st_mode)) {
		d->real = NULL;
		d->error = ENOTDIR;
		return;
	}
	d->reallen = path_len(d->real);
	d->owner = st.st_uid;
	d->size = st.st_size;
	d->many = directory_of(d->name, &base)->many;
}

/* What is known of the directory named by the first len bytes of path. */
static struct directory *
directory(const char *path, size_t len)
{
	static struct directory *known[DIRS], *last;
	struct directory *d, **where;
	unsigned i, tries;

	/* what lies in the same directory mostly comes together */
	if (last != NULL && last->len == len &&
	    memcmp(last->name, path, len) == 0)
		return last;
	i = hash(path, len);
	for (tries = 0; tries < DIRS / 2; tries++, i++) {
		where = &known[i & (DIRS - 1)];
		if ((d = *where) == NULL)
			break;
		if (d->len == len && memcmp(d->name, path, len) == 0)
			return last = d;
	}
	d = xreallocarray(NULL, 1, sizeof(*d) + len + 1);
	/* as it is to one that is asked for on the way to itself */
	*d = (struct directory){ .len = len, .error = ELOOP };
	memcpy(d->name, path, len);
	d->name[len] = '\0';
	*where = d;
	resolve(d);
	return last = d;
}

struct directory *
directory_of(const char *path, const char **name)
{
	const char *slash = path, *at;

	for (at = path; *at != '\0'; at++)
		if (*at == '/')
			slash = at;
	*name = slash + 1;
	return directory(path, (size_t)(slash - path));
}

struct directory *
directory_at(const char *path)
{
	size_t len = strlen(path);

	while (len > 0 && path[len - 1] == '/')
		len--;
	return directory(path, len);
}

const char *
directory_path(const struct directory *d)
{
	errno = d->error;
	return d->real;
}

uid_t
directory_owner(const struct directory *d)
{
	return d->owner;
}

void
directory_read(struct directory *d)
{
	d->many = true;
	d->asked = READ_AFTER;
	if (d->size > 0 && d->size <= SMALL)
		read_names(d);
}

bool
directory_lacks(const struct directory *d, const char *path)
{
	size_t len = 0;

	if (!d->read)
		return false;
	while (path[len] != '/' && path[len] != '\0')
		len++;
	return *slot(d, path, len) == 0;
}

bool
directory_find(struct directory *d, const char *name, size_t len,
    struct stat *st)
{
	static char path[PATH_MAX];
	static const struct directory *in;	/* whose path is in it */

	errno = d->error;
	if (d->real == NULL)
		return false;
	if (d->many && ++d->asked == READ_AFTER)
		directory_read(d);
	errno = ENOENT;
	if (d->read && *slot(d, name, len) == 0)
		return false;
	errno = ENAMETOOLONG;
	if (d->reallen + 1 + len >= sizeof(path))
		return false;
	if (in != d) {
		memcpy(path, d->real, d->reallen);
		path[d->reallen] = '/';
		in = d;
	}
	memcpy(path + d->reallen + 1, name, len + 1);
	return lstat(path, st) == 0;
}

const char *
directory_next(struct directory *d, const char *name)
{
	if (name == NULL)
		read_names(d);
	if (!d->read)
		return NULL;
	name = name == NULL ? d->names : name + header(name).len + 1;
	name += sizeof(struct header);
	return name < d->names + d->used ? name : NULL;
}

ino_t
directory_inode(const char *name)
{
	return header(name).ino;
}
