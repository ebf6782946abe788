/* SPDX-License-Identifier: GPL-2.0 */
/* The commands. */
#ifndef PKSDIAG_CMD_H
#define PKSDIAG_CMD_H

#include "options.h"
#include "util.h"

/*
 * Each gets what stands behind its name and returns an exit code; main() makes
 * it EXIT_ERROR if pr_err() was called.
 */
int cmd_list(const struct options *opt, int argc, char **argv);
int cmd_explain(const struct options *opt, int argc, char **argv);
int cmd_decode(const struct options *opt, int argc, char **argv);
int cmd_capture(const struct options *opt, int argc, char **argv);
int cmd_owners(const struct options *opt, int argc, char **argv);
int cmd_stats(const struct options *opt, int argc, char **argv);
int cmd_audit(const struct options *opt, int argc, char **argv);
int cmd_sites(const struct options *opt, int argc, char **argv);
int cmd_version(const struct options *opt, int argc, char **argv);

/* A usage error: one line, and EXIT_USAGE. */
__printf(1, 2) int usage_error(const char *fmt, ...);

#endif /* PKSDIAG_CMD_H */
