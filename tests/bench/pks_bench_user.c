// SPDX-License-Identifier: GPL-2.0
/*
 * What a system call and a switch between two processes cost, in instructions,
 * as user space sees it: the other half of pks_bench.c, with the same output.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLES		256
#define MSR_WRITES	"/sys/kernel/debug/pks_bench_msr"

static unsigned int cost[SAMPLES], empty;
static int to_child[2], to_parent[2];

/* See pks_bench.c. */
static inline void stamp(unsigned int *where)
{
	asm volatile("rdtsc\n\tmovl %%eax, %0"
		     : "=m" (*where) : : "eax", "edx", "memory");
}

static long call(long number, long a, const void *b, long c)
{
	long ret;

	asm volatile("syscall" : "=a" (ret)
		     : "0" (number), "D" (a), "S" (b), "d" (c)
		     : "rcx", "r11", "memory");
	return ret;
}

static void nothing(void)
{
}

static void getppid_once(void)
{
	call(SYS_getppid, 0, NULL, 0);
}

static void round_trip(void)
{
	char byte = 0;

	call(SYS_write, to_child[1], &byte, 1);
	call(SYS_read, to_parent[0], &byte, 1);
}

static void echo(void)
{
	char byte;

	close(to_child[1]);
	while (read(to_child[0], &byte, 1) == 1 &&
	       write(to_parent[1], &byte, 1) == 1)
		;
	_exit(0);
}

static unsigned long long msr_writes(void)
{
	char text[32] = "0";
	int fd = open(MSR_WRITES, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0) {
		perror(MSR_WRITES);
		exit(1);
	}
	close(fd);
	return strtoull(text, NULL, 10);
}

static int by_cost(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return x < y ? -1 : x > y;
}

static void measure(void (*operation)(void))
{
	unsigned int from, to;
	int i;

	for (i = 0; i < SAMPLES; i++) {
		stamp(&from);
		operation();
		stamp(&to);
		cost[i] = to - from;
	}
}

static void row(const char *name, void (*operation)(void))
{
	unsigned long long writes = msr_writes();

	measure(operation);
	writes = msr_writes() - writes;
	qsort(cost, SAMPLES, sizeof(*cost), by_cost);
	if (operation == nothing)
		empty = cost[SAMPLES / 2];
	else
		printf("%s\t%u\t%u\t%u\t%llu\t%u\n", name,
		       cost[SAMPLES / 2] - empty, cost[0] - empty,
		       cost[SAMPLES - 1] - empty, writes, SAMPLES);
}

int main(void)
{
	pid_t child;

	if (pipe(to_child) || pipe(to_parent)) {
		perror("pipe");
		return 1;
	}
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (!child)
		echo();
	row("empty", nothing);
	row("syscall", getppid_once);
	row("pipe", round_trip);
	close(to_child[1]);
	waitpid(child, NULL, 0);
	return 0;
}
