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
 * Writes the seccomp(2) programs of nono as C on standard output.  Runs while
 * nono is built, so that libseccomp's work (some 300 us) is not done at each
 * start, and libseccomp is not loaded then.
 *
 *	linux-mkfilter [architecture]	the programs
 *	linux-mkfilter -l [...]		a listing of them, for people
 *	linux-mkfilter -n [...]		what nono-learn watches by
 *
 * The rules refuse with an errno and let the rest through.  What matters:
 *
 *  - int arguments are compared by their low 32 bits, as the kernel reads
 *    them: socket(0x100000001, ...) is socket(AF_UNIX, ...);
 *  - the rules hold for the native calls and for those of the 32-bit sister;
 *    any other architecture, x32 among them, gets ENOSYS;
 *  - a call newer than the libseccomp that nono is built with gets ENOSYS:
 *    what it does is not known here.  Programs fall back, as on old kernels.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include "linux-calls.h"
#include "linux-filter.h"

#ifndef TIOCLINUX
#define TIOCLINUX	0x541c
#endif
#define TMPFILE		(O_TMPFILE & ~O_DIRECTORY)	/* __O_TMPFILE */
#define ACCMODE		(O_WRONLY | O_RDWR)	/* musl's O_ACCMODE has more */
#define INT		0xffffffffU			/* a whole int */
#define CALL_SOCKETPAIR	8	/* SYS_SOCKETPAIR of <linux/net.h> */
#define FAMILIES	16	/* a power of 2; AF_NETLINK is 16 */

/*
 * Refuse call with error if (argument a & mask) == value, for both of the
 * arguments where two are given.  A mask of 0 always holds; ~0 stands for
 * "not zero".
 */
