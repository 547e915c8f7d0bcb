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
 * For the tests: each verb makes one attempt at something, prints "ok" or the
 * name of the errno, and exits with 0 or 1.  Some run a command instead, and
 * exit as it does; those that serve go into the background when they are
 * ready, and end by themselves after a minute.
 *
 * An act that would be dangerous is attempted with a bad pointer: EFAULT says
 * that the kernel would have gone on, EPERM that it was refused.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <linux/btrfs.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define LIFE		60	/* seconds, of what stays behind;
				   $NONO_LIFE of servers */
#define X32		0x40000000L

/*
 * Calls by name, and their numbers in 32-bit programs (i386).
 */

static const struct call {
	const char	*name;
	long		 nr, nr32;
} calls[] = {
#ifdef SYS_chmod			/* not where *at() is all there is */
	{ "chmod",		SYS_chmod,		15 },
	{ "creat",		SYS_creat,		8 },
	{ "mkdir",		SYS_mkdir,		39 },
	{ "mknod",		SYS_mknod,		14 },
	{ "open",		SYS_open,		5 },
#endif
#ifdef SYS_iopl
	{ "ioperm",		SYS_ioperm,		101 },
	{ "iopl",		SYS_iopl,		110 },
#endif
	{ "acct",		SYS_acct,		51 },
	{ "add_key",		SYS_add_key,		286 },
	{ "bpf",		SYS_bpf,		357 },
	{ "capset",		SYS_capset,		185 },
	{ "chroot",		SYS_chroot,		61 },
	{ "clock_settime",	SYS_clock_settime,	264 },
	{ "clone",		SYS_clone,		120 },
	{ "clone3",		435,			435 },
	{ "delete_module",	SYS_delete_module,	129 },
	{ "fanotify_init",	SYS_fanotify_init,	338 },
	{ "fchmod",		SYS_fchmod,		94 },
	{ "fchmodat",		SYS_fchmodat,		306 },
	{ "fchmodat2",		452,			452 },
	{ "fchown",		SYS_fchown,		207 },
	{ "fchownat",		SYS_fchownat,		298 },
	{ "file_setattr",	469,			469 },
	{ "finit_module",	SYS_finit_module,	350 },
	{ "fsconfig",		431,			431 },
	{ "fsmount",		432,			432 },
	{ "fsopen",		430,			430 },
	{ "fsetxattr",		SYS_fsetxattr,		228 },
	{ "fspick",		433,			433 },
	{ "getpid",		SYS_getpid,		20 },
	{ "init_module",	SYS_init_module,	128 },
	{ "io_uring_enter",	426,			426 },
	{ "io_uring_register",	427,			427 },
	{ "io_uring_setup",	425,			425 },
	{ "ioctl",		SYS_ioctl,		54 },
	{ "kexec_load",		SYS_kexec_load,		283 },
	{ "keyctl",		SYS_keyctl,		288 },
	{ "kill",		SYS_kill,		37 },
	{ "linkat",		SYS_linkat,		303 },
	{ "lsetxattr",		SYS_lsetxattr,		227 },
	{ "mkdirat",		SYS_mkdirat,		296 },
	{ "mknodat",		SYS_mknodat,		297 },
	{ "mount",		SYS_mount,		21 },
	{ "mount_setattr",	442,			442 },
	{ "move_mount",		429,			429 },
	{ "open_by_handle_at",	SYS_open_by_handle_at,	342 },
	{ "open_tree",		428,			428 },
	{ "openat",		SYS_openat,		295 },
	{ "openat2",		437,			437 },
	{ "perf_event_open",	SYS_perf_event_open,	336 },
	{ "pivot_root",		SYS_pivot_root,		217 },
	{ "prlimit64",		SYS_prlimit64,		340 },
	{ "quotactl",		SYS_quotactl,		131 },
	{ "reboot",		SYS_reboot,		88 },
	{ "removexattr",	SYS_removexattr,	235 },
	{ "renameat2",		SYS_renameat2,		353 },
	{ "request_key",	SYS_request_key,	287 },
	{ "sethostname",	SYS_sethostname,	74 },
	{ "setns",		SYS_setns,		346 },
	{ "settimeofday",	SYS_settimeofday,	79 },
	{ "setxattr",		SYS_setxattr,		226 },
	{ "setxattrat",		463,			463 },
	{ "socket",		SYS_socket,		359 },
	{ "socketcall",		-1,			102 },
	{ "socketpair",		SYS_socketpair,		360 },
	{ "swapoff",		SYS_swapoff,		115 },
	{ "swapon",		SYS_swapon,		87 },
	{ "symlinkat",		SYS_symlinkat,		304 },
	{ "syslog",		SYS_syslog,		103 },
	{ "tgkill",		SYS_tgkill,		270 },
	{ "tkill",		SYS_tkill,		238 },
	{ "truncate",		SYS_truncate,		92 },
	{ "umount2",		SYS_umount2,		52 },
	{ "unlinkat",		SYS_unlinkat,		301 },
	{ "unshare",		SYS_unshare,		310 },
	{ "userfaultfd",	SYS_userfaultfd,	374 },
	{ "utimensat",		SYS_utimensat,		320 },
	{ "vhangup",		SYS_vhangup,		111 },
};

/* What "deny" makes fail: a call, or only with argument arg having a value. */
static const struct deniable {
	const char	*name;
	long		 nr;
	int		 arg;		/* -1: whatever the arguments */
	uint32_t	 value;
} deniables[] = {
	{ "landlock_create_ruleset",	444,		2, 0 },
	{ "landlock_add_rule",		445,		-1, 0 },
	{ "landlock_restrict_self",	446,		-1, 0 },
	{ "seccomp",			SYS_seccomp,	-1, 0 },
	{ "capset",			SYS_capset,	-1, 0 },
	{ "unshare",			SYS_unshare,	-1, 0 },
	{ "mount",			SYS_mount,	-1, 0 },
	{ "open_tree",			428,		-1, 0 },
	{ "move_mount",			429,		-1, 0 },
	{ "fsopen",			430,		-1, 0 },
	{ "fsconfig",			431,		-1, 0 },
	{ "fsmount",			432,		-1, 0 },
	{ "mount_setattr",		442,		-1, 0 },
	{ "no_new_privs",		SYS_prctl,	0, 38 },
	{ "capbset_drop",		SYS_prctl,	0, 24 },
	{ "cap_ambient",		SYS_prctl,	0, 47 },
	{ "chdir",			SYS_chdir,	-1, 0 },
	{ "fsconfig",			431,		-1, 0 },
	{ "fsmount",			432,		-1, 0 },
	{ "fsopen",			430,		-1, 0 },
	{ "mount",			SYS_mount,	-1, 0 },
	{ "mount_setattr",		442,		-1, 0 },
	{ "move_mount",			429,		-1, 0 },
	{ "open_tree",			428,		-1, 0 },
	{ "unshare",			SYS_unshare,	-1, 0 },
};

static uint64_t
number(const char *s)
{
	char *end;
	uint64_t n = strtoull(s, &end, 0);

	if (s[0] == '\0' || *end != '\0')
		errx(2, "%s: not a number", s);
	return n;
}

/* "ok": a call that does nothing, and says that it did. */
static int
error_number(const char *name)
{
	int e;

	if (strcmp(name, "ok") == 0)
		return 0;
	for (e = 1; e < 134; e++)
		if (strerrorname_np(e) != NULL &&
		    strcmp(strerrorname_np(e), name) == 0)
			return e;
	errx(2, "%s: not an errno", name);
}

