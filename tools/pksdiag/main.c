// SPDX-License-Identifier: GPL-2.0
/* pksdiag: explains PKS faults. Options, and the table of commands. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "util.h"

/**
 * struct cmd - a command
 * @name: what the user types, or the start of it
 * @run: does it
 */
struct cmd {
	const char *name;
	int (*run)(const struct options *opt, int argc, char **argv);
};

static const struct cmd cmds[] = {
	{ "list", cmd_list },
	{ "explain", cmd_explain },
	{ "decode", cmd_decode },
	{ "capture", cmd_capture },
	{ "owners", cmd_owners },
	{ "stats", cmd_stats },
	{ "audit", cmd_audit },
	{ "sites", cmd_sites },
	{ "version", cmd_version },
};

/* A screen of 24 lines. */
static const char help[] =
"usage: pksdiag [OPTIONS] COMMAND\n"
"\n"
"Explains faults by Protection Keys for Supervisor pages (PKS): who wrote where,\n"
"why it was denied, what to do about it.\n"
"\n"
"  list                        all faults, one line each\n"
"  explain [SEQ|--last|--all]  explain a fault (the last one; --drgn: in drgn)\n"
"  decode [FILE]               explain those in a console log, or --vmcore's\n"
"  capture FILE                copy all faults to FILE, for --capture\n"
"  owners [--all]              who has protected memory mapped (and had)\n"
"  stats, version              counters, keys and sizes; of tool and records\n"
"  audit VMLINUX|MODULE|DIR..  every place in the code that maps or unmaps\n"
"  sites [VMLINUX|MODULE|DIR]  which of them ran, and by the rules: pksdiag(8)\n"
"\n"
"  --vmcore FILE     read a crash dump instead of the running kernel\n"
"  --capture FILE    read a file written by 'pksdiag capture'\n"
"  --device PATH     the running kernel's device (/dev/pksdiag)\n"
"  --vmlinux FILE    take symbols and source lines from FILE\n"
"  --module-dir DIR  take those of modules from NAME.ko anywhere below DIR\n"
"  --debug-dir DIR   find debug info below DIR, by build id or name\n"
"  --source DIR      show the source lines themselves, from DIR\n"
"  --json, --no-color, --force (use a vmlinux of another build)\n"
"\n"
"Example: pksdiag --vmcore /var/crash/vmcore --vmlinux ./vmlinux explain\n";

enum option_key {
	OPT_VMCORE = 256, OPT_CAPTURE, OPT_DEVICE, OPT_VMLINUX, OPT_MODULE_DIR,
	OPT_DEBUG_DIR, OPT_SOURCE, OPT_JSON, OPT_NO_COLOR, OPT_FORCE, OPT_LAST,
	OPT_ALL, OPT_DRGN, OPT_HELP, OPT_VERSION, OPT_EVIDENCE, OPT_BASELINE,
	OPT_STATUS, OPT_KIND, OPT_MODULE, OPT_FUNCTION, OPT_FILE, OPT_SORT, OPT_CULL,
	OPT_FAIL_ON,
};

static const struct option options[] = {
	{ "vmcore", required_argument, NULL, OPT_VMCORE },
	{ "capture", required_argument, NULL, OPT_CAPTURE },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "vmlinux", required_argument, NULL, OPT_VMLINUX },
	{ "module-dir", required_argument, NULL, OPT_MODULE_DIR },
	{ "debug-dir", required_argument, NULL, OPT_DEBUG_DIR },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "no-color", no_argument, NULL, OPT_NO_COLOR },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "last", no_argument, NULL, OPT_LAST },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "drgn", no_argument, NULL, OPT_DRGN },
	{ "evidence", required_argument, NULL, OPT_EVIDENCE },
	{ "baseline", required_argument, NULL, OPT_BASELINE },
	{ "status", required_argument, NULL, OPT_STATUS },
	{ "kind", required_argument, NULL, OPT_KIND },
	{ "module", required_argument, NULL, OPT_MODULE },
	{ "function", required_argument, NULL, OPT_FUNCTION },
	{ "file", required_argument, NULL, OPT_FILE },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "cull", required_argument, NULL, OPT_CULL },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{},
};

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
	fputs(" (try 'pksdiag --help')\n", stderr);
	return EXIT_USAGE;
}

static void set_flag(struct options *opt, int key)
{
	switch (key) {
	case OPT_JSON:
		opt->json = true;
		break;
	case OPT_NO_COLOR:
		opt->color = false;
		break;
	case OPT_FORCE:
		opt->force = true;
		break;
	case OPT_LAST:
		opt->last = true;
		break;
	case OPT_DRGN:
		opt->drgn = true;
		break;
	case OPT_ALL:
		opt->all = true;
		break;
	}
}

