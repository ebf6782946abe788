/* SPDX-License-Identifier: GPL-2.0 */
/* The console log in a dump. */
#ifndef PKSDIAG_DUMP_LOG_H
#define PKSDIAG_DUMP_LOG_H

#include "dump.h"
#include "log_records.h"

bool dump_log_feed(struct dump *dump, struct log_records *log);

#endif /* PKSDIAG_DUMP_LOG_H */