static _Noreturn void
run(char *argv[])
{
	execvp(argv[0], argv);
	err(2, "%s", argv[0]);
}

/* How the process ended, as a shell says it. */
static _Noreturn void
exit_as(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			err(2, "waitpid");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/*
 * Go into the background; the caller reads the process ID and what else fmt
 * says from standard output.  Descriptors above 2 stay open.
 */
static void
serve(const char *fmt, uint64_t value)
{
	const char *life = getenv("NONO_LIFE");
	pid_t pid = fork();
	int null;

	if (pid == -1)
		err(2, "fork");
	if (pid > 0) {
		printf("%d", (int)pid);
		printf(fmt[0] == 'x' ? " 0x%llx\n" : " %llu\n",
		    (unsigned long long)value);
		fflush(stdout);
		_exit(0);
	}
	alarm(life != NULL ? (unsigned)atoi(life) : LIFE);
	if (setsid() == -1 || (null = open("/dev/null", O_RDWR)) == -1 ||
	    dup2(null, 0) == -1 || dup2(null, 1) == -1 || dup2(null, 2) == -1)
		_exit(2);
}

/*
 * System calls, as given.
 */

#define NARGS	6

/* Where 32-bit calls can point to. */
static void *
low_memory(void)
{
	static char *next;
	void *p;

#ifndef MAP_32BIT
#define MAP_32BIT	0
#endif
	if (next == NULL) {
		p = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
		if (p == MAP_FAILED)
			err(2, "mmap");
		next = p;
	}
	next += 4096;
	return next;
}

static long
call_32(long nr, const uint64_t *a)
{
#ifdef __x86_64__
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) :
	    "a"(nr), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]) :
	    "memory", "r8", "r9", "r10", "r11");
	r = (int)r;
	if (r < 0 && r > -4096) {
		errno = (int)-r;
		return -1;
	}
	return r;
#else
	(void)nr;
	(void)a;
	errx(2, "not on this architecture");
#endif
}

static const struct call *
find_call(const char *name)
{
	static struct call c;
	size_t i;

	for (i = 0; i < N(calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	c = (struct call){ name, (long)number(name), (long)number(name) };
	return &c;
}

/* Numbers are passed as they are, all else as pointers to strings. */
static void
arguments(uint64_t *a, char *argv[])
{
	size_t i;

	memset(a, 0, NARGS * sizeof(*a));
	for (i = 0; i < NARGS && argv[i] != NULL; i++)
		if (strchr("-0123456789", argv[i][0]) != NULL)
			a[i] = number(argv[i]);
		else
			a[i] = (uintptr_t)strcpy(low_memory(), argv[i]);
}

static int
verb_call(char *argv[])
{
	const struct call *c = find_call(argv[0]);
	uint64_t a[NARGS];
	long r;

	arguments(a, argv + 1);
	r = syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (r == 0 && strncmp(argv[0], "clone", 5) == 0)
		_exit(0);			/* the child */
	return r == -1 ? -1 : 0;
}

static int
verb_call32(char *argv[])
{
	const struct call *c = find_call(argv[0]);
	uint64_t a[NARGS];
	long r;

	arguments(a, argv + 1);
	r = call_32(c->nr32, a);
	if (r == 0 && strncmp(argv[0], "clone", 5) == 0)
		_exit(0);
	return r == -1 ? -1 : 0;
}

static int
verb_callx32(char *argv[])
{
	const struct call *c = find_call(argv[0]);
	uint64_t a[NARGS];

	arguments(a, argv + 1);
	return syscall(c->nr | X32, a[0], a[1], a[2], a[3], a[4], a[5]) == -1 ?
	    -1 : 0;
}

/* socketcall(2), with the arguments in memory. */
static int
verb_socketcall(char *argv[])
{
	uint32_t *mem = low_memory();
	uint64_t a[NARGS] = { number(argv[0]), (uintptr_t)mem };
	size_t i;

	for (i = 1; i < NARGS && argv[i] != NULL; i++)
		mem[i - 1] = (uint32_t)number(argv[i]);
	if (i == 4)				/* socketpair: the two */
		mem[3] = (uint32_t)(uintptr_t)low_memory();
	return call_32(102, a) == -1 ? -1 : 0;
}

/*
 * Internet sockets.
 */

static socklen_t
internet(struct sockaddr_storage *ss, const char *host, const char *port)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *four = (struct sockaddr_in *)ss;
	uint16_t n = htons((uint16_t)number(port));

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		ss->ss_family = AF_INET6;
		six->sin6_port = n;
		return sizeof(*six);
	}
	if (inet_pton(AF_INET, host, &four->sin_addr) != 1)
		errx(2, "%s: not an address", host);
	ss->ss_family = AF_INET;
	four->sin_port = n;
	return sizeof(*four);
}

static int
connect_internet(char *argv[], int protocol)
{
	struct sockaddr_storage ss;
	socklen_t len = internet(&ss, argv[0], argv[1]);
	char c;
	int s;

	if ((s = socket(ss.ss_family, SOCK_STREAM, protocol)) == -1 ||
	    connect(s, (struct sockaddr *)&ss, len) == -1)
		return -1;
	if (read(s, &c, 1) != 1)
		errx(2, "the server says nothing");
	return 0;
}

static int
verb_tcp_connect(char *argv[])
{
	return connect_internet(argv, 0);
}

static int
verb_mptcp_connect(char *argv[])
{
	return connect_internet(argv, 262);	/* IPPROTO_MPTCP */
}

static int
verb_tcp_listen(char *argv[])
{
	struct sockaddr_storage ss;
	socklen_t len = internet(&ss, argv[0], argv[1]);
	int s;

	if ((s = socket(ss.ss_family, SOCK_STREAM, 0)) == -1)
		return -1;
	/* port 0: listen without bind, which chooses one */
	if (number(argv[1]) != 0 &&
	    bind(s, (struct sockaddr *)&ss, len) == -1)
		return -1;
	return listen(s, 1);
}

static int
send_internet(char *argv[], int type, int flags)
{
	struct sockaddr_storage ss;
	socklen_t len = internet(&ss, argv[0], argv[1]);
	int s;

	if ((s = socket(ss.ss_family, type, 0)) == -1)
		return -1;
	return sendto(s, "x", 1, flags, (struct sockaddr *)&ss, len) == 1 ?
	    0 : -1;
}

static int
verb_udp_send(char *argv[])
{
	return send_internet(argv, SOCK_DGRAM, 0);
}

static int
verb_fastopen(char *argv[])
{
	return send_internet(argv, SOCK_STREAM, MSG_FASTOPEN);
}

/* Take the socket that is standard input somewhere else. */
static int
verb_reconnect(char *argv[])
{
	struct sockaddr_storage ss;
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	socklen_t len = internet(&ss, argv[0], argv[1]);

	if (connect(0, &none, sizeof(none)) == -1)
		return -1;
	if (connect(0, (struct sockaddr *)&ss, len) == 0)
		return 0;
	return sendto(0, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&ss, len) ==
	    1 ? 0 : -1;
}

