/* SPDX-License-Identifier: GPL-2.0 */
/* Private to the report: a line is put together, then printed in one piece. */
#ifndef _KERNEL_PKSDIAG_REPORT_H
#define _KERNEL_PKSDIAG_REPORT_H

#include <linux/compiler.h>
#include "pksdiag.h"

/**
 * struct pksdiag_line - a line of the report
 * @text: what it says
 * @len: bytes of @text, without the NUL
 */
struct pksdiag_line {
	char text[256];
	size_t len;
};

/* report.c */
__printf(2, 3) void pksdiag_line_add(struct pksdiag_line *line,
				     const char *fmt, ...);
void pksdiag_line_time(struct pksdiag_line *line, u64 ns);
void pksdiag_line_when(struct pksdiag_line *line,
		       const struct pksdiag_record *r, u64 ns);

/* report_owner.c */
void pksdiag_report_mapping(const struct pksdiag_record *r);
void pksdiag_report_owner(const struct pksdiag_record *r);
void pksdiag_report_knowledge(const struct pksdiag_record *r);

/* report_data.c */
void pksdiag_report_data(const struct pksdiag_record *r);

#endif /* _KERNEL_PKSDIAG_REPORT_H */
