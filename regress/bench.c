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
 * whatever else the machine does hits all of them; min and median of each, and
 * both as ratios to those of the first.
 */

#include <sys/wait.h>

#include <fcntl.h>
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

static double
run(char **argv)
{
	double start = microseconds();
	int status;
	pid_t pid;

	if (argv[0] == NULL ||
	    posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "bench: %s: failed\n", argv[0] == NULL ?
		    "no command" : argv[0]);
		exit(1);
	}
	return microseconds() - start;
}

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
	double **times, min, median;
	char *(*args)[MAXARGS];

	if (argc < 4 || argc % 2 != 0 || (rounds = atoi(argv[1])) < 1) {
		fprintf(stderr, "usage: bench rounds label command ...\n");
		return 2;
	}
	times = calloc((size_t)n, sizeof(*times));
	args = calloc((size_t)n, sizeof(*args));
	if (times == NULL || args == NULL)
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
		run(args[i]);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < n; i++)
			times[i][round] = run(args[i]);
	printf("%-34s %8s %8s %7s %7s\n", "", "min us", "median",
	    "min /", "median /");
	for (i = 0; i < n; i++) {
		qsort(times[i], (size_t)rounds, sizeof(**times), cmp);
		min = times[i][0];
		median = times[i][rounds / 2];
		printf("%-34s %8.0f %8.0f %7.2f %7.2f\n", argv[2 * i + 2],
		    min, median, min / times[0][0],
		    median / times[0][rounds / 2]);
	}
	return 0;
}
