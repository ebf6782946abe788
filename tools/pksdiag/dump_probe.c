// SPDX-License-Identifier: GPL-2.0
/*
 * Try what may crash in a process of its own. Damaged headers make libkdumpfile 0.5.1
 * follow pointers that it never set, work for ever, or take all memory; those that are
 * known are refused before (dump_elf.c, dump_kdump.c), and this is for the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dump_probe.h"
#include "util.h"

/* To open a dump takes milliseconds. */
#define SECONDS_MAX	3
/* Nor does it take more memory than this; the whole tool takes 15 MiB for a sound one. */
#define KIB_MAX		(200 << 10)

/* What can happen to a process that believes its input. */
static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU };

/* The most that this process has had in memory. */
static long most_kib(void)
{
	struct rusage used = {};

	getrusage(RUSAGE_SELF, &used);
	return used.ru_maxrss;
}

static void run_child(void (*try)(void *arg), void *arg)
{
	const struct rlimit cpu = { SECONDS_MAX, SECONDS_MAX + 1 }, core = {};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	long kib = most_kib();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		signal(deadly[i], SIG_DFL);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &core);
	/* The parent says it all, when it does the same. */
	dup2(null, STDERR_FILENO);
	try(arg);
	_exit(most_kib() - kib > KIB_MAX);
}

/* What a process died of, or would have made of the machine's memory; NULL: nothing. */
static const char *death(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status) ? "it takes too much memory" : NULL;
	if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
		return "it works on them for ever";
	return strsignal(WTERMSIG(status));
}

/**
 * dump_probe - does something end well
 * @name: of the file that it depends on, for messages
 * @try: what to do; what it changes is lost
 * @arg: for @try
 *
 * Return: false if it died, or took more memory than a dump is worth, after an error
 * that was reported.
 */
bool dump_probe(const char *name, void (*try)(void *arg), void *arg)
{
	const char *why;
	pid_t pid = fork();
	int status;

	if (!pid)
		run_child(try, arg);
	/* A machine that has no room for a process may still have some for the dump. */
	if (pid < 0)
		return true;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return true;
	why = death(status);
	if (why)
		pr_err("%s: its headers are damaged in a way that libkdumpfile cannot bear (%s): copy it again from where it was made",
		       name, why);
	return !why;
}
