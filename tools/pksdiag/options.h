/* SPDX-License-Identifier: GPL-2.0 */
/* What the user asked for on the command line. */
#ifndef PKSDIAG_OPTIONS_H
#define PKSDIAG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct memory;

/* As many files as a dump may have, and one to find out that there are more. */
#define OPTIONS_VMCORES	65

/**
 * struct options - the options of all commands
 * @memory: set by a debugger that has the kernel open: read this, whatever it is of
 * @vmcore: read this crash dump: the first of @vmcores, or NULL
 * @vmcores: its files, if it is split
 * @nr_vmcores: how many
 * @capture: read this capture file
 * @device: else read this device
 * @vmlinux: where symbols and source lines come from
 * @module_dir: where files of modules are, at any depth
 * @debug_dir: where debug info is, by build id or name
 * @source: directory of the kernel source, to show the lines themselves
 * @json: print JSON
 * @force: use a vmlinux with another build id
 * @color: use colours
 * @last: explain: the last record
 * @all: explain: all records; owners: what is not mapped now, too
 * @local: set where debug info is not worth a download
 * @drgn: explain: print lines for drgn
 * @ledger: set by a command that needs the ledger of mappings
 * @sites: set by a command that needs the call sites
 * @files: set by a command that has files of kernels and modules as arguments
 * @nr_files: how many
 * @evidence: sites: read what this file has, by sites --json
 * @baseline: sites: say what is different from this file, by sites --json
 * @status: sites: those of these states only
 * @kind: sites: those of these families only
 * @module: sites: those in these modules only
 * @function: sites: those in these functions only
 * @file: sites: those in these source files only
 * @sort: sites: in this order
 * @cull: sites: one line for all that are alike in this
 * @fail_on: sites: these states are a failure
 */
struct options {
	struct memory *memory;
	const char *vmcore;
	const char *vmcores[OPTIONS_VMCORES];
	unsigned int nr_vmcores;
	const char *capture;
	const char *device;
	const char *vmlinux;
	const char *module_dir;
	const char *debug_dir;
	const char *source;
	bool json;
	bool force;
	bool color;
	bool last;
	bool all;
	bool local;
	bool drgn;
	bool ledger;
	bool sites;
	const char *const *files;
	size_t nr_files;
	const char *evidence;
	const char *baseline;
	const char *status;
	const char *kind;
	const char *module;
	const char *function;
	const char *file;
	const char *sort;
	const char *cull;
	const char *fail_on;
};

#endif /* PKSDIAG_OPTIONS_H */
