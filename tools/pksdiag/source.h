/* SPDX-License-Identifier: GPL-2.0 */
/* Where records come from: a live kernel, a crash dump, a capture file. */
#ifndef PKSDIAG_SOURCE_H
#define PKSDIAG_SOURCE_H

#include "dump.h"
#include "dump_names.h"
#include "ledger.h"
#include "options.h"
#include "record.h"
#include "site_table.h"

/**
 * struct source - all that one source holds
 * @name: of the file, for messages
 * @ring: the ring header
 * @records: in sequence order; every one passed record_check()
 * @newer: fields were skipped that this pksdiag does not know
 * @from_log: the ring could not be read, the records are from the dump's console log
 * @want_ledger: read the ledger, too: there is nothing to show without it
 * @ledger: the ledger
 * @want_sites: read the call sites, too: there is nothing to show without them
 * @sites: the call sites
 * @dump: a crash dump, open as long as the source; else all zero
 * @names: of functions, in @dump; or NULL
 */
struct source {
	const char *name;
	struct pksdiag_ring ring;
	struct record_list records;
	bool newer;
	bool from_log;
	bool want_ledger;
	struct ledger ledger;
	bool want_sites;
	struct site_table sites;
	struct dump dump;
	struct dump_names *names;
};

int source_read(struct source *src, const struct options *opt);
void source_free(struct source *src);
bool source_has_pks(const struct source *src);
__u64 source_lost(const struct source *src);

/* For the sources themselves. */
struct pksdiag_record *source_add(struct source *src, const void *data);
bool source_set_ring(struct source *src, const void *data, size_t len,
		     struct defect *d);

int source_live_read(struct source *src, const char *device);
int source_memory_read(struct source *src, struct memory *mem);
int source_vmcore_open(struct source *src, const char *const *files,
		       unsigned int nr);
int source_vmcore_read(struct source *src, const char *const *files,
		       unsigned int nr);
int source_capture_read(struct source *src, const char *file);
int source_evidence_read(struct source *src, const char *file);
int source_live_sites(struct source *src, int fd);
int source_memory_sites(struct source *src, struct memory *mem);

#endif /* PKSDIAG_SOURCE_H */
