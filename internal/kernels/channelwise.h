// Forward and kernel gradient where a group has few outputs: depthwise
// convolutions and small groups.
//
// A vector holds WIDTH outputs, of several groups if need be. Its input for
// channel c of a group is laid out so that each output finds its own group's
// channel in its own lane:
//
//   outputs      k0 k1 k2 k3 | k4 k5 k6 k7      4 groups of 2 outputs,
//   channel 0    x0 x0 x2 x2 | x4 x4 x6 x6      2 channels each
//   channel 1    x1 x1 x3 x3 | x5 x5 x7 x7
//
// so that nothing is multiplied by the zeros between the groups. Rows are laid
// out as
//   [kernel depth * rows][vectors of outputs][channels of a group][phases][pixels][WIDTH]
// with zeros at the edges and behind the last output; weights as
//   [vectors][tap][channel of a group][WIDTH].

enum { SPREAD = 8 }; // pixels of a tile

typedef struct {
  const Conv *p;
  const float *x, *bias, *v;
  float *y, *w, *sums;
  int relu, failed;
  int perin, vectors, same; // same: each output has the input channel of its number
  Row row;
  int rows, parts; // output rows of a job; jobs of an image's depth, or parts of the batch
  size_t vector_floats, row_floats; // of a laid out row
  const int *from;                  // [vectors][perin][WIDTH]: the input channel of each output, -1 behind the last
  const int *base;                  // [vectors]: where one vector of input channels has all of them, else -1
} Channelwise;

// Lays out pixels of one vector and channel: n of them, step floats apart.
static void channelwise_lay(const float *x, long step, int n, const int *from, int base, int same, float *to) {
  if (same) {
    for (int i = 0; i < n; i++, x += step) store(to + (size_t)i * WIDTH, load(x + base));
  } else if (base >= 0) {
    lanes at;
    memcpy(&at, from, sizeof at);
    at -= base;
    for (int i = 0; i < n; i++, x += step) store(to + (size_t)i * WIDTH, __builtin_shuffle(load(x + base), at));
  } else {
    for (int i = 0; i < n; i++, x += step)
      for (int j = 0; j < WIDTH; j++) to[(size_t)i * WIDTH + j] = from[j] < 0 ? 0 : x[from[j]];
  }
}

static void channelwise_lay_row(const Channelwise *f, const float *row, float *to) {
  const Conv *p = f->p;
  size_t phase_floats = (size_t)f->row.pixels * WIDTH;
  long step = (long)(p->hole[2] == 1 ? p->stride[2] : 1) * p->cin;
  for (int phase = 0; phase < f->row.phases; phase++) {
    int inside, outside;
    pixels_inside(p, &f->row, phase, &inside, &outside);
    const float *x = row + (long)column_of(p, &f->row, phase, inside) * p->cin;
    for (int v = 0; v < f->vectors; v++)
      for (int c = 0; c < f->perin; c++) {
        float *d = to + v * f->vector_floats + ((size_t)c * f->row.phases + phase) * phase_floats;
        memset(d, 0, (size_t)inside * WIDTH * sizeof *d);
        channelwise_lay(x, step, outside - inside, f->from + ((size_t)v * f->perin + c) * WIDTH, f->base[v], f->same && f->base[v] >= 0, d + (size_t)inside * WIDTH);
        memset(d + (size_t)outside * WIDTH, 0, (size_t)(f->row.pixels - outside) * WIDTH * sizeof *d);
      }
  }
}

// Lays out the rows [low, high) of the planes that output plane od reads.
static void channelwise_lay_rows(const Channelwise *f, int n, int od, int low, int high, float *to) {
  const Conv *p = f->p;
  for (int a = 0; a < p->kernel[0]; a++) {
    int id = input_at(p, 0, od, a);
    if (id < 0) continue;
    for (int r = low; r < high; r++)
      channelwise_lay_row(f, f->x + (((size_t)n * p->in[0] + id) * p->in[1] + r) * p->in[2] * p->cin, to + ((size_t)a * (high - low) + r - low) * f->row_floats);
  }
}

