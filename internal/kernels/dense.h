// Forward where a group has many outputs.
//
// A part of the work is some rows of one image's output. It first lays out the input rows
// that these read, so that the pixels of a row follow each other at a distance
// known to the compiler, with zeros at the edges:
//
//   rows:  [kernel depth * rows][blocks of 16 channels][phases][pixels][16]
//
// A phase is the pixels that one tap reads for successive outputs: with stride
// 2 the even and the odd ones. Where a group has few channels, the channels of
// all taps of a row stand side by side as those of one tap ("merged").
//
// Then each tile of the output is summed up in registers:
//
//            BLOCK outputs (2 vectors)
//          +-----------------------+
//   TILE   |  sum[p][0] sum[p][1]  |   for each tap, for each channel c:
//   pixels |                       |     sum[p][v] += x[p][c] * w[c][v]
//          +-----------------------+
//
// Where each output reads few channels of one pixel alone (1x1), nothing is laid
// out: there the pixels already follow each other, at the distance of cin.
//
// The weights of a block of outputs lie in the order in which they are used:
//   [group][block of outputs][tap][channel][BLOCK], zero behind the last output.

// One tile: pixels outputs (at most TILE), vectors of them BLOCK/WIDTH. x_step
// is the distance from one pixel to the next, block_step that to the next 16
// channels.
INLINE void dense_tile(const int pixels, const int vectors, const long x_step, int taps, const float *const *x, const float *const *w, int channels, long block_step,
                       const float *bias, int relu, int past_caches, float *y, long y_step) {
  vec sum[TILE][2];
  for (int p = 0; p < pixels; p++)
    for (int v = 0; v < vectors; v++) sum[p][v] = load(bias + v * WIDTH);
  for (int t = 0; t < taps; t++) {
    const float *wt = w[t];
    for (int c0 = 0; c0 < channels; c0 += 16) {
      const float *xt = x[t] + (c0 >> 4) * block_step;
      int n = min_of(16, channels - c0);
      // Pixels at a known distance are reached from one address, else three are.
      const int reach = __builtin_constant_p(x_step) ? TILE : 3;
      const float *from[TILE];
      for (int p = 0; p < pixels; p += reach) from[p / reach] = xt + p * x_step;
#pragma GCC unroll 1
      for (int c = 0; c < n; c++) {
        vec k[2];
        for (int v = 0; v < vectors; v++) k[v] = load(wt + v * WIDTH);
#pragma GCC unroll 16
        for (int p = 0; p < pixels; p++)
          for (int v = 0; v < vectors; v++) sum[p][v] += from[p / reach][p % reach * x_step] * k[v];
        wt += BLOCK;
        for (int p = 0; p < pixels; p += reach) from[p / reach]++;
      }
    }
  }
  if (relu) {
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < vectors; v++) sum[p][v] = positive(sum[p][v]);
  }
  for (int p = 0; p < pixels; p++)
    for (int v = 0; v < vectors; v++) put(past_caches, y + p * y_step + v * WIDTH, sum[p][v]);
}

typedef void DenseTile(long, int, const float *const *, const float *const *, int, long, const float *, int, int, float *, long);
#define DENSE_TILE(P, V) \
  static void NAME(dense_tile_##P##_##V)(long x_step, int taps, const float *const *x, const float *const *w, int channels, long block_step, const float *bias, int relu, int past_caches, float *y, long y_step) { \
    (void)x_step; /* 16, as it is laid out */ \
    dense_tile(P, V, 16, taps, x, w, channels, block_step, bias, relu, past_caches, y, y_step); \
  } \
  static void NAME(dense_in_place_##P##_##V)(long x_step, int taps, const float *const *x, const float *const *w, int channels, long block_step, const float *bias, int relu, int past_caches, float *y, long y_step) { \
    dense_tile(P, V, x_step, taps, x, w, channels, block_step, bias, relu, past_caches, y, y_step); \
  }