/* Says "x" to whoever connects. */
static int
verb_serve_tcp(char *argv[])
{
	struct sockaddr_storage ss;
	socklen_t len = internet(&ss, argv[0],
	    argv[1] == NULL ? "0" : argv[1]);
	int s, c, on = 5;

	if ((s = socket(ss.ss_family, SOCK_STREAM, 0)) == -1 ||
	    bind(s, (struct sockaddr *)&ss, len) == -1 || listen(s, 5) == -1 ||
	    getsockname(s, (struct sockaddr *)&ss, &len) == -1)
		return -1;
	setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN, &on, sizeof(on));
	serve("d", ntohs(((struct sockaddr_in *)&ss)->sin_port));
	while ((c = accept(s, NULL, NULL)) != -1) {
		if (send(c, "x", 1, MSG_NOSIGNAL) == -1)
			warn("send");
		close(c);
	}
	return -1;
}

/*
 * Unix sockets.  A name that begins with @ is an abstract one.
 */

static const struct {
	const char	*name;
	int		 type;
} types[] = {
	{ "stream",	SOCK_STREAM },
	{ "dgram",	SOCK_DGRAM },
	{ "raw",	SOCK_RAW },
	{ "seqpacket",	SOCK_SEQPACKET },
};

static int
socket_type(const char *name)
{
	size_t i;

	for (i = 0; i < N(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].type;
	errx(2, "%s: not a type of socket", name);
}

static socklen_t
unix_address(struct sockaddr_un *sun, const char *name)
{
	size_t len = strlen(name);

	if (len >= sizeof(sun->sun_path))
		errx(2, "%s: too long", name);
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	memcpy(sun->sun_path, name, len);
	if (name[0] != '@')
		return sizeof(*sun);
	sun->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

static int
verb_unix_connect(char *argv[])
{
	struct sockaddr_un sun;
	socklen_t len = unix_address(&sun, argv[1]);
	int s;

	if ((s = socket(AF_UNIX, socket_type(argv[0]), 0)) == -1)
		return -1;
	return connect(s, (struct sockaddr *)&sun, len);
}

static int
verb_unix_send(char *argv[])
{
	struct sockaddr_un sun;
	socklen_t len = unix_address(&sun, argv[0]);
	int s;

	if ((s = socket(AF_UNIX, SOCK_DGRAM, 0)) == -1)
		return -1;
	return sendto(s, "x", 1, 0, (struct sockaddr *)&sun, len) == 1 ?
	    0 : -1;
}

static int
verb_unix_sendmsg(char *argv[])
{
	struct sockaddr_un sun;
	socklen_t len = unix_address(&sun, argv[0]);
	struct iovec iov = { (char[]){ 'x' }, 1 };
	struct msghdr msg = { .msg_name = &sun, .msg_namelen = len,
	    .msg_iov = &iov, .msg_iovlen = 1 };
	int s;

	if ((s = socket(AF_UNIX, SOCK_DGRAM, 0)) == -1)
		return -1;
	return sendmsg(s, &msg, 0) == 1 ? 0 : -1;
}

/* By way of a descriptor: what it leads to, not what the name leads to now. */
static int
verb_unix_connect_fd(char *argv[])
{
	char name[64];
	int fd = open(argv[1], O_PATH | O_CLOEXEC);

	if (fd == -1)
		return -1;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return verb_unix_connect((char *[]){ argv[0], name, NULL });
}

static int
unix_bound(const char *type, const char *name)
{
	struct sockaddr_un sun;
	socklen_t len = unix_address(&sun, name);
	int s, t = socket_type(type);

	if ((s = socket(AF_UNIX, t, 0)) == -1 ||
	    bind(s, (struct sockaddr *)&sun, len) == -1 ||
	    (t != SOCK_DGRAM && listen(s, 5) == -1))
		return -1;
	return s;
}

static int
verb_unix_listen(char *argv[])
{
	return unix_bound(argv[0], argv[1]) == -1 ? -1 : 0;
}

/* Connected to from within: what is made inside is reachable there. */
static int
verb_unix_self(char *argv[])
{
	if (unix_bound(argv[0], argv[1]) == -1)
		return -1;
	return verb_unix_connect(argv);
}

static int
verb_serve_unix(char *argv[])
{
	int s, c;
	char byte;

	if ((s = unix_bound(argv[0], argv[1])) == -1)
		return -1;
	serve("d", 0);
	if (strcmp(argv[0], "dgram") == 0)
		while (read(s, &byte, 1) != -1)
			;
	while ((c = accept(s, NULL, NULL)) != -1)
		close(c);
	return -1;
}

static int
verb_socketpair(char *argv[])
{
	int s[2];
	char c;

	if (socketpair(AF_UNIX, socket_type(argv[0]), 0, s) == -1)
		return -1;
	return write(s[0], "x", 1) == 1 && read(s[1], &c, 1) == 1 ? 0 : -1;
}

/* Use a socket of a pair to reach what is not its peer. */
static int
leave(int s[2], const char *name)
{
	struct sockaddr_un sun;
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	socklen_t len = unix_address(&sun, name);

	if (connect(s[0], (struct sockaddr *)&sun, len) == 0)
		return 0;
	close(s[1]);
	(void)connect(s[0], &none, sizeof(none));
	if (shutdown(s[0], SHUT_RDWR) == -1 && errno != ENOTCONN)
		return -1;
	if (connect(s[0], (struct sockaddr *)&sun, len) == 0)
		return 0;
	return sendto(s[0], "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&sun,
	    len) == 1 ? 0 : -1;
}

static int
verb_pair_leave(char *argv[])
{
	int s[2];

	if (socketpair(AF_UNIX, socket_type(argv[0]), 0, s) == -1)
		return -1;
	return leave(s, argv[1]);
}

/* The pair is one that socketcall(2) made. */
static int
verb_pair_leave32(char *argv[])
{
	uint32_t *mem = low_memory();
	int s[2];
	uint64_t a[NARGS] = { 8, (uintptr_t)mem };	/* SYS_SOCKETPAIR */

	mem[0] = AF_UNIX;
	mem[1] = (uint32_t)socket_type(argv[0]);
	mem[3] = (uint32_t)(uintptr_t)(mem + 4);
	if (call_32(102, a) == -1)
		return -1;
	memcpy(s, mem + 4, sizeof(s));
	return leave(s, argv[1]);
}

/*
 * Other processes.
 */

static char	secret[] = "a secret in memory";

/* To be traced, read and signalled, by whoever Yama would keep from it. */
static int
verb_idle(char *argv[])
{
	(void)argv;
	serve("x", (uintptr_t)secret);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	return pause();
}

static int
verb_pidfd_kill(char *argv[])
{
	int fd = (int)syscall(SYS_pidfd_open, number(argv[0]), 0);

	if (fd == -1)
		return -1;
	return (int)syscall(SYS_pidfd_send_signal, fd, number(argv[1]), NULL,
	    0);
}

static int
verb_queue(char *argv[])
{
	union sigval v = { .sival_int = 0 };

	return sigqueue((pid_t)number(argv[0]), (int)number(argv[1]), v);
}

/* The kernel says nothing: see whether the process is still there. */
static int
verb_sigio(char *argv[])
{
	int s[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) == -1 ||
	    fcntl(s[0], F_SETOWN, (int)number(argv[0])) == -1 ||
	    fcntl(s[0], F_SETSIG, (int)number(argv[1])) == -1 ||
	    fcntl(s[0], F_SETFL, O_ASYNC | O_NONBLOCK) == -1)
		return -1;
	return write(s[1], "x", 1) == 1 ? 0 : -1;
}

static int
verb_trace(char *argv[])
{
	pid_t pid = (pid_t)number(argv[0]);

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) == -1)
		return -1;
	waitpid(pid, NULL, __WALL);
	return (int)ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

