// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: random sequences of everything that changes what a thread may access,
 * against a model.
 *
 * A few threads, some bound to a CPU and some not, take turns of random length,
 * in which a thread does operations at random, and the model follows. Where the
 * operation is an access, from the thread, from an interrupt or a softirq above
 * it or from another CPU, the model says whether it must fault. Between two
 * turns of a thread the others run, so it goes on after context switches, and
 * after whatever they left in the MSR.
 *
 *	pks_model.steps=N	how many operations (default 100000)
 *	pks_model.seed=N	which sequence (default: a new one)
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/pks.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/pks.h>
#include "pks_test.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "pks_model."

static uint steps = 100000;
module_param(steps, uint, 0400);
static uint seed;
module_param(seed, uint, 0400);

#define ACTORS		5
#define MAX_NEST	3
#define MAX_TURN	32	/* operations */

/* Keys by what is done to them: a grant of one kind would undo the other. */
enum {
	NESTED,		/* pks_get(), pks_put() */
	SECTION,	/* the same, and opened by a section, too */
	PLAIN,		/* pks_mk*() */
	UNUSED,		/* only ever granted to all */
	PAGES,
};

static const char * const page_names[PAGES] = {
	"nested", "section", "plain", "unused",
};

static struct pks_test_page pages[PAGES];
static int keys[PAGES];
static int section_key;	/* stays a section's: kept over runs */

/* === The model ============================================================ */

/* Rights, the wider the greater. */
enum right { NO_ACCESS, READ_ONLY, FULL_ACCESS };

/**
 * struct actor_model - what a thread has asked for
 * @nest: grants of each key that nest
 * @section: sections
 * @plain: enum right, by pks_mk*()
 */
struct actor_model {
	unsigned int nest[PAGES];
	unsigned int section;
	enum right plain;
};

/**
 * struct global_model - what everybody has
 * @count: grants
 * @right: the widest since the first of them
 */
static struct global_model {
	unsigned int count;
	enum right right;
} globals[PAGES];

static enum right own_right(const struct actor_model *m, int page)
{
	if (page == PLAIN)
		return m->plain;
	if (m->nest[page] || (page == SECTION && m->section))
		return FULL_ACCESS;
	return NO_ACCESS;
}

/* Interrupts have no thread: @m is NULL. */
static bool must_allow(const struct actor_model *m, int page, bool write)
{
	enum right right = globals[page].right;

	if (m && own_right(m, page) > right)
		right = own_right(m, page);
	return right >= (write ? FULL_ACCESS : READ_ONLY);
}

/* === Operations =========================================================== */

/**
 * struct step - one operation
 * @op: what to do
 * @page: index in pages and keys
 * @arg: write, a right or a CPU
 * @allowed: result of an access
 */
struct step {
	const struct op *op;
	int page;
	unsigned int arg;
	bool allowed;
};

/**
 * struct actor - a thread of the test
 * @task: the thread
 * @go: its turn begins
 * @done: its turn is over
 * @turn: operations to do; 0 ends the thread
 * @model: what it should have
 */
struct actor {
	struct task_struct *task;
	struct completion go, done;
	unsigned int turn;
	struct actor_model model;
};

/**
 * struct op - a kind of operation
 * @name: for the log
 * @weight: how often, in relation to the others
 * @choose: @step->arg and @step->page, which are random so far; false if the
 *	operation makes no sense now
 * @run: do it, in the actor's thread
 * @follow: what it changes in the model
 * @access: it was an access, from this context
 */
struct op {
	const char *name;
	unsigned int weight;
	bool (*choose)(struct actor *actor, struct step *step);
	void (*run)(struct step *step);
	void (*follow)(struct actor_model *m, const struct step *step);
	enum { NONE, BY_THREAD, BY_OTHERS } access;
};

static void access_now(struct step *step)
{
	step->allowed = pks_test_access(pages[step->page].addr, step->arg);
}

static bool choose_write(struct actor *actor, struct step *step)
{
	step->arg &= 1;
	return true;
}

/* An interrupt looks, and leaves a grant behind that must end with it. */
static struct step *irq_step;

static void access_in_irq(struct irq_work *work)
{
	access_now(irq_step);
	pks_get(keys[NESTED]);
	pks_mkrdwr(keys[PLAIN], false);
}

static void run_irq(struct step *step)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(access_in_irq);

	irq_step = step;
	irq_work_queue(&work);
	irq_work_sync(&work);
}

static void access_in_softirq(struct tasklet_struct *tasklet)
{
	access_now(irq_step);
	pks_get(keys[NESTED]);
}

static DECLARE_TASKLET(model_tasklet, access_in_softirq);

static void run_softirq(struct step *step)
{
	irq_step = step;
	local_bh_disable();
	tasklet_schedule(&model_tasklet);
	local_bh_enable();
	tasklet_unlock_wait(&model_tasklet);
}

static void access_in_ipi(void *data)
{
	access_now(data);
}

static bool choose_ipi(struct actor *actor, struct step *step)
{
	return num_online_cpus() > 1 && choose_write(actor, step);
}

