/* SPDX-License-Identifier: GPL-2.0 */
/* Where an object file maps and unmaps pages, by its debug info. */
#ifndef PKSDIAG_AUDIT_DWARF_H
#define PKSDIAG_AUDIT_DWARF_H

#include "audit_code.h"
#include "symbols.h"

/**
 * struct audit_place - a piece of code that maps or unmaps
 * @helper: by which function
 * @how: how that is called
 * @column: in the line of @frames[0], 0 if not known
 * @address: of its first byte, or if it is called of the byte behind the call; 0 if it
 *	has none. In a file that is not linked it says only which places are different
 * @frames: the function that it is in and the line there, then what that is inlined
 *	into; the last is a real one
 * @nr_frames: how many
 */
struct audit_place {
	const struct audit_helper *helper;
	enum audit_how how;
	int column;
	__u64 address;
	struct frame frames[INLINES_MAX];
	int nr_frames;
};

/**
 * struct audit_sink - what is done with what is found
 * @place: a place
 * @unit: a unit was read, it was compiled from @name
 * @arg: for both
 */
struct audit_sink {
	void (*place)(void *arg, const struct audit_place *place);
	void (*unit)(void *arg, const char *name);
	void *arg;
};

/**
 * struct audit_done - what has become of a file
 * @wrong: what is wrong with it, for the caller to free; NULL if nothing is. What was
 *	found all the same is in the sink
 * @bare: that is that it has no debug info
 * @linked: its addresses are final
 */
struct audit_done {
	char *wrong;
	bool bare;
	bool linked;
};

void audit_dwarf(struct audit_done *done, const char *path, const char *debug_dir,
		 const struct audit_sink *sink);

#endif /* PKSDIAG_AUDIT_DWARF_H */
