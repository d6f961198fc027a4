/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image says on the trial of its configuration; an image without it knows of no trials. No
 * I/O.
 *
 *   store efi|grub             where the state is kept
 *   proof boot|confirm         what proves the configuration
 *   tries NUMBER
 *   confirm-within SECONDS
 *   proven SHA256              the configuration that was proven when the image was made; or none
 */
#ifndef PASSTHRU_TRIAL_MARK_H
#define PASSTHRU_TRIAL_MARK_H

#include "trial/state.h"

#define TRIAL_MARK "usr/lib/passthru/trial"
/* Laid out as a root: the files of the configuration that was proven then. */
#define TRIAL_PROVEN_DIRECTORY "usr/lib/passthru/proven"
#define TRIAL_MARK_SIZE_MAX    4096
/*
 * On a host: the configuration that was proven last, for its next image, and the text that
 * trial_identify() digests.
 */
#define TRIAL_KEPT_DIRECTORY "var/lib/passthru/proven"
#define TRIAL_KEPT_DIGEST    TRIAL_KEPT_DIRECTORY ".sha256"

enum trial_store_kind { TRIAL_STORE_EFI, TRIAL_STORE_GRUB, TRIAL_STORE_COUNT };

struct trial_mark {
	enum trial_store_kind store;
	enum trial_choice proof; /* TRIAL_BOOT or TRIAL_CONFIRM */
	uint32_t tries, within_s;
	char proven[SHA256_TEXT_SIZE]; /* or "" */
};

/* Read TEXT of SIZE bytes. -EBADMSG for what is not as trial_mark_format() writes it. */
int trial_mark_parse(const char *text, size_t size, struct trial_mark *ret);

/* The caller frees it. */
char *trial_mark_format(const struct trial_mark *mark);

/* "efi", "grub"; "boot", "confirm" */
const char *trial_store_word(enum trial_store_kind store);
const char *trial_proof_word(enum trial_choice proof);

#endif
