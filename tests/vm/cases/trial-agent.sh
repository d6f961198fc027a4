# SPDX-License-Identifier: GPL-2.0-or-later
# Kinder than a host in one thing: the mark and the variable are the test's. The cases trial-proven and others
# have a host make them.
# unmarked: the same host and variable, an image without a mark, as in all boots before there were trials.
title="under UEFI, every kind of image: the agent brings efivarfs, records that a configuration is tried, and leaves no mount"
images=(systemd classic initramfs systemd-rdinit classic-rdinit)
variants=(armed unmarked)
quick="armed@systemd"
boot=("$vm_dir/boots/twice.sh")
[[ ! ${out-} ]] || export UEFI=$out/vars.fd
case ${image-} in *-rdinit) cmdline="rdinit=/passthru-init" ;; esac

conf() {
  printf '%s\n' "[device nic]" "address = 0000:00:02.0"
}

# overlay DIR: what a host with UEFI puts into its image besides.
overlay() {
  local version module
  version=$(kernel_version)
  module=$(cd "$root_dir" && find "usr/lib/modules/$version" -name 'efivarfs.ko*')
  mkdir -p "$1/${module%/*}" "$1/usr/lib/passthru/modules"
  cp "$root_dir/$module" "$1/$module"
  {
    "$build_dir/passthru" modules --root "$root_dir" "$version"
    printf '%s\n' "module efivarfs" "file ${module#usr/lib/modules/"$version"/}"
  } >"$1/usr/lib/passthru/modules/$version.list"
  [[ $variant == unmarked ]] ||
    printf '%s\n' "store efi" "proof boot" "tries 1" "confirm-within 600" >"$1/usr/lib/passthru/trial"
}

# The first boot finds nothing and arms it for the second.
commands() {
  local digest
  digest=$(conf | sha256sum)
  digest=$(printf '%s\n\n' "${digest%% *}" | sha256sum)
  cat <<EOS
grep efivarfs /proc/mounts || {
  echo "no mount"
  mount -t efivarfs efivarfs /sys/firmware/efi/efivars
}
variable=/sys/firmware/efi/efivars/PassthruTrial-f43afd0e-b965-4fc0-99e9-156823a54460
if [ -e \$variable ]; then
  lsattr \$variable
  cat \$variable | tail -c +5
else
  printf '\\7\\0\\0\\0passthru 1\\narmed ${digest%% *}\\n' >\$variable
fi
EOS
}

expect() {
  if [[ $variant == unmarked ]]; then
    in_report "trial" '.trial == null'
    taken 0000:00:02.0 vfio-pci
    [[ $image == systemd* ]] || says '^no mount'
    says '^armed [0-9a-f]{64}'
    return
  fi
  jq -e '.trial.state == "unproven" and .devices == []' "$out/first/report.json" >/dev/null ||
    fail "first boot: report.json: no trial that was never armed"
  in_report "trial" '.trial.state == "trying"'
  taken 0000:00:02.0 vfio-pci
  # systemd mounts it by itself where the image has the module.
  [[ $image == systemd* ]] || says '^no mount'
  says '^----i'
  says '^trying [0-9a-f]{64} 1'
}
