#ifndef WRIT_CLIBGIT2_H
#define WRIT_CLIBGIT2_H

#include <dirent.h>
#include <git2.h>

// `git_libgit2_opts` is variadic, which Swift cannot call: one shim per argument shape.

/// Sets an option whose argument is an on/off switch.
int writ_git_set_switch(int option, int enabled);
/// Sets an option whose argument is a size.
int writ_git_set_size(int option, size_t size);
/// Sets the memory that all cached objects may take together.
int writ_git_set_cache_size(ssize_t bytes);
/// Sets where configuration of one level is looked for; an empty path means nowhere.
int writ_git_set_search_path(int level, const char *path);
/// Adds repository extensions (lowercase) to those that libgit2 accepts.
int writ_git_set_extensions(char *const *names, size_t count);

/// The name of a directory entry, whose array may be longer than `struct dirent` declares.
const char *writ_dirent_name(const struct dirent *entry);

/// The process' environment, which Swift cannot name: a global variable that anyone may change.
char **writ_environment(void);

#endif
