// SPDX-License-Identifier: GPL-2.0
/* Any bytes as what another machine said of its call sites, now and before. */
#include <linux/types.h>

#include "cmd.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	char *path = fuzz_file(data, size);
	struct options opt = { .evidence = path };

	cmd_sites(&opt, 0, NULL);
	opt.json = true;
	opt.baseline = path;
	cmd_sites(&opt, 0, NULL);
	fuzz_file_end(path);
	return 0;
}
