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
#include <stdlib.h>
#include <string.h>

#include "nono.h"

#ifndef VERSION
#define VERSION		"0.1"
#endif

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
	{ "output", 'o', "file", "learn: write a profile to file" },
	{ "verbose", 'v', NULL, "say what is applied and how" },
	{ "silent", 's', NULL, "no warnings" },
	{ "dry-run", 'D', NULL, "print the policy; run nothing" },
	{ "help", 'h', NULL, "print this" },
	{ "version", 'V', NULL, "print the version" }
};
#define NOPTIONS	(sizeof(options) / sizeof(options[0]))
#define SHORT		"arwdnubxeovshV"		/* those with a short form */

static _Noreturn void
usage(void)
{
	char left[40];
	size_t i;

	printf("usage: nono [run] [options] [--] command [argument ...]\n"
	    "       nono shell [options]\n"
	    "       nono learn [options] [--] command [argument ...]\n\n");
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

void
options_parse(struct policy *p, struct run *run, int argc, char *argv[])
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
		case 'o':
			run->output = optarg;
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
