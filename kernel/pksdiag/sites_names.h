/* SPDX-License-Identifier: GPL-2.0 */
/* Words for call sites and their violations, the same in the kernel and in the tool. */
#ifndef _PKSDIAG_SITES_NAMES_H
#define _PKSDIAG_SITES_NAMES_H

#include <linux/pksdiag_sites.h>

const char *pksdiag_site_counter_name(unsigned int counter);
const char *pksdiag_violation_name(unsigned int kind);
const char *pksdiag_sites_counter_name(unsigned int counter);

#endif /* _PKSDIAG_SITES_NAMES_H */
