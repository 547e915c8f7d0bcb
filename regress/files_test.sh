#! /usr/bin/env -S atf-sh -s /bin/sh
# What each option grants, and what it does not: one act after the other, tried
# on a directory and on a file beneath it.
#
# shellcheck disable=SC2016	# for the inner shell

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# Things to act on, the same before each attempt.
things()
{
	rm -rf dir other
	mkdir -p dir/sub dir/empty other
	echo text >dir/sub/file
	echo text >dir/file
	echo text >other/file
	ln -s file dir/link
	printf '#!/bin/sh\n' >dir/run
	chmod 755 dir/run
}

acts()
{
	prepare() { things; }
	setup
}

# only OPTIONS -- command ...: granted by each of the options for dir, refused
# by each other, and by none at all.
only()
{
	_only=$1
	shift
	for _option in -a -r -w -d; do
		case " $_only " in
		*" $_option "*)	granted "$_option" dir "$@" ;;
		*)		refused "$_option" dir "$@" ;;
		esac
	done
	refused "$@"
}

test_case read "-a and -r let a file be read"
read_body()
{
	acts
	only "-a -r" -- cat dir/file
	only "-a -r" -- cat dir/link
	only "-a -r" -- grep -r text dir
	granted -r dir -- cat dir/file
	[ "$(cat out)" = text ] || fail "read: $(cat out)"
}

test_case list "-a and -r let a directory be listed"
list_body()
{
	acts
	only "-a -r" -- ls dir
	only "-a -r" -- ls dir/sub
	only "-a -r" -- find dir -name file
}

test_case run "-a and -r let a file be executed"
run_body()
{
	acts
	only "-a -r" -- sh -c dir/run
	only "-a -r" -- env dir/run
	only "-a -r" -- sh dir/run
}

test_case stat "looking at a file is always possible"
stat_body()
{
	acts
	granted -- test -f dir/file
	granted -- test -d dir/sub
	granted -w dir -- test -x dir/run
}

test_case overwrite "-a and -w let a file be written"
overwrite_body()
{
	acts
	only "-a -w" -- sh -c 'echo new >dir/file'
	only "-a -w" -- sh -c 'echo new >dir/link'
	only "-a -w" -- sh -c 'echo new >|dir/run'
	granted -w dir -- sh -c 'echo new >dir/file'
	[ "$(cat dir/file)" = new ] || fail "written: $(cat dir/file)"
}

test_case append "-a and -w let a file be appended to"
append_body()
{
	acts
	only "-a -w" -- sh -c 'echo more >>dir/file'
	only "-a -w" -- tee -a dir/file
}

test_case update "reading and writing at once needs both rights"
update_body()
{
	acts
	only "-a" -- sh -c ': <>dir/file'
	only "-a" -- sed -i s/text/new/ dir/file
	only "-a" -- sh -c 'cat dir/file >>dir/run'
}

test_case truncate "-a and -w let a file be truncated"
truncate_body()
{
	acts
	only "-a -w" -- sh -c ': >dir/file'
	only "-a -w" -- truncate -s 0 dir/file
	only "-a -w" -- truncate -s 100 dir/file
	refused -r dir -- truncate -s 0 dir/file
	[ "$(cat dir/file)" = text ] || atf_fail "truncated all the same"
}

test_case create "-a and -w let a file be created"
create_body()
{
	acts
	only "-a -w" -- sh -c ': >dir/new'
	only "-a -w" -- sh -c ': >dir/sub/new'
	only "-a -w" -- sh -c 'set -C; : >dir/new'
	refused -r dir -- touch dir/new
	[ ! -e dir/new ] || atf_fail "created all the same"
}

test_case mkdir "-a and -w let a directory be made"
mkdir_body()
{
	acts
	only "-a -w" -- mkdir dir/new
	only "-a -w" -- mkdir -p dir/sub/new/newer
}

test_case mkfifo "-a and -w let a pipe be made"
mkfifo_body()
{
	acts
	only "-a -w" -- mkfifo dir/new
	granted -a dir -- sh -c 'mkfifo dir/new; echo x >dir/new & cat dir/new'
}

