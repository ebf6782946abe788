/* SPDX-License-Identifier: GPL-2.0 */
/* What kernel/pksdiag/report*.c use of the kernel, for report_driver.c. */
#ifndef REPORT_SHIM_H
#define REPORT_SHIM_H

#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <zlib.h>

typedef __u8 u8;
typedef __u32 u32;
typedef __u64 u64;
typedef struct { u64 counter; } atomic64_t;

#define __printf(fmt, args)
#define BIT(nr)			(1ul << (nr))
#define BIT_ULL(nr)		(1ull << (nr))
#define MAJOR(dev)		((unsigned int)major(dev))
#define MINOR(dev)		((unsigned int)minor(dev))
#define NSEC_PER_USEC		1000u
#define USEC_PER_SEC		1000000u
#define CONFIG_PKSDIAG_RING_SHIFT	8

#define min(a, b) ({				\
	__auto_type _a = (a);			\
	__auto_type _b = (b);			\
	(unsigned int)_a < (unsigned int)_b ?	\
		(unsigned int)_a : (unsigned int)_b; })

struct pksdiag_frames;

static inline unsigned long pks_guard_begin(void) { return 0; }
static inline void pks_guard_end(unsigned long flags) { (void)flags; }

int vscnprintf(char *out, size_t size, const char *fmt, va_list args);
void pr_err(const char *fmt, ...);
void stack_trace_print(const unsigned long *entries, unsigned int nr, int spaces);
void printk_deferred_enter(void);
void printk_deferred_exit(void);

static inline u64 div_u64(u64 n, u32 by)
{
	return n / by;
}

static inline u64 div_u64_rem(u64 n, u32 by, u32 *rest)
{
	*rest = n % by;
	return n / by;
}

/* As include/linux/kdev_t.h has it. */
static inline dev_t new_decode_dev(u32 dev)
{
	return makedev((dev & 0xfff00) >> 8,
		       (dev & 0xff) | ((dev >> 12) & 0xfff00));
}

static inline void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *at = start;

	for (; bytes; at++, bytes--)
		if (*at != (u8)c)
			return (void *)at;
	return NULL;
}

static inline u32 crc32_le(u32 crc, const void *data, size_t len)
{
	return ~crc32(~crc, data, len);
}

static inline void atomic64_inc(atomic64_t *v)
{
	v->counter++;
}

#endif /* REPORT_SHIM_H */
