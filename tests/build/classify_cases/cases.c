// SPDX-License-Identifier: GPL-2.0
/*
 * Cases for tests/build/test_classify: each function that maps is named by its class.
 * Nothing here is compiled.
 */

struct holder {
	void *addr;
	void *slots[4];
	struct page *page;
	struct list_head list;
	int (*fn)(void *addr);
	bool mapped;
};

struct entry {
	__le32 inode;
	u8 name_len;
	char name[255];
};

static void *global_pointer;
static char *unknown_callee(void *addr);

/* thread */

static void thread_address(struct page *page, void *to)
{
	void *addr = kmap_local_page(page);

	memcpy(to, addr, PAGE_SIZE);
	kunmap_local(addr);
}

static void thread_page(struct page *page, void *to)
{
	void *addr = kmap(page);

	memcpy(to, addr, PAGE_SIZE);
	kunmap(page);
}

static void thread_kmap_thread(struct page *page, void *to)
{
	void *addr = kmap_thread(page);

	memcpy(to, addr, PAGE_SIZE);
	kunmap_thread(page);
}

static void thread_atomic_offset(struct page *page, void *to, int off)
{
	char *addr = kmap_atomic(page) + off;

	memcpy(to, addr, 16);
	kunmap_atomic(addr);
}

static void thread_alias(struct page *page, int off)
{
	char *addr = kmap_local_page(page);
	char *p = addr + off, *end = addr + PAGE_SIZE;

	while (p < end)
		*p++ = 0;
	kunmap_local(addr);
}

static void thread_unmap_by_alias(struct page *page, int off)
{
	char *addr = kmap_local_page(page);
	char *p = addr + off;

	addr = NULL;
	*p = 1;
	kunmap_local(p);
}

static void thread_page_address(struct page *page)
{
	kmap(page);
	memset(page_address(page), 0, PAGE_SIZE);
	kunmap(page);
}

static int thread_early_return(struct page *page)
{
	char *addr = kmap_local_page(page);

	if (!addr[0]) {
		kunmap_local(addr);
		return -EINVAL;
	}
	kunmap_local(addr);
	return 0;
}

static int thread_goto(struct page *page, int len)
{
	char *addr = kmap_local_page(page);
	int err = -EINVAL;

	if (len > 16)
		goto out;
	memset(addr, 0, len);
	err = 0;
out:
	kunmap_local(addr);
	return err;
}

static int thread_is_err(struct address_space *mapping)
{
	struct page *page = read_mapping_page(mapping, 0, NULL);
	char *addr;
	int value;

	if (IS_ERR(page))
		return PTR_ERR(page);
	addr = kmap(page);
	value = addr[0];
	kunmap(page);
	put_page(page);
	return value;
}

static void thread_same_condition(struct page *page, bool map, char *addr)
{
	if (map)
		addr = kmap_local_page(page);
	memset(addr, 0, 16);
	if (map)
		kunmap_local(addr);
}

static void thread_flag(struct page *page, int len, char *addr)
{
	bool mapped = false;

	if (len > 16) {
		addr = kmap(page);
		mapped = true;
	}
	memset(addr, 0, 16);
	if (mapped)
		kunmap(page);
}

static int thread_error_path(struct page *page, int len)
{
	char *addr = NULL;
	int err = 0;

	if (len < 0) {
		err = -EINVAL;
		goto out;
	}
	addr = kmap_local_page(page);
	memset(addr, 0, len);
out:
	if (addr)
		kunmap_local(addr);
	return err;
}

static void thread_loop(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		char *addr = kmap_local_page(pages[i]);

		if (addr[0]) {
			kunmap_local(addr);
			continue;
		}
		memset(addr, 0, PAGE_SIZE);
		kunmap_local(addr);
	}
}

static int thread_loop_break(struct page **pages, int n)
{
	int i, found = -1;

	for (i = 0; i < n; i++) {
		char *addr = kmap(pages[i]);

		if (addr[0])
			found = i;
		kunmap(pages[i]);
		if (found >= 0)
			break;
	}
	return found;
}

static void thread_switch(struct page *page, int what)
{
	char *addr = kmap_local_page(page);

	switch (what) {
	case 0:
		addr[0] = 0;
		fallthrough;
	case 1:
		addr[1] = 0;
		break;
	default:
		addr[2] = 0;
	}
	kunmap_local(addr);
}

static void thread_two_pages(struct page *from, struct page *to)
{
	char *src = kmap_local_page(from);
	char *dst = kmap_local_page(to);

	memcpy(dst, src, PAGE_SIZE);
	kunmap_local(dst);
	kunmap_local(src);
}

