// SPDX-License-Identifier: GPL-2.0
/*
 * For test_decode: the kernel's report, outside the kernel. Reads records from
 * standard input and prints what the log would get. printk()'s own conversions
 * are made here: %*phN as it is, %pS and %pB as the letter and the address.
 */
#include <stdio.h>
#include <stdlib.h>

#include "report_shim.h"
#include "pksdiag.h"

/* The longest line that a report may have. */
#define LINE_MAX_LEN	256

struct pksdiag_ring pksdiag_ring;
static int deferred;

/**
 * struct out - where a line goes
 * @at: its end so far
 * @left: bytes left, NUL included
 */
struct out {
	char *at;
	size_t left;
};

static void put(struct out *out, const char *fmt, ...)
{
	va_list args;
	size_t len;

	va_start(args, fmt);
	len = vsnprintf(out->at, out->left, fmt, args);
	va_end(args);
	if (len >= out->left)
		len = out->left - 1;
	out->at += len;
	out->left -= len;
}

/* What stands behind the p of %p. Return where it ends. */
static const char *put_pointer(struct out *out, const char *fmt, int width,
			       const u8 *p)
{
	int i;

	if (*fmt == 'S' || *fmt == 'B') {
		put(out, "<%c 0x%lx>", *fmt, (unsigned long)p);
		return fmt + 1;
	}
	if (strncmp(fmt, "hN", 2) || width <= 0 || width > 64)
		abort();
	for (i = 0; i < width; i++)
		put(out, "%02x", p[i]);
	return fmt + 2;
}

static void put_number(struct out *out, const char *spec, int len, bool wide,
		       va_list *args)
{
	char fmt[16] = "";

	memcpy(fmt, spec, len);
	if (wide)
		put(out, fmt, va_arg(*args, unsigned long long));
	else
		put(out, fmt, va_arg(*args, unsigned int));
}

/* @fmt: at a percent sign. Return where its conversion ends. */
static const char *convert(struct out *out, const char *fmt, va_list *args)
{
	const char *spec = fmt++;
	int width = 0;
	bool wide;

	if (*fmt == '*') {
		width = va_arg(*args, int);
		fmt++;
	}
	fmt += strspn(fmt, "0123456789");
	wide = !strncmp(fmt, "ll", 2);
	fmt += wide ? 2 : 0;
	switch (*fmt++) {
	case 'p':
		return put_pointer(out, fmt, width, va_arg(*args, const u8 *));
	case 's':
		put(out, "%s", va_arg(*args, const char *));
		return fmt;
	case 'u':
	case 'x':
		put_number(out, spec, fmt - spec, wide, args);
		return fmt;
	default:
		abort();
	}
}

int vscnprintf(char *text, size_t size, const char *fmt, va_list args)
{
	struct out out = { .at = text, .left = size };
	va_list copy;

	va_copy(copy, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(&out, fmt, &copy);
		else
			put(&out, "%c", *fmt++);
	}
	va_end(copy);
	*out.at = '\0';
	return out.at - text;
}

void pr_err(const char *fmt, ...)
{
	char line[1024];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (!deferred || len > LINE_MAX_LEN || line[len - 1] != '\n')
		abort();
	fputs(line, stdout);
}

void stack_trace_print(const unsigned long *entries, unsigned int nr, int spaces)
{
	while (nr--)
		printf("%*s<S 0x%lx>\n", spaces, "", *entries++);
}

void printk_deferred_enter(void)
{
	deferred++;
}

void printk_deferred_exit(void)
{
	deferred--;
}

int main(void)
{
	struct pksdiag_record r;

	while (fread(&r, sizeof(r), 1, stdin) == 1)
		pksdiag_report(&r);
	return 0;
}
