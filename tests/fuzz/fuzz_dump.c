// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as the memory of a machine: libkdumpfile is replaced by a few functions
 * that know where the ring, the ledger, the call sites and the tables of kallsyms
 * are, as tests/host/dump.py puts them.
 */
#include <stdlib.h>
#include <string.h>

#include <elf.h>
#include <libkdumpfile/kdumpfile.h>

#include "cmd.h"
#include "dump_probe.h"
#include "fuzz.h"
#include "util.h"

#define VIRTUAL	0xffffffff81000000ull

static const __u8 *memory;
static size_t memory_size;

static const struct {
	const char *name;
	size_t at;
} places[] = {
	{ "pksdiag_ring",		0x3000 },
	{ "pksdiag_ledger",		0xc000 },
	{ "pksdiag_sites",		0xc000 },	/* a dump has one of them */
	{ "kallsyms_offsets",		0x6000 },
	{ "kallsyms_names",		0x6400 },
	{ "kallsyms_token_table",	0x7000 },
	{ "kallsyms_token_index",	0x7c00 },
	{ "kallsyms_num_syms",		0x7e00 },
	{ "kallsyms_relative_base",	0x7e08 },
};

kdump_ctx_t *kdump_new(void)
{
	return malloc(1);
}

void kdump_free(kdump_ctx_t *ctx)
{
	free(ctx);
}

kdump_status kdump_set_attr(kdump_ctx_t *ctx, const char *key,
			    const kdump_attr_t *valp)
{
	return KDUMP_OK;
}

kdump_status kdump_open_fdset(kdump_ctx_t *ctx, unsigned int nfds, const int *fds)
{
	return KDUMP_OK;
}

kdump_status kdump_get_typed_attr(kdump_ctx_t *ctx, const char *key,
				  kdump_attr_t *valp)
{
	return KDUMP_ERR_NODATA;
}

kdump_blob_t *kdump_blob_new_dup(const void *data, size_t size)
{
	return NULL;
}

const char *kdump_get_err(kdump_ctx_t *ctx)
{
	return "not there";
}

kdump_status kdump_vmcoreinfo_raw(kdump_ctx_t *ctx, char **raw)
{
	*raw = calloc(1, 1);
	return KDUMP_OK;
}

kdump_status kdump_vmcoreinfo_line(kdump_ctx_t *ctx, const char *key, char **val)
{
	return KDUMP_ERR_NODATA;
}

kdump_status kdump_vmcoreinfo_symbol(kdump_ctx_t *ctx, const char *symname,
				     kdump_addr_t *symvalue)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (strcmp(places[i].name, symname))
			continue;
		*symvalue = VIRTUAL + places[i].at;
		return KDUMP_OK;
	}
	return KDUMP_ERR_NODATA;
}

kdump_status kdump_read(kdump_ctx_t *ctx, kdump_addrspace_t as, kdump_addr_t addr,
			void *buffer, size_t *plength)
{
	kdump_addr_t at = addr - VIRTUAL;

	if (at > memory_size || *plength > memory_size - at) {
		*plength = 0;
		return KDUMP_ERR_NODATA;
	}
	memcpy(buffer, memory + at, *plength);
	return KDUMP_OK;
}

/* What has headers that the tool lets pass; nothing else of it is read. */
static char *make_file(void)
{
	const struct {
		Elf64_Ehdr head;
		Elf64_Phdr notes, load;
	} file = {
		.head = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB },
			.e_type = ET_CORE,
			.e_machine = EM_X86_64,
			.e_phoff = sizeof(file.head),
			.e_phentsize = sizeof(file.load),
			.e_phnum = 2,
		},
		.notes.p_type = PT_NOTE,
		.load.p_type = PT_LOAD,
	};

	return fuzz_file(&file, sizeof(file));
}

/* Nothing of libkdumpfile is here that a process of its own would have to try. */
bool dump_probe(const char *name, void (*try)(void *arg), void *arg)
{
	return true;
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	char *path = make_file();
	struct options opt = {
		.vmcore = path, .vmcores = { path }, .nr_vmcores = 1, .all = true,
	};

	memory = data;
	memory_size = size;
	cmd_explain(&opt, 0, NULL);
	opt.ledger = true;
	cmd_owners(&opt, 0, NULL);
	cmd_sites(&opt, 0, NULL);
	opt.json = true;
	cmd_owners(&opt, 0, NULL);
	cmd_sites(&opt, 0, NULL);
	fuzz_file_end(path);
	return 0;
}