static void run_ipi(struct step *step)
{
	unsigned int cpu = get_cpu();

	cpu = cpumask_next_wrap(cpu, cpu_online_mask, cpu, false);
	if (cpu < nr_cpu_ids)
		smp_call_function_single(cpu, access_in_ipi, step, 1);
	put_cpu();
}

static bool choose_get(struct actor *actor, struct step *step)
{
	step->page = step->arg & 1 ? NESTED : SECTION;
	return actor->model.nest[step->page] < MAX_NEST;
}

static void run_get(struct step *step)
{
	pks_get(keys[step->page]);
}

static void follow_get(struct actor_model *m, const struct step *step)
{
	m->nest[step->page]++;
}

static bool choose_put(struct actor *actor, struct step *step)
{
	step->page = step->arg & 1 ? NESTED : SECTION;
	return true;
}

static void run_put(struct step *step)
{
	pks_put(keys[step->page]);
}

/* One too many does nothing. */
static void follow_put(struct actor_model *m, const struct step *step)
{
	if (m->nest[step->page])
		m->nest[step->page]--;
}

static bool choose_enter(struct actor *actor, struct step *step)
{
	return actor->model.section < MAX_NEST;
}

static void run_enter(struct step *step)
{
	pks_get_section();
}

static void follow_enter(struct actor_model *m, const struct step *step)
{
	m->section++;
}

static void run_exit(struct step *step)
{
	pks_put_section();
}

static void follow_exit(struct actor_model *m, const struct step *step)
{
	if (m->section)
		m->section--;
}

static void (*const mk[])(int pkey, bool global) = {
	[NO_ACCESS] = pks_mknoaccess, [READ_ONLY] = pks_mkread, [FULL_ACCESS] = pks_mkrdwr,
};

static bool choose_mk(struct actor *actor, struct step *step)
{
	step->arg %= ARRAY_SIZE(mk);
	step->page = PLAIN;
	return true;
}

static void run_mk(struct step *step)
{
	mk[step->arg](keys[step->page], false);
}

static void follow_mk(struct actor_model *m, const struct step *step)
{
	m->plain = step->arg;
}

static bool choose_open(struct actor *actor, struct step *step)
{
	step->arg = step->arg & 1 ? READ_ONLY : FULL_ACCESS;
	return globals[step->page].count < MAX_NEST;
}

static void run_open(struct step *step)
{
	mk[step->arg](keys[step->page], true);
}

static void follow_open(struct actor_model *m, const struct step *step)
{
	struct global_model *g = &globals[step->page];

	g->count++;
	g->right = max_t(enum right, g->right, step->arg);
}

/* Not by whoever opened it. */
static bool choose_close(struct actor *actor, struct step *step)
{
	return globals[step->page].count;
}

static void run_close(struct step *step)
{
	pks_mknoaccess(keys[step->page], true);
}

static void follow_close(struct actor_model *m, const struct step *step)
{
	struct global_model *g = &globals[step->page];

	if (!--g->count)
		g->right = NO_ACCESS;
}

static bool choose_cpu(struct actor *actor, struct step *step)
{
	step->arg = cpumask_nth(step->arg % num_online_cpus(), cpu_online_mask);
	return !(actor->task->flags & PF_NO_SETAFFINITY);
}

static void run_move(struct step *step)
{
	set_cpus_allowed_ptr(current, cpumask_of(step->arg));
}

static void run_sleep(struct step *step)
{
	schedule_timeout_uninterruptible(1);
}

static const struct op ops[] = {
	{ "access",		400, choose_write, access_now, NULL, BY_THREAD },
	{ "interrupt",		60, choose_write, run_irq, NULL, BY_OTHERS },
	{ "softirq",		60, choose_write, run_softirq, NULL, BY_OTHERS },
	{ "other CPU",		60, choose_ipi, run_ipi, NULL, BY_OTHERS },
	{ "get",		80, choose_get, run_get, follow_get },
	{ "put",		80, choose_put, run_put, follow_put },
	{ "enter section",	40, choose_enter, run_enter, follow_enter },
	{ "exit section",	50, NULL, run_exit, follow_exit },
	{ "set right",		60, choose_mk, run_mk, follow_mk },
	{ "open to all",	50, choose_open, run_open, follow_open },
	{ "close to all",	50, choose_close, run_close, follow_close },
	{ "move",		30, choose_cpu, run_move },
	{ "sleep",		2, NULL, run_sleep },
};

/* === One operation ======================================================== */

/* Results, for the log; only the thread whose turn it is touches them. */
static struct {
	unsigned int steps, accesses, denied, mismatches;
} result;

static struct kunit *model_test;
static struct actor actors[ACTORS];
static u32 random_state;

/* xorshift32 (Marsaglia, Journal of Statistical Software 8/14): a seed, a sequence */
static u32 next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static const struct op *random_op(void)
{
	unsigned int all = 0, i;
	int pick;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		all += ops[i].weight;
	pick = next_random() % all;
	for (i = 0; pick >= (int)ops[i].weight; i++)
		pick -= ops[i].weight;
	return &ops[i];
}

