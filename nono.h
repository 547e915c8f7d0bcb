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
 * ARCHITECTURE
 *
 * Data flows one way: options -> policy -> backend -> exec.
 *
 *	nono.c		main: the steps of a run, in this order
 *	options.c	argv to struct run, and that to rules and choices
 *	profile.c	the same from files
 *	command.c	where the command is; its environment; execve(2)
 *	policy.c	rules: add, resolve, complete by the tables, decide;
 *			blocked commands
 *	blocklist.c	the built-in tables, an entry on a line
 *	backend-*.c	puts a finished policy to one kernel: linux.h has the
 *			files of that, bsd.h what is of macOS and OpenBSD
 *
 * Beside it: path.c, paths and what is known of directories; util.c, messages
 * and memory; memory.c, malloc(3) for musl; why.c, the words why and check;
 * json.c, the same for programs.  nono-learn.c is the main of another program,
 * the rest of which learn.h names; it shares all from options.c to policy.c.
 *
 * A header is the contract between those who include it: this one of all,
 * linux.h of the walls of Linux, linux-view.h of who plans a view and who
 * builds it, linux-filter.h and linux-calls.h of linux-mkfilter, which runs
 * when nono is built, and the program that it is for.  macos.h and openbsd.h
 * are for tests: what is pure there is compared with what it should be.
 *
 * What always holds:
 *
 *	- What is allowed is decided in policy.c, by policy_decide() and
 *	  names_find().  A backend, why and learn ask; none has a rule of its
 *	  own.
 *	- A policy that is sealed does not change.  Its paths are absolute and
 *	  resolved, each of them once.
 *	- It fails closed: each call that builds a wall is looked at, and
 *	  die() ends nono before the command begins.  A backend gives less
 *	  than was asked for with a warning(), never more; what its system
 *	  leaves open is a "gap" that it renders, and is in nono(1).
 *	- What is shown is what is done: -v, --dry-run, why and the run itself
 *	  go through the same backend_check().
 *	- Before the exec the doors are tried, and between them and the exec
 *	  nothing is done.
 *	- Nothing is left behind: no process, no mount.  What lives until the
 *	  exec is not freed.
 *
 * To be read in an afternoon, in lines by wc -l: the core 5000 (nono.[ch]
 * options.c profile.c command.c util.c memory.c path.c policy.c why.c json.c);
 * Linux 4800 (backend-linux.c linux*.[ch]); macOS and OpenBSD 1200
 * (backend-macos.c backend-openbsd.c bsd.[ch] macos.h openbsd.h); learning 1800
 * (nono-learn.c learn*.[ch]); the tables 1600 (blocklist.c).
 */

#ifndef NONO_H
#define NONO_H

#include <sys/stat.h>
#include <sys/types.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#ifndef nitems
#define nitems(a)	(sizeof(a) / sizeof((a)[0]))
#endif

enum {				/* exit status, as env(1) and nohup(1) */
	EXIT_NONO = 125,	/* nono itself failed; nothing was run */
	EXIT_CANNOT = 126,	/* blocked, or cannot be executed */
	EXIT_NOTFOUND = 127
};

enum {				/* rights of a rule */
	RIGHT_READ = 1 << 0,	/* read, list and execute */
	RIGHT_WRITE = 1 << 1	/* write, create and delete */
};

enum {				/* flags of a table entry and of a rule */
	RULE_LIMIT = 1 << 0,	/* of the tables: lowers a grant above it */
	RULE_TEMP = 1 << 1,	/* of the tables: for temporary files */
	RULE_TOP = 1 << 2,	/* holds atop every directory granted, too */
	RULE_UNLISTED = 1 << 3,	/* is there though its directory may not say */

	/* the systems an entry is for */
	SYS_LINUX = 1 << 8,
	SYS_MACOS = 1 << 9,
	SYS_OPENBSD = 1 << 10,
	SYS_ALL = SYS_LINUX | SYS_MACOS | SYS_OPENBSD
};

/*
 * An entry of a built-in table.  Tables end with an entry without a name.
 * A path may begin with ~ (each protected home) and contain $UID and $USER,
 * or in its last component a glob(7) pattern, known by a *.
 */
struct entry {
	const char	*name;		/* path, command or variable */
	unsigned	 rights;	/* of paths; 0 denies */
	unsigned	 flags;
	const char	*reason;	/* shown by -v */
};

extern const struct entry table_grants[];	/* system grants and limits */
extern const struct entry table_denied[];	/* denied paths */
extern const struct entry table_commands[];	/* blocked commands */
extern const struct entry table_environment[];	/* dropped variables */
extern const struct entry table_multicall[];	/* many commands in one file */
extern const struct entry table_sockets[];	/* of name services */

