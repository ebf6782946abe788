// SPDX-License-Identifier: GPL-2.0
/* An ELF file and its debug info, by libdwfl. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "debug_dir.h"
#include "dwfl_file.h"
#include "util.h"

static Dwfl_Module *report_file(Dwfl *dwfl, const char *file, GElf_Addr base)
{
	Dwfl_Module *mod;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	dwfl_report_begin(dwfl);
	mod = dwfl_report_elf(dwfl, "file", file, fd, base, false);
	dwfl_report_end(dwfl, NULL, NULL);
	if (!mod)
		close(fd);
	return mod;
}

/**
 * dwfl_file_open - open an ELF file
 * @f: out; dwfl_file_close() it
 * @file: its name
 * @base: where to place it if it is not linked to an address
 *
 * Return: false if it is no such file, dwfl_errmsg(-1) says why.
 */
bool dwfl_file_open(struct dwfl_file *f, const char *file, GElf_Addr base)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	char *dir = f->debug_dir ? realpath(f->debug_dir, NULL) : NULL;

	f->callbacks = callbacks;
	/* relative to the file; then for files by build id, and by name */
	if (dir)
		f->debug_path = xasprintf(":.debug:%s:" DEBUG_DIR, dir);
	if (dir)
		f->callbacks.debuginfo_path = &f->debug_path;
	free(dir);
	f->dwfl = dwfl_begin(&f->callbacks);
	f->mod = f->dwfl ? report_file(f->dwfl, file, base) : NULL;
	if (!f->mod)
		dwfl_file_close(f);
	return f->mod;
}

/**
 * dwfl_file_close - free everything
 * @f: the file, open or not
 */
void dwfl_file_close(struct dwfl_file *f)
{
	if (f->dwfl)
		dwfl_end(f->dwfl);
	free(f->debug_path);
	f->debug_path = NULL;
	f->dwfl = NULL;
	f->mod = NULL;
}
