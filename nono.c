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

#define RUN	OPTION_RUN
#define WHY	OPTION_WHY
#define CHECK	OPTION_CHECK
#define ANY	(OPTION_RUN | OPTION_PROFILE)

static const struct option_help options[] = {
	{ "allow", 'a', "path", "read, execute, write, create, delete", ANY },
	{ "read", 'r', "path", "read and execute", ANY },
	{ "write", 'w', "path", "write, create, delete; not read", ANY },
	{ "allow-file", 'A', "path", "as -a, for a file only", ANY },
	{ "read-file", 'R', "path", "as -r, for a file only", ANY },
	{ "write-file", 'W', "path", "as -w, for a file only", ANY },
	{ "deny", 'd', "path", "nothing at all", ANY },
	{ "allow-cwd", 'C', NULL, "the same as -a .", ANY },
	{ "block-net", 'n', NULL, "no network", ANY },
	{ "net-block", 'n', NULL, NULL, ANY },
	{ "allow-unix-socket", 'u', "path",
	    "connect to unix sockets at or beneath path", ANY },
	{ "block-command", 'b', "command", "block this command too", ANY },
	{ "allow-command", 'x', "command", "do not block this command", ANY },
	{ "allow-env", 'e', "name", "keep this environment variable", ANY },
	{ "drop-env", 'E', "name", "drop this one too", ANY },
	{ "profile", 'p', "name", "read options from a profile", ANY },
	{ "verbose", 'v', NULL, "say what is applied and how", RUN },
	{ "silent", 's', NULL, "no warnings", RUN },
	{ "dry-run", 'D', NULL, "print the policy; run nothing", RUN },
	{ "json", 'J', NULL, "print it for programs", RUN | CHECK },
	{ "op", 'O', "read|write", "ask of paths whether that is allowed",
	    WHY },
	{ "host", 'H', "name", "ask for a host, as name or name:port", WHY },
	{ "command", 'M', "command", "ask for a command", WHY },
	{ "socket", 'S', "path", "ask for a unix socket", WHY },
	{ "env", 'N', "name", "ask for an environment variable", WHY },
	{ "help", 'h', NULL, "print this", RUN | CHECK },
	{ "version", 'V', NULL, "print the version", RUN | CHECK }
};
#define NOPTIONS	(sizeof(options) / sizeof(options[0]))
#define SHORT		"arwdnubxepvshV"		/* those with a short form */

/* The first argument may say what is to be done. */
static const struct mode {
	const char	*name;
	const char	*synopsis;	/* what follows it */
	unsigned	 where;		/* OPTION_ bits */
	bool		 operands;
} modes[] = {
	{ "run", "[options] [--] command [argument ...]", RUN, true },
	{ "shell", "[options]", RUN, false },
	{ "why", "[options] [--op read|write] path ...", RUN | WHY, true },
	{ "check", "[--json]", CHECK, false }
};
#define NMODES	(sizeof(modes) / sizeof(modes[0]))
enum { MODE_RUN, MODE_SHELL, MODE_WHY, MODE_CHECK };	/* in this order */

struct given {				/* an option, as it was given */
	int		 option;
	const char	*name, *argument;
};

