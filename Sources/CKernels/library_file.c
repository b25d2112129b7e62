#define _GNU_SOURCE
#include <dlfcn.h>

#if defined(__linux__)
#include <link.h>
#endif

#include "kernels.h"

const char *kernels_library_file(void) {
#if defined(__linux__)
  Dl_info place;
  struct link_map *map = 0;
  // The program itself has no name here.
  if (dladdr1((const void *)kernels_library_file, &place, (void **)&map, RTLD_DL_LINKMAP) && map && *map->l_name)
    return map->l_name;
#endif
  return 0;
}
