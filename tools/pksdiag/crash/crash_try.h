/* SPDX-License-Identifier: GPL-2.0 */
/* Calls into crash that come back. */
#ifndef PKSDIAG_CRASH_TRY_H
#define PKSDIAG_CRASH_TRY_H

#include <stdbool.h>

bool crash_try(void (*call)(void *arg), void *arg);

#endif /* PKSDIAG_CRASH_TRY_H */
