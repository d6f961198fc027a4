/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By a child: the mount of efivarfs is its own, and a firmware that does not answer costs a few
 * seconds, not the boot.
 */
#include "trial/efi.h"

#include <errno.h>
#include <string.h>

#include "system/child.h"
#include "system/efi_variable.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define TIMEOUT_MS 4000

struct efi_access {
	const struct trial_host *host;
	const struct root *root; /* where the variables are */
	int (*function)(struct efi_access *access);
	/* Shared with the child: */
	struct trial_state state;
	const char *configuration;
	uint32_t tries;
	struct trial_turn turn;
};

static int read_state(const struct root *root, struct trial_state *ret)
{
	char text[TRIAL_STATE_SIZE_MAX];
	int r = efi_variable_read(root, TRIAL_VARIABLE, text, sizeof(text));

	if (r < 0)
		return r == -EFBIG ? -EBADMSG : r;
	return trial_state_parse(text, (size_t)r, ret);
}

static int write_state(const struct root *root, const struct trial_state *state)
{
	_cleanup_free_ char *text = trial_state_format(state), *now = NULL;
	struct trial_state back;
	int r = efi_variable_write(root, TRIAL_VARIABLE, text, strlen(text));

	if (r == 0)
		r = read_state(root, &back);
	if (r < 0)
		return r == -ENOENT || r == -EBADMSG ? -EIO : r;
	now = trial_state_format(&back);
	return streq(now, text) ? 0 : -EIO;
}

static int in_child(void *context)
{
	struct efi_access *access = context;
	_cleanup_(root_close) struct root root = { .fd = -1 };
	int r;

	access->root = access->host->root;
	if (access->root->is_confined)
		return access->function(access);
	r = efi_variables_mount(access->host->modules);
	/* One that was opened before does not see the mount. */
	if (r == 0)
		r = root_open("/", &root);
	access->root = &root;
	return r < 0 ? r : access->function(access);
}

static int run(struct efi_access *access)
{
	return child_run(in_child, access, TIMEOUT_MS, NULL);
}

static struct efi_access *share(const struct trial_host *host,
				int (*function)(struct efi_access *access))
{
	struct efi_access *access = child_share(sizeof(*access));

	if (access) {
		access->host = host;
		access->function = function;
	}
	return access;
}

static void unshare_access(struct efi_access **access)
{
	if (*access)
		child_unshare(*access, sizeof(**access));
}

/* A state that cannot be read counts as not tried: what is written then is that it is. */
static int turn(struct efi_access *access)
{
	struct trial_turn *its = &access->turn;
	int r = read_state(access->root, &access->state);

	its->read_error = r == -ENOENT ? 0 : r;
	its->verdict = its->read_error
			       ? TRIAL_TRYING
			       : trial_judge(&access->state, access->configuration, access->tries);
	its->write_error = 0;
	if (its->verdict != TRIAL_TRYING || access->host->only_looks)
		return 0;
	trial_try(&access->state, access->configuration);
	its->write_error = write_state(access->root, &access->state);
	return 0;
}

void trial_efi_turn(const struct trial_host *host, const char *configuration, uint32_t tries,
		    struct trial_turn *ret)
{
	_cleanup_(unshare_access) struct efi_access *access = share(host, turn);
	int r = -ENOMEM;

	*ret = (struct trial_turn){ .verdict = TRIAL_TRYING };
	if (access) {
		access->configuration = configuration;
		access->tries = tries;
		r = run(access);
		*ret = access->turn;
	}
	/* It did not come to its end, or never to its beginning. */
	if (r < 0)
		*ret = (struct trial_turn){ TRIAL_TRYING, r, r };
}

static int read_it(struct efi_access *access)
{
	return read_state(access->root, &access->state);
}

int trial_efi_read(const struct trial_host *host, struct trial_state *ret)
{
	_cleanup_(unshare_access) struct efi_access *access = share(host, read_it);
	int r = access ? run(access) : -ENOMEM;

	if (r == 0)
		*ret = access->state;
	return r;
}

static int write_it(struct efi_access *access)
{
	return write_state(access->root, &access->state);
}

int trial_efi_write(const struct trial_host *host, const struct trial_state *state)
{
	_cleanup_(unshare_access) struct efi_access *access = share(host, write_it);

	if (!access)
		return -ENOMEM;
	access->state = *state;
	return run(access);
}

static int remove_it(struct efi_access *access)
{
	return efi_variable_remove(access->root, TRIAL_VARIABLE);
}

int trial_efi_remove(const struct trial_host *host)
{
	_cleanup_(unshare_access) struct efi_access *access = share(host, remove_it);

	return access ? run(access) : -ENOMEM;
}
