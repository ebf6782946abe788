// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that read the files that are audited, one for each CPU: libdw is not made
 * for threads, and what a damaged file does to it ends one process, and costs that file.
 * Each takes the next file that nobody has: the first process from the large ones on, the
 * others from the small ones, for a large file takes memory that two should not take at
 * once. It writes lines into a pipe. Their first letter says what they are: the file that
 * is begun, a unit, a place, the end of a file.
 */
#include <errno.h>
#include <linux/types.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit_workers.h"
#include "util.h"

/* More processes than this wait for the disk, and take memory. */
#define WORKERS_MAX	16

#define READ_LEN	65536

/**
 * struct taken - the files that a process has, or had; aligned for one atomic operation
 * @large: so many of the largest
 * @small: so many of the smallest
 */
struct taken {
	_Alignas(8) __u32 large;
	__u32 small;
};

enum tag {
	TAG_BEGIN = 'B',
	TAG_UNIT = 'U',
	TAG_PLACE = 'P',
	TAG_END = 'E',
};

/**
 * struct worker - a process
 * @pid: its id
 * @fd: its pipe, -1: there is no process
 * @file: what it reads, NULL if nothing
 * @buf: what has come from it and was not a whole line
 * @len: bytes in @buf
 * @room: size of @buf
 */
struct worker {
	pid_t pid;
	int fd;
	struct audit_file *file;
	char *buf;
	size_t len;
	size_t room;
};

/**
 * struct work - what is done
 * @files: the files
 * @debug_dir: where debug info may be
 * @sites: what was found
 * @taken: files that are no longer to be had; shared by all processes
 * @workers: the processes
 * @nr: how many
 * @size: bytes of all files
 * @size_done: bytes of those that were read
 * @nr_done: how many those are
 * @show: show progress
 */
struct work {
	struct audit_files *files;
	const char *debug_dir;
	struct audit_sites *sites;
	struct taken *taken;
	struct worker workers[WORKERS_MAX];
	size_t nr;
	off_t size;
	off_t size_done;
	size_t nr_done;
	bool show;
};

/* === In the process ======================================================= */

static void write_place(void *arg, const struct audit_place *place)
{
	fputc(TAG_PLACE, arg);
	audit_text_put(arg, place);
}

static void write_unit(void *arg, const char *name)
{
	fprintf(arg, "%c%s\n", TAG_UNIT, name ? name : "?");
}

static void read_file_at(const struct work *w, size_t at, FILE *out)
{
	const struct audit_sink sink = { write_place, write_unit, out };
	struct audit_done done;

	fprintf(out, "%c%zu\n", TAG_BEGIN, at);
	fflush(out);
	audit_dwarf(&done, w->files->v[at].path, w->debug_dir, &sink);
	fprintf(out, "%c%d%d%s\n", TAG_END, done.linked, done.bare,
		done.wrong ? done.wrong : "");
	free(done.wrong);
	fflush(out);
}