#define NONZERO		UINT64_MAX
static const struct rule {
	const char	*call;
	int		 error;
	struct {
		unsigned	n;
		uint64_t	mask, value;
	} arg[2];
	unsigned	 when;		/* FILTER_ bits; 0: always */
} rules[] = {
	/* works around seccomp, and around what it refuses */
	{ "io_uring_setup",	EPERM,	{{ 0 }}, 0 },
	{ "io_uring_enter",	EPERM,	{{ 0 }}, 0 },
	{ "io_uring_register",	EPERM,	{{ 0 }}, 0 },

	/* keyrings are not files, and are shared with the outside */
	{ "keyctl",		EPERM,	{{ 0 }}, 0 },
	{ "add_key",		EPERM,	{{ 0 }}, 0 },
	{ "request_key",	EPERM,	{{ 0 }}, 0 },

	/* Landlock knows opening them alone */
	{ "mq_unlink",		EPERM,	{{ 0 }}, 0 },

	/* the kernel's attack surface */
	{ "bpf",		EPERM,	{{ 0 }}, 0 },
	{ "perf_event_open",	EPERM,	{{ 0 }}, 0 },
	{ "userfaultfd",	EPERM,	{{ 0 }}, 0 },

	/* the machine */
	{ "kexec_load",		EPERM,	{{ 0 }}, 0 },
	{ "kexec_file_load",	EPERM,	{{ 0 }}, 0 },
	{ "init_module",	EPERM,	{{ 0 }}, 0 },
	{ "finit_module",	EPERM,	{{ 0 }}, 0 },
	{ "delete_module",	EPERM,	{{ 0 }}, 0 },
	{ "swapon",		EPERM,	{{ 0 }}, 0 },
	{ "swapoff",		EPERM,	{{ 0 }}, 0 },
	{ "reboot",		EPERM,	{{ 0 }}, 0 },
	{ "acct",		EPERM,	{{ 0 }}, 0 },
	{ "quotactl",		EPERM,	{{ 0 }}, 0 },
	{ "quotactl_fd",	EPERM,	{{ 0 }}, 0 },
	{ "syslog",		EPERM,	{{ 0 }}, 0 },
	{ "settimeofday",	EPERM,	{{ 0 }}, 0 },
	{ "stime",		EPERM,	{{ 0 }}, 0 },
	{ "clock_settime",	EPERM,	{{ 0 }}, 0 },
	{ "clock_settime64",	EPERM,	{{ 0 }}, 0 },
	{ "sethostname",	EPERM,	{{ 0 }}, 0 },
	{ "setdomainname",	EPERM,	{{ 0 }}, 0 },
	{ "iopl",		EPERM,	{{ 0 }}, 0 },
	{ "ioperm",		EPERM,	{{ 0 }}, 0 },
	{ "vhangup",		EPERM,	{{ 0 }}, 0 },

	/* other ways to a file than its path */
	{ "open_by_handle_at",	EPERM,	{{ 0 }}, 0 },
	{ "fanotify_init",	EPERM,	{{ 0 }}, 0 },

	/* mounts and namespaces */
	{ "mount",		EPERM,	{{ 0 }}, 0 },
	{ "umount",		EPERM,	{{ 0 }}, 0 },
	{ "umount2",		EPERM,	{{ 0 }}, 0 },
	{ "open_tree",		EPERM,	{{ 0 }}, 0 },
	{ "open_tree_attr",	EPERM,	{{ 0 }}, 0 },
	{ "move_mount",		EPERM,	{{ 0 }}, 0 },
	{ "mount_setattr",	EPERM,	{{ 0 }}, 0 },
	{ "fsopen",		EPERM,	{{ 0 }}, 0 },
	{ "fsconfig",		EPERM,	{{ 0 }}, 0 },
	{ "fsmount",		EPERM,	{{ 0 }}, 0 },
	{ "fspick",		EPERM,	{{ 0 }}, 0 },
	{ "pivot_root",		EPERM,	{{ 0 }}, 0 },
	{ "chroot",		EPERM,	{{ 0 }}, 0 },
	{ "setns",		EPERM,	{{ 0 }}, 0 },
	{ "unshare",		EPERM,
	    {{ 0, CLONE_NEWUSER, CLONE_NEWUSER }}, 0 },
	{ "clone",		EPERM,
	    {{ 0, CLONE_NEWUSER, CLONE_NEWUSER }}, 0 },
	/* flags in memory; EPERM would break pthread_create(3) */
	{ "clone3",		ENOSYS,	{{ 0 }}, 0 },

	/* typing into the terminal, pasting on the console */
	{ "ioctl",		EPERM,	{{ 1, INT, TIOCSTI }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, INT, TIOCLINUX }}, 0 },

	/*
	 * A subvolume or snapshot made, or removed, by way of a directory that
	 * may be read: btrfs, bcachefs, and OCFS2's copies.  A snapshot has
	 * what the view covers; Landlock is not asked.  By type and number, for
	 * the rest differs between architectures.
	 */
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x9401 }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x940e }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x940f }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x9417 }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x9418 }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x943f }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0xbc10 }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0xbc11 }}, 0 },
	{ "ioctl",		EPERM,	{{ 1, 0xffff, 0x6f04 }}, 0 },

	/* limits of other processes: a process ID, and a new limit */
	{ "prlimit64",		EPERM,
	    {{ 0, NONZERO, 0 }, { 2, NONZERO, 0 }}, 0 },

	/* mode and flags in memory */
	{ "openat2",		ENOSYS,	{{ 0 }}, 0 },

	/* below Landlock ABI 3 these empty a file without a right to write */
	{ "truncate",		EPERM,	{{ 0 }}, FILTER_TRUNC },
	{ "truncate64",		EPERM,	{{ 0 }}, FILTER_TRUNC },
	{ "open",		EPERM,
	    {{ 1, O_TRUNC | ACCMODE, O_TRUNC }}, FILTER_TRUNC },
	{ "openat",		EPERM,
	    {{ 2, O_TRUNC | ACCMODE, O_TRUNC }}, FILTER_TRUNC },
	/* open(2): mode 3 is neither for reading nor for writing */
	{ "open",		EPERM,
	    {{ 1, O_TRUNC | ACCMODE, O_TRUNC | ACCMODE }}, FILTER_TRUNC },
	{ "openat",		EPERM,
	    {{ 2, O_TRUNC | ACCMODE, O_TRUNC | ACCMODE }}, FILTER_TRUNC },

	/*
	 * A datagram socket of a pair still sends to any path or name, and so
	 * does a raw one, which for unix sockets is the same.
	 */
	{ "socketpair",		EPERM,
	    {{ 1, 0xf, SOCK_DGRAM }}, FILTER_NOUNIX },
	{ "socketpair",		EPERM,	{{ 1, 0xf, SOCK_RAW }}, FILTER_NOUNIX },
	/* there family and type lie in memory */
	{ "socketcall",		EPERM,	{{ 0, INT, CALL_SOCKETPAIR }}, 0 },
};

/*
 * The calls that give a mode, their argument that is it, and the one with flags
 * where it is not looked at unless they create.
 */
static const struct {
	const char	*call;
	unsigned	 mode, flags;
} modes[] = {
	{ "chmod",	1, 0 },
	{ "fchmod",	1, 0 },
	{ "fchmodat",	2, 0 },
	{ "fchmodat2",	2, 0 },
	{ "creat",	1, 0 },
	{ "mkdir",	1, 0 },
	{ "mkdirat",	2, 0 },
	{ "mknod",	1, 0 },
	{ "mknodat",	2, 0 },
	{ "open",	2, 1 },
	{ "openat",	3, 2 }
};

