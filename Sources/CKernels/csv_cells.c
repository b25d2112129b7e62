#include "csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int is_blank(uint8_t byte, uint8_t separator) { return byte != separator && (byte == ' ' || byte == '\t'); }

static int is_end(const uint8_t *text, const uint8_t *end) {
  return text == end || *text == '\n' || (*text == '\r' && (text + 1 == end || text[1] == '\n'));
}

// The beginning of the next row, over lines without one; `end` where there is none.
static const uint8_t *next_row(const uint8_t *text, const uint8_t *end, uint8_t separator) {
  const uint8_t *row = text;
  while (text < end) {
    if (*text == '\n') row = text + 1;
    else if (*text != '\r' && *text != ' ' && *text != '\t' && *text != separator) return row;
    text++;
  }
  return end;
}

static const uint8_t *behind_line(const uint8_t *text, const uint8_t *end) {
  const uint8_t *stop = memchr(text, '\n', (size_t)(end - text));
  return stop ? stop + 1 : end;
}

ptrdiff_t kernels_csv_count(const uint8_t *text, const uint8_t *end, struct csv_cells cells) {
  ptrdiff_t rows = 0;
  for (text = next_row(text, end, cells.separator); text < end; text = next_row(text, end, cells.separator)) {
    text = behind_line(text, end);
    rows++;
  }
  return rows;
}

// Finds what a cell holds, without quotes and blanks; returns the first byte behind it and its blanks.
static const uint8_t *read_cell(const uint8_t *text, const uint8_t *end, uint8_t separator, const uint8_t **first,
                                const uint8_t **last) {
  while (text < end && is_blank(*text, separator)) text++;
  if (text < end && *text == '"') {
    *first = ++text;
    while (text < end && *text != '\n' && (*text != '"' || (text + 1 < end && text[1] == '"'))) text += *text == '"' ? 2 : 1;
    if (text > end) text = end;
    *last = text;
    if (text < end && *text == '"') text++;
    while (text < end && is_blank(*text, separator)) text++;
    return text;
  }
  *first = text;
  while (text < end && *text != separator && !is_end(text, end)) text++;
  *last = text;
  while (*last > *first && is_blank((*last)[-1], separator)) (*last)--;
  return text;
}

// Whatever is written with an exponent or very many digits.
static int read_slowly(const uint8_t *first, const uint8_t *last, double *value) {
  char copy[64];
  size_t length = (size_t)(last - first);
  if (length == 0 || length >= sizeof copy) return 0;
  for (size_t place = 0; place < length; place++) {
    char byte = (char)first[place];
    if (!strchr("0123456789+-.,eE", byte)) return 0;
    copy[place] = byte == ',' ? '.' : byte;
  }
  copy[length] = 0;
  char *stop;
  *value = strtod(copy, &stop);
  return stop == copy + length && isfinite(*value);
}

static int read_value(const uint8_t *first, const uint8_t *last, uint8_t separator, double *value, int *has_point) {
  static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const uint8_t *text = first;
  int64_t digits = 0;
  int count = 0, decimals = -1;
  for (; text < last; text++) {
    if ((uint8_t)(*text - '0') <= 9) {
      if (++count > 15) break;
      digits = digits * 10 + (*text - '0');
      if (decimals >= 0) decimals++;
    } else if (decimals < 0 && (*text == '.' || (*text == ',' && separator != ','))) {
      decimals = 0;
    } else {
      break;
    }
  }
  if (text == last && count > 0) {
    *value = decimals > 0 ? (double)digits / powers[decimals] : (double)digits;
    if (decimals >= 0) *has_point = 1;
    return 1;
  }
  if (!read_slowly(first, last, value)) return 0;
  for (text = first; text < last; text++) {
    if (*text == '.' || *text == ',' || *text == 'e' || *text == 'E') *has_point = 1;
  }
  return 1;
}

static const uint8_t *read_cells(const uint8_t *text, const uint8_t *end, struct csv_cells cells, float *pixels,
                                 const uint8_t *base, int64_t *label, int *has_point) {
  for (ptrdiff_t column = 0; column < cells.columns; column++) {
    const uint8_t *first, *last;
    text = read_cell(text, end, cells.separator, &first, &last);
    if (cells.roles[column] == 'p') {
      double value;
      if (!read_value(first, last, cells.separator, &value, has_point)) return NULL;
      // Within what 8 bits hold, and half a step more.
      if (!(value >= -0.5 && value < 255.5)) return NULL;
      *pixels++ = (float)value;
    } else if (cells.roles[column] == 'l') {
      if (first == last) return NULL;
      label[0] = first - base;
      label[1] = last - first;
    }
    if (column == cells.columns - 1) break;
    if (text == end || *text != cells.separator) return NULL;
    text++;
    if (cells.separator == ' ') while (text < end && *text == ' ') text++;
  }
  return is_end(text, end) ? behind_line(text, end) : NULL;
}

ptrdiff_t kernels_csv_read_cells(const uint8_t *text, const uint8_t *end, struct csv_cells cells, ptrdiff_t rows,
                                 float *pixels, const uint8_t *base, int64_t *labels, int *has_point) {
  ptrdiff_t size = 0;
  for (ptrdiff_t column = 0; column < cells.columns; column++) size += cells.roles[column] == 'p';
  int64_t unused[2];
  for (ptrdiff_t row = 0; row < rows; row++) {
    text = next_row(text, end, cells.separator);
    if (text == end) return row;
    if (cells.separator == ' ') while (text < end && *text == ' ') text++;
    text = read_cells(text, end, cells, pixels + row * size, base, labels ? labels + 2 * row : unused, has_point);
    if (!text) return row;
  }
  return rows;
}