/* A variable that moves the table entries named from or beneath it. */
struct moved {
	const char	*variable;	/* its value takes the place of ... */
	const char	*from;		/* ... this */
};
extern const struct moved table_moved[];
extern const char *const table_directories[];	/* standard, of commands */

struct rule {
	char		*path;		/* absolute, resolved, no trailing / */
	size_t		 len;		/* of path; 0 for "/" */
	unsigned	 rights;
	unsigned	 flags;
	mode_t		 mode;		/* st_mode; 0: the path is absent */
	unsigned	 seq;		/* order of addition */
	const char	*origin;	/* an option, or "table" */
	const char	*reason;	/* a table entry's, or NULL */
	const char	*typed;		/* as named, ~ expanded; or NULL */
};

struct rules {
	struct rule	*v;		/* policy_seal() sorts by path_cmp() */
	size_t		 n, size;
	unsigned	 seq;
	bool		 sorted;
};

/* A blocked command as it was found in a directory of commands. */
struct command {
	const char	*name;
	char		*path;		/* as found, directory resolved */
	char		*file;		/* what it leads to, resolved */
	bool		 multicall;	/* file answers to other names */
	const char	*origin;
	const char	*reason;
};

/* What the user said of a name, a command's or a variable's. */
struct choice {
	const char	*pattern;	/* fnmatch(3) */
	const char	*origin;	/* the option */
	bool		 listed;	/* block or drop it; else do not */
};

struct choices {
	struct choice	*v;
	size_t		 n;
};

/* A way to what is denied or read-only: the symbolic links on it stay. */
struct way {
	const char	*typed;		/* as a rule has it */
	const char	*origin, *reason;	/* the rule's */
	bool		 user;
};

struct policy {
	struct rules	 user, table;	/* of files */
	struct way	*ways;		/* until policy_seal() */
	size_t		 nways;
	struct rules	 sockets;	/* -u */
	struct choices	 commands;	/* -b, -x */
	struct choices	 environment;	/* -e, --drop-env */
	struct command	*blocked;
	size_t		 nblocked;
	bool		 net_off;	/* -n */
	const char	*net_origin;	/* the option */
	struct profile	*profiles;	/* that were read, in order */
	size_t		 nprofiles;
	bool		 absent;	/* keep denials of what is absent */
	bool		 inspect;	/* it is to be looked at, not applied */
};

/* A profile that was read. */
struct profile {
	const char	*path;		/* resolved */
	const char	*origin;	/* an option, a line of a profile */
};

/* An option, in the order of the usage. */
struct option_help {
	const char	*name;		/* long */
	int		 value;		/* the short one, or another number */
	const char	*argument;	/* its name, or NULL */
	const char	*help;		/* NULL: the same as the one before */
	unsigned	 where;		/* OPTION_ bits */
};

enum {				/* where an option is known */
	OPTION_RUN = 1 << 0,	/* run, shell, learn, why */
	OPTION_WHY = 1 << 1,	/* why */
	OPTION_CHECK = 1 << 2,	/* check */
	OPTION_PROFILE = 1 << 3,	/* profiles */
	OPTION_LEARN = 1 << 4	/* learn */
};

/* Something that a system can or cannot do; see backend_features(). */
struct feature {
	const char	*name;		/* a stable word or two */
	enum { FEATURE_NO, FEATURE_PARTLY, FEATURE_YES } state;
	bool		 needed;	/* without it nothing is run */
	const char	*reason;	/* how, or why not */
	const char	*remedy;	/* what would change it, or NULL */
};

/* What names_find() found. */
struct listed {
	const char	*origin;	/* an option, or "table" */
	const char	*reason;	/* a table entry's, or NULL */
};

/* nono.c */

/* "-x name ...", what it takes to open a blocked command; malloced. */
char	*command_options(const struct policy *, const struct command *);

/* util.c */

extern bool	silent;			/* -s: no warnings */

/*
 * Print "nono: " and the formatted message as one line on standard error.
 * Control characters are written as \ooo, for paths are not to be trusted.
 * warning() is silenced by -s; die() exits with EXIT_NONO.
 */