static int
verb_seize(char *argv[])
{
	return (int)ptrace(PTRACE_SEIZE, (pid_t)number(argv[0]), NULL, NULL);
}

static int
verb_trace_child(char *argv[])
{
	int status;
	pid_t pid = fork();

	(void)argv;
	if (pid == -1)
		return -1;
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) == -1)
		return -1;
	if (!WIFSTOPPED(status))
		errx(1, "the child was not stopped");
	errno = 0;
	if (ptrace(PTRACE_PEEKDATA, pid, secret, NULL) == -1 && errno != 0)
		return -1;
	if (ptrace(PTRACE_CONT, pid, NULL, NULL) == -1)
		return -1;
	exit_as(pid);
}

static int
memory(char *argv[], bool writing)
{
	char buf[sizeof(secret)] = "";
	struct iovec here = { buf, sizeof(buf) };
	struct iovec there = { (void *)(uintptr_t)number(argv[1]),
	    sizeof(buf) };
	pid_t pid = (pid_t)number(argv[0]);

	return (writing ? process_vm_writev(pid, &here, 1, &there, 1, 0) :
	    process_vm_readv(pid, &here, 1, &there, 1, 0)) == -1 ? -1 : 0;
}

static int
verb_read_memory(char *argv[])
{
	return memory(argv, false);
}

static int
verb_write_memory(char *argv[])
{
	return memory(argv, true);
}

static int
verb_proc_mem(char *argv[])
{
	char path[64], c;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/mem", argv[0]);
	if ((fd = open(path, O_RDWR)) == -1)
		return -1;
	return pread(fd, &c, 1, (off_t)number(argv[1])) == 1 ? 0 : -1;
}

static int
verb_getfd(char *argv[])
{
	int fd = (int)syscall(SYS_pidfd_open, number(argv[0]), 0);

	if (fd == -1)
		return -1;
	return (int)syscall(SYS_pidfd_getfd, fd, number(argv[1]), 0) == -1 ?
	    -1 : 0;
}

/* Sets the limit that is in force already. */
static int
verb_limit(char *argv[])
{
	pid_t pid = (pid_t)number(argv[0]);
	struct rlimit r;

	if (prlimit(pid, RLIMIT_CORE, NULL, &r) == -1)
		return -1;
	return prlimit(pid, RLIMIT_CORE, &r, NULL);
}

/*
 * Files.
 */

/* Run a program from memory. */
static int
verb_memfd(char *argv[])
{
	char buf[65536];
	ssize_t n;
	int in, fd;

	if ((in = open(argv[0], O_RDONLY)) == -1 ||
	    (fd = memfd_create("probe", MFD_CLOEXEC)) == -1)
		return -1;
	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(fd, buf, (size_t)n) != n)
			return -1;
	if (n == -1)
		return -1;
	fexecve(fd, argv, environ);
	return -1;
}

/* Prints a handle, for handle-open; needs nothing but the path. */
static int
verb_handle(char *argv[])
{
	struct {
		struct file_handle	h;
		unsigned char		more[MAX_HANDLE_SZ];
	} u = { .h.handle_bytes = MAX_HANDLE_SZ };
	int id;
	unsigned i;

	if (name_to_handle_at(AT_FDCWD, argv[0], &u.h, &id, 0) == -1)
		return -1;
	printf("%d ", u.h.handle_type);
	for (i = 0; i < u.h.handle_bytes; i++)
		printf("%02x", u.more[i]);
	printf("\n");
	exit(0);
}

static int
verb_handle_open(char *argv[])
{
	struct {
		struct file_handle	h;
		unsigned char		more[MAX_HANDLE_SZ];
	} u = { .h.handle_type = (int)number(argv[1]) };
	const char *hex = argv[2];
	unsigned byte;
	int dir;

	while (sscanf(hex, "%2x", &byte) == 1) {
		u.more[u.h.handle_bytes++] = (unsigned char)byte;
		hex += 2;
	}
	if ((dir = open(argv[0], O_RDONLY | O_DIRECTORY)) == -1)
		return -1;
	return open_by_handle_at(dir, &u.h, O_RDONLY) == -1 ? -1 : 0;
}

/* As the kernel does for setcap(8): cap_dac_read_search, effective. */
static int
verb_filecap(char *argv[])
{
	static const unsigned char value[20] = { 1, 0, 0, 2, 4 };

	return (int)syscall(SYS_setxattr, argv[0], "security.capability",
	    value, sizeof(value), 0);
}

/* As chattr(1), which sets the attributes that are set already. */
static int
verb_flags(char *argv[])
{
	int fd = open(argv[0], O_RDONLY), flags;

	if (fd == -1 || ioctl(fd, FS_IOC_GETFLAGS, &flags) == -1)
		return -1;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

/* Whether two names lead to one file. */
static int
verb_same(char *argv[])
{
	struct stat a, b;

	if (stat(argv[0], &a) == -1 || stat(argv[1], &b) == -1)
		return -1;
	errno = EXDEV;
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino ? 0 : -1;
}

/* Run a command where the source is mounted so many times, in a directory. */
static int
verb_mounts(char *argv[])
{
	uint64_t i, n = number(argv[0]);
	struct stat st;
	char path[4096];
	int fd;

	if (stat(argv[1], &st) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%llu", argv[2],
		    (unsigned long long)i);
		if (S_ISDIR(st.st_mode)) {
			if (mkdir(path, 0755) == -1 && errno != EEXIST)
				return -1;
		} else {
			if ((fd = open(path, O_CREAT | O_RDWR, 0644)) == -1)
				return -1;
			close(fd);
		}
		if (mount(argv[1], path, NULL, MS_BIND, NULL) == -1)
			return -1;
	}
	run(argv + 3);
}

/*
 * What a careless or hostile program does in a directory while nono looks at
 * it: in the background, names from the command line become directories, files
 * and links, and are renamed to one another and removed, as fast as can be.
 * The first two names are exchanged only, so that both always exist.
 */
static void
churn(char *const names[], unsigned i)
{
	size_t n = 2;
	char *one, *two;
	int fd;

	renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE);
	while (names[n] != NULL)
		n++;
	if (n == 2)
		return;
	one = names[2 + i % (n - 2)];
	two = names[2 + i / 3 % (n - 2)];
	switch (i % 7) {
	case 0:
		mkdir(one, 0700);
		break;
	case 1:
		if ((fd = open(one, O_CREAT | O_WRONLY, 0600)) != -1)
			close(fd);
		break;
	case 2:
		symlink(two, one);
		break;
	case 3:
		rename(one, two);
		break;
	case 4:
		unlink(two);
		break;
	case 5:
		rmdir(one);
		break;
	case 6:
		renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE);
		break;
	}
}

static int
verb_churn(char *argv[])
{
	unsigned i;

	if (chdir(argv[0]) == -1)
		return -1;
	serve("d", 0);
	for (i = 0;; i++)
		churn(argv + 1, i);
}

static _Noreturn void
swap(char *const names[], volatile uint64_t *swaps)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;; ++*swaps)
		if (renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1],
		    RENAME_EXCHANGE) == -1)
			err(2, "%s, %s", names[0], names[1]);
}

/* Exchange two names, on and on. */
static int
verb_swap(char *argv[])
{
	volatile uint64_t swaps = 0;

	alarm(LIFE);
	swap(argv, &swaps);
}

/*
 * Open a file as often as said, while another process exchanges two names at
 * least as often, and until both have been met.  "ok" if what was read ever began with text; without text,
 * write, and leave it to the caller to see to what.
 */
