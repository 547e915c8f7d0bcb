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
 * A profile.  The input is the file.
 *
 * with: profile.c policy.c path.c blocklist.c why.c json.c memory.c
 */

#include "fuzz_nono.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	char *argv[] = { (char *)(uintptr_t)"nono", (char *)(uintptr_t)"-p",
	    (char *)(uintptr_t)"./profile", (char *)(uintptr_t)"true", NULL };
	FILE *f;

	if (!started)
		start();
	started = true;
	if ((f = fopen("profile", "w")) == NULL ||
	    fwrite(data, 1, size, f) != size || fclose(f) == EOF)
		err(1, "profile");
	attempt(4, argv);
	return 0;
}