void	say(const char *, ...) __attribute__((format(printf, 1, 2)));
void	warning(const char *, ...) __attribute__((format(printf, 1, 2)));
void	die(const char *, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

/*
 * The same without "nono: ", on the given stream: the lines of -v and
 * --dry-run.
 */
void	report(FILE *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

/* Exit with a status, all having been printed; dies if it could not be. */
void	finish(int status) __attribute__((noreturn));

/* Allocate, or die(); the caller owns what is returned. */
void	*xreallocarray(void *, size_t, size_t);
char	*xstrdup(const char *);
char	*xasprintf(const char *, ...) __attribute__((format(printf, 1, 2)));
char	*xvasprintf(const char *, va_list)
	    __attribute__((format(printf, 1, 0)));

/* options.c */

/* The first argument may say what is to be done. */
struct mode {
	const char	*name;
	const char	*synopsis;	/* what follows it */
	unsigned	 where;		/* OPTION_ bits */
	bool		 operands;
};
extern const struct mode	modes[];	/* up to one without a name */
enum { MODE_RUN, MODE_SHELL, MODE_WHY, MODE_LEARN, MODE_CHECK };

struct given {				/* an option, as it was given */
	int		 option;
	const char	*name, *argument;
};

struct queries {
	struct query {
		int		 kind;		/* enum query_kind */
		const char	*subject;	/* as typed */
	}		*v;
	size_t		 n;
	unsigned	 op;		/* RIGHT_ bits, asked for of paths */
	bool		 json;
};

struct run {				/* what was asked for */
	const struct mode *mode;
	bool		 verbose, dry_run, json;
	bool		 no_profile;	/* -p none */
	const char	*output;	/* -o */
	char		**argv;		/* the command's */
	struct given	*given;		/* that make the policy */
	size_t		 ngiven;
	struct queries	 queries;	/* of why */
};

/*
 * Read the options of run->mode into *run; the command is left at
 * argv[optind].  Prints and exits for -h and -V; dies on any error.
 */
void	options_parse(struct run *, int argc, char *argv[]);

/* Apply those that make the policy; dies on any error. */
void	options_apply(struct policy *, const struct run *);

/* Ask one more question, of enum query_kind. */
void	options_ask(struct run *, int kind, const char *subject);

/*
 * The option of that long name, or NULL.  Apply one that is known in profiles
 * to a policy: origin is what it is called in messages, and must outlive the
 * policy, and so must the value, which is NULL where the option takes none.
 * Dies on any error.
 */
const struct option_help	*option_find(const char *name);
void	option_apply(struct policy *, int option, const char *origin,
	    const char *value);

/* The rights that an option gives to a path; *file: to that of a file only. */
unsigned option_rights(int option, bool *file);

/* command.c */

/*
 * The path by which execvp(3) would run name, which the caller owns.  Where
 * there is none, NULL, and what to say and the status to exit with.
 */
struct failure {
	int		 status;	/* EXIT_NOTFOUND or EXIT_CANNOT */
	const char	*name, *why;
};
char	*command_find(const char *name, struct failure *);

/*
 * As execvp(3) does, but musl's: a file that is no program is a script.
 * Returns on failure, with errno.
 */
void	command_execute(char *path, char **argv);

/*
 * Take from the environment what the table and the choices drop, and report()
 * it where out is not NULL.
 */
void	environment_drop(const struct policy *, FILE *out);

/* path.c: absolute paths; lengths count no trailing slash, 0 is that of "/" */

/*
 * Order paths so that what lies beneath a path follows it at once: bytewise
 * with / before every other byte.
 */
int	path_cmp(const char *, size_t, const char *, size_t);

/* Is the first path the second one or beneath it, by component? */
bool	path_beneath(const char *, size_t, const char *, size_t);

size_t	path_len(const char *);

/* name in a directory; the caller owns it. */
char	*path_join(const char *dir, const char *name);

/* The path of the directory that an absolute path lies in; the caller owns it. */
char	*path_parent(const char *);

/* realpath(3); the caller owns the path. */
char	*path_real(const char *);

/*
 * The same, and stat(2) of what it finds; the caller owns the path.  NULL
 * with errno on failure.
 */
char	*path_resolve(const char *, struct stat *);

/*
 * After a look-up of path has failed: die, unless errno tells that there is
 * nothing, or nothing for this user; and of path_closed().  What is not seen is
 * not denied.
 */
void	expect_absent(const char *path);

/*
 * The directory on a path's way that cannot be searched though it is this
 * user's, who can open it again; NULL where there is none.  The caller owns it.
 */
char	*path_closed(const char *);

/* Does errno tell that this user may not: permissions, or an outer nono? */
bool	is_refused(void);

/*
 * realpath(3) of what there is of a path, and the rest of it as it stands;
 * the caller owns it.  *existing is the length of what is there, all of it if
 * nothing is missing.  NULL with errno where that cannot be told, such as of
 * ".." in what is missing.
 */
char	*path_resolve_missing(const char *, size_t *existing);

/*
 * Any path with all but its last component resolved, as realpath(3) does, for
 * a symbolic link itself; the caller owns it.  NULL with errno on failure.
 */
char	*path_resolve_parent(const char *);

/*
 * The way that a path takes, from the root directory or the working directory;
 * walk_begin() is false with errno where there is none.  walk_next() gives the
 * path of the next symbolic link on it, whose directory is resolved and which
 * the caller owns, and its lstat(2); in the end NULL, and at is the path
 * resolved.  Dies where a link cannot be followed.
 */
struct walk {
	char		*at;
	char		*text, *next;	/* what is to come */
	char		*closed;	/* see path_closed() */
	unsigned	 links;
};
bool	walk_begin(struct walk *, const char *path);
char	*walk_next(struct walk *, struct stat *);
void	walk_end(struct walk *);

/*
 * The directory that an absolute path lies in, with its name there, and the
 * one that it names.  Looked at once, then kept for as long as the process
 * lives, with what it is known not to have: what is made later is not seen.
 */
struct directory	*directory_of(const char *path, const char **name);
struct directory	*directory_at(const char *path);

/* Its resolved path, or NULL with errno; who owns it. */
const char	*directory_path(const struct directory *);
uid_t	directory_owner(const struct directory *);

/* lstat(2) of a name of len bytes in a directory; false with errno on failure. */
bool	directory_find(struct directory *, const char *name, size_t len,
	    struct stat *);

/*
 * What a symbolic link in a directory leads to, as path_resolve() has it; the
 * caller owns the path.
 */
char	*directory_follow(const struct directory *, const char *name,
	    struct stat *);

/*
 * Many names in and beneath a directory will be asked for: read it where that
 * is cheaper.  It is known then what it lacks.  Does it, path's first component?
 */
void	directory_read(struct directory *);
bool	directory_lacks(const struct directory *, const char *path);

/*
 * The names in a directory one after the other, from NULL to NULL, and the
 * inode of one of them.
 */
const char	*directory_next(struct directory *, const char *name);
ino_t	directory_inode(const char *name);

/* policy.c */

/* "read,write", "read", "write" or "none"; static. */
const char	*rights_name(unsigned);

/* Sort by path_cmp(); of two rules with the same path the later stays. */
void	rules_sort(struct rules *);

/*
 * A path as it was typed after option, with a leading ~ expanded; the caller
 * owns it.  Dies where that cannot be, of an empty one, and of one too long.
 */
char	*policy_path(const char *option, const char *path);

/*
 * Add a rule of the user's, with option as its origin.  The path is as typed:
 * relative or not, with ~ or not; it must exist.  Not of a directory if
 * file is true.  Dies on any error.
 */
void	policy_add(struct policy *, const char *option, const char *path,
	    unsigned rights, bool file);

/* The same for -u: sockets at or beneath path. */
void	policy_add_socket(struct policy *, const char *option,
	    const char *path);

/*
 * A rule for what does not exist, of a mode that it will have, or of mode 0 if
 * that is not known; for systems that can hold such a one, and for people.  The
 * path is resolved as far as it exists, and is taken over.
 */
void	policy_add_missing(struct policy *, const char *option, char *path,
	    unsigned rights, mode_t mode);

/* May the command write to a resolved path?  Before the policy is sealed. */
bool	policy_may_write(struct policy *, const char *path);

/*
 * Complete the policy with the tables and the blocked commands, for the file
 * that is to be run (resolved, or NULL), and sort it.  The policy is const
 * from then on.  Table entries whose path does not exist are left out unless
 * the policy asks for them: there are hundreds.
 */
void	policy_seal(struct policy *, const char *file);

/*
 * The rights to an absolute, resolved path, and in *by, when not NULL, the
 * rule that decided, or NULL where none did.
 */
unsigned policy_decide(const struct policy *, const char *path,
	    const struct rule **by);

/*
 * The home directory: $HOME or the account's; "" if there is none.  And the
 * account's whatever HOME says.
 */
const char	*home(void);
const char	*account_home(void);

/*
 * Is name listed in the table or by the choices?  Of these the last that
 * matches decides.  Fills in *found when it is.
 */
bool	names_find(const struct entry *table, const struct choices *,
	    const char *name, struct listed *found);
void	names_add(struct choices *, const char *option, const char *pattern,
	    bool listed);

/*
 * The blocked command that running path (as found) would run, or NULL; file
 * is the path resolved.
 */
const struct command	*policy_blocked(const struct policy *,
			    const char *path, const char *file);

/* profile.c */

/* The profile that a command of that name has as its own, or NULL; malloced. */
char	*profile_own(const char *command);

/*
 * A command found at path, which leads to file, has the profile of its name, as
 * if that had been given first: start *p afresh then.  But a command that
 * something confined may write to need not be what its name says.
 */
void	profile_apply_own(struct policy *p, struct policy fresh,
	    const struct run *, const char *path, const char *file);

/*
 * Apply the options in a profile to a policy, and make the directories and
 * files that it asks for.  The name is a file if it has a slash, and is looked
 * for among the user's profiles and then among those installed otherwise.
 * origin is the option that names it.  Dies on any error.
 */
void	profile_read(struct policy *, const char *origin, const char *name);

/* why.c */

/*
 * Answer questions about a sealed policy that has passed backend_check(), on
 * standard output.  Returns the exit status: 0 if all is allowed, else 1.
 */
int	why(const struct policy *, const struct queries *);

/*
 * Say on standard output what this system can enforce.  Returns the exit
 * status: 0 for everything, 1 for not everything, 125 for nothing.
 */
int	check_system(bool json);

/*
 * json.c: a JSON text (RFC 8259) on standard output, made of pairs and of
 * elements, whose key is NULL.
 *
 * Strings may have any bytes.  Those that are not UTF-8 are written as a
 * backslash and three octal digits, and a backslash as two, so that nothing is
 * lost.  json_text() is for people: there a backslash is itself.
 */
void	json_open(const char *key, char bracket);
void	json_close(char bracket);
void	json_string(const char *key, const char *value);	/* NULL: null */
void	json_text(const char *key, const char *value);
void	json_bool(const char *key, bool);

/* The words of rights, as an array. */
void	json_rights(const char *key, unsigned rights);

/* The policy for the command at path, and what it drops of an environment. */
void	json_policy(const struct policy *, const char *path, char **environment);

/*
 * backend-*.c
 *
 * A backend never runs a command under less than the policy asks for: it
 * dies, with a line that names the rule and the remedy.  A loss on the safe
 * side is a warning().
 *
 * What is handed to the kernel is made by functions that look at nothing but
 * the policy, where that is possible (macos.h, openbsd.h).  These backends
 * compile on every system, for tests; the Makefile takes one into nono.
 */

/* The SYS_ bit of this system's table entries. */
extern const unsigned	backend_system;

/* Can this system deny a path that does not exist yet? */
extern const bool	backend_absent;

/*
 * Die unless the policy can be expressed on this system.
 */
void	backend_check(const struct policy *);

/*
 * Print how the policy would be enforced: each mechanism in force, and each
 * thing that this system cannot enforce.  Changes nothing.
 */
void	backend_render(const struct policy *, FILE *);

/*
 * For why: what the kernel will make of a sealed policy that has passed
 * backend_check().  Takes the rights that the policy gives to a path, absolute
 * and resolved as far as it exists (if it does not, they are to make it and to
 * use it then; of a directory reading is listing), and returns those that
 * hold: fewer where this system refuses more, more where it leaves something
 * open.  *note is what else there is to say, a line, kept by the callee, or
 * NULL.  Blocked commands are not its matter.
 */
unsigned backend_rights(const struct policy *, const char *path,
	    unsigned rights, const char **note);

/*
 * The same for what is no path: connecting to the unix socket at a resolved
 * path, running the blocked command at the path as it was found, and the
 * network (subject is NULL).
 */
enum query_kind { QUERY_PATH, QUERY_HOST, QUERY_COMMAND, QUERY_SOCKET,
	    QUERY_ENV };
bool	backend_allows(const struct policy *, enum query_kind,
	    const char *subject, bool allowed, const char **note);

/*
 * For check: what this system can enforce, one entry for each thing that is
 * protected, up to one without a name; static.  A feature that is needed and
 * missing is FEATURE_NO, no reason to die.  The process runs nothing
 * afterwards, and may be left in other namespaces.  That all of it works
 * together is tried by check itself, in another process.
 */
const struct feature	*backend_features(void);

/*
 * Confine this process, close the descriptors that the command must not
 * have, and try the doors.
 */
void	backend_apply(const struct policy *);

/*
 * Has this process been started in the place of a blocked command, inside of
 * another nono?  If so, the path that it has there, which the caller owns;
 * else NULL.  argv0 is what it was called.
 */
char	*backend_blocked(const char *argv0);

#endif