// One tile: SPREAD pixels of one vector. x_at and w_at tell where each of the
// count taps and channels finds its input and its weights.
static void NAME(channelwise_tile)(int count, const float *x, const long *x_at, const float *w, const long *w_at, const float *bias, int relu, float *y, long y_step) {
  vec sum[SPREAD];
  for (int i = 0; i < SPREAD; i++) sum[i] = load(bias);
#pragma GCC unroll 1
  for (int e = 0; e < count; e++) {
    vec k = load(w + w_at[e]);
    const float *xe = x + x_at[e];
#pragma GCC unroll 8
    for (int i = 0; i < SPREAD; i++) sum[i] += load(xe + i * WIDTH) * k;
  }
  if (relu)
    for (int i = 0; i < SPREAD; i++) sum[i] = positive(sum[i]);
#pragma GCC unroll 8
  for (int i = 0; i < SPREAD; i++) store(y + i * y_step, sum[i]);
}

// Lists, for the outputs of phase r of a row, where each tap and channel finds
// its input in what was laid out, and its weights (or its place in the
// gradient). Both are those of vector 0.
static int channelwise_taps(const Channelwise *f, int od, int oh, int r, int low, int rows, long *x_at, long *w_at) {
  const Conv *p = f->p;
  int count = 0;
  for (int a = 0; a < p->kernel[0]; a++)
    for (int b = 0; b < p->kernel[1]; b++) {
      int ih = input_at(p, 1, oh, b);
      if (ih < 0 || input_at(p, 0, od, a) < 0) continue;
      for (int t = 0; t < p->kernel[2]; t++) {
        int phase, at;
        if (!tap_in_row(p, &f->row, t, r, &phase, &at)) continue;
        for (int c = 0; c < f->perin; c++) {
          x_at[count] = ((long)a * rows + ih - low) * f->row_floats + (((long)c * f->row.phases + phase) * f->row.pixels + at) * WIDTH;
          w_at[count++] = ((((long)a * p->kernel[1] + b) * p->kernel[2] + t) * f->perin + c) * WIDTH;
        }
      }
    }
  return count;
}

static void channelwise_job(void *context, int job) {
  Channelwise *f = context;
  const Conv *p = f->p;
  int part = job % f->parts, od = job / f->parts % p->out[0], n = job / f->parts / p->out[0];
  int oh0 = part * f->rows, oh1 = min_of(p->out[1], oh0 + f->rows), low, high;
  rows_read(p, oh0, oh1, &low, &high);
  size_t taps = (size_t)taps_of(p) * f->perin;
  float *laid = buffer_of((size_t)p->kernel[0] * (high - low) * f->row_floats + SPREAD * WIDTH);
  long *x_at = malloc(2 * taps * sizeof *x_at), *w_at = x_at + taps;
  if (!laid || !x_at) {
    f->failed = 1;
    goto end;
  }
  channelwise_lay_rows(f, n, od, low, high, laid);
  long y_step = (long)p->hole[2] * p->cout;
  for (int oh = oh0; oh < oh1; oh++)
    for (int r = 0; r < p->hole[2]; r++) {
      int count = channelwise_taps(f, od, oh, r, low, high - low, x_at, w_at), wide = outputs_of_phase(p, r);
      float *row = f->y + ((((size_t)n * p->out[0] + od) * p->out[1] + oh) * p->out[2] + r) * p->cout;
      for (int v = 0; v < f->vectors; v++) {
        int outputs = min_of(WIDTH, p->cout - v * WIDTH);
        float bias[WIDTH] = {0}, edge[SPREAD * WIDTH], *y = row + (size_t)v * WIDTH;
        if (f->bias) memcpy(bias, f->bias + v * WIDTH, outputs * sizeof *bias);
        const float *x = laid + v * f->vector_floats, *w = f->w + v * taps * WIDTH;
        for (int j = 0; j < wide; j += SPREAD, y += SPREAD * y_step, x += SPREAD * WIDTH) {
          int pixels = min_of(SPREAD, wide - j);
          if (pixels == SPREAD && outputs == WIDTH) {
            NAME(channelwise_tile)(count, x, x_at, w, w_at, bias, f->relu, y, y_step);
          } else { // behind the row lies room, and what is summed there is dropped
            NAME(channelwise_tile)(count, x, x_at, w, w_at, bias, f->relu, edge, WIDTH);
            for (int i = 0; i < pixels; i++) memcpy(y + i * y_step, edge + i * WIDTH, outputs * sizeof *y);
          }
        }
      }
    }
end:
  free(laid);
  free(x_at);
}

