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
 * The calls that nono-learn watches, and where their arguments are; by name,
 * for linux-mkfilter finds the numbers when nono is built.
 */

#ifndef LINUX_CALLS_H
#define LINUX_CALLS_H

enum act {
	OPEN,		/* flags: of open(2) */
	OPEN_HOW,	/* flags: a struct open_how */
	CREAT,
	EXECUTE,	/* a program and its interpreters */
	MAKE,		/* a name that was not there */
	REMOVE,
	MOVE,		/* dir, path to dir2, path2 */
	LINK,		/* the same */
	CHANGE,		/* what a path or a descriptor leads to */
	CONNECT,	/* dir is the socket, path the address, flags its len */
	MESSAGE,	/* dir is the socket, path a struct msghdr */
	BIND,		/* as CONNECT */
	FAMILY,		/* dir is the family, path2 the protocol */
	NEVER,		/* nono refuses it, whatever is granted */
	NAMESPACE,	/* the same, with this flag in dir */
	UNSEEN		/* works around watching: refused here, too */
};

#define NONE		-1	/* no such argument */
#define NOFOLLOW	-2	/* of flags: no link at the end is followed */

static const struct call {
	const char	*name;
	enum act	 act;
	int		 dir, path, flags;	/* numbers of arguments */
	int		 dir2, path2;
} calls[] = {
	{ "open",		OPEN,	NONE, 0, 1,	NONE, NONE },
	{ "openat",		OPEN,	0, 1, 2,	NONE, NONE },
	{ "openat2",		OPEN_HOW, 0, 1, 2,	NONE, NONE },
	{ "creat",		CREAT,	NONE, 0, NONE,	NONE, NONE },
	{ "execve",		EXECUTE, NONE, 0, NONE,	NONE, NONE },
	{ "execveat",		EXECUTE, 0, 1, 4,	NONE, NONE },

	{ "mkdir",		MAKE,	NONE, 0, NONE,	NONE, NONE },
	{ "mkdirat",		MAKE,	0, 1, NONE,	NONE, NONE },
	{ "mknod",		MAKE,	NONE, 0, NONE,	NONE, NONE },
	{ "mknodat",		MAKE,	0, 1, NONE,	NONE, NONE },
	{ "symlink",		MAKE,	NONE, 1, NONE,	NONE, NONE },
	{ "symlinkat",		MAKE,	1, 2, NONE,	NONE, NONE },
	{ "unlink",		REMOVE,	NONE, 0, NONE,	NONE, NONE },
	{ "unlinkat",		REMOVE,	0, 1, NONE,	NONE, NONE },
	{ "rmdir",		REMOVE,	NONE, 0, NONE,	NONE, NONE },
	{ "rename",		MOVE,	NONE, 0, NONE,	NONE, 1 },
	{ "renameat",		MOVE,	0, 1, NONE,	2, 3 },
	{ "renameat2",		MOVE,	0, 1, NONE,	2, 3 },
	{ "link",		LINK,	NONE, 0, NOFOLLOW, NONE, 1 },
	{ "linkat",		LINK,	0, 1, 4,	2, 3 },

	{ "truncate",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "truncate64",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "chmod",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "fchmod",		CHANGE,	0, NONE, NONE,	NONE, NONE },
	{ "fchmodat",		CHANGE,	0, 1, NONE,	NONE, NONE },
	{ "fchmodat2",		CHANGE,	0, 1, 3,	NONE, NONE },
	{ "chown",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "chown32",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "lchown",		CHANGE,	NONE, 0, NOFOLLOW, NONE, NONE },
	{ "lchown32",		CHANGE,	NONE, 0, NOFOLLOW, NONE, NONE },
	{ "fchown",		CHANGE,	0, NONE, NONE,	NONE, NONE },
	{ "fchown32",		CHANGE,	0, NONE, NONE,	NONE, NONE },
	{ "fchownat",		CHANGE,	0, 1, 4,	NONE, NONE },
	{ "utime",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "utimes",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "futimesat",		CHANGE,	0, 1, NONE,	NONE, NONE },
	{ "utimensat",		CHANGE,	0, 1, 3,	NONE, NONE },
	{ "utimensat_time64",	CHANGE,	0, 1, 3,	NONE, NONE },
	{ "setxattr",		CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "lsetxattr",		CHANGE,	NONE, 0, NOFOLLOW, NONE, NONE },
	{ "fsetxattr",		CHANGE,	0, NONE, NONE,	NONE, NONE },
	{ "setxattrat",		CHANGE,	0, 1, 2,	NONE, NONE },
	{ "removexattr",	CHANGE,	NONE, 0, NONE,	NONE, NONE },
	{ "lremovexattr",	CHANGE,	NONE, 0, NOFOLLOW, NONE, NONE },
	{ "fremovexattr",	CHANGE,	0, NONE, NONE,	NONE, NONE },
	{ "removexattrat",	CHANGE,	0, 1, 2,	NONE, NONE },
	{ "file_setattr",	CHANGE,	0, 1, 4,	NONE, NONE },

	/* sendmmsg(2) is not: it brings the listener here */
	{ "connect",		CONNECT, 0, 1, 2,	NONE, NONE },
	{ "sendto",		CONNECT, 0, 4, 5,	NONE, NONE },
	{ "sendmsg",		MESSAGE, 0, 1, NONE,	NONE, NONE },
	{ "bind",		BIND,	0, 1, 2,	NONE, NONE },
	{ "socket",		FAMILY,	0, NONE, NONE,	NONE, 2 },

	{ "io_uring_setup",	UNSEEN,	NONE, NONE, NONE, NONE, NONE },
	{ "unshare",		NAMESPACE, 0, NONE, NONE, NONE, NONE },
	{ "mount",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "umount2",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "move_mount",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "mount_setattr",	NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "pivot_root",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "chroot",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "setns",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "open_by_handle_at",	NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "keyctl",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "add_key",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "request_key",	NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "bpf",		NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "perf_event_open",	NEVER,	NONE, NONE, NONE, NONE, NONE },
	{ "userfaultfd",	NEVER,	NONE, NONE, NONE, NONE, NONE },
	/* of 32-bit programs; the arguments lie in memory */
	{ "socketcall",		NEVER,	NONE, NONE, NONE, NONE, NONE }
};
#define NCALLS	(sizeof(calls) / sizeof(calls[0]))

#endif
