/* The control E: what reading a policy costs before anybody understands it.
 *
 *   floor read   REPOSITORY REVISION   libgit2 reads every blob below policies/
 *   floor events REPOSITORY REVISION   and libyaml's event loop runs over each
 *
 * One core, nothing kept. Prints what it saw as JSON. Debian's libgit2 parses the CA bundle when it is
 * initialised, some milliseconds that S feels and L does not; they are left in, as anyone would see them.
 * cc -O2 floor.c -o floor -lgit2 -lyaml
 */
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yaml.h>

struct floor {
  git_odb *objects;
  int parses;
  size_t files, bytes, events;
};

static void fail(const char *what) {
  const git_error *error = git_error_last();
  fprintf(stderr, "floor: %s: %s\n", what, error ? error->message : "unknown");
  exit(1);
}

static void parse(struct floor *floor, const unsigned char *text, size_t size) {
  yaml_parser_t parser;
  yaml_event_t event;
  int ends = 0;
  if (!yaml_parser_initialize(&parser)) fail("yaml_parser_initialize");
  yaml_parser_set_input_string(&parser, text, size);
  while (!ends) {
    if (!yaml_parser_parse(&parser, &event)) {
      fprintf(stderr, "floor: line %zu: %s\n", parser.problem_mark.line + 1, parser.problem);
      exit(1);
    }
    floor->events++;
    ends = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
}

static int visit(const char *folder, const git_tree_entry *entry, void *payload) {
  struct floor *floor = payload;
  git_odb_object *blob;
  (void)folder;
  if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB) return 0;
  if (git_odb_read(&blob, floor->objects, git_tree_entry_id(entry)) != 0) fail("git_odb_read");
  floor->files++;
  floor->bytes += git_odb_object_size(blob);
  if (floor->parses) parse(floor, git_odb_object_data(blob), git_odb_object_size(blob));
  git_odb_object_free(blob);
  return 0;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  struct floor floor = {0};
  git_repository *repository;
  git_object *tree;
  char path[1024];
  double start = seconds();

  if (count != 4 || (strcmp(arguments[1], "read") != 0 && strcmp(arguments[1], "events") != 0)) {
    fprintf(stderr, "usage: floor read|events REPOSITORY REVISION\n");
    return 64;
  }
  floor.parses = strcmp(arguments[1], "events") == 0;
  if (git_libgit2_init() < 0) fail("git_libgit2_init");
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  if (git_repository_open(&repository, arguments[2]) != 0) fail("git_repository_open");
  if (git_repository_odb(&floor.objects, repository) != 0) fail("git_repository_odb");
  if ((size_t)snprintf(path, sizeof path, "%s:policies", arguments[3]) >= sizeof path)
    fail("the revision's name is too long");
  if (git_revparse_single(&tree, repository, path) != 0) fail(path);
  if (git_object_type(tree) != GIT_OBJECT_TREE) fail("policies is no folder");
  if (git_tree_walk((git_tree *)tree, GIT_TREEWALK_PRE, visit, &floor) != 0) fail("git_tree_walk");

  printf("{\"files\":%zu,\"bytes\":%zu,\"events\":%zu,\"seconds\":%.6f}\n", floor.files, floor.bytes,
         floor.events, seconds() - start);
  git_object_free(tree);
  git_odb_free(floor.objects);
  git_repository_free(repository);
  git_libgit2_shutdown();
  return 0;
}
