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
 * System calls: loads one of the programs that linux-mkfilter wrote.
 */

/* some for the constants that filter.h asserts */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "filter.h"
#include "linux-filter.h"
#include "linux.h"
#include "nono.h"

static void
load(unsigned filter)
{
	struct sock_fprog prog = {
		.len = filters[filter].len,
		.filter = (struct sock_filter *)(uintptr_t)
		    filters[filter].filter
	};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == -1)
		die("seccomp: %s; the kernel needs CONFIG_SECCOMP_FILTER",
		    strerror(errno));
}

void
seccomp_enforce(unsigned filter)
{
	load(filter & ~(unsigned)FILTER_TRUNC);
	if (filter & FILTER_TRUNC)
		load(FILTER_TRUNC);
}
