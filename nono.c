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
 * nono runs a command that may touch only what was granted: reads the options,
 * has the policy made, hands it to the backend, executes the command.
 */

#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

static char **
shell_argv(void)
{
	static char *argv[2];
	char *shell = getenv("SHELL");

	argv[0] = shell != NULL && shell[0] != '\0' ? shell :
	    xstrdup(_PATH_BSHELL);
	return argv;
}

static void
report_rules(const struct rules *rules, FILE *out)
{
	const struct rule *r;

	for (r = rules->v; r < rules->v + rules->n; r++)
		if (r->mode != 0)
			report(out, "rule: %s %s (%s%s%s)",
			    rights_name(r->rights), r->path, r->origin,
			    r->reason ? ": " : "", r->reason ? r->reason : "");
}

static void
report_policy(const struct policy *p, FILE *out)
{
	const struct command *c;
	size_t i;

	report_rules(&p->user, out);
	report_rules(&p->table, out);
	for (i = 0; i < p->sockets.n; i++)
		report(out, "socket: %s (%s)", p->sockets.v[i].path,
		    p->sockets.v[i].origin);
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		report(out, "block: %s (%s%s%s)", c->path, c->origin,
		    c->reason ? ": " : "", c->reason ? c->reason : "");
	report(out, "network: %s", p->net_off ? "off (-n)" : "on");
}

/* Add "-x name" to a list of options, which is malloced, or NULL at first. */
static char *
add_option(char *open, const char *name)
{
	char *more = xasprintf("%s%s-x %s", open == NULL ? "" : open,
	    open == NULL ? "" : " ", name);

	free(open);
	return more;
}

/* Say that a command is blocked, and which options open it. */
static _Noreturn void
say_blocked(const char *name, const char *open)
{
	say("%s: blocked; restart nono with \"%s\" to allow it", name,
	    open);
	exit(EXIT_CANNOT);
}

/* The command that was asked for; its file may have several blocked names. */
static _Noreturn void
blocked(const struct policy *p, const struct command *c)
{
	const struct command *o, *same;
	char *open = add_option(NULL, c->name);

	for (o = p->blocked; o < p->blocked + p->nblocked; o++) {
		for (same = p->blocked; strcmp(same->name, o->name) != 0;)
			same++;
		if (c->multicall || strcmp(o->file, c->file) != 0 ||
		    strcmp(o->name, c->name) == 0 || same != o)
			continue;
		open = add_option(open, o->name);
	}
	say_blocked(c->name, open);
}

/*
 * nono stands in for a blocked command, inside of another nono: say so.  The
 * file may have several blocked names, by links that lead to it; if the tables
 * have none of them, it is blocked by the one that it was called.
 */
static _Noreturn void
blocked_inside(const char *argv0, const char *path)
{
	const char *name = strrchr(argv0, '/') == NULL ? argv0 :
	    strrchr(argv0, '/') + 1;
	size_t dir = (size_t)(strrchr(path, '/') + 1 - path);
	char *open = NULL, *other, *real;
	const struct entry *e;

	for (e = table_commands; e->name != NULL; e++) {
		other = xasprintf("%.*s%s", (int)dir, path, e->name);
		real = realpath(other, NULL);
		if (e->flags & backend_system && real != NULL &&
		    strcmp(real, path) == 0)
			open = add_option(open, e->name);
		free(other);
		free(real);
	}
	if (open == NULL)
		open = add_option(NULL, name);
	say_blocked(name, open);
}

/*
 * nono-learn is another program, and lies beside this one: where the kernel
 * says that this one is, whatever it was called.
 */
static _Noreturn void
learn(char *argv[])
{
	char self[PATH_MAX];
	char *path;
	ssize_t n;

	if (backend_system != SYS_LINUX)
		die("learn: works on Linux only");
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n == -1)
		die("learn: /proc/self/exe: %s", strerror(errno));
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	path = path_join(self, "nono-learn");
	execv(path, argv);
	die("learn: %s: %s; it belongs beside nono", path, strerror(errno));
}

int
main(int argc, char *argv[])
{
	struct policy policy = { 0 };
	struct run run = { 0 };
	const struct command *c;
	const struct rule *by;
	struct stat st;
	bool shell;
	char *path, *file;
	FILE *out;

	if (argc > 0 && (path = backend_blocked(argv[0])) != NULL)
		blocked_inside(argv[0], path);
	if (argc > 1 && strcmp(argv[1], "learn") == 0)
		learn(argv + 1);
	shell = argc > 1 && strcmp(argv[1], "shell") == 0;
	if (shell || (argc > 1 && strcmp(argv[1], "run") == 0)) {
		argc--;
		argv++;
	}
	options_parse(&policy, &run, argc, argv);
	if (shell && optind < argc)
		die("shell: %s: takes no command; nono run does",
		    argv[optind]);
	if (run.output != NULL)
		die("-o: belongs to nono learn");
	run.argv = shell ? shell_argv() : argv + optind;
	if (run.argv[0] == NULL)
		die("no command; see \"nono --help\"");

	out = run.dry_run ? stdout : run.verbose ? stderr : NULL;
	policy.absent = backend_absent || out != NULL;
	path = command_find(run.argv[0]);
	file = path_resolve(path, &st);
	policy_seal(&policy, file);
	if ((c = policy_blocked(&policy, path, file)) != NULL)
		blocked(&policy, c);
	if (file != NULL && !(policy_decide(&policy, file, &by) & RIGHT_READ)) {
		say("%s: denied by %s %s", file, by->origin, by->path);
		exit(EXIT_CANNOT);
	}
	backend_check(&policy);

	if (out != NULL)
		report_policy(&policy, out);
	environment_drop(&policy, out);
	if (out != NULL) {
		backend_render(&policy, out);
		silent = true;		/* it was all said */
	}
	if (run.dry_run)
		finish();

	backend_apply(&policy);
	command_execute(path, run.argv);
	say("%s: %s%s", run.argv[0], strerror(errno), errno == EACCES ||
	    errno == ENOENT ? "; is its interpreter granted?" : "");
	return EXIT_CANNOT;
}
