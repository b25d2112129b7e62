// oneDNN's C API, 2.6 (Debian's libdnnl-dev). The two constants below are macros with casts, which do not import.
#pragma once
#include <oneapi/dnnl/dnnl.h>

#if DNNL_VERSION_MAJOR != 2
#error "Tiddu is written for oneDNN 2.x (Debian: libdnnl-dev); 3.x has another C API and no Winograd convolutions"
#endif

static const int64_t tiddu_dnnl_runtime_dimension = DNNL_RUNTIME_DIM_VAL;
// A memory object that owns nothing and points nowhere yet.
static void *const tiddu_dnnl_memory_none = DNNL_MEMORY_NONE;
