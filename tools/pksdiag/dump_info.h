/* SPDX-License-Identifier: GPL-2.0 */
/* VMCOREINFO in the memory of a machine whose dump does not have it in its notes. */
#ifndef PKSDIAG_DUMP_INFO_H
#define PKSDIAG_DUMP_INFO_H

#include "dump.h"

char *dump_info_find(struct dump *dump, size_t *len);

#endif /* PKSDIAG_DUMP_INFO_H */
