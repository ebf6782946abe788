// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a crash dump, by way of libkdumpfile itself. */
#include "cmd.h"
#include "fuzz.h"
#include "options.h"

/* libkdumpfile 0.5.1 leaks the reasons of its errors. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libkdumpfile.so\n";
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	char *path = fuzz_file(data, size);
	struct options opt = {
		.vmcore = path, .vmcores = { path }, .nr_vmcores = 1, .all = true,
	};

	cmd_explain(&opt, 0, NULL);
	opt.ledger = true;
	opt.json = true;
	cmd_owners(&opt, 0, NULL);
	fuzz_file_end(path);
	return 0;
}
