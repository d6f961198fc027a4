/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sha256.h>
#include <stdint.h>
#include <string.h>

#include "session/credentials.h"
#include "session/modprobe_files.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/cmdline.h"
#include "want/conf.h"
#include "want/modprobe.h"

#define MAIN_FILE        "etc/passthru.conf"
#define DROPIN_DIRECTORY "etc/passthru.conf.d"
#define CMDLINE_SIZE_MAX 65536

struct reader {
	const struct root *root;
	const struct sources_request *request;
	struct intent intent;
	struct natives natives; /* of modprobe.d */
	SHA256_CTX digest, options_digest;
	bool has_file, has_options;
};

static void take_text(struct reader *reader, const char *path, const char *shown, const char *text,
		      size_t size)
{
	reader->has_file = true;
	if (reader->request->sink)
		reader->request->sink(path, text, reader->request->sink_context);
	SHA256Update(&reader->digest, (const uint8_t *)text, size);
	conf_parse(&reader->intent, shown, text, size);
}

/* root_read_file() or its like */
typedef int file_reader(const struct root *root, const char *path, size_t limit, char **ret,
			size_t *ret_size);

/* Read PATH below ROOT with READ; SHOWN is its name for the user. */
static void read_file(struct reader *reader, const struct root *root, const char *path,
		      const char *shown, file_reader *read)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = read(root, path, CONF_SIZE_MAX, &text, &size);

	if (r == -EFBIG) {
		findings_add(&reader->intent.findings, FINDING_CONFIG_ERROR,
			     "%s:1: file over %d bytes", shown, CONF_SIZE_MAX);
		return;
	}
	if (r < 0) {
		findings_add(&reader->intent.findings, FINDING_CONFIG_ERROR,
			     "%s: cannot be read: %s", shown,
			     r == -EINVAL ? "it is no regular file" : strerror(-r));
		return;
	}
	take_text(reader, path, shown, text, size);
}

/* What REQUEST has in place of the file PATH, or NULL. */
static const struct sources_dropin *find_dropin(const struct sources_request *request,
						const char *path)
{
	for (size_t i = 0; i < request->dropin_count; i++) {
		if (strcmp(request->dropins[i].path, path) == 0)
			return &request->dropins[i];
	}
	return NULL;
}

static int read_below_root(const char *path, void *context)
{
	struct reader *reader = context;
	const struct sources_dropin *dropin = find_dropin(reader->request, path);
	_cleanup_free_ char *shown = memory_printf("/%s", path);

	if (!dropin)
		read_file(reader, reader->root, path, shown, root_read_file);
	else if (dropin->text)
		take_text(reader, path, shown, dropin->text, strlen(dropin->text));
	return 0;
}

/* With those of REQUEST, in the order of their names. */
static int each_dropin(const struct root *root, const struct sources_request *request,
		       int (*function)(const char *path, void *context), void *context)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(root, DROPIN_DIRECTORY, ".conf", &names);

	if (r == -ENOENT)
		r = 0;
	for (size_t i = 0; i < request->dropin_count; i++)
		names_add_once(&names, request->dropins[i].path + strlen(DROPIN_DIRECTORY "/"));
	if (request->dropin_count)
		names_sort(&names);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		_cleanup_free_ char *path = memory_printf(DROPIN_DIRECTORY "/%s", names.items[i]);

		r = function(path, context);
	}
	return r;
}

/* A link that leads nowhere is a mistake, not a file that is not there. */
static bool has_main_file(const struct root *root)
{
	char target[PATH_MAX];

	return root_readlink(root, MAIN_FILE, target, sizeof(target)) != -ENOENT;
}

static int each_file(const struct root *root, const struct sources_request *request,
		     int (*function)(const char *path, void *context), void *context)
{
	int r = has_main_file(root) ? function(MAIN_FILE, context) : 0;

	return r == 0 ? each_dropin(root, request, function, context) : r;
}

int sources_each_file(const struct root *root, int (*function)(const char *path, void *context),
		      void *context)
{
	const struct sources_request none = { 0 };

	return each_file(root, &none, function, context);
}

static void read_files(struct reader *reader, const char *main_file)
{
	struct root here = { .fd = AT_FDCWD };
	int r;

	if (main_file) {
		read_file(reader, &here, main_file, main_file, root_read_stream);
		return;
	}
	r = each_file(reader->root, reader->request, read_below_root, reader);
	if (r < 0)
		findings_add(&reader->intent.findings, FINDING_CONFIG_ERROR,
			     "/" DROPIN_DIRECTORY ": cannot be read: %s", strerror(-r));
}

