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
 * Profiles: options in a file, one per line.  nono(1), section PROFILES, has
 * the format.  What they say is data: nothing of it is run, and a variable's
 * value is not looked at for variables.
 */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"
#include "profiledir.h"

#define BLANK		" \t\r"
#define SIZE_MAX_FILE	((size_t)1024 * 1024)

/* What is being read, up to the first of those that include each other. */
struct reading {
	const struct reading	*above;
	dev_t			 dev;
	ino_t			 ino;
};

/* What there would be if the policy were not only to be looked at. */
static struct made {
	char	*path;
	mode_t	 mode;
}		*made;
static size_t	 nmade;

/*
 * Expansion.
 */

static const struct variable {
	const char	*name;
	const char	*usual;		/* where it is unset; NULL: of the UID */
} variables[] = {
	{ "HOME", "~" },
	{ "TMPDIR", "/tmp" },
	{ "XDG_CACHE_HOME", "~/.cache" },
	{ "XDG_CONFIG_HOME", "~/.config" },
	{ "XDG_DATA_HOME", "~/.local/share" },
	{ "XDG_STATE_HOME", "~/.local/state" },
	{ "XDG_RUNTIME_DIR", NULL },
	{ "UID", NULL }
};

/* A path with ~ in its beginning expanded, or NULL without a home; malloced. */
static char *
expand_home(const char *path)
{
	if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
		return xstrdup(path);
	return home()[0] == '\0' ? NULL : xasprintf("%s%s", home(), path + 1);
}

/* The value of a variable, or NULL if it depends on a home; malloced. */
static char *
variable_value(const char *origin, const char *name, size_t n)
{
	const struct variable *v = variables;
	const char *set;

	while (strlen(v->name) != n || strncmp(v->name, name, n) != 0)
		if (++v == variables + nitems(variables))
			die("%s: $%.*s: unknown variable; $$ is one $", origin,
			    (int)n, name);
	if (strcmp(v->name, "UID") == 0)
		return xasprintf("%ld", (long)getuid());
	/* what is not absolute is to be ignored, says the XDG specification */
	if (strcmp(v->name, "HOME") != 0 && (set = getenv(v->name)) != NULL &&
	    set[0] == '/')
		return xstrdup(set);
	if (strcmp(v->name, "XDG_RUNTIME_DIR") == 0)
		return xasprintf("/run/user/%ld", (long)getuid());
	return expand_home(v->usual);
}

/* A path as a profile has it, or NULL if there is no home; malloced. */
static char *
expand(const char *origin, const char *value)
{
	char *path = expand_home(value), *s, *inserted, *longer;
	size_t n;

	for (s = path; path != NULL && (s = strchr(s, '$')) != NULL;) {
		n = strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
		inserted = s[1] == '$' ? xstrdup("") :
		    variable_value(origin, s + 1, n);
		longer = inserted == NULL ? NULL : xasprintf("%.*s%s%s",
		    (int)(s - path), path, inserted, s + 1 + n);
		if (longer != NULL)
			s = longer + (s - path) + strlen(inserted) +
			    (inserted[0] == '\0');
		free(inserted);
		free(path);
		path = longer;
	}
	return path;
}

/*
 * Making what is missing.
 */

/*
 * Make the file or directory with this name in a directory, and open it, unless
 * it is there.  Returns a descriptor or -1.
 */
static int
make_entry(int dir, const char *name, bool file)
{
	const char *dot = strrchr(name, '.');
	int fd;

	if (!file) {
		if (mkdirat(dir, name, 0700) == -1 && errno != EEXIST)
			return -1;
		return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		    O_CLOEXEC);
	}
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	/* nothing is no JSON */
	if (fd != -1 && dot != NULL && strcmp(dot, ".json") == 0 &&
	    write(fd, "{}\n", 3) != 3) {
		unlinkat(dir, name, 0);
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * Make what is missing of a path beneath the home, which has been resolved:
 * whatever turns into a symbolic link since is an error.
 */
static bool
make(const char *top, char *rest, bool file)
{
	char *name;
	int dir, fd = open(top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);

	while (fd != -1 && (name = strsep(&rest, "/")) != NULL) {
		dir = fd;
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		    O_CLOEXEC);
		if (fd == -1 && errno == ENOENT)
			fd = make_entry(dir, name, file && rest == NULL);
		close(dir);
	}
	if (fd != -1)
		close(fd);
	return fd != -1;
}

