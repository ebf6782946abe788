/* SPDX-License-Identifier: GPL-2.0 */
/* The command pks of crash, and its parts. */
#ifndef PKSDIAG_EXTENSION_H
#define PKSDIAG_EXTENSION_H

#include "options.h"

/**
 * struct request - what the user typed
 * @opt: the options
 * @what: 's', 'o' or 'k'; 0: the list, or an address
 * @seq: of -s
 * @address: an address, or NULL
 */
struct request {
	struct options opt;
	int what;
	char *seq;
	char *address;
};

extern char *help_pks[];

int request_run(void *arg);
int show_keys(const struct options *opt);
int show_address(const struct options *opt, const char *text);

#endif /* PKSDIAG_EXTENSION_H */
