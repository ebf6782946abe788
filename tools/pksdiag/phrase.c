// SPDX-License-Identifier: GPL-2.0
/*
 * Sentences about a record. In their text "{word}" stands for a fact: what the
 * tables say reads as it will be printed, and the names in it are the record's.
 */
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "phrase.h"
#include "util.h"

/**
 * struct context - what a word is put with
 * @out: where to
 * @v: the view
 * @r: the record
 * @text: the sentence
 */
struct context {
	FILE *out;
	const struct view *v;
	const struct pksdiag_record *r;
	const char *text;
};

static void put_return(const struct context *c, __u64 ip)
{
	put_function(c->out, c->r, view_return(c->v, c->r, ip));
}

static void put_since(const struct context *c, __u64 ns)
{
	put_duration(c->out, fact_ago(c->r, ns));
}

static void word_code(const struct context *c)
{
	put_function(c->out, c->r, fact_code(c->v, c->r));
}

static void word_owner(const struct context *c)
{
	put_return(c, c->r->owner_ip);
}

static void word_owner_task(const struct context *c)
{
	PUT_FIELD(c->out, c->r->owner_comm);
	fprintf(c->out, " (pid %u)", c->r->owner_pid);
}

static void word_task(const struct context *c)
{
	PUT_FIELD(c->out, c->r->comm);
	fprintf(c->out, " (pid %u)", c->r->pid);
}

static void word_owner_age(const struct context *c)
{
	put_since(c, c->r->owner_ns);
}

static void word_unmap(const struct context *c)
{
	put_return(c, c->r->unmap_ip);
}

static void word_gap(const struct context *c)
{
	put_since(c, c->r->unmap_ns);
}

static void word_type(const struct context *c)
{
	fputs(pksdiag_mapping_name(c->r->mapping), c->out);
}

static void word_context(const struct context *c)
{
	fputs(pksdiag_context_name(c->r->context), c->out);
}

static void word_owner_context(const struct context *c)
{
	fputs(pksdiag_context_name(c->r->owner_context), c->out);
}

/* Only a mapped neighbour has somebody who mapped it. */
static void word_neighbour(const struct context *c)
{
	const char *side = fact_side_name(fact_side(c->r));

	fprintf(c->out, "the page %s it", side ? side : "next to");
	if (!(c->r->flags & PKSDIAG_F_NEAR))
		return;
	fprintf(c->out, " (pfn 0x%llx, mapped by %s in ", c->r->near_pfn,
		pksdiag_mapping_name(c->r->near_mapping));
	put_return(c, c->r->near_ip);
	fputc(')', c->out);
}

static void word_beyond(const struct context *c)
{
	unsigned int bytes = fact_beyond(c->r);
	bool after = fact_side(c->r) > 0;

	fprintf(c->out, "%u byte%s %s", bytes, bytes == 1 ? "" : "s",
		after ? "before its start" : "behind its end");
}

static void word_handed(const struct context *c)
{
	if (!(c->r->flags & PKSDIAG_F_HANDED))
		return;
	fputs(" to ", c->out);
	put_return(c, c->r->handed_ip);
	fputs(", task ", c->out);
	PUT_FIELD(c->out, c->r->handed_comm);
	fprintf(c->out, " (pid %u), ", c->r->handed_pid);
	put_since(c, c->r->handed_ns);
	fputs(" before the access", c->out);
}

static void word_lost(const struct context *c)
{
	put_return(c, c->r->lost_ip);
}

static void word_lost_page(const struct context *c)
{
	fprintf(c->out, "pfn 0x%llx", c->r->lost_pfn);
}

static void word_lost_age(const struct context *c)
{
	put_since(c, c->r->lost_ns);
}

static void word_clue(const struct context *c)
{
	const struct pksdiag_clue_at *clue = fact_best_clue(c->r);

	if (clue)
		put_clue(c->out, c->v, c->r, clue);
	else
		fputs("no clue is in the record", c->out);
}

