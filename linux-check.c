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
 * What this kernel can enforce, for check.
 */

#include <sys/prctl.h>

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

#include "linux.h"
#include "nono.h"

static struct feature	features[32];
static size_t		n;

static void
add(const char *name, int state, const char *reason, const char *remedy)
{
	if (n == nitems(features) - 1)
		die("check: there are more features than places for them");
	features[n++] = (struct feature){ .name = name, .state = state,
	    .reason = reason, .remedy = remedy };
}

static void
need(const char *name, bool has, const char *reason, const char *remedy)
{
	add(name, has ? FEATURE_YES : FEATURE_NO, reason, has ? NULL : remedy);
	features[n - 1].needed = true;
}

/* seccomp(2): EFAULT where a filter would be taken, EINVAL elsewhere. */
static bool
has_filters(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) == -1 &&
	    errno == EFAULT;
}

static void
add_landlock(int abi)
{
	if (abi < 2)
		add("renaming", FEATURE_PARTLY, "from one directory into "
		    "another it fails (Landlock ABI 1)",
		    "Linux 5.19 or later (ABI 2)");
	add("truncation", FEATURE_YES, abi < 3 ? "by seccomp" : "by Landlock",
	    NULL);
	if (abi < 5)
		add("device ioctls", FEATURE_PARTLY, "all are open on those "
		    "devices that may be opened, but for typing into "
		    "terminals", "Linux 6.10 or later (ABI 5)");
	else
		add("device ioctls", FEATURE_YES, "by Landlock", NULL);
	add("processes", FEATURE_YES, "those outside cannot be traced or read, "
	    "by Landlock", NULL);
	if (abi < 6)
		add("signals", FEATURE_NO, "other processes of this user can "
		    "be signalled", "Linux 6.12 or later (ABI 6)");
	else
		add("signals", FEATURE_YES, "by Landlock", NULL);
}

static void
add_sockets(int abi, bool view)
{
	if (abi >= 9)
		add("unix sockets", FEATURE_YES, "by Landlock", NULL);
	else if (abi >= 6 && view)
		add("unix sockets", FEATURE_PARTLY, "those that are made "
		    "outside after the start, elsewhere than in /run, can be "
		    "connected to", "Linux 7.1 or later (ABI 9)");
	else
		add("unix sockets", FEATURE_PARTLY, "none can be told from "
		    "another, so none can be made but pairs, and -u takes / "
		    "only", abi >= 6 ? "a private view, or Linux 7.1 or later "
		    "(ABI 9)" : "Linux 6.12 or later (ABI 6) and a private "
		    "view, or Linux 7.1 (ABI 9)");
}

static void
add_view(const char *no_view)
{
	static const char remedy[] = "a private view";

	if (no_view == NULL) {
		add("private view", FEATURE_YES, "a mount namespace", NULL);
		add("metadata", FEATURE_YES, "read-only mounts", NULL);
		add("lesser rights beneath a grant", FEATURE_YES, "mounts",
		    NULL);
		add("commands of many names", FEATURE_YES, "each name is "
		    "covered", NULL);
		add("terminals", FEATURE_YES, "a devpts of its own", NULL);
		return;
	}
	add("private view", FEATURE_NO, no_view, view_remedy(no_view));
	add("metadata", FEATURE_NO, "modes, owners, times and attributes can "
	    "be changed outside the grants", remedy);
	add("lesser rights beneath a grant", FEATURE_PARTLY, "held by carving, "
	    "which refuses more; in directories of temporary files not held",
	    remedy);
	add("commands of many names", FEATURE_PARTLY, "blocked as the command "
	    "itself, not inside", remedy);
	add("terminals", FEATURE_PARTLY, "those of others are out of reach, "
	    "but no new ones can be made", remedy);
}

const struct feature *
backend_features(void)
{
	const struct policy none = { 0 };
	const char *reason, *remedy, *no_view = NULL;
	int abi = landlock_version(&reason, &remedy);

	need("files", abi > 0, abi > 0 ? xasprintf("Landlock ABI %d", abi) :
	    reason, remedy);
	need("system calls", has_filters(), "seccomp",
	    "a kernel with CONFIG_SECCOMP_FILTER");
	if (abi < 1)
		return features;
	add("network", FEATURE_YES, abi < 4 ? "by seccomp" :
	    "by seccomp and Landlock", NULL);
	add_landlock(abi);
	view_enter(&none, false, &no_view);
	add_sockets(abi, no_view == NULL);
	add_view(no_view);
	add("privileges", FEATURE_YES, "no_new_privs, no dangerous "
	    "capabilities, no set-user-ID files", NULL);
	return features;
}
