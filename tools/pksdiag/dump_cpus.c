// SPDX-License-Identifier: GPL-2.0
/* The registers of CPUs, from the notes of a dump. */
#include <stdlib.h>

#include "dump_cpus.h"
#include "util.h"

/* More of them are a damaged file. */
#define CPUS_MAX	8192u

static bool read_number(struct dump *dump, kdump_num_t *value, const char *fmt,
			unsigned int cpu, const char *name)
{
	char key[64];

	snprintf(key, sizeof(key), fmt, cpu, name);
	return !kdump_get_number_attr(dump->ctx, key, value);
}

static bool read_cpu(struct dump *dump, unsigned int cpu, struct cpu_regs *regs)
{
	kdump_num_t value = 0;
	size_t i;

	regs->cpu = cpu;
	if (read_number(dump, &value, "cpu.%u.%s", cpu, "pid"))
		regs->pid = value;
	for (i = 0; i < CPU_REGS; i++) {
		if (!read_number(dump, &value, "cpu.%u.reg.%s", cpu,
				 cpu_reg_names[i]))
			return false;
		regs->regs[i] = value;
	}
	return true;
}

/**
 * dump_cpus_read - read the registers of all CPUs
 * @dump: the dump
 * @nr: out: how many CPUs there are
 *
 * Return: them; the caller frees it.
 */
struct cpu_regs *dump_cpus_read(struct dump *dump, size_t *nr)
{
	struct cpu_regs *cpus;
	kdump_num_t number = 0;
	unsigned int cpu;

	if (kdump_get_number_attr(dump->ctx, KDUMP_ATTR_NUM_CPUS, &number))
		number = 0;
	number = min_size(number, CPUS_MAX);
	cpus = xmalloc(number * sizeof(*cpus));
	for (*nr = 0, cpu = 0; cpu < number; cpu++)
		if (read_cpu(dump, cpu, &cpus[*nr]))
			++*nr;
	return cpus;
}
