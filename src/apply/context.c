/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/context.h"

#include <stdarg.h>

#include "apply/reason.h"
#include "apply/sysfs.h"
#include "system/clock.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

void apply_fail_because(struct decision *decision, int error, enum finding_code code,
			const char *what, const char *reason)
{
	if (!decision->error)
		decision->error = error;
	findings_add(&decision->findings, code, "%s: %s", what, reason);
}

void apply_fail(struct decision *decision, int error, enum finding_code code, const char *format,
		...)
{
	_cleanup_free_ char *what = NULL;
	va_list arguments;

	va_start(arguments, format);
	what = memory_vprintf(format, arguments);
	va_end(arguments);
	apply_fail_because(decision, error, code, what, reason_text(code, error));
}

int apply_time_left(const struct apply *apply, int most_ms)
{
	int64_t left = apply->deadline_ms - clock_ms();

	if (left <= 0)
		return 0;
	return left < most_ms ? (int)left : most_ms;
}

int apply_load_module(const struct apply *apply, const char *module, const char *options)
{
	return module_load(apply->modules, module, options,
			   apply_time_left(apply, MODULE_TIMEOUT_MS));
}

int apply_load_empty(const struct apply *apply, const struct stub *stub)
{
	_cleanup_free_ char *options = memory_printf("%s=", stub->native_option);

	return apply_load_module(apply, stub->module, options);
}

int apply_load_driver(const struct apply *apply, const struct decision *decision)
{
	const struct stub *stub = decision->stub;
	bool is_variant = !streq(decision->module, stub->module); /* which has no list */

	if (sysfs_driver_exists(apply->root, decision->driver))
		return 0;
	return is_variant ? apply_load_module(apply, decision->module, NULL)
			  : apply_load_empty(apply, stub);
}
