// SPDX-License-Identifier: GPL-2.0
/* Lists of words on the command line. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "sites_words.h"
#include "util.h"

/**
 * site_words_split - take a list apart
 * @words: out; site_words_free() it
 * @list: words with commas between them, or NULL
 */
void site_words_split(struct site_words *words, const char *list)
{
	char *word, *save = NULL;

	*words = (struct site_words){};
	if (!list)
		return;
	words->text = xstrdup(list);
	for (word = strtok_r(words->text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		words->v = xrealloc(words->v, (words->nr + 1) * sizeof(*words->v));
		words->v[words->nr++] = word;
	}
}

/**
 * site_words_free - free a list
 * @words: the list
 */
void site_words_free(struct site_words *words)
{
	free(words->v);
	free(words->text);
	*words = (struct site_words){};
}

/**
 * site_words_match - is a name wanted by a list
 * @words: the list: names, patterns as of the shell, and directories; those behind an
 *	exclamation mark are not wanted
 * @name: the name
 *
 * Return: true if one of those is the name, or if there are none but such that are not
 * wanted, and it is none of these.
 */
bool site_words_match(const struct site_words *words, const char *name)
{
	bool wanted = false, any = false;
	size_t i;

	for (i = 0; i < words->nr; i++) {
		bool not = words->v[i][0] == '!';

		if (!fnmatch(words->v[i] + not, name, FNM_LEADING_DIR)) {
			if (not)
				return false;
			wanted = true;
		}
		any |= !not;
	}
	return wanted || !any;
}
