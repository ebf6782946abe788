// SPDX-License-Identifier: GPL-2.0
/* Messages, memory and text: what every layer of pksdiag needs. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

static unsigned int nr_errors;

static void message(const char *prefix, const char *fmt, va_list args)
{
	fflush(stdout);
	fputs(prefix, stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

/**
 * pr_err - say on stderr what went wrong, and make the exit status 1
 * @fmt: one line, without its newline
 */
void pr_err(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message("pksdiag: ", fmt, args);
	va_end(args);
	nr_errors++;
}

/**
 * pr_warn - say on stderr what the user should know
 * @fmt: one line, without its newline
 */
void pr_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message("pksdiag: warning: ", fmt, args);
	va_end(args);
}

/**
 * errors_seen - did anything call pr_err()
 *
 * Return: true if so: the exit status is then EXIT_ERROR.
 */
bool errors_seen(void)
{
	return nr_errors > 0;
}

/**
 * errors_forget - what errors_seen() says is from now on about what comes
 */
void errors_forget(void)
{
	nr_errors = 0;
}

static give_up_fn instead_of_exit;

/**
 * on_no_memory - what to do when there is no memory, instead of exit()
 * @instead: called; NULL for exit()
 *
 * For a program that is not ours to end.
 */
void on_no_memory(give_up_fn instead)
{
	instead_of_exit = instead;
}

/**
 * no_memory - say that there is no memory, and do not return
 */
void no_memory(void)
{
	fputs("pksdiag: out of memory\n", stderr);
	if (instead_of_exit)
		instead_of_exit();
	exit(EXIT_ERROR);
}

static void *or_die(void *mem)
{
	if (!mem)
		no_memory();
	return mem;
}

/**
 * xmalloc - malloc() that does not return without memory
 * @len: bytes
 *
 * Return: the memory, zeroed.
 */
void *xmalloc(size_t len)
{
	return or_die(calloc(1, len ? len : 1));
}

/**
 * xrealloc - realloc() that does not return without memory
 * @old: what to resize
 * @len: bytes, not 0
 *
 * Return: the memory.
 */
void *xrealloc(void *old, size_t len)
{
	return or_die(realloc(old, len));
}

/**
 * xstrdup - strdup() that does not return without memory
 * @s: what to copy
 *
 * Return: the copy.
 */
char *xstrdup(const char *s)
{
	return or_die(strdup(s));
}

/**
 * xasprintf - asprintf() that does not return without memory
 * @fmt: as printf()
 *
 * Return: the text; the caller frees it.
 */
char *xasprintf(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return or_die(text);
}

/**
 * text_escape - a name from a record as printable ASCII
 * @out: at least ESCAPED_LEN(@len) bytes
 * @field: the name, ended by a NUL or by @len
 * @len: bytes of the field
 *
 * A task may call itself anything. What could confuse a terminal or a JSON
 * parser becomes \xNN, as the kernel does it in /dev/kmsg.
 *
 * Return: @out.
 */
char *text_escape(char *out, const char *field, size_t len)
{
	char *at = out;
	size_t i;

	for (i = 0; i < len && field[i]; i++) {
		unsigned char c = field[i];

		if (c < 0x80 && isprint(c) && c != '\\')
			*at++ = c;
		else
			at += sprintf(at, "\\x%02x", c);
	}
	*at = '\0';
	return out;
}

/**
 * text_escaped - the same of a name of any length
 * @name: the name
 *
 * Return: the text; the caller frees it.
 */
char *text_escaped(const char *name)
{
	size_t len = strlen(name);

	return text_escape(xmalloc(ESCAPED_LEN(len)), name, len);
}

/**
 * text_symbol - the name of a function, from a file that may be damaged
 * @name: the name, or NULL
 *
 * Return: the name; "?" if it has bytes that no such name has.
 */
const char *text_symbol(const char *name)
{
	const unsigned char *at = (const unsigned char *)name;

	for (; at && *at; at++)
		if (*at >= 0x80 || !isgraph(*at))
			return "?";
	return name;
}

/**
 * text_hex - bytes as lower case hex digits
 * @out: at least 2 * @len + 1 bytes
 * @bytes: what to print
 * @len: how many
 */
void text_hex(char *out, const unsigned char *bytes, size_t len)
{
	size_t i;

	*out = '\0';
	for (i = 0; i < len; i++)
		sprintf(out + 2 * i, "%02x", bytes[i]);
}

/**
 * text_from - what a function prints
 * @put: the function
 * @arg: for it
 *
 * Return: the text; the caller frees it.
 */
char *text_from(void (*put)(FILE *out, const void *arg), const void *arg)
{
	char *text = NULL;
	size_t len;
	FILE *out = or_die(open_memstream(&text, &len));

	put(out, arg);
	fclose(out);
	return or_die(text);
}

static size_t read_all(int fd, unsigned char **buf, size_t max)
{
	size_t len = 0, room = 0;
	ssize_t got = 1;

	while (got > 0 && len <= max) {
		if (len == room) {
			room = room ? 2 * room : 65536;
			*buf = xrealloc(*buf, room);
		}
		got = read(fd, *buf + len, room - len);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			len += got;
	}
	if (got < 0)
		len = 0;
	else
		errno = len > max ? EFBIG : 0;
	return len;
}

/**
 * read_file - a whole file, or pipe, in memory
 * @path: its name
 * @max: do not take in more bytes than this
 * @len: out: bytes read
 *
 * Return: the bytes, NULL after an error that was reported.
 */
void *read_file(const char *path, size_t max, size_t *len)
{
	unsigned char *buf = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		pr_err("%s: cannot open: %s", path, strerror(errno));
		return NULL;
	}
	*len = read_all(fd, &buf, max);
	close(fd);
	if (!errno)
		return buf;
	pr_err("%s: cannot read: %s", path, strerror(errno));
	free(buf);
	return NULL;
}
