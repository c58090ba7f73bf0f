// The kernel gradient where a group has many outputs: for each tap, the
// product of what it read, [positions][channels], turned, with the output's
// gradient v, [positions][outputs]. A tile of the kernel is summed up in
// registers over some rows of the output:
//
//             BLOCK outputs
//           +---------------------+
//   TILE    | sum[c][0] sum[c][1] |   for each position q:
//   channels|                     |     sum[c][v] += x[q][c] * v[q][v]
//           +---------------------+
//
// Nothing is laid out: where a tap would read outside the row, it is left out.
// Where a group has few channels and the taps of a row touch, their channels,
// side by side in memory, make one wide tile ("merged").
//
// The batch is summed up in parts, each into a gradient of its own, and these
// are added in their order: the bits do not depend on the number of threads.

// Adds to sums, [channels][BLOCK], over rows of n positions.
INLINE void gradient_tile(const int channels, const int vectors, const float *x, long x_step, long x_row, const float *v, long v_step, long v_row, int rows, int n, float *sums) {
  vec sum[TILE][2];
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < vectors; i++) sum[c][i] = load(sums + c * BLOCK + i * WIDTH);
  for (int r = 0; r < rows; r++) {
    const float *xr = x + r * x_row, *vr = v + r * v_row;
#pragma GCC unroll 1
    for (int q = 0; q < n; q++) {
      vec g[2];
      for (int i = 0; i < vectors; i++) g[i] = load(vr + i * WIDTH);
#pragma GCC unroll 16
      for (int c = 0; c < channels; c++)
        for (int i = 0; i < vectors; i++) sum[c][i] += xr[c] * g[i];
      xr += x_step, vr += v_step;
    }
  }
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < vectors; i++) store(sums + c * BLOCK + i * WIDTH, sum[c][i]);
}

typedef void GradientTile(const float *, long, long, const float *, long, long, int, int, float *);
#define GRADIENT_TILE(C, V) \
  static void NAME(gradient_tile_##C##_##V)(const float *x, long x_step, long x_row, const float *v, long v_step, long v_row, int rows, int n, float *sums) { \
    gradient_tile(C, V, x, x_step, x_row, v, v_step, v_row, rows, n, sums); \
  }
#define GRADIENT_NAME(C, V) NAME(gradient_tile_##C##_##V),
EACH_TILE(GRADIENT_TILE, 1)
EACH_TILE(GRADIENT_TILE, 2)
static GradientTile *const NAME(gradient_tiles)[2][TILE + 1] = {{0, EACH_TILE(GRADIENT_NAME, 1)}, {0, EACH_TILE(GRADIENT_NAME, 2)}};

typedef struct {
  const Conv *p;
  const float *x, *v;
  float *sums;       // [parts][groups][blocks][sums of a block]
  size_t size;       // of the sums of a block: [taps][channels][BLOCK], and behind them those of the bias: [BLOCK]
  int bias;          // it is wanted too
  int blocks, parts; // of outputs, per group; of the batch
  int together, strips; // blocks of a job, which read x while it is near; jobs of a group
  int rows;          // output rows that are summed at once
  int merged, failed;
} Gradient;

// The outputs [from, to) of a row at which tap t reads inside the row. Without
// holes.
static void reads_inside(const Conv *p, int t, int *from, int *to) {
  int first = t * p->dilation[2] - p->pad[2], s = p->stride[2];
  *from = min_of(p->out[2], first < 0 ? (-first + s - 1) / s : 0);
  *to = max_of(*from, min_of(p->out[2], floor_div(p->in[2] - 1 - first, s) + 1));
}

// The outputs [from, to) of a row at which all taps do.
static void all_read_inside(const Conv *p, int *from, int *to) {
  *from = 0, *to = p->out[2];
  for (int t = 0; t < p->kernel[2]; t++) {
    int a, b;
    reads_inside(p, t, &a, &b);
    *from = max_of(*from, a), *to = min_of(*to, b);
  }
  *to = max_of(*from, *to);
}

