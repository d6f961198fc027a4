# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck source=tests/vm/cases/off.sh
source "$vm_dir/cases/off.sh"
title="rd.passthru=0: nothing is touched"
cmdline="rd.passthru=0"