test_case symlink "-a and -w let a symbolic link be made"
symlink_body()
{
	acts
	only "-a -w" -- ln -s file dir/new
	only "-a -w" -- ln -s /nonexistent dir/sub/new
	only "-a -w" -- ln -sfn sub dir/link
}

test_case delete "-a and -w let a file or directory be deleted"
delete_body()
{
	acts
	only "-a -w" -- find dir/file -delete
	only "-a -w" -- find dir/link -delete
	only "-a -w" -x rmdir -- rmdir dir/empty
	only "-a -w" -x rm -- rm dir/file
	only "-a" -x rm -- rm -r dir/sub
	refused -r dir -x rm -- rm -f dir/file
	[ -e dir/file ] || atf_fail "deleted all the same"
}

test_case rename_within "-a and -w let a file be renamed in its directory"
rename_within_body()
{
	acts
	only "-a -w" -- mv dir/file dir/new
	only "-a -w" -- mv dir/sub dir/new
	only "-a -w" -- mv -f dir/file dir/run
	only "-a -w" -- mv dir/link dir/new
}

test_case rename_deeper "-a and -w let a file be renamed beneath the grant"
rename_deeper_body()
{
	acts
	# below ABI 2 mv copies, which must read
	only "-a $(abi_or 2 -w "")" -- mv dir/file dir/sub/new
	only "-a $(abi_or 2 -w "")" -- mv dir/empty dir/sub
}

test_case rename_out "to rename is to delete here and to create there"
rename_out_body()
{
	acts
	granted -a dir -a other -- mv dir/file other/new
	# two grants are two mounts in a view: EXDEV, and mv copies then
	has_view || ! abi 2 || granted -w dir -w other -- mv dir/file other/new
	granted -a . -- mv dir/file other/new
	refused -a dir -r other -- mv dir/file other/new
	refused -a dir -- mv dir/file other/new
	refused -r dir -a other -- mv dir/file other/new
	[ -e dir/file ] || atf_fail "moved all the same"
	refused -a other -- mv dir/file other/new
	refused -a dir -- mv dir other/new
	refused -a dir -- mv dir new
	refused -a dir -a other -- mv dir other/new
}

test_case rename_gain "nothing is renamed to where more is granted"
rename_gain_body()
{
	acts
	refused -w dir -a other -- mv dir/file other/new
	refused -w dir -a other -- ln dir/file other/new
	refused -r dir -a other -- ln dir/file other/new
	refused -a other -- ln dir/file other/new
	refused -a other -- mv dir/file other/file
	[ "$(cat dir/file)" = text ] || atf_fail "gone"
}

test_case exchange "two files are not exchanged across a grant"
exchange_body()
{
	acts
	prepare() { things; echo secret >dir/file; }
	refused -a other -- mv -f dir/file other/file
	refused -a other -- cp dir/file other/file
	! grep -q secret other/file || atf_fail "copied all the same"
}

test_case link "-a and -w let a hard link be made"
link_body()
{
	acts
	only "-a -w" -- ln dir/file dir/new
	# below ABI 2 from one directory to another never
	! abi 2 || only "-a -w" -- ln dir/file dir/sub/new
	has_view || ! abi 2 || granted -a dir -a other -- ln dir/file other/new
}

test_case copy "a copy is read here and created there"
copy_body()
{
	acts
	only "-a" -- cp -a dir/file dir/new
	only "-a" -- cp -a dir/sub dir/new
	granted -r dir -w other -- cp dir/file other/new
	granted -a . -- cp -a dir new
	rm -rf new
	refused -r dir -- cp -a dir new
	rm -rf new
	refused -w dir -a other -- cp dir/file other/new
	refused -r dir -r other -- cp dir/file other/new
}

test_case install "programs that write beside and rename work"
install_body()
{
	acts
	only "-a -w" -- install -m 600 /dev/null dir/new
	only "-a" -- install dir/file dir/new
	granted -a dir -- sh -c 'cd dir && tar cf - . | (cd sub && tar xf -)'
	granted -a dir -- sed -i.orig s/text/new/ dir/file
}

test_case long_options "the long names are the short ones"
long_options_body()
{
	acts
	granted --allow dir -- sed -i s/text/new/ dir/file
	granted --read dir -- cat dir/file
	refused --read dir -- sh -c ': >dir/file'
	granted --write dir -- sh -c ': >dir/file'
	refused --write dir -- cat dir/file
	refused -r . --deny dir -- cat dir/file
	granted --read=dir -- cat dir/file
	granted -rdir -- cat dir/file
}

