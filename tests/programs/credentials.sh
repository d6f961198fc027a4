# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of systemd's credentials as configuration. Sourced, bash.
# shellcheck shell=bash disable=SC2154

smbios_table=sys/firmware/dmi/tables/DMI
fw_cfg=sys/firmware/qemu_fw_cfg/by_name/opt/io.systemd.credentials

# smbios STRING...: a table of SMBIOS with these strings of its vendor.
smbios() {
  {
    printf '\1\33\1\0%023d' 0
    printf 'QEMU\0\0\13\5\2\0\1'
    printf '%s\0' "$@"
    printf '\0\177\4\3\0\0\0'
  } | put "$smbios_table"
}

# credential LINE...: SMBIOS has passthru.conf.
credential() {
  smbios OEM "io.systemd.credential:passthru.conf=$(printf '%s\n' "$@")"
}

# Three devices in the state that a boot leaves, and a file for the first.
three_devices() {
  local slot
  for slot in 2 3 4; do device "0000:00:0$slot.0" vfio-pci; done
  conf "[passthru]" "iommu = warn" "[device file]" "address = 0000:00:02.0"
}

# rules_are RULE...: those of devices in the report, in the order of the devices.
rules_are() {
  recorded "[.devices | sort_by(.address)[] | select(.address) | .rule] == $(printf '%s\n' "$@" | jq -R . | jq -sc .)"
}

# Each source has a rule for the second device; the one that comes first gets it.
precedence() {
  three_devices
  conf "[passthru]" "iommu = warn" "[device file]" "address = 0000:00:02.0" "[device a]" "address = 0000:00:03.0"
  put etc/passthru.conf.d/a.conf <<<$'[device dropin]\naddress = 0000:00:03.0\n[device last]\naddress = 0000:00:04.0'
  agent 1 # rules whose device another has are absent
  rules_are file a last
  credential "[device credential]" "address = 0000:00:03.0" "[device last]" "address = 0000:00:04.0"
  agent 1
  rules_are file credential last
  finding - credential
  says 'info: credential: SMBIOS credential passthru.conf is part of the configuration'
  says 'info: replaced: \[device last\] \(/etc/passthru.conf.d/a.conf:3\) is replaced by \[device last\] \(SMBIOS credential passthru.conf:3\)'
  cmdline "passthru.device=0000:00:03.0"
  agent 1
  rules_are file cmdline1 last
  cmdline "passthru.device=0000:00:03.0 passthru.skip=last,cmdline1"
  agent 1
  rules_are file credential
}

# Each source alone, with the name by which messages call it.
from_source() {
  local text=$'[device credential]\naddress = 0000:00:03.0\n'
  three_devices
  case $1 in
    fw_cfg) put "$fw_cfg/passthru.conf/raw" <<<"$text" ;;
    SMBIOS) smbios "io.systemd.credential.binary:passthru.conf=$(base64 <<<"$text")" ;;
    "kernel command line") cmdline "systemd.set_credential_binary=passthru.conf:$(base64 -w 0 <<<"$text")" ;;
    */*) put "${1#/}/passthru.conf$2" <<<"$text" ;;
  esac
  agent 0
  rules_are file credential
  says "$(printf '%s is part of the configuration' "$3")"
  passthru 1 check # for iommu = warn
  says "^info: credential: $3 is part of the configuration\$"
}

# What is wrong with it is an error, and the file counts without it.
broken() {
  three_devices
  credential "[passthru]" "on-failure = hold" "[device credential]" "adress = 0000:00:03.0"
  agent 1
  rules_are file
  finding - credential-error
  says "error: credential-error: SMBIOS credential passthru.conf:4: unknown key 'adress'"
  says "error: credential-error: SMBIOS credential passthru.conf:3: \[device credential\] selects nothing"
  says 'file 0000:00:02.0 .* bound to vfio-pci'
  passthru 2 check
  says 'error: credential-error'
  says 'file 0000:00:02.0 .* would be bound'
  passthru 0 check --lenient
}

# Nothing is configured but what is of no use: that is not as it should be.
broken_alone() {
  device 0000:00:02.0
  credential "nonsense"
  agent 1
  finding - credential-error
  finding - nothing-configured
}

not_read() {
  three_devices
  put "$1" <<<"x"
  [[ $2 != loop ]] || set_link "${1##*/}" "$tree/$1"
  agent 1
  rules_are file
  finding - credential-unread
  says "error: credential-unread: $3"
  passthru 2 check
  says "error: credential-unread: $3"
}

# A user may not read SMBIOS, and is told so: it is no error of the host.
as_user() {
  local unprivileged=()
  ((UID)) || unprivileged=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  three_devices
  credential "[device credential]" "address = 0000:00:03.0"
  chmod 711 "$work"
  chmod 755 "$tree"
  chmod 000 "$tree/$smbios_table"
  run 1 "${unprivileged[@]}" "$command" check --root "$tree"
  says '^info: credential: only root can see credentials of SMBIOS'
  says_not 'credential-unread'
}