struct run {				/* what main() was asked for */
	const struct mode *mode;
	bool		 verbose, dry_run, json;
	bool		 no_profile;	/* -p none */
	char		**argv;		/* the command's */
	struct given	*given;		/* that make the policy */
	size_t		 ngiven;
	struct queries	 queries;	/* of why */
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

static _Noreturn void
finish_with(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		die("standard output: %s", strerror(errno));
	exit(status);
}

void
finish(void)
{
	finish_with(0);
}

static _Noreturn void
usage(void)
{
	char left[40];
	size_t i;

	for (i = 0; i < NMODES; i++)
		printf("%s nono %s %s\n", i == 0 ? "usage:" : "      ",
		    i == MODE_RUN ? "[run]" : modes[i].name,
		    modes[i].synopsis);
	printf("\n");
	for (i = 0; i < NOPTIONS; i++) {
		const struct option_help *o = &options[i];

		snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
		    strchr(SHORT, o->value) && o->help ? "-" : " ",
		    strchr(SHORT, o->value) && o->help ? o->value : ' ',
		    strchr(SHORT, o->value) && o->help ? ", " : "  ",
		    o->name, o->argument ? " " : "",
		    o->argument ? o->argument : "");
		printf("  %-30s %s%s\n", left, o->where == WHY ? "why: " : "",
		    o->help ? o->help : "the same");
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

const struct option_help *
option_find(const char *name)
{
	size_t i;

	for (i = 0; i < NOPTIONS; i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

unsigned
option_rights(int option, bool *file)
{
	*file = option == 'A' || option == 'R' || option == 'W';
	return option == 'a' || option == 'A' ? RIGHT_READ | RIGHT_WRITE :
	    option == 'r' || option == 'R' ? RIGHT_READ :
	    option == 'w' || option == 'W' ? RIGHT_WRITE : 0;
}

void
option_apply(struct policy *p, int option, const char *origin,
    const char *value)
{
	unsigned rights;
	bool file;

	switch (option) {
	case 'C':
		policy_add(p, origin, ".", RIGHT_READ | RIGHT_WRITE, false);
		break;
	case 'n':
		p->net_off = true;
		p->net_origin = origin;
		break;
	case 'u':
		policy_add_socket(p, origin, value);
		break;
	case 'b':
		add_name(&p->commands, origin, value, "/*?[\\", true);
		break;
	case 'x':
		add_name(&p->commands, origin, value, "/", false);
		break;
	case 'e':
	case 'E':
		add_name(&p->environment, origin, value, "=", option == 'E');
		break;
	case 'p':
		profile_read(p, origin, value);
		break;
	default:
		rights = option_rights(option, &file);
		policy_add(p, origin, value, rights, file);
	}
}

static void
ask(struct run *run, int kind, const char *subject)
{
	struct queries *q = &run->queries;

	q->v = xreallocarray(q->v, q->n + 1, sizeof(*q->v));
	q->v[q->n++] = (struct query){ kind, subject };
}

/* An option that does not make the policy; false if it does. */
static bool
parse_other(struct run *run, int option, const char *name, const char *value)
{
	switch (option) {
	case 'v':
		run->verbose = true;
		break;
	case 's':
		silent = true;
		break;
	case 'D':
		run->dry_run = true;
		break;
	case 'J':
		run->json = run->queries.json = true;
		break;
	case 'O':
		if (strcmp(value, "read") != 0 && strcmp(value, "write") != 0)
			die("%s: %s: neither read nor write", name, value);
		run->queries.op = value[0] == 'r' ? RIGHT_READ : RIGHT_WRITE;
		break;
	case 'H':
		ask(run, QUERY_HOST, value);
		break;
	case 'M':
		ask(run, QUERY_COMMAND, value);
		break;
	case 'S':
		ask(run, QUERY_SOCKET, value);
		break;
	case 'N':
		ask(run, QUERY_ENV, value);
		break;
	case 'h':
		usage();
	case 'V':
		printf("nono %s\n", VERSION);
		finish();
	default:
		return false;
	}
	return true;
}

static void
add_given(struct run *run, int option, const char *name, const char *argument)
{
	run->given = xreallocarray(run->given, run->ngiven + 1,
	    sizeof(*run->given));
	run->given[run->ngiven++] = (struct given){ option, name, argument };
}

static void
option_tables(struct option longs[NOPTIONS + 1],
    char shorts[2 + 2 * sizeof(SHORT)])
{
	char *s = shorts + 2;
	size_t i;

	shorts[0] = '+';
	shorts[1] = ':';
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
}

/* Reads the options into *run; the command is left at argv[optind]. */
static void
parse(struct run *run, int argc, char *argv[])
{
	struct option longs[NOPTIONS + 1] = { { 0 } };
	char shorts[2 + 2 * sizeof(SHORT)];
	const char *name;
	int c, index = -1;
	size_t i;

	option_tables(longs, shorts);
	opterr = 0;
	/* with a +, options end at the first argument that is none */
	while ((c = getopt_long(argc, argv, shorts + (run->mode ==
	    &modes[MODE_WHY]), longs, &index)) != -1) {
		if (c == '?' || c == ':')
			/* musl goes on past an argument that is not there */
			bad_option(c, argv[optind > argc ? argc - 1 :
			    optind - 1]);
		name = option_name(c, index);
		index = -1;
		for (i = 0; options[i].value != c; i++)
			;
		if (!(options[i].where & run->mode->where))
			die("%s: not an option of nono %s", name,
			    run->mode->name);
		if (c == 'p' && strcmp(optarg, "none") == 0)
			run->no_profile = true;
		else if (!parse_other(run, c, name, optarg))
			add_given(run, c, name, optarg);
	}
}

/*
 * The command.
 */

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
 * The policy.
 */

static void
apply_given(struct policy *p, const struct run *run)
{
	size_t i;

	for (i = 0; i < run->ngiven; i++)
		option_apply(p, run->given[i].option, run->given[i].name,
		    run->given[i].argument);
}

/*
 * A command found at path has the profile of its name, as if that had been
 * given first: start afresh then.  But a command that something confined may
 * write to need not be what its name says.
 */
static void
apply_own_profile(struct policy *p, struct policy fresh, const struct run *run,
    const char *path, const char *file)
{
	char *profile, *found;

	if (run->no_profile || file == NULL || run->mode == &modes[MODE_SHELL] ||
	    strchr(run->argv[0], '/') != NULL ||
	    (profile = profile_own(run->argv[0])) == NULL)
		return;
	found = path_resolve_parent(path);
	if (found != NULL && !policy_may_write(p, file) &&
	    !policy_may_write(p, found)) {
		profile_read(&fresh, "its name", profile);
		apply_given(&fresh, run);
		if (!policy_may_write(&fresh, file) &&
		    !policy_may_write(&fresh, found)) {
			*p = fresh;
			return;
		}
	}
	warning("%s: the command may write to it, so its profile %s is not "
	    "applied", path, profile);
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
		ask(run, QUERY_PATH, run->argv[0]);
	if (run->queries.n == 0)
		die("why: no path; see \"nono --help\"");
	apply_given(p, run);
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
	apply_given(p, run);
	if ((path = command_find(run->argv[0], &f)) == NULL) {
		say("%s: %s", f.name, f.why);
		exit(f.status);
	}
	file = path_resolve(path, &st);
	apply_own_profile(p, fresh, run, path, file);
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
		finish();
	}
	if (out != NULL)
		report_policy(p, out);
	drop_environment(p, out);
	if (out != NULL) {
		backend_render(p, out);
		silent = true;		/* it was all said */
	}
	if (run->dry_run)
		finish();

	backend_apply(p);
	execute(path, run->argv);
	say("%s: %s%s", run->argv[0], strerror(errno), errno == EACCES ||
	    errno == ENOENT ? "; is its interpreter granted?" : "");
	exit(EXIT_CANNOT);
}

/* The word before the options, if there is one. */
static const struct mode *
find_mode(int argc, char *argv[])
{
	size_t i;

	for (i = 0; argc > 1 && i < NMODES; i++)
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
	parse(&run, argc, argv);
	run.argv = argv + optind;
	if (!run.mode->operands && optind < argc)
		die("%s: %s: takes no %s", run.mode->name, argv[optind],
		    run.mode == &modes[MODE_SHELL] ?
		    "command; nono run does" : "argument");
	if (run.mode == &modes[MODE_CHECK])
		finish_with(check_system(run.json));
	if (run.mode == &modes[MODE_WHY])
		finish_with(answer(&policy, &run));
	if (run.mode == &modes[MODE_SHELL])
		run.argv = shell_argv();
	if (run.argv[0] == NULL)
		die("no command; see \"nono --help\"");
	if (run.json && !run.dry_run)
		die("--json: needs --dry-run, or why or check");
	run_command(&policy, &run);
}
