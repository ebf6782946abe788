// SPDX-License-Identifier: GPL-2.0
/* The ioctls of /dev/pksdiag: what describes the ring, and the mapping ledger. */
#include <linux/devmap_ledger.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kmap_sites.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "pksdiag.h"

static long get_ring(void __user *arg)
{
	struct pksdiag_ring *ring = kmemdup(&pksdiag_ring, sizeof(*ring), GFP_KERNEL);
	long ret = 0;

	if (!ring)
		return -ENOMEM;
	if (copy_to_user(arg, ring, sizeof(*ring)))
		ret = -EFAULT;
	kfree(ring);
	return ret;
}

static long get_ledger(void __user *arg)
{
	struct pksdiag_ledger *ledger = kmalloc(sizeof(*ledger), GFP_KERNEL);
	long ret = 0;

	if (!ledger)
		return -ENOMEM;
	devmap_ledger_header(ledger);
	if (copy_to_user(arg, ledger, sizeof(*ledger)))
		ret = -EFAULT;
	kfree(ledger);
	return ret;
}

static long copy_owners(struct pksdiag_owner __user *to, u32 start, u32 nr)
{
	struct pksdiag_owner owner;
	u32 i;

	for (i = 0; i < nr && devmap_ledger_read(start + i, &owner); i++) {
		if (copy_to_user(to + i, &owner, sizeof(owner)))
			return -EFAULT;
		cond_resched();
	}
	return i;
}

/* An entry is as it was at one time, all of them together are not. */
static long get_owners(struct pksdiag_owners_request __user *arg)
{
	struct pksdiag_owners_request request;
	long nr;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	nr = copy_owners(u64_to_user_ptr(request.owners), request.start,
			 min_t(u32, request.nr, INT_MAX));
	return nr < 0 ? nr : put_user((u32)nr, &arg->nr);
}

/**
 * pksdiag_ioctl - ioctls of /dev/pksdiag
 * @file: the open device
 * @cmd: PKSDIAG_IOC_*
 * @arg: user address of the structure that belongs to it
 *
 * Context: Process context.
 * Return: 0; -ENOTTY for what there is not: with CONFIG_DEVMAP_LEDGER off
 * there is no ledger, with CONFIG_KMAP_SITES off no call sites; -EFAULT, -ENOMEM.
 */
long pksdiag_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == PKSDIAG_IOC_RING)
		return get_ring((void __user *)arg);
	if (IS_ENABLED(CONFIG_DEVMAP_LEDGER) && cmd == PKSDIAG_IOC_LEDGER)
		return get_ledger((void __user *)arg);
	if (IS_ENABLED(CONFIG_DEVMAP_LEDGER) && cmd == PKSDIAG_IOC_OWNERS)
		return get_owners((void __user *)arg);
	return kmap_sites_ioctl(cmd, (void __user *)arg);
}
