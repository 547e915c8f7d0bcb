# bash completion for nono(1)

_nono_profiles()
{
	local dir
	# make install puts PROFILEDIR in its place
	for dir in "${XDG_CONFIG_HOME:-$HOME/.config}/nono" \
	    /usr/local/share/nono/profiles; do
		[[ -d $dir ]] && command ls -- "$dir" 2>/dev/null
	done
	echo none
}

_nono()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev= word= mode=run i
	# options with an argument, and all
	local path="-a --allow -r --read -w --write -d --deny -u
	    --allow-unix-socket --allow-file --read-file --write-file
	    -o --output --socket"
	local command="-b --block-command -x --allow-command --command"
	local variable="-e --allow-env --drop-env --env"
	local other="-p --profile --op --host"
	local options="-a -r -w -d -n -u -b -x -e -p -v -s -h -V --allow
	    --read --write --allow-file --read-file --write-file --deny
	    --allow-cwd --block-net --net-block --allow-unix-socket
	    --block-command --allow-command --allow-env --drop-env --profile
	    --verbose --silent --dry-run --json --help --version"

	COMPREPLY=()
	# find where the command begins, or what is to be completed
	i=1
	case ${COMP_WORDS[1]-} in
	run|shell|why|check|learn)
		if (( COMP_CWORD > 1 )); then
			mode=${COMP_WORDS[1]}
			i=2
		fi ;;
	esac
	for (( ; i < COMP_CWORD; i++ )); do
		word=${COMP_WORDS[i]}
		if [[ -n $prev ]]; then
			prev=
		elif [[ $word == -- ]]; then
			(( i++ ))
			break
		elif [[ " ${path//[$'\n\t']/ } $command $variable $other " == \
		    *" $word "* ]]; then
			prev=$word
		elif [[ $word != -* && $mode != why ]]; then
			break
		fi
	done
	if (( i < COMP_CWORD )) || { [[ $word == -- ]] &&
	    (( i == COMP_CWORD )); }; then
		# the command's own
		if (( i < COMP_CWORD )) && declare -F _command_offset \
		    >/dev/null; then
			_command_offset "$i"
			return
		fi
		(( i == COMP_CWORD )) && COMPREPLY=($(compgen -c -- "$cur"))
		return
	fi
	case $mode in
	why)	options+=" --op --host --command --socket --env" ;;
	learn)	options+=" -o --output" ;;
	check)	options="--json -h --help -V --version" ;;
	esac
	if [[ -z $prev && $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$options" -- "$cur"))
	elif [[ -z $prev && $mode == why ]]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
	elif [[ -z $prev && ( $mode == run || $mode == learn ) ]]; then
		(( COMP_CWORD == 1 )) && COMPREPLY=($(compgen -W \
		    "run shell why check learn" -- "$cur"))
		COMPREPLY+=($(compgen -c -- "$cur"))
	elif [[ $prev == --op ]]; then
		COMPREPLY=($(compgen -W "read write" -- "$cur"))
	elif [[ $prev == -p || $prev == --profile ]]; then
		COMPREPLY=($(compgen -W "$(_nono_profiles)" -- "$cur"))
	elif [[ " $command " == *" $prev "* ]]; then
		COMPREPLY=($(compgen -c -- "$cur"))
	elif [[ " $variable " == *" $prev "* ]]; then
		COMPREPLY=($(compgen -e -- "$cur"))
	elif [[ $prev == --host ]]; then
		COMPREPLY=($(compgen -A hostname -- "$cur"))
	elif [[ -n $prev ]]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}

complete -F _nono nono