// Fills in the sizes and where the lanes come from. The caller frees f->from.
static int channelwise_prepare(Channelwise *f) {
  const Conv *p = f->p;
  int perout = p->cout / p->groups;
  f->perin = p->cin / p->groups;
  f->vectors = (p->cout + WIDTH - 1) / WIDTH;
  f->same = f->perin == 1 && perout == 1;
  f->row = row_of(p);
  f->vector_floats = (size_t)f->perin * f->row.phases * f->row.pixels * WIDTH;
  f->row_floats = f->vectors * f->vector_floats;
  int *from = malloc(((size_t)f->vectors * f->perin * WIDTH + f->vectors) * sizeof *from), *base = from + (size_t)f->vectors * f->perin * WIDTH;
  if (!from) return NoMemory;
  for (int v = 0; v < f->vectors; v++) {
    int low = v * WIDTH / perout * f->perin, high = low;
    for (int c = 0; c < f->perin; c++)
      for (int i = 0; i < WIDTH; i++) {
        int k = v * WIDTH + i, at = k < p->cout ? k / perout * f->perin + c : -1;
        from[((size_t)v * f->perin + c) * WIDTH + i] = at;
        high = max_of(high, at);
      }
    // One vector of channels has them all, and it ends inside the pixel.
    base[v] = high - low < WIDTH && (v + 1) * WIDTH <= p->cout ? min_of(low, p->cin - WIDTH) : -1;
    if (base[v] >= 0 && high - base[v] >= WIDTH) base[v] = -1;
  }
  f->from = from, f->base = base;
  return Done;
}

static int channelwise_forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  Channelwise f = {.p = p, .x = x, .bias = bias, .y = y, .relu = relu};
  if (channelwise_prepare(&f)) return NoMemory;
  f.rows = rows_of_job(p, f.row_floats, p->batch * p->out[0]);
  f.parts = (p->out[1] + f.rows - 1) / f.rows;
  size_t taps = (size_t)taps_of(p) * f.perin;
  f.w = buffer_of(f.vectors * taps * WIDTH);
  if (f.w) {
    for (int v = 0; v < f.vectors; v++)
      for (size_t t = 0; t < taps; t++) {
        int outputs = min_of(WIDTH, p->cout - v * WIDTH);
        float *to = f.w + ((size_t)v * taps + t) * WIDTH;
        memcpy(to, w + t * p->cout + (size_t)v * WIDTH, outputs * sizeof *to);
        memset(to + outputs, 0, (WIDTH - outputs) * sizeof *to);
      }
    threads->run(threads->pool, p->batch * p->out[0] * f.parts, channelwise_job, &f);
  }
  f.failed |= !f.w;
  free(f.w);
  free((int *)f.from);
  return f.failed ? NoMemory : Done;
}

// The kernel gradient: for each tap and channel of a group, a vector of sums
// over all outputs of v times what the tap read there. CHUNK taps at a time
// share the loads of v:
//
//   for each pixel q:  g = v[q];  sum[i] += g * x[i][q]  for the CHUNK taps i
enum { CHUNK = 12 };

INLINE void channelwise_sums(const int taps, int n, const float *x, const long *x_at, const float *v, long v_step, float *sums, const long *sum_at) {
  vec sum[CHUNK];
  const float *xi[CHUNK];
  for (int i = 0; i < taps; i++) sum[i] = load(sums + sum_at[i]), xi[i] = x + x_at[i];
#pragma GCC unroll 1
  for (int q = 0; q < n; q++) {
    vec g = load(v + q * v_step);
#pragma GCC unroll 16
    for (int i = 0; i < taps; i++) sum[i] += g * load(xi[i] + (size_t)q * WIDTH);
  }
  for (int i = 0; i < taps; i++) store(sums + sum_at[i], sum[i]);
}

#define CHANNELWISE_SUMS(N, V) \
  static void NAME(channelwise_sums_##N)(int n, const float *x, const long *x_at, const float *v, long v_step, float *sums, const long *sum_at) { \
    channelwise_sums(N, n, x, x_at, v, v_step, sums, sum_at); \
  }
#define SUMS_NAME(N, V) NAME(channelwise_sums_##N),
#define EACH_CHUNK(M) M(1, ) M(2, ) M(3, ) M(4, ) M(5, ) M(6, ) M(7, ) M(8, ) M(9, ) M(10, ) M(11, ) M(12, )
EACH_CHUNK(CHANNELWISE_SUMS)
static void (*const NAME(channelwise_sums_of)[CHUNK + 1])(int, const float *, const long *, const float *, long, float *, const long *) = {0, EACH_CHUNK(SUMS_NAME)};

