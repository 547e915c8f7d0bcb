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
 * The options.  The input is the arguments, each with a newline behind.
 *
 * with: policy.c path.c blocklist.c profile.c why.c json.c memory.c
 */

#include "fuzz_nono.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	char *copy, *next, *argv[64] = { (char *)(uintptr_t)"nono" };
	int argc = 1;

	if (!started)
		start();
	started = true;
	copy = xreallocarray(NULL, size + 1, 1);
	memcpy(copy, data, size);
	copy[size] = '\0';
	for (next = copy; argc < 63 && next != NULL && *next != '\0'; argc++)
		argv[argc] = strsep(&next, "\n");
	attempt(argc, argv);
	free(copy);
	return 0;
}