/* Architectures, and the others whose programs run on the same kernel. */
static const struct {
	uint32_t	 native, sister;
	const char	*test;			/* of the compiler's target */
} arches[] = {
	{ SCMP_ARCH_X86_64, SCMP_ARCH_X86,
	    "defined(__x86_64__) && !defined(__ILP32__)" },
	{ SCMP_ARCH_X86, SCMP_ARCH_X86_64, "defined(__i386__)" },
	{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, "defined(__aarch64__)" },
	{ SCMP_ARCH_ARM, SCMP_ARCH_AARCH64, "defined(__arm__)" },
	{ SCMP_ARCH_PPC64, SCMP_ARCH_PPC,
	    "defined(__powerpc64__) && defined(__BIG_ENDIAN__)" },
	{ SCMP_ARCH_PPC, SCMP_ARCH_PPC64,
	    "defined(__powerpc__) && !defined(__powerpc64__)" },
	{ SCMP_ARCH_S390X, SCMP_ARCH_S390, "defined(__s390x__)" },
	{ SCMP_ARCH_MIPS64, SCMP_ARCH_MIPS,
	    "defined(__MIPSEB__) && _MIPS_SIM == _ABI64" },
	{ SCMP_ARCH_MIPSEL64, SCMP_ARCH_MIPSEL,
	    "defined(__MIPSEL__) && _MIPS_SIM == _ABI64" },
	/* without a sister */
	{ SCMP_ARCH_PPC64LE, 0,
	    "defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)" },
#ifdef SCMP_ARCH_RISCV64
	{ SCMP_ARCH_RISCV64, 0, "defined(__riscv) && __riscv_xlen == 64" },
#endif
#ifdef SCMP_ARCH_LOONGARCH64
	{ SCMP_ARCH_LOONGARCH64, 0, "defined(__loongarch64)" },
#endif
};

static scmp_filter_ctx	 ctx;
static uint32_t		 arch, sister;
static const char	*arch_test = "1";

static void
fatal(const char *what, int error)
{
	fprintf(stderr, "linux-mkfilter: %s: %s\n", what, strerror(-error));
	exit(1);
}

static void
refuse(const char *call, int error, unsigned n, const struct scmp_arg_cmp *cmp)
{
	int nr, r;

	/* Unknown to this libseccomp: newest() has it. */
	if ((nr = seccomp_syscall_resolve_name(call)) == __NR_SCMP_ERROR)
		return;
	r = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO((unsigned)error), nr, n,
	    cmp);
	/* -EDOM: an architecture without that call */
	if (r < 0 && r != -EDOM)
		fatal(call, r);
}

static void
add_rule(const struct rule *r)
{
	struct scmp_arg_cmp cmp[2];
	unsigned i, n;

	for (i = n = 0; i < 2 && r->arg[i].mask != 0; i++, n++) {
		cmp[n].arg = r->arg[i].n;
		/* clone(2), NOTES: the flags come second there */
		if (strcmp(r->call, "clone") == 0 &&
		    (arch == SCMP_ARCH_S390X || arch == SCMP_ARCH_S390))
			cmp[n].arg = 1;
		if (r->arg[i].mask == NONZERO) {
			cmp[n].op = SCMP_CMP_NE;
			cmp[n].datum_a = 0;
			continue;
		}
		cmp[n].op = SCMP_CMP_MASKED_EQ;
		cmp[n].datum_a = r->arg[i].mask;
		cmp[n].datum_b = r->arg[i].value;
	}
	refuse(r->call, r->error, n, cmp);
}

/* Refuse the calls that give a bit of the mode. */
static void
add_mode(mode_t bit)
{
	static const uint64_t creating[] = { O_CREAT, TMPFILE };
	size_t i, j;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct rule r = { modes[i].call, EPERM,
		    {{ modes[i].mode, bit, bit }}, 0 };

		for (j = 0; j < (modes[i].flags == 0 ? 1 : 2); j++) {
			if (modes[i].flags != 0) {
				r.arg[1].n = modes[i].flags;
				r.arg[1].mask = r.arg[1].value = creating[j];
			}
			add_rule(&r);
		}
	}
}

/*
 * Refuse every socket family in [base, base + size) that is not allowed, by
 * halving: a block without an allowed family is one masked comparison.
 */
