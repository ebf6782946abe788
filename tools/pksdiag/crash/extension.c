// SPDX-License-Identifier: GPL-2.0
/* pksdiag as an extension of the crash utility: the command pks. */
#include <unistd.h>

#include "crash_defs.h"
#include "extension.h"
#include "run.h"
#include "util.h"

/* Return false if they are wrong. */
static bool parse(struct request *req)
{
	int c, nr_what = 0;

	while ((c = getopt(argcnt, args, "jaoks:")) != EOF) {
		switch (c) {
		case 'j':
			req->opt.json = true;
			break;
		case 'a':
			req->opt.all = true;
			break;
		case 's':
		case 'o':
		case 'k':
			if (c == 's')
				req->seq = optarg;
			req->what = c;
			nr_what++;
			break;
		default:
			return false;
		}
	}
	if (optind < argcnt && !nr_what)
		req->address = args[optind++];
	return optind == argcnt && nr_what < 2;
}

static void cmd_pks(void)
{
	struct request req = {};

	if (!parse(&req) || run_in_crash(request_run, &req) == EXIT_USAGE)
		cmd_usage(pc->curcmd, SYNOPSIS);
}

static struct command_table_entry commands[] = {
	{ "pks", cmd_pks, help_pks, MINIMAL },
	{},
};

static void __attribute__((constructor)) extension_init(void)
{
	register_extension(commands);
}