static u32 thread_loaded_number(struct page *page)
{
	struct entry *de = kmap_local_page(page);
	u32 inode = le32_to_cpu(de->inode);

	kunmap_local(de);
	return inode;
}

static void thread_scalar_field(struct page *page, u8 *out)
{
	struct entry *de = kmap_local_page(page);

	*out = de->name_len;
	kunmap_local(de);
}

static int plain_sum(const u8 *p, int n)
{
	int sum = 0;

	while (n--)
		sum += *p++;
	return sum;
}

static int thread_callee_of_this_file(struct page *page)
{
	u8 *addr = kmap_local_page(page);
	int sum = plain_sum(addr, 16);

	kunmap_local(addr);
	return sum;
}

static void plain_put(struct page *page, void *addr)
{
	kunmap_local(addr);
	put_page(page);
}

static void thread_helper_unmaps(struct page *page)
{
	char *addr = kmap_local_page(page);

	addr[0] = 0;
	plain_put(page, addr);
}

static void *thread_helper_maps(struct page *page, int off)
{
	return kmap_local_page(page) + off;
}

static void plain_uses_helper(struct page *page)
{
	char *addr = thread_helper_maps(page, 16);

	addr[0] = 0;
	kunmap_local(addr);
}

static struct page *thread_pair_of_helpers(struct address_space *mapping, int n)
{
	struct page *page = read_mapping_page(mapping, n, NULL);

	if (!IS_ERR(page))
		kmap(page);
	return page;
}

static void plain_put_page(struct page *page)
{
	kunmap(page);
	put_page(page);
}

static int plain_uses_pair(struct address_space *mapping)
{
	struct page *page = thread_pair_of_helpers(mapping, 0);
	char *addr;

	if (IS_ERR(page))
		return PTR_ERR(page);
	addr = page_address(page);
	addr[0] = 0;
	plain_put_page(page);
	return 0;
}

static struct page *thread_out_parameter(struct address_space *mapping, void **addr)
{
	struct page *page = read_mapping_page(mapping, 0, NULL);

	if (IS_ERR(page))
		return page;
	*addr = kmap_local_page(page);
	return page;
}

static int plain_uses_out_parameter(struct address_space *mapping)
{
	char *addr;
	struct page *page = thread_out_parameter(mapping, (void **)&addr);

	if (IS_ERR(page))
		return PTR_ERR(page);
	addr[0] = 0;
	plain_put(page, addr);
	return 0;
}

static void thread_local_structure(struct page *page, void *to)
{
	struct holder here;

	here.addr = kmap_local_page(page);
	memcpy(to, here.addr, 16);
	kunmap_local(here.addr);
}

static int thread_ternary(struct page *page, bool atomic)
{
	char *addr = atomic ? kmap_atomic(page) : NULL;
	int value = 0;

	if (addr) {
		value = addr[0];
		kunmap_atomic(addr);
	}
	return value;
}

static void thread_do_while(struct page *page, int n)
{
	do {
		char *addr = kmap_atomic(page);

		addr[n] = 0;
		kunmap_atomic(addr);
		page++;
	} while (--n);
}

static void thread_list(struct list_head *head)
{
	struct holder *holder;

	list_for_each_entry(holder, head, list) {
		char *addr = kmap_local_page(holder->page);

		addr[0] = 0;
		kunmap_local(addr);
	}
}

static void thread_folio(struct folio *folio)
{
	char *addr = kmap_local_folio(folio, 0);

	clear_page(addr);
	kunmap_local(addr);
}

static void thread_page_of_member(struct buffer_head *bh, void *to)
{
	struct page *page = bh->b_page;

	memcpy(to, kmap(page), 16);
	kunmap(bh->b_page);
}

/* global */

static void global_member(struct holder *holder)
{
	holder->addr = kmap(holder->page);
}

static void global_member_by_alias(struct holder *holder)
{
	char *addr = kmap_local_page(holder->page);
	char *p = addr + 16;

	holder->addr = p;
}

static void global_variable(struct page *page)
{
	global_pointer = kmap(page);
}

static void global_static(struct page *page)
{
	static void *kept;

	kept = kmap(page);
}

static void global_array(struct holder *holder, struct page **pages)
{
	int i;

	for (i = 0; i < 4; i++)
		holder->slots[i] = kmap_local_page(pages[i]);
}

static void global_iovec(struct kvec *iov, struct scatterlist *sg, int n)
{
	while (n--) {
		iov->iov_base = kmap(sg_page(sg)) + sg->offset;
		iov++;
		sg = sg_next(sg);
	}
}

