/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/task.h"

#include "system/child.h"

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
