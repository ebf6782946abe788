// SPDX-License-Identifier: GPL-2.0
/*
 * Provoke PKS faults: one name, one way to access protected memory that must
 * be denied.
 *
 *	echo NAME PFN OFFSET [CPU] > /sys/kernel/debug/pks_provoke
 *
 * runs the provocation in a thread of its own (a fault may kill it) on the
 * page with that frame number, at that offset. Reading the file lists the
 * names. Whether the fault came is seen in /dev/pksdiag, not here.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/highmem.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pks.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/set_memory.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <asm/msr.h>
#include <asm/pks.h>
#include <asm/tlbflush.h>
#include "pks_provoke.h"

#define PATTERN		0x5741525453534b50ull	/* "PKSSTRAW" in memory */
#define DEAD_AFTER_MS	60000

/**
 * struct provocation - a way to fault
 * @name: as written to the file
 * @run: faults; gets the address in the direct map
 */
struct provocation {
	const char *name;
	void (*run)(void *addr);
};

/* === Plain accesses ======================================================= */

static noinline void pks_provoke_stray_write(void *addr)
{
	WRITE_ONCE(*(u64 *)addr, PATTERN);
}

static noinline void pks_provoke_stray_read(void *addr)
{
	(void)READ_ONCE(*(u64 *)addr);
}

static noinline void pks_provoke_byte_write(void *addr)
{
	WRITE_ONCE(*(u8 *)addr, 0x5a);
}

static noinline void pks_provoke_string_write(void *addr)
{
	unsigned long count = 64;

	asm volatile("rep stosb" : "+D" (addr), "+c" (count) : "a" (0x5a) : "memory");
}

/* === Accesses that an exception table entry takes ========================= */

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

static void *irq_addr;

static noinline void pks_provoke_in_irq(struct irq_work *work)
{
	u64 to;

	(void)copy_from_kernel_nofault(&to, irq_addr, sizeof(to));
}

static noinline void pks_provoke_hardirq(void *addr)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(pks_provoke_in_irq);

	irq_addr = addr;
	irq_work_queue(&work);
	irq_work_sync(&work);
}

/* The thread holds the page; an interrupt above it must not. */
static noinline void pks_provoke_hardirq_mapped(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	pks_provoke_hardirq(addr);
	(void)READ_ONCE(*(u64 *)(map + offset_in_page(addr)));
	kunmap_local(map);
}

/* === A grant that does not fit ============================================ */

static int pkey_of(void *addr, unsigned int *level, pte_t **pte)
{
	*pte = lookup_address((unsigned long)addr, level);
	return *pte ? pte_val(**pte) >> _PAGE_BIT_PKEY_BIT0 & (PKS_NR_KEYS - 1) : 0;
}

static noinline void pks_provoke_read_only(void *addr)
{
	unsigned int level;
	pte_t *pte;

	pks_mkread(pkey_of(addr, &level, &pte), false);
	WRITE_ONCE(*(u64 *)addr, PATTERN);
}

/* The MSR loses the grant behind the core's back. */
static noinline void pks_provoke_pkrs_mismatch(void *addr)
{
	unsigned int level;
	pte_t *pte;

	pks_mkrdwr(pkey_of(addr, &level, &pte), false);
	preempt_disable();
	wrmsrl(MSR_IA32_PKRS, PKRS_DEFAULT);
	WRITE_ONCE(*(u64 *)addr, PATTERN);
	preempt_enable();
}

static void set_pkey(void *addr, int pkey)
{
	u64 mask = (u64)(PKS_NR_KEYS - 1) << _PAGE_BIT_PKEY_BIT0;
	unsigned int level;
	pte_t *pte;

	pkey_of(addr, &level, &pte);
	if (!pte)
		return;
	set_pte(pte, __pte((pte_val(*pte) & ~mask) |
			   (u64)pkey << _PAGE_BIT_PKEY_BIT0));
	flush_tlb_kernel_range((unsigned long)addr & PAGE_MASK,
			       ((unsigned long)addr & PAGE_MASK) + page_level_size(level));
}

/* A key that nobody allocated; read with a fixup, so that it can be undone. */
static noinline void pks_provoke_wrong_key(void *addr)
{
	unsigned int level;
	pte_t *pte;
	int pkey = pkey_of(addr, &level, &pte);
	u64 to;

	set_pkey(addr, PKS_NR_KEYS - 1);
	(void)copy_from_kernel_nofault(&to, addr, sizeof(to));
	set_pkey(addr, pkey);
}

/* === A key whose owner resolves the fault ================================= */

static int own_pkey;

static bool pks_provoke_owner(struct pt_regs *regs, unsigned long address, bool write)
{
	pks_update_exception(regs, own_pkey, 0);
	return true;
}

/* A page of our own, not the one that was asked for. */
static noinline void pks_provoke_resolved(void *unused)
{
	u64 *page = vzalloc(PAGE_SIZE);

	own_pkey = pks_key_alloc("provoke", pks_provoke_owner);
	if (page && own_pkey > 0) {
		set_pkey(page, own_pkey);
		WRITE_ONCE(*page, PATTERN);
		pr_info("resolved write %s, %s\n",
			READ_ONCE(*page) == PATTERN ? "came through" : "was lost",
			memchr_inv(current->thread.pks.nest, 0,
				   sizeof(current->thread.pks.nest)) ?
			"left counts behind" : "left nothing behind");
		pks_mknoaccess(own_pkey, false);
		set_pkey(page, 0);
		pks_key_free(own_pkey);
	}
	vfree(page);
}

