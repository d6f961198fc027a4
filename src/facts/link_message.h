/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network interface of a PF and the settings of its VFs, as messages of rtnetlink(7)
 * (linux/include/uapi/linux/if_link.h; net/core/rtnetlink.c rtnl_fill_vfinfo, do_setvfinfo). Two
 * requests and one answer: written by hand, since the agent is static and no distribution has
 * libmnl as an archive for its C library. No I/O.
 */
#ifndef PASSTHRU_FACTS_LINK_MESSAGE_H
#define PASSTHRU_FACTS_LINK_MESSAGE_H

#include <stddef.h>

#include "util/vf_setting.h"

#define LINK_REQUEST_SIZE 256

/*
 * Put a request into BUFFER, zeroed and aligned for an unsigned. Returns its size. INTERFACE is the
 * number of the PF's interface.
 *
 * link_put_get:   what the interface is and all its VFs are set to
 * link_put_up:    bring the interface up
 * link_put_value: SETTING of VF NUMBER to VALUE. MIN_TX_RATE is what goes with VF_MAX_TX_RATE.
 */
size_t link_put_get(void *buffer, unsigned interface);
size_t link_put_up(void *buffer, unsigned interface);
size_t link_put_value(void *buffer, unsigned interface, uint32_t number, enum vf_setting setting,
		      uint64_t value, uint32_t min_tx_rate);

struct link_vf {
	struct vf_values values; /* those that the kernel and the driver tell */
	uint32_t min_tx_rate;
};

/*
 * What ANSWER of SIZE bytes (aligned as above) says of VF NUMBER. 0; the error in an NLMSG_ERROR,
 * which is 0 for an acknowledgement (*RET is then empty); -EBADMSG when it is no such answer, about
 * another interface, or cut off; -ENODATA when it says nothing of the VF.
 */
int link_parse_vf(const void *answer, size_t size, unsigned interface, uint32_t number,
		  struct link_vf *ret);

/* The error in the acknowledgement ANSWER, or 0. -EBADMSG when it is none. */
int link_parse_error(const void *answer, size_t size);

#endif
