# SPDX-License-Identifier: GPL-2.0-or-later
# How QEMU boots with UEFI. Sourced, bash.
# shellcheck shell=bash disable=SC2034,SC2054,SC2154

uefi_dir=/usr/share/OVMF

# uefi_load: adds the firmware, which starts what QEMU is given as a kernel, or the ESP. With SECURE_BOOT it
# loads what is signed with Debian's key for tests, which its variables know.
uefi_load() {
  local kind=
  if [[ -v SECURE_BOOT ]]; then
    kind=.snakeoil
    machine+=(-machine smm=on -global "driver=cfi.pflash01,property=secure,value=on")
  fi
  [[ -e $UEFI ]] || cp "$uefi_dir/OVMF_VARS_4M$kind.fd" "$UEFI"
  machine+=(
    -drive "if=pflash,unit=0,readonly=on,format=raw,file=$uefi_dir/OVMF_CODE_4M$kind.fd"
    -drive "if=pflash,unit=1,format=raw,file=$UEFI"
  )
}

# in_uefi_root COMMAND...: runs it in the Debian root, which sees $out/uefi as /mnt.
in_uefi_root() {
  as_root unshare --mount "$vm_dir/images/in-root.sh" "$root_dir" "$vm_dir/images/three.conf" "$out/uefi" "$@"
}

# ukify OUTPUT OPTION...: runs Debian's, and with SECURE_BOOT signs what it makes, unless it is named UNSIGNED.
ukify() {
  local key=/usr/share/ovmf/PkKek-1-snakeoil made=$out/uefi/$1
  in_uefi_root ukify build --output="/mnt/$1" "${@:2}"
  as_root chown -R "$(id -u)" "$out/uefi"
  [[ -v SECURE_BOOT && ${1##*/} != "${UNSIGNED-}" ]] || return 0
  openssl rsa -passin pass:snakeoil -in "$key.key" -out "$out/uefi/key" 2>/dev/null
  sbsign --key "$out/uefi/key" --cert "$key.pem" --output "$made" "$made"
}

# prepare_addon IMAGE RELEASE: what passthru says to one who asks it for the archive of an addon: in $out/for-addon.txt,
# and the exit status.
prepare_addon() {
  local status=0
  in_uefi_root passthru image --uki "$1" --kernel "$2" -o /mnt/for-addon.cpio >"$out/for-addon.txt" 2>&1 || status=$?
  echo "exit $status" >>"$out/for-addon.txt"
}

# fill_esp VMLINUZ CMDLINE: what LOADER says.
#   systemd-boot  an entry with two initrds
#   uki           a unified kernel image with INITRD, and SECOND if there is one
#   addon         the same with INITRD alone, and an addon with SECOND and rdinit=; with STUB, of that stub
#   bls, uki-made what kernel-install makes of INITRD and passthru's plugin, with systemd-boot and boot counting
fill_esp() {
  local esp=$out/uefi/esp
  local image=esp/EFI/BOOT/BOOTX64.EFI
  local options=(${STUB:+--stub=/mnt/stub} --linux="/boot/${1##*/}" --uname="${1##*/vmlinuz-}" --initrd=/mnt/initrd)
  mkdir -p "$esp/EFI/BOOT" "$esp/loader/entries"
  [[ $LOADER == uki || $LOADER == addon ]] || cp "$root_dir/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$out/uefi/$image"
  case $LOADER in
    systemd-boot)
      cp "$1" "$esp/vmlinuz"
      cp "$out/uefi"/{initrd,passthru.cpio} "$esp/"
      printf '%s\n' "linux /vmlinuz" "initrd /initrd" "initrd /passthru.cpio" "options $2" >"$esp/loader/entries/a.conf"
      ;;
    uki) ukify "$image" "${options[@]}" ${SECOND:+--initrd=/mnt/passthru.cpio} --cmdline="$2" ;;
    bls | uki-made)
      cp "$vm_dir/images/kernel-install.sh" "$out/uefi/"
      in_uefi_root /mnt/kernel-install.sh "${LOADER%-made}" "${1##*/vmlinuz-}" "$2"
      as_root cp -r "$out/uefi/made/." "$esp/"
      return
      ;;
    addon)
      ukify "$image" "${options[@]}" --cmdline="$2"
      mkdir "$out/uefi/$image.extra.d"
      ukify "$image.extra.d/passthru.addon.efi" --initrd=/mnt/passthru.cpio --cmdline=rdinit=/passthru-init
      prepare_addon "/mnt/$image" "${1##*/vmlinuz-}"
      ;;
  esac
  [[ $LOADER == systemd-boot ]] || in_uefi_root passthru check --image "/mnt/$image" >"$out/look.txt" 2>&1 || true
}

# esp_load VMLINUZ INITRD CMDLINE: sets load to the options for a disk that is an ESP. Before it, uefi_load.
esp_load() {
  local esp=$out/esp.img
  mkdir "$out/uefi"
  cp "$2" "$out/uefi/initrd"
  [[ ! -v SECOND ]] || cp "$SECOND" "$out/uefi/passthru.cpio"
  [[ ! ${STUB-} ]] || cp "$STUB" "$out/uefi/stub"
  fill_esp "$1" "$3" >"$out/uefi.log" 2>&1 || die "no ESP, see $out/uefi.log"
  truncate -s 160M "$esp"
  mkfs.vfat -F 32 "$esp" >/dev/null
  mcopy -s -Q -i "$esp" "$out"/uefi/esp/* ::
  as_root rm -rf --one-file-system "$out/uefi"
  load=(
    -m 1024 -drive "if=none,id=esp,file=$esp,format=raw"
    -device "virtio-blk-pci,drive=esp,addr=0x11,bootindex=0"
  )
}
