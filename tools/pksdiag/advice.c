// SPDX-License-Identifier: GPL-2.0
/* What a verdict means, and what to do about it. */
#include "advice.h"

static const struct advice advices[PKSDIAG_NR_V] = {
	[PKSDIAG_V_NEVER_MAPPED] = {
		.at_risk = "unknown",
		.why =
			"nobody had mapped the page: this is either a wild pointer, or a valid access whose map call is missing. The record does not tell which.",
		.cause =
			"The code wrote or read protected memory without mapping it first.",
		.steps = {
			"Read the line above: does this code know the page, or where did the pointer come from (page_address(), dax_direct_access(), a pointer that was stored)?",
			"If it knows the page, a map call is missing: put kmap_local_page() and kunmap_local() around the access (dax_read_lock() for DAX).",
			"If it has no business with this device, the pointer is wild: look for use after free and overruns (KASAN) around it, and check the file named above.",
		},
	},
	[PKSDIAG_V_MISSING_MAP] = {
		.at_risk = "no",
		.why =
			"the faulting path knows the page and meant to access it: a false positive.",
		.cause =
			"A map call is missing in a path that is otherwise right.",
		.steps = {
			"Put kmap_local_page() and kunmap_local() around the access (dax_read_lock() for DAX).",
			"Look for the same pattern in the functions that call it.",
		},
	},
	[PKSDIAG_V_OVERRUN] = {
		.at_risk = "yes",
		.why =
			"the access ran out of the page that was mapped, into its neighbour.",
		.cause =
			"The task holds a mapping of the neighbouring page and went past its end, or before its start.",
		.steps = {
			"Check the length and the start of the access against the page that was mapped.",
			"If the access may cross pages, map each page as it is reached.",
		},
	},
	[PKSDIAG_V_STRAY] = {
		.at_risk = "yes",
		.why =
			"nobody had mapped the page and nothing in the faulting path refers to it: a wild pointer.",
		.cause =
			"Memory corruption: the pointer does not belong to this code.",
		.steps = {
			"Find where the pointer was loaded from: the registers and the instruction show which one it was.",
			"Look for use after free and overruns with KASAN and the same load.",
			"Other stray writes of the same code may have hit memory that is not protected: distrust the machine's state.",
		},
	},
	[PKSDIAG_V_AFTER_UNMAP] = {
		.at_risk = "yes",
		.why =
			"the mapping was given back: by now the page can belong to something else.",
		.cause =
			"The access used a mapping after its unmap call.",
		.steps = {
			"Move the unmap behind the last access, or map again.",
			"Look for a copy of the pointer that outlived the mapping.",
		},
	},
	[PKSDIAG_V_OTHER_THREAD] = {
		.at_risk = "no",
		.why =
			"another task has the page mapped for itself: the pointer is valid, the access belongs there.",
		.cause =
			"A thread-local mapping was handed to another thread.",
		.steps = {
			"Map the page in the thread that accesses it (kmap_local_page()).",
			"If the pointer must cross threads, map with kmap(), whose access is global.",
		},
	},
	[PKSDIAG_V_OTHER_CONTEXT] = {
		.at_risk = "no",
		.why =
			"the interrupted task has the page mapped; an interrupt runs without its rights.",
		.cause =
			"An interrupt or NMI used a mapping of the task that it interrupted.",
		.steps = {
			"Map the page in the handler itself (kmap_local_page() is allowed there).",
		},
	},
	[PKSDIAG_V_READ_ONLY] = {
		.at_risk = "unknown",
		.why =
			"the code may read the page and wrote to it: data was at risk unless the write was meant.",
		.cause =
			"A write through a mapping that only reads.",
		.steps = {
			"If the write is meant, ask for write access when mapping.",
			"If it is not, find what made this code write: a wrong length, a wrong pointer, a missing copy.",
		},
	},
	[PKSDIAG_V_GLOBAL_LAG] = {
		.at_risk = "no",
		.why =
			"a kmap() had made the page accessible; this CPU had not caught up and was given access.",
		.cause =
			"Not a bug: global access reaches a CPU with its first fault.",
		.steps = {
			"Nothing to do. If there are very many of these, use kmap_local_page() instead of kmap().",
		},
	},
	[PKSDIAG_V_WRONG_KEY] = {
		.at_risk = "unknown",
		.why =
			"the page carries a key that it should not have, so the denial says nothing about the access.",
		.cause =
			"The page-table entry has a key that is not its device's, or that nobody allocated: the protection code or the page table is wrong.",
		.steps = {
			"Compare the key in the entry with the device's key above: a single bit apart speaks for corruption of the page table.",
			"Otherwise look at who changed the protection of this range (set_memory_*(), memremap_pages()), and report it as a bug of the PKS code.",
		},
	},
	[PKSDIAG_V_PKRS_MISMATCH] = {
		.at_risk = "no",
		.why =
			"by the kernel's own books the access was allowed.",
		.cause =
			"The thread's value and IA32_PKRS disagree: the PKS core lost track of the register.",
		.steps = {
			"Compare the PKRS values above: which of them lacks the grant?",
			"Look at what ran just before: context switch, exception entry and exit, CPU hotplug, resume. Report it as a bug of the PKS core.",
		},
	},
};

static const char read_risk[] =
	"a read damages nothing; but the code may go on with data that is not its own.";

static const struct advice unknown = {
	.at_risk = "unknown",
	.why = "this pksdiag does not know the verdict.",
	.cause = "The kernel gave a verdict that is newer than this pksdiag.",
	.steps = { "Use a newer pksdiag." },
};

static const char * const resolutions[PKSDIAG_NR_RES] = {
	[PKSDIAG_RES_OOPS] =
		"the kernel oopsed; the access did not happen",
	[PKSDIAG_RES_FIXUP] =
		"an exception table entry took the fault: the access did not happen, its caller got an error or a short copy",
	[PKSDIAG_RES_GLOBAL] =
		"global access was granted and the instruction ran again: the access happened",
	[PKSDIAG_RES_RELAXED] =
		"relaxed mode dropped the device's protection and went on: the access happened",
	[PKSDIAG_RES_TEST] =
		"the key's owner expected the fault: a test",
};

/**
 * advice_for - what the verdict of a record means
 * @r: the record
 *
 * Return: the advice, never NULL.
 */
const struct advice *advice_for(const struct pksdiag_record *r)
{
	return r->verdict < PKSDIAG_NR_V ? &advices[r->verdict] : &unknown;
}

/**
 * advice_at_risk - would the access have damaged data
 * @r: the record
 *
 * Return: "yes", "no" or "unknown".
 */
const char *advice_at_risk(const struct pksdiag_record *r)
{
	if (r->access != PKSDIAG_ACCESS_WRITE)
		return "no";
	return advice_for(r)->at_risk;
}

/**
 * advice_risk_why - the reason for advice_at_risk()
 * @r: the record
 *
 * Return: a sentence.
 */
const char *advice_risk_why(const struct pksdiag_record *r)
{
	if (r->access != PKSDIAG_ACCESS_WRITE)
		return read_risk;
	return advice_for(r)->why;
}

/**
 * advice_resolution - what became of the fault
 * @r: the record
 *
 * Return: words for the user.
 */
const char *advice_resolution(const struct pksdiag_record *r)
{
	if (r->resolution >= PKSDIAG_NR_RES)
		return "this pksdiag does not know what that means";
	return resolutions[r->resolution];
}