/* Take a file. Return: its number, or how many there are if none is left. */
static size_t take_file(const struct work *w, bool large)
{
	struct taken now, then;

	__atomic_load(w->taken, &now, __ATOMIC_RELAXED);
	do {
		if ((size_t)now.large + now.small >= w->files->nr)
			return w->files->nr;
		then = now;
		then.large += large;
		then.small += !large;
	} while (!__atomic_compare_exchange(w->taken, &now, &then, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return large ? now.large : w->files->nr - then.small;
}

static __noreturn void work(const struct work *w, bool large, int fd)
{
	FILE *out = fdopen(fd, "w");
	size_t at;

	while (out && (at = take_file(w, large)) < w->files->nr)
		read_file_at(w, at, out);
	_exit(out && !ferror(out) ? EXIT_SUCCESS : EXIT_ERROR);
}

/* === What comes from it =================================================== */

static void show_progress(const struct work *w)
{
	if (!w->show)
		return;
	fprintf(stderr, "\rpksdiag: %zu of %zu files, %d%%, %zu sites", w->nr_done,
		w->files->nr, w->size ? (int)(100 * w->size_done / w->size) : 100,
		w->sites->nr);
}

static void end_file(struct work *w, struct worker *worker)
{
	w->nr_done++;
	w->size_done += worker->file->size;
	worker->file = NULL;
	show_progress(w);
}

static void take_place(struct work *w, struct worker *worker, char *text)
{
	struct audit_found found;

	if (!audit_text_parse(text, &found))
		return;
	worker->file->places++;
	audit_sites_add(w->sites, worker->file - w->files->v, &found);
}

static void take_end(struct work *w, struct worker *worker, const char *text)
{
	worker->file->linked = text[0] == '1';
	worker->file->bare = text[0] && text[1] == '1';
	if (strlen(text) > 2)
		worker->file->wrong = xstrdup(text + 2);
	end_file(w, worker);
}

/* A damaged file may have damaged the process that reads it: believe no number. */
static void take_begin(struct work *w, struct worker *worker, const char *text)
{
	size_t at = strtoul(text, NULL, 10);

	worker->file = at < w->files->nr ? &w->files->v[at] : NULL;
}

static void take_line(struct work *w, struct worker *worker, char *line)
{
	if (*line == TAG_BEGIN) {
		take_begin(w, worker, line + 1);
		return;
	}
	if (!worker->file)
		return;
	switch (*line) {
	case TAG_UNIT:
		worker->file->units++;
		audit_sites_add_unit(w->sites, line + 1);
		break;
	case TAG_PLACE:
		take_place(w, worker, line + 1);
		break;
	case TAG_END:
		take_end(w, worker, line + 1);
		break;
	}
}

static void take_lines(struct work *w, struct worker *worker)
{
	char *line = worker->buf, *end;
	size_t left = worker->len;

	while ((end = memchr(line, '\n', left))) {
		*end = '\0';
		left -= end + 1 - line;
		take_line(w, worker, line);
		line = end + 1;
	}
	memmove(worker->buf, line, left);
	worker->len = left;
}

/* === The processes ======================================================== */

static void start(struct work *w, struct worker *worker)
{
	int fds[2];

	worker->fd = -1;
	worker->len = 0;
	if (pipe(fds)) {
		pr_err("no process to read files: %s", strerror(errno));
		return;
	}
	fflush(NULL);
	worker->pid = fork();
	if (!worker->pid) {
		close(fds[0]);
		work(w, worker == w->workers, fds[1]);
	}
	close(fds[1]);
	if (worker->pid > 0) {
		worker->fd = fds[0];
		return;
	}
	pr_err("no process to read files: %s", strerror(errno));
	close(fds[0]);
}

static char *say_status(int status)
{
	if (WIFSIGNALED(status))
		return xasprintf("damaged: reading it ended by signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
	return xasprintf("cannot be read: reading it ended with status %d",
			 WEXITSTATUS(status));
}

/* It has ended. If it was not done with a file another one does the rest. */
static void stop(struct work *w, struct worker *worker)
{
	int status = 0;

	close(worker->fd);
	worker->fd = -1;
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!worker->file)
		return;
	worker->file->wrong = say_status(status);
	end_file(w, worker);
	start(w, worker);
}

static void take(struct work *w, struct worker *worker)
{
	ssize_t got;

	if (worker->room - worker->len < READ_LEN) {
		worker->room += READ_LEN;
		worker->buf = xrealloc(worker->buf, worker->room);
	}
	got = read(worker->fd, worker->buf + worker->len, READ_LEN);
	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		stop(w, worker);
		return;
	}
	worker->len += got;
	take_lines(w, worker);
}

/* Wait for what comes. Return: false if no process is left. */
static bool wait_for(struct work *w)
{
	struct pollfd fds[WORKERS_MAX];
	bool any = false;
	size_t i;

	for (i = 0; i < w->nr; i++) {
		fds[i] = (struct pollfd){ .fd = w->workers[i].fd, .events = POLLIN };
		any = any || fds[i].fd >= 0;
	}
	if (!any)
		return false;
	if (poll(fds, w->nr, -1) < 0)
		return errno == EINTR;
	for (i = 0; i < w->nr; i++)
		if (fds[i].fd >= 0 && fds[i].revents)
			take(w, &w->workers[i]);
	return true;
}

static size_t nr_workers(size_t nr_files)
{
	cpu_set_t cpus;
	size_t nr = 1;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		nr = CPU_COUNT(&cpus);
	return min_size(min_size(nr, WORKERS_MAX), nr_files);
}

/* Files that no process took. */
static void say_left(const struct work *w)
{
	size_t i;

	for (i = w->taken->large; i < w->files->nr - w->taken->small; i++)
		w->files->v[i].wrong = xstrdup("not read: no process for it");
}

/**
 * audit_workers_run - read all files
 * @files: the files; what has become of each is set
 * @debug_dir: where debug info may be that is not in them, or NULL
 * @sites: out: what was found
 */
void audit_workers_run(struct audit_files *files, const char *debug_dir,
		       struct audit_sites *sites)
{
	struct work w = {
		.files = files, .debug_dir = debug_dir, .sites = sites,
		.nr = nr_workers(files->nr), .size = audit_files_size(files),
		.show = files->nr > 1 && isatty(STDERR_FILENO),
	};
	size_t i;

	w.taken = mmap(NULL, sizeof(*w.taken), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w.taken == MAP_FAILED)
		no_memory();
	for (i = 0; i < w.nr; i++)
		start(&w, &w.workers[i]);
	show_progress(&w);
	while (wait_for(&w))
		;
	if (w.show)
		fputs("\r\033[K", stderr);
	say_left(&w);
	munmap(w.taken, sizeof(*w.taken));
	for (i = 0; i < w.nr; i++)
		free(w.workers[i].buf);
}
