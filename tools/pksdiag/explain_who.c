// SPDX-License-Identifier: GPL-2.0
/* The first part of an explanation: who wrote where. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explain.h"
#include "facts.h"
#include "util.h"

static void who_task(const struct pksdiag_record *r)
{
	put_label("task");
	PUT_FIELD(stdout, r->comm);
	printf(" (pid %u, tgid %u), task_struct 0x%llx\n", r->pid, r->tgid,
	       r->task);
	put_label("context");
	printf("%s, on CPU %u\n", pksdiag_context_name(r->context), r->cpu);
}

static void who_when(const struct pksdiag_record *r)
{
	time_t seconds = r->real_ns / 1000000000;
	char date[40] = "date unknown";
	struct tm tm;

	if (r->real_ns && gmtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S UTC", &tm);
	put_label("when");
	put_time(stdout, r->time_ns);
	printf(" s since boot, %s; record %llu, ", date, r->seq);
	if (r->hits)
		printf("seen %llu time%s\n", r->hits, r->hits == 1 ? "" : "s");
	else
		puts("repeats not counted");
}

static void who_insn(const struct pksdiag_record *r)
{
	unsigned int i, nr = record_insn_nr(r);

	put_label("bytes");
	for (i = 0; i < nr; i++)
		printf("%02x ", r->insn[i]);
	if (!nr)
		fputs("not readable ", stdout);
	else if (!r->insn_len)
		fputs("(not decodable) ", stdout);
	fputs(": ", stdout);
	put_access(stdout, r);
	printf(r->flags & PKSDIAG_F_REP ? ", string instruction\n" : "\n");
}

static void who_module(const struct view *v, const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_MODULE))
		return;
	put_label("module");
	PUT_FIELD(stdout, r->module);
	printf(", text at 0x%llx, 0x%x bytes; the instruction is at byte 0x%llx\n",
	       r->module_base, r->module_size, r->ip - r->module_base);
	put_label("");
	symbols_put_module_quality(v->sym, stdout, r);
	putchar('\n');
}

static void who_target(const struct pksdiag_record *r)
{
	put_label("target");
	printf("0x%llx", r->address);
	if (r->flags & PKSDIAG_F_PFN)
		printf(", pfn 0x%llx", r->pfn);
	putchar('\n');
	put_label("device");
	if (r->flags & PKSDIAG_F_DEVICE) {
		PUT_FIELD(stdout, r->device);
		printf(", byte 0x%llx\n", r->offset);
	} else {
		puts("none: the address belongs to no protected device");
	}
}

static void who_file(const struct pksdiag_record *r)
{
	put_label("file");
	if (!(r->flags & PKSDIAG_F_FILE)) {
		puts("none known: file system metadata, free space, or not fsdax");
		return;
	}
	printf("inode %llu at byte 0x%llx, file system %u:%u%s\n", r->inode,
	       r->file_offset, fact_dev_major(r->fs_dev),
	       fact_dev_minor(r->fs_dev),
	       r->flags & PKSDIAG_F_SHARED ? "; other files share the page" : "");
}

/* The text of a source line, if the user said where the source is. */
static void put_source_line(const struct view *v, const struct frame *frame)
{
	char *path, *text = NULL;
	size_t room = 0;
	FILE *file;
	int line = 0;

	if (!v->opt->source || !frame->file || !frame->line)
		return;
	path = frame->file[0] == '/' ? xstrdup(frame->file) :
		xasprintf("%s/%s", v->opt->source, frame->file);
	file = fopen(path, "re");
	while (file && line < frame->line && getline(&text, &room, file) >= 0)
		line++;
	if (file && line == frame->line) {
		put_label("");
		printf("  | %s\n", strtok(text, "\n") ? text : "");
	}
	if (file)
		fclose(file);
	free(text);
	free(path);
}

static void put_frame(const struct frame *frame, const char *what)
{
	put_label("");
	printf("  %s%s", what, frame->function ? frame->function : "?");
	if (frame->file)
		printf(" at %s:%d", frame->file, frame->line);
	putchar('\n');
}

static void put_inlines(const struct view *v, const struct location *loc)
{
	int i;

	if (loc->nr_frames == 1)
		put_source_line(v, &loc->frames[0]);
	for (i = 0; loc->nr_frames > 1 && i < loc->nr_frames; i++) {
		put_frame(&loc->frames[i], i ? "inlined into " : "in ");
		put_source_line(v, &loc->frames[i]);
	}
}

static void who_code(const struct view *v, const struct pksdiag_record *r,
		     const struct location *loc)
{
	put_code(stdout, r, loc);
	putchar('\n');
	put_inlines(v, loc);
}

static void who_stack(const struct view *v, const struct pksdiag_record *r)
{
	unsigned int i, nr = record_stack_nr(r);

	for (i = 1; i < nr; i++) {
		put_label(i == 1 ? "called by" : "");
		who_code(v, r, view_stack(v, r, i));
	}
	if (nr > 1)
		return;
	put_label("called by");
	puts("not known: no stack trace in the record");
}

/**
 * explain_who - who wrote where
 * @v: the view
 * @r: the record
 */
void explain_who(const struct view *v, const struct pksdiag_record *r)
{
	put_title(v, r->access == PKSDIAG_ACCESS_WRITE ? "Who wrote where" :
		  "Who read where");
	put_label("instruction");
	who_code(v, r, view_ip(v, r));
	who_module(v, r);
	who_insn(r);
	who_target(r);
	who_file(r);
	who_task(r);
	who_when(r);
	who_stack(v, r);
	put_label("names");
	puts(symbols_quality(v->sym));
}
