/* SPDX-License-Identifier: GPL-2.0 */
/* PKS for the generic exception entry: nothing on architectures without it. */
#ifndef _LINUX_ENTRY_PKS_H
#define _LINUX_ENTRY_PKS_H

#ifdef CONFIG_X86
#include <asm/pks_entry.h>
#else

struct pt_regs;

static __always_inline void pks_entry_save_and_reset(struct pt_regs *regs) { }
static __always_inline void pks_exit_restore(struct pt_regs *regs) { }

#endif /* CONFIG_X86 */
#endif /* _LINUX_ENTRY_PKS_H */
