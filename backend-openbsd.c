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
 * The OpenBSD backend: unveil(2) for files, pledge(2) for the rest.  Unveils
 * go with the exec unless there are execpromises.
 */

#include <sys/stat.h>
#include <sys/utsname.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bsd.h"
#include "nono.h"
#include "openbsd.h"

/*
 * Before, what lies deeper beneath a directory that is hidden can be opened
 * when the one above is not hidden: unveil_check_component() took no notice of
 * an unveil whose permissions did not match.
 */
#define RELEASE		7.3

const unsigned	backend_system = SYS_OPENBSD;
/* An unveil each would be more than there is room for, 128. */
const bool	backend_absent = false;

/* "error": a call that is refused fails, instead of ending the process. */
#define PROMISES	"error stdio rpath wpath cpath dpath fattr chown " \
			"flock getpw tty proc exec prot_exec id ps vminfo " \
			"sendfd recvfd unveil"
#define PROMISES_NET	" inet dns mcast route"
#define PROMISES_UNIX	" unix"

static void
call_add(struct calls *calls, const char *path, unsigned rights,
    bool socket)
{
	struct call *c = &calls->v[calls->n++];

	c->path = path;
	/* opening with O_CREAT needs c, even where the file exists */
	snprintf(c->permissions, sizeof(c->permissions), "%s%s",
	    rights & RIGHT_READ ? "rx" : "", rights & RIGHT_WRITE ? "wc" :
	    socket ? "w" : "");
}

void
calls_make(struct calls *calls, const struct policy *p)
{
	static const char *const promises[2][2] = {
		{ PROMISES PROMISES_NET, PROMISES PROMISES_NET PROMISES_UNIX },
		{ PROMISES, PROMISES PROMISES_UNIX }
	};
	const struct change *c;
	const struct rule *r;
	struct changes cs;
	unsigned rights;

	changes_make(&cs, p, false);
	calls->v = xreallocarray(NULL, cs.n + p->sockets.n + 1,
	    sizeof(*calls->v));
	calls->n = 0;
	for (c = cs.v; c < cs.v + cs.n; c++)
		/* it would be what the link leads to that is meant */
		if (!S_ISLNK(c->mode))
			call_add(calls, c->path, c->rights, false);
	/* with no call at all nothing would be hidden */
	if (calls->n == 0)
		call_add(calls, "/", 0, false);
	for (r = p->sockets.v; r < p->sockets.v + p->sockets.n; r++) {
		rights = policy_decide(p, r->path, NULL);
		if (!(rights & RIGHT_WRITE) && !S_ISDIR(r->mode))
			call_add(calls, r->path, rights, true);
	}
	calls->promises = promises[p->net_off][p->sockets.n > 0];
	free(cs.v);
}

/*
 * Connecting to a socket takes the right to write, no more; so one socket
 * cannot be opened without all those beneath the grants for writing.
 */
static void
check_sockets(const struct policy *p)
{
	const struct rule *r;
	bool all = false;

	for (r = p->sockets.v; r < p->sockets.v + p->sockets.n; r++)
		all |= r->len == 0;
	for (r = p->sockets.v; r < p->sockets.v + p->sockets.n; r++) {
		if (!all)
			die("%s: %s: opens all sockets beneath what may be "
			    "written, too; add -u / to accept that",
			    r->origin, r->path);
		if (r->len > 0 && S_ISDIR(r->mode) &&
		    !(policy_decide(p, r->path, NULL) & RIGHT_WRITE))
			die("%s: %s: is a directory that may not be written; "
			    "name the sockets in it", r->origin, r->path);
	}
}

/*
 * link(2) takes the right to read what gets another name, no more; beneath a
 * grant for writing that name can be written.
 */
static void
check_links(const struct policy *p)
{
	const struct change *c;
	const struct rule *by;
	struct changes cs;

	changes_make(&cs, p, false);
	for (c = cs.v; c < cs.v + cs.n; c++)
		if (c->rights == RIGHT_READ && c->above & RIGHT_WRITE) {
			policy_decide(p, c->path, &by);
			die("%s: %s: cannot be kept read-only beneath what "
			    "may be written, for it can be linked to there; "
			    "deny it (-d) or grant it whole (-a)", by->origin,
			    c->path);
		}
	free(cs.v);
}

void
backend_check(const struct policy *p)
{
	struct utsname u;

	if (uname(&u) == -1)
		die("uname: %s", strerror(errno));
	if (strtod(u.release, NULL) < RELEASE)
		die("OpenBSD %s: its unveil(2) lets through what lies deep in "
		    "a hidden directory; nono needs %.1f or later", u.release,
		    RELEASE);
	check_links(p);
	check_sockets(p);
}

