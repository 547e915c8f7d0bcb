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
 * The policy by itself: the order of paths, and the rule that decides, against
 * a slow and obvious reading of the rules on random ones.
 */

#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"
#include "nono.h"

static int
cmp(const char *a, const char *b)
{
	return path_cmp(a, strlen(a), b, strlen(b));
}

static bool
is_beneath(const char *path, const char *top)
{
	return path_beneath(path, strlen(path), top, strlen(top));
}

ATF_TC_WITHOUT_HEAD(order);
ATF_TC_BODY(order, tc)
{
	(void)tc;
	ATF_CHECK(cmp("/a", "/a") == 0);
	ATF_CHECK(cmp("/a", "/b") < 0);
	ATF_CHECK(cmp("", "/a") < 0);
	/* what lies beneath follows at once: '-' and ' ' sort before '/' */
	ATF_CHECK(cmp("/a/x", "/a-b") < 0);
	ATF_CHECK(cmp("/a/x", "/a b") < 0);
	ATF_CHECK(cmp("/a/x", "/a\001") < 0);
	ATF_CHECK(cmp("/a/x", "/a\377") < 0);
	ATF_CHECK(cmp("/a", "/a/x") < 0);
	ATF_CHECK(cmp("/a\377", "/ab") > 0);
}

ATF_TC_WITHOUT_HEAD(component);
ATF_TC_BODY(component, tc)
{
	(void)tc;
	ATF_CHECK(is_beneath("/home/me/.ssh", "/home/me/.ssh"));
	ATF_CHECK(is_beneath("/home/me/.ssh/id", "/home/me/.ssh"));
	ATF_CHECK(!is_beneath("/home/me/.sshfoo", "/home/me/.ssh"));
	ATF_CHECK(!is_beneath("/home/me", "/home/me/.ssh"));
	ATF_CHECK(is_beneath("/home", ""));
	ATF_CHECK(is_beneath("", ""));
}

/*
 * Random rules on a small tree of names, so that they nest.
 */

#define RULES	12
#define DEPTH	5

static const char *const names[] = { "a", "b", "a b", "a-b" };

static char *
random_path(int depth)
{
	char *path = xstrdup(""), *longer;

	while (depth-- > 0) {
		longer = xasprintf("%s/%s", path, names[rand() % 4]);
		free(path);
		path = longer;
	}
	if (path[0] == '\0') {
		free(path);
		path = xstrdup("/");
	}
	return path;
}

static void
random_rules(struct rules *rules, bool table)
{
	size_t i;

	*rules = (struct rules){ .v = xreallocarray(NULL, RULES,
	    sizeof(*rules->v)), .size = RULES };
	rules->n = (size_t)rand() % (RULES + 1);
	for (i = 0; i < rules->n; i++) {
		struct rule *r = &rules->v[i];

		*r = (struct rule){ .path = random_path(rand() % DEPTH),
		    .rights = (unsigned)rand() % 4, .seq = (unsigned)i };
		r->len = strcmp(r->path, "/") == 0 ? 0 : strlen(r->path);
		/* a table's denial is a limit, and so may be a read-only */
		if (table && (r->rights == 0 || (r->rights == RIGHT_READ &&
		    rand() % 3 == 0)))
			r->flags = RULE_LIMIT;
	}
}

