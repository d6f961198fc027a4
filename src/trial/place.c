/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/place.h"

#include <errno.h>

#include "system/efi_variable.h"
#include "trial/efi.h"
#include "trial/grubenv.h"
#include "util/cleanup.h"

/* 1 for the same root directory as PID 1 has, that is no container's; 0; or negative errno. */
static int check_booted_root(const struct root *root)
{
	static const char *const containers[] = { "run/systemd/container", "run/.containerenv",
						  ".dockerenv" };

	for (size_t i = 0; i < ARRAY_SIZE(containers); i++) {
		if (root_exists(root, containers[i]) == 0)
			return 0;
	}
	return root->is_confined ? 0 : root_is_same(root, "proc/1/root", ".");
}

static bool has_variables(const struct root *root)
{
	const struct trial_host host = { .root = root };
	struct trial_state state;
	int r;

	if (root_exists(root, EFI_VARIABLES) < 0)
		return false;
	r = trial_efi_read(&host, &state);
	return r == 0 || r == -ENOENT || r == -EBADMSG;
}

const char *trial_find_place(const struct root *root, enum trial_store_kind *ret, bool *ret_is_here)
{
	int r = check_booted_root(root);

	*ret_is_here = r == 1;
	if (r == -EACCES || r == -EPERM)
		return "root is needed to look";
	if (r != 1)
		return "this is not the system that the host runs: a chroot, or a container";
	*ret = TRIAL_STORE_EFI;
	if (has_variables(root))
		return NULL;
	*ret = TRIAL_STORE_GRUB;
	return grubenv_obstacle(root);
}

int trial_place_read(const struct root *root, enum trial_store_kind kind, struct trial_state *ret)
{
	const struct trial_host host = { .root = root };

	return kind == TRIAL_STORE_EFI ? trial_efi_read(&host, ret) : grubenv_read(root, ret);
}

int trial_place_write(const struct root *root, enum trial_store_kind kind,
		      const struct trial_state *state, uint32_t tries)
{
	const struct trial_host host = { .root = root };

	return kind == TRIAL_STORE_EFI ? trial_efi_write(&host, state)
				       : grubenv_write(root, state, tries);
}

int trial_place_clear(const struct root *root, enum trial_store_kind kind)
{
	const struct trial_host host = { .root = root };
	const struct trial_state nothing = { 0 };
	int r = kind == TRIAL_STORE_EFI ? trial_efi_remove(&host) : 0;

	return r < 0 && r != -ENOENT ? r : trial_place_write(root, kind, &nothing, 0);
}
