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
 * Memory for a static nono.  A start allocates some hundred small things,
 * and then executes the command, which frees them all.  musl's malloc(3) maps
 * and unmaps pages meanwhile, which takes a tenth of a start.  This one takes
 * from the beginning of a block, and takes back only what it gave last.
 */

#include <sys/mman.h>

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK	(1024 * 1024)

/* Goes before what is allocated, and keeps it aligned. */
struct header {
	alignas(max_align_t) size_t	 size;
};

static alignas(max_align_t) char	 first[64 * 1024];
static char	*next = first, *end = first + sizeof(first);

/* Not malloc() itself, for the compiler knows what that does. */
static void *
take(size_t n)
{
	struct header *h;
	size_t size;

	if (n > PTRDIFF_MAX - BLOCK) {
		errno = ENOMEM;
		return NULL;
	}
	n = (n + sizeof(*h) - 1) / sizeof(*h) * sizeof(*h);
	if (n + sizeof(*h) > (size_t)(end - next)) {
		size = n + sizeof(*h) > BLOCK ? n + sizeof(*h) : BLOCK;
		next = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (next == MAP_FAILED) {
			next = end = first;
			errno = ENOMEM;
			return NULL;
		}
		end = next + size;
	}
	h = (struct header *)(void *)next;
	h->size = n;
	next += sizeof(*h) + n;
	return h + 1;
}

static void
give(void *v)
{
	struct header *h = v;

	if (v != NULL && (char *)v + h[-1].size == next)
		next = (char *)&h[-1];
}

void *
malloc(size_t n)
{
	return take(n);
}

void
free(void *v)
{
	give(v);
}

void *
calloc(size_t n, size_t size)
{
	void *v;

	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	if ((v = take(n * size)) != NULL)
		memset(v, 0, n * size);
	return v;
}

void *
realloc(void *old, size_t n)
{
	size_t size = old == NULL ? 0 : ((struct header *)old)[-1].size;
	void *v;

	if (old != NULL && n <= size)
		return old;
	/* what was given last grows where it is, when there is room */
	give(old);
	if ((v = take(n)) != NULL && v != old && size > 0)
		memcpy(v, old, size);
	return v;
}