ATF_TC_WITHOUT_HEAD(decide);
ATF_TC_BODY(decide, tc)
{
	struct rules user, table;
	struct policy p;
	char *path;
	int round, probe;
	unsigned seen[4] = { 0 }, got;
	size_t i;

	(void)tc;
	for (round = 0; round < 5000; round++) {
		srand((unsigned)round);
		random_rules(&user, false);
		random_rules(&table, true);
		p = (struct policy){ .user = user, .table = table };
		p.user.v = xreallocarray(NULL, RULES, sizeof(*user.v));
		p.table.v = xreallocarray(NULL, RULES, sizeof(*table.v));
		for (i = 0; i < user.n; i++) {
			p.user.v[i] = user.v[i];
			p.user.v[i].path = xstrdup(user.v[i].path);
		}
		for (i = 0; i < table.n; i++) {
			p.table.v[i] = table.v[i];
			p.table.v[i].path = xstrdup(table.v[i].path);
		}
		rules_sort(&p.user);
		rules_sort(&p.table);
		for (probe = 0; probe < 30; probe++) {
			path = random_path(rand() % (DEPTH + 1));
			got = policy_decide(&p, path, NULL);
			seen[got]++;
			ATF_REQUIRE_EQ_MSG(model_decide(&user, &table, path),
			    got, "round %d: %s: %u", round, path, got);
			free(path);
		}
		for (i = 0; i < user.n; i++)
			free(user.v[i].path);
		for (i = 0; i < table.n; i++)
			free(table.v[i].path);
		for (i = 0; i < p.user.n; i++)
			free(p.user.v[i].path);
		for (i = 0; i < p.table.n; i++)
			free(p.table.v[i].path);
		free(user.v);
		free(table.v);
		free(p.user.v);
		free(p.table.v);
	}
	for (i = 0; i < 4; i++)
		ATF_CHECK_MSG(seen[i] > 1000, "rights %zu: hardly met", i);
}

/* Of the choices the last that matches decides, else the table. */
ATF_TC_WITHOUT_HEAD(choices);
ATF_TC_BODY(choices, tc)
{
	struct choices c = { NULL, 0 };
	struct listed l;

	(void)tc;
	ATF_CHECK(names_find(table_commands, &c, "rm", &l));
	ATF_CHECK_STREQ("table", l.origin);
	ATF_CHECK(l.reason != NULL);
	ATF_CHECK(!names_find(table_commands, &c, "ls", &l));
	names_add(&c, "-x", "*", false);
	ATF_CHECK(!names_find(table_commands, &c, "rm", &l));
	names_add(&c, "-b", "rm", true);
	ATF_CHECK(names_find(table_commands, &c, "rm", &l));
	ATF_CHECK_STREQ("-b", l.origin);
	ATF_CHECK(!names_find(table_commands, &c, "dd", &l));
	names_add(&c, "-x", "r?", false);
	ATF_CHECK(!names_find(table_commands, &c, "rm", &l));
	ATF_CHECK(names_find(table_environment, &(struct choices){ NULL, 0 },
	    "TF_TOKEN_app_terraform_io", &l));
	free(c.v);
}

static void
check_table(const struct entry *e, bool paths)
{
	const struct entry *o, *first = e;

	for (; e->name != NULL; e++) {
		ATF_CHECK_MSG(e->reason != NULL && e->reason[0] != '\0',
		    "%s: no reason", e->name);
		ATF_CHECK_MSG(e->flags & SYS_ALL, "%s: no system", e->name);
		if (paths) {
			ATF_CHECK_MSG(e->name[0] == '/' ||
			    strncmp(e->name, "~/", 2) == 0,
			    "%s: neither / nor ~", e->name);
			ATF_CHECK_MSG(e->name[strlen(e->name) - 1] != '/',
			    "%s: ends in /", e->name);
		}
		for (o = first; o < e; o++)
			ATF_CHECK_MSG(strcmp(o->name, e->name) != 0 ||
			    !(o->flags & e->flags & SYS_ALL),
			    "%s: twice", e->name);
	}
}

ATF_TC_WITHOUT_HEAD(tables);
ATF_TC_BODY(tables, tc)
{
	const struct entry *e;

	(void)tc;
	check_table(table_grants, true);
	check_table(table_denied, true);
	check_table(table_commands, false);
	check_table(table_environment, false);
	for (e = table_denied; e->name != NULL; e++)
		ATF_CHECK_MSG(e->rights == 0 && e->flags & RULE_LIMIT,
		    "%s: does not deny", e->name);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, order);
	ATF_TP_ADD_TC(tp, component);
	ATF_TP_ADD_TC(tp, decide);
	ATF_TP_ADD_TC(tp, choices);
	ATF_TP_ADD_TC(tp, tables);
	return atf_no_error();
}
