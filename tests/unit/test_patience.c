/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <semaphore.h>

#include "base/patience.h"

/* What takes until it is let go. */
struct task {
	sem_t go;
	sem_t dropped;
	bool ran;
};

static void
run(void *data)
{
	struct task *task = data;

	(void)sem_wait(&task->go);
	task->ran = true;
}

static void
drop(void *data)
{
	struct task *task = data;

	(void)sem_post(&task->dropped);
}

static void
prepare(struct task *task, unsigned go)
{
	task->ran = false;
	(void)sem_init(&task->go, 0, go);
	(void)sem_init(&task->dropped, 0, 0);
}

Test(patience, gives_back_what_is_done_in_time)
{
	struct task task;

	prepare(&task, 2);
	cr_assert(patience_run(run, drop, &task, deadline_after(60000)));
	cr_assert(task.ran);
	task.ran = false;
	cr_assert(patience_run(run, drop, &task, deadline_never()));
	cr_assert(task.ran);
	cr_assert_neq(sem_trywait(&task.dropped), 0);
}

Test(patience, goes_on_without_what_hangs_and_drops_it_later)
{
	static struct task task;

	prepare(&task, 0);
	cr_assert_not(patience_run(run, drop, &task, deadline_after(20)));
	cr_assert_not(task.ran);
	(void)sem_post(&task.go);
	/* drop() follows run(). */
	cr_assert_eq(sem_wait(&task.dropped), 0);
	cr_assert(task.ran);
}
