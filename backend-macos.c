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
 * The macOS backend: a profile in Apple's SBPL, a Scheme, of which the last
 * rule that matches decides; sandbox_init(3), sandbox-exec(1).
 */

#include <sys/socket.h>
#include <sys/stat.h>

#include <netinet/in.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bsd.h"
#include "macos.h"
#include "nono.h"

const unsigned	backend_system = SYS_MACOS;
const bool	backend_absent = true;

/* A profile while it is being made. */
struct writer {
	struct sbpl	*profile;
	FILE		*f;
};

/* What rights mean; the last class is of those who have both. */
static const struct class {
	unsigned	 rights;
	const char	*operations;
} classes[] = {
	{ RIGHT_READ,
	    " file-read* file-map-executable file-clone process-exec*" },
	{ RIGHT_WRITE, " file-write*" },
	/*
	 * Renaming is creating and unlinking, and linking makes a second name:
	 * from a directory with one right only both could add the other one.
	 */
	{ RIGHT_READ | RIGHT_WRITE, " file-write-unlink file-link" }
};
#define UNLINK		2			/* the last class */

static const char always[] =
    "(version 1)\n"
    "(deny default)\n"
    "; older systems count cloning as reading\n"
    "(if (defined? 'file-clone) #t (define file-clone file-read-data))\n"
    "; processes: those inside only\n"
    "(allow process-fork)\n"
    "(allow signal (target same-sandbox))\n"
    "(allow process-info* (target same-sandbox))\n"
    "; the kernel, shared memory, settings of all programs\n"
    "(allow sysctl-read system-info)\n"
    "(deny sysctl-read (sysctl-name-prefix \"kern.procargs\"))\n"
    "(allow sysctl-write (sysctl-name \"kern.grade_cputype\"))\n"
    "(allow system-fsctl (fsctl-command FSIOC_CAS_BSDFLAGS))\n"
    "(allow ipc-posix-sem* ipc-posix-shm*)\n"
    "(deny ipc-posix-shm-write* (ipc-posix-name-prefix \"apple.\"))\n"
    "(allow user-preference-read\n"
    "    (preference-domain \"kCFPreferencesAnyApplication\"))\n"
    "; terminals, into which nothing can be typed\n"
    "(allow pseudo-tty)\n"
    "(allow file-ioctl (literal \"/dev/tty\") (literal \"/dev/ptmx\")\n"
    "    (regex #\"^/dev/ttys[0-9]+$\"))\n"
    "(if (defined? 'TIOCSTI)\n"
    "    (deny file-ioctl (ioctl-command TIOCSTI))\n"
    "    (deny file-ioctl))\n"
    "; unix sockets can be made, to be bound as the files below say\n"
    "(allow system-socket (socket-domain AF_UNIX))\n"
    "; the loader opens the root directory\n"
    "(allow file-read-data (literal \"/\"))\n";

/* trustd(8) fetches what a certificate names, from anywhere. */
static const char online[] =
    "; the network\n"
    "(allow system-socket)\n"
    "(allow network-outbound (remote ip))\n"
    "(allow network-bind network-inbound (local ip))\n"
    "(allow mach-lookup\n"
    "    (global-name \"com.apple.SystemConfiguration.DNSConfiguration\")\n"
    "    (global-name \"com.apple.SystemConfiguration.configd\")\n"
    "    (global-name \"com.apple.networkd\")\n"
    "    (global-name \"com.apple.ocspd\")\n"
    "    (global-name \"com.apple.trustd\")\n"
    "    (global-name \"com.apple.trustd.agent\"))\n";

/*
 * What ordinary programs ask.  Never those that hold secrets or start programs
 * outside: com.apple.SecurityServer, com.apple.securityd, com.apple.secd,
 * com.apple.security.*, com.apple.coreservices.launchservicesd,
 * com.apple.pasteboard.1, com.apple.tccd.
 */
static const char services[] =
    "; services\n"
    "(allow mach-lookup\n"
    "    (global-name \"com.apple.CoreServices.coreservicesd\")\n"
    "    (global-name \"com.apple.bsd.dirhelper\")\n"
    "    (global-name \"com.apple.cfprefsd.agent\")\n"
    "    (global-name \"com.apple.cfprefsd.daemon\")\n"
    "    (global-name \"com.apple.logd\")\n"
    "    (global-name \"com.apple.system.logger\")\n"
    "    (global-name \"com.apple.system.notification_center\")\n"
    "    (global-name \"com.apple.system.opendirectoryd.libinfo\")\n"
    "    (global-name \"com.apple.system.opendirectoryd.membership\"))\n";

