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
 * Options.
 */

#include <getopt.h>
#include <string.h>

#include "nono.h"

#ifndef VERSION
#define VERSION		"0.1"
#endif

#define RUN	OPTION_RUN
#define WHY	OPTION_WHY
#define LEARN	OPTION_LEARN
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
	{ "output", 'o', "file", "write a profile", LEARN },
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
#define SHORT		"arwdnubxepovshV"		/* those with a short form */

/* In the order of enum. */
const struct mode modes[] = {
	{ "run", "[options] [--] command [argument ...]", RUN, true },
	{ "shell", "[options]", RUN, false },
	{ "why", "[options] [--op read|write] path ...", RUN | WHY, true },
	{ "learn", "[options] [--] command [argument ...]", RUN | LEARN,
	    true },
	{ "check", "[--json]", CHECK, false },
	{ .name = NULL }
};

static _Noreturn void
usage(void)
{
	char left[40];
	size_t i;

	for (i = 0; modes[i].name != NULL; i++)
		printf("%s nono %s %s\n", i == 0 ? "usage:" : "      ",
		    i == MODE_RUN ? "[run]" : modes[i].name,
		    modes[i].synopsis);
	printf("\n");
	for (i = 0; i < nitems(options); i++) {
		const struct option_help *o = &options[i];

		snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
		    strchr(SHORT, o->value) && o->help ? "-" : " ",
		    strchr(SHORT, o->value) && o->help ? o->value : ' ',
		    strchr(SHORT, o->value) && o->help ? ", " : "  ",
		    o->name, o->argument ? " " : "",
		    o->argument ? o->argument : "");
		printf("  %-30s %s%s\n", left, o->where == WHY ? "why: " :
		    o->where == LEARN ? "learn: " : "",
		    o->help ? o->help : "the same");
	}
	printf("\nThe manual page nono(1) explains them.\n");
	finish(0);
}

/* The name under which an option was given: "-a", "--allow". */
static const char *
option_name(int value, int index)
{
	static char names[nitems(options)][24];
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

	for (i = 0; i < nitems(options); i++)
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

	for (i = 0; i < nitems(options); i++)
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

void
options_ask(struct run *run, int kind, const char *subject)
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
	case 'o':
		run->output = value;
		break;
	case 'O':
		if (strcmp(value, "read") != 0 && strcmp(value, "write") != 0)
			die("%s: %s: neither read nor write", name, value);
		run->queries.op = value[0] == 'r' ? RIGHT_READ : RIGHT_WRITE;
		break;
	case 'H':
		options_ask(run, QUERY_HOST, value);
		break;
	case 'M':
		options_ask(run, QUERY_COMMAND, value);
		break;
	case 'S':
		options_ask(run, QUERY_SOCKET, value);
		break;
	case 'N':
		options_ask(run, QUERY_ENV, value);
		break;
	case 'h':
		usage();
	case 'V':
		printf("nono %s\n", VERSION);
		finish(0);
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
option_tables(struct option longs[nitems(options) + 1],
    char shorts[2 + 2 * sizeof(SHORT)])
{
	char *s = shorts;
	size_t i;

	*s++ = '+';
	*s++ = ':';
	for (i = 0; i < nitems(options); i++) {
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

void
options_parse(struct run *run, int argc, char *argv[])
{
	struct option longs[nitems(options) + 1] = { { 0 } };
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

void
options_apply(struct policy *p, const struct run *run)
{
	size_t i;

	for (i = 0; i < run->ngiven; i++)
		option_apply(p, run->given[i].option, run->given[i].name,
		    run->given[i].argument);
}
