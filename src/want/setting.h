/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule can set of a device besides its driver. A new one that is an attribute in sysfs is a
 * row in setting.c, and one in keys.c.
 */
#ifndef PASSTHRU_WANT_SETTING_H
#define PASSTHRU_WANT_SETTING_H

#include <stdbool.h>
#include <stdint.h>

enum setting {
	SETTING_RESET_METHOD,
	SETTING_D3COLD,
	SETTING_POWER_CONTROL,
	SETTING_REBAR,
	SETTING_MODE, /* before the owner: that of what is somebody else's takes more */
	SETTING_OWNER,
	SETTING_COUNT,
};

/* When it is set. */
enum setting_time {
	SETTING_BEFORE_BIND,
	SETTING_AFTER_BIND, /* the stub driver sets it itself when it binds */
};

struct setting_kind {
	char key[16];
	char file[20];  /* the attribute of the device; "": it is of the device's nodes in /dev */
	char needs[48]; /* the kernel and the device that have it */
	enum setting_time time;
	bool is_switch;  /* its file has 1 for "yes" and 0 for "no" */
	bool is_drivers; /* a driver of the host may set it as well, when it binds */
};

/*
 * The value of each setting of a rule, NULL where the rule does not say; in the one form that
 * setting_parse() gives it. device_settings_free() ends it.
 */
struct device_settings {
	char *values[SETTING_COUNT];
};

const struct setting_kind *setting_kind(enum setting setting);

/* It is of the device's nodes in /dev/vfio, which are there while VFIO has the device. */
bool setting_is_of_node(enum setting setting);

/* Read VALUE of the setting called KEY into SETTINGS, which has none yet. -EINVAL if it is none. */
int setting_parse(const char *key, const char *value, struct device_settings *settings);

/* A setting has a value. */
bool device_settings_given(const struct device_settings *settings);

/* What SETTINGS does not say PARENT says: values are copied. */
void device_settings_inherit(struct device_settings *settings,
			     const struct device_settings *parent);

void device_settings_free(struct device_settings *settings);

/*
 * "1:256M" for BAR 1 of SIZE 8: sizes are powers of two in MiB, as Linux and PCI Express count
 * them. The caller frees it.
 */
char *rebar_format(unsigned bar, unsigned size);

/* The size in what rebar_format() made. */
unsigned rebar_size(const char *value);

/* An owner, "USER:GROUP" as setting_parse() makes it, consists of numbers. */
bool owner_is_numeric(const char *value);

#endif
