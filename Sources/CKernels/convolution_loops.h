// Convolutions as they are written: for each row of output pixels, a product of windows and the kernel. A window's row,
// KW pixels of C channels, lies contiguous in the image, and so does its part of the kernel.

// The image with its margins and with zeros between its pixels, as much of it as the windows of output rows
// start ..< end reach; the place itself where it has none of either.
INLINE const float *NAME(padded)(const struct kernels_convolution *w, size_t image, size_t start, size_t end,
                                 float *scratch) {
  const float *from = w->source + image * w->height * w->width * w->channels;
  if (!needs_margins(w)) return from + start * w->stride * w->width * w->channels;
  size_t rows = (end - start - 1) * w->stride + w->size, columns = padded_columns(w);
  size_t pixel = w->channels * sizeof(float);
  memset(scratch, 0, rows * columns * pixel);
  for (size_t y = 0; y < w->height; y++) {
    ptrdiff_t row = (ptrdiff_t)(y * w->dilation) + w->before_rows - (ptrdiff_t)(start * w->stride);
    if (row < 0 || row >= (ptrdiff_t)rows) continue;
    if (w->dilation == 1) {
      ptrdiff_t left = w->before_columns < 0 ? -w->before_columns : 0;
      ptrdiff_t right = (ptrdiff_t)columns - w->before_columns;
      right = right < (ptrdiff_t)w->width ? right : (ptrdiff_t)w->width;
      if (right > left)
        memcpy(scratch + ((size_t)row * columns + (size_t)(left + w->before_columns)) * w->channels,
               from + (y * w->width + (size_t)left) * w->channels, (size_t)(right - left) * pixel);
      continue;
    }
    for (size_t x = 0; x < w->width; x++) {
      ptrdiff_t column = (ptrdiff_t)(x * w->dilation) + w->before_columns;
      if (column < 0 || column >= (ptrdiff_t)columns) continue;
      memcpy(scratch + ((size_t)row * columns + (size_t)column) * w->channels,
             from + (y * w->width + x) * w->channels, pixel);
    }
  }
  return scratch;
}

INLINE void NAME(finish_pixels)(const struct kernels_convolution *w, float *row) {
  if (!w->bias && !w->relu) return;
  for (size_t x = 0; x < w->out_width; x++) {
    float *pixel = row + x * w->filters;
    VECTORISE for (size_t o = 0; o < w->filters; o++) {
      float y = pixel[o] + (w->bias ? w->bias[o] : 0);
      pixel[o] = w->relu ? larger(y, 0) : y;
    }
  }
}

// Rows first ..< last of the output, all images' one behind the other. The last filters, fewer than 16, go by way of a strip
// of whole panels.
static void NAME(convolve)(const struct kernels_convolution *w, size_t first, size_t last, float *work) {
  if (first == last) return;  // there may be more parts than rows
  size_t line = w->size * w->channels, row = padded_columns(w) * w->channels;
  float *strip = work + reach_of(w, rows_of_part(w)) * padded_columns(w) * w->channels;
  for (size_t image = first / w->out_height; image * w->out_height < last; image++) {
    size_t start = image * w->out_height < first ? first - image * w->out_height : 0;
    size_t end = last - image * w->out_height < w->out_height ? last - image * w->out_height : w->out_height;
    const float *in = NAME(padded)(w, image, start, end, work);
    for (size_t y = start; y < end; y++) {
      float *out = w->destination + (image * w->out_height + y) * w->out_width * w->filters;
      const float *from = in + (y - start) * w->stride * row;
      if (is_dotted(w)) {
        NAME(dot_product)((struct NAME(dots)){.a = from, .a_row = w->stride * w->channels, .a_segment = row,
            .b = w->packed, .b_row = w->size * line, .b_segment = line, .c = out, .c_row = w->filters,
            .segments = w->size, .inner = line}, w->out_width, w->filters);
        NAME(finish_pixels)(w, out);
        continue;
      }
      for (size_t panel = 0; panel * PANEL < w->filters; panel++) {
        size_t width = w->filters - panel * PANEL < PANEL ? w->filters - panel * PANEL : PANEL;
        struct NAME(operands) o = {
            .a = from, .a_row = w->stride * w->channels, .a_segment = row, .a_inner = 1,
            .b = w->packed + panel * w->size * line * PANEL, .b_segment = line * PANEL, .b_inner = PANEL,
            .segments = w->size, .inner = line, .c = width < PANEL ? strip : out + panel * PANEL,
            .c_row = width < PANEL ? PANEL : w->filters};
        NAME(product)(o, w->out_width);
        if (width < PANEL)
          for (size_t x = 0; x < w->out_width; x++)
            memcpy(out + x * w->filters + panel * PANEL, strip + x * PANEL, width * sizeof(float));
      }
      NAME(finish_pixels)(w, out);
    }
  }
}

// sums (KH, panels, KW · C, 16) += windows · gradients, over images first ..< last.
static void NAME(correlate)(const struct kernels_convolution *w, size_t first, size_t last, float *work, float *sums) {
  size_t line = w->size * w->channels, row = padded_columns(w) * w->channels, panels = panels_of(w->filters);
  size_t pixels = w->out_height * w->out_width;
  float *strip = work + reach_of(w, w->out_height) * padded_columns(w) * w->channels;
  for (size_t image = first; image < last; image++) {
    const float *in = NAME(padded)(w, image, 0, w->out_height, work);
    for (size_t panel = 0; panel < panels; panel++) {
      size_t width = w->filters - panel * PANEL < PANEL ? w->filters - panel * PANEL : PANEL;
      const float *gradients = w->destination_gradients + image * pixels * w->filters + panel * PANEL;
      size_t step = w->filters;
      if (width < PANEL) {
        memset(strip, 0, pixels * PANEL * sizeof(float));
        for (size_t x = 0; x < pixels; x++) memcpy(strip + x * PANEL, gradients + x * step, width * sizeof(float));
        gradients = strip, step = PANEL;
      }
      for (size_t k = 0; k < w->size; k++)
        NAME(product)((struct NAME(operands)){
            .a = in + k * row, .a_row = 1, .a_segment = w->stride * row, .a_inner = w->stride * w->channels,
            .b = gradients, .b_segment = w->out_width * step, .b_inner = step,
            .c = sums + (k * panels + panel) * line * PANEL, .c_row = PANEL, .segments = w->out_height,
            .inner = w->out_width, .adds = 1}, line);
    }
  }
}

// The same for few filters: sums (filters, KH, KW · C), sixteen of the last axis at a time.
static void NAME(correlate_few)(const struct kernels_convolution *w, size_t first, size_t last, float *work, float *sums) {
  size_t line = w->size * w->channels, row = padded_columns(w) * w->channels;
  for (size_t image = first; image < last; image++) {
    const float *in = NAME(padded)(w, image, 0, w->out_height, work);
    const float *gradients = w->destination_gradients + image * w->out_height * w->out_width * w->filters;
    for (size_t k = 0; k < w->size; k++)
      for (size_t place = 0; place < line; place += PANEL)
        NAME(product)((struct NAME(operands)){
            .a = gradients, .a_row = 1, .a_segment = w->out_width * w->filters, .a_inner = w->filters,
            .b = in + k * row + place, .b_segment = w->stride * row, .b_inner = w->stride * w->channels,
            .c = sums + k * line + place, .c_row = w->size * line, .segments = w->out_height, .inner = w->out_width,
            .adds = 1}, w->filters);
  }
}
