/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "apply/reason.h"

static const struct row {
	const char *name;
	enum finding_code code;
	int error;
	const char *text;
} rows[] = {
	{ "a driver that refuses", FINDING_BIND_FAILED, -ENODEV, "the driver rejected the device" },
	{ "a driver that defers", FINDING_BIND_FAILED, -EAGAIN, "the driver deferred the device" },
	{ "a driver that hangs", FINDING_BIND_FAILED, -ETIMEDOUT,
	  "timed out; the driver is still busy" },
	{ "a module that hangs", FINDING_MODULE_FAILED, -ETIMEDOUT,
	  "timed out; the module is still loading" },
	{ "no time to begin", FINDING_DEADLINE, -ETIMEDOUT, "no time left" },
	{ "an override that does not hold", FINDING_CLAIM_FAILED, -EIO,
	  "the kernel holds another value" },
	{ "a driver that stays", FINDING_RELEASE_FAILED, -EBUSY,
	  "the driver is still bound to the device" },
	{ "a device that is gone", FINDING_RETURN_FAILED, -ENOENT, "the device is gone" },
	{ "no space for VFs", FINDING_SRIOV_FAILED, -ENOMEM,
	  "no MMIO space or bus numbers are left for them" },
	{ "an errno that is the reason", FINDING_CLAIM_FAILED, -EROFS, "Read-only file system" },
};

static void test_reason(void **state)
{
	const struct row *row = *state;

	assert_string_equal(reason_text(row->code, row->error), row->text);
}

/* These are the kernel's between its parts: their own texts lead astray, whatever was done. */
static void test_no_errno(void **state)
{
	static const int errors[] = { ETIMEDOUT, ETIME, ENODEV, EIO, 517 };
	static const enum finding_code codes[] = {
		FINDING_CLAIM_FAILED,      FINDING_RELEASE_FAILED, FINDING_STUB_MISSING,
		FINDING_MODULE_FAILED,     FINDING_BIND_FAILED,    FINDING_RETURN_FAILED,
		FINDING_PERMISSIVE_FAILED, FINDING_SRIOV_FAILED,   FINDING_WATCH_FAILED,
		FINDING_DEADLINE,
	};

	(void)state;
	for (size_t c = 0; c < ARRAY_SIZE(codes); c++) {
		for (size_t e = 0; e < ARRAY_SIZE(errors); e++)
			assert_string_not_equal(reason_text(codes[c], -errors[e]),
						strerror(errors[e]));
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "reason", test_reason, rows);
	suite_add(&suite, "never what an errno of the kernel's is called", test_no_errno);
	return suite_run(&suite, "reason");
}
