# SPDX-License-Identifier: GPL-2.0-or-later
title="allow = storage takes a disk that the record, here a false one, says the host needs"
images=(systemd-storage)
# shellcheck source=tests/vm/lib/storage-case.sh
source "$vm_dir/lib/storage-case.sh"
storage_case nvme
variants=(allowed refused)

conf() {
  printf '%s\n' "[device spare]" "address = 0000:00:03.0"
  [[ $variant == refused ]] || echo "allow = storage"
}

record() {
  "$vm_dir/images/survey.sh" nvme
  mkdir -p "$1/usr/lib/passthru"
  sed 's,pci0000:00/05\.1,pci0000:00/03.0,' "$suite_dir/surveys/nvme/needs.txt" \
    >"$1/usr/lib/passthru/needs"
}

expect() {
  if [[ $variant == allowed ]]; then
    taken 0000:00:03.0 vfio-pci
    finding 0000:00:03.0 guard-overridden
    status_is 0
  else
    refused 0000:00:03.0 guard-storage nvme
  fi
}
