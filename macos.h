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

/* What backend-macos.c shows to tests. */

#ifndef MACOS_H
#define MACOS_H

#include <stddef.h>

struct policy;

struct profile {
	char		*text;		/* SBPL; malloced */
	size_t		 size;
	const char	**parameters;	/* name, value, ..., NULL */
	size_t		 n;		/* of pairs */
};

/*
 * The profile that says what a sealed policy says, whose paths it refers to.
 * Paths are quoted where that needs no escape, else parameters.
 */
void	profile_make(struct profile *, const struct policy *);

/* Apple's libsandbox; the first is in no header. */
int	sandbox_init_with_parameters(const char *profile,
	    unsigned long long flags, const char *const parameters[],
	    char **error);
void	sandbox_free_error(char *error);

#endif
