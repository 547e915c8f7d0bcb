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
 * The profile for macOS, of which each path must stay data whatever is in it.
 * The input is the paths of rules, each with a newline behind; the first byte
 * says what rights they have.
 *
 * with: backend-macos.c bsd.c util.c policy.c path.c blocklist.c memory.c
 *
 * What is rendered for files must be lists of lists of words of a known
 * alphabet and of strings without escapes, and each string a path of the
 * rules or one above it.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macos.h"
#include "nono.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
sandbox_init_with_parameters(const char *profile, unsigned long long flags,
    const char *const parameters[], char **error)
{
	(void)profile;
	(void)flags;
	(void)parameters;
	(void)error;
	return -1;
}

void
sandbox_free_error(char *error)
{
	(void)error;
}

/* Is a path, without its /private perhaps, one of the rules' or above one? */
static bool
is_known(const struct policy *p, const char *path, size_t len)
{
	const struct rule *r;
	size_t n = strlen("/private");

	for (r = p->user.v; r < p->user.v + p->user.n; r++)
		if (path_beneath(r->path, r->len, path, len) ||
		    (path_beneath(r->path, r->len, "/private", n) &&
		    path_beneath(r->path + n, r->len - n, path, len)))
			return true;
	return len == 1 && path[0] == '/';
}

/* A string at s, which begins with a quote; returns what is behind it. */
static const char *
check_string(const struct policy *p, const struct sbpl *pr, const char *s,
    bool parameter)
{
	const char *end = strchr(s + 1, '"');
	size_t len, i;

	if (end == NULL)
		abort();
	len = (size_t)(end - s) - 1;
	for (i = 1; i <= len; i++)
		if (s[i] < ' ' || s[i] > '~' || s[i] == '\\')
			abort();
	if (!parameter) {
		if (!is_known(p, s + 1, len))
			abort();
		return end + 1;
	}
	for (i = 0; i < pr->n; i++)
		if (strlen(pr->parameters[2 * i]) == len &&
		    strncmp(pr->parameters[2 * i], s + 1, len) == 0)
			break;
	if (i == pr->n || !is_known(p, pr->parameters[2 * i + 1],
	    strlen(pr->parameters[2 * i + 1])))
		abort();
	return end + 1;
}

static void
check_forms(const struct policy *p, const struct sbpl *pr, const char *s,
    const char *end)
{
	bool parameter = false;
	int depth = 0;

	while (s < end)
		if (*s == '"') {
			s = check_string(p, pr, s, parameter);
			parameter = false;
		} else {
			parameter |= strncmp(s, "(param ", 7) == 0;
			depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
			if (depth < 0 || (depth == 0 && *s != ')' &&
			    *s != '\n') || strchr("() \n*-"
			    "abcdefghijklmnopqrstuvwxyz", *s) == NULL)
				abort();
			s++;
		}
	if (depth != 0)
		abort();
}

static void
check(const struct policy *p)
{
	struct sbpl pr;
	const char *s, *end, *next;
	size_t i;

	sbpl_make(&pr, p);
	if (strlen(pr.text) != pr.size)
		abort();
	/* what is around it is the same for all */
	s = strstr(pr.text, "; files\n") + strlen("; files");
	end = strstr(s, "\n; for all files");
	if ((next = strstr(s, "(allow file-read* file-write* (require-all\n"))
	    != NULL)
		end = next;
	if (end == NULL)
		abort();
	check_forms(p, &pr, s, end);
	for (i = 0; i < pr.n; i++) {
		free((char *)(uintptr_t)pr.parameters[2 * i]);
		free((char *)(uintptr_t)pr.parameters[2 * i + 1]);
	}
	free(pr.parameters);
	free(pr.text);
}

/* An absolute path, without empty components or dots. */
static char *
clean(const char *line, size_t len)
{
	char *path = xasprintf("/%.*s", (int)len, line), *from, *to;

	for (from = to = path; *from != '\0'; from++)
		if (*from != '/' || (from[1] != '/' && from[1] != '\0'))
			*to++ = *from;
	if (to == path)
		*to++ = '/';
	*to = '\0';
	return path;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy p = { 0 };
	struct rule v[32] = { { 0 } }, none = { 0 };
	struct command no_command = { 0 };
	const char *next, *end;
	char *copy;
	unsigned bits;

	if (size == 0)
		return 0;
	bits = data[0];
	copy = xasprintf("%.*s", (int)size - 1, (const char *)data + 1);
	p.user.v = v;
	p.table.v = p.sockets.v = &none;
	p.blocked = &no_command;
	for (next = copy; *next != '\0' && p.user.n < 32; next = end) {
		end = next + strcspn(next, "\n");
		v[p.user.n] = (struct rule){ .path = clean(next,
		    (size_t)(end - next)), .rights = (bits + p.user.n) & 3,
		    .mode = S_IFDIR, .seq = (unsigned)p.user.n,
		    .origin = "-a" };
		v[p.user.n].len = path_len(v[p.user.n].path);
		p.user.n++;
		end += *end == '\n';
	}
	p.net_off = true;
	rules_sort(&p.user);
	check(&p);
	while (p.user.n > 0)
		free(v[--p.user.n].path);
	free(copy);
	return 0;
}
