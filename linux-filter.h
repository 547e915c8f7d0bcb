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
 * What a seccomp program is made for: linux-mkfilter.c generates one for each
 * combination when nono is built, linux-seccomp.c picks one when nono runs.
 * FILTER_TRUNC, for old kernels, is a program of its own, loaded on top.
 */
#ifndef LINUX_FILTER_H
#define LINUX_FILTER_H

enum {
	FILTER_NONET = 1 << 0,	/* no network */
	FILTER_NOUNIX = 1 << 1,	/* no unix sockets but socketpair(2) */
	FILTER_ROOT = 1 << 2,	/* no set-group-ID files either */
	FILTER_TRUNC = 1 << 3	/* Landlock cannot refuse truncation */
};

#endif
