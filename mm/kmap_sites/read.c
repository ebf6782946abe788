// SPDX-License-Identifier: GPL-2.0
/* The tables for readers: ioctls of /dev/pksdiag, and of a dump. */
#include <linux/crash_core.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "sites.h"

/* What it is in a dump, and to /dev/pksdiag. */
struct pksdiag_sites pksdiag_sites = {
	.magic		= PKSDIAG_SITES_MAGIC,
	.version	= PKSDIAG_VERSION,
	.header_size	= sizeof(struct pksdiag_sites),
	.site_size	= sizeof(struct pksdiag_site),
	.violation_size	= sizeof(struct pksdiag_violation),
	.nr_counters	= PKSDIAG_NR_SITES_COUNTERS,
};

static long get_header(void __user *to)
{
	struct pksdiag_sites header = pksdiag_sites;

	header.now_ns = ktime_get_mono_fast_ns();
	return copy_to_user(to, &header, sizeof(header)) ? -EFAULT : 0;
}

/* Counters go on meanwhile; of an entry that is being filled its state says so. */
static long get_entries(struct pksdiag_sites_request __user *arg, u64 entries, u32 nr,
			size_t size)
{
	struct pksdiag_sites_request request;
	u32 i;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	for (i = 0; i < request.nr && request.start < nr && i < nr - request.start; i++) {
		if (copy_to_user(u64_to_user_ptr(request.to + i * size),
				 (void *)(unsigned long)entries +
				 (request.start + i) * size, size))
			return -EFAULT;
		cond_resched();
	}
	return put_user(i, &arg->nr);
}

/**
 * kmap_sites_ioctl - ioctls of /dev/pksdiag for call sites
 * @cmd: PKSDIAG_IOC_SITES, PKSDIAG_IOC_SITE or PKSDIAG_IOC_VIOLATION
 * @arg: user address of the structure that belongs to it
 *
 * Context: Process context.
 * Return: 0; -ENOTTY for another @cmd; -EFAULT.
 */
long kmap_sites_ioctl(unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case PKSDIAG_IOC_SITES:
		return get_header(arg);
	case PKSDIAG_IOC_SITE:
		return get_entries(arg, pksdiag_sites.sites, pksdiag_sites.nr_sites,
				   sizeof(struct pksdiag_site));
	case PKSDIAG_IOC_VIOLATION:
		return get_entries(arg, pksdiag_sites.violations,
				   pksdiag_sites.nr_violations,
				   sizeof(struct pksdiag_violation));
	}
	return -ENOTTY;
}

/**
 * kmap_sites_vmcoreinfo - tell crash dump readers where the tables are
 */
void kmap_sites_vmcoreinfo(void)
{
	VMCOREINFO_SYMBOL(pksdiag_sites);
	VMCOREINFO_STRUCT_SIZE(pksdiag_sites);
}
