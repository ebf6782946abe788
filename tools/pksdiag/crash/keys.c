// SPDX-License-Identifier: GPL-2.0
/* pks -k: the keys, and which task has more than the default. */
#include "cmd.h"
#include "extension.h"

/**
 * show_keys - print the keys, and the PKRS of tasks
 * @opt: the options
 *
 * Return: an exit code.
 */
int show_keys(const struct options *opt)
{
	return cmd_stats(opt, 0, NULL);
}