static void
add_families(const bool *allowed, uint32_t base, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size && !allowed[base + i]; i++)
		;
	if (i == size)
		refuse("socket", EAFNOSUPPORT, 1, &(struct scmp_arg_cmp){
		    0, SCMP_CMP_MASKED_EQ, INT & ~(size - 1), base });
	else if (size > 1) {
		add_families(allowed, base, size / 2);
		add_families(allowed, base + size / 2, size / 2);
	}
}

static void
add_sockets(unsigned when)
{
	bool allowed[FAMILIES] = { false };

	_Static_assert(AF_NETLINK == FAMILIES, "the last one allowed");
	allowed[AF_UNIX] = !(when & FILTER_NOUNIX);
	allowed[AF_INET] = allowed[AF_INET6] = !(when & FILTER_NONET);
	add_families(allowed, 0, FAMILIES);
	/* compares 64 bits: high ones set are no family either */
	refuse("socket", EAFNOSUPPORT, 1, &(struct scmp_arg_cmp){
	    0, SCMP_CMP_GT, AF_NETLINK, 0 });
	/* a pair of TIPC's reaches others than its peer */
	refuse("socketpair", EPERM, 1, &(struct scmp_arg_cmp){
	    0, SCMP_CMP_NE, AF_UNIX, 0 });
	if (!(when & FILTER_NONET))
		return;
	/* getifaddrs(3) needs NETLINK_ROUTE, which is 0 */
	refuse("socket", EAFNOSUPPORT, 2, (struct scmp_arg_cmp[]){
	    { 0, SCMP_CMP_MASKED_EQ, INT, AF_NETLINK },
	    { 2, SCMP_CMP_NE, NETLINK_ROUTE, 0 } });
}

/* The newest call that this libseccomp knows by name. */
static unsigned
newest(void)
{
	unsigned nr, last;
	char *name;

	/* ARM's own calls begin at 0xf0000, MIPS's highest base is 6000 */
	for (nr = last = 0; nr < 8000; nr++) {
		if ((name = seccomp_syscall_resolve_num_arch(arch,
		    (int)nr)) == NULL)
			continue;
		free(name);
		last = nr;
	}
	return last;
}

/* A program without rules. */
static void
begin(void)
{
	int r;

	if ((ctx = seccomp_init(SCMP_ACT_ALLOW)) == NULL)
		fatal("seccomp_init", -ENOMEM);
	if (arch != seccomp_arch_native()) {
		if ((r = seccomp_arch_add(ctx, arch)) != 0 ||
		    (r = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE)) != 0)
			fatal("architecture", r);
	}
	if (sister != 0 && (r = seccomp_arch_add(ctx, sister)) != 0)
		fatal("architecture", r);
	if ((r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_ERRNO(ENOSYS))) != 0 ||
	    (r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2)) != 0)
		fatal("attribute", r);
}

static void
build(unsigned when)
{
	unsigned i;

	begin();
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (when == FILTER_TRUNC ? rules[i].when == when :
		    (rules[i].when & ~when) == 0)
			add_rule(&rules[i]);
	if (when == FILTER_TRUNC)
		return;
	add_mode(S_ISUID);
	/* users' chmod and cp -a set it on directories */
	if (when & FILTER_ROOT)
		add_mode(S_ISGID);
	add_sockets(when);
}

/* Read back what libseccomp made of the rules; returns the length. */
static size_t
export(struct sock_filter *prog, size_t max)
{
	FILE *f;
	size_t n;
	int r;

	if ((f = tmpfile()) == NULL)
		fatal("tmpfile", -errno);
	if ((r = seccomp_export_bpf(ctx, fileno(f))) != 0)
		fatal("seccomp_export_bpf", r);
	rewind(f);
	n = fread(prog, sizeof(*prog), max, f);
	if (n == 0 || n == max)
		fatal("program's length", -E2BIG);
	fclose(f);
	return n;
}

/*
 * Ahead of each program, refuse the calls that are too new to be known.
 * Jumps are relative, so the rest needs no change.
 */
static size_t
prologue(struct sock_filter *prog)
{
	const struct sock_filter p[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, newest(), 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xf0000, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};

	memcpy(prog, p, sizeof(p));
	return sizeof(p) / sizeof(p[0]);
}

/* Write out the program that there is, and be done with it. */
static void
write_program(const char *name)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	size_t i, n = prologue(prog);

	n += export(prog + n, BPF_MAXINSNS - n);
	printf("\nstatic const struct sock_filter %s[] = {\n", name);
	for (i = 0; i < n; i++)
		printf("\t{ %#x, %u, %u, %#x },\n", prog[i].code, prog[i].jt,
		    prog[i].jf, prog[i].k);
	printf("};\n");
	seccomp_release(ctx);
}