static void global_write_once(struct holder *holder)
{
	WRITE_ONCE(holder->addr, kmap(holder->page));
}

static void global_on_one_path(struct holder *holder, bool keep)
{
	char *addr = kmap(holder->page);

	if (keep) {
		holder->addr = addr;
		return;
	}
	kunmap(holder->page);
}

static void *global_helper(struct page *page)
{
	return kmap(page);
}

static void plain_keeps(struct holder *holder)
{
	holder->addr = global_helper(holder->page);
}

void *global_exported(struct page *page)
{
	return kmap_local_page(page);
}
EXPORT_SYMBOL(global_exported);

/* leak */

static int leak_early_return(struct page *page)
{
	char *addr = kmap_local_page(page);

	if (!addr[0])
		return -EINVAL;
	kunmap_local(addr);
	return 0;
}

static int leak_goto(struct page *page, int len)
{
	char *addr = kmap(page);
	int err = -EINVAL;

	if (len > 16)
		goto out;
	memset(addr, 0, len);
	kunmap(page);
	err = 0;
out:
	return err;
}

static void leak_always(struct page *page)
{
	char *addr = kmap_local_page(page);

	addr[0] = 0;
}

static int leak_continue(struct page **pages, int n)
{
	int i, sum = 0;

	for (i = 0; i < n; i++) {
		char *addr = kmap_atomic(pages[i]);

		if (!addr[0])
			continue;
		sum += addr[1];
		kunmap_atomic(addr);
	}
	return sum;
}

static int leak_break(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		char *addr = kmap_atomic(pages[i]);

		if (!addr[0])
			break;
		kunmap_atomic(addr);
	}
	return i;
}

static void leak_switch(struct page *page, int what)
{
	char *addr = kmap_local_page(page);

	switch (what) {
	case 0:
		addr[0] = 0;
		kunmap_local(addr);
		break;
	case 1:
		addr[1] = 0;
		break;
	default:
		kunmap_local(addr);
	}
}

static int leak_one_of_two(struct page *from, struct page *to)
{
	char *leak_src = kmap_local_page(from);

	if (!leak_src[0])
		return -EINVAL;
	if (leak_src[1]) {
		kunmap_local(leak_src);
		return 0;
	}
	put_page(to);
	kunmap_local(leak_src);
	return 1;
}

/* mismatch */

static void mismatch_page_for_address(struct page *page)
{
	char *addr = kmap_local_page(page);

	addr[0] = 0;
	kunmap_local(page);
}

static void mismatch_address_for_page(struct page *page)
{
	char *addr = kmap(page);

	addr[0] = 0;
	kunmap(addr);
}

static void mismatch_atomic_local(struct page *page)
{
	char *addr = kmap_atomic(page);

	addr[0] = 0;
	kunmap_local(addr);
}

static void mismatch_global_local(struct page *page)
{
	char *addr = kmap(page);

	addr[0] = 0;
	kunmap_local(addr);
}

static void mismatch_thread_global(struct page *page)
{
	char *addr = kmap_thread(page);

	addr[0] = 0;
	kunmap(page);
}

static void mismatch_other_page(struct page *page, struct page *other)
{
	char *addr = kmap(page);

	addr[0] = 0;
	kunmap(other);
}

static void mismatch_reassigned_page(struct page *page)
{
	char *addr = kmap(page);

	addr[0] = 0;
	page = alloc_page(GFP_KERNEL);
	kunmap(page);
}

static void mismatch_reassigned_address(struct page *page, char *other)
{
	char *addr = kmap_local_page(page);

	addr[0] = 0;
	addr = other;
	kunmap_local(addr);
}

static void mismatch_next_page(struct page *page)
{
	char *addr = kmap(page);

	addr[0] = 0;
	page++;
	kunmap(page);
}

/* unknown */

static void unknown_callee_keeps(struct page *page)
{
	char *addr = kmap_local_page(page);

	unknown_callee(addr);
	kunmap_local(addr);
}

static void unknown_method(struct holder *holder)
{
	char *addr = kmap_local_page(holder->page);

	holder->fn(addr);
	kunmap_local(addr);
}

static void unknown_stored_and_unmapped(struct holder *holder)
{
	holder->addr = kmap_local_page(holder->page);
	memset(holder->addr, 0, 16);
	kunmap_local(holder->addr);
}

static void unknown_work(struct holder *holder, struct work_struct *work)
{
	char *addr = kmap(holder->page);

	addr[0] = 0;
	schedule_work(work);
	kunmap(holder->page);
}

