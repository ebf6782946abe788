// SPDX-License-Identifier: GPL-2.0
/*
 * The report of a PKS fault in the kernel log: one block, the verdict first,
 * the record itself last. Made from the record alone.
 */
#include <linux/types.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/printk.h>
#include <linux/stacktrace.h>
#include <linux/time64.h>
#include "report.h"

static const char rule[] =
	"==================================================================";

/*
 * A repeat is in the ring and counted; the log has seen it. A fault that was
 * resolved as it should be is no bug to report.
 */
static bool worth_printing(const struct pksdiag_record *r)
{
	if (r->resolution == PKSDIAG_RES_GLOBAL || r->resolution == PKSDIAG_RES_TEST)
		return false;
	return r->hits <= 1 || r->resolution == PKSDIAG_RES_OOPS;
}

/* === Lines ================================================================ */

/* A list goes on in the next line when there are fewer bytes left than this. */
#define LIST_ROOM	64

/**
 * pksdiag_line_add - append to a line
 * @line: the line; what does not fit is cut
 * @fmt: as printk()
 *
 * Context: Any, NMI included.
 */
void pksdiag_line_add(struct pksdiag_line *line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line->len += vscnprintf(line->text + line->len,
				sizeof(line->text) - line->len, fmt, args);
	va_end(args);
}

/**
 * pksdiag_line_time - append a time, as the log's own time stamps are
 * @line: the line
 * @ns: of CLOCK_MONOTONIC, or a length of time
 *
 * Context: Any, NMI included.
 */
void pksdiag_line_time(struct pksdiag_line *line, u64 ns)
{
	u32 rest;
	u64 seconds = div_u64_rem(div_u64(ns, NSEC_PER_USEC), USEC_PER_SEC,
				  &rest);

	pksdiag_line_add(line, "%llu.%06us", seconds, rest);
}

/**
 * pksdiag_line_when - append when something was, and how long before the fault
 * @line: the line
 * @r: the fault's record
 * @ns: when it was, CLOCK_MONOTONIC; another CPU's clock may be ahead a bit
 *
 * Context: Any, NMI included.
 */
void pksdiag_line_when(struct pksdiag_line *line,
		       const struct pksdiag_record *r, u64 ns)
{
	pksdiag_line_add(line, " at ");
	pksdiag_line_time(line, ns);
	pksdiag_line_add(line, " (");
	pksdiag_line_time(line, r->time_ns > ns ? r->time_ns - ns : 0);
	pksdiag_line_add(line, " before)");
}

/* === The fault ============================================================ */

static void print_access(const struct pksdiag_record *r)
{
	struct pksdiag_line line = {};

	pksdiag_line_add(&line, "%s of ",
			 r->access == PKSDIAG_ACCESS_WRITE ? "Write" : "Read");
	if (r->flags & PKSDIAG_F_WIDTH)
		pksdiag_line_add(&line, "%u bytes%s", r->width,
				 r->flags & PKSDIAG_F_REP ? " a step" : "");
	else
		pksdiag_line_add(&line, "unknown size");
	pksdiag_line_add(&line, " at 0x%016llx by %s %s/%u on CPU %u, ",
			 r->address, pksdiag_context_name(r->context), r->comm,
			 r->pid, r->cpu);
	pksdiag_line_time(&line, r->time_ns);
	pr_err("%s:\n", line.text);
	stack_trace_print((const unsigned long *)r->stack, r->stack_nr, 1);
}

static void print_because(const struct pksdiag_record *r)
{
	struct pksdiag_line line = {};
	unsigned int fact;

	for (fact = 0; fact < PKSDIAG_NR_B; fact++) {
		if (!(r->because & BIT_ULL(fact)))
			continue;
		if (line.len > sizeof(line.text) - LIST_ROOM) {
			pr_err(" because: %s\n", line.text);
			line = (struct pksdiag_line){};
		}
		pksdiag_line_add(&line, "%s%s", line.len ? ", " : "",
				 pksdiag_because_name(fact));
	}
	if (line.len)
		pr_err(" because: %s\n", line.text);
}

