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
#include <getopt.h>
#include <limits.h>
#include <paths.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

#ifndef VERSION
#define VERSION		"0.1"
#endif

extern char	**environ;

static bool	silent;

static const struct option_help {
	const char	*name;		/* long */
	int		 value;		/* the short option, or one of enum */
	const char	*argument;	/* its name, or NULL */
	const char	*help;		/* NULL: the same as the one before */
} options[] = {
	{ "allow", 'a', "path", "read, execute, write, create, delete" },
	{ "read", 'r', "path", "read and execute" },
	{ "write", 'w', "path", "write, create, delete; not read" },
	{ "allow-file", 'A', "path", "as -a, for a file only" },
	{ "read-file", 'R', "path", "as -r, for a file only" },
	{ "write-file", 'W', "path", "as -w, for a file only" },
	{ "deny", 'd', "path", "nothing at all" },
	{ "allow-cwd", 'C', NULL, "the same as -a ." },
	{ "block-net", 'n', NULL, "no network" },
	{ "net-block", 'n', NULL, NULL },
	{ "allow-unix-socket", 'u', "path",
	    "connect to unix sockets at or beneath path" },
	{ "block-command", 'b', "command", "block this command too" },
	{ "allow-command", 'x', "command", "do not block this command" },
	{ "allow-env", 'e', "name", "keep this environment variable" },
	{ "drop-env", 'E', "name", "drop this one too" },
	{ "verbose", 'v', NULL, "say what is applied and how" },
	{ "silent", 's', NULL, "no warnings" },
	{ "dry-run", 'D', NULL, "print the policy; run nothing" },
	{ "help", 'h', NULL, "print this" },
	{ "version", 'V', NULL, "print the version" }
};
#define NOPTIONS	(sizeof(options) / sizeof(options[0]))
#define SHORT		"arwdnubxevshV"		/* those with a short form */

struct run {				/* what main() was asked for */
	bool	 verbose, dry_run;
	char	**argv;			/* the command's */
};

/*
 * Messages.
 */

static void
print(FILE *f, const char *prefix, const char *fmt, va_list ap)
{
	char *s, *line, *p;
	size_t i, n;

	if (vasprintf(&s, fmt, ap) == -1)
		_exit(EXIT_NONO);
	/* whole lines in one write, so that those of others stay apart */
	n = strlen(prefix) + 4 * strlen(s) + 2;
	line = xreallocarray(NULL, n, 1);
	p = line + sprintf(line, "%s", prefix);
	for (i = 0; s[i] != '\0'; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			p += sprintf(p, "\\%03o", (unsigned char)s[i]);
		else
			*p++ = s[i];
	*p++ = '\n';
	fwrite(line, 1, (size_t)(p - line), f);
	fflush(f);
	free(line);
	free(s);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(stderr, "nono: ", fmt, ap);
	va_end(ap);
}

void
warning(const char *fmt, ...)
{
	va_list ap;

	if (silent)
		return;
	va_start(ap, fmt);
	print(stderr, "nono: warning: ", fmt, ap);
	va_end(ap);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(stderr, "nono: ", fmt, ap);
	va_end(ap);
	exit(EXIT_NONO);
}

void
report(FILE *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(f, f == stderr ? "nono: " : "", fmt, ap);
	va_end(ap);
}

void *
xreallocarray(void *v, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		die("out of memory");
	if ((v = realloc(v, n * size)) == NULL)
		die("out of memory");
	return v;
}

char *
xstrdup(const char *s)
{
	char *copy;

	if ((copy = strdup(s)) == NULL)
		die("out of memory");
	return copy;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int r;

	va_start(ap, fmt);
	r = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (r == -1)
		die("out of memory");
	return s;
}

/*
 * Options.
 */

/* Exit, having printed what was asked for. */
static _Noreturn void
finish(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		die("standard output: %s", strerror(errno));
	exit(0);
}

static _Noreturn void
usage(void)
{
	char left[40];
	size_t i;

	printf("usage: nono [run] [options] [--] command [argument ...]\n"
	    "       nono shell [options]\n\n");
	for (i = 0; i < NOPTIONS; i++) {
		const struct option_help *o = &options[i];

		snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
		    strchr(SHORT, o->value) && o->help ? "-" : " ",
		    strchr(SHORT, o->value) && o->help ? o->value : ' ',
		    strchr(SHORT, o->value) && o->help ? ", " : "  ",
		    o->name, o->argument ? " " : "",
		    o->argument ? o->argument : "");
		printf("  %-30s %s\n", left, o->help ? o->help :
		    "the same");
	}
	printf("\nThe manual page nono(1) explains them.\n");
	finish();
}