#define DENSE_NAME(P, V) NAME(dense_tile_##P##_##V),
#define IN_PLACE_NAME(P, V) NAME(dense_in_place_##P##_##V),
EACH_TILE(DENSE_TILE, 1)
EACH_TILE(DENSE_TILE, 2)
// By whether they read in place, by vectors and by pixels.
static DenseTile *const NAME(dense_tiles)[2][2][TILE + 1] = {{{0, EACH_TILE(DENSE_NAME, 1)}, {0, EACH_TILE(DENSE_NAME, 2)}}, {{0, EACH_TILE(IN_PLACE_NAME, 1)}, {0, EACH_TILE(IN_PLACE_NAME, 2)}}};

// What the jobs of one call share.
typedef struct {
  const Conv *p;
  const float *x, *bias;
  float *y, *w;
  int relu, failed;
  int in_place;    // nothing is laid out
  int past_caches; // the output is written
  int merged;      // taps of a row are channels of one
  int channels;    // of a tap, per group
  int width_taps;  // of a row: 1 if merged
  Row row;         // how a row is laid out
  int rows, parts; // output rows of a part; parts of an image's depth
  int jobs;        // each of some parts
  int blocks;      // of outputs, per group
  int tile;        // pixels, so that the tiles of a row are even
} Dense;

// Copies n channels of one pixel into blocks of 16, step floats apart.
INLINE void dense_copy(float *to, long step, const float *from, int n) {
  int c = 0;
  for (; c + 16 <= n; c += 16, to += step) memcpy(to, from + c, 16 * sizeof *to);
  for (int i = 0; c < n; i++, c++) to[i] = from[c];
}

// Lays out one input row of one group, with zeros where columns are missing.
static void dense_lay_row(const Dense *f, const float *row, float *to) {
  const Conv *p = f->p;
  long step = (long)f->row.phases * f->row.pixels * 16;
  for (int phase = 0; phase < f->row.phases; phase++) {
    int inside, outside;
    pixels_inside(p, &f->row, phase, &inside, &outside);
    float *d = to + (long)phase * f->row.pixels * 16;
    for (int c = 0; c < f->channels; c += 16) {
      memset(d + c / 16 * step, 0, (size_t)inside * 16 * sizeof *d);
      memset(d + c / 16 * step + (long)outside * 16, 0, (size_t)(f->row.pixels - outside) * 16 * sizeof *d);
    }
    const float *from = row + (long)column_of(p, &f->row, phase, inside) * p->cin;
    long between = (long)(p->hole[2] == 1 ? p->stride[2] : 1) * p->cin;
    d += (long)inside * 16;
    for (int i = inside; i < outside; i++, d += 16, from += between) dense_copy(d, step, from, f->channels);
  }
}

// The same where the taps of a row are channels of one.
static void dense_lay_merged(const Dense *f, const float *row, float *to) {
  const Conv *p = f->p;
  int perin = p->cin / p->groups, touching = p->groups == 1 && p->dilation[2] == 1;
  long step = (long)f->row.pixels * 16, end = (long)p->in[2] * p->cin;
  for (int i = 0; i < f->row.pixels; i++, to += 16) {
    int first = i * p->stride[2] - p->pad[2];
    long from = (long)first * p->cin;
    if (touching && f->channels <= 16 && from >= 0 && from + 16 <= end) { // what lies behind the last tap is not used
      memcpy(to, row + from, 16 * sizeof *to);
      continue;
    }
    float all[16 * 16];
    for (int t = 0; t < p->kernel[2]; t++) {
      int iw = first + t * p->dilation[2];
      for (int c = 0; c < perin; c++) all[t * perin + c] = iw < 0 || iw >= p->in[2] ? 0 : row[(size_t)iw * p->cin + c];
    }
    dense_copy(to, step, all, f->channels);
  }
}

