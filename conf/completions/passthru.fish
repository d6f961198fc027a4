# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for passthru(8) in fish. What there is to complete, the program's own help says.

# Lines of what may come next, with a tab before what it is.
function __passthru_words
    set -l words (commandline -opc)
    if not set -q words[2]
        passthru --help | string replace -rf '^  ([a-z]*)   *(.*)' '$1\t$2'
        printf '%s\n' --help --version
        return
    end
    set -l help (passthru $words[2] --help 2>/dev/null)
    set -l last $words[-1]
    set -l argument
    if test "$last" = -o
        set argument FILE
    else if string match -qr -- '^--[a-z-]+$' $last
        set argument (string replace -rf -- "^ *$last ([A-Z]+) .*" '$1' $help)
    end
    switch "$argument"
        case DIR
            __fish_complete_directories (commandline -ct)
            return
        case FILE
            __fish_complete_path (commandline -ct)
            return
        case '?*'
            string replace -rf -- "^ *$last .*: " '' $help | string replace -ra ',| or ' ' ' | string split -n ' '
            return
    end
    string replace -rf -- '^ *(--[a-z-]*) [A-Z]*  *(.*)' '$1\t$2' $help
    string replace -rf -- '.* \[([a-z|]*)\]$' '$1' $help[1] | string split '|' # words, such as of trial
    string replace -rf '^WORD is one of: ' '' $help | string replace -ra ',| or ' ' ' | string split -n ' '
    if string match -q 'usage:*ADDRESS*' -- $help[1]
        passthru list --no-legend 2>/dev/null | string replace -r ' .*' ''
    else if string match -q 'usage:*FILE*' -- $help[1]
        __fish_complete_path (commandline -ct)
    end
end

complete -c passthru -f -a '(__passthru_words)'
