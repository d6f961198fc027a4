/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/task.h"

#include <errno.h>

#include "system/child.h"
#include "system/clock.h"

struct task {
	int (*write)(const struct root *root, const struct decision *decision);
	const struct root *root;
	const struct decision *decision;
};

static int run_task(void *context)
{
	const struct task *task = context;

	return task->write(task->root, task->decision);
}

int task_run(const struct apply *apply, const struct decision *decision,
	     int (*write)(const struct root *root, const struct decision *decision), int timeout_ms)
{
	struct task task = { write, apply->root, decision };

	return child_run(run_task, &task, timeout_ms, NULL);
}

int task_return(const struct apply *apply, const struct decision *decision,
		int (*write)(const struct root *root, const struct decision *decision))
{
	int64_t left = apply->return_by_ms - clock_ms();

	if (left <= 0)
		return -ETIME;
	return task_run(apply, decision, write,
			left < apply->patience_ms ? (int)left : apply->patience_ms);
}
