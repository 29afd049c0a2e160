#ifndef WRIT_CLIBYAML_H
#define WRIT_CLIBYAML_H
#include <yaml.h>
#endif
