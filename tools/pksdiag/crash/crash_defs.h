/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one place that includes what crash offers to extensions. It is not written
 * for our warnings, and has many short names: only for files that talk to crash.
 */
#ifndef PKSDIAG_CRASH_DEFS_H
#define PKSDIAG_CRASH_DEFS_H

#pragma GCC system_header

/* Which machine's definitions to take. */
#define X86_64

#include <crash/defs.h>

#endif /* PKSDIAG_CRASH_DEFS_H */
