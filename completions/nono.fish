# fish completion for nono(1)

function __nono_profiles
    set -l config ~/.config
    set -q XDG_CONFIG_HOME; and set config $XDG_CONFIG_HOME
    # make install puts PROFILEDIR in its place
    for dir in $config/nono /usr/local/share/nono/profiles
        test -d $dir; and command ls $dir
    end
    echo none
end

# the word before the options, or "run"
function __nono_mode
    set -l words (commandline -opc)
    switch "$words[2]"
        case run shell why check learn
            echo $words[2]
        case '*'
            echo run
    end
end

function __nono_is
    contains -- (__nono_mode) $argv
end

# the command and what follows it, as far as it is typed; fails if options may
# follow still
function __nono_command
    __nono_is run learn; or return 1
    set -l words (commandline -opc)
    set -e words[1]
    contains -- "$words[1]" run learn; and set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --
                string escape -- $words[2..]
                return 0
            case -a -r -w -d -u -b -x -e -p -o --allow --read --write --allow-file --read-file --write-file --deny --allow-unix-socket --block-command --allow-command --allow-env --drop-env --profile --output
                set -e words[1]
            case '-*'
            case '*'
                string escape -- $words
                return 0
        end
        set -e words[1]
    end
    return 1
end

function __nono_has_command
    __nono_command >/dev/null
end

# what the command itself completes
function __nono_delegate
    complete -C (string join ' ' -- (__nono_command) (commandline -ct))
end

complete -c nono -f
complete -c nono -n 'test (count (commandline -opc)) -eq 1' -a 'run' -d 'run a command'
complete -c nono -n 'test (count (commandline -opc)) -eq 1' -a 'shell' -d 'run a shell'
complete -c nono -n 'test (count (commandline -opc)) -eq 1' -a 'why' -d 'say whether something is allowed'
complete -c nono -n 'test (count (commandline -opc)) -eq 1' -a 'check' -d 'say what this system can enforce'
complete -c nono -n 'test (count (commandline -opc)) -eq 1' -a 'learn' -d 'find out which grants a command needs'
complete -c nono -n '__nono_has_command' -a '(__nono_delegate)'
complete -c nono -n '__nono_is run learn; and not __nono_has_command' -a '(__fish_complete_command)'
complete -c nono -n '__nono_is why' -F

set -l policy -c nono -n '__nono_is run shell why learn; and not __nono_has_command'
complete $policy -s a -l allow -rF -d 'read, execute, write, create, delete'
complete $policy -s r -l read -rF -d 'read and execute'
complete $policy -s w -l write -rF -d 'write, create, delete; not read'
complete $policy -l allow-file -rF -d 'as -a, for a file only'
complete $policy -l read-file -rF -d 'as -r, for a file only'
complete $policy -l write-file -rF -d 'as -w, for a file only'
complete $policy -s d -l deny -rF -d 'nothing at all'
complete $policy -l allow-cwd -d 'the same as -a .'
complete $policy -s n -l block-net -d 'no network'
complete $policy -l net-block -d 'no network'
complete $policy -s u -l allow-unix-socket -rF -d 'connect to unix sockets at or beneath path'
complete $policy -s b -l block-command -x -a '(__fish_complete_command)' -d 'block this command too'
complete $policy -s x -l allow-command -x -a '(__fish_complete_command)' -d 'do not block this command'
complete $policy -s e -l allow-env -x -a '(set -nx)' -d 'keep this environment variable'
complete $policy -l drop-env -x -a '(set -nx)' -d 'drop this one too'
complete $policy -s p -l profile -rF -a '(__nono_profiles)' -d 'read options from a profile'
complete $policy -s v -l verbose -d 'say what is applied and how'
complete $policy -s s -l silent -d 'no warnings'
complete $policy -l dry-run -d 'print the policy; run nothing'

complete -c nono -n '__nono_is learn; and not __nono_has_command' -s o -l output -rF -d 'write a profile'

set -l output -c nono -n 'not __nono_has_command'
complete $output -l json -d 'print it for programs'
complete $output -s h -l help -d 'print the options'
complete $output -s V -l version -d 'print the version'

set -l why -c nono -n '__nono_is why'
complete $why -l op -x -a 'read write' -d 'ask of paths whether that is allowed'
complete $why -l host -x -a '(__fish_print_hostnames)' -d 'ask for a host'
complete $why -l command -x -a '(__fish_complete_command)' -d 'ask for a command'
complete $why -l socket -rF -d 'ask for a unix socket'
complete $why -l env -x -a '(set -nx)' -d 'ask for an environment variable'