static void unknown_timer(struct page *page, struct timer_list *timer)
{
	char *addr = kmap(page);

	addr[0] = 0;
	mod_timer(timer, jiffies);
	kunmap(page);
}

static void unknown_thread_started(struct page *page)
{
	char *addr = kmap(page);

	kthread_run(worker, addr, "worker");
	kunmap(page);
}

static void unknown_completion(struct page *page, struct completion *done)
{
	char *addr = kmap(page);

	wait_for_completion(done);
	addr[0] = 0;
	kunmap(page);
}

static void unknown_bio(struct page *page, struct bio *bio)
{
	char *addr = kmap(page);

	addr[0] = 0;
	submit_bio(bio);
	kunmap(page);
}

static void unknown_address_taken(struct page *page)
{
	char *addr = kmap_local_page(page);

	unknown_callee(&addr);
	kunmap_local(addr);
}

static void unknown_local_structure_passed(struct page *page)
{
	struct holder here;

	here.addr = kmap_local_page(page);
	unknown_callee(&here);
	kunmap_local(here.addr);
}

static void unknown_assembler(struct page *page)
{
	char *addr = kmap_local_page(page);

	asm volatile("" : : "r" (addr));
	kunmap_local(addr);
}

static void unknown_array_in_the_page(struct page *page, struct holder *holder)
{
	struct entry *de = kmap_local_page(page);

	holder->addr = de->name;
	kunmap_local(de);
}

static void unknown_use_after_unmap(struct page *page, struct holder *holder)
{
	char *addr = kmap_local_page(page);

	kunmap_local(addr);
	holder->addr = addr;
}

static void unknown_twice(struct page *page)
{
	char *addr = kmap_local_page(page);

	kunmap_local(addr);
	kunmap_local(addr);
}

static void unknown_page_given_away(struct page *page)
{
	kmap(page);
	unknown_callee(page);
	kunmap(page);
}

static void unknown_other_conditions(struct page *page, int a, int b)
{
	char *addr = NULL;

	if (a)
		addr = kmap(page);
	if (b)
		unknown_callee(page);
}

static void unknown_preprocessor(struct page *page)
{
#ifdef CONFIG_HIGHMEM
	char *addr = kmap_local_page(page);
#else
	char *addr = page_address(page);
#endif
	addr[0] = 0;
	kunmap_local(addr);
}

static void unknown_arrays(struct page **pages, int n)
{
	char *addr[4];
	int i;

	for (i = 0; i < n; i++)
		addr[i] = kmap(pages[i]);
	for (i = 0; i < n; i++)
		kunmap(pages[i]);
}

static void *unknown_begin(struct holder *holder)
{
	kmap(holder->page);
	return holder;
}

static void plain_some_paths(void *addr, bool unmap)
{
	if (unmap)
		kunmap_local(addr);
}

static void unknown_helper_unmaps_sometimes(struct page *page, bool unmap)
{
	char *addr = kmap_local_page(page);

	addr[0] = 0;
	plain_some_paths(addr, unmap);
}

static void unknown_loaded_pointer(struct page *page)
{
	struct entry *de = kmap_local_page(page);

	unknown_callee(de->name);
	kunmap_local(de);
}

static void unknown_sg(struct page *page, struct scatterlist *sg)
{
	char *addr = kmap(page);

	sg_init_one(sg, addr, 16);
	kunmap(page);
}

static void *unknown_helper(struct page *page)
{
	return kmap_local_page(page);
}

static void plain_helper_forgets(struct page *page)
{
	char *addr = unknown_helper(page);

	addr[0] = 0;
}

static void unknown_swap(struct page *page, char *other)
{
	char *addr = kmap_local_page(page);

	swap(addr, other);
	kunmap_local(addr);
}

static void unknown_statement_expression(struct page *page)
{
	char *addr = kmap_local_page(page);
	int value = ({ unknown_callee(addr); 1; });

	addr[0] = value;
	kunmap_local(addr);
}

static void unknown_callback(struct page *page, void (*actor)(void *addr))
{
	char *addr = kmap_local_page(page);

	actor(addr);
	kunmap_local(addr);
}

static void unknown_condition_with_effect(struct page *page, struct holder *holder)
{
	char *addr = NULL;

	if (next_event(holder))
		addr = kmap(page);
	if (next_event(holder))
		kunmap(page);
}

