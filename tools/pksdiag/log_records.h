/* SPDX-License-Identifier: GPL-2.0 */
/* From a console log, as it comes, to the records that are in it. */
#ifndef PKSDIAG_LOG_RECORDS_H
#define PKSDIAG_LOG_RECORDS_H

#include <linux/types.h>
#include <stddef.h>

struct log_records;

/**
 * struct log_ops - who wants to know
 * @record: a record is complete; it passed record_check() and is valid during
 *	the call only
 * @lost: something in the log is not whole; @what is one line for the user
 *
 * Both are called while the log is fed, and get @data of log_records_new().
 */
struct log_ops {
	void (*record)(void *data, const void *record);
	void (*lost)(void *data, const char *what);
};

struct log_records *log_records_new(const struct log_ops *ops, void *data);
void log_records_feed(struct log_records *log, const char *text, size_t len);
void log_records_end(struct log_records *log);

#endif /* PKSDIAG_LOG_RECORDS_H */