static int
verb_race(char *argv[])
{
	const char *text = argv[4];
	uint64_t i, one = 0, other = 0, rounds = number(argv[0]);
	volatile uint64_t *swaps = mmap(NULL, sizeof(*swaps), PROT_READ |
	    PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char buf[64];
	bool seen = text == NULL;
	int fd, error = 0;
	ssize_t n;
	pid_t pid;

	if (swaps == MAP_FAILED || (pid = fork()) == -1)
		return -1;
	if (pid == 0)
		swap(argv + 1, swaps);
	alarm(LIFE / 3);
	for (i = 0; (i < rounds || *swaps < rounds || (text != NULL &&
	    (one < rounds / 30 || other < rounds / 30))) &&
	    waitpid(pid, NULL, WNOHANG) == 0; i++) {
		fd = open(argv[3], text == NULL ? O_WRONLY | O_APPEND :
		    O_RDONLY);
		if (fd == -1) {
			error = errno;
			other++;
			continue;
		}
		one++;
		n = text == NULL ? write(fd, "evil", 4) :
		    read(fd, buf, sizeof(buf));
		if (n > 0 && text != NULL && (size_t)n >= strlen(text) &&
		    memcmp(buf, text, strlen(text)) == 0) {
			seen = true;
			one--;
			other++;
		}
		close(fd);
	}
	if (*swaps < rounds)
		errx(2, "there was no race");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return seen ? 0 : -1;
}

/* A snapshot of a subvolume of btrfs's, in a directory. */
static int
verb_snapshot(char *argv[])
{
	struct btrfs_ioctl_vol_args_v2 a = {
	    .fd = open(argv[0], O_RDONLY | O_DIRECTORY) };
	int dir = open(argv[1], O_RDONLY | O_DIRECTORY);

	if (a.fd == -1 || dir == -1)
		return -1;
	snprintf(a.name, sizeof(a.name), "%s", argv[2]);
	return ioctl(dir, BTRFS_IOC_SNAP_CREATE_V2, &a);
}

static int
verb_watch(char *argv[])
{
	int fd = inotify_init1(0);

	if (fd == -1)
		return -1;
	return inotify_add_watch(fd, argv[0], IN_ALL_EVENTS) == -1 ? -1 : 0;
}

/*
 * By io_uring, which does not ask seccomp.
 */

static long
ring(const struct io_uring_sqe *what)
{
	struct io_uring_params p = { 0 };
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	unsigned *tail;
	char *sq, *cq;
	int fd = (int)syscall(SYS_io_uring_setup, 1, &p);

	if (fd == -1)
		return -errno;
	sq = mmap(NULL, p.sq_off.array + sizeof(unsigned), PROT_READ |
	    PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqe),
	    PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    (off_t)IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		return -errno;
	*sqe = *what;
	*(unsigned *)(void *)(sq + p.sq_off.array) = 0;
	tail = (unsigned *)(void *)(sq + p.sq_off.tail);
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS,
	    NULL, 0) == -1)
		return -errno;
	cqe = (struct io_uring_cqe *)(void *)(cq + p.cq_off.cqes);
	return cqe->res;
}

static int
verb_ring(char *argv[])
{
	struct sockaddr_storage ss;
	struct io_uring_sqe e = { .fd = AT_FDCWD };
	long r;

	if (strcmp(argv[0], "openat") == 0) {
		e.opcode = IORING_OP_OPENAT;
		e.addr = (uintptr_t)argv[1];
		e.open_flags = O_RDONLY;
	} else if (strcmp(argv[0], "socket") == 0) {
		e.opcode = IORING_OP_SOCKET;
		e.fd = (int)number(argv[1]);
		e.off = SOCK_STREAM;
	} else if (strcmp(argv[0], "connect") == 0) {
		e.opcode = IORING_OP_SOCKET;
		e.fd = AF_INET;
		e.off = SOCK_STREAM;
		if ((r = ring(&e)) >= 0) {
			e.opcode = IORING_OP_CONNECT;
			e.fd = (int)r;
			e.off = internet(&ss, argv[1], argv[2]);
			e.addr = (uintptr_t)&ss;
		}
	} else if (strcmp(argv[0], "setxattr") == 0) {
		e.opcode = IORING_OP_SETXATTR;
		e.addr = (uintptr_t)"user.nono";
		e.addr2 = (uintptr_t)"x";
		e.addr3 = (uintptr_t)argv[1];
		e.len = 1;
	} else
		errx(2, "%s: not an act", argv[0]);
	r = ring(&e);
	errno = (int)-r;
	return r < 0 ? -1 : 0;
}

/*
 * What processes share that is no file: System V IPC and message queues.
 */

/* Prints the key. */
static int
verb_serve_ipc(char *argv[])
{
	key_t key = 0x4e000000 | getpid();
	int flags = IPC_CREAT | IPC_EXCL | 0600;
	int shm_id, sem_id, msg_id, sig;
	sigset_t set;
	void *p;

	(void)argv;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if ((shm_id = shmget(key, sizeof(secret), flags)) == -1 ||
	    (sem_id = semget(key, 1, flags)) == -1 ||
	    (msg_id = msgget(key, flags)) == -1 ||
	    (p = shmat(shm_id, NULL, 0)) == (void *)-1)
		return -1;
	memcpy(p, secret, sizeof(secret));
	serve("d", (uint64_t)key);
	sigwait(&set, &sig);
	shmctl(shm_id, IPC_RMID, NULL);
	semctl(sem_id, 0, IPC_RMID);
	msgctl(msg_id, IPC_RMID, NULL);
	_exit(0);
}

static int
verb_ipc(char *argv[])
{
	struct sembuf op = { 0, 1, 0 };
	struct {
		long	type;
		char	text[1];
	} m = { 1, "x" };
	key_t key = (key_t)number(argv[1]);
	void *p;
	int id;

	switch (argv[0][1]) {
	case 'h':				/* shm */
		if ((id = shmget(key, 0, 0)) == -1 ||
		    (p = shmat(id, NULL, SHM_RDONLY)) == (void *)-1)
			return -1;
		if (memcmp(p, secret, sizeof(secret)) != 0)
			errx(2, "not the same memory");
		return 0;
	case 'e':				/* sem */
		return (id = semget(key, 0, 0)) == -1 ? -1 : semop(id, &op, 1);
	default:				/* msg */
		return (id = msgget(key, 0)) == -1 ? -1 :
		    msgsnd(id, &m, 1, IPC_NOWAIT);
	}
}

static int
verb_serve_mq(char *argv[])
{
	mqd_t q;

	if ((q = mq_open(argv[0], O_CREAT | O_EXCL | O_RDWR, 0600,
	    NULL)) == (mqd_t)-1)
		return -1;
	serve("d", (uint64_t)q);
	pause();
	return -1;
}

static int
verb_mq(char *argv[])
{
	return mq_open(argv[0], O_RDWR) == (mqd_t)-1 ? -1 : 0;
}

static int
verb_mq_unlink(char *argv[])
{
	return mq_unlink(argv[0]);
}

/* Sets the priority that the process has already. */
static int
verb_priority(char *argv[])
{
	id_t pid = (id_t)number(argv[0]);

	return setpriority(PRIO_PROCESS, pid, getpriority(PRIO_PROCESS, pid));
}

/*
 * Leave a process behind that waits until nobody waits for it, and then makes
 * itself the terminal's foreground, asks, and writes the answer to a file.
 */
