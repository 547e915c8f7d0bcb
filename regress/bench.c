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
 * Times commands against each other: bench rounds label command ...
 * A command is split at blanks.  They run in turn, round by round, so that
 * whatever else the machine does hits all of them.  Of each the minimum, the
 * median, the spread (half of the rounds lie in it), the first two as ratios
 * to those of the first command, and the most memory it held.
 *
 * bench work name n: what a sandbox may slow down, n times.
 */

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAXARGS	512

extern char	**environ;

static double
microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
failed(const char *what)
{
	fprintf(stderr, "bench: %s: failed\n", what);
	exit(1);
}

/* Returns microseconds, and in *peak kilobytes. */
static double
run(char **argv, long *peak)
{
	double start = microseconds(), took;
	struct rusage usage;
	int status;
	pid_t pid;

	if (argv[0] == NULL ||
	    posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
	    wait4(pid, &status, 0, &usage) != pid || status != 0)
		failed(argv[0] == NULL ? "no command" : argv[0]);
	took = microseconds() - start;
	*peak = usage.ru_maxrss;
	return took;
}

/*
 * What a sandbox may slow down.
 */

static void
work_files(long n)
{
	struct stat st;
	char buf[512];
	int fd;

	while (n-- > 0) {
		if (stat("/etc/passwd", &st) == -1 ||
		    (fd = open("/etc/passwd", O_RDONLY)) == -1 ||
		    read(fd, buf, sizeof(buf)) == -1)
			failed("files");
		close(fd);
	}
}

static void
work_processes(long n)
{
	char *argv[] = { "/usr/bin/true", NULL };
	long peak;

	while (n-- > 0)
		run(argv, &peak);
}

static void *
thread(void *n)
{
	work_files(*(long *)n);
	return NULL;
}

/* The same number of files, by n threads at a time. */
static void
work_threads(long n)
{
	long each = 100000 / n;
	pthread_t *ids = calloc((size_t)n, sizeof(*ids));
	long i;

	for (i = 0; i < n; i++)
		if (ids == NULL ||
		    pthread_create(&ids[i], NULL, thread, &each) != 0)
			failed("threads");
	for (i = 0; i < n; i++)
		pthread_join(ids[i], NULL);
	free(ids);
}

/* One byte there and back, over one connection of TCP. */
static void
work_tcp(long n)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
	char c = 0;

	if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    getsockname(listener, (struct sockaddr *)&sin, &len) == -1 ||
	    listen(listener, 1) == -1)
		failed("tcp: listen");
	if (fork() == 0) {
		if ((fd = accept(listener, NULL, NULL)) == -1)
			failed("tcp: accept");
		while (read(fd, &c, 1) == 1 && write(fd, &c, 1) == 1)
			;
		_exit(0);
	}
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		failed("tcp: connect");
	while (n-- > 0)
		if (write(fd, &c, 1) != 1 || read(fd, &c, 1) != 1)
			failed("tcp");
	close(fd);
	wait(NULL);
}

static const struct work {
	const char	*name;
	void		(*run)(long);
} works[] = {
	{ "files",	work_files },
	{ "processes",	work_processes },
	{ "tcp",	work_tcp },
	{ "threads",	work_threads },
};

static int
cmp(const void *va, const void *vb)
{
	double a = *(const double *)va, b = *(const double *)vb;

	return a < b ? -1 : a > b;
}

int
main(int argc, char *argv[])
{
	int i, n = (argc - 2) / 2, rounds, round;
	double **times, *t, *first;
	long *peak;
	char *(*args)[MAXARGS];
	size_t w;

	if (argc == 4 && strcmp(argv[1], "work") == 0)
		for (w = 0; w < sizeof(works) / sizeof(works[0]); w++)
			if (strcmp(argv[2], works[w].name) == 0) {
				works[w].run(atol(argv[3]));
				return 0;
			}
	if (argc < 4 || argc % 2 != 0 || (rounds = atoi(argv[1])) < 1) {
		fprintf(stderr, "usage: bench rounds label command ...\n"
		    "       bench work name n\n");
		return 2;
	}
	times = calloc((size_t)n, sizeof(*times));
	args = calloc((size_t)n, sizeof(*args));
	peak = calloc((size_t)n, sizeof(*peak));
	if (times == NULL || args == NULL || peak == NULL)
		return 1;
	for (i = 0; i < n; i++) {
		char *word = strtok(argv[2 * i + 3], " \t\n");
		int k = 0;

		for (; word != NULL && k < MAXARGS - 1; k++) {
			args[i][k] = word;
			word = strtok(NULL, " \t\n");
		}
		if ((times[i] = calloc((size_t)rounds,
		    sizeof(**times))) == NULL)
			return 1;
	}
	for (i = 0; i < n; i++)		/* warm up */
		run(args[i], &peak[i]);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < n; i++)
			times[i][round] = run(args[i], &peak[i]);
	printf("%-34s %8s %8s %7s %7s %7s %7s\n", "", "min us", "median",
	    "spread", "min /", "median/", "KB");
	for (i = 0; i < n; i++) {
		t = times[i];
		first = times[0];
		qsort(t, (size_t)rounds, sizeof(*t), cmp);
		printf("%-34s %8.0f %8.0f %7.0f %7.2f %7.2f %7ld\n",
		    argv[2 * i + 2], t[0], t[rounds / 2],
		    t[3 * rounds / 4] - t[rounds / 4], t[0] / first[0],
		    t[rounds / 2] / first[rounds / 2], peak[i]);
	}
	return 0;
}
