// SPDX-License-Identifier: GPL-2.0
/*
 * Code of pksdiag inside crash. pksdiag prints to stdout and stderr, and assumes
 * that its functions return. crash prints to what a command's output was
 * redirected to, and an interrupt, an error or a pager that is left jumps to its
 * main loop, over everything that a function has open.
 *
 * So pksdiag runs to its end first, with interrupts held back, and prints to
 * memory. What it said is passed on when nothing of it is left to be jumped over
 * but that text, which the next command then frees.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "crash_defs.h"
#include "run.h"
#include "util.h"

/**
 * struct said - what pksdiag printed
 * @out: to stdout
 * @out_len: bytes of it
 * @err: to stderr
 * @err_len: bytes of it
 */
struct said {
	char *out;
	size_t out_len;
	char *err;
	size_t err_len;
};

/* Of the last command. */
static struct said said;

static jmp_buf no_memory_env;

static void give_up(void)
{
	longjmp(no_memory_env, 1);
}

static void forget(void)
{
	free(said.out);
	free(said.err);
	memset(&said, 0, sizeof(said));
	errors_forget();
}

/* Return what @run returned, or EXIT_ERROR if the memory did not suffice. */
static int run_or_give_up(int (*run)(void *arg), void *arg)
{
	int status;

	if (setjmp(no_memory_env)) {
		on_no_memory(NULL);
		return EXIT_ERROR;
	}
	on_no_memory(give_up);
	status = run(arg);
	on_no_memory(NULL);
	return status;
}

/* The C library lets a program point stdout and stderr elsewhere. */
static int run_to_memory(int (*run)(void *arg), void *arg)
{
	FILE *out = open_memstream(&said.out, &said.out_len);
	FILE *err = open_memstream(&said.err, &said.err_len);
	FILE *old_out = stdout, *old_err = stderr;
	int status = EXIT_ERROR;

	if (out && err) {
		stdout = out;
		stderr = err;
		status = run_or_give_up(run, arg);
		stdout = old_out;
		stderr = old_err;
	}
	if (out)
		fclose(out);
	if (err)
		fclose(err);
	return status;
}

/* crash puts the command's name before it. */
static void pass_on(char *line)
{
	static const char name[] = "pksdiag: ", warning[] = "warning: ";
	int type = INFO;

	if (!strncmp(line, name, strlen(name)))
		line += strlen(name);
	if (!strncmp(line, warning, strlen(warning))) {
		line += strlen(warning);
		type = WARNING;
	}
	error(type, "%s\n", line);
}

/* To the terminal; crash would write them into a file of JSON, too. */
static void put_messages(void)
{
	FILE *to = fp;
	char *line, *rest = said.err;

	if (!rest)
		return;
	fflush(fp);
	fp = pc->stdpipe ? fp : stdout;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			pass_on(line);
	fp = to;
}

/**
 * run_in_crash - run code of pksdiag, and print what it printed by crash's ways
 * @run: the code; may use crash by crash_try() only
 * @arg: for it
 *
 * Return: what @run returned; EXIT_ERROR if there was no memory.
 */
int run_in_crash(int (*run)(void *arg), void *arg)
{
	sigset_t interrupts, old;
	int status;

	forget();
	sigemptyset(&interrupts);
	sigaddset(&interrupts, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupts, &old);
	status = run_to_memory(run, arg);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (said.out_len)
		fwrite(said.out, 1, said.out_len, fp);
	put_messages();
	forget();
	return status;
}
