/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "forms.h"

#include "facts/topology.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "helpers.h"
#include "util/memory.h"
#include "util/parse.h"
#include "want/cmdline.h"
#include "want/conf.h"
#include "want/credential.h"
#include "want/modprobe.h"

/* A text that grows; form_end() gives it away without the blank at its end. */
struct form {
	FILE *stream;
	char *text;
	size_t size;
};

static void form_begin(struct form *form)
{
	form->stream = open_memstream(&form->text, &form->size);
	assert_non_null(form->stream);
}

static char *form_end(struct form *form)
{
	fclose(form->stream);
	if (form->size && form->text[form->size - 1] == ' ')
		form->text[form->size - 1] = '\0';
	return form->text;
}

static void put_id_field(FILE *stream, const char *before, uint32_t id)
{
	if (id == ID_ANY)
		fprintf(stream, "%s*", before);
	else
		fprintf(stream, "%s%04x", before, id);
}

static void put_id(FILE *stream, const struct id_pattern *id)
{
	put_id_field(stream, "id=", id->vendor);
	put_id_field(stream, ":", id->device);
	if (id->subvendor != ID_ANY || id->subdevice != ID_ANY) {
		put_id_field(stream, ":", id->subvendor);
		put_id_field(stream, ":", id->subdevice);
	}
	fputc(' ', stream);
}

static void put_address(FILE *stream, const struct address_pattern *pattern)
{
	char text[ADDRESS_SIZE];

	address_format(&pattern->address, text);
	if (pattern->any_function)
		text[strlen(text) - 1] = '*';
	fprintf(stream, "address=%s ", text);
}

static void put_selector(FILE *stream, const struct selector *selector)
{
	if (selector->has_address)
		put_address(stream, &selector->address);
	if (selector->path)
		fprintf(stream, "path=%s ", selector->path);
	if (selector->has_id)
		put_id(stream, &selector->id);
	for (size_t i = 0; i < selector->vf.count; i++)
		fprintf(stream, "vf=%u-%u ", selector->vf.ranges[i].first,
			selector->vf.ranges[i].last);
	if (selector->has_class)
		fprintf(stream, "class=%06x/%06x ", selector->class.value, selector->class.mask);
}

char *form_selector(const struct selector *selector)
{
	struct form form;

	form_begin(&form);
	put_selector(form.stream, selector);
	return form_end(&form);
}

static void put_trial(FILE *stream, const struct options *options)
{
	static const char *const trial[] = { "", "trial=no ", "trial=boot ", "trial=confirm " };

	fputs(trial[options->trial], stream);
	if (options->trial_tries)
		fprintf(stream, "trial-tries=%u ", options->trial_tries);
	if (options->confirm_within_s)
		fprintf(stream, "confirm-within=%u ", options->confirm_within_s);
}

static void put_options(FILE *stream, const struct options *options)
{
	static const char *const iommu[] = { "", "iommu=require ", "iommu=warn " };
	static const char *const group[] = { "", "group=listed ", "group=whole ", "group=refuse " };
	static const char *const failure[] = { "", "on-failure=host ", "on-failure=hold " };

	if (options->driver != DRIVER_UNSET)
		fprintf(stream, "driver=%s ",
			options->driver == DRIVER_AUTO ? "auto" : options->stub->name);
	fprintf(stream, "%s%s%s", iommu[options->iommu], group[options->group],
		failure[options->on_failure]);
	/* The default would be in each row of some tables. */
	if (options->hotplug == CHOICE_NO)
		fputs("hotplug=no ", stream);
	if (options->has_root_grace)
		fprintf(stream, "root-grace=%u ", options->root_grace_s);
	put_trial(stream, options);
}

static void put_settings(FILE *stream, const struct device_settings *settings)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (settings->values[i])
			fprintf(stream, " %s=%s", setting_kind(i)->key, settings->values[i]);
	}
}

char *form_options(const struct options *options)
{
	struct form form;

	form_begin(&form);
	put_options(form.stream, options);
	return form_end(&form);
}

