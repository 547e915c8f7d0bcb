/*
 * Copyright (c) 2026 The nono authors
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/*
 * The building of a private view, with the mount calls of Linux 5.2 and later:
 * open_tree(2), move_mount(2), fsopen(2), mount_setattr(2).
 */

#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux-view.h"
#include "linux.h"
#include "nono.h"

/* The kernel's interface, written out: older headers lack some of it. */
#ifndef SYS_open_tree
#define SYS_open_tree		428
#define SYS_move_mount		429
#define SYS_fsopen		430
#define SYS_fsconfig		431
#define SYS_fsmount		432
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr	442
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE		1
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE		0x8000
#endif
#define TREE_CLOEXEC		O_CLOEXEC
#define MOVE_FROM_FD		0x4	/* MOVE_MOUNT_F_EMPTY_PATH */
#define MOVE_FD_TO_FD		(0x4 | 0x40)	/* and _T_EMPTY_PATH */
#define FS_CLOEXEC		1		/* FSOPEN_, FSMOUNT_CLOEXEC */
#define CONFIG_SET_STRING	1		/* FSCONFIG_SET_STRING */
#define CONFIG_CREATE		6		/* FSCONFIG_CMD_CREATE */
#define ATTR_RDONLY		0x1		/* MOUNT_ATTR_RDONLY, ... */
#define ATTR_NOSUID		0x2
#define ATTR_NODEV		0x4
#define ATTR_NOEXEC		0x8

/*
 * Mounts.
 */

