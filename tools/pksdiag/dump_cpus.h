/* SPDX-License-Identifier: GPL-2.0 */
/* The registers of CPUs, from the notes of a dump. */
#ifndef PKSDIAG_DUMP_CPUS_H
#define PKSDIAG_DUMP_CPUS_H

#include "dump.h"
#include "in_dump.h"

struct cpu_regs *dump_cpus_read(struct dump *dump, size_t *nr);

#endif /* PKSDIAG_DUMP_CPUS_H */
