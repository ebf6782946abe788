// SPDX-License-Identifier: GPL-2.0
/* Memory of a kernel, wherever it is read from. All of it may be damaged, or not there. */
#include <stdlib.h>

#include "memory.h"
#include "util.h"

/* Read arrays in pieces of about this many bytes. */
#define CHUNK	0x100000u

/**
 * memory_read - read memory
 * @mem: the memory
 * @addr: kernel address
 * @buf: where to
 * @len: bytes
 *
 * Return: 0, or -1: @mem->ops->why() says why.
 */
int memory_read(struct memory *mem, __u64 addr, void *buf, size_t len)
{
	return mem->ops->read(mem, addr, buf, len);
}

/**
 * memory_symbol - find a symbol
 * @mem: the memory
 * @name: of the symbol
 * @addr: out: its run-time address
 *
 * Return: 0, or -1 if it is not known.
 */
int memory_symbol(struct memory *mem, const char *name, __u64 *addr)
{
	return mem->ops->symbol(mem, name, addr);
}

/* Read items [nr, nr + count) at once, and if that fails, one by one. */
static void read_chunk(struct memory *mem, struct memory_array *array, __u32 nr,
		       __u32 count, void *buf)
{
	__u64 addr = array->base + (__u64)nr * array->size;
	__u32 i;

	if (memory_read(mem, addr, buf, (size_t)count * array->size)) {
		if (count == 1) {
			array->unreadable++;
			return;
		}
		for (i = 0; i < count; i++)
			read_chunk(mem, array, nr + i, 1, buf);
		return;
	}
	for (i = 0; i < count; i++)
		array->take(array, nr + i, buf + (size_t)i * array->size);
}

/**
 * memory_read_array - read all items of an array, as far as they are there
 * @mem: the memory
 * @array: the array; items that are not there are reported
 */
void memory_read_array(struct memory *mem, struct memory_array *array)
{
	__u32 step = CHUNK / array->size;
	void *buf = xmalloc((size_t)step * array->size);
	__u32 nr;

	for (nr = 0; nr < array->nr; nr += step)
		read_chunk(mem, array, nr, min_size(step, array->nr - nr), buf);
	free(buf);
	if (array->unreadable)
		pr_err("%s: %u of %u %s at 0x%llx are not in the dump (cut off?)",
		       mem->name, array->unreadable, array->nr, array->what,
		       array->base);
}
