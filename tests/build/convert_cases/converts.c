// SPDX-License-Identifier: GPL-2.0
/* What the semantic patches must convert: every function of this file. */

#include <linux/highmem.h>

static void straight(struct page *page, void *to)
{
	void *from = kmap(page);

	memcpy(to, from, PAGE_SIZE);
	kunmap(page);
}

static int error_path_unmaps(struct page *page, const void __user *user)
{
	char *to = kmap(page) + 16;

	if (copy_from_user(to, user, 16)) {
		kunmap(page);
		return -EFAULT;
	}
	kunmap(page);
	return 0;
}

static int goto_out(struct page *page, int n)
{
	int ret = -EINVAL;
	char *p;

	p = kmap(page);
	if (n > 3)
		goto out;
	memset(p, 0, n);
	ret = 0;
out:
	kunmap(page);
	return ret;
}

static void nested_loops(struct page **pages, int n, char *to)
{
	int i, j;

	for (i = 0; i < n; i++) {
		char *p = kmap(pages[i]);

		for (j = 0; j < 16; j++) {
			if (!p[j])
				continue;
			if (p[j] == 1)
				break;
			memcpy(to, p + j, 1);
		}
		kunmap(pages[i]);
	}
}

static int leaves_the_loop(struct page *page, int n)
{
	while (n--) {
		char *p = kmap(page);

		if (p[n]) {
			kunmap(page);
			return n;
		}
		kunmap(page);
	}
	return 0;
}

static void two_pages(struct page *to, struct page *from)
{
	char *t, *f;

	t = (char *)kmap(to) + 8;
	f = (char *)kmap(from) + 8;
	memcpy(t, f, 8);
	kunmap(to);
	kunmap(from);
}

static void through_an_alias(struct page *page)
{
	char *p = kmap(page);
	char *q;

	q = p + 8;
	memset(q, 0, 8);
	kunmap(page);
}

static void by_page_address(struct page *page)
{
	char *p;

	kmap(page);
	p = page_address(page);
	memset(p, 0, PAGE_SIZE);
	kunmap(page);
}

static void on_the_spot(struct page *page)
{
	clear_page(kmap(page));
	kunmap(page);
}

static int null_check(struct page *page)
{
	char *p = kmap(page);

	if (!p)
		return -ENOMEM;
	memset(p, 0, PAGE_SIZE);
	kunmap(page);
	return 0;
}

static int only_a_value_leaves(struct page *page, struct header *header)
{
	struct header *p = kmap(page);
	int ret;

	header->magic = le32_to_cpu(p->magic);
	ret = memcmp(header, p, sizeof(*p));
	kunmap(page);
	return ret;
}
