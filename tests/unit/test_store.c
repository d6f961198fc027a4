/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "forms.h"
#include "report/json_value.h"
#include "report/note.h"
#include "report/settings.h"
#include "system/child.h"
#include "system/clock.h"
#include "tree.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define HEAD "{\"version\": 1, \"program\": \"passthru-init 0\", \"findings\": [], \"devices\": ["
#define DEVICE \
	"{\"rule\": \"a\", \"address\": \"0000:02:00.0\", \"state\": \"bound\", \"findings\": []}"
#define TAIL "]}\n"

static size_t count_findings(struct recorded_finding first)
{
	size_t found = 0;

	for_each_recorded(finding, first) found++;
	return found;
}

static size_t count_devices(const struct store *store)
{
	size_t found = 0;

	for_each_entry(entry, store) found++;
	return found;
}

/* The state of the device on the bus, -1 when it is not there. */
static int state_at(const struct store *store, const struct pci_address *address)
{
	const struct entry *entry = store_find_at(store, address);

	return entry ? (int)entry->state : -1;
}

/*
 * Bound later than the rest, a display may turn out to have a framebuffer that stays; and one that
 * was refused at boot was not judged then.
 */
static const struct viability_row {
	const char *name, *before;
	enum viability verdict;
	const char *after;
} viability_rows[] = {
	{ "not, after all", "true", VIABILITY_NO, "\"viable\":false" },
	{ "not, what was not judged before", "null", VIABILITY_NO, "\"viable\":false" },
	{ "it is, what was not judged before", "null", VIABILITY_YES, "\"viable\":true" },
	{ "as before", "true", VIABILITY_UNJUDGED, "\"viable\":true" },
};