/* Last, for it holds whatever was said before. */
static const char last[] =
    "; for all files: may be looked at, none becomes set-user-ID\n"
    "(allow file-read-metadata)\n"
    "(if (defined? 'file-test-existence) (allow file-test-existence))\n"
    "(deny file-write-setugid)\n";

/* Terminals that the command itself has made; the kernel knows them. */
static const char ptys[] =
    "(allow file-read* file-write* (require-all\n"
    "    (regex #\"^/dev/ttys[0-9]+$\")\n"
    "    (extension \"com.apple.sandbox.pty\")))\n";

/*
 * Paths.
 */

static void
put_string(struct writer *w, const char *s, size_t len)
{
	struct sbpl *pr = w->profile;
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\')
			break;
	if (i == len && len > 0) {
		fprintf(w->f, "\"%.*s\"", (int)len, s);
		return;
	}
	for (i = 0; i < pr->n; i++)
		if (strncmp(pr->parameters[2 * i + 1], s, len) == 0 &&
		    pr->parameters[2 * i + 1][len] == '\0')
			break;
	if (i == pr->n) {
		pr->parameters = xreallocarray(pr->parameters, 2 * i + 3,
		    sizeof(*pr->parameters));
		pr->parameters[2 * i] = xasprintf("P%zu", i);
		pr->parameters[2 * i + 1] = xasprintf("%.*s", (int)len, s);
		pr->parameters[2 * ++pr->n] = NULL;
	}
	fprintf(w->f, "(param \"%s\")", pr->parameters[2 * i]);
}

/*
 * "before kind path after", and again where /tmp, /var and /etc lead to
 * /private: the kernel resolves paths, but perhaps not everywhere.
 */
static void
put_path(struct writer *w, const char *before, const char *path, size_t len,
    const char *after)
{
	static const char *const tops[] = { "/tmp", "/var", "/etc" };
	const size_t n = strlen("/private");
	size_t i;

	fputs(before, w->f);
	put_string(w, len == 0 ? "/" : path, len == 0 ? 1 : len);
	fputs(after, w->f);
	for (i = 0; i < 3; i++)
		if (path_beneath(path, len, "/private", n) && len > n &&
		    path_beneath(path + n, len - n, tops[i], 4)) {
			fputs(before, w->f);
			put_string(w, path + n, len - n);
			fputs(after, w->f);
		}
}

/*
 * Files.
 */

/*
 * One rule for those classes of operations whose bits are set, and n changes
 * that are alike.
 */
static void
put_rights(struct writer *w, const char *action, unsigned bits,
    const struct change *c, size_t n)
{
	size_t i;

	if (bits == 0)
		return;
	fprintf(w->f, "(%s", action);
	for (i = 0; i < nitems(classes); i++)
		if (bits & 1U << i)
			fputs(classes[i].operations, w->f);
	for (i = 0; i < n; i++)
		put_path(w, c->blocked ? "\n    (literal " : "\n    (subpath ",
		    c[i].path, c[i].len, ")");
	fputs(")\n", w->f);
}

static unsigned
class_bits(unsigned rights)
{
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < nitems(classes); i++)
		if ((rights & classes[i].rights) == classes[i].rights)
			bits |= 1U << i;
	return bits;
}

static void
put_pin(struct writer *w, const char *path, size_t len)
{
	fputs("(deny file-write-create file-write-unlink", w->f);
	put_path(w, " (literal ", path, len, ")");
	fputs(")\n", w->f);
}

/*
 * What has a rule of its own keeps its name, and so do the directories on the
 * way to it that may be written: else it could be carried off to where other
 * rules hold, or, where they are not there yet, a link could lead elsewhere.
 * Those that the path before has in common were pinned with it.
 */
static void
put_pins(struct writer *w, const struct change *c, const struct change *before)
{
	size_t len = 0, end;

	if (before != NULL && c->above & RIGHT_WRITE)
		while (len < c->len && len <= before->len &&
		    c->path[len] == before->path[len])
			len++;
	for (end = c->toplen + 1; end < c->len && c->above & RIGHT_WRITE; end++)
		if (c->path[end] == '/' && end >= len)
			put_pin(w, c->path, end);
	if (c->rights & RIGHT_WRITE && c->len > 0)
		put_pin(w, c->path, c->len);
}