static void unknown_hidden_variable(struct page *page, struct holder *holder)
{
	char *addr = kmap(page);

	if (holder->mapped) {
		char *addr = NULL;

		unknown_callee(addr);
	}
	holder->addr = addr;
	kunmap(page);
}

static void unknown_pointer_copied(struct page *page, struct holder *holder)
{
	char *addr = kmap_local_page(page);

	memcpy(&holder->addr, &addr, sizeof(addr));
	kunmap_local(addr);
}

static void unknown_integer(struct page *page)
{
	char *addr = kmap_local_page(page);

	page->private = (unsigned long)addr;
	kunmap_local(addr);
}

static void unknown_structure_copied(struct page *page, struct holder *holder)
{
	struct holder here = { .addr = kmap_local_page(page) };

	*holder = here;
	kunmap_local(here.addr);
}

static void plain_stores(struct holder *holder, void *addr)
{
	holder->addr = addr;
}

static void unknown_callee_stores(struct page *page, struct holder *holder)
{
	char *addr = kmap_local_page(page);

	plain_stores(holder, addr);
	kunmap_local(addr);
}

static void unknown_stored_on_one_path(struct page *page, struct holder *holder, bool keep)
{
	char *addr = kmap_local_page(page);
	char *p = keep ? addr : NULL;

	holder->addr = p;
	kunmap_local(addr);
}

static void unknown_list(struct page *page, struct list_head *head)
{
	struct holder *in_page = kmap_local_page(page);

	list_add(&in_page->list, head);
	kunmap_local(in_page);
}

static void unknown_per_cpu(struct page *page)
{
	char *addr = kmap_local_page(page);

	this_cpu_write(current_buffer, addr);
	kunmap_local(addr);
}

static void unknown_device(struct device *dev, struct page *page)
{
	char *addr = kmap(page);

	dma_map_single(dev, addr, 16, DMA_TO_DEVICE);
	kunmap(page);
}

static int unknown_retry(struct page *page, struct holder *holder)
{
	char *addr;

again:
	addr = kmap_local_page(page);
	if (!addr[0]) {
		holder->fn(addr);
		kunmap_local(addr);
		goto again;
	}
	kunmap_local(addr);
	return 0;
}

static void unknown_moved_to_the_end(struct page *page)
{
	char *map = kmap_local_page(page), *end = map + PAGE_SIZE;

	while (map < end)
		*map++ = 0;
	kunmap_local(map);
}

static void unknown_moved_by_entries(struct page *page, unsigned int left)
{
	struct entry *de = kmap_local_page(page);

	for (; left; left--)
		de += de->name_len;
	kunmap_local(de);
}

static void unknown_end_of_page(struct page *page)
{
	char *map = kmap_local_page(page);
	char *end = map + PAGE_SIZE;

	memset(map, 0, PAGE_SIZE);
	kunmap_local(end);
}

static void unknown_moved_copy(struct page *page, const char *from)
{
	char *map = kmap_atomic(page);
	char *to = map;

	while (*from)
		*to++ = *from++;
	kunmap_atomic(to);
}

static void thread_moved_once(struct page *page, int off)
{
	char *map = kmap_atomic(page);

	map += off;
	*map = 0;
	kunmap_atomic(map);
}

static void thread_copy_moves(struct page *page)
{
	char *map = kmap_local_page(page), *to = map;

	while (to < map + PAGE_SIZE)
		*to++ = 0;
	kunmap_local(map);
}

static void thread_set_back(struct page *page, int n)
{
	char *base = kmap_local_page(page), *p = base;

	while (n--)
		p++;
	*p = 0;
	p = base;
	kunmap_local(p);
}

static void thread_moved_once_in_each(struct page **pages, int n, int off)
{
	while (n--) {
		char *map = kmap_local_page(pages[n]);

		map += off;
		*map = 0;
		kunmap_local(map);
	}
}

static void unknown_order(struct page *a, struct page *b)
{
	void *first = kmap_local_page(a);
	char *second = kmap_local_page(b);

	memcpy(first, second, 8);
	kunmap_local(first);
	unknown_callee(second); /* or it were thread */
	kunmap_local(second);
}

static void thread_order(struct page *a, struct page *b)
{
	void *first = kmap_local_page(a);
	char *second = kmap_local_page(b);

	memcpy(first, second, 8);
	kunmap_local(second);
	kunmap_local(first);
}

static void thread_order_in_a_loop(struct page *a, struct page **pages, int n)
{
	char *first = kmap_local_page(a), *other;

	while (n--) {
		other = kmap_local_page(pages[n]);
		first[n] = other[0];
		kunmap_local(other);
	}
	kunmap_local(first);
}
