// SPDX-License-Identifier: GPL-2.0
/*
 * Provoke PKS faults: one name, one way to access protected memory that must
 * be denied. In the manner of lkdtm: this is the core, each category has a file
 * of its own with a table of names.
 *
 *	echo NAME PFN OFFSET [CPU [COUNT]] > /sys/kernel/debug/pks_provoke
 *
 * runs the provocation in a thread of its own (a fault may kill it) on the
 * page with that frame number, at that offset; a CPU of -1 is any. Reading the
 * file lists the names. Whether the fault came is seen in /dev/pksdiag, not
 * here; what each one must look like there is in tests/scenarios/list.tsv.
 *
 * The thread gets the bare address. Nothing on its stack knows the page, so
 * that what a provocation knows is what it looks up.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include "pks_provoke.h"

#define USUAL_SECONDS	60	/* a thread that dies sooner is not waited for */

/* === Names ================================================================ */

static const struct pks_provocation *tables[] = {
	pks_provoke_plain,
	pks_provoke_unmap,
	pks_provoke_context,
	pks_provoke_fixup,
	pks_provoke_key,
	pks_provoke_known,
	pks_provoke_stray,
	pks_provoke_overrun,
	pks_provoke_device,
	pks_provoke_holding,
	pks_provoke_decoys,
	pks_provoke_laters,
	pks_provoke_forgot,
	NULL,	/* the module's */
};

/**
 * pks_provoke_set_module - add the module's provocations
 * @table: of a module that is never unloaded
 */
void pks_provoke_set_module(const struct pks_provocation *table)
{
	WRITE_ONCE(tables[ARRAY_SIZE(tables) - 1], table);
}
EXPORT_SYMBOL_GPL(pks_provoke_set_module);

static const struct pks_provocation *find(const char *name)
{
	const struct pks_provocation *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = READ_ONCE(tables[i]); p && p->name; p++)
			if (!strcmp(p->name, name))
				return p;
	return NULL;
}

/* === Threads ============================================================== */

struct job {
	void (*run)(void *addr);
	void *addr;
};

/* A thread that oopses frees nothing: it does so before it runs. */
static int job_thread(void *data)
{
	struct job job = *(struct job *)data;

	kfree(data);
	job.run(job.addr);
	return 0;
}

/**
 * pks_provoke_start - run something in a thread that may die of it
 * @run: what
 * @addr: passed on
 * @cpu: on which CPU, nr_cpu_ids for any
 *
 * Context: Process context.
 * Return: the thread, for pks_provoke_wait(), or an error.
 */
struct task_struct *pks_provoke_start(void (*run)(void *addr), void *addr,
				      unsigned int cpu)
{
	struct job *job = kmalloc(sizeof(*job), GFP_KERNEL);
	struct task_struct *task;

	if (!job)
		return ERR_PTR(-ENOMEM);
	*job = (struct job){ .run = run, .addr = addr };
	task = kthread_create(job_thread, job, "pks-provoke");
	if (IS_ERR(task)) {
		kfree(job);
		return task;
	}
	get_task_struct(task);
	if (cpu < nr_cpu_ids)
		kthread_bind(task, cpu);
	wake_up_process(task);
	return task;
}

/**
 * pks_provoke_wait - wait until a thread is dead
 * @task: from pks_provoke_start()
 * @seconds: at most
 *
 * A thread that oopses never completes anything: watch it die. Over a suspend,
 * too.
 *
 * Context: Process context.
 * Return: 0, or an error.
 */
int pks_provoke_wait(struct task_struct *task, unsigned int seconds)
{
	unsigned long end = jiffies + seconds * HZ;
	bool dead;

	if (IS_ERR(task))
		return PTR_ERR(task);
	while (!READ_ONCE(task->exit_state) && time_before(jiffies, end)) {
		__set_current_state(TASK_UNINTERRUPTIBLE | TASK_FREEZABLE);
		schedule_timeout(msecs_to_jiffies(20));
	}
	dead = READ_ONCE(task->exit_state);
	put_task_struct(task);
	return dead ? 0 : -ETIMEDOUT;
}

