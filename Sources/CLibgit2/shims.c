#include "CLibgit2.h"

extern char **environ;

int writ_git_set_switch(int option, int enabled) {
  return git_libgit2_opts(option, enabled);
}

int writ_git_set_size(int option, size_t size) {
  return git_libgit2_opts(option, size);
}

int writ_git_set_cache_size(ssize_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

int writ_git_set_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

int writ_git_set_extensions(char *const *names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, (const char **)names, count);
}

const char *writ_dirent_name(const struct dirent *entry) {
  return entry->d_name;
}

char **writ_environment(void) {
  return environ;
}