// Sums n positions of rows of tap t into sums, channels at a time.
static void gradient_sum(Ahead next[2], int channels, int vectors, const float *x, long x_step, long x_row, const float *v, long v_step, long v_row, int rows, int n, float *sums) {
  int tiles = (channels + TILE - 1) / TILE, each = (channels + tiles - 1) / tiles;
  for (int c = 0; c < channels; c += each) {
    fetch_some(next), fetch_some(next + 1);
    NAME(gradient_tiles)[vectors - 1][min_of(each, channels - c)](x + c, x_step, x_row, v, v_step, v_row, rows, n, sums + (size_t)c * BLOCK);
  }
}

// Adds what the output rows [oh0, oh1) of a plane contribute to the sums of one
// block of outputs of a group. edge: room for those rows, if the block is not
// full.
static void gradient_rows(const Gradient *f, int g, int block, int n, int od, int oh0, int oh1, float *edge, Ahead next[2], float *sums) {
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups, width = p->kernel[2];
  int outputs = min_of(BLOCK, perout - block * BLOCK), vectors = outputs > WIDTH ? 2 : 1, inside0 = 0, inside1 = 0;
  long x_step = (long)p->stride[2] * p->cin, x_row = (long)p->stride[1] * p->in[2] * p->cin, v_step = p->cout;
  const float *v = f->v + output_row(p, n, od, oh0) + (size_t)g * perout + (size_t)block * BLOCK;
  if (outputs < vectors * WIDTH) { // whole vectors of v, so that nothing is read behind its end
    v_step = vectors * WIDTH;
    for (int q = 0; q < (oh1 - oh0) * p->out[2]; q++) {
      memcpy(edge + (size_t)q * v_step, v + (size_t)q * p->cout, outputs * sizeof *v);
      memset(edge + (size_t)q * v_step + outputs, 0, (v_step - outputs) * sizeof *v);
    }
    v = edge;
  }
  long v_row = (long)p->out[2] * v_step;
  static const float one = 1;
  if (f->bias) gradient_sum(next, 1, vectors, &one, 0, 0, v, v_step, v_row, oh1 - oh0, p->out[2], sums + f->size - BLOCK);
  if (f->merged) all_read_inside(p, &inside0, &inside1);
  for (int a = 0; a < p->kernel[0]; a++) {
    int id = input_at(p, 0, od, a);
    if (id < 0) continue;
    for (int b = 0; b < p->kernel[1]; b++) {
      int lo = oh0, hi = oh1; // the rows whose input row is there
      while (lo < hi && input_at(p, 1, lo, b) < 0) lo++;
      while (hi > lo && input_at(p, 1, hi - 1, b) < 0) hi--;
      if (lo == hi) continue;
      const float *x = f->x + input_row(p, n, id, input_at(p, 1, lo, b)) + (size_t)g * perin;
      const float *vb = v + (lo - oh0) * v_row;
      float *to = sums + ((size_t)a * p->kernel[1] + b) * width * perin * BLOCK;
      if (inside1 > inside0)
        gradient_sum(next, width * perin, vectors, x + (long)(inside0 * p->stride[2] - p->pad[2]) * p->cin, x_step, x_row, vb + inside0 * v_step, v_step, v_row, hi - lo, inside1 - inside0, to);
      for (int t = 0; t < width; t++) { // all of the row, or its edges
        int from, until;
        reads_inside(p, t, &from, &until);
        for (int side = 0; side < 2; side++) {
          int first = side ? max_of(from, inside1) : from, end = side ? until : min_of(until, inside0);
          if (first >= end) continue;
          gradient_sum(next, perin, vectors, x + (long)(first * p->stride[2] - p->pad[2] + t * p->dilation[2]) * p->cin, x_step, x_row, vb + first * v_step, v_step, v_row, hi - lo, end - first, to + (size_t)t * perin * BLOCK);
        }
      }
    }
  }
}

