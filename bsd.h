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
 * What macOS and OpenBSD have in common: the kernel is given paths with
 * rights, of which the most specific decides, as in the policy itself.
 *
 *	backend-macos.c		one profile for sandbox_init(3)
 *	backend-openbsd.c	calls of unveil(2) and pledge(2)
 *
 * All of this is compiled on every system, for tests.
 */

#ifndef BSD_H
#define BSD_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

struct policy;

/* A path from which on down the rights are others than above it. */
struct change {
	const char	*path;
	size_t		 len;		/* of path; 0 for "/" */
	unsigned	 rights;	/* RIGHT_* */
	unsigned	 above;		/* rights above */
	size_t		 toplen;	/* of the path from which those hold */
	mode_t		 mode;		/* st_mode; 0: the path is absent */
	bool		 blocked;	/* a command */
};

struct changes {
	struct change	*v;		/* by path_cmp(), each path once */
	size_t		 n;
};

/*
 * The changes of a sealed policy, which must outlive them; those of absent
 * paths only if so asked.  Where nothing is granted above, a denial is no
 * change.  The file of a blocked command has no rights, unless that would take
 * other commands away.
 */
void	changes_make(struct changes *, const struct policy *, bool absent);

/*
 * Open what must not open, now that the process is confined, or die: what is
 * denied beneath a grant, what is read-only beneath one, and the home.
 */
void	changes_try(const struct changes *, const struct policy *);

/* Die unless descriptors 0, 1 and 2 are fit for the command. */
void	descriptors_check(void);

/* Close a descriptor if the command must not inherit it.  Is it open at all? */
bool	descriptor_pass(const struct policy *, int);

#endif