test_case allow_cwd "--allow-cwd grants the working directory"
allow_cwd_body()
{
	acts
	refused -- cat dir/file
	granted --allow-cwd -- cat dir/file
	granted --allow-cwd -- sh -c 'echo new >dir/new && mkdir new'
	rm -rf new
	granted --allow-cwd -- mv dir new
	things
	cd dir || atf_fail "cd"
	prepare() { :; }
	granted --allow-cwd -- cat file
	refused --allow-cwd -- cat ../other/file
	refused --allow-cwd -- sh -c ': >../newer'
}

test_case nothing "without a grant nothing of the project is within reach"
nothing_body()
{
	acts
	refused -- ls .
	refused -- ls "$HOME"
	refused -- cat dir/file
	refused -- sh -c ': >new'
	refused -- ls /
	refused -r dir -- ls .
	refused -r dir -- cat other/file
	refused -a dir -- sh -c ': >new'
	refused -a dir/sub -- cat dir/file
}

test_case file "a grant on a file covers that file"
file_body()
{
	acts
	granted -r dir/file -- cat dir/file
	granted -r dir/run -- sh -c dir/run
	refused -r dir/file -- cat dir/run
	refused -r dir/file -- sh -c ': >dir/file'
	granted -w dir/file -- sh -c ': >dir/file'
	granted -w dir/file -- sh -c 'echo more >>dir/file'
	granted -w dir/file -- truncate -s 0 dir/file
	refused -w dir/file -- cat dir/file
	granted -a dir/file -- sh -c ': <>dir/file'
	refused -a dir/file -- sh -c ': >dir/run'
	refused -a dir/file -- ls dir
}

test_case file_stays "a file granted cannot be deleted or replaced"
file_stays_body()
{
	acts
	refused -a dir/file -- find dir/file -delete
	refused -a dir/file -x rm -- rm -f dir/file
	refused -a dir/file -- mv dir/file dir/new
	refused -a dir/file -a other -- mv other/file dir/file
	refused -a dir/file -a other -- mv dir/file other/new
	refused -a dir/file -- ln dir/file dir/new
	refused -a dir/file -- sed -i s/text/new/ dir/file
	refused -a dir/file -- sh -c ': >dir/new'
	[ "$(cat dir/file)" = text ] || atf_fail "changed all the same"
}

test_case file_options "--allow-file and its kin grant one file"
file_options_body()
{
	acts
	granted --read-file dir/file -- cat dir/file
	refused --read-file dir/file -- sh -c ': >dir/file'
	refused --read-file dir/file -- cat dir/run
	granted --write-file dir/file -- sh -c ': >dir/file'
	refused --write-file dir/file -- cat dir/file
	granted --allow-file dir/file -- sh -c ': <>dir/file'
	refused --allow-file dir/file -- find dir/file -delete
	refused --allow-file dir/file -- sh -c ': >dir/new'
	granted --read-file dir/link -- cat dir/file
}

test_case children "what holds for the command holds for its children"
children_body()
{
	acts
	granted -r dir -- sh -c 'sh -c "sh -c \"cat dir/file\""'
	refused -- sh -c '(cat dir/file) | cat && cat dir/file'
	refused -- env cat dir/file
	refused -- sh -c 'echo dir/file | xargs cat'
	refused -- sh -c 'cat dir/file & wait $!'
	refused -- find dir/file -exec cat {} +
	refused -r dir -- timeout 5 sh -c ': >dir/file'
}

test_case other_ways "a path by another way is the same path"
other_ways_body()
{
	acts
	refused -- cat "$PWD/dir/file"
	refused -- cat "../project/dir/file"
	refused -- cat "/proc/self/root$PWD/dir/file"
	refused -- cat /proc/self/cwd/dir/file
	refused -- sh -c 'cd dir && cat file'
	granted -r dir -- cat "/proc/self/root$PWD/dir/file"
	granted -r dir -- sh -c 'cd dir && cat file'
	refused -r dir -- sh -c ': >/proc/self/cwd/dir/file'
}
