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
 * directory is resolved once, and read once where many are looked for in it.
 */

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

#define DIRS		512		/* a power of 2 */
#define READ_AFTER	64		/* look-ups that pay for reading */

struct directory {
	char		*name, *real;	/* as named, and resolved, or NULL */
	size_t		 len;		/* of name */
	int		 error;		/* why it is not resolved */
	unsigned	 asked;		/* look-ups so far */
	bool		 read;
	char		*names;		/* a byte of type, a name, a NUL, ... */
	size_t		 used;
	uint32_t	*slots;		/* hash table: 1 + offset of a name */
	size_t		 nslots;	/* a power of 2 */
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
path_resolve_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir, *real, *joined;

	dir = slash == NULL ? xstrdup(".") : xstrdup(path);
	if (slash != NULL)
		dir[slash == path ? 1 : slash - path] = '\0';
	real = realpath(dir, NULL);
	joined = real == NULL ? NULL :
	    path_join(real, slash == NULL ? path : slash + 1);
	free(dir);
	free(real);
	return joined;
}

/*
 * Directories.
 */

static unsigned
hash(const char *s, size_t len)
{
	unsigned h = (unsigned)len;

	/* the beginnings of the paths are all alike */
	for (s += len, len = len < 8 ? len : 8; len > 0; len--)
		h = 31 * h + (unsigned char)*--s;
	return h;
}

/* Where name is, or is to go, in the table of names. */
static uint32_t *
slot(const struct directory *d, const char *name)
{
	size_t i = hash(name, strlen(name));

	for (;; i++) {
		i &= d->nslots - 1;
		if (d->slots[i] == 0 ||
		    strcmp(d->names + d->slots[i], name) == 0)
			return &d->slots[i];
	}
}

/* Read the names in a directory; one that cannot be read stays as it is. */
static void
read_names(struct directory *d)
{
	struct dirent *e;
	size_t n, size = 0, count = 0;
	char *s;
	DIR *dirp;

	d->asked = READ_AFTER;		/* once */
	if ((dirp = opendir(d->real)) == NULL)
		return;
	while (errno = 0, (e = readdir(dirp)) != NULL) {
		n = strlen(e->d_name) + 2;
		if (d->used + n > size) {
			size = 2 * size + 4096;
			d->names = xreallocarray(d->names, size, 1);
		}
		d->names[d->used] = (char)e->d_type;
		memcpy(d->names + d->used + 1, e->d_name, n - 1);
		d->used += n;
		count++;
	}
	d->read = errno == 0 && d->used < UINT32_MAX;
	closedir(dirp);
	if (!d->read)
		return;
	for (d->nslots = 16; d->nslots < 2 * count; d->nslots *= 2)
		;
	d->slots = xreallocarray(NULL, d->nslots, sizeof(*d->slots));
	memset(d->slots, 0, d->nslots * sizeof(*d->slots));
	for (s = d->names; s < d->names + d->used; s += strlen(s + 1) + 2)
		*slot(d, s + 1) = (uint32_t)(s + 1 - d->names);
}

/* Is the last component "", "." or ".."? */
static bool
ends_in_dots(const char *path)
{
	const char *base = strrchr(path, '/') + 1;

	return strlen(base) <= 2 && base[strspn(base, ".")] == '\0';
}

static struct directory	*directory(const char *, size_t);

/* Resolve the directory of this name, by way of the one that it lies in. */
static void
resolve(struct directory *d)
{
	const char *slash = strrchr(d->name, '/');
	mode_t mode = S_IFLNK;

	if (d->len > 0 && !ends_in_dots(d->name)) {
		mode = directory_find(directory(d->name,
		    (size_t)(slash - d->name)), slash + 1, &d->real);
		d->error = errno;
	}
	if (mode != 0 && !S_ISLNK(mode))
		return;
	free(d->real);
	d->real = NULL;
	if (S_ISLNK(mode)) {
		d->real = realpath(d->len > 0 ? d->name : "/", NULL);
		d->error = errno;
	}
}

/* What is known of the directory named by the first len bytes of path. */
static struct directory *
directory(const char *path, size_t len)
{
	static struct directory *known[DIRS];
	struct directory *d, **where;
	unsigned i = hash(path, len), tries;

	for (tries = 0; tries < DIRS / 2; tries++, i++) {
		where = &known[i & (DIRS - 1)];
		if ((d = *where) == NULL)
			break;
		if (d->len == len && memcmp(d->name, path, len) == 0)
			return d;
	}
	d = xreallocarray(NULL, 1, sizeof(*d));
	*d = (struct directory){ .len = len,
	    .name = xreallocarray(NULL, len + 1, 1) };
	memcpy(d->name, path, len);
	d->name[len] = '\0';
	*where = d;			/* resolve() adds others */
	resolve(d);
	return d;
}

struct directory *
directory_of(const char *path)
{
	return directory(path, (size_t)(strrchr(path, '/') - path));
}

const char *
directory_path(const struct directory *d)
{
	errno = d->error;
	return d->real;
}

mode_t
directory_find(struct directory *d, const char *name, char **path)
{
	struct stat st;
	uint32_t at;

	*path = NULL;
	errno = d->error;
	if (d->real == NULL)
		return 0;
	if (++d->asked == READ_AFTER)
		read_names(d);
	st.st_mode = 0;
	if (d->read) {
		errno = ENOENT;
		if ((at = *slot(d, name)) == 0)
			return 0;
		st.st_mode = DTTOIF((unsigned char)d->names[at - 1]);
	}
	*path = path_join(d->real, name);
	/* not every file system tells the type */
	if (st.st_mode == 0 && lstat(*path, &st) == -1)
		return 0;
	return st.st_mode;
}

const char *
directory_next(struct directory *d, const char *name)
{
	if (!d->read && d->real != NULL)
		read_names(d);
	if (!d->read)
		return NULL;
	name = name == NULL ? d->names + 1 : name + strlen(name) + 2;
	return name < d->names + d->used ? name : NULL;
}