/* === Not a fault: make one page of the mapping 4K ========================= */

static void pks_provoke_split(void *addr)
{
	unsigned int level;
	pte_t *pte;

	set_memory_4k((unsigned long)addr & PAGE_MASK, 1);
	pkey_of(addr, &level, &pte);
	pr_info("mapping level is now %u\n", level);
}

static void pks_provoke_level(void *addr)
{
	unsigned int level;
	pte_t *pte;
	int pkey = pkey_of(addr, &level, &pte);

	pr_info("pkey %d at level %u\n", pkey, level);
}

static const struct provocation provocations[] = {
	{ "stray-write",	pks_provoke_stray_write },
	{ "stray-read",		pks_provoke_stray_read },
	{ "byte-write",		pks_provoke_byte_write },
	{ "string-write",	pks_provoke_string_write },
	{ "copy-mc",		pks_provoke_copy_mc },
	{ "nofault",		pks_provoke_nofault },
	{ "hardirq",		pks_provoke_hardirq },
	{ "hardirq-mapped",	pks_provoke_hardirq_mapped },
	{ "read-only",		pks_provoke_read_only },
	{ "pkrs-mismatch",	pks_provoke_pkrs_mismatch },
	{ "wrong-key",		pks_provoke_wrong_key },
	{ "resolved",		pks_provoke_resolved },
	{ "split",		pks_provoke_split },
	{ "level",		pks_provoke_level },
	{ "global-lag",		pks_provoke_global_lag },
	{ "hold",		pks_provoke_hold },
	{ "hold-unplug",	pks_provoke_hold_unplug },
	{ "hold-section",	pks_provoke_hold_section },
	{ "exec",		pks_provoke_exec },
	{ "leak",		pks_provoke_leak },
};

/* === Running one ========================================================== */

struct job {
	const struct provocation *what;
	void *addr;
	struct completion may_start;
};

static int job_thread(void *data)
{
	struct job *job = data;

	wait_for_completion(&job->may_start);
	job->what->run(job->addr);
	return 0;
}

/* A thread that oopses never completes anything: watch it die. Over a suspend, too. */
static int wait_dead(struct task_struct *task)
{
	unsigned int ms;

	for (ms = 0; ms < DEAD_AFTER_MS; ms += 20) {
		if (READ_ONCE(task->exit_state))
			return 0;
		__set_current_state(TASK_UNINTERRUPTIBLE | TASK_FREEZABLE);
		schedule_timeout(msecs_to_jiffies(20));
	}
	return -ETIMEDOUT;
}

static int run_job(struct job *job, unsigned int cpu)
{
	struct task_struct *task;
	int ret;

	init_completion(&job->may_start);
	task = kthread_create(job_thread, job, "pks-provoke");
	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	if (cpu < nr_cpu_ids)
		kthread_bind(task, cpu);
	wake_up_process(task);
	complete(&job->may_start);
	ret = wait_dead(task);
	put_task_struct(task);
	return ret;
}

static const struct provocation *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(provocations); i++)
		if (!strcmp(provocations[i].name, name))
			return &provocations[i];
	return NULL;
}

static int parse(char *line, struct job *job, unsigned int *cpu)
{
	unsigned long pfn, offset;
	char name[32];
	int n;

	*cpu = nr_cpu_ids;
	n = sscanf(line, "%31s %li %li %u", name, &pfn, &offset, cpu);
	if (n < 3 || offset >= PAGE_SIZE)
		return -EINVAL;
	if (n == 4 && (*cpu >= nr_cpu_ids || !cpu_online(*cpu)))
		return -EINVAL;
	job->what = find(name);
	if (!job->what || !pfn_valid(pfn))
		return -EINVAL;
	job->addr = page_address(pfn_to_page(pfn)) + offset;
	return 0;
}

static ssize_t provoke_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	unsigned int cpu;
	struct job *job;
	char *line;
	int ret;

	line = memdup_user_nul(buf, min_t(size_t, count, 127));
	if (IS_ERR(line))
		return PTR_ERR(line);
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	ret = job ? parse(line, job, &cpu) : -ENOMEM;
	kfree(line);
	if (!ret)
		ret = run_job(job, cpu);
	/* a thread that is still there may still use it */
	if (ret != -ETIMEDOUT)
		kfree(job);
	return ret ?: count;
}

static ssize_t provoke_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	char text[512];
	size_t len = 0, i;

	for (i = 0; i < ARRAY_SIZE(provocations); i++)
		len += scnprintf(text + len, sizeof(text) - len, "%s\n",
				 provocations[i].name);
	return simple_read_from_buffer(buf, count, ppos, text, len);
}

static const struct file_operations provoke_fops = {
	.owner	= THIS_MODULE,
	.read	= provoke_read,
	.write	= provoke_write,
	.llseek	= default_llseek,
};

static int __init provoke_init(void)
{
	debugfs_create_file("pks_provoke", 0600, NULL, NULL, &provoke_fops);
	return 0;
}
module_init(provoke_init);

MODULE_LICENSE("GPL");