// Part job of the work; behind it comes another one if more. laid and xs are
// room for what it lays out and for the places that its taps read.
static void dense_part(const Dense *f, int job, int more, float *laid, const float **xs) {
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups, taps = taps_of(p);
  int part = job % f->parts, od = job / f->parts % p->out[0], n = job / f->parts / p->out[0];
  int oh0 = part * f->rows, oh1 = min_of(p->out[1], oh0 + f->rows);
  int low, high;
  rows_read(p, oh0, oh1, &low, &high);
  int rows = high - low, wide_tiles = (outputs_of_phase(p, 0) + f->tile - 1) / f->tile * p->hole[2];
  // The next part reads on where this one ends.
  long next_lines = more ? (long)f->rows * p->stride[1] * p->in[2] * p->cin / 16 : 0;
  Ahead next = ahead(f->x + input_row(p, n, max_of(0, input_plane(p, od)), high), 64, 64, next_lines,
                     (long)p->groups * f->blocks * (oh1 - oh0) * wide_tiles);
  long x_step = f->in_place ? p->cin : 16, block_step = f->in_place ? 16 : (long)f->row.phases * f->row.pixels * 16;
  size_t row_floats = (size_t)(round_up(f->channels, 16) / 16) * block_step;
  float edge[TILE * BLOCK], bias[BLOCK];
  const float **ws = xs + taps;
  size_t w_block = (size_t)taps * perin * BLOCK;
  for (int g = 0; g < p->groups; g++) {
    for (int a = 0; a < p->kernel[0]; a++) {
      int id = input_at(p, 0, od, a);
      if (id < 0 || f->in_place) continue;
      for (int r = 0; r < rows; r++)
        (f->merged ? dense_lay_merged : dense_lay_row)(f, f->x + input_row(p, n, id, low + r) + (size_t)g * perin, laid + ((size_t)a * rows + r) * row_floats);
    }
    for (int k = 0; k < f->blocks; k++) {
      const float *w = f->w + ((size_t)g * f->blocks + k) * w_block;
      int outputs = min_of(BLOCK, perout - k * BLOCK), vectors = outputs > WIDTH ? 2 : 1;
      memset(bias, 0, sizeof bias);
      if (f->bias) memcpy(bias, f->bias + g * perout + k * BLOCK, outputs * sizeof *bias);
      for (int oh = oh0; oh < oh1; oh++)
        for (int r = 0; r < p->hole[2]; r++) {
          int count = 0;
          for (int a = 0; a < p->kernel[0]; a++)
            for (int b = 0; b < p->kernel[1]; b++) {
              int ih = input_at(p, 1, oh, b);
              if (ih < 0 || input_at(p, 0, od, a) < 0) continue;
              for (int t = 0; t < f->width_taps; t++) {
                int phase = 0, at = 0;
                if (!f->merged && !tap_in_row(p, &f->row, t, r, &phase, &at)) continue;
                xs[count] = f->in_place ? f->x + input_row(p, n, od, oh) + (size_t)g * perin : laid + ((size_t)a * rows + ih - low) * row_floats + ((size_t)phase * f->row.pixels + at) * 16;
                ws[count++] = w + (((size_t)a * p->kernel[1] + b) * f->width_taps + t) * f->channels * BLOCK;
              }
            }
          int wide = outputs_of_phase(p, r);
          long y_step = (long)p->hole[2] * p->cout;
          for (int j = 0; j < wide; j += f->tile) {
            int pixels = min_of(f->tile, wide - j);
            fetch_some(&next);
            float *y = f->y + output_row(p, n, od, oh) + (r + (size_t)j * p->hole[2]) * p->cout + (size_t)g * perout + (size_t)k * BLOCK;
            for (int i = 0; i < pixels && !f->past_caches; i++)
              for (int v = 0; v < vectors; v++) __builtin_prefetch(y + i * y_step + v * WIDTH, 1);
            DenseTile *tile = NAME(dense_tiles)[f->in_place][vectors - 1][pixels];
            if (outputs == vectors * WIDTH) {
              tile(x_step, count, xs, ws, f->channels, block_step, bias, f->relu, f->past_caches, y, y_step);
            } else {
              tile(x_step, count, xs, ws, f->channels, block_step, bias, f->relu, 0, edge, BLOCK);
              for (int i = 0; i < pixels; i++) memcpy(y + i * y_step, edge + i * BLOCK, outputs * sizeof *y);
            }
            for (int i = 0; i < count; i++) xs[i] += pixels * x_step;
          }
        }
    }
  }
}

