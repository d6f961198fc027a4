/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rig.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define MISSED_PART 20
#define UNEVEN      7 /* so that a sample does not have the same error everywhere */

/* All that the programs write to besides sysfs; of a real host, only what is theirs. */
static const char *const directories[] = { "run", "dev/passthru", "etc" };
static const char *const real_directories[] = { "run/passthru" };

static void each_directory(struct rig *rig,
			   void (*function)(struct rig *rig, const char *directory))
{
	const char *const *names = rig->host.is_real ? real_directories : directories;
	size_t count = rig->host.is_real ? ARRAY_SIZE(real_directories) : ARRAY_SIZE(directories);

	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", rig->host.root, names[i]);

		function(rig, path);
	}
}

static void note_directory(struct rig *rig, const char *directory)
{
	files_add(&rig->files, directory);
}

static void restore_directory(struct rig *rig, const char *directory)
{
	files_restore(&rig->files, directory);
}

struct program rig_program(const struct rig *rig)
{
	return (struct program){ .argv = rig->argv, .deadline_ms = rig->deadline_ms };
}

/* What only the kernel can put back. */
static void undo(struct rig *rig)
{
	char *argv[] = { rig->undo, NULL };
	struct program program = rig_program(rig);
	struct outcome outcome;

	program.argv = argv;
	process_run(&rig->host, &program, &outcome, 1);
	if (memcmp(&rig->host.now, &rig->before, sizeof(rig->before)) != 0)
		rig_complain(rig, rig->undo, VIOLATION_AGAIN, outcome.output);
	outcome_free(&outcome);
}

void rig_restore(struct rig *rig)
{
	each_directory(rig, restore_directory);
	if (!rig->host.is_real) {
		host_restore(&rig->host, &rig->before);
		return;
	}
	undo(rig);
	each_directory(rig, restore_directory);
}

void rig_begin(struct rig *rig)
{
	each_directory(rig, note_directory);
	rig->before = rig->host.now;
	oracle_read_record(rig->host.root, &rig->record_before);
}

void rig_learn(struct rig *rig)
{
	struct program program = rig_program(rig);

	program.traces = true;
	process_run(&rig->host, &program, &rig->good, 1);
	if (!rig->good.has_begun || !WIFEXITED(rig->good.status))
		errx(2, "%s does not run: status %#x: %s", rig->argv[0], rig->good.status,
		     rig->good.output);
	rig->good_sysfs = rig->host.now;
	oracle_read_record(rig->host.root, &rig->good_record);
	rig_restore(rig);
}

void rig_complain(struct rig *rig, const char *label, enum violation violation, const char *text)
{
	size_t same = 0;

	rig->violations[violation]++;
	for (size_t i = 0; i < rig->example_count; i++)
		same += rig->examples[i].violation == violation;
	if (rig->example_count == EXAMPLES_MAX || (same >= 3 && !rig->only && !getenv("ALL")))
		return;
	rig->examples[rig->example_count].violation = violation;
	rig->examples[rig->example_count++].text =
		memory_printf("%s: %s: %s", violation_word(violation), label, text);
}

struct note {
	struct rig *rig;
	const char *label;
};

static void note(enum violation violation, const char *text, void *context)
{
	const struct note *its = context;

	rig_complain(its->rig, its->label, violation, text);
	if (getenv("ALL"))
		fprintf(stderr, "%s: %s: %s\n", violation_word(violation), its->label, text);
}

static bool was_killed(const struct variation *variation)
{
	return variation->program.fault.effect == EFFECT_KILL &&
	       variation->program.fault.point.process == 0;
}

static struct trial make_trial(struct rig *rig, const struct outcome *outcome)
{
	struct trial trial = {
		.root = rig->host.root,
		.statuses = rig->statuses,
		.before = &rig->before,
		.record_before = rig->record_before,
		.good = { &rig->good_sysfs, rig->good_record, false, &rig->good },
		.now = { .sysfs = &rig->host.now, .outcome = outcome },
		.may_only_log = rig->may_only_log,
	};

	trial.now.is_damaged = !oracle_read_record(rig->host.root, &trial.now.record);
	return trial;
}

/* After a death: the next run completes the work, or says that it did not. */
static void try_again(struct rig *rig, const char *label, struct json_object *record)
{
	_cleanup_free_ char *text = memory_printf("%s, then again", label);
	struct program program = rig_program(rig);
	struct note context = { rig, text };
	struct outcome outcome;
	struct trial trial;

	process_run(&rig->host, &program, &outcome, 1);
	trial = make_trial(rig, &outcome);
	trial.is_again = true;
	if (record && !rig->begins_record)
		trial.record_before = record;
	oracle_check_end(&trial, note, &context);
	oracle_check_tree(&trial, note, &context);
	json_object_put(trial.now.record);
	outcome_free(&outcome);
}

static void show(const struct rig *rig, const struct outcome *outcome)
{
	if (rig->only)
		printf("# at: %s\n# status %#x\n%s\n", outcome->where ? outcome->where : "",
		       outcome->status, outcome->output);
}