static void print_verdict(const struct pksdiag_record *r)
{
	pr_err(" verdict: %s, %s\n", pksdiag_verdict_name(r->verdict),
	       pksdiag_confidence_name(r->confidence));
	print_because(r);
}

static void print_page(const struct pksdiag_record *r)
{
	dev_t dev = new_decode_dev(r->fs_dev);
	struct pksdiag_line line = {};

	if (r->flags & PKSDIAG_F_DEVICE)
		pksdiag_line_add(&line, "%s+0x%llx", r->device, r->offset);
	else
		pksdiag_line_add(&line, "of no protected device");
	if (r->flags & PKSDIAG_F_PFN)
		pksdiag_line_add(&line, ", pfn 0x%llx", r->pfn);
	if (r->flags & PKSDIAG_F_FILE)
		pksdiag_line_add(&line, ", inode %llu (dev %u:%u), file offset 0x%llx",
				 r->inode, MAJOR(dev), MINOR(dev),
				 r->file_offset);
	if (r->flags & PKSDIAG_F_SHARED)
		pksdiag_line_add(&line, ", shared by several files");
	pr_err(" page: %s\n", line.text);
}

static const char *rights(u32 pkrs, u8 pkey)
{
	static const char * const names[] = {
		"read-write", "no access", "read only", "no access",
	};

	return names[pksdiag_pkrs_bits(pkrs, pkey)];
}

static void print_key(const struct pksdiag_record *r)
{
	if (r->flags & PKSDIAG_F_PFN)
		pr_err(" key: %u \"%s\", %s entry 0x%016llx\n", r->pkey,
		       r->flags & PKSDIAG_F_KEY ? r->key_name : "not allocated",
		       pksdiag_level_name(r->level), r->pte);
	if (r->flags & PKSDIAG_F_DEVICE && r->pkey != r->device_pkey)
		pr_err(" key of the device: %u\n", r->device_pkey);
	if (r->flags & PKSDIAG_F_PKRS)
		pr_err(" PKRS: 0x%08x (%s), asked for 0x%08x (%s), global 0x%08x (%s)\n",
		       r->pkrs, rights(r->pkrs, r->pkey), r->pkrs_thread,
		       rights(r->pkrs_thread, r->pkey), r->pkrs_global,
		       rights(r->pkrs_global, r->pkey));
}

static void print_block(const struct pksdiag_record *r)
{
	pr_err("%s\n", rule);
	pr_err("BUG: PKS: %s: %s in %pS\n", pksdiag_verdict_name(r->verdict),
	       pksdiag_access_name(r->access), (void *)(unsigned long)r->ip);
	pr_err("\n");
	print_access(r);
	pksdiag_report_owner(r);
	pr_err("\n");
	print_verdict(r);
	print_page(r);
	print_key(r);
	pksdiag_report_mapping(r);
	pksdiag_report_knowledge(r);
	pr_err(" resolution: %s, record %llu, error code 0x%llx\n",
	       pksdiag_resolution_name(r->resolution), r->seq, r->error_code);
	pr_err("\n");
	pksdiag_report_data(r);
	pr_err("%s\n", rule);
}

/**
 * pksdiag_report - print a record to the kernel log
 * @r: the record, committed
 *
 * Repeats of a signature are printed only if they end in an oops, and what a
 * global grant or the key's owner resolved is not. Whoever was
 * interrupted may hold any lock, the console's included, so the text goes to
 * the log and to the console later; an oops that follows brings it there.
 *
 * The addresses are the real ones, as in an oops: the report must say as much
 * as the record. Who may read the log is up to dmesg_restrict.
 *
 * Context: Any, NMI included; interrupts off.
 * Return: true if it was printed.
 */
bool pksdiag_report(const struct pksdiag_record *r)
{
	if (!worth_printing(r)) {
		pksdiag_count_alone(&pksdiag_ring, PKSDIAG_C_SUPPRESSED);
		return false;
	}
	printk_deferred_enter();
	print_block(r);
	printk_deferred_exit();
	pksdiag_count_alone(&pksdiag_ring, PKSDIAG_C_REPORTS);
	return true;
}
