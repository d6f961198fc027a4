# SPDX-License-Identifier: GPL-2.0-or-later
title="/ on NVMe: whatever hits its controller, it stays the host's"
images=(systemd-storage classic-storage)
variants=(address id class group)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme
