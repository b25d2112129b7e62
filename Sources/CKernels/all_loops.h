// No guard: wide.c includes it once for each kind of processor.
#include "tile_loops.h"
#include "dense_loops.h"
#include "convolution_loops.h"
#include "winograd_loops.h"
