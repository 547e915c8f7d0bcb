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
 * Makes each system call of nono's start fail in turn, and tries the doors.
 *
 * Calls are let through, or answered with an error, by way of
 * seccomp_unotify(2): those from nono's first one after the dynamic loader's, by
 * which libcap counts the capabilities, to its last, execve(2).
 */

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#define N(a)		(sizeof(a) / sizeof((a)[0]))

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif

/*
 * The calls of a start.  A wall is one that changes what the command can do:
 * if it fails, nothing may be run.
 */
static const struct call {
	long		 nr;
	const char	*name;
	bool		 wall;
	int		 path;		/* the argument that is one, or -1 */
} calls[] = {
#define C(name, wall, path)	{ SYS_##name, #name, wall, path }
	C(capset, true, -1),
	C(chdir, true, 0),
	C(close_range, true, -1),
	C(fchdir, true, -1),
	C(fsconfig, true, -1),
	C(fsmount, true, -1),
	C(fsopen, true, -1),
	C(landlock_add_rule, true, -1),
	C(landlock_create_ruleset, true, -1),
	C(landlock_restrict_self, true, -1),
	C(mkdirat, true, 1),
	C(mknodat, true, 1),
	C(mount_setattr, true, 1),
	C(move_mount, true, -1),
	C(open_tree, true, 1),
	C(seccomp, true, -1),
	C(symlinkat, true, 2),
	C(unlinkat, true, 1),
	C(write, true, -1),
	C(mount, true, 1),
	C(unshare, true, -1),
#ifdef SYS_access
	C(access, false, 0),
	C(open, false, 0),
	C(readlink, false, 0),
	C(stat, false, 0),
	C(lstat, false, 0),
#endif
	C(capget, false, -1),
	C(close, false, -1),
	C(dup, false, -1),
	C(execve, false, 0),
	C(faccessat, false, 1),
	C(faccessat2, false, 1),
	C(fcntl, false, -1),
	C(fstat, false, -1),
	C(getcwd, false, -1),
	C(getdents64, false, -1),
	C(ioctl, false, -1),
	C(kill, false, -1),
	C(lseek, false, -1),
	C(mmap, false, -1),
	C(mprotect, false, -1),
	C(mremap, false, -1),
	C(munmap, false, -1),
#ifdef SYS_newfstatat
	C(newfstatat, false, 1),
#endif
	C(openat, false, 1),
	C(openat2, false, 1),
	C(prctl, false, -1),
	C(read, false, -1),
	C(readlinkat, false, 1),
	C(socket, false, -1),
	C(statx, false, 1),
}, other = { -1, "call", false, -1 };

/* These never fail, say their manual pages; brk(2) only moves nothing. */
static const long unfailing[] = {
	SYS_brk, SYS_exit_group, SYS_getegid, SYS_geteuid, SYS_getgid, SYS_getpid,
	SYS_getppid, SYS_getuid, SYS_umask
};

static const struct {
	const char	*name;
	int		 value;
} errors[] = {
	{ "EACCES", EACCES }, { "EIO", EIO }, { "EMFILE", EMFILE },
	{ "EINVAL", EINVAL }, { "ENOENT", ENOENT }, { "ENOMEM", ENOMEM },
	{ "EPERM", EPERM }
};

/* A start, and the call in it that is made to fail. */
struct start {
	char		**argv;
	const char	*carved;		/* doors, between commas */
	int		 out;			/* takes what is printed */
	size_t		 index;			/* counted from 1 */
	int		 error;
	/* and what came of it */
	const struct call *call;		/* or NULL: not so many */
	bool		 wall;
	char		 path[256];
	int		 status;		/* wait(2) */
	char		 text[4096];
};

/*
 * Passing on a descriptor.
 */

union control {
	struct cmsghdr	h;
	char		buf[CMSG_SPACE(sizeof(int))];
};

