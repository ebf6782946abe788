// SPDX-License-Identifier: GPL-2.0
/*
 * For test_live, by LD_PRELOAD: opening $FAKE_DEVICE gives a descriptor that
 * behaves as /dev/pksdiag is documented to. $FAKE_CAPTURE has the ring header
 * and the records; $FAKE_SCRIPT says what each read() does:
 *	r the next record, s skip one (it was lost), p EPIPE, i EINTR, e EIO
 * Behind its end every read() gives EAGAIN. $FAKE_IOCTL: errno of ioctl().
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

#include <linux/pksdiag.h>

static int device = -1;
static int capture = -1;
static const char *script = "";

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
		return next(path, flags, mode);
	if (!(flags & O_NONBLOCK) || (flags & O_ACCMODE) != O_RDONLY)
		abort();
	capture = next(getenv("FAKE_CAPTURE"), O_RDONLY);
	lseek(capture, sizeof(struct pksdiag_ring), SEEK_SET);
	script = getenv("FAKE_SCRIPT");
	device = next("/dev/null", O_RDONLY);
	return device;
}

int ioctl(int fd, unsigned long request, ...)
{
	const char *fail = getenv("FAKE_IOCTL");
	va_list args;
	void *ring;

	va_start(args, request);
	ring = va_arg(args, void *);
	va_end(args);
	errno = fail ? atoi(fail) : ENOTTY;
	if (fd != device || request != PKSDIAG_IOC_RING || fail)
		return -1;
	if (pread(capture, ring, sizeof(struct pksdiag_ring), 0) < 0)
		return -1;
	return 0;
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