static int
verb_snatch(char *argv[])
{
	static const char question[] = "password: ";
	char buf[64];
	pid_t parent = getpid(), pid = fork();
	ssize_t n;
	int fd;

	if (pid != 0)
		return pid == -1 ? -1 : 0;
	alarm(LIFE / 3);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	while (getppid() == parent)
		usleep(10000);
	usleep(100000);
	if (setpgid(0, 0) == -1 || tcsetpgrp(0, getpid()) == -1 ||
	    write(1, question, sizeof(question) - 1) == -1 ||
	    (n = read(0, buf, sizeof(buf))) <= 0 ||
	    (fd = open(argv[0], O_CREAT | O_WRONLY, 0600)) == -1 ||
	    write(fd, buf, (size_t)n) != n)
		_exit(1);
	tcsetpgrp(0, getsid(0));
	_exit(0);
}

/*
 * Terminals: standard input is one.
 */

/* "x" as if typed; bits, of those that the kernel does not read, are added. */
static int
verb_type(char *argv[])
{
	unsigned long request = TIOCSTI |
	    (argv[0] == NULL ? 0 : (unsigned long)number(argv[0]));

	return (int)syscall(SYS_ioctl, 0, request, "x");
}

/*
 * Runs a command on a new terminal, and relays what it prints.  Before the
 * command come -e text answer, each: wait until text has been printed after
 * what was waited for before, and type the answer.
 */
struct expected {
	const char	*text, *answer;
};

static int
open_terminal(int *slave)
{
	struct winsize ws = { .ws_row = 24, .ws_col = 80 };
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd == -1 || grantpt(fd) == -1 || unlockpt(fd) == -1 ||
	    (*slave = open(ptsname(fd), O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1 ||
	    ioctl(fd, TIOCSWINSZ, &ws) == -1)
		err(2, "no terminal");
	return fd;
}

/* Until the last that has the terminal open is gone. */
static void
converse(int master, const struct expected *e)
{
	static char seen[1 << 20];
	char *from = seen, *at;
	size_t len = 0;
	ssize_t n;

	while ((n = read(master, seen + len, sizeof(seen) - 1 - len)) > 0) {
		if (write(STDOUT_FILENO, seen + len, (size_t)n) != n)
			err(2, "standard output");
		len += (size_t)n;
		seen[len] = '\0';
		while (e->text != NULL &&
		    (at = strstr(from, e->text)) != NULL) {
			from = at + strlen(e->text);
			n = (ssize_t)strlen(e->answer);
			if (write(master, e->answer, (size_t)n) != n)
				err(2, "terminal");
			e++;
		}
	}
	if (e->text != NULL)
		errx(3, "\"%s\" was not printed", e->text);
	if (n == -1 && errno == EINTR)
		errx(3, "does not end");
}

static void
wake(int sig)
{
	(void)sig;
}

static int
verb_pty(char *argv[])
{
	struct expected e[32] = { { NULL, NULL } };
	struct sigaction sa = { .sa_handler = wake };	/* no SA_RESTART */
	size_t n = 0;
	int master, slave;
	pid_t pid;

	while (strcmp(argv[0], "-e") == 0 && argv[1] != NULL &&
	    argv[2] != NULL && argv[3] != NULL && n < N(e) - 1) {
		e[n++] = (struct expected){ argv[1], argv[2] };
		argv += 3;
	}
	master = open_terminal(&slave);
	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0) {
		if (setsid() == -1 || ioctl(slave, TIOCSCTTY, 0) == -1 ||
		    dup2(slave, 0) == -1 || dup2(slave, 1) == -1 ||
		    dup2(slave, 2) == -1)
			err(2, "terminal");
		run(argv);
	}
	close(slave);
	/* the terminal hangs up when we end */
	if (sigaction(SIGALRM, &sa, NULL) == -1)
		err(2, "sigaction");
	alarm(LIFE / 3);
	converse(master, e);
	exit_as(pid);
}

/* A terminal in the background, for others to reach; its name is printed. */
static int
verb_serve_pty(char *argv[])
{
	int slave, master = open_terminal(&slave);
	unsigned n;

	(void)argv;
	if (ioctl(master, TIOCGPTN, &n) == -1)
		return -1;
	serve("d", n);
	return pause();
}

/*
 * Runs a command while another terminal of the user, which it finds in $OTHER,
 * has "secret" typed at it; then prints what was written on that one.
 */
static int
verb_beside_pty(char *argv[])
{
	struct termios t;
	char buf[4096], name[64];
	int slave, master = open_terminal(&slave), status;
	pid_t pid;
	ssize_t n;

	if (tcgetattr(slave, &t) == -1)
		return -1;
	cfmakeraw(&t);
	if (tcsetattr(slave, TCSANOW, &t) == -1 ||
	    ptsname_r(master, name, sizeof(name)) != 0 ||
	    setenv("OTHER", name, 1) == -1 ||
	    write(master, "secret", 6) != 6)
		return -1;
	if ((pid = fork()) == -1)
		return -1;
	if (pid == 0) {
		if (setsid() == -1)
			err(2, "setsid");
		run(argv);
	}
	if (waitpid(pid, &status, 0) == -1)
		return -1;
	if (!WIFEXITED(status))
		errx(3, "the command was killed");
	printf("on the other terminal: ");
	fflush(stdout);
	if (fcntl(master, F_SETFL, O_NONBLOCK) == -1)
		return -1;
	while ((n = read(master, buf, sizeof(buf))) > 0)
		if (write(STDOUT_FILENO, buf, (size_t)n) != n)
			return -1;
	printf("\n");
	exit(WEXITSTATUS(status));
}

/*
 * Descriptors.
 */

static int
kind_opath(void)
{
	return open("/etc", O_PATH | O_DIRECTORY);
}

static int
kind_opath_file(void)
{
	return open("/etc/passwd", O_PATH);
}

static int
kind_directory(void)
{
	return open("/etc", O_RDONLY | O_DIRECTORY);
}

static int
kind_epoll(void)
{
	return epoll_create1(0);
}

static int
kind_inotify(void)
{
	return inotify_init1(0);
}

static int
kind_pidfd(void)
{
	return (int)syscall(SYS_pidfd_open, getppid(), 0);
}

static int
kind_ring(void)
{
	static struct io_uring_params p;

	return (int)syscall(SYS_io_uring_setup, 1, &p);
}

static int
kind_tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
kind_udp6(void)
{
	return socket(AF_INET6, SOCK_DGRAM, 0);
}

