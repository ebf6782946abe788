// SPDX-License-Identifier: GPL-2.0
/*
 * What to say about each verdict. Of the rows of a verdict the first one counts
 * whose facts the verdict rests on, so the last one needs none.
 */
#include "advice.h"
#include "util.h"

#define FACT(name)	(1ull << PKSDIAG_B_##name)

const struct advice advice_table[] = {
	{
		.verdict = PKSDIAG_V_NEVER_MAPPED,
		.facts = FACT(NO_ENTRY),
		.at_risk = "unknown",
		.why =
			"the page's key could not be read, so there is no telling what was denied.",
		.cause =
			"Not known: the page tables no longer had the address, or could not be read.",
		.steps = {
			"Look for a device or a module that went away meanwhile: the address may have been unmapped by another CPU.",
			"Look at {code}: where did the pointer come from?",
		},
	}, {
		.verdict = PKSDIAG_V_NEVER_MAPPED,
		.facts = FACT(NO_LEDGER),
		.at_risk = "unknown",
		.why =
			"no account of mappings was kept: this is a wild pointer, a mapping that ended, or a valid access whose map call is missing.",
		.cause =
			"{code} wrote or read protected memory to which it had no right. What it accessed: {page}.",
		.steps = {
			"Have the fault again with the ledger of mappings on: the record then says who mapped the page, and the verdict tells these cases apart.",
			"If {code} is meant to access that, a map call is missing: put kmap_local_page() and kunmap_local() around the access (dax_read_lock() for DAX).",
			"If it is not, the pointer is wild: look for use after free and overruns (KASAN) around it, and check what would have been damaged.",
		},
	}, {
		.verdict = PKSDIAG_V_NEVER_MAPPED,
		.facts = FACT(FILE),
		.at_risk = "unknown",
		.why =
			"the faulting path works on the file that the page belongs to, but nothing says that it means this page of it.",
		.cause =
			"{code} wrote or read protected memory to which it had no right. What it accessed: {page}. What shows that it knows the file: {clue}.",
		.steps = {
			"Is {code} meant to access that place of the file? Then a map call is missing: put kmap_local_page() and kunmap_local() around the access (dax_read_lock() for DAX).",
			"If it means another place, the pointer is wild: look for use after free and overruns (KASAN) around it, and check what would have been damaged.",
		},
	}, {
		.verdict = PKSDIAG_V_NEVER_MAPPED,
		.facts = FACT(UNMAPPED),
		.at_risk = "unknown",
		.why =
			"the page was mapped once, but too long ago or too far away to say that this access belongs to it.",
		.cause =
			"{code} wrote or read protected memory to which it had no right. What it accessed: {page}. The last mapping of it, by {owner}, ended {gap} before.",
		.steps = {
			"Does {code} use an address that {owner} made? Then it outlived its mapping: map again in {code}.",
			"If it is meant to access the page for a reason of its own, a map call is missing there.",
			"If it is not, the pointer is wild: look for use after free and overruns (KASAN) around it, and check what would have been damaged.",
		},
	}, {
		.verdict = PKSDIAG_V_NEVER_MAPPED,
		.facts = FACT(HANDED_OUT),
		.at_risk = "unknown",
		.why =
			"the address was given out by dax_direct_access(), but nothing says that this access is what it was given for.",
		.cause =
			"{code} wrote or read protected memory outside any section. What it accessed: {page}. The address was given out{handed}.",
		.steps = {
			"Is the access in {code} one that this address is for? Then put dax_read_lock() and dax_read_unlock() around it.",
			"If not, the pointer is wild, however good the address is: look for use after free and overruns (KASAN) around it, and check what would have been damaged.",
		},
	}, {
		.verdict = PKSDIAG_V_NEVER_MAPPED,
		.at_risk = "unknown",
		.why =
			"nobody had mapped the page: this is either a wild pointer, or a valid access whose map call is missing. The record does not tell which.",
		.cause =
			"{code} wrote or read protected memory to which nobody had a right. What it accessed: {page}. {mappers}",
		.steps = {
			"Is {code} meant to access that? Look where its pointer came from (page_address(), dax_direct_access(), a pointer that was stored), and if it or a caller maps pages elsewhere.",
			"If it is meant to, a map call is missing: put kmap_local_page() and kunmap_local() around the access (dax_read_lock() for DAX).",
			"If it has no business with this device, the pointer is wild: look for use after free and overruns (KASAN) around it, and check what would have been damaged.",
		},
	}, {
		.verdict = PKSDIAG_V_MISSING_MAP,
		.facts = FACT(HANDED_HERE) | FACT(HANDED_HELD),
		.at_risk = "no",
		.why =
			"the code that faulted got this address from dax_direct_access() and still uses it: a false positive.",
		.cause =
			"The address from dax_direct_access() was kept, and used outside any section. It was given out{handed}.",
		.steps = {
			"Put dax_read_lock() and dax_read_unlock() around the access in {code}.",
			"Look for other uses of the address that was kept.",
		},
	}, {
		.verdict = PKSDIAG_V_MISSING_MAP,
		.at_risk = "no",
		.why =
			"the faulting path knows the page and meant to access it: a false positive.",
		.cause =
			"A map call is missing in a path that is otherwise right. What shows that it knows the page: {clue}.",
		.steps = {
			"The call is missing in {missing}.",
			"Put kmap_local_page() and kunmap_local() around the access there (dax_read_lock() for DAX), in place of page_address().",
			"Look for the same pattern in the functions that call it.",
		},
	}, {
		.verdict = PKSDIAG_V_OVERRUN,
		.facts = FACT(NEIGHBOUR),
		.at_risk = "yes",
		.why =
			"the access ran out of the page that was mapped, into its neighbour.",
		.cause =
			"The task has {neighbour} mapped, and {code} went {beyond}.",
		.steps = {
			"Check the length and the start of the access in {code} against that page.",
			"If the access may cross pages, map each page as it is reached.",
		},
	}, {
		.verdict = PKSDIAG_V_OVERRUN,
		.at_risk = "yes",
		.why =
			"the access ran into the page out of its neighbour, which the code may use.",
		.cause =
			"{code} was at work in {neighbour} and went {beyond}.",
		.steps = {
			"Check the length and the start of the access in {code} against the object that it works on: the protected page behind it or before it is none of it.",
			"Look for the same overrun with KASAN, where it hits memory that is not protected.",
		},
	}, {
		.verdict = PKSDIAG_V_STRAY,
		.facts = FACT(NO_DEVICE),
		.at_risk = "yes",
		.why =
			"the page is protected by its owner alone, and this code did not ask for access.",
		.cause =
			"Memory corruption, or code that reaches into protected memory past its owner: {key}.",
		.steps = {
			"Who owns the key? All access goes through that code; {code} did not.",
			"Find where the pointer was loaded from: the registers and the instruction show which one it was.",
		},
	}, {
		.verdict = PKSDIAG_V_STRAY,
		.at_risk = "yes",
		.why =
			"nobody had mapped the page and nothing in the faulting path knows it: a wild pointer.",
		.cause =
			"Memory corruption: the pointer does not belong to {code}. What it would have damaged: {page}.",
		.steps = {
			"Find where the pointer was loaded from: the registers and the instruction show which one it was.",
			"Look for use after free and overruns with KASAN and the same load.",
			"Other stray writes of the same code may have hit memory that is not protected: distrust the machine's state.",
		},
	}, {
		.verdict = PKSDIAG_V_AFTER_UNMAP,
		.facts = FACT(WRONG_UNMAP),
		.at_risk = "unknown",
		.why =
			"the page is still mapped by the kernel's books, so its owner may access it; if this access is its owner's is not in the record.",
		.cause =
			"An unmap too many, or of the wrong page: {lost} unmapped {lost page}, which was not mapped, {lost age} before the access, and took the right away that {owner} had got.",
		.steps = {
			"Correct the unmap in {lost}: it must take back what the same code mapped, once, by the same address.",
			"Then look again at the access in {code}: it may be right as it is.",
		},
	}, {
		.verdict = PKSDIAG_V_AFTER_UNMAP,
		.at_risk = "yes",
		.why =
			"the mapping was given back: by now the page can belong to something else.",
		.cause =
			"{code} used a mapping after its unmap call: {owner} mapped the page, {unmap} unmapped it, the access came {gap} later.",
		.steps = {
			"Move the unmap in {unmap} behind the last access, or map the page again in {code}.",
			"Look for a copy of the pointer that outlived the mapping.",
		},
	}, {
		.verdict = PKSDIAG_V_OTHER_THREAD,
		.facts = FACT(HANDED_OUT),
		.at_risk = "unknown",
		.why =
			"another task is in a section that opens this memory for itself; if this access is part of its work is not in the record.",
		.cause =
			"An address was used by another task than the one whose section it belongs to: {owner} opened the section in task {owner task}.",
		.steps = {
			"If {code} works for that task, it needs a section of its own: put dax_read_lock() and dax_read_unlock() around the access.",
			"If it does not, the pointer is wild, and the section is an accident: look for use after free and overruns (KASAN) around it.",
		},
	}, {
		.verdict = PKSDIAG_V_OTHER_THREAD,
		.at_risk = "no",
		.why =
			"another task has the page mapped for itself: the pointer is valid, the access belongs there.",
		.cause =
			"A thread-local mapping was handed to another thread: {owner} mapped the page in task {owner task}, {code} used the address in task {task}.",
		.steps = {
			"{code} must map the page for itself: pass it the struct page in place of the address, and call kmap_local_page() there.",
			"Or, if the address must cross threads: {owner} must use kmap(), whose access is global.",
		},
	}, {
		.verdict = PKSDIAG_V_OTHER_CONTEXT,
		.facts = FACT(OWNER_BELOW),
		.at_risk = "no",
		.why =
			"what was interrupted has the page mapped; an interrupt or an exception runs without its rights.",
		.cause =
			"An access in {context} context used a mapping of the {owner context} context that was interrupted for it: {owner} mapped the page.",
		.steps = {
			"Map the page in {code} itself (kmap_local_page() is allowed there).",
		},
	}, {
		.verdict = PKSDIAG_V_OTHER_CONTEXT,
		.facts = FACT(OWNER_SELF),
		.at_risk = "no",
		.why =
			"the page is mapped, but by another {context} of the same task: the rights of one end with it.",
		.cause =
			"{owner} mapped the page in one {context}, and {code} used that mapping in another one.",
		.steps = {
			"Map the page in {code} itself, and unmap it before the {context} ends.",
			"Whatever {owner} maps must be unmapped by the same run of it.",
		},
	}, {
		.verdict = PKSDIAG_V_OTHER_CONTEXT,
		.at_risk = "no",
		.why =
			"the page is mapped, but by another context of the same CPU, whose rights do not reach here.",
		.cause =
			"The page is mapped in {owner context} context by {owner}, and was accessed in {context} context by {code}.",
		.steps = {
			"Map the page in {code} itself (kmap_local_page() is allowed in every context but NMI).",
		},
	}, {
		.verdict = PKSDIAG_V_READ_ONLY,
		.at_risk = "unknown",
		.why =
			"the code may read the page and wrote to it: data was at risk unless the write was meant.",
		.cause =
			"A write in {code} through a mapping that only reads.",
		.steps = {
			"If the write is meant, ask for write access when mapping.",
			"If it is not, find what made this code write: a wrong length, a wrong pointer, a missing copy.",
		},
	}, {
		.verdict = PKSDIAG_V_GLOBAL_LAG,
		.at_risk = "no",
		.why =
			"a kmap() had made the page accessible; this CPU had not caught up and was given access.",
		.cause =
			"Not a bug: global access reaches a CPU with its first fault.",
		.steps = {
			"Nothing to do. If there are very many of these, use kmap_local_page() instead of kmap().",
		},
	}, {
		.verdict = PKSDIAG_V_WRONG_KEY,
		.at_risk = "unknown",
		.why =
			"the page carries a key that it should not have, so the denial says nothing about the access.",
		.cause =
			"The page-table entry has a key that is not its device's, or that nobody allocated: the protection code or the page table is wrong.",
		.steps = {
			"Compare the key in the entry with the device's key above: a single bit apart speaks for corruption of the page table.",
			"Otherwise look at who changed the protection of this range (set_memory_*(), memremap_pages()), and report it as a bug of the PKS code.",
		},
	}, {
		.verdict = PKSDIAG_V_PKRS_MISMATCH,
		.facts = FACT(MAPPED_NOW),
		.at_risk = "no",
		.why =
			"by the kernel's own books the page was mapped for this access.",
		.cause =
			"{owner} mapped the page, nobody unmapped it, and the right to use it is gone: the PKS core lost it, or something wrote the register behind its back.",
		.steps = {
			"Compare the PKRS values above: which of them lacks the grant?",
			"Look at what ran between {owner} and the access: context switch, exception entry and exit, CPU hotplug, resume, a wrmsr. Report it as a bug of the PKS core.",
		},
	}, {
		.verdict = PKSDIAG_V_PKRS_MISMATCH,
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

const unsigned int advice_table_nr = ARRAY_SIZE(advice_table);
