/* SPDX-License-Identifier: GPL-2.0 */
/* PKS for generic entry and softirq code: nothing on architectures without it. */
#ifndef _LINUX_ENTRY_PKS_H
#define _LINUX_ENTRY_PKS_H

#ifdef CONFIG_X86
#include <asm/pks_entry.h>
#else

struct pt_regs;

static __always_inline void pks_entry_save_and_reset(struct pt_regs *regs) { }
static __always_inline void pks_exit_restore(struct pt_regs *regs) { }

struct pks_saved { };

static __always_inline void pks_context_save_and_reset(struct pks_saved *s) { }
static __always_inline void pks_context_restore(const struct pks_saved *s) { }

#endif /* CONFIG_X86 */
#endif /* _LINUX_ENTRY_PKS_H */