static void
send_descriptor(int s, int fd)
{
	union control u = { .h = { .cmsg_len = CMSG_LEN(sizeof(int)),
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
	union control u;
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

/*
 * One start.
 */

static const struct call *
call_of(long nr)
{
	size_t i;

	for (i = 0; i < N(calls); i++)
		if (calls[i].nr == nr)
			return &calls[i];
	return &other;
}

static bool
is_wall(const struct call *call, const struct seccomp_data *d)
{
	return call->wall || (d->nr == SYS_prctl &&
	    d->args[0] != PR_GET_NO_NEW_PRIVS &&
	    d->args[0] != PR_CAPBSET_READ);
}

static bool
can_fail(const struct seccomp_data *d)
{
	size_t i;

	for (i = 0; i < N(unfailing); i++)
		if (unfailing[i] == d->nr)
			return false;
	return true;
}

/* Note the path that a call is for, to tell people. */
static void
note_path(struct start *s, const struct seccomp_notif *n)
{
	struct iovec to = { s->path, sizeof(s->path) - 1 }, from;

	memset(s->path, 0, sizeof(s->path));
	if (s->call->path == -1)
		return;
	from = (struct iovec){ (void *)(uintptr_t)
	    n->data.args[s->call->path], 1 };
	/* byte by byte, for a page may end after it */
	for (to.iov_len = 1; (char *)to.iov_base < s->path +
	    sizeof(s->path) - 1; to.iov_base = (char *)to.iov_base + 1,
	    from.iov_base = (char *)from.iov_base + 1)
		if (process_vm_readv((pid_t)n->pid, &to, 1, &from, 1, 0) != 1
		    || *(char *)to.iov_base == '\0')
			break;
}

/* Answer all calls of a start until it and all that it has started are gone. */
static void
answer(struct start *s, int listener)
{
	struct seccomp_notif n;
	struct seccomp_notif_resp reply;
	struct pollfd p = { listener, POLLIN, 0 };
	bool on = false, over = false;
	size_t index = 0;

	while (poll(&p, 1, -1) == -1 ? errno == EINTR : p.revents & POLLIN) {
		memset(&n, 0, sizeof(n));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) == -1)
			continue;
		on |= n.data.nr == SYS_prctl &&
		    n.data.args[0] == PR_CAPBSET_READ;
		reply = (struct seccomp_notif_resp){ .id = n.id,
		    .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
		if (on && !over && can_fail(&n.data) && ++index == s->index) {
			s->call = call_of(n.data.nr);
			s->wall = is_wall(s->call, &n.data);
			note_path(s, &n);
			reply.flags = 0;
			reply.error = -s->error;
		}
		over |= on && n.data.nr == SYS_execve;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
	}
}

/* In the child: all calls but the one that hands over the listener. */
static _Noreturn void
become(const struct start *s, int to)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	};
	struct sock_fprog prog = { N(f), f };
	int listener;

	alarm(20);
	if (dup2(s->out, 1) == -1 || dup2(s->out, 2) == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		err(2, "child");
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	if (listener == -1)
		_exit(2);
	send_descriptor(to, listener);
	execv(s->argv[0], s->argv);
	_exit(2);
}

static void
run(struct start *s)
{
	int pair[2], listener;
	ssize_t n;
	pid_t pid;

	s->call = NULL;
	if (ftruncate(s->out, 0) == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1 ||
	    (pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0)
		become(s, pair[1]);
	close(pair[1]);
	listener = receive_descriptor(pair[0]);
	close(pair[0]);
	answer(s, listener);
	close(listener);
	if (waitpid(pid, &s->status, 0) == -1)
		err(2, "waitpid");
	if ((n = pread(s->out, s->text, sizeof(s->text) - 1, 0)) == -1)
		err(2, "read");
	s->text[n] = '\0';
}

/*
 * Was it the answer of a system where there are no private views?  Then nono
 * carves, which leaves some doors open.
 */
static bool
no_view(const struct start *s)
{
	return (s->call->nr == SYS_unshare || (s->call->nr == SYS_mount &&
	    strcmp(s->path, "/") == 0)) && (s->error == EPERM ||
	    s->error == EACCES || s->error == EINVAL);
}

/* Is each door that is open one of the list? */
static bool
only_open(const char *text, const char *list)
{
	char line[4096];
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		snprintf(line, sizeof(line), ",%.*s,", (int)(end - text - 6),
		    text + 6);
		if (strncmp(text, "open: ", 6) != 0 ||
		    strstr(list, line) == NULL)
			return false;
	}
	return *text == '\0';
}

/* What came of it: NULL, or what is wrong. */
static const char *
judge(const struct start *s)
{
	const char *text = s->text, *why = strerror(s->error);
	int status = WIFEXITED(s->status) ? WEXITSTATUS(s->status) : -1;

	if (strncmp(text, "doors\n", 6) == 0) {
		if (s->wall && !no_view(s))
			return "the command was run";
		if (!only_open(text + 6, no_view(s) ? s->carved : ""))
			return "open doors";
		return status != 0 ? "the command has failed" : NULL;
	}
	if (strstr(text, "doors\n") != NULL)
		return "the command was run";
	if (strncmp(text, "nono: ", 6) != 0 ||
	    strchr(text, '\n') != text + strlen(text) - 1)
		return "not one line";
	/* the command itself may be what cannot be looked at */
	if (status != 125 && (s->wall || (status != 126 &&
	    status != 127)))
		return "exit status";
	return s->wall && strstr(text, why) == NULL ?
	    "does not say why" : NULL;
}

static int
error_number(const char *name)
{
	size_t i;

	for (i = 0; i < N(errors); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].value;
	errx(2, "%s: no such error", name);
}

/*
 * fault try errno,... ,door,... command: the first error for all calls, the
 * others for the walls; where nono carves the doors may be open.  Prints what is wrong, and at the end how many calls there were.
 */
static int
try(char *argv[])
{
	struct start s = { .argv = argv + 2, .carved = argv[1] };
	char *list, *next, *name;
	const char *wrong;
	bool first, more = true;
	int bad = 0, walls = 0;
	cpu_set_t one;

	/* seven times as fast: waking another processor takes long */
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	if ((s.out = memfd_create("out", MFD_CLOEXEC)) == -1 ||
	    fcntl(s.out, F_SETFL, O_APPEND) == -1)
		err(2, "memfd_create");
	run(&s);
	if (s.status != 0 || strcmp(s.text, "doors\n") != 0)
		errx(1, "without a fault: status %#x: %s", (unsigned)s.status,
		    s.text);
	while (more) {
		s.index++;
		first = true;
		if ((list = next = strdup(argv[0])) == NULL)
			err(2, NULL);
		while (more && (name = strsep(&next, ",")) != NULL) {
			if (!first && !s.wall)
				break;
			s.error = error_number(name);
			run(&s);
			if (s.call == NULL) {
				more = false;
				break;
			}
			/* what else runs may make it one call more, or less */
			if (!first && !s.wall)
				break;
			walls += first && s.wall;
			first = false;
			if ((wrong = judge(&s)) == NULL)
				continue;
			bad++;
			printf("%s: call %zu, %s(%s): %s: status %#x: %s\n",
			    wrong, s.index, s.call->name, s.path, name,
			    (unsigned)s.status, s.text);
		}
		free(list);
	}
	if (walls < 20) {
		puts("too few walls: were these the calls of nono?");
		bad++;
	}
	printf("%zu calls, %d of them walls\n", s.index - 1, walls);
	return bad > 0;
}

/*
 * The doors.  Each is true if it is open, and then leaves all as it was.
 */

static bool
can_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct dirent *d;
	DIR *dirp;
	char c;
	int n = 0;

	if (fd == -1)
		return false;
	if ((dirp = fdopendir(fd)) == NULL)
		return read(fd, &c, 1) == 1;
	/* what covers a directory may be open to root, and is empty */
	while ((d = readdir(dirp)) != NULL)
		n += d->d_name[0] != '.';
	closedir(dirp);
	return n > 0;
}

