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
 * malloc(3) for musl, whose own asks the kernel for a page at a time: a tenth
 * of a start.  nono lives for a millisecond, and gives back only what it has
 * taken last, so as not to touch more pages than need be.
 */

#include <sys/mman.h>

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(STATIC) && defined(__linux__) && !defined(__GLIBC__)

#define ALIGN	_Alignof(max_align_t)
#define CHUNK	(1024 * 1024)

/* Before each piece, as far as it is to be aligned, stands its size. */
static _Alignas(max_align_t) char first[CHUNK];
static char *next = first, *end = first + sizeof(first);
static char *last;			/* the piece that ends at next */

static size_t
room(size_t size)
{
	return ALIGN + (size + ALIGN - 1) / ALIGN * ALIGN;
}

/* Not in malloc(3), for the compiler would make calloc(3) call itself. */
static void *
take(size_t size)
{
	size_t chunk;
	void *p;

	if (size > PTRDIFF_MAX - CHUNK) {
		errno = ENOMEM;
		return NULL;
	}
	if (room(size) > (size_t)(end - next)) {
		chunk = room(size) > CHUNK ? room(size) : CHUNK;
		p = mmap(NULL, chunk, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			return NULL;
		next = p;
		end = next + chunk;
	}
	last = next + ALIGN;
	memcpy(next, &size, sizeof(size));
	next += room(size);
	return last;
}

void *
malloc(size_t size)
{
	return take(size);
}

void *
calloc(size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	if ((p = take(n * size)) != NULL)
		memset(p, 0, n * size);
	return p;
}

void *
realloc(void *old, size_t size)
{
	size_t oldsize;
	void *p;

	if (old == NULL)
		return take(size);
	memcpy(&oldsize, (char *)old - ALIGN, sizeof(oldsize));
	if (size <= oldsize)
		return old;
	if (old == last && size < PTRDIFF_MAX - CHUNK &&
	    room(size) <= (size_t)(end - last) + ALIGN) {
		memcpy(last - ALIGN, &size, sizeof(size));
		next = last - ALIGN + room(size);
		return old;
	}
	if ((p = take(size)) != NULL)
		memcpy(p, old, oldsize);
	return p;
}

void
free(void *p)
{
	if (p != NULL && p == last) {
		next = last - ALIGN;
		last = NULL;
	}
}

#endif
