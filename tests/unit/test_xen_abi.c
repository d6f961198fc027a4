/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Byte for byte: the offsets are those of xen/include/public/sysctl.h, written out here once more.
 */
#include "helpers.h"

#include <string.h>

#include "probe/xen/abi.h"

static void test_physinfo_bytes(void **state)
{
	uint8_t sysctl[XEN_SYSCTL_SIZE], expected[136] = { 0 };

	(void)state;
	memset(sysctl, 0xff, sizeof(sysctl));
	xen_encode_physinfo(sysctl, 0x15);
	expected[0] = 3;
	expected[4] = 0x15;
	assert_int_equal(sizeof(sysctl), sizeof(expected));
	assert_memory_equal(sysctl, expected, sizeof(expected));
}

static void test_readconsole_bytes(void **state)
{
	uint8_t sysctl[XEN_SYSCTL_SIZE], expected[136] = { 0 };
	const void *buffer = (const void *)0x1122334455667788;

	(void)state;
	memset(sysctl, 0xff, sizeof(sysctl));
	xen_encode_readconsole(sysctl, 0x16, buffer, 0xabcd);
	expected[0] = 1;
	expected[4] = 0x16;
	for (int i = 0; i < 8; i++)
		expected[16 + i] = (uint8_t)(0x88 - 0x11 * i);
	expected[24] = 0xcd;
	expected[25] = 0xab;
	assert_memory_equal(sysctl, expected, sizeof(expected));
	assert_int_equal(xen_decode_console_count(sysctl), 0xabcd);
}

/* Capabilities as Xen 4.17 and 4.20 gave them, with the IOMMU on and off. */
static const struct directio_row {
	const char *name;
	uint32_t capabilities;
	bool directio;
} directio_rows[] = {
	{ "on, PV", 0x307, true },
	{ "on, PVH", 0x32f, true },
	{ "off", 0x303, false },
	{ "all bits but this one", ~0x4u, false },
};

static void test_directio(void **state)
{
	const struct directio_row *row = *state;
	uint8_t sysctl[XEN_SYSCTL_SIZE] = { 0 };

	memcpy(sysctl + 36, &row->capabilities, sizeof(row->capabilities));
	assert_int_equal(xen_decode_directio(sysctl), row->directio);
}

static const struct console_row {
	const char *name;
	const char *text;
	enum xen_answer iommu, remapping;
} console_rows[] = {
	{ "VT-d, all on",
	  "(XEN) Intel VT-d Interrupt Remapping enabled.\n(XEN) I/O virtualisation enabled\n"
	  "(XEN)  - Dom0 mode: Relaxed\n(XEN) Interrupt remapping enabled\n",
	  XEN_YES, XEN_YES },
	{ "VT-d, no remapping",
	  "(XEN) Intel VT-d Interrupt Remapping not enabled.\n(XEN) I/O virtualisation enabled\n"
	  "(XEN) Interrupt remapping disabled\n",
	  XEN_YES, XEN_NO },
	{ "VT-d, the second line has gone from the ring",
	  "(XEN) Intel VT-d Interrupt Remapping not enabled.\n", XEN_UNTOLD, XEN_NO },
	{ "off", "(XEN) I/O virtualisation disabled\n", XEN_NO, XEN_UNTOLD },
	{ "wrapped", "(XEN) Dom0 has maximum 2 VCPUs\n", XEN_UNTOLD, XEN_UNTOLD },
	{ "with the time",
	  "(XEN) [    0.000001] I/O virtualisation enabled\n"
	  "(XEN) [2026-01-02 03:04:05] Interrupt remapping enabled\n",
	  XEN_YES, XEN_YES },
	{ "what guests print",
	  "(d1) I/O virtualisation enabled\nInterrupt remapping enabled\n"
	  "(d2) (XEN) Interrupt remapping enabled\n(XEN) d1: Interrupt remapping enabled\n",
	  XEN_UNTOLD, XEN_UNTOLD },
	{ "empty", "", XEN_UNTOLD, XEN_UNTOLD },
};

static void test_console(void **state)
{
	const struct console_row *row = *state;

	assert_int_equal(xen_console_iommu(row->text), row->iommu);
	assert_int_equal(xen_console_interrupt_remapping(row->text), row->remapping);
}

static const struct cmdline_row {
	const char *text;
	bool off;
} cmdline_rows[] = {
	{ "", false },
	{ "console=com1 dom0_mem=1G", false },
	{ "iommu=verbose,force", false },
	{ "iommu=off", true },
	{ "console=com1 iommu=no", true },
	{ "iommu=verbose,0", true },
	{ "iommu=no-intremap", false },
	{ "iommu=off iommu=on", false },
	{ "no-iommu", true },
	{ "xiommu=off", false },
	{ "dom0-iommu=off", false },
};

static void test_cmdline(void **state)
{
	const struct cmdline_row *row = *state;

	assert_int_equal(xen_cmdline_iommu_off(row->text), row->off);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "physinfo, byte by byte", test_physinfo_bytes);
	suite_add(&suite, "readconsole, byte by byte", test_readconsole_bytes);
	suite_add_rows(&suite, "directio", test_directio, directio_rows);
	suite_add_rows(&suite, "console", test_console, console_rows);
	suite_add_rows(&suite, "Xen's command line", test_cmdline, cmdline_rows);
	return suite_run(&suite, "xen_abi");
}
