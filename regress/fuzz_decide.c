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
 * The rule that decides, against the contract word by word.  The input has
 * rules and paths, in bytes: what a rule says, its path's depth and names.
 *
 * with: policy.c path.c blocklist.c util.c regress/stub.c
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "nono.h"

#define RULES	24
#define DEPTH	7

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct input {
	const uint8_t	*next, *end;
};

/* 0 when there is no more. */
static unsigned
byte(struct input *in)
{
	return in->next < in->end ? *in->next++ : 0;
}

static char *
make_path(struct input *in, unsigned depth)
{
	static const char *const names[] = {
		"a", "b", "a b", "a-b", "aa", "a\001", "\377", "."
	};
	char *path = xstrdup("/"), *longer;

	while (depth-- > 0) {
		longer = path_join(path, names[byte(in) % 8]);
		free(path);
		path = longer;
	}
	return path;
}

static void
make_rules(struct input *in, struct rules *user, struct rules *table)
{
	struct rules *rules;
	unsigned say, n = byte(in) % RULES;
	struct rule *r;

	while (n-- > 0) {
		say = byte(in);
		rules = say & 0x80 ? table : user;
		r = &rules->v[rules->n];
		*r = (struct rule){ .rights = say & 3, .mode = 1,
		    .flags = say & 0x80 && (say & 3) != 3 && (say & 0x40 ||
		    (say & 3) == 0) ? RULE_LIMIT : 0,
		    .seq = (unsigned)rules->n,
		    .path = make_path(in, (say >> 2 & 7) % DEPTH) };
		r->len = path_len(r->path);
		rules->n++;
	}
}

static void
copy(struct rules *to, const struct rules *from)
{
	size_t i;

	*to = *from;
	to->v = xreallocarray(NULL, RULES, sizeof(*to->v));
	memcpy(to->v, from->v, RULES * sizeof(*to->v));
	for (i = 0; i < to->n; i++)
		to->v[i].path = xstrdup(from->v[i].path);
}

static void
release(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		free(rules->v[i].path);
	free(rules->v);
}

/* In order, each path once, and what lies beneath follows at once. */
static void
check_order(const struct rules *rules)
{
	size_t i, j;
	bool in;

	for (i = 0; i < rules->n; i++)
		for (in = true, j = i + 1; j < rules->n; j++) {
			if (strcmp(rules->v[i].path, rules->v[j].path) == 0 ||
			    beneath(rules->v[i].path, rules->v[j].path))
				abort();
			if (!beneath(rules->v[j].path, rules->v[i].path))
				in = false;
			else if (!in)
				abort();
		}
}

static void
check(const struct policy *p, const struct rules *user,
    const struct rules *table, const char *path)
{
	const struct rule *by;
	unsigned got = policy_decide(p, path, &by);

	if (got != model_decide(user, table, path) ||
	    got != policy_decide(p, path, NULL))
		abort();
	if (by == NULL ? got != 0 : !beneath(path, by->path))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule u[RULES], t[RULES];
	struct rules user = { .v = u }, table = { .v = t };
	struct input in = { data, data + size };
	struct policy p = { 0 };
	size_t i;
	char *path;

	memset(u, 0, sizeof(u));
	memset(t, 0, sizeof(t));
	make_rules(&in, &user, &table);
	copy(&p.user, &user);
	copy(&p.table, &table);
	rules_sort(&p.user);
	rules_sort(&p.table);
	check_order(&p.user);
	check_order(&p.table);
	for (i = 0; i < user.n; i++)
		check(&p, &user, &table, u[i].path);
	for (i = 0; i < table.n; i++)
		check(&p, &user, &table, t[i].path);
	do {
		path = make_path(&in, byte(&in) % DEPTH);
		check(&p, &user, &table, path);
		free(path);
	} while (in.next < in.end);
	release(&p.user);
	release(&p.table);
	for (i = 0; i < user.n; i++)
		free(u[i].path);
	for (i = 0; i < table.n; i++)
		free(t[i].path);
	return 0;
}