/**
 * pks_provoke_in_thread - run something in another thread, wait for its end
 * @run: what
 * @addr: passed on
 *
 * Context: Process context.
 */
void pks_provoke_in_thread(void (*run)(void *addr), void *addr)
{
	struct task_struct *task = pks_provoke_start(run, addr, nr_cpu_ids);

	if (pks_provoke_wait(task, USUAL_SECONDS))
		pr_info("the other thread did not end\n");
}

/**
 * pks_provoke_other_cpu - any CPU but this one
 *
 * Context: Not migrated.
 * Return: its number, nr_cpu_ids or more if there is none.
 */
unsigned int pks_provoke_other_cpu(void)
{
	return cpumask_any_but(cpu_online_mask, raw_smp_processor_id());
}

/**
 * pks_provoke_spin - be interrupted, not replaced, until something is done
 * @done: set by an interrupt
 *
 * Context: Interrupts on.
 * Return: true if it was done in time.
 */
bool pks_provoke_spin(const bool *done)
{
	unsigned long end = jiffies + 2 * HZ;

	preempt_disable();
	while (!READ_ONCE(*done) && time_before(jiffies, end))
		cpu_relax();
	preempt_enable();
	return READ_ONCE(*done);
}

/* === Running one ========================================================== */

/**
 * struct request - what is to be run
 * @what: the provocation
 * @addr: of the byte
 * @cpu: on which CPU, nr_cpu_ids for any
 */
struct request {
	const struct pks_provocation *what;
	void *addr;
	unsigned int cpu;
};

/* The last one that was asked for; there is one provocation that counts. */
static unsigned long asked_count;

/**
 * pks_provoke_count - how often something is to be done
 *
 * Return: the fifth word that was written to the file, at least 1.
 */
unsigned long pks_provoke_count(void)
{
	return max(READ_ONCE(asked_count), 1ul);
}

static int parse(const char *line, struct request *request)
{
	unsigned long pfn, offset, count = 0;
	char name[32];
	int n, cpu = -1;

	n = sscanf(line, "%31s %li %li %i %li", name, &pfn, &offset, &cpu, &count);
	if (n < 3 || offset >= PAGE_SIZE)
		return -EINVAL;
	if (cpu >= 0 && (cpu >= nr_cpu_ids || !cpu_online(cpu)))
		return -EINVAL;
	request->what = find(name);
	if (!request->what || !pfn_valid(pfn))
		return -EINVAL;
	request->addr = page_address(pfn_to_page(pfn)) + offset;
	request->cpu = cpu < 0 ? nr_cpu_ids : cpu;
	WRITE_ONCE(asked_count, count);
	return 0;
}

static ssize_t provoke_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct request request;
	char *line;
	int ret;

	line = memdup_user_nul(buf, min_t(size_t, count, 127));
	if (IS_ERR(line))
		return PTR_ERR(line);
	ret = parse(line, &request);
	kfree(line);
	if (!ret)
		ret = pks_provoke_wait(pks_provoke_start(request.what->run,
							 request.addr, request.cpu),
				       request.what->seconds ?: USUAL_SECONDS);
	return ret ?: count;
}

static int provoke_show(struct seq_file *m, void *unused)
{
	const struct pks_provocation *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = READ_ONCE(tables[i]); p && p->name; p++)
			seq_printf(m, "%s\n", p->name);
	return 0;
}

static int provoke_open(struct inode *inode, struct file *file)
{
	return single_open(file, provoke_show, NULL);
}

static const struct file_operations provoke_fops = {
	.owner		= THIS_MODULE,
	.open		= provoke_open,
	.read		= seq_read,
	.write		= provoke_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init provoke_init(void)
{
	debugfs_create_file("pks_provoke", 0600, NULL, NULL, &provoke_fops);
	return 0;
}
module_init(provoke_init);

MODULE_LICENSE("GPL");
