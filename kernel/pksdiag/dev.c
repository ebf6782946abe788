// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/pksdiag: the records for user space, in the manner of /dev/kmsg.
 * Its contract is in Documentation/ABI/testing/dev-pksdiag.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pks.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "pksdiag.h"

/**
 * struct dev_reader - an open file
 * @lock: protects the rest
 * @reader: its place
 * @record: a record on its way to user space
 * @pending: @record was read but has not been taken yet
 */
struct dev_reader {
	struct mutex lock;	/* one read at a time */
	struct pksdiag_reader reader;
	struct pksdiag_record record;
	bool pending;
};

static DECLARE_WAIT_QUEUE_HEAD(readers);

static void wake_readers(struct irq_work *work)
{
	wake_up_interruptible_all(&readers);
}

static DEFINE_IRQ_WORK(wake_work, wake_readers);

/**
 * pksdiag_wake_readers - there is a new record
 *
 * Context: Any, NMI included.
 */
void pksdiag_wake_readers(void)
{
	irq_work_queue(&wake_work);
}

static int dev_open(struct inode *inode, struct file *file)
{
	struct dev_reader *d;

	if (!capable(CAP_SYSLOG))
		return -EPERM;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	mutex_init(&d->lock);
	pksdiag_reader_seek_first(&pksdiag_ring, &d->reader);
	file->private_data = d;
	return 0;
}

static int dev_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static bool dev_readable(struct dev_reader *d)
{
	return d->pending || pksdiag_ring_readable(&pksdiag_ring, &d->reader);
}

/* Copy the next record out; -EAGAIN if there is none yet. */
static ssize_t dev_take(struct dev_reader *d, char __user *buf, size_t count)
{
	int ret;

	if (!d->pending) {
		ret = pksdiag_ring_read(&pksdiag_ring, &d->reader, &d->record);
		if (ret <= 0)
			return ret ?: -EAGAIN;
		d->pending = true;
	}
	if (count < d->record.size)
		return -EINVAL;
	if (copy_to_user(buf, &d->record, d->record.size))
		return -EFAULT;
	d->pending = false;
	return d->record.size;
}

/* Waits without the lock, so that others can go on using the file. */
static ssize_t dev_read(struct file *file, char __user *buf, size_t count,
			loff_t *ppos)
{
	struct dev_reader *d = file->private_data;
	ssize_t ret;

	for (;;) {
		ret = mutex_lock_interruptible(&d->lock);
		if (ret)
			return ret;
		ret = dev_take(d, buf, count);
		mutex_unlock(&d->lock);
		if (ret != -EAGAIN || file->f_flags & O_NONBLOCK)
			return ret;
		ret = wait_event_interruptible(readers, dev_readable(d));
		if (ret)
			return ret;
	}
}

static loff_t dev_llseek(struct file *file, loff_t offset, int whence)
{
	struct dev_reader *d = file->private_data;
	loff_t ret = 0;

	if (offset)
		return -ESPIPE;
	mutex_lock(&d->lock);
	switch (whence) {
	case SEEK_SET:
		pksdiag_reader_seek_first(&pksdiag_ring, &d->reader);
		break;
	case SEEK_DATA:
		pksdiag_reader_seek_ring(&pksdiag_ring, &d->reader);
		break;
	case SEEK_END:
		pksdiag_reader_seek_end(&pksdiag_ring, &d->reader);
		break;
	default:
		ret = -EINVAL;
	}
	if (!ret)
		d->pending = false;
	mutex_unlock(&d->lock);
	return ret;
}

static __poll_t dev_poll(struct file *file, poll_table *wait)
{
	struct dev_reader *d = file->private_data;

	poll_wait(file, &readers, wait);
	return dev_readable(d) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations dev_fops = {
	.owner		= THIS_MODULE,
	.open		= dev_open,
	.release	= dev_release,
	.read		= dev_read,
	.llseek		= dev_llseek,
	.poll		= dev_poll,
	.unlocked_ioctl	= pksdiag_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice dev_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "pksdiag",
	.fops	= &dev_fops,
	.mode	= 0400,
};

static int __init dev_init(void)
{
	return misc_register(&dev_misc);
}
device_initcall(dev_init);