static void tell_unread_options(struct reader *reader, const char *path, int error)
{
	findings_add(&reader->natives.findings, FINDING_UNREADABLE,
		     "/%s: could not be read: %s; options of stub drivers in it are not known",
		     path, error == -EBADMSG ? "it is no text file" : strerror(-error));
}

/* libkmod reads nothing of what is no file, such as a link to /dev/null that masks another. */
static void read_options(const char *path, int error, void *context)
{
	struct reader *reader = context;
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *shown = memory_printf("/%s", path);
	size_t size;

	if (error == 0)
		error = root_read_file(reader->root, path, CONF_SIZE_MAX, &text, &size);
	if (error == -ENOENT || error == -EINVAL || error == -EISDIR)
		return;
	if (error == 0 && strlen(text) != size)
		error = -EBADMSG;
	if (error < 0)
		tell_unread_options(reader, path, error);
	else if (modprobe_parse(&reader->natives, shown, text) && reader->request->sink)
		reader->request->sink(path, text, reader->request->sink_context);
}

static void read_all_options(struct reader *reader)
{
	_cleanup_free_ char *text = NULL;

	modprobe_each_file(reader->root, !reader->request->at_next_boot, read_options, reader);
	text = natives_text(&reader->natives);
	SHA256Update(&reader->options_digest, (const uint8_t *)text, strlen(text));
	reader->has_options = *text;
}

/* Who reads the copy is to find what was found here. */
static void sink_credential(const struct reader *reader, const struct credential *credential)
{
	_cleanup_free_ char *path = memory_printf(CREDENTIALS_DIRECTORY "/%s", credential->name);

	reader->request->sink(path, credential_text(credential), reader->request->sink_context);
}

static void read_credentials(const struct reader *reader, const char *cmdline,
			     struct intent *intent)
{
	_cleanup_(credentials_free) struct credentials credentials = { 0 };

	if (!reader->request->machine)
		return;
	credentials_read(reader->request->machine, cmdline, &credentials);
	for (size_t i = 0; reader->request->sink && i < credentials.count; i++)
		sink_credential(reader, &credentials.items[i]);
	credentials_parse(&credentials, intent);
}

static void put_digests(struct reader *reader, struct want *want)
{
	if (reader->has_file)
		SHA256End(&reader->digest, want->sha256);
	if (reader->has_options)
		SHA256End(&reader->options_digest, want->options_sha256);
}

int sources_read_cmdline(const struct root *root, const char *given, char **ret)
{
	size_t size;

	if (!given)
		return root_read_file(root, "proc/cmdline", CMDLINE_SIZE_MAX, ret, &size);
	*ret = memory_copy(given, strlen(given));
	return 0;
}

/*
 * There are errors, perhaps only because a rule of a credential cannot be beside others. Then those
 * others count without it.
 */
static void leave_credentials_out(const struct root *root, const struct sources_request *request,
				  const char *cmdline, struct want *want)
{
	struct sources_request without = *request;
	struct findings *errors = &want->findings;
	struct want rest = { 0 };

	without.machine = NULL;
	without.sink = NULL;
	sources_read(root, &without, cmdline, &rest);
	if (rest.has_errors) {
		want_free(&rest);
		return;
	}
	findings_keep_errors(errors);
	for (size_t i = 0; i < errors->count; i++)
		errors->items[i].code = FINDING_CREDENTIAL_ERROR;
	findings_move(&rest.findings, errors);
	want_free(want);
	*want = rest;
}

void sources_read(const struct root *root, const struct sources_request *request,
		  const char *cmdline, struct want *ret_want)
{
	struct reader reader = { .root = root, .request = request };
	struct intent options = { 0 }, credentials = { 0 };
	struct natives natives = { 0 };
	bool has_rules;

	cmdline_parse(&options, &natives, cmdline);
	/* What is there but cannot be read says so as well. */
	if (!request->at_next_boot && root_exists(root, OFF_MARK) != -ENOENT)
		options.off = true;
	SHA256Init(&reader.digest);
	SHA256Init(&reader.options_digest);
	if (!options.off || request->reads_when_off) {
		read_files(&reader, request->main_file);
		read_all_options(&reader);
		read_credentials(&reader, cmdline, &credentials);
	}
	natives_move(&reader.natives, &natives);
	has_rules = credentials.rule_count;
	want_merge(&reader.intent, &credentials, &options, &reader.natives, ret_want);
	put_digests(&reader, ret_want);
	/* A file of the user's own may be a pipe, which cannot be read again. */
	if (ret_want->has_errors && has_rules && !request->main_file)
		leave_credentials_out(root, request, cmdline, ret_want);
}
