# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the scripts of the golden set. Sourced, bash, after common.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# As an installer writes it for a host with an IOMMU; all but intel_iommu= is for the tests, to end a
# broken boot at once.
golden_append="intel_iommu=on log_buf_len=1M no_timer_check panic=-1 rd.shell=0 rd.emergency=poweroff"
golden_uuid=9c3d0b1e-5f7a-4c42-8d0e-7a1f6c2e4b10

# golden_host FRAMEWORK: the host with dracut or with initramfs-tools.
golden_host() {
  framework=$1
  golden_dir=$suite_dir/golden/$framework
  root_dir=$golden_dir/root
  golden_image=$suite_dir/images/golden-$framework.img
}

# golden_machine virtio|nvme: sets the machine. / is on a virtio disk at 00:10.0, in addition to the
# devices of every boot, or on the NVMe disk at 00:03.0.
# shellcheck disable=SC2054 # the commas are QEMU's
golden_machine() {
  machine_name=$1
  case $machine_name in
    virtio) ROOT_DEVICE=virtio-blk-pci,drive=root,addr=0x10 root_node=/dev/vda ;;
    nvme)
      ROOT_DEVICE=nvme,drive=root,serial=root,addr=3 root_node=/dev/nvme0n1
      devices=(-device "e1000e,addr=2,romfile=" -device qemu-xhci,addr=4)
      ;;
  esac
  export ROOT_DEVICE
}
