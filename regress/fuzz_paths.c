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
 * Paths: what path.c resolves by itself against realpath(3), in a directory
 * full of links; the order of paths against one that is easier to see.  The
 * input is a path, or, after a byte of 0, words of which one is made.
 *
 * with: path.c util.c regress/stub.c
 */

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char	*top;

static const char *const links[][2] = {
	{ "to-a", "a" }, { "a/to-b", "b" }, { "a/b/up", ".." },
	{ "a/b/over", "../../a b/./x" }, { "here", "." }, { "loop", "loop" },
	{ "loop1", "a/loop2" }, { "a/loop2", "../loop1" },
	{ "nowhere", "not/there" }, { "a/file", "../file" },
	{ "through", "file/x" }, { "slash", "a//b/" }, { "root", "/" },
	{ "1", "2" }, { "2", "3" }, { "3", "4" }, { "4", "5" }, { "5", "6" },
	{ "6", "7" }, { "7", "8" }, { "8", "9" }, { "9", "10" },
	{ "10", "a" }, { "a/dots", "..." }, { "in", "a/to-b/up/to-b" }
};

static const char *const words[] = {
	"/", "a", "b", "a b", "x", "file", ".", "..", "...", "//", "up", "over",
	"to-a", "to-b", "here", "loop", "loop1", "nowhere", "through", "slash",
	"root", "1", "3", "in", "absolute", "not", "\377", "-"
};

static void
remove_top(void)
{
	static const char *const files[] = { "absolute", "file",
	    "a b/x/file" }, *const dirs[] = { "a/b", "a/...", "a", "a b/x",
	    "a b" };
	size_t i;

	if (chdir(top) == -1)
		return;
	for (i = 0; i < N(links); i++)
		unlink(links[i][0]);
	for (i = 0; i < N(files); i++)
		unlink(files[i]);
	for (i = 0; i < N(dirs); i++)
		rmdir(dirs[i]);
	rmdir(top);
}

static void
make_top(void)
{
	const char *tmp = getenv("TMPDIR");
	char *real = path_real(tmp == NULL ? "/tmp" : tmp), *to;
	size_t i;

	if (real == NULL ||
	    (top = mkdtemp(path_join(real, "fuzz.XXXXXX"))) == NULL ||
	    chdir(top) == -1)
		err(1, "%s", tmp == NULL ? "/tmp" : tmp);
	atexit(remove_top);
	if (mkdir("a", 0755) == -1 || mkdir("a/b", 0755) == -1 ||
	    mkdir("a/...", 0755) == -1 || mkdir("a b", 0755) == -1 ||
	    mkdir("a b/x", 0755) == -1 ||
	    close(open("file", O_WRONLY | O_CREAT, 0644)) == -1 ||
	    close(open("a b/x/file", O_WRONLY | O_CREAT, 0644)) == -1)
		err(1, "%s", top);
	for (i = 0; i < N(links); i++)
		if (symlink(links[i][1], links[i][0]) == -1)
			err(1, "%s", links[i][0]);
	to = path_join(top, "a/to-b");
	if (symlink(to, "absolute") == -1)
		err(1, "absolute");
	free(to);
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The name of what a path leads to, and of the directory that it is in. */
static void
check_resolved(const char *path)
{
	char *real = realpath(path, NULL), *got, *dir, *want;
	const char *slash = strrchr(path, '/');
	struct stat st, other;

	got = path_resolve(path, &st);
	if (!is_same(got, real))
		abort();
	if (real != NULL && (stat(real, &other) == -1 || st.st_ino != other.st_ino ||
	    st.st_dev != other.st_dev || st.st_mode != other.st_mode))
		abort();
	free(got);
	free(real);

	got = path_resolve_parent(path);
	dir = slash == NULL ? xstrdup(".") : xasprintf("%.*s",
	    (int)(slash - path), path);
	real = realpath(slash == path ? "/" : dir, NULL);
	want = real == NULL || stat(real, &st) == -1 ||
	    !S_ISDIR(st.st_mode) ? NULL : xasprintf("%s/%s",
	    strcmp(real, "/") == 0 ? "" : real, slash == NULL ? path :
	    slash + 1);
	if (path[0] == '/' && !is_same(got, want))
		abort();
	free(got);
	free(dir);
	free(real);
	free(want);
}

/* As strings in which a slash is the least of all bytes. */
static int
model_cmp(const char *a, const char *b)
{
	int x, y;

	for (;; a++, b++) {
		x = *a == '\0' ? 0 : *a == '/' ? 1 : 1 + (unsigned char)*a;
		y = *b == '\0' ? 0 : *b == '/' ? 1 : 1 + (unsigned char)*b;
		if (x != y || x == 0)
			return x < y ? -1 : x > y;
	}
}

static bool
model_beneath(const char *path, const char *of)
{
	size_t n = strlen(of);

	return strcmp(path, of) == 0 || (strlen(path) > n &&
	    memcmp(path, of, n) == 0 && path[n] == '/');
}

/* Two halves of a string as paths. */
static void
check_order(const char *s)
{
	size_t half = strlen(s) / 2;
	char *a = xasprintf("%.*s", (int)half, s);
	const char *b = s + half;
	int r = path_cmp(a, strlen(a), b, strlen(b));

	if ((r > 0) - (r < 0) != model_cmp(a, b) ||
	    path_cmp(b, strlen(b), a, strlen(a)) != -r ||
	    path_beneath(b, strlen(b), a, strlen(a)) != model_beneath(b, a) ||
	    path_beneath(s, strlen(s), a, strlen(a)) != model_beneath(s, a))
		abort();
	free(a);
}

/* A name in a directory lies in that directory. */
static void
check_joined(const char *name)
{
	char *path = path_join(top, name), *parent = path_parent(path);
	char *resolved = path_resolve_parent(path);

	if (strchr(name, '/') == NULL && (strcmp(parent, top) != 0 ||
	    resolved == NULL || strcmp(resolved, path) != 0))
		abort();
	free(resolved);
	free(path);
	free(parent);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH_MAX + 512], *absolute;
	size_t i, len = 0;

	if (top == NULL)
		make_top();
	if (size > 0 && data[0] == 0) {
		path[0] = '\0';
		for (i = 1; i < size && len < PATH_MAX; i++) {
			if (data[i] & 0x80)
				path[len++] = '/';
			strcpy(path + len, words[(data[i] & 0x7f) %
			    N(words)]);
			len += strlen(path + len);
		}
	} else {
		len = size < sizeof(path) ? size : sizeof(path) - 1;
		memcpy(path, data, len);
		path[len] = '\0';
	}
	check_order(path);
	check_resolved(path);
	check_joined(path);
	absolute = path_join(top, path);
	check_resolved(absolute);
	free(absolute);
	return 0;
}