/* The name under which an option was given: "-a", "--allow". */
static const char *
option_name(int value, int index)
{
	static char names[NOPTIONS][24];
	static char shorts[sizeof(SHORT)][3];
	char *s;

	if (index == -1) {
		s = shorts[strchr(SHORT, value) - SHORT];
		snprintf(s, 3, "-%c", value);
	} else {
		s = names[index];
		snprintf(s, sizeof(names[0]), "--%s", options[index].name);
	}
	return s;
}

/*
 * Die of what getopt_long(3) could not read.  It leaves in optopt a short
 * option, the value of a long one that is known, or 0.
 */
static _Noreturn void
bad_option(int c, const char *argument)
{
	char name[3] = { '-', (char)optopt, '\0' };
	bool known = false;
	size_t i;

	for (i = 0; i < NOPTIONS; i++)
		known |= options[i].value == optopt;
	if (c == ':')
		die("%s: needs an argument; see \"nono --help\"",
		    strncmp(argument, "--", 2) == 0 ? argument : name);
	if (known)
		die("%s: takes no argument", argument);
	die("%s: unknown option; see \"nono --help\"",
	    optopt == 0 ? argument : name);
}

/* A name of a command or variable; as a pattern where that makes sense. */
static void
add_name(struct choices *c, const char *option, const char *name,
    const char *invalid, bool listed)
{
	if (name[0] == '\0')
		die("%s: empty name", option);
	if (strpbrk(name, invalid) != NULL)
		die("%s: %s: not a name; none of \"%s\" may be in it", option,
		    name, invalid);
	names_add(c, option, name, listed);
}

/* Reads the options into *p and *run; the command is left at argv[optind]. */
static void
parse(struct policy *p, struct run *run, int argc, char *argv[])
{
	struct option longs[NOPTIONS + 1] = { { 0 } };
	char shorts[2 + 2 * sizeof(SHORT)] = "+:", *s = shorts + 2;
	const char *name;
	int c, index = -1;
	size_t i;

	for (i = 0; i < NOPTIONS; i++) {
		longs[i] = (struct option){ options[i].name,
		    options[i].argument != NULL, NULL, options[i].value };
		if (strchr(SHORT, options[i].value) == NULL)
			continue;
		*s++ = (char)options[i].value;
		if (options[i].argument != NULL)
			*s++ = ':';
	}
	*s = '\0';
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, &index)) != -1) {
		if (c == '?' || c == ':')
			/* musl goes on past an argument that is not there */
			bad_option(c, argv[optind > argc ? argc - 1 :
			    optind - 1]);
		name = option_name(c, index);
		index = -1;
		switch (c) {
		case 'a':
		case 'A':
			policy_add(p, name, optarg, RIGHT_READ | RIGHT_WRITE,
			    c == 'A');
			break;
		case 'r':
		case 'R':
			policy_add(p, name, optarg, RIGHT_READ, c == 'R');
			break;
		case 'w':
		case 'W':
			policy_add(p, name, optarg, RIGHT_WRITE, c == 'W');
			break;
		case 'd':
			policy_add(p, name, optarg, 0, false);
			break;
		case 'C':
			policy_add(p, name, ".", RIGHT_READ | RIGHT_WRITE,
			    false);
			break;
		case 'n':
			p->net_off = true;
			break;
		case 'u':
			policy_add_socket(p, name, optarg);
			break;
		case 'b':
			add_name(&p->commands, name, optarg, "/*?[\\", true);
			break;
		case 'x':
			add_name(&p->commands, name, optarg, "/", false);
			break;
		case 'e':
		case 'E':
			add_name(&p->environment, name, optarg, "=", c == 'E');
			break;
		case 'v':
			run->verbose = true;
			break;
		case 's':
			silent = true;
			break;
		case 'D':
			run->dry_run = true;
			break;
		case 'h':
			usage();
		case 'V':
			printf("nono %s\n", VERSION);
			finish();
		}
	}
}