// Some blocks of outputs of a group, of one part of the batch.
static void gradient_job(void *context, int job) {
  Gradient *f = context;
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups;
  int strip = job % f->strips, g = job / f->strips % p->groups, part = job / f->strips / p->groups;
  int first = strip * f->together, end = min_of(f->blocks, first + f->together), outputs = min_of(end * BLOCK, perout) - first * BLOCK;
  float *sums = f->sums + (((size_t)part * p->groups + g) * f->blocks + first) * f->size;
  float *edge = buffer_of((size_t)f->rows * p->out[2] * BLOCK);
  if (!edge) {
    f->failed = 1;
    return;
  }
  memset(sums, 0, (end - first) * f->size * sizeof *sums);
  int n0 = (long)p->batch * part / f->parts, n1 = (long)p->batch * (part + 1) / f->parts;
  long times = (long)(end - first) * taps_of(p) * ((perin + TILE - 1) / TILE);
  for (int n = n0; n < n1; n++)
    for (int od = 0; od < p->out[0]; od++)
      for (int oh0 = 0; oh0 < p->out[1]; oh0 += f->rows) {
        int oh1 = min_of(p->out[1], oh0 + f->rows), low, high;
        rows_read(p, oh0, oh1, &low, &high);
        Ahead next[2] = {
            ahead(f->x + input_row(p, n, max_of(0, input_plane(p, od)), high) + (size_t)g * perin, p->cin * 4, perin * 4, (long)f->rows * p->stride[1] * p->in[2], times),
            ahead(f->v + output_row(p, n, od, oh1) + (size_t)g * perout + (size_t)first * BLOCK, p->cout * 4, outputs * 4, (long)f->rows * p->out[2], times),
        };
        for (int block = first; block < end; block++) gradient_rows(f, g, block, n, od, oh0, oh1, edge, next, sums + (block - first) * f->size);
      }
  give_back(edge);
}

static int dense_gradient(const Conv *p, const float *x, const float *v, float *dw, float *dbias, const Threads *threads) {
  int perin = p->cin / p->groups, perout = p->cout / p->groups, taps = taps_of(p);
  Gradient f = {.p = p, .x = x, .v = v, .bias = dbias != 0};
  f.blocks = (perout + BLOCK - 1) / BLOCK;
  // The channels of the taps of a row touch where there is nothing between them.
  f.merged = perin < TILE && p->groups == 1 && p->kernel[2] > 1 && p->dilation[2] == 1;
  f.rows = max_of(1, min_of(p->out[1], 128 / p->out[2]));
  f.size = ((size_t)taps * perin + f.bias) * BLOCK;
  size_t size = p->groups * f.blocks * f.size;
  f.together = max_of(1, min_of(f.blocks, (int)(16384 / f.size))); // 64 KiB of sums
  f.strips = (f.blocks + f.together - 1) / f.together;
  // Enough jobs for the threads, in parts of the batch that hold no more than 32 MiB of sums.
  f.parts = max_of(1, min_of(p->batch, min_of((int)(33554432 / (4 * size)), (31 + p->groups * f.strips) / (p->groups * f.strips))));
  f.sums = buffer_of(f.parts * size);
  if (!f.sums) return NoMemory;
  threads->run(threads->pool, f.parts * p->groups * f.strips, gradient_job, &f);
  for (int i = 1; i < f.parts; i++)
    for (size_t j = 0; j < size; j++) f.sums[j] += f.sums[i * size + j];
  const float *from = f.sums;
  for (int g = 0; g < p->groups; g++)
    for (int k = 0; k < f.blocks; k++) {
      size_t at = (size_t)g * perout + (size_t)k * BLOCK, bytes = min_of(BLOCK, perout - k * BLOCK) * sizeof *dw;
      for (int t = 0; t < taps * perin; t++, from += BLOCK) memcpy(dw + (size_t)t * p->cout + at, from, bytes);
      if (!dbias) continue;
      memcpy(dbias + at, from, bytes);
      from += BLOCK;
    }
  give_back(f.sums);
  return f.failed ? NoMemory : Done;
}
