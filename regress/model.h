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
 * The contract of policy_decide(), word by word; slow and obvious.
 */

#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <string.h>

#include "nono.h"

/* Is the first path the second one, or does it go on with a slash? */
static bool
beneath(const char *path, const char *top)
{
	size_t n = strlen(top);

	if (strcmp(top, "/") == 0 || n == 0 || strcmp(path, top) == 0)
		return true;
	return strlen(path) > n && strncmp(path, top, n) == 0 &&
	    path[n] == '/';
}

static const struct rule *
model_longest(const struct rules *rules, const char *path)
{
	const struct rule *best = NULL;
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (beneath(path, rules->v[i].path) &&
		    (best == NULL || rules->v[i].len >= best->len))
			best = &rules->v[i];
	return best;
}

static unsigned
model_decide(const struct rules *user, const struct rules *table,
    const char *path)
{
	const struct rule *u = model_longest(user, path);
	const struct rule *t = model_longest(table, path);

	if (u == NULL && t == NULL)
		return 0;
	if (u == NULL)
		return t->rights;
	if (t == NULL)
		return u->rights;
	if (beneath(u->path, t->path))
		return u->rights;
	if (u->rights == 0)
		return 0;
	if (t->flags & RULE_LIMIT)
		return t->rights;
	return u->rights | t->rights;
}

#endif
