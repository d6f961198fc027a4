# SPDX-License-Identifier: GPL-2.0-or-later
title="/ on virtio-blk: whatever hits its controller, it stays the host's"
images=(classic-storage)
variants=(address id class group)
# shellcheck source=tests/vm/storage-case.sh
source "$vm_dir/storage-case.sh"
storage_case virtio
