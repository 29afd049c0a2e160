#ifndef WRIT_CLIBGIT2_H
#define WRIT_CLIBGIT2_H
#include <git2.h>
#endif
