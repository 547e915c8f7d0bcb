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
 * A view that is planned (linux-view.c) and then built (linux-build.c).
 */

#ifndef LINUX_VIEW_H
#define LINUX_VIEW_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

#include "linux.h"

enum how {
	CLONE,		/* writable, taken before all turns read-only */
	SHOW,		/* taken then, and shown through a cover */
	ANCHOR,		/* bound onto itself, so that it cannot be renamed */
	FREEZE,		/* bound onto itself, read-only */
	COVER,		/* an empty directory, or a file that does not open */
	COMMAND,	/* covered by nono */
	PTS		/* a devpts of its own */
};

/* What is mounted at a path; in the order of path_cmp(), so from the top. */
struct step {
	enum how	 how;
	const char	*path;
	size_t		 len;
	mode_t		 mode;
	bool		 writable;	/* SHOW */
	bool		 links;		/* COVER: with its symbolic links */
	bool		 holds;		/* COVER: something shows through it */
	size_t		 cover;		/* SHOW: 1 + index of what it is in */
	int		 tree;		/* CLONE, SHOW: the clone, or -1 */
	int		 id;		/* the mount's, or -1 */
};

struct view {
	const struct policy	*policy;
	bool		 sockets;	/* those of others are covered */
	bool		 all;		/* -u /: but not any more */
	bool		 open;		/* -a /: the root stays writable */
	bool		 pts;		/* there is a devpts of its own */
	struct step	 terminal;	/* the caller's, or path is NULL */
	bool		 deleted;	/* the working directory is */
	char		*cwd;
	struct stat	 cwd_st;
	struct step	*steps;
	size_t		 nsteps, size;
	struct frame	*stack;
	size_t		 depth, deepest;
	const struct mounts *mounts;
	char		**handed;	/* files that descriptors are open to */
	size_t		 nhanded;
	struct point	*found;		/* points to be added */
	size_t		 nfound;
	char		*self;		/* nono's own file */
	int		 nono;		/* a clone of that */
	struct stat	 self_st;
	const char	*exe;		/* the first command that it covers */
	dev_t		 dev;		/* of what covers */
};

#endif