char *form_rules(const struct rule *rules, size_t count)
{
	struct form form;

	form_begin(&form);
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *selector = form_selector(&rules[i].selector);
		_cleanup_free_ char *options = form_options(&rules[i].options);

		fprintf(form.stream, "%s: %s", rules[i].name, selector);
		if (rules[i].count)
			fprintf(form.stream, " count=%u", rules[i].count);
		if (rules[i].vfs)
			fprintf(form.stream, " vfs=%u", rules[i].vfs);
		if (rules[i].allow)
			fprintf(form.stream, " allow=%x", rules[i].allow);
		put_settings(form.stream, &rules[i].settings);
		fprintf(form.stream, "%s%s\n", *options ? " " : "", options);
	}
	return form_end(&form);
}

static enum usage usage_of(const char *word)
{
	static const char *const words[] = {
		[USAGE_DISK] = "disk",
		[USAGE_NETWORK] = "network",
		[USAGE_FUNCTIONS] = "functions",
		[USAGE_GUEST] = "guest",
	};

	for (size_t i = USAGE_NONE + 1; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], word) == 0)
			return (enum usage)i;
	}
	fail_msg("unknown usage '%s'", word);
	return USAGE_NONE;
}

static enum unread unread_of(const char *word)
{
	static const char *const words[] = {
		[UNREAD_GUARD] = "guard",
		[UNREAD_GROUP] = "group",
		[UNREAD_SHOWN] = "shown",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], word) == 0)
			return (enum unread)i;
	}
	fail_msg("nothing of '%s' is read", word);
	return UNREAD_SHOWN;
}

/* What is a name or a path. */
static bool read_text(struct pci_device *device, const char *word, const char *value)
{
	if (strcmp(word, "variant") == 0) {
		device->variant_module = memory_dup(value);
	} else if (strcmp(word, "path") == 0) {
		device->path = memory_dup(value);
	} else if (strcmp(word, "unit") == 0) {
		device->iommu_unit = memory_dup(value);
	} else if (strcmp(word, "framebuffer") == 0) {
		device->framebuffer = memory_printf("%s-framebuffer.0", value);
		device->framebuffer_driver = memory_printf("%s-framebuffer", value);
	} else {
		return false;
	}
	return true;
}

static void read_word(struct pci_device *device, char *word)
{
	char *value = strchrnul(word, '=');
	uint32_t number;

	if (*value)
		*value++ = '\0';
	if (read_text(device, word, value))
		return;
	if (strcmp(word, "group") == 0) {
		assert_int_equal(parse_decimal(value, 1000, &number), 0);
		device->group = (int)number;
		device->translated = true;
	} else if (strcmp(word, "untranslated") == 0) {
		device->translated = false;
	} else if (strcmp(word, "driver") == 0) {
		snprintf(device->driver, sizeof(device->driver), "%s", value);
	} else if (strcmp(word, "module") == 0) {
		device->driver_is_module = true;
	} else if (strcmp(word, "can") == 0) {
		assert_int_equal(parse_decimal(value, VF_COUNT_MAX, &number), 0);
		device->vf_total = (uint16_t)number;
	} else if (strcmp(word, "has") == 0) {
		assert_int_equal(parse_decimal(value, VF_COUNT_MAX, &number), 0);
		device->vf_count = (uint16_t)number;
	} else if (strcmp(word, "vf") == 0) {
		assert_int_equal(parse_decimal(value, VF_COUNT_MAX, &number), 0);
		device->vf_number = (uint16_t)number;
	} else if (strcmp(word, "of") == 0) {
		assert_int_equal(address_parse(value, &device->physical), 0);
		device->is_virtual = true;
	} else if (strcmp(word, "type") == 0) {
		snprintf(device->group_type, sizeof(device->group_type), "%s", value);
	} else if (strcmp(word, "direct") == 0) {
		device->has_direct_region = true;
	} else if (strcmp(word, "removable") == 0) {
		device->is_removable = true;
	} else if (strcmp(word, "conventional") == 0) {
		device->is_conventional_bridge = true;
	} else if (strcmp(word, "used") == 0) {
		device->usage = usage_of(value);
		device->used_by = memory_copy(value, strlen(value));
	} else if (strcmp(word, "unread") == 0) {
		device_note(device, unread_of(value), value, -EIO);
		device->translated &= !device->unread[UNREAD_GROUP];
	} else if (strcmp(word, "reset") == 0) {
		device->reset = topology_reset(value);
	} else if (strcmp(word, "behind") == 0) {
		assert_int_equal(address_parse(value, &device->parent), 0);
		device->has_parent = true;
	} else {
		fail_msg("unknown word '%s'", word);
	}
}