/*
 * The command.
 */

static _Noreturn void
cannot(int status, const char *name, const char *why)
{
	say("%s: %s", name, why);
	exit(status);
}

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

/* The path by which execvp(3) would run name, or exit. */
static char *
find_command(const char *name)
{
	const char *path = getenv("PATH");
	char *dirs, *next, *dir, *file, *unusable = NULL;

	if (name[0] == '\0')
		cannot(EXIT_NOTFOUND, "\"\"", "not found");
	if (strchr(name, '/') != NULL) {
		if (executable(name))
			return xstrdup(name);
		cannot(errno == ENOENT || errno == ENOTDIR ? EXIT_NOTFOUND :
		    EXIT_CANNOT, name, strerror(errno));
	}
	dirs = next = xstrdup(path == NULL ? _PATH_DEFPATH : path);
	while ((dir = strsep(&next, ":")) != NULL) {
		file = xasprintf("%s/%s", dir[0] == '\0' ? "." : dir, name);
		if (executable(file)) {
			free(dirs);
			return file;
		}
		/* a directory that cannot be searched has nothing in it */
		if (errno == EACCES && access(file, F_OK) == 0)
			unusable = file;
		else
			free(file);
	}
	if (unusable != NULL)
		cannot(EXIT_CANNOT, unusable, strerror(EACCES));
	cannot(EXIT_NOTFOUND, name, "not found in PATH");
}

/* As execvp(3) does, but musl's: a file that is no program is a script. */
static void
execute(char *path, char **argv)
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

static char **
shell_argv(void)
{
	static char *argv[2];
	char *shell = getenv("SHELL");

	argv[0] = shell != NULL && shell[0] != '\0' ? shell :
	    xstrdup(_PATH_BSHELL);
	return argv;
}

/*
 * The environment, less what the table and the options drop.  Goes through
 * environ in place: pointers move down over those that are dropped.
 */
static void
drop_environment(const struct policy *p, FILE *out)
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
	shell = argc > 1 && strcmp(argv[1], "shell") == 0;
	if (shell || (argc > 1 && strcmp(argv[1], "run") == 0)) {
		argc--;
		argv++;
	}
	parse(&policy, &run, argc, argv);
	if (shell && optind < argc)
		die("shell: %s: takes no command; nono run does",
		    argv[optind]);
	run.argv = shell ? shell_argv() : argv + optind;
	if (run.argv[0] == NULL)
		die("no command; see \"nono --help\"");

	out = run.dry_run ? stdout : run.verbose ? stderr : NULL;
	policy.absent = backend_absent || out != NULL;
	path = find_command(run.argv[0]);
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
	drop_environment(&policy, out);
	if (out != NULL) {
		backend_render(&policy, out);
		silent = true;		/* it was all said */
	}
	if (run.dry_run)
		finish();

	backend_apply(&policy);
	execute(path, run.argv);
	say("%s: %s%s", run.argv[0], strerror(errno), errno == EACCES ||
	    errno == ENOENT ? "; is its interpreter granted?" : "");
	return EXIT_CANNOT;
}
