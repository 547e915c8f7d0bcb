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
 * nono learn: runs a command unconfined, watches by which paths it opens,
 * executes, connects to and changes things, and says what a policy would have
 * refused.  The kernel stops each call that matters and tells us of it before
 * it lets it go on, seccomp_unotify(2).  This is no confinement: the command
 * may change what we have read, and the call is made in any case.
 *
 *	linux-calls.h	the calls
 *	learn-look.c	what a call is about
 *	learn-needs.c	what was refused, and what would allow it
 */

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "learn.h"
#include "nono.h"

/* For policy.c; denials of what the command may come to make are kept. */
const unsigned	backend_system = SYS_LINUX;
const bool	backend_absent = true;

/* Look at one call, or just let it go on if learning is false. */
static void
answer(int listener, bool learning)
{
	static struct seccomp_notif *notif;
	static struct seccomp_notif_sizes sizes;
	struct seccomp_notif_resp reply = { 0 };

	if (notif == NULL) {
		if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0,
		    &sizes) == -1)
			die("learn: seccomp: %s", strerror(errno));
		if (sizes.seccomp_notif < sizeof(*notif))
			sizes.seccomp_notif = sizeof(*notif);
		notif = xreallocarray(NULL, 1, sizes.seccomp_notif);
	}
	memset(notif, 0, sizes.seccomp_notif);
	/* not ioctl(3), whose requests are int to musl */
	if (syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_RECV,
	    notif) == -1)
		return;		/* who called was killed */
	if (learning)
		reply.error = -look(notif, listener);
	reply.id = notif->id;
	if (reply.error == 0)
		reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

/* Collect the dead; true with *status when the command is among them. */
static bool
reap(pid_t command, int *status)
{
	pid_t pid;
	int s;
	bool ended = false;

	while ((pid = waitpid(-1, &s, WNOHANG)) > 0)
		if (pid == command) {
			*status = s;
			ended = true;
		}
	return ended;
}

/* Signals are the command's; those of the terminal it has got already. */
static bool
handle_signal(int signals, pid_t command, int *status)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo == SIGCHLD)
		return reap(command, status);
	if (info.ssi_code != SI_KERNEL)
		kill(command, (int)info.ssi_signo);
	return false;
}

/* Until the command ends; is anything left that runs? */
static bool
watch_command(int listener, int signals, pid_t command, int *status)
{
	struct pollfd p[] = { { listener, POLLIN, 0 }, { signals, POLLIN, 0 } };
	bool ended = false, left = true;

	while (poll(p, 2, ended ? 0 : -1) > 0 || !ended) {
		if (p[0].revents & POLLIN)
			answer(listener, true);
		else if (p[0].revents != 0) {
			left = false;
			p[0].fd = -1;
		}
		if (p[1].revents & POLLIN)
			ended |= handle_signal(signals, command, status);
		else if (ended && p[0].revents == 0)
			break;
	}
	return left;
}

/*
 * Without us the calls of what is still running would fail.  So a process
 * stays that lets them go on, until the last of those ends, and keeps nothing
 * of the caller's open.
 */
static void
stay_behind(int listener)
{
	struct pollfd p = { 3, POLLIN, 0 };
	sigset_t none;
	int null;

	switch (fork()) {
	case -1:
		say("learn: fork: %s; what the command left running will fail",
		    strerror(errno));
		return;
	case 0:
		break;
	default:
		return;
	}
	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(listener, p.fd) == -1 || chdir("/") == -1 ||
	    (null = open("/dev/null", O_RDWR)) == -1)
		_exit(EXIT_NONO);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	syscall(SYS_close_range, 4, ~0U, 0);
	while (poll(&p, 1, -1) == -1 ? errno == EINTR : p.revents & POLLIN)
		answer(p.fd, false);
	_exit(0);
}

/*
 * Starting.
 */