static void read_device(struct pci_device *device, char *line)
{
	struct id_pattern id;
	struct class_pattern class;

	*device = (struct pci_device){ .group = GROUP_NONE };
	assert_int_equal(address_parse(strsep(&line, " "), &device->address), 0);
	assert_int_equal(id_pattern_parse(strsep(&line, " "), &id), 0);
	assert_int_equal(class_pattern_parse(strsep(&line, " "), &class), 0);
	device->vendor = (uint16_t)id.vendor;
	device->device = (uint16_t)id.device;
	device->subvendor = id.subvendor == ID_ANY ? 0 : (uint16_t)id.subvendor;
	device->subdevice = id.subdevice == ID_ANY ? 0 : (uint16_t)id.subdevice;
	device->class = class.value;
	for (char *word; (word = strsep(&line, " "));)
		read_word(device, word);
}

static bool read_need(struct facts *facts, const char *line)
{
	_cleanup_free_ char *text = memory_printf("passthru-needs 1\nhost \n%s\n", line);
	struct needs needs;

	assert_int_equal(needs_parse(text, strlen(text), &needs), 0);
	needs_move(&facts->needs, &needs);
	facts->needs_state = NEEDS_KNOWN;
	return true;
}

static bool leave_out(struct facts *facts, const char *address)
{
	facts->left_out =
		memory_grow(facts->left_out, facts->left_out_count, sizeof(facts->left_out[0]));
	assert_int_equal(address_parse(address, &facts->left_out[facts->left_out_count++]), 0);
	return true;
}

static bool read_platform(struct facts *facts, const char *line)
{
	static const struct {
		const char *line;
		enum platform platform;
		enum iommu_state state;
	} platforms[] = {
		{ "xen", PLATFORM_XEN_DOM0, IOMMU_STATE_ON },
		{ "pvh", PLATFORM_XEN_DOM0_PVH, IOMMU_STATE_ON },
		{ "xen off", PLATFORM_XEN_DOM0, IOMMU_STATE_OFF },
		{ "smmu", PLATFORM_BARE, IOMMU_STATE_ON },
		{ "xen unknown", PLATFORM_XEN_DOM0, IOMMU_STATE_UNKNOWN },
	};

	if (strcmp(line, "unsafe interrupts") == 0)
		return facts->allows_unsafe_interrupts = true;
	if (strcmp(line, "remapping") == 0)
		return facts->interrupt_remapping = true;
	if (strcmp(line, "network root") == 0)
		return facts->has_network_root = true;
	if (strcmp(line, "other console") == 0)
		return facts->has_other_console = true;
	if (strcmp(line, "unread framebuffer") == 0)
		facts_note(facts, &facts->unread_framebuffer, "the framebuffer", -EIO);
	if (strcmp(line, "unread host") == 0)
		facts_note(facts, &facts->unread, "the host", -EIO);
	if (strcmp(line, "unread consoles") == 0)
		facts_note(facts, &facts->unread_consoles, "the consoles", -EIO);
	if (strncmp(line, "unread ", strlen("unread ")) == 0)
		return true;
	if (strncmp(line, "left out ", strlen("left out ")) == 0)
		return leave_out(facts, line + strlen("left out "));
	if (strcmp(line, "damaged record") == 0)
		return (facts->needs_state = NEEDS_DAMAGED);
	if (strncmp(line, "need ", strlen("need ")) == 0)
		return read_need(facts, line + strlen("need "));
	if (strcmp(line, "smmu") == 0)
		facts->iommu_kind = IOMMU_KIND_SMMU;
	for (size_t i = 0; i < ARRAY_SIZE(platforms); i++) {
		if (strcmp(platforms[i].line, line) == 0) {
			facts->platform = platforms[i].platform;
			facts->iommu_state = platforms[i].state;
			return true;
		}
	}
	return false;
}

