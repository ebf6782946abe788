// SPDX-License-Identifier: GPL-2.0
/*
 * The device or the file changes meanwhile, many faults at once, and the
 * recorder's own memory.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/devmap_protection.h>
#include <linux/highmem.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/pksdiag.h>
#include "pks_provoke.h"
#include "../../kernel/pksdiag/pksdiag.h"

#define PATIENCE_S	120

/* === The device or the page goes away ===================================== */

static bool wait_until(bool (*is)(void *addr, bool want), void *addr, bool want)
{
	unsigned long end = jiffies + PATIENCE_S * HZ / 2;

	while (!is(addr, want) && time_before(jiffies, end))
		msleep(50);
	return is(addr, want);
}

static bool is_mapped(void *addr)
{
	unsigned int level;
	pte_t *pte = lookup_address((unsigned long)addr, &level);

	return pte && pte_present(*pte);
}

/* A device that comes is known before its memory is mapped, and has its name last. */
static bool device_there(void *addr, bool want)
{
	struct devmap_place place;
	bool there = devmap_place(__pa(addr), &place);

	if (!want)
		return !there;
	return there && is_mapped(addr) && strcmp(place.device, "devmap");
}

/*
 * Mapped while the device was there, unmapped while it was not: the address is
 * not forgotten, and the device comes back.
 */
static noinline void pks_provoke_unplugged(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	pr_info("unplugged: mapped\n");
	if (wait_until(device_there, addr, false))
		pr_info("unplugged: the device is gone\n");
	kunmap_local(map);
	if (wait_until(device_there, addr, true))
		pks_provoke_write(map + offset_in_page(addr));
}

static bool file_has_page(void *addr, bool want)
{
	return !!READ_ONCE(virt_to_page(addr)->mapping) == want;
}

/* The file lost the page, and somebody goes on using what was mapped of it. */
static noinline void pks_provoke_truncated(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap_thread(page);

	kunmap_thread(page);
	pr_info("truncated: mapped\n");
	if (wait_until(file_has_page, addr, false))
		pks_provoke_write(map + offset_in_page(addr));
	else
		pr_info("truncated: the file kept the page\n");
}

/* === Many faults ========================================================== */

static atomic_t racing;

static noinline void pks_provoke_race(void *addr)
{
	unsigned long end = jiffies + 2 * HZ;

	atomic_inc(&racing);
	while (atomic_read(&racing) < 2 && time_before(jiffies, end))
		cpu_relax();
	pks_provoke_write(addr);
}

/* Two CPUs fault on one page, at once. */
static noinline void pks_provoke_two_cpus(void *addr)
{
	struct task_struct *here, *other;

	atomic_set(&racing, 0);
	migrate_disable();
	other = pks_provoke_start(pks_provoke_race, addr, pks_provoke_other_cpu());
	here = pks_provoke_start(pks_provoke_race, addr, raw_smp_processor_id());
	migrate_enable();
	pks_provoke_wait(here, 5);
	pks_provoke_wait(other, 5);
}

/* As often as was asked for; what was recorded before must stay. */
static noinline void pks_provoke_storm(void *addr)
{
	unsigned long left = pks_provoke_count();

	for (; left; left--) {
		pks_provoke_try_write(addr);
		cond_resched();
	}
	pr_info("storm: over\n");
}

/* === The recorder's own memory ============================================ */

/* To a field that nobody reads, in case it is not protected. */
static noinline void pks_provoke_ring_write(void *unused)
{
	struct pksdiag_slot *slot = (void *)(unsigned long)pksdiag_ring.slots;

	pks_provoke_try_write(&slot->reserved[0]);
}

const struct pks_provocation pks_provoke_device[] = {
	{ "unplugged",		pks_provoke_unplugged, PATIENCE_S },
	{ "truncated",		pks_provoke_truncated, PATIENCE_S },
	{ "two-cpus",		pks_provoke_two_cpus, 10 },
	{ "storm",		pks_provoke_storm, 500 },
	{ "ring-write",		pks_provoke_ring_write },
	{}
};
