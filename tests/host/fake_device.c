// SPDX-License-Identifier: GPL-2.0
/*
 * For test_live, test_owners, test_modules and test_sites, by LD_PRELOAD: opening
 * $FAKE_DEVICE gives a descriptor that behaves as /dev/pksdiag is documented to.
 * $FAKE_CAPTURE has the ring header and the records; $FAKE_SCRIPT says what each
 * read() does:
 *	r the next record, s skip one (it was lost), p EPIPE, i EINTR, e EIO
 * Behind its end every read() gives EAGAIN. $FAKE_IOCTL: errno of ioctl().
 * $FAKE_LEDGER has the ledger's header and its entries, $FAKE_PIECE says how many
 * of these one ioctl() gives at most; without it there is no ledger. $FAKE_SITES has
 * the header of the call sites, these, and violations, in the same way.
 * $FAKE_KALLSYMS is read as /proc/kallsyms, $FAKE_MODULES as any /lib/modules/RELEASE.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <linux/pksdiag_sites.h>

static int device = -1;
static int capture = -1;
static const char *script = "";

/* What stands in for a file or directory of the system. */
static const char *stand_in(const char *path)
{
	const char *kallsyms = getenv("FAKE_KALLSYMS");
	const char *modules = getenv("FAKE_MODULES");

	if (kallsyms && !strcmp(path, "/proc/kallsyms"))
		return kallsyms;
	if (modules && !strncmp(path, "/lib/modules/", 13))
		return modules;
	return path;
}

int access(const char *path, int mode)
{
	int (*next)(const char *path, int mode) = dlsym(RTLD_NEXT, "access");

	return next(stand_in(path), mode);
}

void *fts_open(char * const *paths, int options, void *compare)
{
	void *(*next)(char * const *paths, int options, void *compare);
	char * const path[] = { (char *)stand_in(paths[0]), NULL };

	next = dlsym(RTLD_NEXT, "fts_open");
	return next(path, options, compare);
}

int open(const char *path, int flags, ...)
{
	int (*next)(const char *path, int flags, ...) = dlsym(RTLD_NEXT, "open");
	const char *name = getenv("FAKE_DEVICE");
	va_list args;
	int mode;

	va_start(args, flags);
	mode = va_arg(args, int);
	va_end(args);
	if (!name || strcmp(path, name))
		return next(stand_in(path), flags, mode);
	if (!(flags & O_NONBLOCK) || (flags & O_ACCMODE) != O_RDONLY)
		abort();
	capture = next(getenv("FAKE_CAPTURE"), O_RDONLY);
	lseek(capture, sizeof(struct pksdiag_ring), SEEK_SET);
	script = getenv("FAKE_SCRIPT");
	device = next("/dev/null", O_RDONLY);
	return device;
}

int close(int fd)
{
	int (*next)(int fd) = dlsym(RTLD_NEXT, "close");

	/* The number may come again, for a file. */
	if (fd == device)
		device = -1;
	return next(fd);
}

static int fail(int code)
{
	errno = code;
	return -1;
}

static int open_data(const char *variable)
{
	int (*next)(const char *path, int flags, ...) = dlsym(RTLD_NEXT, "open");
	const char *name = getenv(variable);

	return name ? next(name, O_RDONLY) : fail(ENOTTY);
}

static int get_ledger(void *head)
{
	int fd = open_data("FAKE_LEDGER");

	if (fd < 0)
		return -1;
	if (pread(fd, head, sizeof(struct pksdiag_ledger), 0) < 0)
		return -1;
	return close(fd);
}

static int get_owners(struct pksdiag_owners_request *request)
{
	const char *piece = getenv("FAKE_PIECE");
	struct pksdiag_ledger head;
	int fd = open_data("FAKE_LEDGER");
	ssize_t got;

	if (fd < 0 || pread(fd, &head, sizeof(head), 0) < 0)
		return -1;
	if (piece && request->nr > (unsigned int)atoi(piece))
		request->nr = atoi(piece);
	got = pread(fd, (void *)(unsigned long)request->owners,
		    (size_t)request->nr * head.owner_size, sizeof(head) +
		    (off_t)request->start * head.owner_size);
	if (got < 0)
		return -1;
	request->nr = got / head.owner_size;
	return close(fd);
}

static int get_sites(struct pksdiag_sites *head)
{
	int fd = open_data("FAKE_SITES");

	if (fd < 0 || pread(fd, head, sizeof(*head), 0) < 0)
		return -1;
	return close(fd);
}

/* Entries of @size bytes, the first at byte @at of the file. */
static int get_entries(struct pksdiag_sites_request *request, size_t size, off_t at)
{
	const char *piece = getenv("FAKE_PIECE");
	int fd = open_data("FAKE_SITES");
	ssize_t got;

	if (piece && request->nr > (unsigned int)atoi(piece))
		request->nr = atoi(piece);
	if (fd < 0)
		return -1;
	got = pread(fd, (void *)(unsigned long)request->to, request->nr * size,
		    at + (off_t)request->start * size);
	if (got < 0)
		return -1;
	request->nr = got / size;
	return close(fd);
}

static int get_site(void *request)
{
	struct pksdiag_sites head;

	if (get_sites(&head))
		return -1;
	return get_entries(request, head.site_size, sizeof(head));
}

static int get_violation(void *request)
{
	struct pksdiag_sites head;

	if (get_sites(&head))
		return -1;
	return get_entries(request, head.violation_size, sizeof(head) +
			   (off_t)head.nr_sites * head.site_size);
}

static int get_ring(void *ring)
{
	if (pread(capture, ring, sizeof(struct pksdiag_ring), 0) < 0)
		return -1;
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	const char *code = getenv("FAKE_IOCTL");
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd != device)
		return fail(ENOTTY);
	if (code)
		return fail(atoi(code));
	switch (request) {
	case PKSDIAG_IOC_RING:
		return get_ring(arg);
	case PKSDIAG_IOC_LEDGER:
		return get_ledger(arg);
	case PKSDIAG_IOC_OWNERS:
		return get_owners(arg);
	case PKSDIAG_IOC_SITES:
		return get_sites(arg);
	case PKSDIAG_IOC_SITE:
		return get_site(arg);
	case PKSDIAG_IOC_VIOLATION:
		return get_violation(arg);
	default:
		return fail(ENOTTY);
	}
}

ssize_t read(int fd, void *buf, size_t len)
{
	ssize_t (*next)(int fd, void *buf, size_t len) = dlsym(RTLD_NEXT, "read");

	if (fd != device)
		return next(fd, buf, len);
	for (; *script == 's'; script++)
		lseek(capture, PKSDIAG_RECORD_SIZE, SEEK_CUR);
	errno = EAGAIN;
	if (!*script)
		return -1;
	errno = *script == 'p' ? EPIPE : *script == 'i' ? EINTR : EIO;
	if (*script++ != 'r')
		return -1;
	if (len < PKSDIAG_RECORD_SIZE) {
		errno = EINVAL;
		return -1;
	}
	return next(capture, buf, PKSDIAG_RECORD_SIZE);
}
