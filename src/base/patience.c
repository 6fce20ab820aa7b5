/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/patience.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"

/* Shared by the thread and who waits for it, freed by who is last. */
struct errand {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done;
	bool abandoned;
	void (*run)(void *data);
	void (*drop)(void *data);
	void *data;
};

static struct errand *
errand_open(void (*run)(void *data), void (*drop)(void *data), void *data)
{
	struct errand *errand = calloc(1, sizeof *errand);
	pthread_condattr_t attributes;

	if (errand == NULL)
		arena_exhausted();
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&errand->lock, NULL);
	(void)pthread_cond_init(&errand->ended, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	errand->run = run;
	errand->drop = drop;
	errand->data = data;
	return errand;
}

static void
errand_close(struct errand *errand)
{
	(void)pthread_cond_destroy(&errand->ended);
	(void)pthread_mutex_destroy(&errand->lock);
	free(errand);
}

static void *
run_beside(void *data)
{
	struct errand *errand = data;
	bool abandoned;

	errand->run(errand->data);
	(void)pthread_mutex_lock(&errand->lock);
	errand->done = true;
	abandoned = errand->abandoned;
	(void)pthread_cond_signal(&errand->ended);
	(void)pthread_mutex_unlock(&errand->lock);
	if (abandoned) {
		errand->drop(errand->data);
		errand_close(errand);
	}
	return NULL;
}

static struct timespec
moment(struct deadline deadline)
{
	/* deadline_now_ms() is the monotonic clock plus one. */
	int64_t ms = deadline.at_ms > 0 ? deadline.at_ms - 1 : 0;

	return (struct timespec){ .tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000L };
}

/* Waits for the thread; false: it is abandoned and frees everything itself. */
static bool
await(struct errand *errand, struct deadline deadline)
{
	const struct timespec until = moment(deadline);
	int waited = 0;
	bool done;

	(void)pthread_mutex_lock(&errand->lock);
	while (!errand->done && waited == 0)
		waited = pthread_cond_timedwait(&errand->ended, &errand->lock, &until);
	done = errand->done;
	errand->abandoned = !done;
	(void)pthread_mutex_unlock(&errand->lock);
	return done;
}

bool
patience_run(
    void (*run)(void *data), void (*drop)(void *data), void *data, struct deadline deadline)
{
	struct errand *errand = errand_open(run, drop, data);
	pthread_t thread;

	/* Without a thread to be had, a slow answer is better than none. */
	if (deadline.at_ms == 0 || pthread_create(&thread, NULL, run_beside, errand) != 0) {
		run(data);
		errand_close(errand);
		return true;
	}
	(void)pthread_detach(thread);
	if (!await(errand, deadline))
		return false;
	errand_close(errand);
	return true;
}