/* The first n of some changes, whose rights, and those above, are the same. */
static void
put_changes(struct writer *w, const struct change *c, size_t n)
{
	unsigned have = class_bits(c->rights), had = class_bits(c->above);
	unsigned lost = had & ~have;
	size_t i;

	put_rights(w, "allow", have & ~had, c, n);
	/* file-write* has unlinking in it, and perhaps linking */
	if (c->rights == RIGHT_WRITE)
		lost |= 1U << UNLINK;
	put_rights(w, "deny", lost, c, n);
	if (!((c->rights ^ c->above) & RIGHT_WRITE))
		return;
	fprintf(w->f, "(%s network-bind network-inbound",
	    c->rights & RIGHT_WRITE ? "allow" : "deny");
	for (i = 0; i < n; i++)
		put_path(w, "\n    (local unix-socket (subpath ", c[i].path,
		    c[i].len, "))");
	fputs(")\n", w->f);
}

static void
put_files(struct writer *w, const struct changes *cs)
{
	const struct change *c;
	size_t i, j, n;

	fputs("; files\n", w->f);
	for (i = 0; i < cs->n; i += n) {
		c = &cs->v[i];
		for (n = 1; i + n < cs->n && c[n].rights == c->rights &&
		    c[n].above == c->above && c[n].blocked == c->blocked; n++)
			;
		put_changes(w, c, n);
		for (j = i; j < i + n; j++)
			put_pins(w, &cs->v[j], j == 0 ? NULL : &cs->v[j - 1]);
	}
}

/*
 * Unix sockets: those of -u, and those of the name services.
 */
static void
put_sockets(struct writer *w, const struct policy *p)
{
	const struct entry *e;
	const struct rule *r;

	for (r = p->sockets.v; r < p->sockets.v + p->sockets.n; r++) {
		fputs("(allow network-outbound", w->f);
		put_path(w, "\n    (remote unix-socket (subpath ", r->path,
		    r->len, "))");
		fputs(")\n", w->f);
	}
	for (e = table_sockets; e->name != NULL && !p->net_off; e++)
		if (e->flags & backend_system) {
			fputs("(allow network-outbound", w->f);
			put_path(w, "\n    (remote unix-socket (literal ",
			    e->name, strlen(e->name), "))");
			fputs(")\n", w->f);
		}
}

void
sbpl_make(struct sbpl *pr, const struct policy *p)
{
	struct writer w = { .profile = pr };
	struct changes cs;

	*pr = (struct sbpl){ .text = NULL };
	pr->parameters = xreallocarray(NULL, 1, sizeof(*pr->parameters));
	pr->parameters[0] = NULL;
	if ((w.f = open_memstream(&pr->text, &pr->size)) == NULL)
		die("out of memory");
	fputs(always, w.f);
	fputs(services, w.f);
	if (!p->net_off)
		fputs(online, w.f);
	changes_make(&cs, p, true);
	put_files(&w, &cs);
	if (policy_decide(p, "/dev/ptmx", NULL) == (RIGHT_READ | RIGHT_WRITE))
		fputs(ptys, w.f);
	put_sockets(&w, p);
	fputs(last, w.f);
	if (ferror(w.f) || fclose(w.f) == EOF)
		die("out of memory");
	free(cs.v);
}

/*
 * The contract.
 */

void
backend_check(const struct policy *p)
{
	static const char data[] = "/System/Volumes/Data";
	const struct rule *r;

	for (r = p->user.v; r < p->user.v + p->user.n; r++)
		if (path_beneath(r->path, r->len, data, strlen(data)))
			die("%s: %s: the kernel has another path for it; name "
			    "it without %s", r->origin, r->path, data);
}

/* What may be written but not read keeps what it has; see classes[]. */
static void
tell_losses(const struct policy *p, FILE *out)
{
	static const char why[] = "nothing in it can be removed or renamed, "
	    "for it may be written but not read";
	struct changes cs;
	size_t i;

	changes_make(&cs, p, false);
	for (i = 0; i < cs.n; i++) {
		if (cs.v[i].rights != RIGHT_WRITE || !S_ISDIR(cs.v[i].mode))
			continue;
		if (out != NULL)
			report(out, "loss: %s: %s", cs.v[i].path, why);
		else
			warning("%s: %s", cs.v[i].path, why);
	}
	free(cs.v);
}

