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
 * What nono says to programs, as JSON (RFC 8259).
 */

#include <stdlib.h>
#include <string.h>

#include "nono.h"

static bool	more;			/* something precedes in this bracket */

static void	string(const char *, bool);

static void
begin(const char *key)
{
	if (more)
		putchar(',');
	more = true;
	if (key != NULL) {
		string(key, false);
		putchar(':');
	}
}

void
json_open(const char *key, char bracket)
{
	begin(key);
	putchar(bracket);
	more = false;
}

void
json_close(char bracket)
{
	putchar(bracket);
	more = true;
}

/*
 * The length of the character that s begins with, or 0 if it is not UTF-8:
 * RFC 3629, section 4, which has no surrogates and no longer forms than needed.
 */
static size_t
utf8(const unsigned char *s)
{
	static const struct {
		unsigned char	first, last;	/* of the first byte */
		unsigned char	low, high;	/* of the second */
		size_t		len;
	} forms[] = {
		{ 0x00, 0x7f, 0x00, 0xff, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 }
	};
	size_t i, n;

	for (i = 0; i < nitems(forms); i++) {
		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		if (forms[i].len == 1)
			return 1;
		if (s[1] < forms[i].low || s[1] > forms[i].high)
			return 0;
		for (n = 2; n < forms[i].len; n++)
			if ((s[n] & 0xc0) != 0x80)
				return 0;
		return forms[i].len;
	}
	return 0;
}

/* Can be taken back to the bytes if exact is true. */
static void
string(const char *value, bool exact)
{
	const unsigned char *s = (const unsigned char *)value;
	size_t n;

	putchar('"');
	for (; *s != '\0'; s += n == 0 ? 1 : n) {
		if ((n = utf8(s)) == 0)
			printf("\\\\%03o", *s);
		else if (*s < ' ' || *s == 0x7f)
			printf("\\u%04x", *s);
		else if (*s == '"')
			printf("\\\"");
		else if (*s == '\\')
			printf(exact ? "\\\\\\\\" : "\\\\");
		else
			fwrite(s, 1, n, stdout);
	}
	putchar('"');
}

void
json_string(const char *key, const char *value)
{
	begin(key);
	if (value == NULL)
		printf("null");
	else
		string(value, true);
}

void
json_text(const char *key, const char *value)
{
	begin(key);
	if (value == NULL)
		printf("null");
	else
		string(value, false);
}

void
json_bool(const char *key, bool value)
{
	begin(key);
	printf(value ? "true" : "false");
}

void
json_rights(const char *key, unsigned rights)
{
	json_open(key, '[');
	if (rights & RIGHT_READ)
		json_string(NULL, "read");
	if (rights & RIGHT_WRITE)
		json_string(NULL, "write");
	json_close(']');
}

/*
 * A policy.
 */

static void
origin(const char *from, const char *reason)
{
	json_string("origin", from);
	json_text("reason", reason);
	json_close('}');
}

static void
rules(const struct rules *all)
{
	const struct rule *r;

	for (r = all->v; r < all->v + all->n; r++) {
		if (r->mode == 0)
			continue;
		json_open(NULL, '{');
		json_string("path", r->path);
		json_rights("rights", r->rights);
		origin(r->origin, r->reason);
	}
}

static void
dropped(const struct policy *p, char **environment)
{
	struct listed l;
	char *name;

	for (; *environment != NULL; environment++) {
		name = xasprintf("%.*s", (int)strcspn(*environment, "="),
		    *environment);
		if (names_find(table_environment, &p->environment, name, &l)) {
			json_open(NULL, '{');
			json_string("name", name);
			origin(l.origin, l.reason);
		}
		free(name);
	}
}

/* The lines of backend_render(): a word, a colon, and what it says. */
static void
enforcement(const struct policy *p)
{
	char *lines = NULL, *next, *line, *text;
	size_t size;
	FILE *f;

	if ((f = open_memstream(&lines, &size)) == NULL)
		die("out of memory");
	backend_render(p, f);
	if (fclose(f) != 0)
		die("out of memory");
	for (next = lines; (line = strsep(&next, "\n")) != NULL;) {
		if ((text = strstr(line, ": ")) == NULL)
			continue;
		*text = '\0';
		json_open(NULL, '{');
		json_text("kind", line);
		json_text("text", text + 2);
		json_close('}');
	}
	free(lines);
}

void
json_policy(const struct policy *p, const char *path, char **environment)
{
	const struct command *c;
	size_t i;

	json_open(NULL, '{');
	json_string("command", path);
	json_open("profiles", '[');
	for (i = 0; i < p->nprofiles; i++) {
		json_open(NULL, '{');
		json_string("path", p->profiles[i].path);
		json_string("origin", p->profiles[i].origin);
		json_close('}');
	}
	json_close(']');
	json_open("rules", '[');
	rules(&p->user);
	rules(&p->table);
	json_close(']');
	json_open("sockets", '[');
	for (i = 0; i < p->sockets.n; i++) {
		json_open(NULL, '{');
		json_string("path", p->sockets.v[i].path);
		origin(p->sockets.v[i].origin, NULL);
	}
	json_close(']');
	json_open("blocked", '[');
	for (c = p->blocked; c < p->blocked + p->nblocked; c++) {
		json_open(NULL, '{');
		json_string("path", c->path);
		origin(c->origin, c->reason);
	}
	json_close(']');
	json_bool("network", !p->net_off);
	json_open("dropped", '[');
	dropped(p, environment);
	json_close(']');
	json_open("enforcement", '[');
	enforcement(p);
	json_close(']');
	json_close('}');
	putchar('\n');
}
