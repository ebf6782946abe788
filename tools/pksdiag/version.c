// SPDX-License-Identifier: GPL-2.0
/* pksdiag version: of the tool and of the records that it knows. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "record_json.h"

/**
 * cmd_version - pksdiag version
 * @opt: the options
 * @argc: must be 0
 * @argv: not used
 *
 * Return: an exit code.
 */
int cmd_version(const struct options *opt, int argc, char **argv)
{
	struct json_object *obj;

	if (argc)
		return usage_error("version takes no argument: '%s'", argv[0]);
	if (!opt->json) {
		printf("pksdiag %s, records of version %u (%u bytes)\n",
		       TOOL_VERSION, PKSDIAG_VERSION, PKSDIAG_RECORD_SIZE);
		return EXIT_SUCCESS;
	}
	obj = json_object_new_object();
	json_object_object_add(obj, "pksdiag",
			       json_object_new_string(TOOL_VERSION));
	json_object_object_add(obj, "record_version",
			       json_object_new_int(PKSDIAG_VERSION));
	json_object_object_add(obj, "record_size",
			       json_object_new_int(PKSDIAG_RECORD_SIZE));
	json_print(obj);
	return EXIT_SUCCESS;
}
