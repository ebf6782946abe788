// SPDX-License-Identifier: GPL-2.0
/* Calls into crash that come back. */
#include <setjmp.h>
#include <string.h>

#include "crash_defs.h"
#include "crash_try.h"

/**
 * crash_try - call something of crash that may give up
 * @call: what to call; whatever it allocates is lost if crash gives up
 * @arg: for it
 *
 * An error that is fatal to crash jumps to its main loop, over whatever is half
 * done: a page-table page that is not in the dump is enough, even where the
 * caller wants to be told of errors. Here it ends @call only.
 *
 * Return: false if crash gave up; it has said why.
 */
bool crash_try(void (*call)(void *arg), void *arg)
{
	jmp_buf main_loop;

	memcpy(main_loop, pc->main_loop_env, sizeof(main_loop));
	if (setjmp(pc->main_loop_env)) {
		memcpy(pc->main_loop_env, main_loop, sizeof(main_loop));
		return false;
	}
	call(arg);
	memcpy(pc->main_loop_env, main_loop, sizeof(main_loop));
	return true;
}
