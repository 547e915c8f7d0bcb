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
 *	linux-points.c		the paths at which rights change
 *	linux-mounts.c		other paths to the same files
 *	linux-view.c		a mount namespace: what lies beneath a grant and
 *				has lesser rights; metadata; unix sockets;
 *				linux-build.c builds it
 *	linux-landlock.c	files; abstract sockets and signals
 *	linux-caps.c		capabilities
 *	linux-check.c		what the kernel can enforce
 *	linux-seccomp.c		system calls; linux-mkfilter.c makes its
 *				programs
 *
 * Words: a wall is a mechanism of the kernel that refuses, a door something
 * refused that is tried before the exec.  A point is a path at which the rights
 * change.  The view is the private mount namespace, and a cover what is mounted
 * there on something denied; an anchor is a directory mounted onto itself, which
 * cannot be renamed then.  To carve a directory is to grant its entries one by
 * one, but for some.
 */

#ifndef LINUX_H
#define LINUX_H

#include <sys/types.h>

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>

struct policy;
struct landlock;
struct view;

enum {				/* classes of rights */
	READ = 1 << 0,
	LIST = 1 << 1,
	WRITE = 1 << 2,
	DEVICE = 1 << 3,
	SOCKET = 1 << 4,
	NEVER = 0		/* refused to all */
};

/* A path at which the rights may change. */
struct point {
	const char	*path;
	size_t		 len;
	unsigned	 want;		/* classes that the policy gives */
	unsigned	 floor;		/* all that Landlock may give: want, */
					/* what means nothing here, what the */
					/* view takes away */
	mode_t		 mode;		/* of a symbolic link, its own */
	bool		 user;		/* a rule of the user's decides */
	bool		 blocked;	/* a command */
	bool		 grant;		/* of the tables: not meant to lower */
	bool		 temp;		/* RULE_TEMP: never carved */
	bool		 open;		/* lies in such a one: not denied */
	bool		 lesser;	/* than the point above it */
	/* of the view */
	bool		 found;		/* by the view, is no rule */
	bool		 force;		/* covered, or read-only, though the */
					/* rules for this path say more */
	bool		 links;		/* its symbolic links show through */
	bool		 beside;	/* a file in it may be written, so its */
					/* mount is writable */
	bool		 crowded;	/* so, with more directories in it */
					/* than are made read-only */
	bool		 frozen;	/* read-only, whatever is granted */
	bool		 reached;	/* a socket that may be connected to, */
					/* and shows through a cover */
	bool		 handed;	/* a descriptor in it is inherited, */
					/* for which Landlock must hold */
};

struct points {
	const struct policy	*policy;
	struct point		*v;	/* by path_cmp(), each path once */
	size_t			 n;
};

/*
 * The points of a sealed policy, which must outlive them.  What permissions
 * keep from this user in any case is left out, so this comes before anything
 * that changes who the process is.
 */
void	points_make(struct points *, const struct policy *);

/*
 * Add points, whose paths are taken over.  Of those with the same path one
 * stays: a blocked command's, else that of a rule, and with the lesser rights
 * where one has force.
 */
void	points_add(struct points *, const struct point *, size_t);

/* The classes that rights of the policy's to path stand for. */
unsigned points_classes(const char *path, unsigned rights);

/*
 * Open a resolved path, for a rule, a mount, or to read a directory; flags as
 * for open(2).  That a symbolic link has come into it since is an error,
 * ELOOP, but one at its end with O_PATH and O_NOFOLLOW.
 */
int	open_resolved(const char *path, int flags);

/*
 * The type of an entry that readdir(3) has found, DT_DIR and so on, also where
 * the file system leaves d_type open; DT_UNKNOWN if it has gone.
 */
unsigned char entry_type(DIR *, const struct dirent *);

/*
 * Are no descriptors open but some of 0, 1 and 2, proc_pid_fd(5)?  False where
 * that is not known.
 */
bool	descriptors_standard(void);

/*
 * After a call has failed for a path, with errno, which is kept: has that gone
 * since, or is it not for this user?  Looks again, for what a mount or a rule
 * is refused with may be the same words.
 */
bool	is_gone(const char *path);

struct mount {
	const char	*device;	/* "major:minor", or a name for many */
	const char	*root;		/* in its file system */
	const char	*point;		/* where it is mounted */
	bool		 shared;	/* others are of the same device */
};

