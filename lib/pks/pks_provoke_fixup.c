// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses that an exception table entry takes: nobody would notice them, but
 * for the record. Probes of tracing and BPF are among them; bpf_probe_read() is
 * copy_from_kernel_nofault() in a probe, which is how it is done here, since it
 * needs no compiler for BPF.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/ftrace.h>
#include <linux/highmem.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "pks_provoke.h"

/* === Copies =============================================================== */

static noinline void pks_provoke_copy_mc(void *addr)
{
	u64 to[4];
	unsigned long left = copy_mc_to_kernel(to, addr, sizeof(to));

	pr_info("copy_mc left %lu bytes\n", left);
}

static noinline void pks_provoke_nofault(void *addr)
{
	u64 to;

	pr_info("nofault read returned %ld\n",
		copy_from_kernel_nofault(&to, addr, sizeof(to)));
}

static noinline void pks_provoke_nofault_write(void *addr)
{
	u64 from = PKS_PROVOKE_PATTERN;

	pr_info("nofault write returned %ld\n",
		copy_to_kernel_nofault(addr, &from, sizeof(from)));
}

static noinline void pks_provoke_nofault_string(void *addr)
{
	char to[16];

	pr_info("nofault string returned %ld\n",
		strncpy_from_kernel_nofault(to, addr, sizeof(to)));
}

/* As from the time of set_fs(): a kernel address where a user's belongs. */

static noinline void pks_provoke_get_user(void *addr)
{
	u64 to;
	int ret = __get_user(to, (__force u64 __user *)addr);

	pr_info("__get_user returned %d, %llu\n", ret, to);
}

static noinline void pks_provoke_put_user(void *addr)
{
	int ret = __put_user(PKS_PROVOKE_PATTERN, (__force u64 __user *)addr);

	pr_info("__put_user returned %d\n", ret);
}

/* Copied after the mapping that it was meant for. */
static noinline void pks_provoke_nofault_after(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	u64 to;

	kunmap_local(map);
	(void)copy_from_kernel_nofault(&to, map + offset_in_page(addr), sizeof(to));
}

/* === Probes =============================================================== */

static void *probed_addr __maybe_unused;

static noinline void __maybe_unused pks_provoke_probed(void)
{
	asm volatile(".globl pks_provoke_probed_here\n"
		     "pks_provoke_probed_here:\n"
		     "	nopl (%%rax)\n" : : : "memory");
}

#ifdef CONFIG_KPROBES

static int pks_provoke_in_kprobe(struct kprobe *probe, struct pt_regs *regs)
{
	u64 to;

	(void)copy_from_kernel_nofault(&to, probed_addr, sizeof(to));
	return 0;
}

NOKPROBE_SYMBOL(pks_provoke_in_kprobe);

/* Not at the function's entry: that would be ftrace, and no exception. */
static void hit_kprobe(void *addr)
{
	struct kprobe probe = {
		.addr = (kprobe_opcode_t *)pks_provoke_probed_here,
		.pre_handler = pks_provoke_in_kprobe,
	};
	int ret = register_kprobe(&probe);

	if (ret) {
		pr_info("kprobe: error %d\n", ret);
		return;
	}
	probed_addr = addr;
	pks_provoke_probed();
	unregister_kprobe(&probe);
}

#else

static void hit_kprobe(void *addr)
{
	pr_info("there are no kprobes\n");
}

#endif

static noinline void pks_provoke_kprobe(void *addr)
{
	hit_kprobe(addr);
}

static noinline void pks_provoke_kprobe_mapped(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	hit_kprobe(map + offset_in_page(addr));
	kunmap_local(map);
}

#ifdef CONFIG_DYNAMIC_FTRACE

static void notrace pks_provoke_in_ftrace(unsigned long ip, unsigned long parent,
					  struct ftrace_ops *ops,
					  struct ftrace_regs *regs)
{
	u64 to;

	(void)copy_from_kernel_nofault(&to, probed_addr, sizeof(to));
}

static struct ftrace_ops probe_ops = {
	.func = pks_provoke_in_ftrace,
	.flags = FTRACE_OPS_FL_RECURSION,
};

static noinline void pks_provoke_ftrace(void *addr)
{
	unsigned long ip = ftrace_location((unsigned long)pks_provoke_probed);
	int ret = ftrace_set_filter_ip(&probe_ops, ip, 0, 1);

	if (!ret)
		ret = register_ftrace_function(&probe_ops);
	if (ret) {
		pr_info("ftrace: error %d\n", ret);
		return;
	}
	probed_addr = addr;
	pks_provoke_probed();
	unregister_ftrace_function(&probe_ops);
}

#else

static void pks_provoke_ftrace(void *addr)
{
	pr_info("there is no ftrace\n");
}

#endif

const struct pks_provocation pks_provoke_fixup[] = {
	{ "copy-mc",		pks_provoke_copy_mc },
	{ "nofault",		pks_provoke_nofault },
	{ "nofault-write",	pks_provoke_nofault_write },
	{ "nofault-string",	pks_provoke_nofault_string },
	{ "nofault-after",	pks_provoke_nofault_after },
	{ "get-user",		pks_provoke_get_user },
	{ "put-user",		pks_provoke_put_user },
	{ "kprobe",		pks_provoke_kprobe },
	{ "kprobe-mapped",	pks_provoke_kprobe_mapped },
	{ "ftrace",		pks_provoke_ftrace },
	{}
};
