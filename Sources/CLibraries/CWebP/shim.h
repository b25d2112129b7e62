#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

// Macros, which Swift does not see.
static inline WebPDemuxer *webp_demux(const WebPData *data) { return WebPDemux(data); }
static inline WebPMux *webp_mux(const WebPData *data, int copy) { return WebPMuxCreate(data, copy); }
