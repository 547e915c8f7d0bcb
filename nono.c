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

extern char	**environ;

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

	for (i = 0; i < p->nprofiles; i++)
		report(out, "profile: %s (%s)", p->profiles[i].path,
		    p->profiles[i].origin);
	report_rules(&p->user, out);
	report_rules(&p->table, out);
	for (i = 0; i < p->sockets.n; i++)
		report(out, "socket: %s (%s)", p->sockets.v[i].path,
		    p->sockets.v[i].origin);
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		report(out, "block: %s (%s%s%s)", c->path, c->origin,
		    c->reason ? ": " : "", c->reason ? c->reason : "");
	report(out, "network: %s%s%s", p->net_off ? "off (" : "on",
	    p->net_off ? p->net_origin : "", p->net_off ? ")" : "");
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

/* Its file may have several blocked names. */
char *
command_options(const struct policy *p, const struct command *c)
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
	return open;
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

/* What may be written to inside would decide at the next start. */
static void
check_profiles(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->nprofiles; i++)
		if (policy_decide(p, p->profiles[i].path, NULL) & RIGHT_WRITE)
			warning("%s: this profile can be written to by the "
			    "command", p->profiles[i].path);
}

static int
answer(struct policy *p, struct run *run)
{
	p->absent = true;
	p->inspect = true;
	for (; run->argv[0] != NULL; run->argv++)
		options_ask(run, QUERY_PATH, run->argv[0]);
	if (run->queries.n == 0)
		die("why: no path; see \"nono --help\"");
	options_apply(p, run);
	policy_seal(p, NULL);
	backend_check(p);
	return why(p, &run->queries);
}

static _Noreturn void
run_command(struct policy *p, struct run *run)
{
	FILE *out = run->dry_run ? stdout : run->verbose ? stderr : NULL;
	const struct command *c;
	const struct rule *by;
	struct policy fresh;
	struct failure f;
	struct stat st;
	char *path, *file;

	p->absent = backend_absent || out != NULL;
	p->inspect = run->dry_run;
	fresh = *p;
	options_apply(p, run);
	if ((path = command_find(run->argv[0], &f)) == NULL) {
		say("%s: %s", f.name, f.why);
		exit(f.status);
	}
	file = path_resolve(path, &st);
	profile_apply_own(p, fresh, run, path, file);
	policy_seal(p, file);
	check_profiles(p);
	if ((c = policy_blocked(p, path, file)) != NULL)
		say_blocked(c->name, command_options(p, c));
	if (file != NULL && !(policy_decide(p, file, &by) & RIGHT_READ)) {
		say("%s: denied by %s %s", file, by->origin, by->path);
		exit(EXIT_CANNOT);
	}
	backend_check(p);
	if (run->json) {
		json_policy(p, path, environ);
		finish(0);
	}
	if (out != NULL)
		report_policy(p, out);
	environment_drop(p, out);
	if (out != NULL) {
		backend_render(p, out);
		silent = true;		/* it was all said */
	}
	if (run->dry_run)
		finish(0);

	backend_apply(p);
	command_execute(path, run->argv);
	say("%s: %s%s", run->argv[0], strerror(errno), errno == EACCES ||
	    errno == ENOENT ? "; is its interpreter granted?" : "");
	exit(EXIT_CANNOT);
}

/* The word before the options, if there is one. */
static const struct mode *
find_mode(int argc, char *argv[])
{
	size_t i;

	for (i = 0; argc > 1 && modes[i].name != NULL; i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			return &modes[i];
	return NULL;
}

int
main(int argc, char *argv[])
{
	struct policy policy = { 0 };
	struct run run = { .mode = find_mode(argc, argv),
	    .queries.op = RIGHT_READ | RIGHT_WRITE };
	char *path;

	if (argc > 0 && (path = backend_blocked(argv[0])) != NULL)
		blocked_inside(argv[0], path);
	if (run.mode != NULL) {
		argc--;
		argv++;
	} else
		run.mode = &modes[MODE_RUN];
	if (run.mode == &modes[MODE_LEARN])
		learn(argv);
	options_parse(&run, argc, argv);
	run.argv = argv + optind;
	if (!run.mode->operands && optind < argc)
		die("%s: %s: takes no %s", run.mode->name, argv[optind],
		    run.mode == &modes[MODE_SHELL] ?
		    "command; nono run does" : "argument");
	if (run.mode == &modes[MODE_CHECK])
		finish(check_system(run.json));
	if (run.mode == &modes[MODE_WHY])
		finish(answer(&policy, &run));
	if (run.mode == &modes[MODE_SHELL])
		run.argv = shell_argv();
	if (run.argv[0] == NULL)
		die("no command; see \"nono --help\"");
	if (run.json && !run.dry_run)
		die("--json: needs --dry-run, or why or check in front");
	run_command(&policy, &run);
}