static void
write_head(void)
{
	printf("/* Written by linux-mkfilter; do not edit. */\n\n"
	    "#if !(%s)\n#error made for another architecture\n#endif\n",
	    arch_test);
}

static void
write_programs(void)
{
	static const struct {
		const char	*name;
		unsigned long	 value;
	} *c, constants[] = {
#define C(name)	{ #name, name }
		C(O_CREAT), C(O_TRUNC), C(O_WRONLY), C(O_RDWR),
		C(TIOCSTI), C(AF_UNIX), C(AF_INET), C(AF_INET6),
		C(AF_NETLINK), C(SOCK_DGRAM), C(SOCK_RAW),
		C(ENOSYS), C(EPERM), C(EAFNOSUPPORT),
		{ NULL, 0 }
	};
	char name[16];
	unsigned when;

	write_head();
	for (c = constants; c->name != NULL; c++)
		printf("_Static_assert(%s == %#lx, \"%s differs\");\n",
		    c->name, c->value, c->name);
	printf("_Static_assert((O_TMPFILE & ~O_DIRECTORY) == %#lx, "
	    "\"O_TMPFILE differs\");\n", (unsigned long)TMPFILE);
	for (when = 0; when <= FILTER_TRUNC; when++) {
		build(when);
		snprintf(name, sizeof(name), "filter_%u", when);
		write_program(name);
	}
	printf("\nstatic const struct {\n"
	    "\tunsigned short len;\n\tconst struct sock_filter *filter;\n"
	    "} filters[] = {\n");
	for (when = 0; when <= FILTER_TRUNC; when++)
		printf("\t{ sizeof(filter_%u) / sizeof(filter_%u[0]), "
		    "filter_%u },\n", when, when, when);
	printf("};\n");
}

static void
write_listing(void)
{
	unsigned when;
	int r;

	for (when = 0; when <= FILTER_TRUNC; when++) {
		printf("# %s%s%s%s:\n# calls after number %u: ENOSYS\n",
		    when & FILTER_NONET ? "no network" : "network",
		    when & FILTER_NOUNIX ? ", no unix sockets" : "",
		    when & FILTER_ROOT ? ", root" : "",
		    when & FILTER_TRUNC ? ", no Landlock truncate" : "",
		    newest());
		fflush(stdout);
		build(when);
		if ((r = seccomp_export_pfc(ctx, STDOUT_FILENO)) != 0)
			fatal("seccomp_export_pfc", r);
		seccomp_release(ctx);
	}
}

/* What tells nono-learn of the calls that it watches, and their numbers. */
static void
write_calls(void)
{
	const uint32_t archs[] = { arch, sister };
	size_t i, a;
	int nr, r;

	write_head();
	seccomp_api_set(5);	/* whatever the kernel here can do */
	begin();
	for (i = 0; i < NCALLS; i++) {
		nr = seccomp_syscall_resolve_name(calls[i].name);
		if (nr != __NR_SCMP_ERROR && (r = seccomp_rule_add_array(ctx,
		    SCMP_ACT_NOTIFY, nr, 0, NULL)) < 0 && r != -EDOM)
			fatal(calls[i].name, r);
	}
	write_program("watch");
	printf("\nstatic const struct {\n"
	    "\tuint32_t arch;\n\tint nr;\n\tunsigned call;\n"
	    "} numbers[] = {\n");
	for (a = 0; a < 2; a++)
		for (i = 0; i < NCALLS; i++) {
			nr = seccomp_syscall_resolve_name_arch(archs[a],
			    calls[i].name);
			if (archs[a] != 0 && nr >= 0)
				printf("\t{ %#x, %d, %zu },\n", archs[a], nr,
				    i);
		}
	printf("};\n");
}

int
main(int argc, char *argv[])
{
	size_t i;
	void (*write)(void) = write_programs;

	if (argc > 1 && argv[1][0] == '-') {
		write = strcmp(argv[1], "-n") == 0 ? write_calls :
		    write_listing;
		argc--;
		argv++;
	}
	arch = seccomp_arch_native();
	if (argc > 1 && argv[1][0] != '\0' &&
	    (arch = seccomp_arch_resolve_name(argv[1])) == 0)
		fatal(argv[1], -EINVAL);
	for (i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (arches[i].native == arch) {
			sister = arches[i].sister;
			arch_test = arches[i].test;
		}
	write();
	if (fflush(stdout) != 0)
		fatal("standard output", -errno);
	return 0;
}
