# shellcheck shell=sh disable=SC2154
# Sourced by scripts that run podman, with all that it keeps in $dir, which
# they make.  sh "$dir/podman/here" is podman.

# make_podman DRIVER: with that storage driver.
make_podman()
{
	mkdir "$dir/podman" || return
	cat >"$dir/podman/here" <<-END
	exec env HOME=$dir/podman podman --root $dir/podman/root \\
	    --runroot $dir/podman/run --tmpdir $dir/podman/tmp \\
	    --network-config-dir $dir/podman/networks \\
	    --storage-driver $1 --events-backend none \\
	    --runtime runc --runtime-flag root=$dir/podman/runc \\
	    --cgroup-manager cgroupfs "\$@"
	END
}

# Removes the containers, and what podman may have left: mounts and control
# groups.
remove_podman()
{
	[ ! -d "$dir/podman/root" ] ||
	    sh "$dir/podman/here" rm -f -a -t 0 >/dev/null 2>&1
	sed -n "s|^[^ ]* \($dir/[^ ]*\) .*|\1|p" /proc/mounts | sort -r |
	    xargs -r umount -l
	find /sys/fs/cgroup -depth -type d -path "*/${dir##*/}*" \
	    -exec rmdir {} +
}

# Prints a seccomp profile as Docker's, which refuses these to who lacks
# CAP_SYS_ADMIN, and answers what it does not know with EPERM.
docker_profile()
{
	python3 -c '
import json
p = json.load(open("/usr/share/containers/seccomp.json"))
p["defaultErrnoRet"] = 1
p["defaultErrno"] = "EPERM"
refused = {"clone", "clone3", "fsconfig", "fsmount", "fsopen", "fspick",
    "mount", "mount_setattr", "move_mount", "open_tree", "pivot_root",
    "setns", "umount", "umount2", "unshare"}
for s in p["syscalls"]:
    if s["action"] == "SCMP_ACT_ALLOW":
        s["names"] = [n for n in s["names"] if n not in refused]
p["syscalls"] = [s for s in p["syscalls"] if s["names"]] + [
    # no CLONE_NEW*
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0,
        "value": 0x7e020000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]
print(json.dumps(p))'
}
