# SPDX-License-Identifier: GPL-2.0-or-later
title="/ on btrfs over two NVMe disks: whatever hits a controller, both stay the host's"
images=(classic-storage)
variants=(address id class group)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case btrfs