/* Options that have a name or a list, and where that goes. */
static const struct {
	int key;
	size_t at;
} names[] = {
	{ OPT_CAPTURE, offsetof(struct options, capture) },
	{ OPT_DEVICE, offsetof(struct options, device) },
	{ OPT_VMLINUX, offsetof(struct options, vmlinux) },
	{ OPT_MODULE_DIR, offsetof(struct options, module_dir) },
	{ OPT_DEBUG_DIR, offsetof(struct options, debug_dir) },
	{ OPT_SOURCE, offsetof(struct options, source) },
	{ OPT_EVIDENCE, offsetof(struct options, evidence) },
	{ OPT_BASELINE, offsetof(struct options, baseline) },
	{ OPT_STATUS, offsetof(struct options, status) },
	{ OPT_KIND, offsetof(struct options, kind) },
	{ OPT_MODULE, offsetof(struct options, module) },
	{ OPT_FUNCTION, offsetof(struct options, function) },
	{ OPT_FILE, offsetof(struct options, file) },
	{ OPT_SORT, offsetof(struct options, sort) },
	{ OPT_CULL, offsetof(struct options, cull) },
	{ OPT_FAIL_ON, offsetof(struct options, fail_on) },
};

static void set_name(struct options *opt, int key, const char *name)
{
	size_t i;

	if (key == OPT_VMCORE) {
		if (opt->nr_vmcores < OPTIONS_VMCORES)
			opt->vmcores[opt->nr_vmcores++] = name;
		opt->vmcore = opt->vmcores[0];
	}
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].key == key)
			*(const char **)((char *)opt + names[i].at) = name;
}

static bool for_sites(const struct options *opt)
{
	return opt->evidence || opt->baseline || opt->status || opt->kind ||
	       opt->module || opt->function || opt->file || opt->sort || opt->cull ||
	       opt->fail_on;
}

static const struct cmd *find_cmd(const char *name)
{
	const struct cmd *found = NULL;
	size_t i, len = strlen(name);

	for (i = 0; i < ARRAY_SIZE(cmds) && len; i++) {
		if (strncmp(cmds[i].name, name, len))
			continue;
		if (found)
			return NULL;
		found = &cmds[i];
	}
	return found;
}

/* 0, or the exit code if options do not go together. */
static int check(const struct options *opt, const struct cmd *cmd)
{
	if (!!opt->vmcore + !!opt->capture + !!opt->evidence > 1)
		return usage_error("only one of --vmcore, --capture and --evidence");
	if (opt->last && cmd->run != cmd_explain)
		return usage_error("--last is for explain");
	if (opt->drgn && (cmd->run != cmd_explain || opt->json))
		return usage_error("--drgn is for explain, and not with --json");
	if (opt->all && cmd->run != cmd_explain && cmd->run != cmd_owners)
		return usage_error("--all is for explain and owners");
	if (for_sites(opt) && cmd->run != cmd_sites)
		return usage_error("what to filter, to sort by and to compare is for sites");
	return 0;
}

static int run(const struct options *opt, int argc, char **argv)
{
	const struct cmd *cmd;
	int wrong;

	if (!argc)
		return usage_error("no command");
	cmd = find_cmd(argv[0]);
	if (!cmd)
		return usage_error("no command '%s'", argv[0]);
	wrong = check(opt, cmd);
	return wrong ? wrong : cmd->run(opt, argc - 1, argv + 1);
}

/* A full disk must not look like success. */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout))
		pr_err("cannot write to standard output: %s", strerror(errno));
	if (status != EXIT_USAGE && errors_seen())
		return EXIT_ERROR;
	return status;
}

/* @key: what getopt_long() returned. */
static int wrong_option(int key, char **argv)
{
	if (key == ':')
		return usage_error("'%s' needs a value", argv[optind - 1]);
	if (optopt > 0 && optopt < OPT_VMCORE)
		return usage_error("no option '-%c'", optopt);
	return usage_error("no option '%s', or it takes no value",
			   argv[optind - 1]);
}

/* Return an exit code if the options say it all, else -1. */
static int parse(struct options *opt, int argc, char **argv)
{
	int key;

	while ((key = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (key == OPT_HELP) {
			fputs(help, stdout);
			return EXIT_SUCCESS;
		}
		if (key == OPT_VERSION)
			return cmd_version(opt, 0, NULL);
		if (key == '?' || key == ':')
			return wrong_option(key, argv);
		if (optarg)
			set_name(opt, key, optarg);
		else
			set_flag(opt, key);
	}
	return -1;
}

static bool want_color(void)
{
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       term && strcmp(term, "dumb");
}

int main(int argc, char **argv)
{
	struct options opt = { .device = "/dev/pksdiag", .color = want_color() };
	int status = parse(&opt, argc, argv);

	if (status < 0)
		status = run(&opt, argc - optind, argv + optind);
	return finish(status);
}
