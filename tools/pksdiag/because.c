// SPDX-License-Identifier: GPL-2.0
/* What the facts mean that a verdict rests on. */
#include "phrase.h"
#include "util.h"

static const char * const sentences[PKSDIAG_NR_B] = {
	[PKSDIAG_B_NO_ENTRY] =
		"The page-table entry of the address could not be read, so its key is not known.",
	[PKSDIAG_B_NO_PKRS] =
		"It is not known what rights the interrupted code had.",
	[PKSDIAG_B_KEY_FREE] =
		"The entry's key is allocated to nobody: {key}.",
	[PKSDIAG_B_KEY_FOREIGN] =
		"The entry has {key}, but {device key}.",
	[PKSDIAG_B_THREAD_ALLOWS] =
		"The thread had asked for this access and had got it.",
	[PKSDIAG_B_MSR_ALLOWS] =
		"By what the kernel believes IA32_PKRS to be, the access was allowed.",
	[PKSDIAG_B_GLOBAL_ALLOWS] =
		"A global mapping gives everybody this access.",
	[PKSDIAG_B_READ_GRANT] =
		"The code had the right to read the page, and not to write it.",
	[PKSDIAG_B_MAPPED_NOW] =
		"The page is mapped ({type}): {owner} mapped it {owner age} before the access, in task {owner task}, and nobody has unmapped it.",
	[PKSDIAG_B_OWNER_SELF] =
		"That was the task that faulted, in the same context.",
	[PKSDIAG_B_OWNER_BELOW] =
		"That was done in the {owner context} context that was interrupted for the access.",
	[PKSDIAG_B_OWNER_OTHER] =
		"That was another task than the one that faulted, {task}.",
	[PKSDIAG_B_UNMAPPED] =
		"The page was mapped ({type}) by {owner} and unmapped by {unmap}, {gap} before the access.",
	[PKSDIAG_B_SAME_TASK] =
		"The task that faulted had mapped or unmapped it itself.",
	[PKSDIAG_B_SAME_CODE] =
		"The code that had mapped or unmapped it is the code that faulted, or is near it.",
	[PKSDIAG_B_RECENT] =
		"That was less than {recent} ago.",
	[PKSDIAG_B_WRONG_UNMAP] =
		"A page was unmapped that was not mapped ({lost page}): by {lost}, {lost age} before the access. That took away a right that belonged to another mapping.",
	[PKSDIAG_B_NO_LEDGER] =
		"No account of mappings was kept: whether the page is or was mapped is not known.",
	[PKSDIAG_B_NO_MAPPING] =
		"The ledger knows of no mapping of the page that is still there.",
	[PKSDIAG_B_FORGOT] =
		"The ledger forgot {forgot} that may have been of this page, for want of room.",
	[PKSDIAG_B_NEIGHBOUR] =
		"The task that faulted has {neighbour} mapped.",
	[PKSDIAG_B_NEIGHBOUR_OPEN] =
		"The code that faulted may access {neighbour}.",
	[PKSDIAG_B_EDGE] =
		"The access is near that page: {beyond}.",
	[PKSDIAG_B_RUNNING] =
		"A register points into that page, or a string instruction ran on.",
	[PKSDIAG_B_PAGE_NEAR] =
		"The function that faulted, or a near caller, knows the page: {clue}.",
	[PKSDIAG_B_PAGE_FAR] =
		"Something about the page is known, but by no more than a number that may be an accident, or by a caller far up the stack.",
	[PKSDIAG_B_FILE] =
		"The function that faulted, or a near caller, knows the file that the page belongs to.",
	[PKSDIAG_B_FRAME] =
		"The function that faulted, or a near caller, has a physical address in the page.",
	[PKSDIAG_B_HANDED_OUT] =
		"dax_direct_access() gave the page's address out{handed}.",
	[PKSDIAG_B_HANDED_HERE] =
		"The code that got that address is the code that faulted, or is near it.",
	[PKSDIAG_B_HANDED_HELD] =
		"The address that it got is still in use there.",
	[PKSDIAG_B_SEARCHED] =
		"The registers and all of the live stack were searched, {searched}.",
	[PKSDIAG_B_NO_TRACE] =
		"Nothing in them knows the page.",
	[PKSDIAG_B_NO_DEVICE] =
		"The page belongs to no protected device.",
	[PKSDIAG_B_GUARD] =
		"The page holds fault records or the ledger of mappings, which only the recorder may write.",
	[PKSDIAG_B_PLACE] =
		"It also knows the page's place in the file.",
	[PKSDIAG_B_FOLIO] =
		"The function that faulted, or a near caller, knows the large folio that the page is in.",
};

/**
 * phrase_because - what one of the facts says that a verdict rests on
 * @v: the view
 * @r: the record
 * @fact: enum pksdiag_because
 *
 * Return: a sentence; the caller frees it.
 */
char *phrase_because(const struct view *v, const struct pksdiag_record *r,
		     unsigned int fact)
{
	if (fact >= PKSDIAG_NR_B)
		return xasprintf("A fact that this pksdiag does not know (bit %u).",
				 fact);
	return phrase(v, r, sentences[fact]);
}
