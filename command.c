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
 * The command: where it is, how it is executed, its environment.
 */

#include <sys/stat.h>

#include <errno.h>
#include <paths.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

extern char	**environ;

static bool
executable(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return false;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return false;
	}
	return access(path, X_OK) == 0;
}

char *
command_find(const char *name, struct failure *f)
{
	const char *path = getenv("PATH");
	char *dirs, *next, *dir, *file;

	*f = (struct failure){ EXIT_NOTFOUND, name, "not found" };
	if (name[0] == '\0') {
		f->name = "\"\"";
		return NULL;
	}
	if (strchr(name, '/') != NULL) {
		if (executable(name))
			return xstrdup(name);
		if (errno != ENOENT && errno != ENOTDIR)
			f->status = EXIT_CANNOT;
		f->why = strerror(errno);
		return NULL;
	}
	f->why = "not found in PATH";
	dirs = next = xstrdup(path == NULL ? _PATH_DEFPATH : path);
	while ((dir = strsep(&next, ":")) != NULL) {
		file = xasprintf("%s/%s", dir[0] == '\0' ? "." : dir, name);
		if (executable(file)) {
			free(dirs);
			return file;
		}
		/* a directory that cannot be searched has nothing in it */
		if (errno == EACCES && access(file, F_OK) == 0)
			*f = (struct failure){ EXIT_CANNOT, file,
			    strerror(EACCES) };
		else
			free(file);
	}
	free(dirs);
	return NULL;
}

void
command_execute(char *path, char **argv)
{
	char **script;
	size_t n;

	execv(path, argv);
	if (errno != ENOEXEC)
		return;
	for (n = 1; argv[n] != NULL; n++)
		;
	script = xreallocarray(NULL, n + 2, sizeof(*script));
	script[0] = xstrdup(_PATH_BSHELL);
	script[1] = path;
	memcpy(script + 2, argv + 1, n * sizeof(*script));
	execv(_PATH_BSHELL, script);
}

/* In place: pointers move down over those that are dropped. */
void
environment_drop(const struct policy *p, FILE *out)
{
	struct listed l;
	char **from, **to, *equals;
	bool drop;

	for (from = to = environ; *from != NULL; from++) {
		if ((equals = strchr(*from, '=')) != NULL)
			*equals = '\0';
		drop = names_find(table_environment, &p->environment, *from,
		    &l);
		if (drop && out != NULL)
			report(out, "drop: %s (%s%s%s)", *from, l.origin,
			    l.reason ? ": " : "", l.reason ? l.reason : "");
		if (equals != NULL)
			*equals = '=';
		if (!drop)
			*to++ = *from;
	}
	*to = NULL;
}
