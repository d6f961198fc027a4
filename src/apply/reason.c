/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/reason.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"

#define ANY          FINDING_CODE_COUNT
#define EPROBE_DEFER 517 /* linux/include/linux/errno.h; user space has no name for it */

/* The first row that fits counts. */
static const struct {
	enum finding_code code;
	int error;
	const char *text;
} reasons[] = {
	{ FINDING_BIND_FAILED, ENODEV, "the driver rejected the device" },
	{ FINDING_BIND_FAILED, EBUSY, "another driver is bound to it" },
	{ FINDING_BIND_FAILED, ENOENT, "there is no such driver" },
	/* linux/drivers/base/dd.c device_driver_attach() makes this of EPROBE_DEFER. */
	{ FINDING_BIND_FAILED, EAGAIN, "the driver deferred the device" },
	{ FINDING_RELEASE_FAILED, EBUSY, "the driver is still bound to the device" },
	{ FINDING_RELEASE_FAILED, ENODEV, "the driver is still bound to the device" },
	{ FINDING_RELEASE_FAILED, ENOENT, "the driver has no unbind attribute" },
	{ FINDING_FRAMEBUFFER_FAILED, EBUSY, "its driver is still bound" },
	{ FINDING_FRAMEBUFFER_FAILED, EADDRINUSE, "the kernel still reserves its memory" },
	{ FINDING_FRAMEBUFFER_FAILED, ENOENT, "its driver has no unbind attribute" },
	{ FINDING_CLAIM_FAILED, EIO, "the kernel holds another value" },
	{ FINDING_CLAIM_FAILED, ENOENT, "the device is gone" },
	{ FINDING_RETURN_FAILED, ENOENT, "the device is gone" },
	{ FINDING_STUB_MISSING, ENOENT, "module not found" },
	{ FINDING_MODULE_FAILED, ENOENT, "module not found" },
	{ FINDING_MODULE_FAILED, ETIMEDOUT, "timed out; the module is still loading" },
	{ FINDING_MODULE_FAILED, ENODEV, "the module cannot be used on this host" },
	{ FINDING_MODULE_FAILED, ENOEXEC, "the module is damaged or for another kernel" },
	{ FINDING_MODULE_FAILED, EIO, "the kernel killed the loading process" },
	/* linux/drivers/pci/pci-sysfs.c: __resource_resize_store(), reset_method_store() */
	{ FINDING_SETTING_FAILED, EIO, "the kernel holds another value" },
	{ FINDING_SETTING_FAILED, ENOENT, "there is no node of it in /dev/vfio" },
	{ FINDING_SETTING_FAILED, EINVAL, "the device does not support it" },
	{ FINDING_SETTING_FAILED, EBUSY, "the device or its address space is in use" },
	{ FINDING_SETTING_FAILED, ENOSPC, "the bridges above it have no address space for it" },
	{ FINDING_PERMISSIVE_FAILED, EIO, "the driver does not list the device" },
	{ FINDING_PERMISSIVE_FAILED, ENOENT, "the driver has no such attribute" },
	/* linux/drivers/pci/iov.c: sriov_numvfs_store(), sriov_enable() */
	{ FINDING_SRIOV_FAILED, ENOENT, "the driver or the kernel does not support it" },
	{ FINDING_SRIOV_FAILED, EBUSY, "other VFs are enabled" },
	{ FINDING_SRIOV_FAILED, ENOMEM, "no MMIO space or bus numbers are left for them" },
	{ FINDING_PF_INTERFACE, ENOENT, "the PF has no network interface" },
	{ FINDING_PF_INTERFACE, ENOTUNIQ, "the PF has several network interfaces" },
	{ FINDING_PF_DOWN, EIO, "it stayed down" },
	/* linux/net/core/rtnetlink.c: do_setvfinfo(), rtnl_fill_vf() */
	{ FINDING_VF_SETTING_FAILED, EOPNOTSUPP, "the driver of the PF does not support it" },
	{ FINDING_VF_SETTING_FAILED, EINVAL, "the driver of the PF refuses it" },
	{ FINDING_VF_SETTING_FAILED, EIO, "the driver of the PF holds another value" },
	{ FINDING_VF_SETTING_FAILED, EBUSY,
	  "it differs, but the VF is bound already and may be in use" },
	{ FINDING_VF_SETTING_FAILED, ENODATA, "the driver of the PF shows nothing of its VFs" },
	{ FINDING_WATCH_FAILED, ENOENT, "module not found" },
	{ FINDING_WATCH_FAILED, ENODATA, "a device that could not be read may be one of these" },
	{ FINDING_DEADLINE, ETIMEDOUT, "no time left" },
	{ ANY, ETIMEDOUT, "timed out; the driver is still busy" },
	{ ANY, ETIME, "no time left" },
	{ ANY, ENOMEM, "out of memory" },
	{ ANY, ENODEV, "the device is gone" },
	{ ANY, EIO, "an I/O error, or the kernel killed the writing process" },
	{ ANY, EPROBE_DEFER, "the driver deferred the device" },
};

const char *reason_text(enum finding_code code, int error)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if ((reasons[i].code == code || reasons[i].code == ANY) &&
		    reasons[i].error == -error)
			return reasons[i].text;
	}
	return strerror(-error);
}
