// SPDX-License-Identifier: GPL-2.0
/* pksdiag capture: a raw copy of a source, to be explained elsewhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "record_json.h"
#include "source.h"
#include "util.h"

static bool write_all(int fd, const void *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			data += done;
			len -= done;
		}
	}
	return true;
}

/* What this pksdiag does not know of the header is not in the copy. */
static bool write_source(int fd, const struct source *src)
{
	struct pksdiag_ring ring = src->ring;
	const struct record_list *list = &src->records;
	size_t i;

	ring.header_size = sizeof(ring);
	ring.nr_records = list->nr;
	if (!write_all(fd, &ring, sizeof(ring)))
		return false;
	for (i = 0; i < list->nr; i++)
		if (!write_all(fd, list->v[i].r, list->v[i].r->size))
			return false;
	return true;
}

/* Kernel addresses are in it: for the owner only. */
static bool save(const struct source *src, const char *file)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0) {
		pr_err("%s: cannot create: %s", file, strerror(errno));
		return false;
	}
	if (!write_source(fd, src)) {
		pr_err("%s: cannot write, the copy is not complete: %s", file,
		       strerror(errno));
		close(fd);
		return false;
	}
	if (!close(fd))
		return true;
	pr_err("%s: cannot write: %s", file, strerror(errno));
	return false;
}

static void say_saved(const struct source *src, const char *file, bool json)
{
	size_t nr = src->records.nr;
	struct json_object *obj;

	if (!json) {
		printf("%zu record%s of %s in %s, %llu lost\n", nr,
		       nr == 1 ? "" : "s", src->name, file, source_lost(src));
		return;
	}
	obj = json_object_new_object();
	json_object_object_add(obj, "file", json_field(file, strlen(file)));
	json_object_object_add(obj, "records", json_object_new_uint64(nr));
	json_object_object_add(obj, "lost",
			       json_object_new_uint64(source_lost(src)));
	json_print(obj);
}

/**
 * cmd_capture - pksdiag capture FILE
 * @opt: the options
 * @argc: must be 1
 * @argv: FILE
 *
 * Return: an exit code.
 */
int cmd_capture(const struct options *opt, int argc, char **argv)
{
	struct source src;
	int ret;

	if (argc != 1)
		return usage_error("capture takes one argument: the file to write");
	ret = source_read(&src, opt) || src.from_log;
	if (!ret && save(&src, argv[0]))
		say_saved(&src, argv[0], opt->json);
	source_free(&src);
	return ret ? EXIT_ERROR : EXIT_SUCCESS;
}
