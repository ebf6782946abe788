// SPDX-License-Identifier: GPL-2.0
/* pksdiag decode: explains the reports in a console log. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "dump_log.h"
#include "explain.h"
#include "log_records.h"
#include "record_json.h"
#include "util.h"

/* What is known of addresses is forgotten after so many records. */
#define SYMBOLS_KEEP	4096u

/**
 * struct decoder - a log that is being decoded
 * @view: the record that is shown, and what explains its addresses
 * @build_id: what @view.sym is for
 * @array: the JSON
 * @nr: records shown
 * @lost: something was not whole, or not read
 */
struct decoder {
	struct view view;
	__u8 build_id[PKSDIAG_BUILD_ID_LEN];
	struct json_array array;
	size_t nr;
	bool lost;
};

/* A log may hold boots of several kernels. */
static void use_symbols(struct decoder *d, const __u8 *build_id)
{
	struct view *v = &d->view;

	if (v->sym && d->nr % SYMBOLS_KEEP &&
	    !memcmp(d->build_id, build_id, sizeof(d->build_id)))
		return;
	if (v->sym)
		symbols_close(v->sym);
	v->sym = symbols_open(v->opt, build_id, "", v->src.names);
	memcpy(d->build_id, build_id, sizeof(d->build_id));
}

/* Whoever follows a log wants to see a record when it comes. */
static void show(void *data, const void *record)
{
	struct decoder *d = data;
	struct view *v = &d->view;
	const struct pksdiag_record *r = source_add(&v->src, record);

	use_symbols(d, r->build_id);
	if (v->opt->json) {
		json_array_add(&d->array, json_record(v, r));
	} else {
		fputs(d->nr ? "\n" : "", stdout);
		explain_record(v, r);
	}
	fflush(stdout);
	d->nr++;
	record_list_free(&v->src.records);
}

static void say_lost(void *data, const char *what)
{
	struct decoder *d = data;

	pr_err("%s: %s", d->view.src.name, what);
	d->lost = true;
}

static bool feed(struct log_records *log, int fd)
{
	char text[16384];
	ssize_t got;

	for (;;) {
		got = read(fd, text, sizeof(text));
		if (got > 0)
			log_records_feed(log, text, got);
		else if (!got)
			return true;
		else if (errno != EINTR)
			return false;
	}
}

/* @fd: the log, -1 if it is in the dump. */
static void decode(struct decoder *d, int fd)
{
	static const struct log_ops ops = { .record = show, .lost = say_lost };
	struct log_records *log = log_records_new(&ops, d);

	if (fd < 0)
		d->lost = !dump_log_feed(&d->view.src.dump, log);
	else if (!feed(log, fd))
		say_lost(d, strerror(errno));
	log_records_end(log);
	if (d->view.opt->json)
		json_array_end(&d->array);
	else if (!d->nr)
		printf("no PKS fault%s in %s\n",
		       d->lost ? " that can be decoded" : "s", d->view.src.name);
}

/* Return the file, -1 if it cannot be opened and that was said. */
static int open_log(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		pr_err("%s: cannot open: %s", file, strerror(errno));
	return fd;
}

/* The log that is in a crash dump. */
static int decode_dump(struct decoder *d, const struct options *opt)
{
	struct source *src = &d->view.src;
	int ret;

	src->name = opt->vmcore;
	ret = source_vmcore_open(src, opt->vmcores, opt->nr_vmcores);
	if (!ret)
		decode(d, -1);
	view_close(&d->view);
	return ret || d->lost ? EXIT_ERROR : EXIT_SUCCESS;
}

/**
 * cmd_decode - pksdiag decode [FILE|-], or of the log in a crash dump
 * @opt: the options
 * @argc: 0, or 1 with FILE
 * @argv: FILE
 *
 * Return: an exit code.
 */
int cmd_decode(const struct options *opt, int argc, char **argv)
{
	struct decoder d = { .view.opt = opt };
	int fd = STDIN_FILENO;

	if (argc > 1)
		return usage_error("decode takes one argument: the log to read");
	if (opt->capture || (opt->vmcore && argc))
		return usage_error("decode reads a log, or the one in --vmcore, not %s",
				   opt->capture ? "--capture" : "both");
	if (opt->vmcore)
		return decode_dump(&d, opt);
	d.view.src.name = "standard input";
	if (argc && strcmp(argv[0], "-")) {
		d.view.src.name = argv[0];
		fd = open_log(argv[0]);
		if (fd < 0)
			return EXIT_ERROR;
	}
	decode(&d, fd);
	view_close(&d.view);
	if (fd != STDIN_FILENO)
		close(fd);
	return EXIT_SUCCESS;
}
