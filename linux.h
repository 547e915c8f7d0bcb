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
 * The Linux backend, one file per wall:
 *
 *	backend-linux.c		the order of the walls; descriptors; doors
 *	linux-landlock.c	files; abstract sockets and signals
 *	linux-caps.c		capabilities
 *	linux-seccomp.c		system calls; linux-mkfilter.c makes its
 *				programs
 */

#ifndef LINUX_H
#define LINUX_H

#include <stdio.h>

struct policy;
struct landlock;

/*
 * The kernel's Landlock ABI, 1 and up.  Dies, with the remedy, where there is
 * no Landlock (landlock_create_ruleset(2), ENOSYS and EOPNOTSUPP).
 */
int	landlock_abi(void);

/*
 * Work out which paths need which Landlock rules.  The policy must outlive
 * what is returned.  Opens nothing.
 */
struct landlock	*landlock_plan(const struct policy *, int abi);

/*
 * Print, or open paths for, the rules of a plan; the latter leaves a ruleset
 * behind for landlock_enforce().  Directories that hold something denied are
 * carved: read, and granted entry by entry.  A warning() tells what that
 * loses.  Dies where a rule of the user's cannot be held.
 */
void	landlock_render(struct landlock *, FILE *);
void	landlock_open(struct landlock *);

/* Restrict this process; see landlock_restrict_self(2).  Dies on failure. */
void	landlock_enforce(struct landlock *);

/* Try to open what is denied; die when one opens. */
void	landlock_try(const struct landlock *);

/*
 * Drop all capabilities but a few harmless ones, from the bounding and the
 * ambient set as well; see capabilities(7).  Dies on failure.
 */
void	caps_drop(void);
void	caps_render(FILE *);

/*
 * Load the seccomp(2) program made for the FILTER_ bits (linux-filter.h).
 * The process must have no_new_privs.  Dies on failure.
 */
void	seccomp_enforce(unsigned filter);

#endif
