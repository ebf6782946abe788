// SPDX-License-Identifier: GPL-2.0
/* pks ADDRESS: what an address is. */
#include "cmd.h"
#include "extension.h"

int show_address(const struct options *opt, const char *text)
{
	(void)opt;
	return usage_error("%s", text);
}
