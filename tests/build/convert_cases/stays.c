// SPDX-License-Identifier: GPL-2.0
/* What the semantic patches must leave alone: every function of this file. */

#include <linux/highmem.h>

static int error_path_forgets(struct page *page, const void __user *user)
{
	char *to = kmap(page);

	if (copy_from_user(to, user, 16))
		return -EFAULT;
	kunmap(page);
	return 0;
}

static int goto_past_the_unmap(struct page *page, int n)
{
	char *p = kmap(page);

	if (n > 3)
		goto out;
	memset(p, 0, n);
	kunmap(page);
out:
	return n;
}

static void break_forgets(struct page *page, int n)
{
	while (n--) {
		char *p = kmap(page);

		if (p[n])
			break;
		kunmap(page);
	}
}

static void continue_forgets(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		char *p = kmap(pages[i]);

		if (!p[0])
			continue;
		kunmap(pages[i]);
	}
}

static void switch_forgets(struct page *page, int n)
{
	char *p = kmap(page);

	switch (n) {
	case 0:
		memset(p, 0, 16);
		kunmap(page);
		break;
	case 1:
		break;
	default:
		kunmap(page);
	}
}

static void conditional_map(struct page *page, char *p, bool map)
{
	if (map)
		p = kmap(page);
	memset(p, 0, 16);
	if (map)
		kunmap(page);
}

static void conditional_unmap(struct page *page, bool keep)
{
	char *p = kmap(page);

	memset(p, 0, 16);
	if (!keep)
		kunmap(page);
}

static void stored_in_a_struct(struct page *page, struct work *work)
{
	char *p = kmap(page);

	work->data = p;
	do_work(work);
	kunmap(page);
}

static void alias_stored_in_a_struct(struct page *page, struct work *work)
{
	char *p = kmap(page);
	char *q;

	q = p + 8;
	work->data = q + 8;
	kunmap(page);
}

static void mapped_into_a_struct(struct page *page, struct work *work)
{
	work->data = kmap(page);
	kunmap(page);
}

static void in_an_initializer(struct page *page)
{
	char *p = kmap(page);
	struct kvec iov = { .iov_base = p, .iov_len = 16 };

	do_work(&iov);
	kunmap(page);
}

static void in_an_array(struct page *page, char **array)
{
	char *p = kmap(page);

	array[0] = p;
	kunmap(page);
}

static void behind_a_pointer(struct page *page, char **to)
{
	char *p = kmap(page);

	*to = p + 1;
	kunmap(page);
}

static char *global_data;

static void in_a_global(struct page *page)
{
	char *p = kmap(page);

	global_data = p;
	kunmap(page);
}

static void as_an_integer(struct page *page, struct work *work)
{
	char *p = kmap(page);

	work->number = (unsigned long)p;
	kunmap(page);
}

static void by_its_address(struct page *page)
{
	char *p = kmap(page);

	do_work(&p);
	kunmap(page);
}

static char *returned(struct page *page)
{
	char *p = kmap(page);

	kunmap(page);
	return p + 4;
}

static void to_an_unknown_function(struct page *page)
{
	char *p = kmap(page);

	register_buffer(p);
	kunmap(page);
}

static void to_a_callback(struct page *page, struct work *work)
{
	char *p = kmap(page);

	work->run(p);
	kunmap(page);
}

static void page_to_a_worker(struct page *page, struct work *work)
{
	char *p = kmap(page);

	memset(p, 0, 16);
	work->page = page;
	schedule_work(&work->work);
	kunmap(page);
}

static void worker_started_meanwhile(struct page *page, struct work *work)
{
	char *p = kmap(page);

	memset(p, 0, 16);
	queue_work(system_wq, &work->work);
	kunmap(page);
}

static void maps_only(struct page *page)
{
	char *p = kmap(page);

	memset(p, 0, 16);
}

static void unmaps_only(struct page *page)
{
	kunmap(page);
}

static void unmapped_by_another_name(struct page **pages, int i)
{
	struct page *page = pages[i];
	char *p = kmap(page);

	memset(p, 0, 16);
	kunmap(pages[i]);
}

static void page_reassigned(struct page *page, struct page *other)
{
	char *p = kmap(page);

	memset(p, 0, 16);
	page = other;
	kunmap(page);
}

static void index_moves_on(struct page **pages, int i)
{
	char *p = kmap(pages[i]);

	memset(p, 0, 16);
	i++;
	kunmap(pages[i]);
}

static void mapped_twice(struct page *page)
{
	char *p = kmap(page);
	char *q = kmap(page);

	memcpy(p, q, 16);
	kunmap(page);
	kunmap(page);
}

static void unmapped_twice(struct page *page)
{
	char *p = kmap(page);

	memset(p, 0, 16);
	kunmap(page);
	kunmap(page);
}

static void one_of_two_is_wrong(struct page *page, int n)
{
	char *p = kmap(page);

	memset(p, 0, 16);
	kunmap(page);
	p = kmap(page);
	if (n)
		return;
	kunmap(page);
}

static void unmaps_the_callers(struct page *page, int n)
{
	char *p;

	if (n) {
		kunmap(page);
		return;
	}
	p = kmap(page);
	memset(p, 0, 16);
	kunmap(page);
}

static void cast_alias_stored(struct page *page, struct work *work, int at)
{
	char *p = kmap(page);
	struct header *q = (struct header *)(p + at);

	work->data = q;
	kunmap(page);
}

static void field_address_stored(struct page *page, struct work *work)
{
	struct header *p = kmap(page);

	work->data = &p->magic;
	kunmap(page);
}

static void found_and_stored(struct page *page, struct work *work)
{
	char *p = kmap(page);
	char *q = memchr(p, 0, 16);

	work->data = q;
	kunmap(page);
}

static char *alias_returned(struct page *page)
{
	char *p = kmap(page);
	char *q = p;

	kunmap(page);
	return q;
}

static void loop_alias_stored(struct page *page, struct work *work)
{
	char *p = kmap(page);
	char *q;

	for (q = p; *q; q++)
		work->data = q;
	kunmap(page);
}

static void stored_in_a_condition(struct page *page, struct work *work)
{
	char *p = kmap(page);

	while ((work->data = p))
		break;
	kunmap(page);
}

static void a_choice_is_stored(struct page *page, struct work *work, int n)
{
	char *p = kmap(page);

	work->data = n ? p : NULL;
	kunmap(page);
}

static void published(struct page *page, struct work *work)
{
	char *p = kmap(page);

	WRITE_ONCE(work->data, p);
	kunmap(page);
}

static void on_a_list(struct page *page, struct list_head *head)
{
	struct header *p = kmap(page);

	list_add(&p->list, head);
	kunmap(page);
}

static void in_a_static(struct page *page)
{
	static char *kept;

	kept = kmap(page);
	kunmap(page);
}

static void kept_in_a_static(struct page *page)
{
	static char *kept;
	char *p = kmap(page);

	kept = p;
	kunmap(page);
}

static void through_a_macro(struct page *page, struct work *work)
{
	char *p = kmap(page);

	do_work(&(struct kvec){ .iov_base = p });
	kunmap(page);
}

static void four_steps_away(struct page *page, struct work *work)
{
	char *p = kmap(page);
	char *q = p + 1;
	char *r = q + 1;
	char *s = r + 1;

	work->data = s;
	kunmap(page);
}

static int infinite_loop_returns(struct page *page, int n)
{
	char *p = kmap(page);

	for (;;) {
		if (p[n++])
			break;
		if (n > 16)
			return n;
	}
	kunmap(page);
	return 0;
}
