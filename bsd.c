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
 * What macOS and OpenBSD have in common; see bsd.h.
 */

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bsd.h"
#include "nono.h"

/* Those of blocked commands first among those with the same path. */
static int
change_cmp(const void *va, const void *vb)
{
	const struct change *a = va, *b = vb;
	int r = path_cmp(a->path, a->len, b->path, b->len);

	return r != 0 ? r : (int)b->blocked - (int)a->blocked;
}

static void
add_rules(struct changes *cs, const struct policy *p, const struct rules *rs,
    bool absent)
{
	const struct rule *r;

	for (r = rs->v; r < rs->v + rs->n; r++)
		if (absent || r->mode != 0)
			cs->v[cs->n++] = (struct change){ .path = r->path,
			    .len = r->len, .mode = r->mode,
			    .rights = policy_decide(p, r->path, NULL) };
}

/*
 * A name that leads to a file with other names, such as busybox, cannot be
 * told from them: the kernel looks at what it leads to.
 */
static void
add_commands(struct changes *cs, const struct policy *p)
{
	const struct command *c;

	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (!c->multicall || strcmp(c->path, c->file) == 0)
			cs->v[cs->n++] = (struct change){ .path = c->file,
			    .len = path_len(c->file), .mode = S_IFREG,
			    .blocked = true };
}

/* Leave out what changes nothing. */
static void
keep_changes(struct changes *cs)
{
	size_t *up = xreallocarray(NULL, cs->n + 1, sizeof(*up));
	size_t i, n = 0, depth = 0;
	struct change c, last = { .path = NULL };

	for (i = 0; i < cs->n; i++) {
		c = cs->v[i];
		if (last.path != NULL && c.len == last.len &&
		    memcmp(c.path, last.path, c.len) == 0)
			continue;
		last = c;
		while (depth > 0 && !path_beneath(c.path, c.len,
		    cs->v[up[depth - 1]].path, cs->v[up[depth - 1]].len))
			depth--;
		if (depth > 0) {
			c.above = cs->v[up[depth - 1]].rights;
			c.toplen = cs->v[up[depth - 1]].len;
		}
		if (c.rights == c.above)
			continue;
		up[depth++] = n;
		cs->v[n++] = c;
	}
	cs->n = n;
	free(up);
}

void
changes_make(struct changes *cs, const struct policy *p, bool absent)
{
	cs->v = xreallocarray(NULL, p->user.n + p->table.n + p->nblocked + 1,
	    sizeof(*cs->v));
	cs->n = 0;
	add_rules(cs, p, &p->user, absent);
	add_rules(cs, p, &p->table, absent);
	add_commands(cs, p);
	qsort(cs->v, cs->n, sizeof(*cs->v), change_cmp);
	keep_changes(cs);
}

/*
 * Doors.
 */

static void
try_door(const char *path, int flags, const char *done)
{
	if (open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) != -1)
		die("%s: can still be %s, though it is denied (has it another "
		    "name, as a hard link?); nothing was run", path, done);
}

void
changes_try(const struct changes *cs, const struct policy *p)
{
	const char *h = home();
	const struct change *c;

	for (c = cs->v; c < cs->v + cs->n; c++) {
		if (!S_ISREG(c->mode) && !S_ISDIR(c->mode))
			continue;
		if (!(c->rights & RIGHT_READ) && c->len > 0)
			try_door(c->path, O_RDONLY, "read");
		if (!(c->rights & RIGHT_WRITE) && S_ISREG(c->mode))
			try_door(c->path, O_WRONLY, "written");
	}
	if (h[0] != '\0' && (h = directory_path(directory_at(h))) != NULL &&
	    path_len(h) > 0 && policy_decide(p, h, NULL) == 0)
		try_door(h, O_RDONLY, "read");
}

/*
 * Descriptors.
 */

void
descriptors_check(void)
{
	struct stat st;
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
			die("descriptor %d: is a directory, which leads out "
			    "of the sandbox; redirect it", fd);
}

bool
descriptor_pass(const struct policy *p, int fd)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(ss);
	struct stat st;
	bool pass;

	if (fstat(fd, &st) == -1) {
		if (errno == EBADF)
			return false;
		pass = false;
	} else if (S_ISSOCK(st.st_mode))
		pass = !p->net_off || (getsockname(fd, (struct sockaddr *)&ss,
		    &len) == 0 && ss.ss_family == AF_UNIX);
	else
		pass = S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ||
		    S_ISCHR(st.st_mode);
	if (!pass)
		close(fd);
	return true;
}
