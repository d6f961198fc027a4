# SPDX-License-Identifier: GPL-2.0-or-later
# What a directory cannot show: drivers are really unbound and bound although a system call fails.
title="assign, release and --verify with failing calls and deaths, on the kernel's own sysfs"
images=(systemd-bare)
boot=(env LIMIT=1800 "$vm_dir/boot.sh")
devices+=(-fw_cfg "name=opt/passthru/faults,file=$build_dir/faults/faults")

commands() {
  cat <<'END'
cd /run
cat /sys/firmware/qemu_fw_cfg/by_name/opt/passthru/faults/raw >faults
printf '%s\n' '#!/bin/sh' 'passthru release 00:02.0' >released
printf '%s\n' '#!/bin/sh' 'passthru assign 00:02.0' >assigned
# As if the image lacked the stub driver.
cat >claimed <<'END_OF_SCRIPT'
#!/bin/sh
passthru assign 00:02.0
echo 0000:00:02.0 >/sys/bus/pci/drivers/vfio-pci/unbind
sed -i 's/"bound"/"claimed"/' /run/passthru/report.json
rmmod vfio-pci
END_OF_SCRIPT
chmod +x faults released assigned claimed

# shard UNDO CAMPAIGN RUNS PROGRAM...: each run starts from the state that UNDO makes
shard() {
  undo=$1 campaign=$2 runs=$3
  shift 3
  ./"$undo"
  ./faults --name "${1##*/}" --statuses 0,1,2,3,64,66,71,77 --deadline 60000 --undo "/run/$undo" \
    --sample "$runs" "$campaign" / "$@"
  echo "${1##*/} $2 $campaign: exit $?"
}

shard released kills 12 /usr/bin/passthru assign 00:02.0
shard released calls 20 /usr/bin/passthru assign 00:02.0
shard assigned kills 12 /usr/bin/passthru release 00:02.0
shard assigned calls 20 /usr/bin/passthru release 00:02.0
shard claimed kills 12 /usr/lib/passthru/passthru-init --verify
shard claimed calls 20 /usr/lib/passthru/passthru-init --verify
./released
END
}

expect() {
  local what
  for what in "passthru assign" "passthru release" "passthru-init --verify"; do
    says "$what kills: exit 0"
    says "$what calls: exit 0"
  done
  host_has 0000:00:02.0 e1000e
}
