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
 * Capabilities.  What root keeps lets npm install, tar and install -o go on
 * working in a container; none of it leads out.  Not CAP_FSETID: with it a
 * set-user-ID file that is rewritten stays one.
 *
 * With capset(2) itself: loading libcap takes as long as a tenth of a start,
 * and Debian's static one is not for musl.
 */

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "linux.h"
#include "nono.h"

static const struct {
	unsigned	 value;
	const char	*name;
} kept[] = {
	{ CAP_CHOWN, "chown" },
	{ CAP_DAC_OVERRIDE, "dac_override" },
	{ CAP_FOWNER, "fowner" },
	{ CAP_KILL, "kill" },
	{ CAP_SETGID, "setgid" },
	{ CAP_SETUID, "setuid" },
	{ CAP_NET_BIND_SERVICE, "net_bind_service" }
};
#define NKEPT	(sizeof(kept) / sizeof(kept[0]))

/* All but those kept, till the kernel knows no more: prctl(2), EINVAL. */
static void
drop_bounding(uint32_t keep)
{
	unsigned long cap;

	for (cap = 0; cap < 32 * _LINUX_CAPABILITY_U32S_3; cap++)
		if ((cap >= 32 || !(keep & 1U << cap)) &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == -1) {
			if (errno == EINVAL && cap > CAP_SETFCAP)
				return;
			die("capabilities: PR_CAPBSET_DROP %lu: %s", cap,
			    strerror(errno));
		}
}

void
caps_drop(void)
{
	/* the calling process, in two times 32 bits */
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	uint32_t keep = 0;
	size_t i;

	for (i = 0; i < NKEPT; i++)
		keep |= 1U << kept[i].value;
	if (syscall(SYS_capget, &head, caps) == -1)
		die("capabilities: capget: %s", strerror(errno));
	/* without CAP_SETPCAP there is nothing that exec could give back */
	if (caps[0].effective & 1U << CAP_SETPCAP)
		drop_bounding(keep);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1)
		die("capabilities: PR_CAP_AMBIENT: %s", strerror(errno));
	caps[0].effective &= keep;
	caps[0].permitted &= keep;
	caps[0].inheritable &= keep;
	memset(&caps[1], 0, sizeof(caps[1]));
	if (syscall(SYS_capset, &head, caps) == -1)
		die("capabilities: capset: %s", strerror(errno));
}

void
caps_render(FILE *out)
{
	char names[128] = "";
	size_t i;

	for (i = 0; i < NKEPT; i++) {
		strcat(names, i == 0 ? "" : ",");
		strcat(names, kept[i].name);
	}
	report(out, "capabilities: all dropped but, where held, %s", names);
}
