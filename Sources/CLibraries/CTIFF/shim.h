#include <tiffio.h>

// Functions of any number of arguments, which Swift cannot call.

static inline int tiff_get_16(TIFF *tiff, uint32_t tag, uint16_t *value) {
  return TIFFGetFieldDefaulted(tiff, tag, value);
}

static inline int tiff_get_32(TIFF *tiff, uint32_t tag, uint32_t *value) { return TIFFGetField(tiff, tag, value); }

static inline int tiff_get_float(TIFF *tiff, uint32_t tag, float *value) { return TIFFGetField(tiff, tag, value); }

static inline int tiff_get_bytes(TIFF *tiff, uint32_t tag, uint32_t *count, void **bytes) {
  return TIFFGetField(tiff, tag, count, bytes);
}

static inline int tiff_get_extra(TIFF *tiff, uint16_t *count, uint16_t **kinds) {
  return TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, count, kinds);
}

static inline int tiff_get_palette(TIFF *tiff, uint16_t **red, uint16_t **green, uint16_t **blue) {
  return TIFFGetField(tiff, TIFFTAG_COLORMAP, red, green, blue);
}

static inline int tiff_set_16(TIFF *tiff, uint32_t tag, uint16_t value) { return TIFFSetField(tiff, tag, value); }

static inline int tiff_set_32(TIFF *tiff, uint32_t tag, uint32_t value) { return TIFFSetField(tiff, tag, value); }

static inline int tiff_set_double(TIFF *tiff, uint32_t tag, double value) { return TIFFSetField(tiff, tag, value); }

static inline int tiff_set_bytes(TIFF *tiff, uint32_t tag, uint32_t count, const void *bytes) {
  return TIFFSetField(tiff, tag, count, bytes);
}

static inline int tiff_set_pages(TIFF *tiff, uint16_t page, uint16_t count) {
  return TIFFSetField(tiff, TIFFTAG_PAGENUMBER, page, count);
}
