// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a record that is whole: its head and its checksum are made right. */
#include <string.h>
#include <xxhash.h>

#include <linux/pksdiag.h>

#include "cmd.h"
#include "fuzz.h"

static struct {
	struct pksdiag_ring ring;
	struct pksdiag_record record;
} capture;

static void make_ring(void)
{
	capture.ring = (struct pksdiag_ring){
		.magic = PKSDIAG_RING_MAGIC,
		.version = PKSDIAG_VERSION,
		.header_size = sizeof(capture.ring),
		.record_size = PKSDIAG_RECORD_SIZE,
		.slot_size = PKSDIAG_SLOT_SIZE,
		.nr_slots = 256,
		.nr_firsts = 256,
		.flags = PKSDIAG_RING_F_PKS,
		.nr_counters = PKSDIAG_NR_COUNTERS,
		.nr_keys = PKSDIAG_NR_KEYS,
		.head = 1,
		.nr_records = 1,
	};
}

static void make_record(const __u8 *data, size_t size)
{
	const size_t flags = offsetof(struct pksdiag_record, flags);
	struct pksdiag_record *r = &capture.record;

	memset(r, 0, sizeof(*r));
	memcpy(r, data, size < sizeof(*r) ? size : sizeof(*r));
	r->magic = PKSDIAG_RECORD_MAGIC;
	r->version = PKSDIAG_VERSION;
	r->size = sizeof(*r);
	r->seq = 1;
	r->checksum = XXH64((__u8 *)r + flags, sizeof(*r) - flags, 0);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct options opt = { .all = true };
	char *path;

	make_ring();
	make_record(data, size);
	path = fuzz_file(&capture, sizeof(capture));
	opt.capture = path;
	cmd_explain(&opt, 0, NULL);
	cmd_list(&opt, 0, NULL);
	opt.json = true;
	cmd_list(&opt, 0, NULL);
	fuzz_file_end(path);
	return 0;
}