void
backend_render(const struct policy *p, FILE *out)
{
	const struct command *c;
	struct sbpl pr;
	char *next, *line;
	size_t i;

	sbpl_make(&pr, p);
	for (next = pr.text; (line = strsep(&next, "\n")) != NULL;)
		if (line[0] != '\0')
			report(out, "sandbox: %s", line);
	for (i = 0; i < pr.n; i++)
		report(out, "parameter: %s is %s", pr.parameters[2 * i],
		    pr.parameters[2 * i + 1]);
	report(out, "descriptors: above 2, directories closed%s",
	    p->net_off ? ", internet sockets too" : "");
	tell_losses(p, out);
	report(out, "loss: unix sockets that are made inside can be connected "
	    "to only beneath -u");
	report(out, "gap: arguments, and on some systems the environment, of "
	    "other processes of this user");
	for (c = p->blocked; c < p->blocked + p->nblocked; c++)
		if (c->multicall && strcmp(c->path, c->file) != 0)
			report(out, "gap: %s: blocked by name only, for %s "
			    "is many commands in one", c->path, c->file);
	free(pr.text);
}

char *
backend_blocked(const char *argv0)
{
	(void)argv0;
	return NULL;
}

static void
close_descriptors(const struct policy *p)
{
	DIR *dirp = opendir("/dev/fd");
	struct dirent *d;
	char *end;
	long fd;

	descriptors_check();
	if (dirp == NULL)
		die("/dev/fd: %s", strerror(errno));
	while (errno = 0, (d = readdir(dirp)) != NULL) {
		fd = strtol(d->d_name, &end, 10);
		if (*end == '\0' && fd > 2 && fd != dirfd(dirp))
			descriptor_pass(p, (int)fd);
	}
	if (errno != 0)
		die("/dev/fd: %s", strerror(errno));
	closedir(dirp);
}

/* A datagram socket sends nothing when it is connected. */
static void
try_network(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	sin.sin_port = htons(9);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s == -1)
		return;
	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) == 0)
		die("the network is within reach, though it is refused; "
		    "nothing was run");
	close(s);
}

void
backend_apply(const struct policy *p)
{
	struct sbpl pr;
	struct changes cs;
	char *error = NULL;

	sbpl_make(&pr, p);
	changes_make(&cs, p, false);
	tell_losses(p, NULL);
	close_descriptors(p);
	errno = 0;
	if (sandbox_init_with_parameters(pr.text, 0, pr.parameters,
	    &error) != 0) {
		if (errno == EPERM || (error != NULL &&
		    strstr(error, strerror(EPERM)) != NULL))
			die("sandbox_init: this process is in a sandbox "
			    "already, and macOS has no second one inside; "
			    "start nono outside of it");
		die("sandbox_init: %s", error != NULL ? error :
		    strerror(errno));
	}
	changes_try(&cs, p);
	if (p->net_off)
		try_network();
	if (kill(getppid(), 0) == 0)
		die("signalling the parent is possible, though it is refused; "
		    "nothing was run");
}

unsigned
backend_rights(const struct policy *p, const char *path, unsigned rights,
    const char **note)
{
	struct stat st;

	(void)p;
	*note = rights == RIGHT_WRITE && stat(path, &st) == 0 &&
	    S_ISDIR(st.st_mode) ? "but nothing in it can be deleted or "
	    "renamed without the right to read" : NULL;
	return rights;
}

bool
backend_allows(const struct policy *p, enum query_kind kind,
    const char *subject, bool allowed, const char **note)
{
	(void)p;
	(void)kind;
	(void)subject;
	*note = NULL;
	return allowed;
}

const struct feature *
backend_features(void)
{
	static const struct feature features[] = {
		{ "files", FEATURE_YES, true, "sandbox_init(3)", NULL },
		{ "metadata", FEATURE_YES, false, "sandbox_init(3)", NULL },
		{ "lesser rights beneath a grant", FEATURE_YES, false,
		    "sandbox_init(3)", NULL },
		{ "network", FEATURE_YES, false, "sandbox_init(3)", NULL },
		{ "unix sockets", FEATURE_YES, false, "sandbox_init(3)", NULL },
		{ "processes", FEATURE_PARTLY, false, "arguments of others may "
		    "be read by sysctl(3), kern.procargs2", NULL },
		{ "signals", FEATURE_YES, false, "sandbox_init(3)", NULL },
		{ "privileges", FEATURE_YES, false, "set-user-ID programs are "
		    "not executed", NULL },
		{ .name = NULL }
	};

	return features;
}