/* Send or receive, for which there are as many names, the listener. */
static int
hand_over(int s, int fd, bool sending)
{
	union {
		struct cmsghdr	h;
		char		buf[CMSG_SPACE(sizeof(int))];
	} u = { .h = { .cmsg_len = CMSG_LEN(sizeof(int)),
	    .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct mmsghdr m = { .msg_hdr = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = u.buf, .msg_controllen = sizeof(u.buf) } };

	memcpy(CMSG_DATA(&u.h), &fd, sizeof(fd));
	/*
	 * sendmsg(2), to which sendmmsg(3) of musl comes down, would wait for
	 * who has the listener.
	 */
	if (sending)
		return syscall(SYS_sendmmsg, s, &m, 1, 0) == 1 ? 0 : -1;
	if (recvmsg(s, &m.msg_hdr, MSG_CMSG_CLOEXEC) != 1 ||
	    CMSG_FIRSTHDR(&m.msg_hdr) == NULL)
		return -1;
	memcpy(&fd, CMSG_DATA(&u.h), sizeof(fd));
	return fd;
}

static _Noreturn void
command(int s, const sigset_t *mask, char *path, char **argv)
{
	if (hand_over(s, look_listen(), true) == -1)
		die("learn: sendmmsg: %s", strerror(errno));
	sigprocmask(SIG_SETMASK, mask, NULL);
	command_execute(path, argv);
	say("%s: %s", argv[0], strerror(errno));
	_exit(EXIT_CANNOT);
}

/* End as the command did. */
static _Noreturn void
end_as(int status)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	if (WIFSIGNALED(status)) {
		setrlimit(RLIMIT_CORE, &none);
		signal(WTERMSIG(status), SIG_DFL);
		sigemptyset(&set);
		sigprocmask(SIG_SETMASK, &set, NULL);
		kill(getpid(), WTERMSIG(status));
		exit(128 + WTERMSIG(status));
	}
	exit(WEXITSTATUS(status));
}

/*
 * Opened before anything is run, for it may fail.  Not by a link, but for
 * /dev/stdout and its kin: a command may have left one to what it cannot write.
 */
static FILE *
open_profile(const char *name)
{
	int flags = strncmp(name, "/dev/", 5) == 0 ? 0 : O_NOFOLLOW;
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
	FILE *f = fd == -1 ? NULL : fdopen(fd, "w");

	if (f == NULL && errno == ELOOP)
		die("-o: %s: is a symbolic link; name the file itself", name);
	if (f == NULL)
		die("-o: %s: %s", name, strerror(errno));
	return f;
}

static void
run_and_learn(char *path, struct run *run, FILE *profile)
{
	static const int mine[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1,
	    SIGUSR2, SIGCHLD };
	sigset_t set, mask;
	pid_t pid;
	int s[2], listener, signals, status = 0;
	size_t i;
	struct stat st;

	sigemptyset(&set);
	for (i = 0; i < nitems(mine); i++)
		sigaddset(&set, mine[i]);
	signal(SIGCHLD, SIG_DFL);
	/* what is left behind by its parent stays a descendant, ptrace(2) */
	if (sigprocmask(SIG_BLOCK, &set, &mask) == -1 ||
	    (signals = signalfd(-1, &set, SFD_CLOEXEC)) == -1 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) == -1 ||
	    (pid = fork()) == -1)
		die("learn: %s", strerror(errno));
	if (pid == 0)
		command(s[1], &mask, path, run->argv);
	close(s[1]);
	if ((listener = hand_over(s[0], -1, false)) == -1) {
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			;
		end_as(status);
	}
	close(s[0]);
	/* it waits for an answer to execve(2) */
	say("learn: %s runs with all your rights, not confined, while it is "
	    "watched", run->argv[0]);
	if (watch_command(listener, signals, pid, &status))
		stay_behind(listener);
	close(listener);
	if (profile != NULL && fstat(fileno(profile), &st) == 0 &&
	    S_ISREG(st.st_mode) && ftruncate(fileno(profile), 0) == -1)
		die("-o: %s: %s", run->output, strerror(errno));
	needs_report(profile, run->argv);
	/* what was flushed before, fclose(3) does not tell of */
	if (profile != NULL && (ferror(profile) | fclose(profile)) != 0)
		die("-o: %s: cannot be written: %s", run->output,
		    strerror(errno));
	end_as(status);
}

int
main(int argc, char *argv[])
{
	struct policy policy = { .absent = backend_absent }, fresh = policy;
	struct run run = { .mode = &modes[MODE_LEARN] };
	struct failure f;
	struct stat st;
	FILE *profile = NULL;
	char *path, *file;

	options_parse(&run, argc, argv);
	if (run.dry_run)
		die("learn: --dry-run: the command must run to be watched");
	if (run.json)
		die("--json: needs --dry-run, or why or check in front");
	run.argv = argv + optind;
	if (run.argv[0] == NULL)
		die("no command; see \"nono --help\"");
	options_apply(&policy, &run);
	if ((path = command_find(run.argv[0], &f)) == NULL) {
		say("%s: %s", f.name, f.why);
		exit(f.status);
	}
	file = path_resolve(path, &st);
	profile_apply_own(&policy, fresh, &run, path, file);
	policy_seal(&policy, file);
	needs_begin(&policy, run.verbose);
	look_begin(&policy);
	if (run.output != NULL)
		profile = open_profile(run.output);
	environment_drop(&policy, run.verbose ? stderr : NULL);
	run_and_learn(path, &run, profile);
	return EXIT_NONO;
}
