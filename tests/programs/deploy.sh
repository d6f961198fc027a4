# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the Ansible role and the NixOS module in docs/, as texts: neither is run. Sourced, bash.
# shellcheck shell=bash disable=SC2154

role=docs/ansible/roles/passthru

# tells FILTER FILE: the jq filter holds for the YAML of FILE.
tells() {
  yq -e "$1" "$2" >/dev/null 2>"$err" || fail "$2: not so: $1"
}

# Tasks have names and modules, and notify handlers that there are.
role_is_whole() {
  local file handlers
  for file in tasks handlers; do
    tells 'type == "array" and length > 0 and all(.name and ([keys[] | select(startswith("ansible.builtin."))] | length == 1))' \
      "$role/$file/main.yml"
  done
  handlers=$(yq -c 'map(.name)' "$role/handlers/main.yml")
  for file in tasks handlers; do
    tells "([.[].notify | values] - $handlers) == [] and any(.notify)" "$role/$file/main.yml"
  done
  tells '.passthru_rebuild | keys == ["Archlinux", "Debian", "RedHat", "Suse"]' "$role/defaults/main.yml"
}

# The playbook's configuration is valid, and the command that the role has for that says so, as it does of errors.
playbook_is_valid() {
  local validate
  yq -r '.[0].roles[0].vars.passthru_conf' docs/ansible/playbook.yml >"$tree/good"
  echo nonsense | cat "$tree/good" - >"$tree/bad"
  validate=$(yq -r '.[]."ansible.builtin.copy".validate | values' "$role/tasks/main.yml")
  [[ $validate == "passthru check "*" %s" ]] || fail "validates by: $validate"
  host gpu-group
  run 0 env PATH="$build:$PATH" bash -c "${validate/\%s/$tree/good}"
  run 2 env PATH="$build:$PATH" bash -c "${validate/\%s/$tree/bad}"
  [[ -s $tree/good ]] || fail "no configuration"
}

nixos_module() {
  run 0 nix-instantiate --parse docs/nixos/passthru.nix
  sed '/^in$/d' docs/nixos/passthru.nix >"$tree/bad.nix"
  run 1 nix-instantiate --parse "$tree/bad.nix"
}

# The service in the module is that of all frameworks: the order and the time limits.
nixos_service() {
  local key value
  while IFS='= ' read -r key value; do
    grep -qF "$value" docs/nixos/passthru.nix || fail "not in the module: $key=$value"
  done < <(grep -E '^(ConditionPathExists|Type|Timeout[A-Z][a-z]*Sec)=' hook/passthru-init.service)
  while read -r value; do
    [[ $value == dracut-* ]] || grep -qxF "          \"$value\"" docs/nixos/passthru.nix || fail "not before $value"
  done < <(sed -n 's/^Before=//p' hook/passthru-init.service | tr ' ' '\n')
}

test_deploy() {
  t_with yq "deploy: the Ansible role is whole" role_is_whole
  t_with yq "deploy: the Ansible playbook's configuration" playbook_is_valid
  t_with nix-instantiate "deploy: the NixOS module is Nix" nixos_module
  t "deploy: the NixOS module has the unit of hook/" nixos_service
}