static bool
can_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	return fd != -1 && close(fd) == 0;
}

static bool
can_create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd != -1 && unlink(path) == 0;
}

static bool
can_chmod(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && chmod(path, st.st_mode & 0777) == 0;
}

static bool
can_suid(const char *path)
{
	return chmod(path, 04755) == 0 && chmod(path, 0755) == 0;
}

static bool
can_rename(const char *path)
{
	char to[4096];

	snprintf(to, sizeof(to), "%s.moved", path);
	return rename(path, to) == 0 && rename(to, path) == 0;
}

static bool
can_exec(const char *path)
{
	pid_t pid = fork();
	int status, null;

	if (pid == 0) {
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		for (status = 1; status <= 2; status++)
			if (null == -1 || dup2(null, status) == -1)
				close(status);
		execl(path, path, "--version", (char *)NULL);
		_exit(1);
	}
	return pid != -1 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* In force, or to be had from a file? */
static bool
can_cap(const char *cap)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	int n = atoi(cap);

	return prctl(PR_CAPBSET_READ, n, 0, 0, 0) == 1 ||
	    syscall(SYS_capget, &h, d) == -1 ||
	    (d[n / 32].effective | d[n / 32].permitted |
	    d[n / 32].inheritable) >> n % 32 & 1;
}

