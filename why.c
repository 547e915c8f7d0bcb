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
 * Answers: why, about a policy, and check, about the system.
 */

#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

struct answer {
	const char	*kind, *subject, *operation;
	const char	*path;		/* the subject resolved, or NULL */
	bool		 allowed;
	/* what decided, or NULL */
	const char	*by, *origin, *reason;
	char		*option;	/* that would allow it, or NULL */
	const char	*note;		/* what else there is to say, or NULL */
};

static const char *const kinds[] = {
	[QUERY_PATH] = "path", [QUERY_HOST] = "host",
	[QUERY_COMMAND] = "command", [QUERY_SOCKET] = "socket",
	[QUERY_ENV] = "env"
};

/*
 * Printing.
 */

static void
print_json(const struct answer *a)
{
	json_open(NULL, '{');
	json_string("kind", a->kind);
	json_string("subject", a->subject);
	json_string("path", a->path);
	json_string("operation", a->operation);
	json_bool("allowed", a->allowed);
	if (a->origin != NULL) {
		json_open("rule", '{');
		json_string("path", a->by);
		json_string("origin", a->origin);
		json_text("reason", a->reason);
		json_close('}');
	} else
		json_string("rule", NULL);
	json_string("option", a->option);
	json_text("note", a->note);
	json_close('}');
}

static void
print_text(const struct answer *a)
{
	char *by = xstrdup(a->allowed || a->path == NULL || a->note != NULL ?
	    "" : " for want of a rule");

	if (a->origin != NULL) {
		free(by);
		by = xasprintf(" by %s%s%s%s%s%s", a->origin,
		    a->by == NULL ? "" : " ", a->by == NULL ? "" : a->by,
		    a->reason == NULL ? "" : " (",
		    a->reason == NULL ? "" : a->reason,
		    a->reason == NULL ? "" : ")");
	}
	report(stdout, "%s: %s: %s%s%s%s%s%s%s", a->subject, a->operation,
	    a->allowed ? "allowed" : "denied", by,
	    a->note == NULL ? "" : "; ", a->note == NULL ? "" : a->note,
	    a->option == NULL ? "" : "; ", a->option == NULL ? "" : a->option,
	    a->option == NULL ? "" : " allows it");
	free(by);
}

/*
 * Answering.
 */

/* An option with an argument as a shell wants it; malloced. */
static char *
option(const char *name, const char *argument)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-:@,%=";
	char *s, *p;

	if (argument[strspn(argument, plain)] == '\0')
		return xasprintf("%s %s", name, argument);
	s = xreallocarray(NULL, strlen(argument) + 2, 4);
	for (p = s, *p++ = '\''; *argument != '\0'; argument++)
		p += sprintf(p, *argument == '\'' ? "'\\''" : "%c", *argument);
	strcpy(p, "'");
	p = xasprintf("%s %s", name, s);
	free(s);
	return p;
}

static void
decided(struct answer *a, const struct rule *by)
{
	a->by = by == NULL ? NULL : by->path;
	a->origin = by == NULL ? NULL : by->origin;
	a->reason = by == NULL ? NULL : by->reason;
}

/* The blocked command whose file is at a resolved path, or NULL. */
static const struct command *
command_at(const struct policy *p, const char *file)
{
	const struct command *c;

	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (!c->multicall && strcmp(c->file, file) == 0)
			return c;
	return NULL;
}

/* Is dir a home, or does it hold one?  It is nothing to be granted. */
static bool
holds_home(const char *dir)
{
	char *real = home()[0] == '\0' ? NULL : path_real(home());
	bool holds = path_len(dir) == 0 || (real != NULL &&
	    path_beneath(real, path_len(real), dir, path_len(dir)));

	free(real);
	return holds;
}

/* Does a path lead where it says, by no link on the way? */
static bool
is_plain(const char *path, const char *real)
{
	char *cwd = path[0] == '/' ? NULL : getcwd(NULL, 0);
	size_t n = cwd == NULL ? 0 : path_len(cwd);
	bool plain;

	plain = cwd == NULL ? strcmp(path, real) == 0 :
	    strncmp(real, cwd, n) == 0 && real[n] == '/' &&
	    strcmp(real + n + 1, path) == 0;
	free(cwd);
	return plain;
}

/*
 * The option that would allow an operation on the path, given that the rights
 * hold now.  What is to be made is granted by way of its directory, but not by
 * one that holds much else.
 */
