/* SPDX-License-Identifier: GPL-2.0 */
/* Messages, memory and text: what every layer of pksdiag needs. */
#ifndef PKSDIAG_UTIL_H
#define PKSDIAG_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* As in the kernel: argument @fmt is a format for those from @args on. */
#define FORMAT_OF(fmt, args) __format__(printf, fmt, args)
#define __printf(fmt, args) __attribute__((FORMAT_OF(fmt, args)))

#define NORETURN_OF __noreturn__
#define __noreturn __attribute__((NORETURN_OF))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Longest result of text_escape() for a field of @len bytes. */
#define ESCAPED_LEN(len) (4 * (len) + 1)

/* Exit codes. */
#define EXIT_ERROR	1
#define EXIT_USAGE	2
#define EXIT_FOUND	3	/* what --fail-on names */

__printf(1, 2) void pr_err(const char *fmt, ...);
__printf(1, 2) void pr_warn(const char *fmt, ...);
bool errors_seen(void);
void errors_forget(void);

/* Does not return. */
typedef void (*give_up_fn)(void);

__noreturn void no_memory(void);
void on_no_memory(give_up_fn instead);

void *xmalloc(size_t len);
void *xrealloc(void *old, size_t len);
char *xstrdup(const char *s);
__printf(1, 2) char *xasprintf(const char *fmt, ...);

char *text_escape(char *out, const char *field, size_t len);
char *text_escaped(const char *name);
const char *text_symbol(const char *name);
char *text_from(void (*put)(FILE *out, const void *arg), const void *arg);
void text_hex(char *out, const unsigned char *bytes, size_t len);
void *read_file(const char *path, size_t max, size_t *len);

/**
 * min_size - the smaller of two sizes
 * @a: one size
 * @b: the other
 *
 * Return: the smaller one.
 */
static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

#endif /* PKSDIAG_UTIL_H */