static void choose(struct actor *actor, struct step *step)
{
	do {
		step->op = random_op();
		step->page = next_random() % PAGES;
		step->arg = next_random() >> 8;
	} while (step->op->choose && !step->op->choose(actor, step));
}

static void check(struct actor *actor, const struct step *step)
{
	bool by_thread = step->op->access == BY_THREAD;
	bool allow = must_allow(by_thread ? &actor->model : NULL, step->page, step->arg);

	result.accesses++;
	result.denied += !step->allowed;
	if (step->allowed == allow)
		return;
	result.mismatches++;
	if (result.mismatches <= 5)
		kunit_err(model_test,
			  "seed %u, step %u: %s (%s) of key \"%s\" by thread %u was %s\n",
			  seed, result.steps, step->op->name,
			  step->arg ? "write" : "read", page_names[step->page],
			  (unsigned int)(actor - actors),
			  step->allowed ? "allowed" : "denied");
}

static void do_step(struct actor *actor)
{
	struct step step = {};

	choose(actor, &step);
	step.op->run(&step);
	if (step.op->follow)
		step.op->follow(&actor->model, &step);
	if (step.op->access != NONE)
		check(actor, &step);
	result.steps++;
}

/* === The threads ========================================================== */

static int actor_thread(void *data)
{
	struct actor *actor = data;
	unsigned int left;

	do {
		wait_for_completion(&actor->go);
		for (left = actor->turn; left; left--)
			do_step(actor);
		left = actor->turn;
		complete(&actor->done);
	} while (left);
	return 0;
}

/* Every second one stays on its CPU. */
static bool start_actor(struct actor *actor, unsigned int nr)
{
	memset(&actor->model, 0, sizeof(actor->model));
	init_completion(&actor->go);
	init_completion(&actor->done);
	actor->task = kthread_create(actor_thread, actor, "pks-model/%u", nr);
	if (IS_ERR(actor->task))
		return false;
	if (nr & 1)
		kthread_bind(actor->task, cpumask_nth(nr / 2 % num_online_cpus(),
						      cpu_online_mask));
	wake_up_process(actor->task);
	return true;
}

static void take_turn(struct actor *actor, unsigned int turn)
{
	actor->turn = turn;
	complete(&actor->go);
	wait_for_completion(&actor->done);
}

/* A thread ends with whatever it holds; its successor has nothing. */
static void replace_actor(struct kunit *test)
{
	unsigned int nr = next_random() % ACTORS;

	take_turn(&actors[nr], 0);
	KUNIT_ASSERT_TRUE(test, start_actor(&actors[nr], nr));
}

/* === The test ============================================================= */

static void set_up(struct kunit *test)
{
	int i;

	if (!section_key)
		section_key = pks_test_key(test);
	pks_section_add_key(section_key);
	for (i = 0; i < PAGES; i++) {
		keys[i] = i == SECTION ? section_key : pks_test_key(test);
		KUNIT_ASSERT_TRUE(test, pks_test_map(&pages[i], keys[i], PAGE_SHIFT));
	}
	for (i = 0; i < ACTORS; i++)
		KUNIT_ASSERT_TRUE(test, start_actor(&actors[i], i));
}

static void tear_down(void)
{
	int i;

	for (i = 0; i < ACTORS; i++)
		take_turn(&actors[i], 0);
	for (i = 0; i < PAGES; i++) {
		pks_test_unmap(&pages[i]);
		if (i != SECTION)
			pks_key_free(keys[i]);
		else
			while (globals[i].count--)
				pks_mknoaccess(keys[i], true);
	}
}

static void take_turns(struct kunit *test)
{
	unsigned int turns = 0, turn;

	while (result.steps < steps && !result.mismatches) {
		turn = 1 + next_random() % MAX_TURN;
		take_turn(&actors[next_random() % ACTORS],
			  min(turn, steps - result.steps));
		if (++turns % 16 == 0)
			replace_actor(test);
	}
}

static void test_model(struct kunit *test)
{
	pks_test_need_pks(test);
	if (!seed)
		seed = get_random_u32() | 1;
	random_state = seed;
	model_test = test;
	set_up(test);
	take_turns(test);
	tear_down();
	kunit_info(test, "seed %u: %u steps on %u CPUs, %u accesses, %u denied, %u mismatches\n",
		   seed, result.steps, num_online_cpus(), result.accesses,
		   result.denied, result.mismatches);
	KUNIT_EXPECT_EQ(test, result.mismatches, 0u);
	KUNIT_EXPECT_GT(test, result.denied, 0u);
	KUNIT_EXPECT_LT(test, result.denied, result.accesses);
}

static struct kunit_case pks_model_cases[] = {
	KUNIT_CASE(test_model),
	{}
};

static struct kunit_suite pks_model_suite = {
	.name = "pks_model",
	.test_cases = pks_model_cases,
};

kunit_test_suite(pks_model_suite);