// One part of the batch.
static void channelwise_gradient_job(void *context, int job) {
  Channelwise *f = context;
  const Conv *p = f->p;
  size_t taps = (size_t)taps_of(p) * f->perin, size = f->vectors * taps * WIDTH;
  float *all_sums = f->sums + (size_t)job * size;
  memset(all_sums, 0, size * sizeof *all_sums);
  int all_rows = min_of(p->in[1], (f->rows - 1) * p->stride[1] + (p->kernel[1] - 1) * p->dilation[1] + 1);
  float *laid = buffer_of((size_t)p->kernel[0] * all_rows * f->row_floats + SPREAD * WIDTH), *edge = buffer_of((size_t)p->out[2] * WIDTH);
  long *x_at = malloc(2 * taps * sizeof *x_at), *sum_at = x_at + taps;
  if (!laid || !edge || !x_at) {
    f->failed = 1;
    goto end;
  }
  int inside0, inside1;
  all_read_inside(p, &inside0, &inside1);
  int n0 = (long)p->batch * job / f->parts, n1 = (long)p->batch * (job + 1) / f->parts;
  for (int n = n0; n < n1; n++)
    for (int od = 0; od < p->out[0]; od++)
      for (int oh0 = 0; oh0 < p->out[1]; oh0 += f->rows) {
        int oh1 = min_of(p->out[1], oh0 + f->rows), low, high;
        rows_read(p, oh0, oh1, &low, &high);
        channelwise_lay_rows(f, n, od, low, high, laid);
        for (int oh = oh0; oh < oh1; oh++) {
          int count = channelwise_taps(f, od, oh, 0, low, high - low, x_at, sum_at);
          const float *row = f->v + (((size_t)n * p->out[0] + od) * p->out[1] + oh) * p->out[2] * p->cout;
          for (int v = 0; v < f->vectors; v++) {
            int outputs = min_of(WIDTH, p->cout - v * WIDTH);
            const float *x = laid + v * f->vector_floats, *g = row + (size_t)v * WIDTH;
            float *sums = all_sums + v * taps * WIDTH;
            long g_step = p->cout;
            if (outputs < WIDTH) {
              for (int q = 0; q < p->out[2]; q++) {
                memcpy(edge + (size_t)q * WIDTH, g + (size_t)q * p->cout, outputs * sizeof *g);
                memset(edge + (size_t)q * WIDTH + outputs, 0, (WIDTH - outputs) * sizeof *g);
              }
              g = edge, g_step = WIDTH;
            }
            for (int i = 0; i < count && inside1 > inside0; i += CHUNK)
              NAME(channelwise_sums_of)[min_of(CHUNK, count - i)](inside1 - inside0, x + (size_t)inside0 * WIDTH, x_at + i, g + inside0 * g_step, g_step, sums, sum_at + i);
            for (int i = 0; i < count; i++) { // the edges, each tap where it reads
              int from, until;
              reads_inside(p, sum_at[i] / WIDTH / f->perin % p->kernel[2], &from, &until);
              if (from < inside0) NAME(channelwise_sums_of)[1](min_of(until, inside0) - from, x + (size_t)from * WIDTH, x_at + i, g + from * g_step, g_step, sums, sum_at + i);
              from = max_of(from, inside1);
              if (from < until) NAME(channelwise_sums_of)[1](until - from, x + (size_t)from * WIDTH, x_at + i, g + from * g_step, g_step, sums, sum_at + i);
            }
          }
        }
      }
end:
  free(laid);
  free(edge);
  free(x_at);
}

static int channelwise_gradient(const Conv *p, const float *x, const float *v, float *dw, const Threads *threads) {
  Channelwise f = {.p = p, .x = x, .v = v};
  if (channelwise_prepare(&f)) return NoMemory;
  size_t taps = (size_t)taps_of(p) * f.perin, size = f.vectors * taps * WIDTH;
  f.rows = rows_of_job(p, f.row_floats, 16);
  f.parts = min_of(p->batch, 16); // not the number of threads: the bits are the same on any number
  f.sums = buffer_of(f.parts * size);
  if (f.sums) {
    threads->run(threads->pool, f.parts, channelwise_gradient_job, &f);
    for (int i = 1; i < f.parts; i++)
      for (size_t j = 0; j < size; j++) f.sums[j] += f.sums[i * size + j];
    for (int vector = 0; vector < f.vectors; vector++)
      for (size_t t = 0; t < taps; t++)
        memcpy(dw + t * p->cout + (size_t)vector * WIDTH, f.sums + ((size_t)vector * taps + t) * WIDTH, min_of(WIDTH, p->cout - vector * WIDTH) * sizeof *dw);
  }
  f.failed |= !f.sums;
  free(f.sums);
  free((int *)f.from);
  return f.failed ? NoMemory : Done;
}
