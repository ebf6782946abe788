// SPDX-License-Identifier: GPL-2.0
/*
 * Planted conversions of call sites, each of them wrong in one way: what watches call
 * sites must find it, and name the line that maps.
 *
 *	echo NAME PFN > /sys/kernel/debug/pks_plant
 *
 * runs one on the page with that frame number and on the page behind it, in the task
 * that writes: it goes to user space afterwards. Reading the file lists the names and
 * the violation that must come of each. The line that maps has a comment that says
 * which plant it is, for tests to find.
 */
#define pr_fmt(fmt) "pks_plant: " fmt

#include <linux/completion.h>
#include <linux/dax.h>
#include <linux/debugfs.h>
#include <linux/highmem.h>
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include "../../kernel/pksdiag/sites_names.h"
#include "pks_provoke.h"

/**
 * struct plant - a wrong conversion
 * @name: as written to the file
 * @kind: the violation
 * @run: does it
 */
struct plant {
	const char *name;
	enum pksdiag_violation_kind kind;
	int (*run)(struct page *page);
};

/* What an operation hands to another one: the driver's, so to say. */
static struct page *kept_page;
static void *kept_map;
static int kept_section;

/* === No mistake =========================================================== */

static noinline int copy_out(struct page *page)
{
	char *map = kmap_thread(page);
	int ret = READ_ONCE(*map) ? 0 : 1;

	kunmap_thread(page);
	return ret;
}

static noinline int plant_right(struct page *page)
{
	memset(kmap_thread(page), 1, 8);
	kunmap_thread(page);
	return copy_out(page);
}

/* === Another task ========================================================= */

static void end_in_work(struct work_struct *work)
{
	kunmap_thread(kept_page);
}

/* The completion of a request unmaps what its submission mapped. */
static noinline int plant_workqueue(struct page *page)
{
	struct work_struct work;

	kept_page = page;
	memset(kmap_thread(page), 0, 8); /* plant: workqueue */
	INIT_WORK_ONSTACK(&work, end_in_work);
	schedule_work(&work);
	flush_work(&work);
	destroy_work_on_stack(&work);
	return 0;
}

static void end_in_thread(void *map)
{
	kunmap_local(map);
}

static noinline int plant_thread(struct page *page)
{
	void *map = kmap_local_page(page); /* plant: thread */

	pks_provoke_in_thread(end_in_thread, map);
	return 0;
}

static void write_in_work(struct work_struct *work)
{
	pks_provoke_try_write(kept_map);
}

/* The work does not unmap: it only uses what is this task's. */
static noinline int plant_used_in_work(struct page *page)
{
	struct work_struct work;

	kept_map = kmap_thread(page); /* plant: used-in-work */
	INIT_WORK_ONSTACK(&work, write_in_work);
	schedule_work(&work);
	flush_work(&work);
	destroy_work_on_stack(&work);
	kept_map = NULL;
	kunmap_thread(page);
	return 0;
}

static noinline int plant_used_later(struct page *page)
{
	void *map = kmap_thread(page); /* plant: used-later */

	kunmap_thread(page);
	pks_provoke_try_write(map);
	return 0;
}

/* === Another context ====================================================== */

struct end_work {
	struct irq_work work;
	struct completion done;
};

static void end_in_interrupt(struct irq_work *work)
{
	kunmap_local(kept_map);
	complete(&container_of(work, struct end_work, work)->done);
}

static noinline int plant_interrupt(struct page *page)
{
	struct end_work end;

	init_completion(&end.done);
	init_irq_work(&end.work, end_in_interrupt);
	/* mapped here, unmapped by what interrupts this task */
	preempt_disable();
	kept_map = kmap_local_page(page); /* plant: interrupt */
	irq_work_queue(&end.work);
	preempt_enable();
	wait_for_completion(&end.done);
	kept_map = NULL;
	return 0;
}

static DEFINE_SPINLOCK(lock);

/* It came from kmap_atomic(): the lock is still there. */
static noinline int plant_atomic(struct page *page)
{
	spin_lock(&lock);
	memset(kmap_thread(page), 0, 8); /* plant: atomic */
	kunmap_thread(page);
	spin_unlock(&lock);
	return 0;
}

/* === Not unmapped ========================================================= */

static noinline int check(const char *data)
{
	return READ_ONCE(*data) < 0 ? 0 : -EIO;
}

static bool mended;
module_param(mended, bool, 0644);
MODULE_PARM_DESC(mended, "error-path does not make its mistake any more");

/* The error path has no kunmap_thread(). */
static noinline int plant_error_path(struct page *page)
{
	char *map = kmap_thread(page); /* plant: error-path */
	int ret;

	*map = 1;
	ret = check(map);
	if (ret && !READ_ONCE(mended))
		return ret == -EIO ? 0 : ret;
	kunmap_thread(page);
	return 0;
}

/* The loop ends by break, before it unmaps. */
static noinline int plant_break(struct page *page)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		char *map = kmap_local_page(page); /* plant: break */

		*map = i;
		if (*map == 1)
			break;
		kunmap_local(map);
	}
	return 0;
}

