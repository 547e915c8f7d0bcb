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
 * Messages and memory.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nono.h"

bool	silent;

/*
 * Would a terminal obey s[i]?  As UTF-8, too, where U+0080 to U+009F do what
 * ESC with a letter does; in other characters such bytes do not come first.
 */
static bool
is_control(const char *s, size_t i)
{
	unsigned char c = (unsigned char)s[i];
	unsigned char before = i == 0 ? 0 : (unsigned char)s[i - 1];

	return c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0 &&
	    (before < 0x80 || before == 0xc2));
}

static void
print(FILE *f, const char *prefix, const char *fmt, va_list ap)
{
	char *s, *line, *p;
	size_t i, n;

	if (vasprintf(&s, fmt, ap) == -1)
		_exit(EXIT_NONO);
	/* whole lines in one write, so that those of others stay apart */
	n = strlen(prefix) + 4 * strlen(s) + 2;
	line = xreallocarray(NULL, n, 1);
	p = line + sprintf(line, "%s", prefix);
	for (i = 0; s[i] != '\0'; i++)
		if (is_control(s, i))
			p += sprintf(p, "\\%03o", (unsigned char)s[i]);
		else
			*p++ = s[i];
	*p++ = '\n';
	fwrite(line, 1, (size_t)(p - line), f);
	fflush(f);
	free(line);
	free(s);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(stderr, "nono: ", fmt, ap);
	va_end(ap);
}

void
warning(const char *fmt, ...)
{
	va_list ap;

	if (silent)
		return;
	va_start(ap, fmt);
	print(stderr, "nono: warning: ", fmt, ap);
	va_end(ap);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(stderr, "nono: ", fmt, ap);
	va_end(ap);
	exit(EXIT_NONO);
}

void
report(FILE *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(f, f == stderr ? "nono: " : "", fmt, ap);
	va_end(ap);
}

void
finish(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		die("standard output: %s", strerror(errno));
	exit(status);
}

void *
xreallocarray(void *v, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		die("out of memory");
	if ((v = realloc(v, n * size)) == NULL)
		die("out of memory");
	return v;
}

char *
xstrdup(const char *s)
{
	char *copy;

	if ((copy = strdup(s)) == NULL)
		die("out of memory");
	return copy;
}

char *
xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) == -1)
		die("out of memory");
	return s;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}