/* The line mkdir or mkfile. */
static void
make_missing(struct policy *p, const char *origin, const char *path, bool file)
{
	char *top = path_real(home()), *real;
	size_t existing, len;

	if (top == NULL)
		return;			/* there is no home to make it in */
	real = path_resolve_missing(path, &existing);
	if (real == NULL && !is_refused())
		die("%s: %s: %s", origin, path, strerror(errno));
	if (real == NULL || path_len(real) == existing)
		return;
	len = path_len(top);
	if (!path_beneath(real, existing, top, len))
		die("%s: %s: lies outside the home directory; make it yourself",
		    origin, path);
	if (p->inspect) {
		made = xreallocarray(made, nmade + 1, sizeof(*made));
		made[nmade++] = (struct made){ real, file ? S_IFREG : S_IFDIR };
	} else if (!make(top, real + len + 1, file) && !is_refused() &&
	    errno != EEXIST)
		die("%s: %s: %s", origin, path, strerror(errno));
	free(top);
}

/*
 * Lines.
 */

/* A path that does not exist is skipped, and remembered where that helps. */
static void
add_missing(struct policy *p, const struct option_help *o, const char *origin,
    const char *path)
{
	bool file;
	size_t existing, i;
	unsigned rights = option_rights(o->value, &file);
	mode_t mode = 0;
	char *real;

	if (!p->absent || o->value == 'u' ||
	    (real = path_resolve_missing(path, &existing)) == NULL)
		return;
	for (i = 0; i < nmade; i++)
		if (strcmp(made[i].path, real) == 0)
			mode = made[i].mode;
		else if (path_beneath(made[i].path, path_len(made[i].path),
		    real, path_len(real)))
			mode = S_IFDIR;
	if (mode != 0 || rights != (RIGHT_READ | RIGHT_WRITE))
		policy_add_missing(p, origin, real, rights, mode);
	else
		free(real);
}

static void
apply_path(struct policy *p, const struct option_help *o, const char *origin,
    const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR &&
	    errno != EACCES)) {
		option_apply(p, o->value, origin, path);
		return;
	}
	expect_absent(path);
	add_missing(p, o, origin, path);
}

static void	read_named(struct policy *, const char *, const char *,
		    const struct reading *);

/* An option and its value, which is empty if there is none. */
static void
apply(struct policy *p, const char *origin, const char *word,
    const char *value, const struct reading *reading)
{
	bool file = strcmp(word, "mkfile") == 0;
	bool makes = file || strcmp(word, "mkdir") == 0;
	const struct option_help *o = makes ? NULL : option_find(word);
	char *path;

	if (!makes && (o == NULL || !(o->where & OPTION_PROFILE)))
		die("%s: not an option of profiles", origin);
	if ((makes || o->argument != NULL) && value[0] == '\0')
		die("%s: needs a value", origin);
	if (!makes && o->argument == NULL && value[0] != '\0')
		die("%s: takes no value", origin);
	if (!makes && o->argument == NULL)
		option_apply(p, o->value, origin, NULL);
	else if (makes || strcmp(o->argument, "path") == 0 ||
	    (o->value == 'p' && strchr(value, '/') != NULL)) {
		/* without a home there is nothing in it */
		if ((path = expand(origin, value)) == NULL)
			return;
		if (makes)
			make_missing(p, origin, path, file);
		else if (o->value == 'p')
			read_named(p, origin, path, reading);
		else
			apply_path(p, o, origin, path);
	} else if (o->value == 'p')
		read_named(p, origin, value, reading);
	else
		option_apply(p, o->value, origin, value);
}

/*
 * Files.
 */

/* The text of a profile that only the user or root can have written. */
static char *
load(const char *path, int fd, const struct stat *st)
{
	bool installed = strncmp(path, PROFILEDIR "/", sizeof(PROFILEDIR)) == 0;

	struct stat root;
	char *text;
	ssize_t n;
	size_t size = 0;

	if (!S_ISREG(st->st_mode))
		die("%s: not a regular file", path);
	/* in a user namespace root is somebody who is not known */
	if (st->st_uid != geteuid() && st->st_uid != 0 && !(installed &&
	    stat("/", &root) == 0 && st->st_uid == root.st_uid))
		die("%s: a profile that belongs to somebody else; copy it",
		    path);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		die("%s: a profile that others can write; chmod go-w it", path);
	text = xreallocarray(NULL, SIZE_MAX_FILE + 1, 1);
	while ((n = read(fd, text + size, SIZE_MAX_FILE + 1 - size)) > 0)
		size += (size_t)n;
	if (n == -1)
		die("%s: %s", path, strerror(errno));
	if (size > SIZE_MAX_FILE)
		die("%s: larger than a profile can be", path);
	text[size] = '\0';
	if (strlen(text) != size)
		die("%s: has a NUL in it; a profile is text", path);
	return text;
}

