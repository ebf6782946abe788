/* SPDX-License-Identifier: GPL-2.0 */
/* Code of pksdiag inside crash. */
#ifndef PKSDIAG_CRASH_RUN_H
#define PKSDIAG_CRASH_RUN_H

int run_in_crash(int (*run)(void *arg), void *arg);

#endif /* PKSDIAG_CRASH_RUN_H */