static int
kind_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static int
kind_packet(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static int
kind_unix(void)
{
	int s[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, s) == -1 ? -1 : s[0];
}

static int
kind_pipe(void)
{
	int p[2];

	return pipe(p) == -1 ? -1 : p[0];
}

static int
kind_null(void)
{
	return open("/dev/null", O_RDWR);
}

static int
kind_file(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int
kind_memfd(void)
{
	return memfd_create("probe", 0);
}

static const struct {
	const char	*name;
	int		(*make)(void);
} kinds[] = {
	{ "directory",	kind_directory },
	{ "epoll",	kind_epoll },
	{ "file",	kind_file },
	{ "inotify",	kind_inotify },
	{ "memfd",	kind_memfd },
	{ "netlink",	kind_netlink },
	{ "null",	kind_null },
	{ "opath",	kind_opath },
	{ "opath-file",	kind_opath_file },
	{ "packet",	kind_packet },
	{ "pidfd",	kind_pidfd },
	{ "pipe",	kind_pipe },
	{ "ring",	kind_ring },
	{ "tcp",	kind_tcp },
	{ "udp6",	kind_udp6 },
	{ "unix",	kind_unix },
};

/* Run a command that inherits a descriptor of some kind, under a number. */
static int
verb_with(char *argv[])
{
	int fd = -1, as = (int)number(argv[1]);
	size_t i;

	for (i = 0; i < N(kinds); i++)
		if (strcmp(kinds[i].name, argv[0]) == 0 &&
		    (fd = kinds[i].make()) == -1)
			return -1;
	if (fd == -1)
		errx(2, "%s: no such kind", argv[0]);
	if (fd == as ? fcntl(fd, F_SETFD, 0) == -1 : dup2(fd, as) == -1)
		return -1;
	if (fd != as)
		close(fd);
	run(argv + 2);
}

/* Is there a descriptor of that number? */
static int
verb_fd(char *argv[])
{
	return fcntl((int)number(argv[0]), F_GETFD) == -1 ? -1 : 0;
}

/* Run a command with as many descriptors open, of them some directories. */
static int
verb_crowd(char *argv[])
{
	uint64_t i, n = number(argv[0]);
	struct rlimit r = { n + 64, n + 64 };

	if (setrlimit(RLIMIT_NOFILE, &r) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if ((i % 2 ? kind_null() : kind_directory()) == -1)
			return -1;
	run(argv + 1);
}

/*
 * Commands for which the kernel is another.
 */

static void
confine(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		err(2, "no_new_privs");
}

static int
filter(struct sock_filter *f, size_t n, unsigned flags)
{
	struct sock_fprog prog = { (unsigned short)n, f };
	int fd;

	confine();
	fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
	if (fd == -1)
		err(2, "seccomp");
	return fd;
}

#define LOW(i)	((uint32_t)(offsetof(struct seccomp_data, args[i]) + \
		    (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)))

static int
verb_deny(char *argv[])
{
	const struct deniable *d = NULL;
	uint32_t answer = SECCOMP_RET_ERRNO | (uint32_t)error_number(argv[1]);
	size_t i;

	for (i = 0; i < N(deniables); i++)
		if (strcmp(deniables[i].name, argv[0]) == 0)
			d = &deniables[i];
	if (d == NULL)
		errx(2, "%s: no such call", argv[0]);

	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)d->nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    d->arg == -1 ? offsetof(struct seccomp_data, nr) :
		    LOW(d->arg)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		    d->arg == -1 ? (uint32_t)d->nr : d->value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	filter(f, N(f), 0);
	run(argv + 2);
}

static void
send_descriptor(int s, int fd)
{
	union {
		struct cmsghdr	h;
		char		buf[CMSG_SPACE(sizeof(int))];
	} u = { .h = { .cmsg_len = CMSG_LEN(sizeof(int)),
	    .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { (char[]){ 'x' }, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = u.buf, .msg_controllen = sizeof(u.buf) };

	memcpy(CMSG_DATA(&u.h), &fd, sizeof(fd));
	if (sendmsg(s, &msg, 0) != 1)
		err(2, "sendmsg");
}

static int
receive_descriptor(int s)
{
	union {
		struct cmsghdr	h;
		char		buf[CMSG_SPACE(sizeof(int))];
	} u;
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = u.buf, .msg_controllen = sizeof(u.buf) };
	int fd;

	if (recvmsg(s, &msg, 0) != 1 || CMSG_FIRSTHDR(&msg) == NULL)
		errx(2, "no descriptor from the child");
	memcpy(&fd, CMSG_DATA(&u.h), sizeof(fd));
	return fd;
}

/* Run a command that finds a descriptor of a file in the socket that is 7. */
static int
verb_handing(char *argv[])
{
	int s[2], fd;

	if ((fd = open(argv[0], O_RDONLY)) == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, s) == -1)
		return -1;
	send_descriptor(s[1], fd);
	close(s[1]);
	close(fd);
	if (dup2(s[0], 7) == -1)
		return -1;
	close(s[0]);
	run(argv + 1);
}

/* Open a file in the directory that is found there. */
static int
verb_taking(char *argv[])
{
	return openat(receive_descriptor(7), argv[0], O_RDONLY) == -1 ? -1 : 0;
}

/* Answer what is asked, until nobody is left who could ask. */
static void
answer(int listener, int abi)
{
	struct pollfd p = { listener, POLLIN, 0 };
	struct seccomp_notif *call;
	struct seccomp_notif_resp reply;
	struct seccomp_notif_sizes sizes;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == -1 ||
	    (call = malloc(sizes.seccomp_notif)) == NULL ||
	    sizes.seccomp_notif_resp != sizeof(reply))
		err(2, "seccomp");
	while (poll(&p, 1, -1) == -1 ? errno == EINTR : p.revents & POLLIN) {
		memset(call, 0, sizes.seccomp_notif);
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, call) == -1)
			continue;
		reply = (struct seccomp_notif_resp){ .id = call->id,
		    .val = abi };
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
	}
	free(call);
}

/*
 * A process, no child of ours, that receives a listener and answers.  Returns
 * where to send it.
 */
static int
answerer(int abi)
{
	int s[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) == -1 ||
	    (pid = fork()) == -1)
		err(2, "fork");
	if (pid > 0) {
		close(s[1]);
		if (waitpid(pid, NULL, 0) != pid)
			err(2, "waitpid");
		return s[0];
	}
	if (setsid() == -1 || (pid = fork()) == -1)
		err(2, "fork");
	if (pid > 0)
		_exit(0);
	close(s[0]);
	/* whoever waits for the end of a pipe shall not wait for us */
	if (dup2(receive_descriptor(s[1]), 0) == -1 || chdir("/") == -1 ||
	    syscall(SYS_close_range, 1, ~0U, 0) == -1)
		_exit(2);
	answer(0, abi);
	_exit(0);
}

/*
 * A kernel with another Landlock: its version is answered by us, all else is
 * left to the kernel.  0: one without it; -1: one with it switched off.
 */
static int
verb_abi(char *argv[])
{
	int abi = (int)number(argv[0]), to;
	uint32_t act = abi > 0 ? SECCOMP_RET_USER_NOTIF :
	    SECCOMP_RET_ERRNO | (abi == 0 ? ENOSYS : EOPNOTSUPP);
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 444, 0, 5),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 446, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abi > 0 ? 444 : 0, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW(2)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 2, 1),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, abi > 0 ? ~0U : 444, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, act),
	};

	if (abi <= 0)
		filter(f, N(f), 0);
	/* a listener hears those beneath one, too, and there may be one only */
	else if (syscall(444, NULL, 0, 1) != abi) {
		to = answerer(abi);
		send_descriptor(to, filter(f, N(f),
		    SECCOMP_FILTER_FLAG_NEW_LISTENER));
		close(to);
	}
	run(argv + 1);
}

/*
 * Run a command under the nono given, which grants all that it can; its own
 * environment moves no denial to where the tests are.  The command gets the
 * environment that we have.
 */