/* What is read stays in memory: the policy leads to it. */
static void
read_profile(struct policy *p, const char *origin, const char *path, int fd,
    const struct reading *reading, const struct stat *st)
{
	char *next = load(path, fd, st), *line, *word, *end;
	unsigned n = 0;

	p->profiles = xreallocarray(p->profiles, p->nprofiles + 1,
	    sizeof(*p->profiles));
	if ((p->profiles[p->nprofiles].path = path_real(path)) == NULL)
		die("%s: %s", path, strerror(errno));
	p->profiles[p->nprofiles++].origin = origin;
	while ((line = strsep(&next, "\n")) != NULL) {
		n++;
		for (end = line + strlen(line); end > line &&
		    strchr(BLANK, end[-1]) != NULL;)
			*--end = '\0';
		line += strspn(line, BLANK);
		if (line[0] == '\0' || line[0] == '#')
			continue;
		word = strsep(&line, BLANK);
		apply(p, xasprintf("%s:%u: %s", path, n, word), word,
		    line == NULL ? "" : line + strspn(line, BLANK), reading);
	}
}

/* The directories of profiles, the user's first; malloced or NULL. */
static char *
profile_path(unsigned place, const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME");

	if (place == 1)
		return xasprintf("%s/%s", PROFILEDIR, name);
	if (config != NULL && config[0] == '/')
		return xasprintf("%s/nono/%s", config, name);
	return home()[0] == '\0' ? NULL : xasprintf("%s/.config/nono/%s",
	    home(), name);
}

char *
profile_own(const char *command)
{
	unsigned place;
	char *path;

	if (command[0] == '.')
		return NULL;
	for (place = 0; place < 2; place++) {
		path = profile_path(place, command);
		if (path != NULL && access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

/* Read the profile at a path.  False if it is not there, or being read. */
static bool
read_at(struct policy *p, const char *origin, const char *path,
    const struct reading *above, bool *cycle)
{
	const struct reading *r;
	struct reading reading = { .above = above };
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (fd == -1 || fstat(fd, &st) == -1)
		die("%s: %s: %s", origin, path, strerror(errno));
	reading.dev = st.st_dev;
	reading.ino = st.st_ino;
	for (r = above; r != NULL; r = r->above)
		if (r->dev == st.st_dev && r->ino == st.st_ino) {
			*cycle = true;
			close(fd);
			return false;
		}
	read_profile(p, origin, path, fd, &reading, &st);
	close(fd);
	return true;
}

/*
 * A name that is being read already means the next one of that name, so that a
 * profile of the user's may include the one whose place it takes.
 */
static void
read_named(struct policy *p, const char *origin, const char *name,
    const struct reading *above)
{
	bool file = strchr(name, '/') != NULL, cycle = false, found = false;
	unsigned place;
	char *path;

	for (place = 0; place < (file ? 1 : 2) && !found; place++) {
		path = file ? xstrdup(name) : profile_path(place, name);
		found = path != NULL && name[0] != '\0' && read_at(p, origin,
		    path, above, &cycle);
	}
	if (cycle && !found)
		die("%s: %s: includes itself", origin, name);
	if (!found && file)
		die("%s: %s: %s", origin, name, strerror(ENOENT));
	if (found)
		return;
	path = profile_path(0, name);
	die("%s: %s: no such profile: not %s%sin %s", origin, name,
	    path == NULL ? "" : path, path == NULL ? "" : ", nor ", PROFILEDIR);
}

void
profile_read(struct policy *p, const char *origin, const char *name)
{
	read_named(p, origin, name, NULL);
}

void
profile_apply_own(struct policy *p, struct policy fresh, const struct run *run,
    const char *path, const char *file)
{
	char *profile, *found;
	size_t i;

	if (run->no_profile || file == NULL || run->mode == &modes[MODE_SHELL] ||
	    strchr(run->argv[0], '/') != NULL ||
	    (profile = profile_own(run->argv[0])) == NULL)
		return;
	found = path_resolve_parent(path);
	if (found != NULL && !policy_may_write(p, file) &&
	    !policy_may_write(p, found)) {
		profile_read(&fresh, "its name", profile);
		options_apply(&fresh, run);
		if (!policy_may_write(&fresh, file) &&
		    !policy_may_write(&fresh, found)) {
			*p = fresh;
			return;
		}
	}
	/* unless it has been named */
	found = path_real(profile);
	for (i = 0; i < p->nprofiles; i++)
		if (found != NULL && strcmp(found, p->profiles[i].path) == 0)
			return;
	warning("%s: the command may write to it, so its profile %s is not "
	    "applied; -p %s does", path, profile, run->argv[0]);
}