// Some parts, one after the other.
static void dense_job(void *context, int job) {
  Dense *f = context;
  const Conv *p = f->p;
  long all = (long)p->batch * p->out[0] * f->parts;
  int part = all * job / f->jobs, end = all * (job + 1) / f->jobs;
  int rows = min_of(p->in[1], ((f->rows - 1) * p->stride[1] + (p->kernel[1] - 1) * p->dilation[1]) / p->hole[1] + 2); // at most, of a part
  float *laid = buffer_of((size_t)p->kernel[0] * rows * (round_up(f->channels, 16) / 16) * f->row.phases * f->row.pixels * 16 + 16 * TILE);
  const float **xs = malloc(2 * taps_of(p) * sizeof *xs);
  if (!laid || !xs) f->failed = 1, part = end;
  for (; part < end; part++) dense_part(f, part, part + 1 < end, laid, xs);
  if (f->past_caches) streamed();
  give_back(laid);
  free(xs);
}

// Lays out the weights.
static void dense_lay_weights(const Conv *p, const float *w, int blocks, float *to) {
  int perin = p->cin / p->groups, perout = p->cout / p->groups, taps = taps_of(p);
  for (int g = 0; g < p->groups; g++)
    for (int k = 0; k < blocks; k++) {
      int outputs = min_of(BLOCK, perout - k * BLOCK);
      for (int t = 0; t < taps; t++)
        for (int c = 0; c < perin; c++, to += BLOCK) {
          if (p->turned)
            for (int i = 0; i < outputs; i++) to[i] = w[((size_t)t * p->cout + k * BLOCK + i) * p->cin + c];
          else
            memcpy(to, w + ((size_t)t * perin + c) * p->cout + (size_t)g * perout + (size_t)k * BLOCK, outputs * sizeof *to);
          if (outputs < BLOCK) memset(to + outputs, 0, (BLOCK - outputs) * sizeof *to);
        }
    }
}

static int dense_forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  int perin = p->cin / p->groups, perout = p->cout / p->groups;
  Dense f = {.p = p, .x = x, .bias = bias, .y = y, .relu = relu};
  f.merged = perin < 16 && p->kernel[2] > 1 && p->kernel[2] <= 16 && p->hole[2] == 1;
  f.channels = f.merged ? p->kernel[2] * perin : perin;
  f.width_taps = f.merged ? 1 : p->kernel[2];
  f.in_place = alone(p) && perin <= 64; // with more, what is laid out is read often enough to pay
  f.past_caches = streams(p, y, perout);
  f.blocks = (perout + BLOCK - 1) / BLOCK;
  f.row = f.merged ? (Row){1, p->out[2], 0} : row_of(p);
  int wide = outputs_of_phase(p, 0), tiles = (wide + TILE - 1) / TILE;
  f.tile = (wide + tiles - 1) / tiles;
  f.rows = rows_of_job(p, (size_t)round_up(f.channels, 16) * f.row.phases * f.row.pixels, p->batch * p->out[0]);
  f.parts = (p->out[1] + f.rows - 1) / f.rows;
  f.w = buffer_of((size_t)p->groups * f.blocks * taps_of(p) * perin * BLOCK);
  if (!f.w) return NoMemory;
  dense_lay_weights(p, w, f.blocks, f.w);
  f.jobs = min_of(p->batch * p->out[0] * f.parts, 64);
  threads->run(threads->pool, f.jobs, dense_job, &f);
  give_back(f.w);
  return f.failed ? NoMemory : Done;
}