static int
verb_nested(char *argv[])
{
	char *outer[] = { NULL, "-s", "-a", "/", "-a", "/proc",
	    "-a", NULL, "-r", NULL, "-u", "/", "-x", "*", "--", NULL,
	    "environment", NULL };
	static char *home[] = { "HOME=/nonexistent", NULL };
	char self[4096], dir[4096], count[24], **v;
	char *tests = getenv("NONO_TESTDIR");
	size_t i, n = 0, nargs = 0, nvars = 0;
	ssize_t len;

	if ((len = readlink("/proc/self/exe", self, sizeof(self) - 1)) == -1)
		return -1;
	self[len] = '\0';
	while (argv[nargs] != NULL)
		nargs++;
	while (environ[nvars] != NULL)
		nvars++;
	snprintf(count, sizeof(count), "%zu", nvars);
	outer[0] = argv[0];
	/* these by name for a third nono, to which / means less */
	outer[7] = tests != NULL ? tests : "/";
	strcpy(dir, self);
	*strrchr(dir, '/') = '\0';
	outer[9] = dir;
	outer[15] = self;
	outer[17] = count;
	if ((v = calloc(N(outer) + nvars + nargs, sizeof(*v))) == NULL)
		return -1;
	for (i = 0; i < N(outer); i++)
		v[n++] = outer[i];
	for (i = 0; i < nvars; i++)
		v[n++] = environ[i];
	for (i = 1; i < nargs; i++)
		v[n++] = argv[i];
	environ = home;
	run(v);
}

/* Run a command with this environment: its size, then itself. */
static int
verb_environment(char *argv[])
{
	uint64_t i, n = number(argv[0]);
	char **variables = calloc(n + 1, sizeof(*variables));

	if (variables == NULL)
		return -1;
	for (i = 0; i < n; i++)
		variables[i] = argv[i + 1];
	environ = variables;
	run(argv + n + 1);
}

static const struct verb {
	const char	*name;
	int		(*function)(char *[]);
	int		 min;			/* arguments */
	const char	*usage;
} verbs[] = {
	{ "abi",	verb_abi,	2, "number command ..." },
	{ "beside-pty",	verb_beside_pty, 1, "command ..." },
	{ "call",	verb_call,	1, "call [argument ...]" },
	{ "call32",	verb_call32,	1, "call [argument ...]" },
	{ "callx32",	verb_callx32,	1, "call [argument ...]" },
	{ "churn",	verb_churn,	3, "directory name name ..." },
	{ "crowd",	verb_crowd,	2, "number command ..." },
	{ "deny",	verb_deny,	3, "call errno command ..." },
	{ "environment", verb_environment, 2, "n variable ... command ..." },
	{ "fastopen",	verb_fastopen,	2, "address port" },
	{ "fd",		verb_fd,	1, "number" },
	{ "filecap",	verb_filecap,	1, "file" },
	{ "flags",	verb_flags,	1, "file" },
	{ "getfd",	verb_getfd,	2, "pid number" },
	{ "handing",	verb_handing,	2, "file command ..." },
	{ "handle",	verb_handle,	1, "file" },
	{ "handle-open", verb_handle_open, 3, "directory type bytes" },
	{ "idle",	verb_idle,	0, "" },
	{ "ipc",	verb_ipc,	2, "shm|sem|msg key" },
	{ "limit",	verb_limit,	1, "pid" },
	{ "memfd",	verb_memfd,	1, "file [argument ...]" },
	{ "mounts",	verb_mounts,	4, "number source directory command ..." },
	{ "mptcp-connect", verb_mptcp_connect, 2, "address port" },
	{ "mq",		verb_mq,	1, "name" },
	{ "mq-unlink",	verb_mq_unlink,	1, "name" },
	{ "nested",	verb_nested,	2, "nono command ..." },
	{ "pair-leave",	verb_pair_leave, 2, "type name" },
	{ "pair-leave32", verb_pair_leave32, 2, "type name" },
	{ "pidfd-kill",	verb_pidfd_kill, 2, "pid signal" },
	{ "priority",	verb_priority,	1, "pid" },
	{ "proc-mem",	verb_proc_mem,	2, "pid address" },
	{ "pty",	verb_pty,	1, "[-e text answer] command ..." },
	{ "queue",	verb_queue,	2, "pid signal" },
	{ "race",	verb_race,	4, "rounds name name file [text]" },
	{ "read-memory", verb_read_memory, 2, "pid address" },
	{ "reconnect",	verb_reconnect,	2, "address port" },
	{ "ring",	verb_ring,	2, "openat|socket|connect|setxattr argument ..." },
	{ "same",	verb_same,	2, "file file" },
	{ "seize",	verb_seize,	1, "pid" },
	{ "serve-ipc",	verb_serve_ipc,	0, "" },
	{ "serve-mq",	verb_serve_mq,	1, "name" },
	{ "serve-pty",	verb_serve_pty,	0, "" },
	{ "serve-tcp",	verb_serve_tcp,	1, "address [port]" },
	{ "serve-unix",	verb_serve_unix, 2, "type name" },
	{ "sigio",	verb_sigio,	2, "pid signal" },
	{ "snapshot",	verb_snapshot,	3, "source directory name" },
	{ "snatch",	verb_snatch,	1, "file" },
	{ "socketcall",	verb_socketcall, 1, "number [argument ...]" },
	{ "socketpair",	verb_socketpair, 1, "type" },
	{ "swap",	verb_swap,	2, "name name" },
	{ "taking",	verb_taking,	1, "name" },
	{ "tcp-connect", verb_tcp_connect, 2, "address port" },
	{ "tcp-listen",	verb_tcp_listen, 2, "address port" },
	{ "trace",	verb_trace,	1, "pid" },
	{ "trace-child", verb_trace_child, 0, "" },
	{ "type",	verb_type,	0, "[bits]" },
	{ "udp-send",	verb_udp_send,	2, "address port" },
	{ "unix-connect", verb_unix_connect, 2, "type name" },
	{ "unix-connect-fd", verb_unix_connect_fd, 2, "type name" },
	{ "unix-listen", verb_unix_listen, 2, "type name" },
	{ "unix-self",	verb_unix_self,	2, "type name" },
	{ "unix-send",	verb_unix_send,	1, "name" },
	{ "unix-sendmsg", verb_unix_sendmsg, 1, "name" },
	{ "watch",	verb_watch,	1, "file" },
	{ "with",	verb_with,	3, "kind number command ..." },
	{ "write-memory", verb_write_memory, 2, "pid address" },
};

/*
 * Of a script that begins with "#!probe verb argument", the kernel passes "verb
 * argument" as one word, then the name of the script, which makes way for them.
 */
static char **
split(int *argc, char *argv[])
{
	char **v = calloc((size_t)*argc + strlen(argv[1]), sizeof(*v));
	char *word, *words = argv[1];
	int i, n = 1;

	if (v == NULL)
		err(2, NULL);
	v[0] = argv[0];
	while ((word = strsep(&words, " ")) != NULL)
		v[n++] = word;
	for (i = 3; i < *argc; i++)
		v[n++] = argv[i];
	*argc = n;
	return v;
}

int
main(int argc, char *argv[])
{
	const struct verb *v;

	if (argc > 2 && strchr(argv[1], ' ') != NULL)
		argv = split(&argc, argv);
	for (v = verbs; v < verbs + N(verbs); v++) {
		if (argc < 2 || strcmp(v->name, argv[1]) != 0)
			continue;
		if (argc - 2 < v->min)
			errx(2, "usage: probe %s %s", v->name, v->usage);
		if (v->function(argv + 2) == -1) {
			puts(strerrorname_np(errno));
			return 1;
		}
		puts("ok");
		return 0;
	}
	for (v = verbs; v < verbs + N(verbs); v++)
		fprintf(stderr, "probe %s %s\n", v->name, v->usage);
	return 2;
}