confidential() {
  three_devices
  credential "[device credential]" "address = 0000:00:03.0"
  put sys/devices/system/cpu/modalias <<<"cpu:type:x86,ven0002fam0019mod0001:feature:,0000,009F"
  put dev/kmsg <<<$'6,1,2,-;Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP'
  agent 0
  rules_are file
  says 'info: credential: SMBIOS credential passthru.conf is not used: as in a confidential VM'
}

# The host has another SMBIOS by then, as with fw_cfg whose driver comes late; what counts is what there was.
hotplug_as_at_boot() {
  three_devices
  credential "[device credential]" "address = 0000:00:03.0" "id = 8086:10d3"
  agent 0
  rules_are file credential
  [[ $(<"$tree/run/passthru/image/run/credentials/@system/passthru.conf") == "[device credential]"* ]] ||
    fail "there is no copy"
  credential "nonsense"
  agent 0 --hotplug 0000:00:03.0
  says_not credential-error
  rules_are file credential
}

# An image has nothing of this machine's credentials.
not_in_image() {
  three_devices
  credential "[device credential]" "nonsense"
  mkdir "$tree/image"
  passthru 0 image --into "$tree/image" --no-stubs
  says_not credential
  ! grep -rq "device credential" "$tree/image" || fail "it has the credential"
  grep -rq "device file" "$tree/image" || fail "it has no configuration"
}

recorded_credential() {
  three_devices
  smbios "io.systemd.credential:passthru.conf=$(printf '%s\n' "[device credential]" "address = 0000:00:03.0")" \
    "io.systemd.credential:root-password=hunter2"
  put run/credentials/@system/other <<<hunter3
  cmdline "systemd.set_credential=login:hunter4 systemd.set_credential_binary=passthru.conf.x:W2RldmljZSB4XQppZCA9IDE6Mwo="
  passthru 0 record
  says_not hunter
  says '^@ run/credentials/@system$'
  says '^passthru.conf$'
  says '^\| \[device credential\]$'
  cp "$out" "$tree/a.host"
  passthru 1 check --host "$tree/a.host"
  says ' credential +0000:00:03.0 +would be bound to vfio-pci'
  says " x +- +absent"
}

# systemd-confext(8) lays one over /etc: its files are found there as any other.
confext() {
  three_devices
  mkdir -p "$tree/confext/passthru.conf.d" "$tree/confext/extension-release.d"
  printf '%s\n' "[device confext]" "address = 0000:00:03.0" >"$tree/confext/passthru.conf.d/site.conf"
  # shellcheck disable=SC2016 # for the inner shell
  run 1 unshare --map-root-user --mount sh -ec \
    'mount -t overlay overlay -o "lowerdir=$2/confext:$2/etc" "$2/etc"; "$1" check --root "$2"' - "$command" "$tree"
  says 'confext 0000:00:03.0 .* would be bound'
  passthru 1 check
  says_not confext
}

test_credentials() {
  t "credentials: their place among the sources" precedence
  t "credentials: fw_cfg" from_source fw_cfg "" "fw_cfg credential passthru.conf"
  t "credentials: SMBIOS" from_source SMBIOS "" "SMBIOS credential passthru.conf"
  t "credentials: the kernel command line" from_source "kernel command line" "" "kernel command line credential passthru.conf"
  t "credentials: PID 1" from_source /run/credentials/@system "" "/run/credentials/@system/passthru.conf"
  t "credentials: an archive" from_source /.extra/system_credentials .cred "/.extra/system_credentials/passthru.conf.cred"
  t "credentials: one with an error" broken
  t "credentials: only one with an error" broken_alone
  t "credentials: an encrypted one" not_read .extra/credentials/passthru.conf.cred "" \
    "/.extra/credentials/passthru.conf.cred: encrypted: only systemd can read it"
  t "credentials: an encrypted one that PID 1 has" not_read run/credentials/@encrypted/passthru.conf "" \
    "/run/credentials/@encrypted/passthru.conf: encrypted"
  t "credentials: one that cannot be read" not_read "$fw_cfg/passthru.conf/raw" loop \
    "fw_cfg credential passthru.conf: could not be read: "
  t "credentials: SMBIOS cannot be read" not_read "$smbios_table" loop "/$smbios_table: could not be read: "
  t_with setpriv "credentials: SMBIOS is for root" as_user
  t "credentials: not those of a confidential VM's host" confidential
  t "credentials: a hot-plugged device is treated as at boot" hotplug_as_at_boot
  t "credentials: an image has none" not_in_image
  t "credentials: recorded, and no others" recorded_credential
  if unshare --map-root-user --mount true 2>/dev/null; then
    t "configuration: a confext over /etc" confext
  else
    echo "ok - configuration: a confext over /etc # SKIP no user namespaces"
  fi
}