struct mounts {
	struct mount	*v;		/* in the order they were made */
	size_t		 n;
	bool		 shared;	/* some are */
};

/* Read the mounts of this namespace.  False with errno where /proc is not. */
bool	mounts_read(struct mounts *);

/*
 * If something is mounted on a file, its resolved path, which the caller owns;
 * else NULL.
 */
char	*mounts_on(const char *path);

/* Does a path show what lies at or beneath top, by another mount perhaps? */
bool	mounts_same(const struct mounts *, const char *path, const char *top);

/*
 * Add points for all other paths by which these mounts show what has lesser
 * rights than what lies above it, or anything in that; but not where a rule of
 * the user's names the very path.
 */
void	mounts_others(const struct mounts *, struct points *);

/*
 * Move this process into a mount namespace of its own (mount_namespaces(7)),
 * as a user into a user namespace as well (user_namespaces(7)), with the same
 * IDs.  Sockets made outside will be put out of reach if sockets is true.  NULL
 * where the kernel does not permit it, and in *why the reason, which is static.
 */
struct view	*view_enter(const struct policy *, bool sockets,
		    const char **why);

/*
 * Work out what is to be mounted where; tells the points that the view holds,
 * so that Landlock need not carve for them, and adds others.  Points and mounts
 * must outlive the view.
 */
void	view_plan(struct view *, struct points *, const struct mounts *);

/*
 * Print what the view holds, and what it leaves open; or build it: after this,
 * all paths lead into it.  Dies where it cannot be built.
 */
void	view_render(const struct view *, FILE *);
void	view_build(struct view *);

/* After all walls: try what the view refuses; die when it is possible. */
void	view_try(const struct view *);

/* Is fd open on something that covers what is denied? */
bool	view_is_cover(const struct view *, int fd);

/* Has a view System V IPC of its own (ipc_namespaces(7))? */
bool	view_ipc_namespace(void);

/*
 * Has view_enter() made a user namespace?  Then this process has all
 * capabilities in it, and had none of those before that caps_drop() may leave.
 */
bool	view_user_namespace(void);

/* What would make a private view possible, for a reason of view_enter()'s. */
const char	*view_remedy(const char *why);

/* The RIGHT_ bits that a planned view leaves at a path; is it covered there? */
unsigned view_rights(const struct view *, const char *path);
bool	view_covers(const struct view *, const char *path);

/* The kernel's Landlock ABI, or 0, and why there is none, and what helps. */
int	landlock_version(const char **reason, const char **remedy);

/*
 * The kernel's Landlock ABI, 1 and up.  Dies, with the remedy, where there is
 * no Landlock (landlock_create_ruleset(2), ENOSYS and EOPNOTSUPP).
 */
int	landlock_abi(void);

/*
 * Work out which paths need which Landlock rules.  The points must outlive
 * what is returned.  Opens nothing.  view is NULL where there is none.
 */
struct landlock	*landlock_plan(struct points *, int abi, const struct view *);

/*
 * Print, or open paths for, the rules of a plan; the latter leaves a ruleset
 * behind for landlock_enforce().  Directories that hold something denied are
 * carved: read, and granted entry by entry.  A warning() tells what that
 * loses.  Dies where a rule of the user's cannot be held.
 */
void	landlock_render(struct landlock *, FILE *);
void	landlock_open(struct landlock *);

/* The classes that the rules of a plan give to a resolved path; for why. */
unsigned landlock_rights(struct landlock *, const char *path);

/* Restrict this process; see landlock_restrict_self(2).  Dies on failure. */
void	landlock_enforce(struct landlock *);

/* Try to open what is denied; die when one opens. */
void	landlock_try(const struct landlock *);

/*
 * Drop all capabilities, or, if some is true, all but a few harmless ones, from
 * the bounding and the ambient set as well; see capabilities(7).  Dies on
 * failure.  caps_render() prints what that leaves.
 */
void	caps_drop(bool some);
void	caps_render(bool some, FILE *);

/* Is any of these few in force? */
bool	caps_held(void);

/*
 * Load the seccomp(2) program made for the FILTER_ bits (linux-filter.h).
 * The process must have no_new_privs.  Dies on failure.
 */
void	seccomp_enforce(unsigned filter);

#endif
