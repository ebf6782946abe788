// SPDX-License-Identifier: GPL-2.0
/* The command pks: from what the user typed to the commands of pksdiag. */
#include <stdarg.h>
#include <stdio.h>

#include "cmd.h"
#include "crash_memory.h"
#include "extension.h"
#include "util.h"

/**
 * usage_error - say what is wrong with the command line
 * @fmt: one line, without its newline
 *
 * Return: EXIT_USAGE.
 */
int usage_error(const char *fmt, ...)
{
	va_list args;

	fputs("pksdiag: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

static int dispatch(struct request *req)
{
	if (req->opt.all && req->what != 'o')
		return usage_error("-a is for -o");
	switch (req->what) {
	case 's':
		return cmd_explain(&req->opt, 1, &req->seq);
	case 'o':
		return cmd_owners(&req->opt, 0, NULL);
	case 'k':
		return show_keys(&req->opt);
	}
	if (req->address)
		return show_address(&req->opt, req->address);
	return cmd_list(&req->opt, 0, NULL);
}

/**
 * request_run - do what the user asked for
 * @arg: a struct request
 *
 * Return: an exit code.
 */
int request_run(void *arg)
{
	struct request *req = arg;
	struct crash_memory mem;
	int status;

	crash_memory_open(&mem, &req->opt);
	status = dispatch(req);
	crash_memory_close(&mem);
	return status;
}
