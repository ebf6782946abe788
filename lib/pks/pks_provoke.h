/* SPDX-License-Identifier: GPL-2.0 */
/* Provocations that are not in pks_provoke.c; each gets an address in the direct map. */
#ifndef _LIB_PKS_PROVOKE_H
#define _LIB_PKS_PROVOKE_H

/* pks_provoke_hold.c */
void pks_provoke_global_lag(void *addr);
void pks_provoke_hold(void *addr);
void pks_provoke_hold_unplug(void *addr);
void pks_provoke_hold_section(void *addr);
void pks_provoke_exec(void *addr);
void pks_provoke_leak(void *addr);

#endif /* _LIB_PKS_PROVOKE_H */
