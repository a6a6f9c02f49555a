/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_jobs.h"

#include "sys/loop/work.h"

static void start(struct spool_jobs *jobs, struct spool_job *job);

static void work(void *arg)
{
	spool_job_run(arg);
}

/* Takes JOB out of its place, and starts the sync that waits behind it. */
static void finish(struct spool_jobs *jobs, struct spool_job *job)
{
	if (job == jobs->upkeep)
		jobs->upkeep = NULL;
	else
		jobs->syncs = job->next;
	jobs->on_done(jobs->self, job);
	if (job->kind == SPOOL_JOB_SYNC && jobs->syncs && jobs->syncs == job->next)
		start(jobs, jobs->syncs);
	spool_job_free(job);
}

static void done(void *arg)
{
	struct spool_job *job = arg;

	if (job->owner)
		finish(job->owner, job);
	else
		spool_job_free(job);
}

static void start(struct spool_jobs *jobs, struct spool_job *job)
{
	job->owner = jobs;
	if (jobs->loop && loop_work(jobs->loop, work, done, job) == 0)
		return;
	spool_job_run(job);
	finish(jobs, job);
}

void spool_jobs_fini(struct spool_jobs *jobs)
{
	struct spool_job *job = jobs->syncs ? jobs->syncs->next : NULL;

	while (job) {
		struct spool_job *next = job->next;

		spool_job_free(job);
		job = next;
	}
	if (jobs->syncs)
		jobs->syncs->owner = NULL;
	if (jobs->upkeep)
		jobs->upkeep->owner = NULL;
	jobs->syncs = jobs->upkeep = NULL;
}

void spool_jobs_sync(struct spool_jobs *jobs, struct spool_job *job)
{
	struct spool_job **end = &jobs->syncs;

	if (!job)
		return;
	while (*end)
		end = &(*end)->next;
	*end = job;
	if (job == jobs->syncs)
		start(jobs, job);
}

void spool_jobs_upkeep(struct spool_jobs *jobs, struct spool_job *job)
{
	jobs->upkeep = job;
	start(jobs, job);
}

bool spool_jobs_has_sync(const struct spool_jobs *jobs, uint64_t number)
{
	for (const struct spool_job *job = jobs->syncs; job; job = job->next)
		if (job->number == number)
			return true;
	return false;
}

void spool_jobs_flush(struct spool_jobs *jobs, struct spool_job *last)
{
	struct spool_job *job = jobs->syncs ? jobs->syncs->next : NULL;

	while (job) {
		struct spool_job *next = job->next;

		spool_job_run(job);
		spool_job_free(job);
		job = next;
	}
	if (jobs->syncs)
		jobs->syncs->next = NULL;
	if (jobs->syncs && last)
		last->index_length = 0;
	if (last)
		spool_job_run(last);
	spool_job_free(last);
}
