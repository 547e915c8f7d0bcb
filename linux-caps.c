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
 * Capabilities, with libcap.  What root keeps lets npm install, tar and
 * install -o go on working in a container; none of it leads out.  Not
 * CAP_FSETID: with it a set-user-ID file that is rewritten stays one.
 */

#include <sys/capability.h>
#include <sys/prctl.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "linux.h"
#include "nono.h"

static const struct {
	cap_value_t	 value;
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

static bool
is_kept(cap_value_t cap, bool some)
{
	size_t i;

	for (i = 0; some && i < nitems(kept); i++)
		if (kept[i].value == cap)
			return true;
	return false;
}

static bool
has(cap_t caps, cap_value_t cap, cap_flag_t set)
{
	cap_flag_value_t value;

	if (cap_get_flag(caps, cap, set, &value) == -1)
		die("capabilities: cap_get_flag: %s", strerror(errno));
	return value == CAP_SET;
}

void
caps_drop(bool some)
{
	static const cap_flag_t sets[] = {
		CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE
	};
	cap_t now, new;
	cap_value_t cap;
	size_t i, j;

	if ((now = cap_get_proc()) == NULL || (new = cap_init()) == NULL)
		die("capabilities: cap_get_proc: %s", strerror(errno));
	/* without CAP_SETPCAP there is nothing that exec could give back */
	if (has(now, CAP_SETPCAP, CAP_EFFECTIVE))
		for (cap = 0; cap < cap_max_bits(); cap++)
			if (!is_kept(cap, some) && cap_drop_bound(cap) == -1)
				die("capabilities: cap_drop_bound(%d): %s",
				    (int)cap, strerror(errno));
	/* cap_reset_ambient(3) asks for each one first */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1)
		die("capabilities: PR_CAP_AMBIENT: %s", strerror(errno));
	for (i = 0; some && i < nitems(kept); i++)
		for (j = 0; j < nitems(sets); j++)
			if (has(now, kept[i].value, sets[j]) &&
			    cap_set_flag(new, sets[j], 1, &kept[i].value,
			    CAP_SET) == -1)
				die("capabilities: cap_set_flag: %s",
				    strerror(errno));
	if (cap_set_proc(new) == -1)
		die("capabilities: cap_set_proc: %s", strerror(errno));
	cap_free(now);
	cap_free(new);
}

bool
caps_held(void)
{
	bool held = false;
	size_t i;
	cap_t now;

	if ((now = cap_get_proc()) == NULL)
		die("capabilities: cap_get_proc: %s", strerror(errno));
	for (i = 0; i < nitems(kept); i++)
		held |= has(now, kept[i].value, CAP_EFFECTIVE);
	cap_free(now);
	return held;
}

void
caps_render(bool some, FILE *out)
{
	char names[128] = "";
	size_t i;

	if (!some) {
		report(out, "capabilities: all dropped");
		return;
	}
	for (i = 0; i < nitems(kept); i++) {
		strcat(names, i == 0 ? "" : ",");
		strcat(names, kept[i].name);
	}
	report(out, "capabilities: all dropped but, where held, %s", names);
}
