#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# packaging.sh [--quick] [BUILD [GROUP...]]: tests of what distributions do with this tree: the tarball,
# installing and uninstalling, and the packages, which are built in Debian roots without a network. The
# groups are tree, bookworm, trixie, sid, life-bookworm, life-trixie (behind the packages of these), dynamic,
# rpm, arch and cross; --quick is tree. Nothing is installed on this machine. Prints TAP.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

groups=(tree bookworm trixie sid life-bookworm life-trixie dynamic rpm arch cross)
[[ ${1-} != --quick ]] || {
  groups=(tree)
  shift
}
build=$(realpath "${1:-build}")
(($# < 2)) || groups=("${@:2}")
packages=$build/packages
version=$(<VERSION)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A make that called this must not pass on its options or its job server.
unset MAKEFLAGS MFLAGS MAKELEVEL BUILD

ran=0 failed=0
# t WHAT FUNCTION [ARG...]: one test, which passes if FUNCTION succeeds. If it fails, its output is shown.
t() {
  local what=$1 status
  shift
  ran=$((ran + 1))
  # Not as a condition, in which set -e counts for nothing.
  (
    set -e
    "$@"
  ) >"$work/log" 2>&1
  status=$?
  if ((status == 0)); then
    echo "ok $ran - packaging: $what"
  else
    echo "not ok $ran - packaging: $what"
    tail -n 40 "$work/log" | cat -v | sed 's/^/#   /'
    failed=$((failed + 1))
  fi
}

# skip WHAT WHY
skip() {
  ran=$((ran + 1))
  echo "ok $ran - packaging: $1 # SKIP $2"
}

# --- make dist

tarball=passthru-$version.tar.gz

# dist FOLDER: makes the tarball of the tree FOLDER in FOLDER/build.
dist() {
  make -s -C "$1" dist BUILD=build
}

# A clone that was made at another time by a user with another umask.
dist_of_clones() {
  (umask 022 && git clone -q . "$work/one" && dist "$work/one")
  sleep 1
  (umask 077 && git clone -q . "$work/two" && dist "$work/two")
  cmp "$work/one/build/$tarball" "$work/two/build/$tarball"
}

dist_of_dist() {
  local time
  tar -C "$work" -xf "$work/one/build/$tarball"
  dist "$work/passthru-$version"
  cmp "$work/one/build/$tarball" "$work/passthru-$version/build/$tarball"
  time=$(git log -1 --format=%ct)
  [[ $(stat -c %Y "$work/passthru-$version/VERSION") == "$time" ]]
}

# --- make install, make uninstall

# in_stage TARGET [VARIABLE...]
in_stage() {
  make -s BUILD="$build" DESTDIR="$work/stage" "$@"
}

leaves_nothing() {
  rm -rf "$work/stage"
  in_stage install "$@"
  [[ -x $work/stage/usr/bin/passthru ]]
  in_stage uninstall "$@"
  [[ ! $(find "$work/stage" \( ! -type d -o -name '*passthru*' \) -print | tee /dev/stderr) ]]
}

keeps_configuration() {
  rm -rf "$work/stage"
  in_stage install
  echo '# mine' >>"$work/stage/etc/passthru.conf"
  in_stage install
  in_stage uninstall
  [[ $(tail -n 1 "$work/stage/etc/passthru.conf") == '# mine' ]]
}

# Where each variable says, and nothing elsewhere.
goes_where_it_should() {
  local variables=(PREFIX=/p BINDIR=/bin SYSCONFDIR=/sysconf MANDIR=/man DOCDIR=/doc SHAREDIR=/share COMPLETIONSDIR=/bash
    ZSH_COMPLETIONSDIR=/zsh FISH_COMPLETIONSDIR=/fish UNITDIR=/units PRESETDIR=/presets DRACUTDIR=/dracut
    INITRAMFSDIR=/initramfs INITCPIODIR=/initcpio KERNELINSTALLDIR=/plugins)
  rm -rf "$work/stage"
  in_stage -o all "${variables[@]}" install
  [[ $(cd "$work/stage" && echo *) == "bash bin doc dracut fish initcpio initramfs man p plugins presets share sysconf units zsh" ]]
  [[ $(cd "$work/stage/p" && find . ! -type d | sort | tr '\n' ' ') == "./lib/passthru/contents.sh ./lib/passthru/passthru-init " ]]
  grep -q '^passthru_command=/bin/passthru$' "$work/stage/p/lib/passthru/contents.sh"
  grep -q '^ExecStart=/p/lib/passthru/passthru-init$' "$work/stage/units/passthru-init.service"
  grep -q '^/bin/passthru image ' "$work/stage/plugins/58-passthru.install"
  ! grep -rn '/usr/lib/passthru/passthru-init\|/usr/bin/passthru' "$work/stage" --include='*.sh' --include='*.service'
}

only_one_adapter() {
  rm -rf "$work/stage"
  in_stage install ADAPTERS=dracut PRESETDIR=
  [[ -e $work/stage/usr/lib/dracut/modules.d/50passthru/module-setup.sh ]]
  [[ ! -e $work/stage/usr/share/initramfs-tools && ! -e $work/stage/usr/lib/initcpio && ! -e $work/stage/usr/lib/kernel ]]
  [[ ! -e $work/stage/usr/lib/systemd/system-preset && ! -e $work/stage/etc/initramfs ]]
  ! in_stage install ADAPTERS=booster
}

# Symbols are the distribution's to take away; by hand they go with INSTALL_STRIP=1.
strips_on_request() {
  rm -rf "$work/stage"
  in_stage install
  cmp "$build/passthru-init" "$work/stage/usr/lib/passthru/passthru-init"
  in_stage install INSTALL_STRIP=1
  ! readelf -SW "$work/stage/usr/lib/passthru/passthru-init" | grep -q ' \.symtab '
}

# --- packages

one_version() {
  [[ $(dpkg-parsechangelog -l packaging/debian/changelog -S Version) == "$version"-* ]]
  grep -x "Version:        $version" packaging/passthru.spec
  grep -x "pkgver=$version" packaging/PKGBUILD
  grep "^$version" NEWS
  grep -F "Version $version." README.md
}

pkgbuild_is_good() {
  bash -euc 'source packaging/PKGBUILD
    [[ $pkgname && $pkgver && $pkgrel && $pkgdesc && ${license[*]} && ${arch[*]} ]]
    ((${#source[@]} == ${#sha256sums[@]}))
    declare -F build check package
    source packaging/$install
    declare -F post_install'
}

# With no source of sources, LIBC=musl must fail, although this machine has archives of glibc.
no_mixed_archives() {
  command -v musl-gcc
  printf '%s "/dev/null";\n' Dir::Etc::sourcelist Dir::Etc::sourceparts Dir::State::lists >"$work/apt.conf"
  ! APT_CONFIG=$work/apt.conf LIBC=musl CC=musl-gcc DOWNLOADS="$work/downloads" packaging/archives.sh "$work/archives" inih \
    2>"$work/said" || return 1
  cat "$work/said"
  grep 'cannot get libinih.a for musl: set LIBINIH_SRC= to an unpacked source tree' "$work/said"
  [[ ! -e $work/archives/libinih.a ]]
}

# in_root SUITE FOLDER COMMAND...: as root, without a network; FOLDER is /build.
in_root() {
  local as_root=()
  [[ $(id -u) == 0 ]] || as_root=(sudo --)
  "${as_root[@]}" unshare --mount --net --pid --fork tests/packaging/in-root.sh "$build/vm/$1" "${@:2}"
}

# unpacked FOLDER: the tarball, unpacked in FOLDER/tree.
unpacked() {
  rm -rf --one-file-system "$1"
  mkdir -p "$1/tree"
  make -s dist BUILD="$build"
  tar -C "$1/tree" --strip-components=1 -xf "$build/$tarball"
}

deb_builds() {
  SUITE=$1 BUILD=$build tests/packaging/build-root.sh >/dev/null
  unpacked "$packages/$1"
  in_root "$1/build-root" "$packages/$1" sh -c 'cd tree && DEB_BUILD_OPTIONS=terse make deb'
}

deb_builds_again() {
  unpacked "$packages/$1-again"
  mv "$packages/$1-again/tree" "$packages/$1-again/another-tree"
  in_root "$1/build-root" "$packages/$1-again" sh -c 'umask 027 && cd another-tree &&
    TZ=Asia/Tokyo DEB_BUILD_OPTIONS="nocheck terse" make deb'
  for file in "$packages/$1"/tree/build/packages/*.{deb,dsc,tar.*}; do
    cmp "$file" "$packages/$1-again/another-tree/build/packages/${file##*/}"
  done
}

lintian_is_content() {
  in_root "$1/build-root" "$packages/$1" sh -c 'lintian --version && lintian --allow-root --fail-on error,warning \
    tree/build/packages/*.changes'
}

# stops_on_removal_alone FOLDER: all that the scripts do with units is what debhelper 14 has them do: stop
# them before their files go. That touches no device, since no unit has an ExecStop=.
stops_on_removal_alone() {
  ! grep -E 'invoke-rc|systemctl.* (re)?(start|stop)' "$1"/p* || return 1
  awk '/deb-systemd-invoke/ && (FILENAME !~ /prerm$/ || !/ stop / || before !~ /"\$1" = remove /) { print; bad = 1 }
    { before = $0 }
    END { exit bad }' "$1"/p* || return 1
  ! grep -E '^Exec(Stop|StopPost|Reload)=' hook/*.service
}

# Scripts neither make images nor start anything.
deb_is_as_promised() {
  local deb=("$packages/$1"/tree/build/packages/passthru_*.deb)
  rm -rf "$work/control"
  dpkg-deb -e "${deb[0]}" "$work/control"
  dpkg-deb -f "${deb[0]}" Package Installed-Size Depends Built-Using
  stat -c '%s %n' "${deb[@]}"
  diff - "$work/control/conffiles" <<<$'/etc/initramfs/post-update.d/passthru\n/etc/passthru.conf'
  grep -x 'activate-noawait update-initramfs' "$work/control/triggers"
  grep "deb-systemd-helper enable 'passthru-verify.service'" "$work/control/postinst"
  # The trigger is for the newest image alone, which does not do for a removal.
  ! grep -rE --include=preinst --include=postinst --include=prerm 'update-initramfs -|dracut|mkinitramfs' "$work/control" || return 1
  stops_on_removal_alone "$work/control"
  dpkg-deb -f "${deb[0]}" Built-Using | grep '^glibc (= .*libinih (= .*libmd (= '
}

# installed_tests SUITE FOLDER TEST...: installs the package in FOLDER into the small Debian, and runs its tests.
installed_tests() {
  local suite=$1 folder=$2
  shift 2
  SUITE=$suite BUILD=$build tests/vm/images/debian-root.sh
  cp -a packaging/debian/tests "$folder/"
  touch "$build/vm/$suite/installed"
  cp "$build/vm/$suite/installed" "$folder/"
  # What make vm has installed in that root is taken away first.
  # shellcheck disable=SC2016 # the inner shell's
  in_root "$suite/root" "$folder" sh -c '(cd / && xargs -r -d "\n" rm -f --) <installed
    dpkg --force-depends -i tree/build/packages/passthru_*.deb 2>&1 || exit
    for test in "$@"; do echo "== $test"; tests/$test || exit; done' - "$@"
}

test_debian() {
  t "Debian $1: make deb, without a network, with its tests" deb_builds "$1"
  t "Debian $1: a second build elsewhere: the same bits" deb_builds_again "$1"
  t "Debian $1: lintian" lintian_is_content "$1"
  t "Debian $1: trigger, conffiles, scripts, Built-Using" deb_is_as_promised "$1"
  # What make vm has a kernel and frameworks of.
  [[ $1 == sid ]] || t "Debian $1: debian/tests" installed_tests "$1" "$packages/$1" smoke update-initramfs dracut
}

# Its libraries are in the images of both frameworks, or it would not start in them.
dynamic_agent() {
  local folder=$packages/dynamic
  unpacked "$folder"
  in_root bookworm/build-root "$folder" sh -c "cd tree && sed -i 's/LIBC=glibc/AGENT=dynamic/' packaging/debian/rules &&
    sed -i '/Built-Using/d' packaging/debian/control && DEB_BUILD_OPTIONS='nocheck terse' make deb"
  installed_tests bookworm "$folder" smoke update-initramfs dracut
}

# What else apt installs in life.sh, which has no network.
download_others() {
  # shellcheck disable=SC2016 # the inner shell's
  unshare --mount --pid --fork tests/packaging/in-root.sh "$build/vm/$1/root" "$2" sh -ec 'apt-get -q update
    cd debs && apt-get -o APT::Sandbox::User=root -q download dracut initramfs-tools initramfs-tools-core
    if apt-cache show initramfs-tools-bin >/dev/null 2>&1; then
      apt-get -o APT::Sandbox::User=root -q download initramfs-tools-bin; fi'
}

prepare_life() {
  local suite=$1 folder=$2
  SUITE=$suite BUILD=$build tests/vm/images/debian-root.sh
  rm -rf --one-file-system "$folder"
  mkdir -p "$folder/debs"
  cp "$packages/$suite"/tree/build/packages/passthru_*.deb "$folder/debs/passthru.deb"
  touch "$build/vm/$suite/installed"
  cp tests/packaging/life.sh tests/vm/images/three.conf "$build/vm/$suite/installed" "$folder/"
  download_others "$suite" "$folder"
}

# boots SUITE IMAGE WANTED: what the host has made of its three devices.
boots() {
  local out=$packages/life-$1/boot-$2 found
  # shellcheck source=tests/vm/lib/common.sh
  source tests/vm/lib/common.sh # for the devices
  SUITE=$1 BUILD=$build tests/vm/images/disk.sh "$(SUITE=$1 BUILD=$build tests/vm/images/install.sh)"
  rm -rf "$out"
  SUITE=$1 BUILD=$build tests/vm/boot.sh "$out" "$packages/life-$1/out/$2.img" "" "${devices[@]}"
  found=$(jq -r '[.devices[].state] | join(" ")' "$out/report.json" 2>/dev/null || true)
  found+=$(jq -r 'if any(.findings[]; .code == "config-fallback") then ", fallback" else "" end' "$out/report.json" 2>/dev/null || true)
  echo "$found"
  cat "$out/devices.txt" || tail -n 40 "$out/console.log"
  [[ -s $out/devices.txt && $found == "$3" ]]
}

test_life() {
  local suite=$1 folder=$packages/life-$1 line
  t "Debian $suite: what the life of the package takes" prepare_life "$suite" "$folder"
  while read -r line; do
    case $line in
      "ok - "* | "not ok - "*)
        ran=$((ran + 1))
        [[ $line == ok* ]] || failed=$((failed + 1))
        echo "${line%%- *}$ran - packaging: Debian $suite: ${line#*- }"
        ;;
      *) echo "$line" ;;
    esac
  done < <(in_root "$suite/root" "$folder" bash /build/life.sh 2>&1)
  t "Debian $suite: boot with the image of initramfs-tools, made with an error" boots "$suite" error "bound bound bound, fallback"
  t "Debian $suite: boot with the image of dracut, made with an error" boots "$suite" dracut "bound bound bound, fallback"
  t "Debian $suite: boot after the removal" boots "$suite" removed ""
}

test_dynamic() {
  t "AGENT=dynamic: its libraries are in the images" dynamic_agent
}

rpm_builds() {
  unpacked "$packages/rpm"
  make -s -C "$packages/rpm/tree" rpm BUILD=build RPM_OPTIONS="${1-}"
  ls -l "$packages"/rpm/tree/build/packages
}

# On Debian, rpmlint does not know the licences and groups of Fedora.
rpmlint_is_content() {
  rpmlint --version
  rpmlint -c packaging/rpmlint.toml packaging/passthru.spec "$packages"/rpm/tree/build/packages/*.rpm
}

rpm_is_as_promised() {
  local rpm
  rpm=$(find "$packages/rpm/tree/build/packages" -name "passthru-$version-*.rpm" ! -name '*.src.rpm')
  rpm -qp --scripts "$rpm" 2>/dev/null | tee "$work/scripts"
  ! grep -E 'dracut|preset' "$work/scripts" || return 1
  rpm -qpl "$rpm" 2>/dev/null | tee "$work/files"
  ! grep -E 'system-preset|initramfs-tools|initcpio' "$work/files" || return 1
  rpm -qpc "$rpm" 2>/dev/null | grep -x /etc/passthru.conf
}

test_rpm() {
  if type -P rpmbuild rpmlint >/dev/null; then
    t "make rpm" rpm_builds --nocheck
    t "rpm: rpmlint" rpmlint_is_content
    t "rpm: scripts and files" rpm_is_as_promised
  else
    skip "make rpm" "no rpmbuild or no rpmlint"
  fi
}

# makepkg refuses root, and on Debian pacman knows no package of Arch: dependencies are not checked.
arch_builds() {
  local folder=$work/arch
  make -s dist BUILD="$build"
  mkdir "$folder"
  cp "$build/$tarball" packaging/PKGBUILD packaging/passthru.install "$folder/"
  chmod 755 "$work"
  chown -R nobody "$folder"
  cd "$folder"
  setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$folder" makepkg --nodeps --nocheck --noconfirm
  tar -tf passthru-"$version"-1-*.pkg.tar.* | tee list
  grep -x usr/lib/initcpio/hooks/passthru list
  grep -x usr/lib/dracut/modules.d/50passthru/module-setup.sh list
  grep -x .INSTALL list
  ! grep -E 'initramfs-tools|system-preset' list
}

test_arch() {
  if type -P makepkg pacman >/dev/null && [[ $(id -u) == 0 ]]; then
    t "makepkg" arch_builds
  else
    skip "makepkg" "no makepkg, no pacman, or not root"
  fi
}

# The agent for another architecture, where its compiler is here. All libraries come as sources, since this
# machine has none for it. Debian's package of that architecture takes those of the distribution.
cross_agent() {
  make -s BUILD="$work/cross" DOWNLOADS="$build/cache" CC=aarch64-linux-gnu-gcc AR=aarch64-linux-gnu-ar LIBC=glibc agent man
  readelf -hW "$work/cross/passthru-init" | grep 'Machine: *AArch64'
  ! readelf -lW "$work/cross/passthru-init" | grep INTERP
}

test_cross() {
  if command -v aarch64-linux-gnu-gcc >/dev/null; then
    t "the agent for arm64" cross_agent
  else
    skip "the agent for arm64" "no aarch64-linux-gnu-gcc"
  fi
}

test_tree() {
  if [[ -e .git ]]; then
    t "make dist: two clones, another umask: the same bits" dist_of_clones
    t "make dist: of what it packed: the same bits, the commit's time" dist_of_dist
  else
    skip "make dist" "not a clone"
  fi
  t "make uninstall leaves nothing" leaves_nothing
  t "make uninstall leaves nothing of one adapter" leaves_nothing ADAPTERS=dracut
  t "a changed configuration stays" keeps_configuration
  t "each variable has its folder" goes_where_it_should
  t "ADAPTERS" only_one_adapter
  t "INSTALL_STRIP" strips_on_request

  t "one version in all packages" one_version
  t "PKGBUILD is bash, and has what makepkg asks for" pkgbuild_is_good
  t "an agent for musl is not linked with another library's archives" no_mixed_archives
}

for group in "${groups[@]}"; do
  case $group in
    bookworm | trixie | sid) test_debian "$group" ;;
    life-*) test_life "${group#life-}" ;;
    *) "test_$group" ;;
  esac
done
echo "1..$ran"
((failed == 0))
