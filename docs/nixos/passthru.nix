# SPDX-License-Identifier: GPL-2.0-or-later
# A NixOS module for hosts whose initrd has systemd. Import it, set passthru.package and passthru.conf, run
# nixos-rebuild boot, and reboot. The image is built without the host, so it has no needs file and no trial: see
# needs-unrecorded in passthru-findings(7), and check with `passthru check` before the reboot.
{ config, lib, pkgs, ... }:

let
  cfg = config.passthru;

  # The build fails if the configuration has errors.
  conf = pkgs.runCommand "passthru.conf" { text = cfg.conf; passAsFile = [ "text" ]; } ''
    ${cfg.package}/bin/passthru check --lenient --cmdline "" "$textPath"
    cp "$textPath" "$out"
  '';
in
{
  options.passthru = {
    package = lib.mkOption {
      type = lib.types.package;
      description = "passthru, built with make LIBC=glibc PREFIX=$out, or AGENT=dynamic.";
    };
    conf = lib.mkOption {
      type = lib.types.lines;
      description = "The text of /etc/passthru.conf, see passthru.conf(5).";
      example = ''
        [device gpu]
        address = 0000:01:00.*
        id = 10de:*
      '';
    };
    stubs = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "vfio-pci" ];
      description = "The stub drivers' modules that the initrd gets. The agent loads them.";
    };
  };

  config = {
    environment.systemPackages = [ cfg.package ];
    environment.etc."passthru.conf".source = conf;

    boot.initrd.availableKernelModules = cfg.stubs;
    boot.initrd.systemd = {
      enable = true;
      storePaths = [ "${cfg.package}/lib/passthru/passthru-init" ];
      contents."/etc/passthru.conf".source = conf;

      # As hook/passthru-init.service.
      services.passthru-init = {
        description = "Give PCI devices to their stub drivers";
        unitConfig = {
          DefaultDependencies = false;
          ConditionPathExists = "/etc/initrd-release";
        };
        wantedBy = [ "sysinit.target" ];
        before = [
          "systemd-modules-load.service"
          "systemd-udevd.service"
          "systemd-udev-trigger.service"
          "sysinit.target"
          "shutdown.target"
        ];
        conflicts = [ "shutdown.target" ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          ExecStart = "${cfg.package}/lib/passthru/passthru-init";
          TimeoutStartSec = 20;
          TimeoutStopSec = 2;
        };
      };
    };
  };
}
