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
 * Asks the programs in filter.h as the kernel would, and compares the answers
 * with the list on standard input (filter.txt), for this architecture and the
 * 32-bit one.  The kernel cannot be asked: it looks at capabilities and at the
 * arguments first, or after, with the same errno.
 *
 * Calls that are not in the list must be let through, but for those that
 * libseccomp does not know.
 */

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include "filter.h"
#include "linux-filter.h"

#define X32	0x40000000
#define NARGS	6
#define NNR	8000

static uint32_t	 arches[2];		/* the native one, the 32-bit one */
static bool	 listed[2][NNR];
static unsigned	 asked, wrong;

/* What seccomp(2) does with classic BPF; returns the action. */
static uint32_t
ask(unsigned filter, const struct seccomp_data *data)
{
	const struct sock_filter *f = filters[filter].filter;
	uint32_t a = 0;
	unsigned pc;
	bool holds;

	for (pc = 0; pc < filters[filter].len; pc++) {
		switch (f[pc].code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + f[pc].k, sizeof(a));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f[pc].k;
			continue;
		case BPF_JMP | BPF_JA:
			pc += f[pc].k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			holds = a == f[pc].k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			holds = a > f[pc].k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			holds = a >= f[pc].k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			holds = a & f[pc].k;
			break;
		case BPF_RET | BPF_K:
			return f[pc].k;
		default:
			errx(2, "filter %u: %u: code %#x", filter, pc,
			    f[pc].code);
		}
		pc += holds ? f[pc].jt : f[pc].jf;
	}
	errx(2, "filter %u: runs out", filter);
}

/* Sees that the answer is this errno, 0 for a call that is let through. */
static void
check(const char *what, unsigned filter, uint32_t arch, int nr,
    const uint64_t *args, int error)
{
	struct seccomp_data data = { .nr = nr, .arch = arch };
	uint32_t want = error == 0 ? SECCOMP_RET_ALLOW :
	    SECCOMP_RET_ERRNO | (uint32_t)error;
	uint32_t got;

	memcpy(data.args, args, sizeof(data.args));
	got = ask(filter, &data);
	asked++;
	if (got == want)
		return;
	wrong++;
	printf("%s (%d of %#x), filter %u: %#llx %#llx %#llx %#llx: "
	    "%#x, not %#x\n", what, nr, arch, filter,
	    (unsigned long long)args[0], (unsigned long long)args[1],
	    (unsigned long long)args[2], (unsigned long long)args[3], got,
	    want);
}

/* Is a line about these programs meant for this one? */
static bool
is_meant(const char *programs, unsigned filter)
{
	static const struct {
		const char	*name;
		unsigned	 mask, value;
	} kinds[] = {
		{ "all",	FILTER_TRUNC, 0 },
		{ "net",	FILTER_TRUNC | FILTER_NONET, 0 },
		{ "nonet",	FILTER_TRUNC | FILTER_NONET, FILTER_NONET },
		{ "unix",	FILTER_TRUNC | FILTER_NOUNIX, 0 },
		{ "nounix",	FILTER_TRUNC | FILTER_NOUNIX, FILTER_NOUNIX },
		{ "user",	FILTER_TRUNC | FILTER_ROOT, 0 },
		{ "root",	FILTER_TRUNC | FILTER_ROOT, FILTER_ROOT },
		{ "trunc",	FILTER_TRUNC, FILTER_TRUNC },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, programs) == 0)
			return (filter & kinds[i].mask) == kinds[i].value;
	errx(2, "%s: no such programs", programs);
}

static int
error_number(const char *name)
{
	return strcmp(name, "ok") == 0 ? 0 :
	    strcmp(name, "EPERM") == 0 ? EPERM :
	    strcmp(name, "ENOSYS") == 0 ? ENOSYS :
	    strcmp(name, "EAFNOSUPPORT") == 0 ? EAFNOSUPPORT :
	    (errx(2, "%s: not an answer", name), -1);
}

/* The number of a call, or of "number@architecture"; below 0: there is none. */
static int
call_number(const char *call, uint32_t arch)
{
	char *end;
	long nr = strtol(call, &end, 10);

	if (*end != '@')
		return seccomp_syscall_resolve_name_arch(arch, call);
	return arch == seccomp_arch_resolve_name(end + 1) ? (int)nr : -1;
}

/* clone(2): there the flags come second. */
static bool
is_swapped(const char *call, uint32_t arch)
{
	return strcmp(call, "clone") == 0 &&
	    (arch == SCMP_ARCH_S390X || arch == SCMP_ARCH_S390);
}

