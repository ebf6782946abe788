// SPDX-License-Identifier: GPL-2.0
/* /sys/kernel/debug/pks: the keys, who has been granted what, and how often. */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/pks.h>
#include <linux/seq_file.h>
#include <asm/pks.h>
#include "pks_internal.h"

static void show_key(struct seq_file *m, int pkey)
{
	char name[PKS_NAME_LEN];

	if (!pks_key_name(pkey, name))
		return;
	seq_printf(m, "key %d: \"%s\", %u global grants%s\n", pkey, name,
		   pks_global_users(pkey),
		   pks_global_abandoned(pkey) ? ", given up" : "");
}

static int pks_show(struct seq_file *m, void *v)
{
	struct pks_global_stats stats;
	int pkey, cpu;

	pks_global_stats(&stats);
	seq_printf(m, "global PKRS: 0x%08x\n", pks_global());
	seq_printf(m, "opened to all: %llu\n", stats.grants);
	seq_printf(m, "closed to all: %llu\n", stats.revokes);
	seq_printf(m, "closed without waiting: %llu\n", stats.deferred);
	for (pkey = 1; pkey < PKS_NR_KEYS; pkey++)
		show_key(m, pkey);
	for_each_online_cpu(cpu)
		seq_printf(m, "MSR writes on CPU %d: %llu\n", cpu,
			   per_cpu(pkrs_writes, cpu));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pks);

static int __init pks_debugfs_init(void)
{
	if (pks_available())
		debugfs_create_file("pks", 0400, NULL, NULL, &pks_fops);
	return 0;
}
late_initcall(pks_debugfs_init);
