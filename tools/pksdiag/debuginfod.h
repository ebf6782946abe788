/* SPDX-License-Identifier: GPL-2.0 */
/* Debug info from a server, by build id. */
#ifndef PKSDIAG_DEBUGINFOD_H
#define PKSDIAG_DEBUGINFOD_H

#include <linux/types.h>

char *debuginfod_fetch(const __u8 *build_id);

#endif /* PKSDIAG_DEBUGINFOD_H */
