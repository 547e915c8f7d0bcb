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

/* What backend-openbsd.c shows to tests. */

#ifndef OPENBSD_H
#define OPENBSD_H

#include <stddef.h>

struct policy;

struct call {				/* of unveil(2) */
	const char	*path;
	char		 permissions[5];
};

struct calls {
	struct call	*v;		/* malloced */
	size_t		 n;
	const char	*promises;	/* of pledge(2), for what is executed */
};

/* The calls that say what a sealed policy says, whose paths they refer to. */
void	calls_make(struct calls *, const struct policy *);

#endif