void form_host(const char *text, struct facts *ret)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;

	*ret = (struct facts){ .iommu_state = IOMMU_STATE_ABSENT };
	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!read_platform(ret, line) && *line) {
			ret->devices = memory_grow(ret->devices, ret->device_count,
						   sizeof(ret->devices[0]));
			read_device(&ret->devices[ret->device_count++], line);
		}
	}
	for (size_t i = 0; i < ret->device_count && facts_in_dom0(ret); i++)
		ret->devices[i].translated = ret->iommu_state == IOMMU_STATE_ON;
	facts_sort(ret);
}

static void merge(const char *conf, const char *credential, const char *modprobe,
		  const char *cmdline, struct want *ret)
{
	_cleanup_(credentials_free) struct credentials credentials = { 0 };
	struct natives natives = { 0 }, of_cmdline = { 0 };
	struct intent files = { 0 }, options = { 0 }, layer = { 0 };

	if (conf)
		conf_parse(&files, "conf", conf, strlen(conf));
	if (credential)
		credentials_add(&credentials, memory_dup("credential"), CREDENTIAL_NAME,
				strlen(CREDENTIAL_NAME), CREDENTIAL_TEXT, credential,
				strlen(credential));
	credentials_parse(&credentials, &layer);
	if (cmdline)
		cmdline_parse(&options, &of_cmdline, cmdline);
	if (modprobe)
		modprobe_parse(&natives, "/etc/modprobe.d/x.conf", modprobe);
	natives_move(&natives, &of_cmdline);
	want_merge(&files, &layer, &options, &natives, ret);
}

void form_want_of(const char *conf, const char *modprobe, const char *cmdline, struct want *ret)
{
	merge(conf, NULL, modprobe, cmdline, ret);
}

void form_want_with(const char *conf, const char *credential, const char *cmdline, struct want *ret)
{
	merge(conf, credential, NULL, cmdline, ret);
}

void form_want(const char *conf, const char *cmdline, struct want *ret)
{
	merge(conf, NULL, NULL, cmdline, ret);
}

static const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_TAKE] = "take",          [VERDICT_REFUSE] = "leave to the host",
		[VERDICT_HOLD] = "hold",          [VERDICT_ABSENT] = "absent",
		[VERDICT_RETURN] = "return from", [VERDICT_DIVIDE] = "divide",
	};

	return words[verdict];
}

bool form_omits(const char *word)
{
	return strcmp(word, finding_word(FINDING_ADDRESS_ALONE)) == 0 ||
	       strcmp(word, finding_word(FINDING_HOST_NETWORK)) == 0;
}

static void put_finding(FILE *stream, enum finding_code code)
{
	if (!form_omits(finding_word(code)))
		fprintf(stream, " %s", finding_word(code));
}

char *form_plan(const struct plan *plan)
{
	struct form form;

	form_begin(&form);
	for (size_t i = 0; i < plan->count; i++) {
		const struct decision *decision = &plan->decisions[i];
		char address[ADDRESS_SIZE] = "-";

		if (decision->device)
			address_format(&decision->device->address, address);
		fprintf(form.stream, "%s %s: %s %s", decision->rule->name, address,
			verdict_word(decision->verdict), decision->driver);
		if (decision->verdict == VERDICT_DIVIDE)
			fprintf(form.stream, " %s", state_word(decision->state));
		if (decision->viability == VIABILITY_YES)
			fputs(" viable", form.stream);
		if (decision->module[0] && strcmp(decision->module, decision->driver) != 0)
			fprintf(form.stream, " of %s", decision->module);
		for (size_t f = 0; f < decision->findings.count; f++)
			put_finding(form.stream, decision->findings.items[f].code);
		fputc('\n', form.stream);
	}
	return form_end(&form);
}

void assert_planned(const char *host, const char *conf, const char *expected)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *form = NULL;

	form_host(host, &facts);
	form_want(conf, NULL, &want);
	plan_make(&want, &facts, &plan);
	form = form_plan(&plan);
	if (strcmp(form, expected) != 0)
		fail_showing(expected, form);
}
