/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record of a host must not tell of it. No I/O. */
#ifndef PASSTHRU_CLI_RECORD_MASK_H
#define PASSTHRU_CLI_RECORD_MASK_H

/*
 * LINE without what is one machine's alone or secret; the caller frees it.
 *
 * - MAC addresses, with ':', with '-', or as in enx525400123456: all but the maker's three bytes;
 * - names below /dev/disk/by-id, as mask_id() does it; world-wide names of multipath devices;
 * - what follows "serial=" and "Uniq=";
 * - the values of words whose name speaks of a password, a secret or a token, and iSCSI targets
 *   (dracut.cmdline(7)), where user and password may stand.
 *
 * The same always becomes the same, so that what belongs together still does.
 */
char *mask_line(const char *line);

/*
 * A name below /dev/disk/by-id (udev's 60-persistent-storage.rules): those with a serial number
 * become "serial-XXXXXXXX", a hash of it; those of md, device-mapper and LVM, which were made up,
 * stay. The caller frees it.
 */
char *mask_id(const char *name);

#endif