static void
render_gaps(const struct policy *p, FILE *out)
{
	const struct command *c;
	const struct rule *r;

	if (p->sockets.n == 0)
		report(out, "loss: no unix sockets at all but pairs");
	else
		report(out, "gap: all unix sockets beneath what may be "
		    "written can be connected to");
	report(out, "gap: signals to other processes of this user");
	report(out, "gap: a file that may be read can be linked into what may "
	    "be written, in the same file system, and written there");
	report(out, "gap: a file or directory that is granted for writing can "
	    "be removed or renamed itself, and so can a directory above one "
	    "with lesser rights");
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (c->multicall && strcmp(c->path, c->file) != 0)
			report(out, "gap: %s: blocked by name only, for %s "
			    "is many commands in one", c->path, c->file);
	for (r = p->table.v; r < p->table.v + p->table.n; r++)
		if (r->mode == 0 && r->rights == 0) {
			char *parent = path_parent(r->path);

			if (policy_decide(p, parent, NULL) & RIGHT_WRITE &&
			    policy_decide(p, r->path, NULL) == 0)
				report(out, "gap: %s: does not exist, and can "
				    "be created", r->path);
			free(parent);
		}
}

void
backend_render(const struct policy *p, FILE *out)
{
	struct calls calls;
	size_t i;

	calls_make(&calls, p);
	for (i = 0; i < calls.n; i++)
		report(out, "unveil: %s \"%s\"", calls.v[i].path,
		    calls.v[i].permissions);
	report(out, "pledge: %s", calls.promises);
	report(out, "descriptors: above 2, directories closed%s",
	    p->net_off ? ", internet sockets too" : "");
	render_gaps(p, out);
	free(calls.v);
}

/* Each rule that differs from what is above it is a call of unveil(2). */
unsigned
backend_rights(const struct policy *p, const char *path, unsigned rights,
    const char **note)
{
	(void)p;
	(void)path;
	*note = rights == RIGHT_READ ? "but it can be linked into what may be "
	    "written, and written there" : NULL;
	return rights;
}

/* Sockets are all or none. */
bool
backend_allows(const struct policy *p, enum query_kind kind,
    const char *subject, bool allowed, const char **note)
{
	const struct command *c;

	*note = NULL;
	for (c = p->blocked; kind == QUERY_COMMAND &&
	    c < p->blocked + p->nblocked; c++)
		if (c->multicall && strcmp(c->path, subject) == 0)
			*note = "by name only, for its file is many commands "
			    "in one";
	if (kind != QUERY_SOCKET)
		return allowed;
	if (p->sockets.n == 0)
		return false;
	if (!allowed && policy_decide(p, subject, NULL) & RIGHT_WRITE) {
		*note = "with -u, all beneath what may be written are open";
		return true;
	}
	return allowed;
}

const struct feature *
backend_features(void)
{
	static const struct feature features[] = {
		{ "files", FEATURE_YES, true, "unveil", NULL },
		{ "system calls", FEATURE_YES, true, "pledge", NULL },
		{ "network", FEATURE_YES, false, "pledge", NULL },
		{ "links and renames", FEATURE_PARTLY, false, "what may be "
		    "read can be linked into what may be written, and "
		    "directories that are granted can be renamed",
		    "grant little for writing" },
		{ "unix sockets", FEATURE_PARTLY, false, "with -u all beneath "
		    "what may be written are open", "do without -u" },
		{ "signals", FEATURE_NO, false, "other processes of this user "
		    "can be signalled", "run it as another user" },
		{ "commands of many names", FEATURE_PARTLY, false, "blocked "
		    "by name only", "block the file by -d" },
		{ .name = NULL }
	};

	return features;
}

char *
backend_blocked(const char *argv0)
{
	(void)argv0;
	return NULL;
}

static void
close_descriptors(const struct policy *p)
{
	int fd, n = getdtablecount();

	descriptors_check();
	for (fd = 0; n > 0; fd++)
		if (fd <= 2)
			n -= fcntl(fd, F_GETFD) != -1;
		else
			n -= descriptor_pass(p, fd);
}

static void
unveil_all(const struct calls *calls)
{
	const struct call *c;

	for (c = calls->v; c < calls->v + calls->n; c++) {
		if (unveil(c->path, c->permissions) == 0)
			continue;
		if (errno == E2BIG)
			die("unveil: %s: one path too many: there is room for "
			    "128 directories and 128 files; grant fewer and "
			    "larger directories", c->path);
		/* what permissions keep from this user in any case */
		if (errno != EACCES || c->permissions[0] != '\0')
			die("unveil: %s: %s", c->path, strerror(errno));
	}
	if (unveil(NULL, NULL) == -1)
		die("unveil: %s", strerror(errno));
}

void
backend_apply(const struct policy *p)
{
	struct changes cs;
	struct calls calls;

	calls_make(&calls, p);
	changes_make(&cs, p, false);
	close_descriptors(p);
	unveil_all(&calls);
	changes_try(&cs, p);
	if (unveil("/", "r") == 0)
		die("unveil is possible, though it is refused; nothing was "
		    "run");
	/* the last call before the exec, for it is that which it is for */
	if (pledge(NULL, calls.promises) == -1)
		die("pledge: %s", strerror(errno));
}
