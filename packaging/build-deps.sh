#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# build-deps.sh build|glibc|check|picture|vm|fuzz|bench|lint ...: installs through apt what these targets lack on
# this machine; glibc is what `make LIBC=glibc` needs besides.
# Says so in one line; says and does nothing when all is there. Where there is no apt, it names what
# is missing.
set -eu
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

# Target, how to tell that it is there (a command, a file, a C header, or a
# static library), Debian's package.
table='
build cc                  gcc
build stddef.h            libc6-dev
build make                make
build pkg-config          pkgconf
build dpkg-source         dpkg-dev
build libinih.a           libinih-dev
build libmd.a             libmd-dev
build libkmod.h           libkmod-dev
build blkid/blkid.h       libblkid-dev
build libmount/libmount.h libmount-dev
build libmnl/libmnl.h       libmnl-dev
build pci/pci.h           libpci-dev
build musl-gcc            musl-tools
build scdoc               scdoc
check cmocka.h            libcmocka-dev
check /usr/lib/bash/mkdir bash-builtins
check json-c/json.h       libjson-c-dev
check depmod              kmod
check ctags               universal-ctags
check jq                  jq
check yq                  yq
check nix-instantiate     nix-bin
check /usr/lib/python3/dist-packages/jsonschema python3-jsonschema
check virt-xml-validate   libvirt-clients
check xmllint             libxml2-utils
check qemu-system-x86_64  qemu-system-x86
check mmdebstrap          mmdebstrap
check mke2fs              e2fsprogs
check cpio                cpio
check grub-mkimage        grub-common
check /usr/lib/grub/i386-pc/lnxboot.img grub-pc-bin
check zstd                zstd
check /usr/share/OVMF/OVMF_CODE_4M.fd ovmf
check mkfs.vfat           dosfstools
check mcopy               mtools
check sbsign              sbsigntool
check openssl             openssl
check unshare             util-linux
check strace              strace
check aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
check /usr/aarch64-linux-gnu/include/stdio.h libc6-dev-arm64-cross
check qemu-system-aarch64 qemu-system-arm
vm    /usr/share/AAVMF/AAVMF_CODE.fd qemu-efi-aarch64
vm    qemu-nbd            qemu-utils
vm    ganesha.nfsd        nfs-ganesha
vm    /usr/lib/x86_64-linux-gnu/ganesha/libfsalvfs.so nfs-ganesha-vfs
vm    rpcbind             rpcbind
vm    tgtd                tgt
check zsh                 zsh
check fish                fish
check mount               mount
check readelf             binutils
check dot                 graphviz
picture dot               graphviz
fuzz  clang               clang
fuzz  libclang_rt.fuzzer  libclang-rt-dev
bench dpkg-deb            dpkg
bench xz                  xz-utils
lint  clang-format        clang-format
lint  clang-tidy          clang-tidy
lint  cppcheck            cppcheck
lint  shellcheck          shellcheck
lint  shfmt               shfmt
'

is_there() {
  case $1 in
    *.h) echo "#include <$1>" | cc -E - >/dev/null 2>&1 ;;
    libclang_rt.*) ls "$(clang -print-resource-dir 2>/dev/null)"/lib/*/"$1"* >/dev/null 2>&1 ;;
    /*) [ -e "$1" ] ;;
    *.a) [ -e "$(cc -print-file-name="$1" 2>/dev/null)" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# The third column of the rows of the targets "$@" whose second column is not there; the second
# column itself where the packages have other names.
missing() {
  echo "$table" | while read -r target probe package; do
    case " $* " in
      *" $target "*) is_there "$probe" || { [ -n "$apt" ] && echo "$package" || echo "$probe"; } ;;
    esac
  done | sort -u | tr '\n' ' '
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# The package lists are fetched only when those at hand (none, in a container) do not do.
install() {
  as_root apt-get install -qq --no-install-recommends "$@" >"$log" 2>&1 && return
  as_root apt-get update -qq >"$log" 2>&1 || true
  as_root apt-get install -qq --no-install-recommends "$@" >"$log" 2>&1
}

apt=$(command -v apt-get || true)
packages=$(missing "$@")
[ -n "$packages" ] || exit 0
if [ -z "$apt" ]; then
  echo "build-deps: no apt here; please install what gives these: $packages" >&2
  exit 1
fi

echo "build-deps: installing for $*: $packages"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # a list of words
if ! install $packages; then
  cat "$log" >&2
  echo "build-deps: apt could not install: $packages" >&2
  exit 1
fi
packages=$(missing "$@")
if [ -n "$packages" ]; then
  echo "build-deps: still missing after the installation: $packages" >&2
  exit 1
fi