static void
suggest(struct answer *a, unsigned op, unsigned rights, const char *dir)
{
	const char *name = rights != 0 ? "-a" : op == RIGHT_READ ? "-r" : "-w";

	if (dir == NULL)
		/* what the tables limit is not granted by way of a link */
		a->option = option(name, is_plain(a->subject, a->path) ?
		    a->subject : a->path);
	else if (op == RIGHT_WRITE && !holds_home(dir) &&
	    strrchr(dir, '/') != dir)
		a->option = option(name, dir);
	else if (a->note == NULL)
		a->note = "it does not exist, and what exists can be granted";
}

/* A file that is blocked as a command takes more, to be read or written. */
static void
add_blocked(const struct policy *p, struct answer *a, const struct command *c,
    bool granted)
{
	char *more = command_options(p, c), *grant = a->option;

	a->by = c->path;
	a->origin = c->origin;
	a->reason = c->reason;
	a->note = "it is a blocked command";
	a->option = granted ? more : xasprintf("%s %s", more, grant);
	if (!granted)
		free(more);
	free(granted ? NULL : grant);
}

/*
 * Is it refused in any case, by the file's own permissions or by an outer nono?
 * access(2) knows the first, whatever the namespace of the view lets this
 * process do; opening tells the second, where it does nothing else: what covers
 * a file is a device of number 0.
 */
