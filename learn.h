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
 * The parts of nono-learn.c.
 */

#ifndef LEARN_H
#define LEARN_H

#include <stdbool.h>
#include <stdio.h>

struct command;
struct policy;
struct seccomp_notif;

/* learn-look.c */

/* To be called first; the policy must be sealed, and outlive all else. */
void	look_begin(const struct policy *);

/*
 * Have this process and its children be watched by who has the listener,
 * which is returned; seccomp_unotify(2).  Dies where that is impossible.
 */
int	look_listen(void);

/*
 * Find out what a call that the listener told of needs.  Returns the errno
 * that it is to fail with, or 0 if it is to go on.
 */
int	look(const struct seccomp_notif *, int listener);

/*
 * learn-needs.c: what was seen to be needed and the policy refuses.  Paths are
 * absolute and resolved, but for a link that is meant itself.
 */

/* The policy, sealed, must outlive all else. */
void	needs_begin(const struct policy *, bool verbose);

/* What path leads to is read or written: RIGHT_ bits. */
void	need(const char *path, unsigned rights);

/* The name is made, or removed or changed, in its directory. */
void	need_entry(const char *path, bool made);

/* A blocked command is run, or a socket connected to. */
void	need_command(const struct command *);
void	need_socket(const char *path);

/*
 * Something that no option grants, as a line to be printed; each one once.
 */
void	need_never(const char *, ...) __attribute__((format(printf, 1, 2)));

/*
 * Say what is not suggested and why, and at last the options that allow the
 * rest.  Writes them to profile, too, unless it is NULL; argv is what was run.
 */
void	needs_report(FILE *profile, char *const argv[]);

#endif
