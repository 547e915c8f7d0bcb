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
 * nono from main() to where a backend would take over, for the targets that
 * fuzz what it reads: whatever that is, nono goes on with a policy that is in
 * order, or exits with a status of its own and one line that can be printed.
 */

#ifndef FUZZ_NONO_H
#define FUZZ_NONO_H

#include <err.h>
#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool	reached;		/* the backend, or another program */

/* What ends the program ends the attempt. */
static _Noreturn void	fuzz_exit(int);
static int	fuzz_exec(const char *, char *const []);
static FILE	*fuzz_out, *fuzz_err;

#undef stdout
#undef stderr
#define stdout	fuzz_out
#define stderr	fuzz_err
#define printf(...)	fprintf(fuzz_out, __VA_ARGS__)
#define exit	fuzz_exit
#define execv	fuzz_exec
#define execvp	fuzz_exec
#define main	nono_main
#include "util.c"	/* NOLINT: for what exits */
#include "command.c"	/* NOLINT */
#include "options.c"	/* NOLINT */
#include "nono.c"	/* NOLINT: for what is static in it */
#undef main
#undef exit

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

const unsigned	backend_system = SYS_LINUX;
const bool	backend_absent = false;

/* check tries itself in a process of its own, which is not to be had here. */
int
pipe(int fd[2])
{
	(void)fd;
	errno = ENOSYS;
	return -1;
}

static jmp_buf	end;

static _Noreturn void
fuzz_exit(int status)
{
	longjmp(end, 1000 + status);
}

static int
fuzz_exec(const char *path, char *const argv[])
{
	(void)path;
	(void)argv;
	reached = true;
	fuzz_exit(0);
}

static void
check_rules(const struct rules *rules)
{
	const struct rule *r;
	size_t i;

	for (i = 0; i < rules->n; i++) {
		r = &rules->v[i];
		if (r->path[0] != '/' || r->len != path_len(r->path) ||
		    r->rights > 3 || r->origin == NULL ||
		    (r->len > 0 && r->path[r->len - 1] == '/') ||
		    strstr(r->path, "//") != NULL ||
		    strstr(r->path, "/../") != NULL)
			abort();
		if (i > 0 && path_cmp(r[-1].path, r[-1].len, r->path,
		    r->len) >= 0)
			abort();
	}
}

static void
release(struct rules *rules)
{
	while (rules->n > 0)
		free(rules->v[--rules->n].path);
	free(rules->v);
}

/* Only the command line owns the policy, and it is not read again. */
void
backend_check(const struct policy *p)
{
	struct policy all = *p;
	size_t i;

	check_rules(&p->user);
	check_rules(&p->table);
	check_rules(&p->sockets);
	for (i = 0; i < p->nblocked; i++)
		if (p->blocked[i].path[0] != '/' ||
		    p->blocked[i].file[0] != '/' || p->blocked[i].name == NULL)
			abort();
	for (i = 0; i < p->user.n; i++)
		policy_decide(p, p->user.v[i].path, NULL);
	release(&all.user);
	release(&all.table);
	release(&all.sockets);
	reached = true;
	fuzz_exit(0);
}

void
backend_render(const struct policy *p, FILE *out)
{
	(void)p;
	(void)out;
}

void
backend_apply(const struct policy *p)
{
	(void)p;
}

char *
backend_blocked(const char *argv0)
{
	(void)argv0;
	return NULL;
}

#if __has_include("why.c")
unsigned
backend_rights(const struct policy *p, const char *path, unsigned rights,
    const char **note)
{
	(void)p;
	(void)path;
	(void)note;
	return rights;
}

bool
backend_allows(const struct policy *p, enum query_kind kind,
    const char *subject, bool allowed, const char **note)
{
	(void)p;
	(void)kind;
	(void)subject;
	(void)note;
	return allowed;
}

const struct feature *
backend_features(void)
{
	reached = true;
	fuzz_exit(0);
}
#endif

/* Run once, in a directory with something in it. */
static void
start(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/fuzz-options", tmp == NULL ? "/tmp" : tmp);

	if ((mkdir(dir, 0755) == -1 && errno != EEXIST) || chdir(dir) == -1)
		err(1, "%s", dir);
	mkdir("dir", 0755);
	mkdir("dir/.ssh", 0755);
	if (symlink("dir", "link") == -1 || symlink("loop", "loop") == -1)
		errno = 0;		/* they are there */
	clearenv();
	setenv("HOME", dir, 1);
	setenv("TMPDIR", dir, 1);
	setenv("PATH", "/bin", 1);
}

/* What was said: warnings aside one line, of characters that print. */
static void
check_said(const char *said, int status)
{
	size_t lines = 0;
	const char *next;

	for (; *said != '\0'; said = next) {
		if (strchr(said, '\n') == NULL ||
		    strncmp(said, "nono: ", 6) != 0)
			abort();
		for (next = said; *next != '\n'; next++)
			if ((unsigned char)*next < ' ' || *next == 0x7f)
				abort();
		next++;
		lines += strncmp(said, "nono: warning: ", 15) != 0 &&
		    status != 0;
	}
	if (status == 0 ? lines != 0 : lines != 1)
		abort();
}

static void
attempt(int argc, char **argv)
{
	char *out = NULL, *error = NULL;
	size_t outlen, errlen;
	volatile int status = -1;

	if ((fuzz_out = open_memstream(&out, &outlen)) == NULL ||
	    (fuzz_err = open_memstream(&error, &errlen)) == NULL)
		abort();
	reached = silent = false;
	optind = 0;			/* getopt_long(3): anew */
	if ((status = setjmp(end)) == 0)
		status = 1000 + nono_main(argc, argv);
	fclose(fuzz_out);
	fclose(fuzz_err);
	status -= 1000;
	if (status != 0 && (status < EXIT_NONO || status > EXIT_NOTFOUND))
		abort();
	if (status == 0 && !reached && outlen == 0)
		abort();
	check_said(error, status);
	free(out);
	free(error);
}

#endif
