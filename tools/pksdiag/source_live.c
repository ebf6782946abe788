// SPDX-License-Identifier: GPL-2.0
/* Records of the running kernel, from /dev/pksdiag. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "source.h"
#include "util.h"

/* Read as many entries of the ledger at once. */
#define PIECE	1024u

static void say_absent(const char *device)
{
	struct utsname uts;

	if (uname(&uts))
		strcpy(uts.release, "?");
	pr_err("%s: not there: this kernel (%s) has no CONFIG_PKSDIAG; boot one that has it, or use --vmcore or --capture",
	       device, uts.release);
}

static int device_open(const char *device)
{
	int fd = open(device, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		say_absent(device);
	else if (errno == EACCES || errno == EPERM)
		pr_err("%s: not permitted: it shows kernel addresses; run as root (CAP_SYSLOG)",
		       device);
	else
		pr_err("%s: cannot open: %s", device, strerror(errno));
	return -1;
}

static int device_ring(struct source *src, int fd)
{
	struct pksdiag_ring ring;
	struct defect d;

	if (ioctl(fd, PKSDIAG_IOC_RING, &ring)) {
		if (errno == ENOTTY || errno == EINVAL)
			pr_err("%s: not a pksdiag device, or one of another version",
			       src->name);
		else
			pr_err("%s: cannot read the ring header: %s", src->name,
			       strerror(errno));
		return -1;
	}
	if (source_set_ring(src, &ring, sizeof(ring), &d))
		return 0;
	pr_err("%s: offset 0x%zx: %s", src->name, d.at, d.what);
	return -1;
}

/*
 * One read() is one record. Return its bytes, 0 at the end, -1 after an error
 * that was reported. EPIPE only says that the ring overtook this reader: the
 * position is already on the oldest record there is.
 */
static ssize_t device_record(const struct source *src, int fd, void *buf,
			     size_t room)
{
	ssize_t got;

	do {
		got = read(fd, buf, room);
	} while (got < 0 && (errno == EINTR || errno == EPIPE));
	if (got >= 0)
		return got;
	if (errno == EAGAIN)
		return 0;
	pr_err("%s: cannot read a record: %s", src->name, strerror(errno));
	return -1;
}

/* Take what there was when the header was read: a storm may go on for ever. */
static int device_records(struct source *src, int fd)
{
	struct pksdiag_record *buf = xmalloc(RECORD_MAX);
	struct defect d;
	__u64 seq = 0;
	ssize_t got = 1;

	while (seq < src->ring.head) {
		got = device_record(src, fd, buf, RECORD_MAX);
		if (got <= 0)
			break;
		if (!record_check(buf, got, &d)) {
			pr_err("%s: record after %llu: offset 0x%zx: %s",
			       src->name, seq, d.at, d.what);
			continue;
		}
		if (buf->seq > src->ring.head)
			break;
		seq = source_add(src, buf)->seq;
	}
	free(buf);
	return got < 0 ? -1 : 0;
}

/* Entries [start, start + nr). Return how many were read, 0 after an error. */
static __u32 device_owners(struct source *src, int fd, void *buf, __u32 start,
			   __u32 nr)
{
	struct pksdiag_owners_request request = {
		.owners = (uintptr_t)buf, .start = start, .nr = nr,
	};
	__u32 i;

	if (ioctl(fd, PKSDIAG_IOC_OWNERS, &request)) {
		pr_err("%s: cannot read the ledger from entry %u on: %s",
		       src->name, start, strerror(errno));
		return 0;
	}
	if (!request.nr || request.nr > nr) {
		pr_err("%s: the ledger ends at entry %u, expected %u entries",
		       src->name, start, src->ledger.head.nr_owners);
		return 0;
	}
	for (i = 0; i < request.nr; i++)
		ledger_add(&src->ledger, start + i,
			   buf + (size_t)i * src->ledger.head.owner_size);
	return request.nr;
}

static int device_ledger(struct source *src, int fd)
{
	struct ledger *ledger = &src->ledger;
	struct pksdiag_ledger head;
	struct defect d;
	__u32 start = 0, got = 1;
	void *buf;

	if (ioctl(fd, PKSDIAG_IOC_LEDGER, &head)) {
		pr_err("%s: cannot read the ledger of mappings: %s", src->name,
		       errno == ENOTTY || errno == EINVAL ?
		       "this kernel has none, or one of another version" :
		       strerror(errno));
		return -1;
	}
	if (!ledger_set(ledger, &head, &d)) {
		pr_err("%s: ledger: offset 0x%zx: %s", src->name, d.at, d.what);
		return -1;
	}
	buf = xmalloc((size_t)PIECE * head.owner_size);
	for (; got && start < head.nr_owners; start += got)
		got = device_owners(src, fd, buf, start,
				    min_size(PIECE, head.nr_owners - start));
	free(buf);
	ledger_finish(ledger, src->name);
	return 0;
}

static int read_device(struct source *src, int fd)
{
	int ret = device_ring(src, fd);

	if (ret)
		return ret;
	ret = device_records(src, fd);
	if (src->want_ledger)
		return device_ledger(src, fd);
	if (src->want_sites)
		return source_live_sites(src, fd);
	return src->records.nr ? 0 : ret;
}

/**
 * source_live_read - read the ring of the running kernel
 * @src: where to
 * @device: the device, /dev/pksdiag
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_live_read(struct source *src, const char *device)
{
	int ret, fd;

	src->name = device;
	fd = device_open(device);
	if (fd < 0)
		return -1;
	ret = read_device(src, fd);
	close(fd);
	return ret;
}