/* "LABEL (what it was about)", without the place of the tree. The caller frees it. */
static char *describe(const struct rig *rig, const char *label, const struct outcome *outcome)
{
	const char *where = outcome->where ? outcome->where : "";
	size_t length = strlen(rig->host.root);

	if (strncmp(where, rig->host.root, length) == 0)
		where += length + (where[length] == '/');
	return *where ? memory_printf("%s (%s)", label, where) : memory_copy(label, strlen(label));
}

void rig_try_here(struct rig *rig, const struct variation *variation, const char *label)
{
	enum effect effect = variation->program.fault.effect;
	_cleanup_free_ char *text = NULL;
	struct outcome outcome;
	struct trial trial;

	process_run(&rig->host, &variation->program, &outcome, 1);
	text = describe(rig, label, &outcome);
	show(rig, &outcome);
	if (effect && !outcome.was_injected) {
		/* Only a write to sysfs can be lost or late: others are let pass. */
		if (effect == EFFECT_ERROR || effect == EFFECT_KILL) {
			rig->missed++;
			printf("#   not injected: %s\n", text);
		}
		outcome_free(&outcome);
		return;
	}
	rig->runs++;
	if ((size_t)outcome.duration_ms > rig->slowest_ms)
		rig->slowest_ms = (size_t)outcome.duration_ms;
	trial = make_trial(rig, &outcome);
	trial.is_killed = was_killed(variation);
	trial.is_altered = variation->is_altered;
	trial.may_overflow = variation->may_overflow;
	trial.must_finish = variation->must_finish;
	trial.may_take_more = variation->may_take_more;
	trial.missing = variation->missing;
	if (variation->has_no_record) {
		trial.record_before = NULL;
		trial.now.is_damaged = false;
	}
	oracle_check_end(&trial, note, &(struct note){ rig, text });
	oracle_check_tree(&trial, note, &(struct note){ rig, text });
	if (effect == EFFECT_KILL || (WIFSIGNALED(outcome.status) && !variation->is_altered))
		try_again(rig, text, trial.now.record);
	json_object_put(trial.now.record);
	outcome_free(&outcome);
}

void rig_check_end(struct rig *rig, const struct outcome *outcome, const char *label)
{
	struct trial trial = make_trial(rig, outcome);

	rig->runs++;
	if ((size_t)outcome->duration_ms > rig->slowest_ms)
		rig->slowest_ms = (size_t)outcome->duration_ms;
	oracle_check_end(&trial, note, &(struct note){ rig, label });
	json_object_put(trial.now.record);
}

void rig_check_rest(struct rig *rig, const struct outcome *outcome, const char *label)
{
	struct trial trial = make_trial(rig, outcome);

	trial.good = (struct trace){ .record = rig->record_before };
	oracle_check_tree(&trial, note, &(struct note){ rig, label });
	oracle_check_rest(&trial, note, &(struct note){ rig, label });
	json_object_put(trial.now.record);
}

bool rig_selects(const struct rig *rig, const char *label)
{
	return !rig->only || strcmp(rig->only, label) == 0;
}

void rig_try(struct rig *rig, const struct variation *variation, const char *label)
{
	if (!rig_selects(rig, label))
		return;
	rig_try_here(rig, variation, label);
	rig_restore(rig);
}

void rig_each(struct rig *rig, size_t total,
	      void (*function)(struct rig *rig, size_t index, void *context), void *context)
{
	size_t count = rig->sample && rig->sample < total && !rig->only ? rig->sample : total;

	for (size_t i = rig->shard; i < count; i += rig->shards)
		function(rig, count == total ? i : (i * total / count + i % UNEVEN) % total,
			 context);
}

bool rig_report(struct rig *rig, const char *campaign)
{
	struct buffer text = { 0 };
	size_t total = 0;

	/* Where two processes run side by side, one may have come further or less far. */
	if (rig->missed * MISSED_PART > rig->runs)
		rig_complain(rig, campaign, VIOLATION_HARNESS, "many faults were not injected");

	for (size_t v = 0; v < VIOLATION_COUNT; v++) {
		if (rig->violations[v])
			buffer_printf(&text, ", %s %zu", violation_word((enum violation)v),
				      rig->violations[v]);
		total += rig->violations[v];
	}
	printf("%s - faults: %s: %s: %zu runs\n", total || !rig->runs ? "not ok" : "ok", rig->name,
	       campaign, rig->runs);
	if (rig->good.point_count)
		printf("#   without a fault: exit status %d, %zu calls\n",
		       WEXITSTATUS(rig->good.status), rig->good.point_count);
	printf("#   the longest run took %zu ms\n", rig->slowest_ms);
	if (rig->missed)
		printf("#   %zu faults were not injected\n", rig->missed);
	if (total)
		printf("#   %zu violations%s\n", total, text.text);
	for (size_t i = 0; i < rig->example_count; i++)
		printf("#   %s\n", rig->examples[i].text);
	if (!rig->runs)
		printf("#   nothing was run\n");
	buffer_free(&text);
	return !total && rig->runs;
}

void rig_free(struct rig *rig)
{
	for (size_t i = 0; i < rig->example_count; i++)
		free(rig->examples[i].text);
	files_free(&rig->files);
	outcome_free(&rig->good);
	json_object_put(rig->good_record);
	json_object_put(rig->record_before);
	host_close(&rig->host);
}
