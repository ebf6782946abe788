/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of words on the command line. */
#ifndef PKSDIAG_SITES_WORDS_H
#define PKSDIAG_SITES_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct site_words - words that stood between commas
 * @v: the words
 * @nr: how many
 * @text: what they are in
 */
struct site_words {
	char **v;
	size_t nr;
	char *text;
};

void site_words_split(struct site_words *words, const char *list);
void site_words_free(struct site_words *words);
bool site_words_match(const struct site_words *words, const char *name);

#endif /* PKSDIAG_SITES_WORDS_H */
