#include "csv.h"

#include <string.h>

// A label may be larger than 9, but not so large that a table with one place for each label could not be made.
static const int64_t largest_label = 999999999;

ptrdiff_t kernels_csv_lines(const uint8_t *text, const uint8_t *end) {
  ptrdiff_t lines = 0;
  for (; text < end; text++) lines += *text == '\n';
  return lines;
}

// Reads a whole number up to `largest`; returns the first byte behind it, or NULL where there is no such number.
static const uint8_t *read_number(const uint8_t *text, const uint8_t *end, int64_t largest, int64_t *value) {
  const uint8_t *begin = text;
  int64_t number = 0;
  for (; text < end && (uint8_t)(*text - '0') <= 9; text++) {
    number = number * 10 + (*text - '0');
    if (number > largest) return NULL;
  }
  *value = number;
  return text == begin ? NULL : text;
}

// Reads `count` pixels with a comma behind each; returns the first byte behind the last comma, or NULL at a fault.
static const uint8_t *read_pixels(const uint8_t *text, const uint8_t *end, ptrdiff_t count, uint8_t *pixels) {
  static const uint8_t zeros[16] = "0,0,0,0,0,0,0,0,";
  uint8_t *last = pixels + count;
  while (pixels < last) {
    // Most of a page is paper.
    if (end - text >= 16 && last - pixels >= 8 && memcmp(text, zeros, 16) == 0) {
      memset(pixels, 0, 8);
      pixels += 8;
      text += 16;
      continue;
    }
    // One to three digits and a comma, all four bytes at once and without a branch on the number of digits.
    if (end - text >= 4) {
      uint32_t word;
      memcpy(&word, text, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
      word = __builtin_bswap32(word);
#endif
      uint32_t other = word ^ 0x2C2C2C2C;
      uint32_t commas = (other - 0x01010101) & ~other & 0x80808080;
      if (commas != 0) {
        unsigned digits = (unsigned)__builtin_ctz(commas) >> 3;
        if (digits == 0) return NULL;
        uint32_t value = (word ^ 0x30303030) << (32 - 8 * digits);
        if (((value + 0x76767676) | value) & 0x80808080) return NULL;
        value = (value >> 8 & 0xFF) * 100 + (value >> 16 & 0xFF) * 10 + (value >> 24);
        if (value > 255) return NULL;
        *pixels++ = (uint8_t)value;
        text += digits + 1;
        continue;
      }
    }
    int64_t value;
    text = read_number(text, end, 255, &value);
    if (!text || text == end || *text != ',') return NULL;
    *pixels++ = (uint8_t)value;
    text++;
  }
  return text;
}

static const uint8_t *skip_field(const uint8_t *text, const uint8_t *end) {
  const uint8_t *begin = text;
  while (text < end && *text != ',' && *text != '\n' && *text != '\r') text++;
  return text == begin ? NULL : text;
}

// Returns the first byte behind the separator that belongs after `column`, or NULL when another one is there.
static const uint8_t *skip_separator(const uint8_t *text, const uint8_t *end, int last) {
  if (!last) return text < end && *text == ',' ? text + 1 : NULL;
  if (text < end && *text == '\r') text++;
  if (text == end) return text;
  return *text == '\n' ? text + 1 : NULL;
}

static const uint8_t *read_row(const uint8_t *text, const uint8_t *end, struct csv_layout layout, uint8_t *pixels,
                               int64_t *label) {
  ptrdiff_t column = 0;
  while (column < layout.columns) {
    int last = column == layout.columns - 1;
    if (column == layout.label_column) {
      text = read_number(text, end, largest_label, label);
    } else if (column == layout.id_column) {
      text = skip_field(text, end);
    } else {
      // Up to the next column that is no pixel, or to the last one, which no comma follows.
      ptrdiff_t stop = layout.columns - 1;
      if (layout.label_column > column && layout.label_column < stop) stop = layout.label_column;
      if (layout.id_column > column && layout.id_column < stop) stop = layout.id_column;
      if (stop > column) {
        text = read_pixels(text, end, stop - column, pixels);
        if (!text) return NULL;
        pixels += stop - column;
        column = stop;
        continue;
      }
      int64_t value = 0;
      text = read_number(text, end, 255, &value);
      *pixels++ = (uint8_t)value;
    }
    if (text) text = skip_separator(text, end, last);
    if (!text) return NULL;
    column++;
  }
  return text;
}

ptrdiff_t kernels_csv_read(const uint8_t *text, const uint8_t *end, struct csv_layout layout, ptrdiff_t rows,
                           uint8_t *pixels, int64_t *labels) {
  ptrdiff_t size = layout.columns - (layout.label_column >= 0) - (layout.id_column >= 0);
  int64_t unused;
  for (ptrdiff_t row = 0; row < rows; row++) {
    text = read_row(text, end, layout, pixels + row * size, layout.label_column >= 0 ? labels + row : &unused);
    if (!text) return row;
  }
  return rows;
}

ptrdiff_t kernels_csv_write(int64_t first, const uint8_t *pixels, ptrdiff_t count, uint8_t *text) {
  uint8_t *begin = text;
  uint8_t digits[20];
  int length = 0;
  do digits[length++] = (uint8_t)('0' + first % 10); while ((first /= 10) > 0);
  while (length > 0) *text++ = digits[--length];
  for (ptrdiff_t index = 0; index < count; index++) {
    unsigned value = pixels[index];
    *text++ = ',';
    if (value >= 100) *text++ = (uint8_t)('0' + value / 100);
    if (value >= 10) *text++ = (uint8_t)('0' + value / 10 % 10);
    *text++ = (uint8_t)('0' + value % 10);
  }
  *text++ = '\n';
  return text - begin;
}