/* A 32-bit program's arguments; false if they need more. */
static bool
narrow(uint64_t *args)
{
	int i;

	for (i = 0; i < NARGS; i++)
		if (args[i] == UINT64_MAX)
			args[i] = UINT32_MAX;
		else if (args[i] > UINT32_MAX)
			return false;
	return true;
}

/* One call with these arguments; those not given are none, and all bits. */
static void
check_call(const char *programs, const char *call, int error,
    const uint64_t *given, int n)
{
	uint64_t args[NARGS], first;
	unsigned filter;
	int nr, i, rest;

	for (i = 0; i < 2; i++) {
		nr = call_number(call, arches[i]);
		if (arches[i] == 0 || nr < 0 || nr >= NNR)
			continue;
		listed[i][nr] = true;
		for (rest = 0; rest < 2; rest++) {
			memset(args, rest == 0 ? 0 : 0xff, sizeof(args));
			memcpy(args, given, (size_t)n * sizeof(*args));
			if (i == 1 && !narrow(args))
				continue;
			if (is_swapped(call, arches[i])) {
				first = args[0];
				args[0] = args[1];
				args[1] = first;
			}
			for (filter = 0; filter <= FILTER_TRUNC; filter++)
				if (is_meant(programs, filter))
					check(call, filter, arches[i], nr,
					    args, error);
		}
	}
}

/* Each choice of the words from argument n on. */
static void
check_choices(const char *programs, const char *call, int error,
    uint64_t *args, int n, char *const *words)
{
	char *s = words[n], *end;

	if (n == NARGS || s == NULL) {
		check_call(programs, call, error, args, n);
		return;
	}
	for (;; s = end + 1) {
		args[n] = strtoull(s, &end, 0);
		if (end == s || (*end != '\0' && *end != ','))
			errx(2, "%s: %s: not a number", call, words[n]);
		check_choices(programs, call, error, args, n + 1, words);
		if (*end == '\0')
			return;
	}
}

static void
check_line(char *line)
{
	char *programs = strtok(line, " \t\n"), *answer = strtok(NULL, " \t\n");
	char *calls = strtok(NULL, " \t\n"), *words[NARGS + 1], *call, *next;
	uint64_t args[NARGS];
	int i;

	if (programs == NULL || programs[0] == '#')
		return;
	if (calls == NULL)
		errx(2, "%s: no call", programs);
	for (i = 0; i <= NARGS; i++)
		words[i] = strtok(NULL, " \t\n");
	for (call = calls; call != NULL; call = next) {
		if ((next = strchr(call, ',')) != NULL)
			*next++ = '\0';
		check_choices(programs, call, error_number(answer), args, 0,
		    words);
	}
}

static void
check_unlisted(void)
{
	static const uint64_t none[NARGS], full[NARGS] = { UINT64_MAX,
	    UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };
	unsigned filter;
	int i, nr, last = 0;
	char *name;

	for (nr = 0; nr < NNR; nr++) {
		name = seccomp_syscall_resolve_num_arch(arches[0], nr);
		last = name != NULL ? nr : last;
		free(name);
	}
	for (filter = 0; filter <= FILTER_TRUNC; filter++) {
		for (i = 0; i < 2; i++) {
			if (arches[i] == 0)
				continue;
			for (nr = 0; nr <= last; nr++) {
				if (listed[i][nr])
					continue;
				check("let through", filter, arches[i], nr,
				    none, 0);
				check("let through", filter, arches[i], nr,
				    full, 0);
			}
			for (nr = last + 1; nr < last + 200; nr++)
				check("new call", filter, arches[i], nr, none,
				    ENOSYS);
			check("new call", filter, arches[i], 0xeffff, none,
			    ENOSYS);
		}
		for (nr = 0; nr <= last; nr++) {
			if (arches[0] == SCMP_ARCH_X86_64)
				check("x32", filter, arches[0], X32 | nr,
				    none, ENOSYS);
			check("other architecture", filter, AUDIT_ARCH_SH, nr,
			    none, ENOSYS);
		}
	}
}

int
main(void)
{
	static const struct {
		uint32_t	native, sister;
	} pairs[] = {
		{ SCMP_ARCH_X86_64,	SCMP_ARCH_X86 },
		{ SCMP_ARCH_AARCH64,	SCMP_ARCH_ARM },
		{ SCMP_ARCH_S390X,	SCMP_ARCH_S390 },
		{ SCMP_ARCH_PPC64,	SCMP_ARCH_PPC },
	};
	char line[512];
	size_t i;

	arches[0] = seccomp_arch_native();
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i].native == arches[0])
			arches[1] = pairs[i].sister;
	while (fgets(line, sizeof(line), stdin) != NULL)
		check_line(line);
	check_unlisted();
	printf("%u answers, %u wrong\n", asked, wrong);
	return wrong > 0 || asked == 0;
}
