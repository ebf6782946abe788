// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a capture file. */
#include "cmd.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct options opt = { .all = true };
	char *path = fuzz_file(data, size);

	opt.capture = path;
	cmd_explain(&opt, 0, NULL);
	opt.json = true;
	cmd_list(&opt, 0, NULL);
	fuzz_file_end(path);
	return 0;
}
