# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for passthru(8) in fish. What there is to complete, the program's own help says.

# What the operands in the usage $argv[1] can be, on the host below $argv[2].
function __passthru_operands
    set -l root $argv[2]
    string replace -rf -- '.* \[([a-z|]*)\]$' '$1' $argv[1] | string split '|' # words, such as of trial
    if string match -q '*ADDRESS*' -- $argv[1]
        set -l options
        test -n "$root"; and set options --root $root
        passthru list --no-legend $options 2>/dev/null | string replace -r ' .*' ''
    end
    if string match -q '*RULE*' -- $argv[1]
        set -l files $root/etc/passthru.conf $root/etc/passthru.conf.d/*.conf
        cat $files 2>/dev/null | string replace -rf '^\s*\[(?:device|sriov)\s+([A-Za-z0-9._-]+)\s*\].*' '$1'
    end
    if string match -q '*CODE*' -- $argv[1]
        passthru explain | string replace -r ' .*' ''
    end
    if string match -q '*[FILE]*' -- $argv[1]
        __fish_complete_path (commandline -ct)
    end
end

# Lines of what may come next, with a tab before what it is.
function __passthru_words
    set -l words (commandline -opc)
    if not set -q words[2]; or test "$words[2..]" = help
        passthru --help | string replace -rf '^  ([a-z]*)   *(.*)' '$1\t$2'
        set -q words[2]; or printf '%s\n' help --help --version
        return
    end
    set -l help (passthru $words[2] --help 2>/dev/null)
    set -l last $words[-1]
    set -l argument
    if test "$last" = -o
        set argument FILE
    else if string match -qr -- '^--[a-z-]+$' $last
        set argument (string replace -rf -- "^ *(?:-[a-zA-Z], )?$last ([^ ]+) .*" '$1' $help)
    end
    switch "$argument"
        case DIR
            __fish_complete_directories (commandline -ct)
            return
        case FILE
            __fish_complete_path (commandline -ct)
            return
        case '?*'
            string replace -rf -- "^ *(?:-[a-zA-Z], )?$last .*: " '' $help | string replace -ra ',| or ' ' ' | string split -n ' '
            return
    end
    string replace -rf -- '^ *(?:-[a-zA-Z], )?(--[a-z-]*) [^ ]*  *(.*)' '$1\t$2' $help
    string replace -rf '^WORD is one of: ' '' $help | string replace -ra ',| or ' ' ' | string split -n ' '
    set -l root
    set -l at (contains -i -- --root $words)
    and set root $words[(math $at + 1)]
    # The usage is the first line and those after it that begin with a space.
    set -l usage $help[1]
    for line in $help[2..]
        string match -q ' *' -- $line; or break
        set usage $usage$line
    end
    __passthru_operands "$usage" "$root"
end

complete -c passthru -f -a '(__passthru_words)'
