/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial/store.h"

#include <errno.h>
#include <string.h>

#include "trial/efi.h"
#include "trial/grub.h"

static const struct {
	const char *name;
	void (*turn)(const struct trial_host *host, const char *configuration, uint32_t tries,
		     struct trial_turn *ret);
} stores[TRIAL_STORE_COUNT] = {
	[TRIAL_STORE_EFI] = { "the EFI variable PassthruTrial", trial_efi_turn },
	[TRIAL_STORE_GRUB] = { "GRUB's environment block", trial_grub_turn },
};

void trial_store_turn(enum trial_store_kind kind, const struct trial_host *host,
		      const char *configuration, uint32_t tries, struct trial_turn *ret)
{
	stores[kind].turn(host, configuration, tries, ret);
}

const char *trial_store_name(enum trial_store_kind kind)
{
	return stores[kind].name;
}

const char *trial_store_error(int error)
{
	switch (error) {
	case -EBADMSG:
		return "not as passthru writes it";
	case -ENOMSG:
		return "the boot loader passed no passthru.trial=";
	case -ENODEV:
		return "the kernel has no efivarfs, or its module is not in the image";
	case -ENOSPC:
		return "the firmware has no room for it";
	case -EROFS:
		return "it is read-only";
	case -ETIMEDOUT:
		return "the firmware does not answer";
	case -EIO:
		return "it does not keep what is written";
	default:
		return strerror(-error);
	}
}
