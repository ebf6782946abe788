// SPDX-License-Identifier: GPL-2.0
/*
 * Debug info from a server, by build id. The user's DEBUGINFOD_URLS is what allows
 * it: without it no library is loaded. Nor is the tool linked to it: a rescue system
 * may not have it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debuginfod.h"
#include "record.h"
#include "util.h"

#define LIBRARY	"libdebuginfod.so.1"
#define URLS	"DEBUGINFOD_URLS"

struct client;

/**
 * struct library - what is used of libdebuginfod
 * @handle: of dlopen()
 * @begin: makes a client
 * @find: returns a descriptor and sets the path, or a negative error number
 * @progress: has a function called while it waits
 * @end: ends the client
 */
struct library {
	void *handle;
	struct client *(*begin)(void);
	int (*find)(struct client *client, const unsigned char *id, int len,
		    char **path);
	void (*progress)(struct client *client,
			 int (*say)(struct client *client, long done, long all));
	void (*end)(struct client *client);
};

static bool load(struct library *lib)
{
	lib->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!lib->handle) {
		pr_warn(URLS " is set, but there is no " LIBRARY ": no debug info from there");
		return false;
	}
	lib->begin = dlsym(lib->handle, "debuginfod_begin");
	lib->find = dlsym(lib->handle, "debuginfod_find_debuginfo");
	lib->progress = dlsym(lib->handle, "debuginfod_set_progressfn");
	lib->end = dlsym(lib->handle, "debuginfod_end");
	return lib->begin && lib->find && lib->progress && lib->end;
}

/* Until the size is known, @all is 0. */
static int say_progress(struct client *client, long done, long all)
{
	(void)client;
	if (all > 0)
		fprintf(stderr, "\rpksdiag: debuginfod: %ld of %ld MiB", done >> 20,
			all >> 20);
	else
		fputs("\rpksdiag: debuginfod: asking", stderr);
	return 0;
}

static void say_failed(const __u8 *build_id, int error)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];

	text_hex(hex, build_id, PKSDIAG_BUILD_ID_LEN);
	if (error == ENOENT)
		pr_warn("debuginfod: %s: no debug info of build id %s", getenv(URLS),
			hex);
	else
		pr_err("debuginfod: %s: cannot get the debug info of build id %s: %s; unset "
		       URLS " to do without",
		       getenv(URLS), hex, strerror(error));
}

static char *fetch(const struct library *lib, const __u8 *build_id)
{
	struct client *client = lib->begin();
	bool tty = isatty(STDERR_FILENO);
	char *path = NULL;
	int fd;

	if (!client)
		return NULL;
	if (tty)
		lib->progress(client, say_progress);
	fd = lib->find(client, build_id, PKSDIAG_BUILD_ID_LEN, &path);
	if (tty)
		fputs("\r\033[K", stderr);
	lib->end(client);
	if (fd < 0) {
		say_failed(build_id, -fd);
		return NULL;
	}
	close(fd);
	return path;
}

/**
 * debuginfod_fetch - get debug info from the servers that the user named
 * @build_id: of what
 *
 * Return: a file in the user's cache, for the caller to free; NULL if there is no
 * such server, or after a message if it does not have it.
 */
char *debuginfod_fetch(const __u8 *build_id)
{
	const char *urls = getenv(URLS);
	struct library lib = {};
	char *path = NULL;

	if (!urls || !*urls || !build_id_known(build_id))
		return NULL;
	if (load(&lib))
		path = fetch(&lib, build_id);
	/* curl cannot be unloaded */
	return path;
}