/* One operation maps, and the next one, of the same task, unmaps. */
static noinline int plant_two_operations(struct page *page)
{
	if (kept_map) {
		kunmap_local(kept_map);
		kept_map = NULL;
	} else {
		kept_map = kmap_local_page(page); /* plant: two-operations */
	}
	return 0;
}

static void map_and_end(void *page)
{
	memset(kmap_thread(page), 0, 8); /* plant: exit */
}

static noinline int plant_exit(struct page *page)
{
	pks_provoke_in_thread(map_and_end, page);
	return 0;
}

static noinline int plant_section(struct page *page)
{
	kept_section = dax_read_lock(); /* plant: section */
	return 0;
}

/* Not one of them: for who has planted a section that does not end. */
static noinline int end_section(struct page *page)
{
	dax_read_unlock(kept_section);
	return 0;
}

/* === Unmapped in a wrong way ============================================== */

static noinline int plant_order(struct page *page)
{
	void *first = kmap_local_page(page); /* plant: order */
	void *second = kmap_local_page(page + 1);

	memcpy(first, second, 8);
	kunmap_local(first);
	kunmap_local(second);
	return 0;
}

static noinline int plant_twice(struct page *page)
{
	memset(kmap_thread(page), 0, 8);
	kunmap_thread(page);
	kunmap_thread(page); /* plant: twice */
	return 0;
}

/* What kmap_local_page() mapped. */
static noinline int plant_function(struct page *page)
{
	memset(kmap_local_page(page), 0, 8);
	kunmap_thread(page); /* plant: function */
	return 0;
}

static noinline int plant_other_page(struct page *page)
{
	memset(kmap_thread(page), 0, 8);
	kunmap_thread(page + 1); /* plant: other-page */
	return 0;
}

/* The address has been moved to behind the page meanwhile. */
static noinline int plant_moved(struct page *page)
{
	char *map = kmap_local_page(page), *end = map + PAGE_SIZE;

	while (map < end)
		*map++ = 0;
	kunmap_local(map); /* plant: moved */
	return 0;
}

/* === The file ============================================================= */

static const struct plant plants[] = {
	{ "workqueue", PKSDIAG_VIOL_OTHER_TASK, plant_workqueue },
	{ "thread", PKSDIAG_VIOL_OTHER_TASK, plant_thread },
	{ "used-in-work", PKSDIAG_VIOL_FAULT, plant_used_in_work },
	{ "used-later", PKSDIAG_VIOL_FAULT, plant_used_later },
	{ "interrupt", PKSDIAG_VIOL_CONTEXT, plant_interrupt },
	{ "atomic", PKSDIAG_VIOL_ATOMIC, plant_atomic },
	{ "error-path", PKSDIAG_VIOL_USER, plant_error_path },
	{ "break", PKSDIAG_VIOL_USER, plant_break },
	{ "two-operations", PKSDIAG_VIOL_USER, plant_two_operations },
	{ "section", PKSDIAG_VIOL_USER, plant_section },
	{ "exit", PKSDIAG_VIOL_EXIT, plant_exit },
	{ "order", PKSDIAG_VIOL_ORDER, plant_order },
	{ "twice", PKSDIAG_VIOL_UNMATCHED, plant_twice },
	{ "other-page", PKSDIAG_VIOL_UNMATCHED, plant_other_page },
	{ "moved", PKSDIAG_VIOL_UNMATCHED, plant_moved },
	{ "function", PKSDIAG_VIOL_MISMATCH, plant_function },
	{ "end-section", PKSDIAG_NR_VIOL, end_section },
	{ "right", PKSDIAG_NR_VIOL, plant_right },
};

static const struct plant *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plants); i++)
		if (!strcmp(plants[i].name, name))
			return &plants[i];
	return NULL;
}

static int run(const char *line)
{
	const struct plant *plant;
	unsigned long pfn;
	char name[32];

	if (sscanf(line, "%31s %li", name, &pfn) != 2)
		return -EINVAL;
	plant = find(name);
	if (!plant || !pfn_valid(pfn) || !pfn_valid(pfn + 1))
		return -EINVAL;
	return plant->run(pfn_to_page(pfn));
}

static ssize_t plant_write(struct file *file, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	char *line = memdup_user_nul(buf, min_t(size_t, count, 127));
	int ret;

	if (IS_ERR(line))
		return PTR_ERR(line);
	ret = run(line);
	kfree(line);
	return ret ?: count;
}

static int plant_show(struct seq_file *m, void *unused)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plants); i++)
		if (plants[i].kind < PKSDIAG_NR_VIOL)
			seq_printf(m, "%s %s\n", plants[i].name,
				   pksdiag_violation_name(plants[i].kind));
	return 0;
}

static int plant_open(struct inode *inode, struct file *file)
{
	return single_open(file, plant_show, NULL);
}

static const struct file_operations plant_fops = {
	.owner		= THIS_MODULE,
	.open		= plant_open,
	.read		= seq_read,
	.write		= plant_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init plant_init(void)
{
	debugfs_create_file("pks_plant", 0600, NULL, NULL, &plant_fops);
	return 0;
}
module_init(plant_init);

MODULE_LICENSE("GPL");
