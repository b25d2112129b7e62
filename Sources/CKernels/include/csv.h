// Rows of small whole numbers between commas: the inner loops of reading and writing images as CSV.
#pragma once
#include <stddef.h>
#include <stdint.h>

// What the columns of a row hold: all are pixels but, where these are not -1, one label and one id (which is skipped).
struct csv_layout {
  ptrdiff_t columns;
  ptrdiff_t label_column;
  ptrdiff_t id_column;
};

// Number of '\n' in [text, end).
ptrdiff_t kernels_csv_lines(const uint8_t *text, const uint8_t *end);

// Reads `rows` rows from [text, end) into pixels (one after the other) and labels (one a row, if there is such a
// column). Returns the number of rows before the first faulty one: `rows` when all is well.
ptrdiff_t kernels_csv_read(const uint8_t *text, const uint8_t *end, struct csv_layout layout, ptrdiff_t rows,
                           uint8_t *pixels, int64_t *labels);

// Writes one row, `first` (not negative) and then the pixels, into text, which has room for 24 + 4 * count bytes.
// Returns the number of bytes written, the '\n' included.
ptrdiff_t kernels_csv_write(int64_t first, const uint8_t *pixels, ptrdiff_t count, uint8_t *text);

// How cells stand in a row: `roles` has for each column 'p' (a pixel), 'l' (the label) or 's' (skipped). Cells may stand
// in double quotes and have blanks around them; a decimal comma is understood where the separator is another one.
struct csv_cells {
  ptrdiff_t columns;
  const uint8_t *roles;
  uint8_t separator;
};

// Number of rows in [text, end): lines that hold more than blanks and separators.
ptrdiff_t kernels_csv_count(const uint8_t *text, const uint8_t *end, struct csv_cells cells);

// As kernels_csv_read, for any numbers: `pixels` gets them as they stand, and `labels` where each label stands: its
// first byte, counted from `base`, and how many it has. `has_point` becomes 1 where a pixel is written as a fraction.
ptrdiff_t kernels_csv_read_cells(const uint8_t *text, const uint8_t *end, struct csv_cells cells, ptrdiff_t rows,
                                 float *pixels, const uint8_t *base, int64_t *labels, int *has_point);
