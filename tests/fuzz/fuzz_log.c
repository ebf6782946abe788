// SPDX-License-Identifier: GPL-2.0
/*
 * Any text as a console log. If its first character is '+', the lines of records get
 * the CRC that they lack, so that what is behind the CRC is reached, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cmd.h"
#include "fuzz.h"

static void put_line(FILE *out, const char *line, size_t len)
{
	const char *data = memmem(line, len, "PKS ", 4);

	fwrite(line, 1, len, out);
	if (data) {
		len -= data - line;
		fprintf(out, " %08lx", crc32(0, (const Bytef *)data, len));
	}
	fputc('\n', out);
}

static void put_lines(FILE *out, const char *text, size_t size)
{
	const char *end;
	size_t len;

	for (; size; text += len, size -= len) {
		end = memchr(text, '\n', size);
		len = end ? (size_t)(end - text) : size;
		put_line(out, text, len);
		len += !!end;
	}
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct options opt = { .json = size & 1 };
	char *path, *text = NULL;
	char *argv[2] = { };
	size_t len;
	FILE *out;

	if (size && *data == '+') {
		out = open_memstream(&text, &len);
		put_lines(out, (const char *)data + 1, size - 1);
		fclose(out);
		data = (const __u8 *)text;
		size = len;
	}
	path = fuzz_file(data, size);
	argv[0] = path;
	cmd_decode(&opt, 1, argv);
	fuzz_file_end(path);
	free(text);
	return 0;
}