static void test_note_viability(void **state)
{
	const struct viability_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *text = NULL;
	struct store store;

	_cleanup_free_ char *before = memory_printf(
		HEAD "{\"rule\": \"a\", \"address\": \"0000:02:00.0\", \"id\": \"0001:0002\", "
		     "\"viable\": %s, \"state\": \"refused\", \"findings\": []}" TAIL,
		row->before);

	form_host("remapping\n0000:02:00.0 1:2 12 group=1\n", &facts);
	form_want("[device a]\nid = 1:2\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(&tree, REPORT_PATH, before);
	assert_int_equal(store_lock(&tree.root, &store), 0);
	plan.decisions[0].viability = row->verdict;
	store_note(&store, &plan.decisions[0]);
	assert_int_equal(store_write(&tree.root, &store), 0);
	store_close(&store);
	text = tree_read(&tree, REPORT_PATH);
	assert_non_null(strstr(text, row->after));
	tree_remove(&tree);
}

#define SETTINGS(list)                                                                                     \
	HEAD "{\"rule\": \"a\", \"address\": \"0000:02:00.0\", \"id\": \"0001:0002\", \"settings\": " list \
	     ", \"state\": \"bound\", \"findings\": []}" TAIL
#define RECORDED                                                                                  \
	"[{\"key\": \"d3cold\", \"value\": \"no\", \"former\": \"yes\"}, "                        \
	"{\"key\": \"reset-method\", \"value\": \"flr\", \"former\": \"new_one pm\"}, "           \
	"{\"key\": \"rebar\", \"value\": \"1:256M\", \"former\": \"7:3Q\"}, {\"key\": \"mode\", " \
	"\"value\": \"0660\", \"former\": null}, {\"key\": \"other\", \"former\": \"1\"}, 5]"

/* What the first run found is what the device is returned with, whatever it has been set to since.
 */
static void test_settings(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *text = NULL, *returned = NULL;
	struct decision *decision;
	struct store store;

	form_host("0000:02:00.0 1:2 12 group=1\n", &facts);
	form_want("[device a]\nid = 1:2\niommu = warn\nd3cold = no\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	decision = &plan.decisions[0];
	tree_write(tree, REPORT_PATH, SETTINGS(RECORDED));
	assert_int_equal(store_lock(&tree->root, &store), 0);
	decision->settings[SETTING_D3COLD].former = memory_dup("no");
	settings_recall_former(decision, store_find(&store, decision));
	assert_string_equal(decision->settings[SETTING_D3COLD].former, "yes");
	decision->state = STATE_BOUND;
	store_note(&store, decision);
	assert_int_equal(store_write(&tree->root, &store), 0);
	text = tree_read(tree, REPORT_PATH);
	assert_non_null(strstr(text, "\"former\":\"yes\""));
	assert_non_null(strstr(text, "\"former\":\"new_one pm\""));

	settings_recall(decision, store_find(&store, decision));
	assert_null(decision->settings[SETTING_D3COLD].value);
	assert_string_equal(decision->settings[SETTING_D3COLD].former, "yes");
	assert_string_equal(decision->settings[SETTING_RESET_METHOD].former, "new_one pm");
	assert_null(decision->settings[SETTING_REBAR].former); /* it is none */
	decision->state = STATE_RETURNED;
	store_note(&store, decision);
	assert_int_equal(store_write(&tree->root, &store), 0);
	store_close(&store);
	returned = tree_read(tree, REPORT_PATH);
	assert_non_null(strstr(returned, "\"settings\":null"));
	settings_recall(decision, NULL);
	assert_null(decision->settings);
}

static void test_note(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	struct store store;

	form_host("0000:02:00.0 1:2 12 group=1\n0000:03:00.0 1:3 12 group=2\n", &facts);
	form_want("[device a]\nid = 1:2\n[device b]\nid = 1:3\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(tree, REPORT_PATH, HEAD DEVICE TAIL);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(store_lock(&tree->root, &store), 0);
		for (size_t i = 0; i < plan.count; i++) {
			plan.decisions[i].state = STATE_RETURNED;
			if (!twice)
				findings_add(&plan.decisions[i].findings, FINDING_RETURNED, "x");
			store_note(&store, &plan.decisions[i]);
		}
		assert_int_equal(store_write(&tree->root, &store), 0);
		store_close(&store);
	}
	assert_int_equal(store_read(&tree->root, &store), 0);
	assert_int_equal(count_devices(&store), 2);
	for_each_entry(entry, &store)
	{
		assert_int_equal(entry->state, STATE_RETURNED);
		assert_int_equal(count_findings(entry_findings(entry)), 1);
	}
	store_close(&store);
}

#define ABSENT \
	"{\"rule\": \"b\", \"address\": null, \"state\": \"absent\", \"findings\": [{\"code\": \"absent\"}]}"
#define WAITING                                                                     \
	"{\"rule\": \"a\", \"address\": \"0000:02:00.0\", \"state\": \"waiting\", " \
	"\"findings\": [{\"code\": \"sriov-waiting\"}]}"

/* A device that was absent, or waiting, and what was found then, is what it is now. */
static void test_arrival(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	const struct entry *entry;

	form_host("0000:02:00.0 1:2 12 group=1\n0000:03:00.0 1:3 12 group=2\n", &facts);
	form_want("[device a]\nid = 1:2\n[device b]\nid = 1:3\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(tree, REPORT_PATH, HEAD WAITING "," ABSENT TAIL);
	assert_int_equal(store_read(&tree->root, &store), 0);
	assert_int_equal(state_at(&store, &(struct pci_address){ .bus = 2 }), STATE_WAITING);
	assert_int_equal(state_at(&store, &(struct pci_address){ .bus = 3 }), -1);
	for (size_t i = 0; i < plan.count; i++) {
		plan.decisions[i].state = STATE_BOUND;
		store_note(&store, &plan.decisions[i]);
	}
	entry = entries_first(&store.entries);
	for (size_t i = 0; i < 2; i++, entry = entry_next(entry)) {
		assert_string_equal(entry->rule, i ? "b" : "a");
		assert_int_equal(entry->state, STATE_BOUND);
		assert_int_equal(count_findings(entry_findings(entry)), 0);
	}
	assert_null(entry);
	assert_int_equal(state_at(&store, &(struct pci_address){ .bus = 3 }), STATE_BOUND);
}

#define ABSENT_OF_LIST(ids)                                                        \
	"{\"rule\": \"vfio-pci.ids\", \"entry\": \"" ids "\", \"address\": null, " \
	"\"state\": \"absent\", \"findings\": [{\"code\": \"absent\"}]}"

/* The rules of one option have one name. Each entry of the list arrives for itself. */
static void test_arrival_of_list(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	const struct entry *first, *second;

	form_host("0000:03:00.0 1:3 12 group=2\n", &facts);
	form_want("", "vfio-pci.ids=1:2,1:3", &want);
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, 2);
	tree_write(tree, REPORT_PATH, HEAD ABSENT_OF_LIST("1:2") "," ABSENT_OF_LIST("1:3") TAIL);
	assert_int_equal(store_lock(&tree->root, &store), 0);
	for (int twice = 0; twice < 2; twice++) {
		for (size_t i = plan.count; i-- > 0;) {
			if (plan.decisions[i].device)
				plan.decisions[i].state = STATE_BOUND;
			store_note(&store, &plan.decisions[i]);
		}
		assert_int_equal(count_devices(&store), 2);
		first = entries_first(&store.entries);
		second = entry_next(first);
		assert_string_equal(first->list_entry, "1:2");
		assert_int_equal(first->state, STATE_ABSENT);
		assert_string_equal(second->list_entry, "1:3");
		assert_int_equal(second->state, STATE_BOUND);
	}
	assert_int_equal(store_write(&tree->root, &store), 0);
}

#define ENTRY(rule, state) \
	"{\"rule\": \"" rule "\", \"address\": \"0000:02:00.0\", \"state\": \"" state "\"}"

/* Of two rules for one device, one has it. */
static void test_refused_beside(void **state)
{
	static const struct {
		const char *devices, *rule;
	} rows[] = {
		{ ENTRY("a", "bound") "," ENTRY("b", "refused"), "a" },
		{ ENTRY("a", "refused") "," ENTRY("b", "bound"), "b" },
		{ ENTRY("a", "bound") "," ENTRY("b", "returned"), "b" },
		{ ENTRY("a", "refused") "," ENTRY("b", "refused"), "b" },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(store_close) struct store store = { .lock_fd = -1 };
		_cleanup_free_ char *text = memory_printf(HEAD "%s" TAIL, rows[i].devices);
		const struct entry *entry;

		tree_write(tree, REPORT_PATH, text);
		assert_int_equal(store_read(&tree->root, &store), 0);
		entry = store_find_at(&store, &(struct pci_address){ .bus = 2 });
		assert_string_equal(entry->rule, rows[i].rule);
	}
}

/* Where nobody left a record one is begun; what is forgotten can be noted again. */
static void test_begin_and_forget(void **state)
{
	const struct tree *tree = *state;
	const struct record fresh = { .program = "passthru 0" };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	struct entry *entry;
	struct store store;

	form_host("0000:02:00.0 1:2 12 group=1 driver=serial\n", &facts);
	form_want("[device a]\nid = 1:2\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_directory(tree, "run");
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(store_begin(&tree->root, &fresh, &store), 0);
		assert_null(store_find_at(&store, &facts.devices[0].address));
		store_note(&store, &plan.decisions[0]);
		entry = store_find_at(&store, &facts.devices[0].address);
		assert_string_equal(entry->previous_driver, "serial");
		/* A device taken from the stub itself has no previous driver to name. */
		plan.decisions[0].host_driver[0] = '\0';
		store_note(&store, &plan.decisions[0]);
		assert_string_equal(entry->previous_driver, "serial");
		strcpy(plan.decisions[0].host_driver, "serial");
		store_forget(&store, &facts.devices[0].address);
		assert_int_equal(count_devices(&store), 0);
		assert_int_equal(store_write(&tree->root, &store), 0);
		store_close(&store);
	}
}

/* What a VF was set to is kept until it is returned, also when the agent looks at it once more. */
static void test_vf_settings(void **state)
{
	const struct tree *tree = *state;
	const struct record fresh = { .program = "passthru 0" };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	struct decision *decision;
	const struct entry *entry;

	form_host("0000:03:00.0 1:2 02 group=1 can=1 has=1 driver=i40e\n"
		  "0000:03:02.0 1:3 02 group=2 vf=0 of=0000:03:00.0\n",
		  &facts);
	form_want("[sriov a]\nid = 1:2\nvfs = 1\nvlan = 5\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	decision = &plan.decisions[1];
	tree_directory(tree, "run");
	assert_int_equal(store_begin(&tree->root, &fresh, &store), 0);
	store_note(&store, decision);
	entry = store_find_at(&store, &decision->device->address);
	assert_int_equal(entry->vf_former.has, 0);
	vf_values_set(&decision->vf_former, VF_VLAN, 7);
	store_note(&store, decision);
	assert_int_equal(entry->vf_former.items[VF_VLAN], 7);
	decision->vf_former.has = 0;
	store_note(&store, decision);
	assert_int_equal(entry->vf_former.has, 1 << VF_VLAN);
	decision->verdict = VERDICT_RETURN;
	store_note(&store, decision);
	assert_int_equal(entry->vf_former.has, 0);
}

/* No directory, no lock, no record. */
static void test_begin_nowhere(void **state)
{
	const struct tree *tree = *state;
	const struct record fresh = { .program = "passthru 0" };
	struct store store;

	assert_int_equal(store_begin(&tree->root, &fresh, &store), -ENOENT);
	assert_null(store.report);
	store_close(&store);
}

static int lock_and_count(void *context)
{
	struct tree *tree = context;
	struct store store;
	int r = store_lock(&tree->root, &store);

	store_close(&store);
	return r;
}

/* While one changes it, another does not; and it does not wait for ever. */
static void test_lock(void **state)
{
	struct tree *tree = *state;
	struct store store;

	tree_write(tree, REPORT_PATH, HEAD TAIL);
	assert_int_equal(store_lock(&tree->root, &store), 0);
	assert_int_equal(child_run(lock_and_count, tree, 10000, NULL), -ETIMEDOUT);
	store_close(&store);
	assert_int_equal(child_run(lock_and_count, tree, 10000, NULL), 0);
}

/* A driver that hangs keeps a child in the kernel, which has all that was open. */
static void test_lock_and_child(void **state)
{
	struct tree *tree = *state;
	struct store store;
	pid_t child;
	int r;

	tree_write(tree, REPORT_PATH, HEAD TAIL);
	assert_int_equal(store_lock(&tree->root, &store), 0);
	child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_true(child > 0);
	store_close(&store);
	r = child_run(lock_and_count, tree, 10000, NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(r, 0);
}

/* What --verify does with a record that has not come to /run yet. */
static void test_verified(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(findings_free) struct findings findings = { 0 };
	struct store store;

	tree_directory(tree, "run");
	tree_write(tree, REPORT_EARLY_PATH, HEAD DEVICE TAIL);
	assert_int_equal(store_lock(&tree->root, &store), 0);
	assert_false(store_has_error(&store));
	assert_int_equal(count_devices(&store), 1);
	findings_add(&findings, FINDING_CHANGED, "x");
	for (int twice = 0; twice < 2; twice++)
		store_add(&store, entries_first(&store.entries), &findings);
	store_set_flag(&store, NULL, "verified", false);
	assert_int_equal(store_write(&tree->root, &store), 0);
	store_close(&store);

	tree_write(tree, REPORT_EARLY_PATH, "not read any more");
	assert_int_equal(store_read(&tree->root, &store), 0);
	assert_string_equal(json_get_text(store.report, "verified"), "false");
	assert_int_equal(count_findings(entry_findings(entries_first(&store.entries))), 1);
	assert_false(store_has_error(&store)); /* it is the device's */
	store_add(&store, NULL, &findings);
	assert_true(store_has_error(&store));
	store_close(&store);
}

static const struct form {
	const char *host, *conf;
} forms = { "0000:02:00.0 1:2 12 group=1 driver=serial\n0000:03:00.0 1:3 12 group=2\n",
	    "[device a]\nid = 1:2\n[device b]\nid = 1:3\n" };

/* What is about to be done is on record, and gone when it was done. */
static void test_intend(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	const struct entry *entry;
	struct store store;

	form_host(forms.host, &facts);
	form_want(forms.conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(tree, REPORT_PATH, HEAD DEVICE TAIL);
	assert_int_equal(store_lock(&tree->root, &store), 0);
	for (size_t i = 0; i < 2; i++)
		store_intend(&store, &plan.decisions[i], "x");
	/* The entry that is there is of another device, as its ids are not these. */
	assert_int_equal(count_devices(&store), 3);
	assert_int_equal(store_announce(&tree->root, &store, 4096), 0);
	entry = store_find_at(&store, &facts.devices[0].address);
	assert_true(entry->is_unfinished);
	assert_int_equal(entry->state, STATE_PLANNED);
	assert_string_equal(entry->previous_driver, "serial");
	plan.decisions[0].state = STATE_BOUND;
	store_note(&store, &plan.decisions[0]);
	for (size_t i = 0; i < 2; i++)
		store_settle(&store, &facts.devices[i].address);
	assert_int_equal(store_write(&tree->root, &store), 0);
	store_close(&store);

	assert_int_equal(store_read(&tree->root, &store), 0);
	assert_int_equal(count_devices(&store), 1);
	entry = store_find_at(&store, &facts.devices[0].address);
	assert_false(entry->is_unfinished);
	assert_int_equal(entry->state, STATE_BOUND);
	store_close(&store);
	assert_int_equal(root_exists(&tree->root, REPORT_PATH ".room"), -ENOENT);
}

#define GONE(rule)                                                                        \
	"{\"rule\": \"" rule "\", \"address\": \"0000:02:00.0\", \"id\": \"0009:0009\", " \
	"\"state\": \"bound\", \"findings\": [{\"code\": \"reset-weak\"}]}"

static const struct exchange_row {
	const char *name, *entry;
	size_t count; /* of entries, once the device is on record */
} exchange_rows[] = {
	{ "by the same rule", GONE("a"), 1 },
	{ "by another rule", GONE("z"), 2 },
};

static bool is_of_gone(const struct entry *entry)
{
	return entry->vendor == 9 && entry->state == STATE_BOUND && !entry->is_unfinished &&
	       count_findings(entry_findings(entry)) == 1;
}

/* At its address is another device: what is recorded of the first says nothing of the second. */
static void test_exchanged(void **state)
{
	const struct exchange_row *row = *state;
	_cleanup_free_ char *text = memory_printf(HEAD "%s" TAIL, row->entry);
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	struct tree tree = tree_make();
	const struct entry *entry;
	struct store store;

	form_host(forms.host, &facts);
	form_want(forms.conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(&tree, REPORT_PATH, text);
	assert_int_equal(store_lock(&tree.root, &store), 0);
	store_intend(&store, &plan.decisions[0], "x");
	assert_int_equal(count_devices(&store), 2);
	assert_true(is_of_gone(entries_first(&store.entries)));
	assert_int_equal(state_at(&store, &facts.devices[0].address), STATE_PLANNED);
	assert_int_equal(store_announce(&tree.root, &store, 4096), 0);
	plan.decisions[0].state = STATE_RETURNED;
	findings_free(&plan.decisions[0].findings);
	store_note(&store, &plan.decisions[0]);
	store_settle(&store, &facts.devices[0].address);
	assert_int_equal(store_write(&tree.root, &store), 0);
	store_close(&store);

	assert_int_equal(store_read(&tree.root, &store), 0);
	assert_int_equal(count_devices(&store), row->count);
	assert_true(row->count == 1 || is_of_gone(entries_first(&store.entries)));
	entry = store_find_at(&store, &facts.devices[0].address);
	assert_true(entry_has_id_of(entry, &facts.devices[0]));
	assert_int_equal(entry->state, STATE_RETURNED);
	assert_int_equal(count_findings(entry_findings(entry)), 0);
	store_close(&store);
	tree_remove(&tree);
}

#define OTHER \
	"{\"rule\": \"b\", \"address\": \"0000:03:00.0\", \"x\": 1, \"findings\": [{\"code\": \"y\"}]}"

static struct json_value *devices_of(struct store *store)
{
	return json_get(store->report, "devices");
}

static void lose_device(struct store *store)
{
	json_remove(devices_of(store), devices_of(store)->first);
}

static void lose_finding(struct store *store)
{
	struct json_value *findings = json_get(devices_of(store)->first->next, "findings");

	json_remove(findings, findings->first);
}

static void lose_key(struct store *store)
{
	struct json_value *device = devices_of(store)->first->next;

	json_remove(device, json_get(device, "x"));
}

static void lose_value(struct store *store)
{
	json_set(store->document, devices_of(store)->first, "address", JSON_NULL, "");
}

static void lose_finding_of_all(struct store *store)
{
	struct json_value *findings = json_get(store->report, "findings");

	json_remove(findings, findings->first);
}

static void lose_all(struct store *store)
{
	json_remove(store->report, devices_of(store));
}

static void forget(struct store *store)
{
	store_forget(store, &(struct pci_address){ .bus = 2 });
	store_forget(store, &(struct pci_address){ .bus = 3 });
}

static const struct loss_row {
	const char *name;
	void (*lose)(struct store *store);
	int result;
} loss_rows[] = {
	{ "a device", lose_device, -EBADMSG },
	{ "a finding", lose_finding, -EBADMSG },
	{ "a field", lose_key, -EBADMSG },
	{ "a value", lose_value, -EBADMSG },
	{ "a finding of no device", lose_finding_of_all, -EBADMSG },
	{ "all devices", lose_all, -EBADMSG },
	{ "what is to go", forget, 0 },
};

/* Whatever went wrong, what is on record stays there. */
static void test_loss(void **state)
{
	static const char text[] =
		"{\"version\": 1, \"program\": \"p\", \"findings\": [{\"code\": \"z\"}], "
		"\"devices\": [" DEVICE "," OTHER "]}\n";
	const struct loss_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *after = NULL;
	struct store store;

	tree_write(&tree, REPORT_PATH, text);
	assert_int_equal(store_lock(&tree.root, &store), 0);
	row->lose(&store);
	assert_int_equal(store_write(&tree.root, &store), row->result);
	store_close(&store);
	after = tree_read(&tree, REPORT_PATH);
	assert_int_equal(strcmp(after, text) == 0, row->result < 0);
	tree_remove(&tree);
}

#define MANY 30000

/* In a moment, where a search for each would take minutes. */
static void test_many(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	struct rule rule = { .name = (char *)"a" };
	struct pci_device device = { .group = GROUP_NONE };
	struct decision decision = { .rule = &rule, .device = &device, .state = STATE_BOUND };
	int64_t before = clock_ms();

	tree_write(tree, REPORT_PATH, HEAD ABSENT TAIL);
	assert_int_equal(store_lock(&tree->root, &store), 0);
	for (unsigned twice = 0; twice < 2; twice++) {
		for (unsigned i = 0; i < MANY; i++) {
			device.address.domain = i >> 8;
			device.address.bus = (uint8_t)i;
			store_note(&store, &decision);
			assert_int_equal(state_at(&store, &device.address), STATE_BOUND);
		}
	}
	assert_int_equal(count_devices(&store), MANY + 1);
	assert_int_equal(store_write(&tree->root, &store), 0);
	for (unsigned i = 0; i < MANY; i++) {
		device.address.domain = i >> 8;
		device.address.bus = (uint8_t)i;
		store_forget(&store, &device.address);
	}
	assert_int_equal(count_devices(&store), 1);
	assert_true(clock_ms() - before < 60000);
}

static const struct bad_row {
	const char *name;
	const char *text;
	int result;
} bad_rows[] = {
	{ "good", HEAD DEVICE TAIL, 0 },
	{ "empty", "", -EBADMSG },
	{ "cut off", HEAD DEVICE, -EBADMSG },
	{ "something behind", HEAD TAIL "x", -EBADMSG },
	{ "another version",
	  "{\"version\": 2, \"program\": \"p\", \"findings\": [], \"devices\": []}", -EBADMSG },
	{ "no devices", "{\"version\": 1, \"program\": \"p\", \"findings\": []}", -EBADMSG },
	{ "no object", "[]", -EBADMSG },
	{ "a device that is none",
	  "{\"version\": 1, \"program\": \"p\", \"findings\": [], \"devices\": [1]}", -EBADMSG },
	{ "findings that are none",
	  "{\"version\": 1, \"program\": \"p\", \"findings\": [], \"devices\": [{\"findings\": 1}]}",
	  -EBADMSG },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct tree tree = tree_make();
	struct store store;

	tree_write(&tree, REPORT_PATH, row->text);
	assert_int_equal(store_read(&tree.root, &store), row->result);
	store_close(&store);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "begin and forget", test_begin_and_forget);
	suite_add_in_tree(&suite, "note: what a VF was set to", test_vf_settings);
	suite_add_in_tree(&suite, "begin without a directory", test_begin_nowhere);
	suite_add_in_tree(&suite, "a decision is noted once", test_note);
	suite_add_in_tree(&suite, "settings and their former values", test_settings);
	suite_add_rows(&suite, "viable", test_note_viability, viability_rows);
	suite_add_in_tree(&suite, "what was awaited has come", test_arrival);
	suite_add_in_tree(&suite, "one entry of a list has come", test_arrival_of_list);
	suite_add_in_tree(&suite, "one of two rules was refused", test_refused_beside);
	suite_add_in_tree(&suite, "a record is verified", test_verified);
	suite_add_in_tree(&suite, "the lock", test_lock);
	suite_add_in_tree(&suite, "a child that hangs does not keep the lock", test_lock_and_child);
	suite_add_in_tree(&suite, "what is about to be done", test_intend);
	suite_add_in_tree(&suite, "many devices", test_many);
	suite_add_rows(&suite, "another device in its place", test_exchanged, exchange_rows);
	suite_add_rows(&suite, "lost", test_loss, loss_rows);
	suite_add_rows(&suite, "record", test_bad, bad_rows);
	return suite_run(&suite, "store");
}