static bool
not_permitted(const char *path, unsigned op, bool make)
{
	struct stat st;
	bool no;
	int fd;

	if (access(path, make ? W_OK | X_OK : op == RIGHT_READ ? R_OK :
	    W_OK) == -1 && is_refused())
		return true;
	if (make)
		return false;
	if (stat(path, &st) == -1 || !(S_ISREG(st.st_mode) ||
	    (S_ISDIR(st.st_mode) && op == RIGHT_READ) ||
	    (S_ISCHR(st.st_mode) && st.st_rdev == 0)))
		return false;
	fd = open(path, (op == RIGHT_READ ? O_RDONLY : O_WRONLY) |
	    O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	no = fd == -1 && is_refused();
	if (fd != -1)
		close(fd);
	return no;
}

/* What else there is to say of a path that may be written to. */
static const char *
fixed(const struct policy *p, const char *path)
{
	struct stat st;
	char *parent;
	bool is;

	if (lstat(path, &st) == -1 || S_ISDIR(st.st_mode))
		return NULL;
	parent = path_parent(path);
	is = !(policy_decide(p, parent, NULL) & RIGHT_WRITE);
	free(parent);
	return is ? "but not to delete, rename or replace it, which takes its "
	    "directory" : NULL;
}

/*
 * One operation on a path.  existing is the length of what there is of it.  A
 * rule for what does not exist holds on some systems only; elsewhere what
 * decides is the directory in which it would be made.
 */
static void
answer_path(const struct policy *p, struct answer *a, size_t existing,
    unsigned op)
{
	char *dir = existing == path_len(a->path) ? NULL : xasprintf("%.*s",
	    existing == 0 ? 1 : (int)existing, a->path);
	const char *real = dir == NULL ? a->path : dir, *note;
	char *parent;
	const struct command *c = command_at(p, a->path);
	const struct rule *by, *absent = NULL;
	unsigned rights = policy_decide(p, a->path, &by), held;

	while (by != NULL && by->mode == 0 && !backend_absent) {
		absent = absent == NULL ? by : absent;
		parent = path_parent(by->path);
		rights = policy_decide(p, parent, &by);
		free(parent);
	}
	decided(a, by);
	held = backend_rights(p, a->path, rights, &note);
	if (c != NULL)
		held = 0;
	a->allowed = (held & op) != 0;
	if (a->allowed != ((rights & op) != 0))
		decided(a, NULL);
	if (c == NULL && ((held ^ rights) & op ||
	    (!a->allowed && op == RIGHT_WRITE)))
		a->note = note;
	if (c == NULL && (dir == NULL || op == RIGHT_WRITE) &&
	    not_permitted(real, op, dir != NULL)) {
		a->allowed = false;
		decided(a, NULL);
		a->note = "permissions refuse it, outside as well";
		return;
	}
	if (!a->allowed && !(rights & op))
		suggest(a, op, rights, dir);
	if (c != NULL)
		add_blocked(p, a, c, (rights & op) != 0);
	else if (a->allowed && absent != NULL)
		a->note = xasprintf("%s %s denies it, but does not exist yet, "
		    "and what does not exist cannot be denied here",
		    absent->origin, absent->path);
	else if (a->allowed && op == RIGHT_WRITE && a->note == NULL &&
	    dir == NULL)
		a->note = fixed(p, real);
	free(dir);
}

static void
answer_host(const struct policy *p, struct answer *a)
{
	const char *port = strrchr(a->subject, ':');
	char *end;
	long n;

	/* name, name:port, [address]:port, or an IPv6 address */
	if (port != NULL && (strchr(a->subject, ':') == port ||
	    (port > a->subject && port[-1] == ']'))) {
		n = strtol(port + 1, &end, 10);
		if (port == a->subject || port[1] < '0' || port[1] > '9' ||
		    *end != '\0' || n < 1 || n > 65535)
			die("--host: %s: neither name nor name:port",
			    a->subject);
	}
	if (a->subject[0] == '\0')
		die("--host: empty name");
	a->operation = "connect";
	a->allowed = backend_allows(p, QUERY_HOST, NULL, !p->net_off,
	    &a->note);
	if (p->net_off)
		a->origin = p->net_origin;
	if (!a->allowed && a->note == NULL)
		a->note = "leave out that option";
	else if (a->note == NULL)
		a->note = "the network is on, and all of it";
}

static void
answer_command(const struct policy *p, struct answer *a)
{
	const struct command *c;
	const struct rule *by;
	struct failure f;
	struct stat st;
	char *path = command_find(a->subject, &f), *file;

	a->operation = "run";
	if (path == NULL) {
		a->note = f.why;
		return;
	}
	a->path = file = path_resolve(path, &st);
	if ((c = policy_blocked(p, path, file)) != NULL) {
		a->by = c->path;
		a->origin = c->origin;
		a->reason = c->reason;
		a->option = command_options(p, c);
		backend_allows(p, QUERY_COMMAND, c->path, false, &a->note);
		return;
	}
	if (file == NULL) {
		a->note = strerror(errno);
		return;
	}
	a->allowed = (policy_decide(p, file, &by) & RIGHT_READ) != 0;
	decided(a, by);
	if (!a->allowed && by == NULL) {
		a->allowed = true;
		a->note = "as the command that nono runs, not by others inside";
	}
	if (!a->allowed)
		a->option = option("-r", file);
	free(path);
}

static void
answer_socket(const struct policy *p, struct answer *a)
{
	const struct entry *e;
	size_t existing, i, len;
	struct stat st;
	char *path, *typed;

	a->operation = "connect";
	typed = policy_path("--socket", a->subject);
	if ((a->path = path = path_resolve_missing(typed, &existing)) == NULL)
		die("--socket: %s: %s", a->subject, strerror(errno));
	free(typed);
	len = path_len(path);
	for (i = 0; i < p->sockets.n; i++)
		if (path_beneath(path, len, p->sockets.v[i].path,
		    p->sockets.v[i].len)) {
			a->allowed = true;
			decided(a, &p->sockets.v[i]);
		}
	for (e = table_sockets; !p->net_off && e->name != NULL; e++)
		if (!a->allowed && e->flags & backend_system &&
		    path_beneath(path, len, e->name, strlen(e->name))) {
			a->allowed = true;
			a->by = e->name;
			a->origin = "table";
			a->reason = e->reason;
		}
	a->allowed = backend_allows(p, QUERY_SOCKET, path, a->allowed,
	    &a->note);
	if (existing == len && stat(path, &st) == 0 &&
	    !S_ISSOCK(st.st_mode) && !S_ISDIR(st.st_mode) && a->note == NULL)
		a->note = "it is no socket";
	if (!a->allowed && existing != len && a->note == NULL)
		a->note = "does not exist; what exists can be opened by -u";
	if (!a->allowed && a->note == NULL)
		a->option = option("-u", a->subject);
}

static void
answer_env(const struct policy *p, struct answer *a)
{
	struct listed l = { NULL, NULL };

	if (a->subject[0] == '\0' || strchr(a->subject, '=') != NULL)
		die("--env: %s: not a name of a variable", a->subject);
	a->operation = "keep";
	a->allowed = !names_find(table_environment, &p->environment,
	    a->subject, &l);
	a->origin = l.origin;
	a->reason = l.reason;
	if (!a->allowed)
		a->option = option("-e", a->subject);
}

static bool
print_answer(const struct answer *a, bool json)
{
	if (json)
		print_json(a);
	else
		print_text(a);
	return a->allowed;
}

/* All that was asked for of a path: reading, writing, or both. */
static bool
ask_path(const struct policy *p, const struct queries *q, struct answer a)
{
	const struct answer fresh = a;
	unsigned op;
	size_t existing;
	bool allowed = true;
	char *typed = policy_path("why", a.subject);
	char *path = path_resolve_missing(typed, &existing);

	free(typed);
	if (path == NULL && errno == EACCES) {
		a.operation = q->op & RIGHT_READ ? "read" : "write";
		a.note = "the permissions of a directory above refuse it";
		return print_answer(&a, q->json);
	}
	if (path == NULL)
		die("why: %s: %s", a.subject, strerror(errno));
	for (op = RIGHT_READ; op <= RIGHT_WRITE; op <<= 1) {
		if (!(q->op & op))
			continue;
		a = fresh;
		a.path = path;
		a.operation = op == RIGHT_READ ? "read" : "write";
		answer_path(p, &a, existing, op);
		allowed &= print_answer(&a, q->json);
		free(a.option);
	}
	free(path);
	return allowed;
}

int
why(const struct policy *p, const struct queries *q)
{
	bool allowed = true;
	size_t i;

	if (q->json) {
		json_open(NULL, '{');
		json_open("answers", '[');
	}
	for (i = 0; i < q->n; i++) {
		struct answer a = { .kind = kinds[q->v[i].kind],
		    .subject = q->v[i].subject };

		switch (q->v[i].kind) {
		case QUERY_PATH:
			allowed &= ask_path(p, q, a);
			continue;
		case QUERY_HOST:
			answer_host(p, &a);
			break;
		case QUERY_COMMAND:
			answer_command(p, &a);
			break;
		case QUERY_SOCKET:
			answer_socket(p, &a);
			break;
		case QUERY_ENV:
			answer_env(p, &a);
			break;
		}
		allowed &= print_answer(&a, q->json);
	}
	if (q->json) {
		json_close(']');
		json_close('}');
		putchar('\n');
	}
	return allowed ? 0 : 1;
}

/*
 * The system.
 */

/* Confine a process as nono does without options; what it said, or NULL. */
static char *
try_all(void)
{
	struct policy p = { 0 };
	static char said[1024];
	ssize_t n;
	size_t len = 0;
	int fd[2], status;
	pid_t pid;

	if (pipe(fd) == -1 || (pid = fork()) == -1)
		die("check: %s", strerror(errno));
	if (pid == 0) {
		if (dup2(fd[1], 2) == -1)
			_exit(EXIT_NONO);
		close(fd[0]);
		close(fd[1]);
		p.absent = backend_absent;
		policy_seal(&p, NULL);
		backend_check(&p);
		backend_apply(&p);
		_exit(0);
	}
	close(fd[1]);
	while ((n = read(fd[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	close(fd[0]);
	said[strcspn(said, "\n")] = '\0';
	if (waitpid(pid, &status, 0) == -1)
		die("check: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	return strncmp(said, "nono: ", 6) == 0 ? said + 6 :
	    WIFSIGNALED(status) ? "it was killed" : said;
}

static void
print_feature(const struct feature *f, bool json)
{
	static const char *const states[] = {
		[FEATURE_NO] = "no", [FEATURE_PARTLY] = "partly",
		[FEATURE_YES] = "yes"
	};

	if (!json) {
		report(stdout, "%s: %s: %s%s%s", f->name, states[f->state],
		    f->reason, f->remedy == NULL ? "" : "; remedy: ",
		    f->remedy == NULL ? "" : f->remedy);
		return;
	}
	json_open(NULL, '{');
	json_text("name", f->name);
	json_text("state", states[f->state]);
	json_bool("needed", f->needed);
	json_text("reason", f->reason);
	json_text("remedy", f->remedy);
	json_close('}');
}

int
check_system(bool json)
{
	const char *failed = try_all();
	const struct feature all = { "all of it", failed == NULL ?
	    FEATURE_YES : FEATURE_NO, true, failed == NULL ?
	    "tried in a process of its own" : failed, NULL };
	const struct feature *f = backend_features();
	struct utsname u;
	int status = all.state == FEATURE_YES ? 0 : EXIT_NONO;

	if (uname(&u) == -1)
		die("check: %s", strerror(errno));
	if (json) {
		json_open(NULL, '{');
		json_text("system", u.sysname);
		json_text("release", u.release);
		json_open("features", '[');
	} else
		report(stdout, "system: %s %s", u.sysname, u.release);
	for (; f->name != NULL; f++) {
		print_feature(f, json);
		if (f->needed && f->state == FEATURE_NO)
			status = EXIT_NONO;
		else if (f->state != FEATURE_YES && status == 0)
			status = 1;
	}
	print_feature(&all, json);
	if (json) {
		json_close(']');
		json_close('}');
		putchar('\n');
	}
	return status;
}
