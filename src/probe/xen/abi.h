/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the hypervisor is asked, as bytes: struct xen_sysctl (xen/include/public/sysctl.h), of which
 * only the few fields below are needed. Their offsets are the same from Xen 4.11 to 4.22. No I/O.
 */
#ifndef PASSTHRU_PROBE_XEN_ABI_H
#define PASSTHRU_PROBE_XEN_ABI_H

#include <stdbool.h>
#include <stdint.h>

#define XEN_SYSCTL_SIZE 136

/* XEN_SYSCTL_INTERFACE_VERSION of Xen 4.21 and of Xen 4.12; a wrong one is refused with EACCES. */
#define XEN_SYSCTL_NEWEST 0x16
#define XEN_SYSCTL_OLDEST 0x12

enum xen_answer { XEN_UNTOLD, XEN_YES, XEN_NO };

/* XEN_SYSCTL_physinfo, and whether its answer says directio: DMA of guests is translated. */
void xen_encode_physinfo(uint8_t sysctl[static XEN_SYSCTL_SIZE], uint32_t version);
bool xen_decode_directio(const uint8_t sysctl[static XEN_SYSCTL_SIZE]);

/* XEN_SYSCTL_readconsole of SIZE bytes to the BUFFER, clearing nothing, and how many there were. */
void xen_encode_readconsole(uint8_t sysctl[static XEN_SYSCTL_SIZE], uint32_t version,
			    const void *buffer, uint32_t size);
uint32_t xen_decode_console_count(const uint8_t sysctl[static XEN_SYSCTL_SIZE]);

/*
 * What the text of the hypervisor's console ring tells of interrupt remapping and of the IOMMU. The
 * ring wraps, so silence proves nothing (XEN_UNTOLD).
 */
enum xen_answer xen_console_interrupt_remapping(const char *text);
enum xen_answer xen_console_iommu(const char *text);

/*
 * Whether Xen's command line has the IOMMU off: a false word among those of the last iommu=
 * (xen/drivers/passthrough/iommu.c parse_iommu_param).
 */
bool xen_cmdline_iommu_off(const char *text);

#endif
