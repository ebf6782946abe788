/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzzers of the tool have in common. */
#ifndef PKSDIAG_FUZZ_H
#define PKSDIAG_FUZZ_H

#include <linux/types.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

char *fuzz_file(const void *data, size_t size);
void fuzz_file_end(char *path);

#endif /* PKSDIAG_FUZZ_H */