/* The faulting function, and the caller that knows the page if it does not. */
static void word_missing(const struct context *c)
{
	const struct pksdiag_clue_at *clue = fact_best_clue(c->r);
	const struct location *holder = NULL;

	if (clue && fact_clue_on_stack(clue) && clue->frame)
		holder = fact_clue_holder(c->v, c->r, clue);
	word_code(c);
	if (!holder || holder == fact_code(c->v, c->r))
		return;
	fputs(", or before that in ", c->out);
	put_function(c->out, c->r, holder);
	fputs(", which knows the page", c->out);
}

static void word_forgot(const struct context *c)
{
	fprintf(c->out, "%u mapping%s", c->r->forgot,
		c->r->forgot == 1 ? "" : "s");
}

static void word_page(const struct context *c)
{
	put_target(c->out, c->r);
	if (c->r->flags & PKSDIAG_F_FILE)
		return;
	fputs(c->r->flags & PKSDIAG_F_DEVICE ? ", of no known file" :
	      ", of no protected device", c->out);
}

static void word_key(const struct context *c)
{
	put_key(c->out, c->r);
}

static void word_device_key(const struct context *c)
{
	PUT_FIELD(c->out, c->r->device);
	fprintf(c->out, " has pkey %u", c->r->device_pkey);
}

static void word_access(const struct context *c)
{
	fputs(pksdiag_access_name(c->r->access), c->out);
}

static void word_searched(const struct context *c)
{
	fprintf(c->out, "%u word%s", c->r->stack_words,
		c->r->stack_words == 1 ? "" : "s");
}

static void word_recent(const struct context *c)
{
	put_duration(c->out, PKSDIAG_RECENT_NS);
}

static void word_mappers(const struct context *c)
{
	put_mappers(c->out, c->v, c->r);
}

static const struct {
	const char *name;
	void (*put)(const struct context *c);
} words[] = {
	{ "access", word_access },
	{ "beyond", word_beyond },
	{ "clue", word_clue },
	{ "code", word_code },
	{ "context", word_context },
	{ "device key", word_device_key },
	{ "forgot", word_forgot },
	{ "gap", word_gap },
	{ "handed", word_handed },
	{ "key", word_key },
	{ "lost", word_lost },
	{ "lost age", word_lost_age },
	{ "lost page", word_lost_page },
	{ "mappers", word_mappers },
	{ "missing", word_missing },
	{ "neighbour", word_neighbour },
	{ "owner", word_owner },
	{ "owner age", word_owner_age },
	{ "owner context", word_owner_context },
	{ "owner task", word_owner_task },
	{ "page", word_page },
	{ "recent", word_recent },
	{ "searched", word_searched },
	{ "task", word_task },
	{ "type", word_type },
	{ "unmap", word_unmap },
};

static void put_word(const struct context *c, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strlen(words[i].name) != len ||
		    memcmp(words[i].name, name, len))
			continue;
		words[i].put(c);
		return;
	}
	/* A word that a table has and this one has not. */
	abort();
}

static void put_text(const struct context *c, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "{");

		fwrite(text, 1, len, c->out);
		text += len;
		if (!*text)
			break;
		len = strcspn(++text, "}");
		put_word(c, text, len);
		text += len + 1;
	}
}

static void put_sentence(FILE *out, const void *arg)
{
	struct context c = *(const struct context *)arg;

	c.out = out;
	put_text(&c, c.text);
}

/**
 * phrase - a sentence about a record
 * @v: the view
 * @r: the record
 * @text: the sentence, with "{word}" for what the record says
 *
 * Return: the sentence; the caller frees it.
 */
char *phrase(const struct view *v, const struct pksdiag_record *r,
	     const char *text)
{
	struct context c = { .v = v, .r = r, .text = text };

	return text_from(put_sentence, &c);
}