/* A copy of the mounts at and beneath fd, or beneath it by name. */
static int
clone_at(int fd, const char *name)
{
	return (int)syscall(SYS_open_tree, fd, name, OPEN_TREE_CLONE |
	    TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
}

static int
clone_tree(const struct step *s)
{
	int fd, tree;

	if ((fd = open_resolved(s->path, O_PATH |
	    (S_ISLNK(s->mode) ? O_NOFOLLOW : 0))) == -1)
		return -1;
	tree = clone_at(fd, "");
	close(fd);
	return tree;
}

static bool
set_readonly(int tree, const char *path)
{
	struct {
		uint64_t	 set, clear, propagation, userns;
	} attr = { .set = ATTR_RDONLY };

	return syscall(SYS_mount_setattr, tree, path, AT_EMPTY_PATH |
	    AT_RECURSIVE, &attr, sizeof(attr)) == 0;
}

static _Noreturn void
fail(const struct step *s, const char *what)
{
	die("view: %s: %s: %s", s->path, what, strerror(errno));
}

/* Was it removed while it was open? */
static bool
is_removed(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

/*
 * Attach a tree at a step's path, and close it.  What was there may have been
 * removed meanwhile, and made anew.
 */
static void
attach(int tree, const struct step *s)
{
	unsigned tries = 0;
	bool removed;
	int fd, error;

	do {
		fd = open_resolved(s->path, O_PATH | O_NOFOLLOW);
		error = fd == -1 || syscall(SYS_move_mount, tree, "", fd, "",
		    MOVE_FD_TO_FD) == -1 ? errno : 0;
		removed = error == ENOENT && (fd == -1 ? !is_gone(s->path) :
		    is_removed(fd));
		if (fd != -1)
			close(fd);
	} while (removed && ++tries < 100);
	errno = error;
	if (error != 0 && !is_gone(s->path))
		fail(s, fd == -1 ? "open" : "move_mount");
	close(tree);
}

/* A mount of a file system of its own; options are name and value in turn. */
static int
make_mount(const char *type, const char *const *options, unsigned attr)
{
	int fs, fd;

	if ((fs = (int)syscall(SYS_fsopen, type, FS_CLOEXEC)) == -1)
		die("view: %s: fsopen: %s", type, strerror(errno));
	for (; options[0] != NULL; options += 2)
		if (syscall(SYS_fsconfig, fs, CONFIG_SET_STRING, options[0],
		    options[1], 0) == -1)
			die("view: %s: %s=%s: %s", type, options[0],
			    options[1], strerror(errno));
	if (syscall(SYS_fsconfig, fs, CONFIG_CREATE, NULL, NULL, 0) == -1 ||
	    (fd = (int)syscall(SYS_fsmount, fs, FS_CLOEXEC, attr)) == -1)
		die("view: %s: %s", type, strerror(errno));
	close(fs);
	return fd;
}

/*
 * What covers.
 */

/* Make the places in a covered directory at which others show through. */
static void
make_place(int fs, const struct view *v, const struct step *s)
{
	const struct step *c = &v->steps[s->cover - 1];
	char *path = xasprintf("%zu%s", s->cover, s->path + c->len), *p;
	int r;

	for (p = strchr(path, '/') + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdirat(fs, path, 0111) == -1 && errno != EEXIST)
			fail(s, "mkdir");
		*p = '/';
	}
	r = S_ISDIR(s->mode) ? mkdirat(fs, path, 0) :
	    mknodat(fs, path, S_IFREG, 0);
	if (r == -1 && errno != EEXIST)
		fail(s, "mknod");
	free(path);
}

/* Copy the symbolic links of a directory. */
static void
copy_links(int dir, const struct step *s)
{
	char to[PATH_MAX];
	struct dirent *d;
	DIR *dirp = opendir(s->path);
	ssize_t n;

	while (errno = 0, dirp != NULL && (d = readdir(dirp)) != NULL) {
		if (entry_type(dirp, d) != DT_LNK)
			continue;
		n = readlinkat(dirfd(dirp), d->d_name, to, sizeof(to) - 1);
		if (n == -1)
			continue;
		to[n] = '\0';
		if (symlinkat(to, dir, d->d_name) == -1 && errno != EEXIST)
			fail(s, "symlink");
	}
	if (errno != 0)
		fail(s, "readdir");
	if (dirp != NULL)
		closedir(dirp);
}

static void
make_cover(int fs, const struct view *v, const struct step *s)
{
	char name[32];
	int fd;

	if (!S_ISDIR(s->mode) || (!s->holds && !s->links))
		return;
	snprintf(name, sizeof(name), "%zu", (size_t)(s - v->steps) + 1);
	/* what shows through is no secret where others are not hidden */
	if (mkdirat(fs, name, s->links ? 0555 : 0111) == -1)
		fail(s, "mkdir");
	if (!s->links)
		return;
	if ((fd = openat(fs, name, O_PATH | O_DIRECTORY | O_CLOEXEC)) == -1)
		fail(s, "open");
	copy_links(fd, s);
	/* bound somewhere else, /dev/ptmx finds no devpts (path_pts()) */
	if (v->pts && strcmp(s->path, "/dev") == 0 &&
	    ((symlinkat("pts/ptmx", fd, "ptmx") == -1 && errno != EEXIST) ||
	    mknodat(fd, "console", S_IFREG, 0) == -1))
		fail(s, "link");
	close(fd);
}

/*
 * ssh(1) insists that its configuration belongs to root or to the user, but in
 * a user namespace root's files are nobody's: give it copies of what
 * /etc/ssh/ssh_config includes.
 */
#define SSH_CONFIG	"/etc/ssh/ssh_config.d"

static bool
copy_ssh(int fs, const struct policy *p)
{
	char buf[8192], *name, *real;
	struct dirent *d;
	DIR *dirp = opendir(SSH_CONFIG);
	bool found = false;
	int from, to;
	ssize_t n;

	while (errno = 0, dirp != NULL && (d = readdir(dirp)) != NULL) {
		name = path_join(SSH_CONFIG, d->d_name);
		real = path_real(name);
		free(name);
		from = real == NULL || d->d_name[0] == '.' ||
		    !(policy_decide(p, real, NULL) & RIGHT_READ) ? -1 :
		    open_resolved(real, O_RDONLY | O_NONBLOCK);
		free(real);
		if (from == -1)
			continue;
		if (!found && mkdirat(fs, "ssh", 0555) == -1)
			die("view: %s: mkdir: %s", SSH_CONFIG,
			    strerror(errno));
		found = true;
		name = path_join("ssh", d->d_name);
		if ((to = openat(fs, name, O_WRONLY | O_CREAT | O_CLOEXEC,
		    0444)) == -1)
			die("view: %s: %s", SSH_CONFIG, strerror(errno));
		while ((n = read(from, buf, sizeof(buf))) > 0 &&
		    write(to, buf, (size_t)n) == n)
			;
		/* a directory has nothing that ssh would read */
		if (n > 0 || (n == -1 && errno != EISDIR))
			die("view: %s/%s: %s", SSH_CONFIG, d->d_name,
			    strerror(errno));
		close(from);
		close(to);
		free(name);
	}
	if (errno != 0)
		die("view: %s: %s", SSH_CONFIG, strerror(errno));
	if (dirp != NULL)
		closedir(dirp);
	return found;
}

/*
 * A file system that holds what covers, detached: an empty directory, a file
 * that nobody can open (a device on a mount without any), the skeletons of
 * directories that something shows through.  It is read-only when filled, for
 * its files belong to the user.
 */
static int
make_covers(struct view *v, bool *ssh)
{
	static const char *const options[] = { "mode", "0", NULL };
	const struct step *s;
	struct stat st;
	mode_t mask = umask(0);
	int fs, gone;

	fs = make_mount("tmpfs", options, ATTR_NOSUID | ATTR_NODEV |
	    ATTR_NOEXEC);
	if (fstat(fs, &st) == -1 || mkdirat(fs, "empty", 0) == -1 ||
	    mknodat(fs, "file", S_IFCHR, 0) == -1 ||
	    mknodat(fs, "nono", S_IFREG, 0) == -1)
		die("view: tmpfs: %s", strerror(errno));
	v->dev = st.st_dev;
	for (s = v->steps; s < v->steps + v->nsteps; s++)
		if (s->how == COVER)
			make_cover(fs, v, s);
	for (s = v->steps; s < v->steps + v->nsteps; s++)
		if (s->cover != 0 && (s->how == PTS || s->tree != -1))
			make_place(fs, v, s);
	*ssh = view_user_namespace() && policy_decide(v->policy, SSH_CONFIG,
	    NULL) & RIGHT_READ && copy_ssh(fs, v->policy);
	/* a working directory that was deleted leads to what is not covered */
	if (v->deleted && (mkdirat(fs, "gone", 0) == -1 ||
	    (gone = openat(fs, "gone", O_PATH | O_CLOEXEC)) == -1 ||
	    fchdir(gone) == -1 || close(gone) == -1 ||
	    unlinkat(fs, "gone", AT_REMOVEDIR) == -1))
		die("view: working directory: %s", strerror(errno));
	umask(mask);
	if (!set_readonly(fs, ""))
		die("view: tmpfs: read-only: %s", strerror(errno));
	return fs;
}

/*
 * The building.
 */

/* Take a clone of what is to stay writable, or to show through a cover. */
static void
take(struct step *s)
{
	if (s->how != CLONE && s->how != SHOW)
		return;
	if ((s->tree = clone_tree(s)) == -1) {
		if (!is_gone(s->path))
			fail(s, "open_tree");
	} else if (s->how == SHOW && !s->writable && !set_readonly(s->tree, ""))
		fail(s, "read-only");
}

/*
 * nono itself, to cover commands: by its path, for /proc/self/exe leads to the
 * mount that it was started from; and before that path may be covered.
 */
static void
clone_self(struct view *v)
{
	v->nono = clone_tree(&(struct step){ .path = v->self });
	if (v->nono == -1 || fstat(v->nono, &v->self_st) == -1)
		die("view: %s: %s; blocked commands are covered with it",
		    v->self, strerror(errno));
}

/*
 * Only what is attached somewhere can be cloned: hide it beneath /proc.  The
 * descriptors lead to it there.
 */
static void
hide(const struct view *v, int fs)
{
	static const struct step proc = { .path = "/proc", .len = 5,
	    .mode = S_IFDIR };
	int tree = clone_tree(&proc), fd;

	if (tree == -1 || (fd = fcntl(fs, F_DUPFD_CLOEXEC, 0)) == -1)
		fail(&proc, "clone");
	attach(fd, &proc);
	if (syscall(SYS_move_mount, v->nono, "", fs, "nono",
	    MOVE_FROM_FD) == -1)
		fail(&proc, "move_mount");
	attach(tree, &proc);
}

/*
 * What is to be mounted at a step's path, or -1 if that is not there, or all
 * has been done.
 */
static int
make_tree(struct view *v, const struct step *s, int fs)
{
	static const char *const options[] = { "ptmxmode", "0666", "mode",
	    "0620", NULL };
	char name[32] = "file";
	int tree = -1;

	switch (s->how) {
	case CLONE:
	case SHOW:
		return s->tree;
	case ANCHOR:
	case FREEZE:
		tree = clone_tree(s);
		if (tree != -1 && s->how == FREEZE && !set_readonly(tree, ""))
			fail(s, "read-only");
		break;
	case COVER:
		if (S_ISDIR(s->mode))
			snprintf(name, sizeof(name), s->holds || s->links ?
			    "%zu" : "empty", (size_t)(s - v->steps) + 1);
		if ((tree = clone_at(fs, name)) == -1)
			fail(s, "cover: open_tree");
		break;
	case COMMAND:
		if (v->exe == NULL)
			v->exe = s->path;
		if (S_ISLNK(s->mode)) {
			tree = clone_at(v->nono, "");
			break;
		}
		/* most of what is mounted: in one call, from where it hides */
		if (mount("nono", s->path, NULL, MS_BIND, NULL) == -1 &&
		    !is_gone(s->path))
			fail(s, "mount");
		return -1;
	case PTS:
		tree = make_mount("devpts", options, ATTR_NOSUID |
		    ATTR_NOEXEC);
		break;
	}
	if (tree == -1 && !is_gone(s->path))
		fail(s, "open_tree");
	return tree;
}

/*
 * The ID of the mount that a path lies in, or of a descriptor where that is
 * empty; -1 if there is nothing, or the file system has no handles.
 */
static int
mount_id(int fd, const char *path)
{
	struct file_handle none = { .handle_bytes = 0 };
	int id = -1;

	if (name_to_handle_at(fd, path, &none, &id, AT_EMPTY_PATH) == -1 &&
	    errno != EOVERFLOW)
		return -1;
	return id;
}

/* Sockets are not: they come and go; a new one is made after the start. */
static bool
is_verified(const struct step *s)
{
	return (s->how == COVER || s->how == FREEZE) && !S_ISSOCK(s->mode);
}

/*
 * Somebody may have put one thing in the place of another since, and do so
 * now: see that each mount, and no other, is where it was meant to be.  From
 * here on mounts move with what they are on.
 */
static void
verify(const struct view *v, const struct step *s)
{
	struct stat st;

	if (!is_verified(s))
		return;
	if (lstat(s->path, &st) == -1) {
		expect_absent(s->path);
		return;
	}
	if ((s->id != -1 && s->id != mount_id(AT_FDCWD, s->path)) ||
	    (s->how == COVER ? st.st_dev != v->dev :
	    access(s->path, W_OK) == 0))
		die("%s: it changed while nono looked at it", s->path);
}

void
view_build(struct view *v)
{
	static const struct step console = { .path = "/dev/console" },
	    ssh_config = { .path = SSH_CONFIG };
	struct step *s;
	struct stat st;
	int fs, terminal, tree, here;
	bool ssh;

	for (s = v->steps; s < v->steps + v->nsteps; s++)
		take(s);
	terminal = v->terminal.path == NULL ? -1 : clone_tree(&v->terminal);
	fs = make_covers(v, &ssh);
	if (!v->open && !set_readonly(AT_FDCWD, "/"))
		die("view: read-only: %s", strerror(errno));
	clone_self(v);
	hide(v, fs);
	if ((here = open(".", O_PATH | O_CLOEXEC)) == -1 || fchdir(fs) == -1)
		die("view: working directory: %s", strerror(errno));
	for (s = v->steps; s < v->steps + v->nsteps; s++)
		if ((tree = make_tree(v, s, fs)) != -1) {
			if (is_verified(s))
				s->id = mount_id(tree, "");
			attach(tree, s);
		}
	if (terminal != -1)
		attach(terminal, &console);
	if (ssh) {
		if ((tree = clone_at(fs, "ssh")) == -1)
			fail(&ssh_config, "clone");
		attach(tree, &ssh_config);
	}
	close(fs);
	close(v->nono);
	if (fchdir(here) == -1 || close(here) == -1)
		die("working directory: %s", strerror(errno));
	for (s = v->steps; s < v->steps + v->nsteps; s++)
		verify(v, s);
	if (!v->deleted && (chdir(v->cwd) == -1 || stat(".", &st) == -1))
		die("working directory: %s: %s", v->cwd, strerror(errno));
	if (!v->deleted && (st.st_dev != v->cwd_st.st_dev ||
	    st.st_ino != v->cwd_st.st_ino))
		die("working directory: %s: it changed while nono looked at "
		    "it", v->cwd);
}

/*
 * What it is good for.
 */

bool
view_is_cover(const struct view *v, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_dev == v->dev ||
	    (v->exe != NULL && st.st_dev == v->self_st.st_dev &&
	    st.st_ino == v->self_st.st_ino));
}