static bool
can_kill(const char *pid)
{
	return kill((pid_t)atoi(pid), 0) == 0;
}

static bool
can_socket(const char *family)
{
	int fd = socket(atoi(family), SOCK_STREAM, 0);

	return fd != -1 && close(fd) == 0;
}

static bool
can_connect(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	bool can;

	if (fd == -1)
		return false;
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	can = connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0;
	close(fd);
	return can;
}

static bool
can_unshare(const char *what)
{
	pid_t pid = fork();
	int status;

	(void)what;
	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER) == -1);
	return pid != -1 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Is a descriptor open, and is it what it was said to be? */
static bool
can_use(const char *fd)
{
	return fcntl(atoi(fd), F_GETFD) != -1;
}

static bool
can_reopen(const char *fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%s", fd);
	return can_write(path);
}

static const struct door {
	const char	*name;
	bool		(*open)(const char *);
} doors[] = {
	{ "cap", can_cap },
	{ "chmod", can_chmod },
	{ "connect", can_connect },
	{ "create", can_create },
	{ "exec", can_exec },
	{ "fd", can_use },
	{ "kill", can_kill },
	{ "read", can_read },
	{ "rename", can_rename },
	{ "reopen", can_reopen },
	{ "socket", can_socket },
	{ "suid", can_suid },
	{ "unshare", can_unshare },
	{ "write", can_write }
};

/* fault doors door=what ...: prints "doors", and those that are open. */
static int
try_doors(char *argv[])
{
	const struct door *d;
	char *what;

	puts("doors");
	for (; *argv != NULL; argv++) {
		if ((what = strchr(*argv, '=')) == NULL)
			errx(2, "%s: what?", *argv);
		for (d = doors; d < doors + N(doors); d++)
			if (strlen(d->name) == (size_t)(what - *argv) &&
			    strncmp(d->name, *argv, (size_t)(what - *argv)) ==
			    0)
				break;
		if (d == doors + N(doors))
			errx(2, "%s: no such door", *argv);
		if (d->open(what + 1))
			printf("open: %s\n", *argv);
		fflush(stdout);
	}
	return 0;
}

int
main(int argc, char *argv[])
{
	if (argc > 4 && strcmp(argv[1], "try") == 0)
		return try(argv + 2);
	if (argc > 2 && strcmp(argv[1], "doors") == 0)
		return try_doors(argv + 2);
	fprintf(stderr, "usage: fault try errno,... ,door,... command ...\n"
	    "       fault doors door=what ...\n");
	return 2;
}
