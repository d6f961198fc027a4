# SPDX-License-Identifier: GPL-2.0-or-later
# Debian roots, made from the packages of an archive. Sourced, bash.
# shellcheck shell=bash disable=SC2154

# The first Debian archive (not security, not updates) in this machine's apt sources. apt knows
# the origin of an archive only after an update.
mirror_of_machine() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' \
    'Created-By: Packages' 'Origin: Debian' 'Component: main' |
    awk '$2 !~ /-/ { print $1; exit }'
}

mirror() {
  if [[ ${MIRROR:-} ]]; then
    printf '%s\n' "$MIRROR"
    return
  fi
  local found
  found=$(mirror_of_machine)
  if [[ ! $found ]]; then
    as_root apt-get update -q >&2
    found=$(mirror_of_machine)
  fi
  [[ $found ]] || die "no Debian archive among the sources of apt: set MIRROR="
  printf '%s\n' "$found"
}

# configure_apt FOLDER RELEASE ARCHITECTURE [STATUS]: apt with sources, lists and a cache of its own in FOLDER,
# as FOLDER/apt.conf for APT_CONFIG. STATUS is the list of the packages that are installed; else there are none.
configure_apt() {
  mkdir -p "$1"/{lists/partial,cache/archives/partial}
  printf 'deb [signed-by=%s] %s %s main\n' /usr/share/keyrings/debian-archive-keyring.gpg "$(mirror)" "$2" >"$1/sources.list"
  cat >"$1/apt.conf" <<CONF
APT::Architecture "$3";
APT::Architectures { "$3"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "true";
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$1/lists";
Dir::State::status "${4:-/dev/null}";
Dir::Cache "$1/cache";
CONF
  # Its index on a mirror that is a snapshot has expired.
  [[ $2 != sid ]] || echo 'Acquire::Check-Valid-Until "false";' >>"$1/apt.conf"
}

# include PACKAGE...: mmdebstrap's option for these.
include() {
  local IFS=,
  printf '%s\n' "--include=$*"
}

# keep_root FOLDER KEY WHAT COMMAND...: has COMMAND make the root FOLDER, unless that was made from what
# KEY stands for. COMMAND gets the folder to make as its last argument. Only a finished root gets the
# name and the key under which it is reused.
keep_root() {
  local folder=$1 key=$2 what=$3
  shift 3
  is_current "$folder" "$key" && return
  say "making $what (kept in ${folder#"$top_dir"/})"
  as_root rm -rf --one-file-system "$folder.new" "$folder"
  "$@" "$folder.new"
  as_root mv "$folder.new" "$folder"
  printf '%s\n' "$key" >"$folder.key"
}

# bootstrap SUITE FOLDER LOG OPTION...: runs mmdebstrap with these options, without documentation and
# translations. Downloaded packages are kept.
bootstrap() {
  local release=$1 folder=$2 log=$3 debs=$build_dir/cache/debs/$1 proxy source newest=()
  shift 3
  # It changes daily, so a mirror that is a snapshot has an index of it whose date of expiry has passed.
  [[ $release != sid ]] || newest=(--aptopt='Acquire::Check-Valid-Until "false"')
  source="deb $(mirror) $release main"
  proxy=$(apt-config dump --format '%F "%v";%n' Acquire | grep -i '::proxy' || true)
  mkdir -p "$debs"
  as_root env INITRD=No mmdebstrap --mode=root \
    --aptopt='APT::Install-Recommends "false"' ${proxy:+--aptopt="$proxy"} \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
    --skip=download/empty --skip=essential/unlink \
    --setup-hook="mkdir -p \"\$1\"/var/cache/apt/archives" \
    --setup-hook="sync-in '$debs' /var/cache/apt/archives" \
    --customize-hook="sync-out /var/cache/apt/archives '$debs'" \
    "${newest[@]}" "$@" "$release" "$folder" "$source" >"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  die "mmdebstrap failed, see $log"
}