/* Is the cover still on what was there when it was attached? */
static bool
is_covered(const struct view *v, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_dev == v->dev;
}

/* What took the place of what was covered, meanwhile, was not to be covered. */
static void
try_socket(const struct view *v, const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(sun.sun_path))
		return;
	strcpy(sun.sun_path, path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0)) == -1)
		die("socket(AF_UNIX): %s", strerror(errno));
	if ((connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0 ||
	    errno == EAGAIN || errno == EPROTOTYPE) && is_covered(v, path))
		die("%s: can still be connected to, though it is refused; "
		    "nothing was run", path);
	close(fd);
}

void
view_try(const struct view *v)
{
	const struct step *s;
	struct stat st;

	if (!v->open && (lchown("/", (uid_t)-1, (gid_t)-1) == 0 ||
	    errno != EROFS))
		die("the root directory can still be changed, though it is "
		    "refused; nothing was run");
	for (s = v->steps; s < v->steps + v->nsteps; s++)
		if (s->how == COVER && S_ISSOCK(s->mode) && v->sockets &&
		    is_covered(v, s->path))
			try_socket(v, s->path);
	if (v->exe != NULL && (stat(v->exe, &st) == -1 ||
	    st.st_ino != v->self_st.st_ino || st.st_dev != v->self_st.st_dev))
		die("%s: is not covered; nothing was run", v->exe);
}
