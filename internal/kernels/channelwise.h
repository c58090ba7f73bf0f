// Forward and kernel gradient where a group has few outputs: depthwise
// convolutions and small groups.
//
// A vector holds WIDTH outputs, of several groups if need be. What they read
// of a pixel lies in one vector of it too. For channel c of each group a
// shuffle brings each output its own group's channel:
//
//   pixel        x0 x1 x2 x3 | x4 x5 x6 x7      4 groups of 2 channels
//   channel 0    x0 x0 x2 x2 | x4 x4 x6 x6      and of 2 outputs each
//   channel 1    x1 x1 x3 x3 | x5 x5 x7 x7
//
// so that nothing is multiplied by the zeros between the groups. A depthwise
// convolution needs no shuffle.
//
// Nothing is laid out. The outputs of a row are cut into strips of up to STRIP,
// and for each input row pointers list the pixels that each strip reads there,
// once for all vectors and for all output rows that read that input row.
// Outside the input they lead to zeros.
// Where the taps of a row read pixels side by side, three of them share what
// they read ("window"):
//
//   outputs of the strip      y0 y1 y2 y3 y4 y5 y6 y7
//   tap t     reads           x0 x1 x2 x3 x4 x5 x6 x7
//   tap t+1   reads              x1 x2 x3 x4 x5 x6 x7 x8
//   tap t+2   reads                 x2 x3 x4 x5 x6 x7 x8 x9
//
// The weights lie as [vectors][tap][channel of a group][WIDTH].

enum { STRIP = 8, WINDOW = 3 };

// What the jobs of one call share.
typedef struct {
  const Conv *p;
  const float *x, *bias, *v; // bias: zeros if there is none
  float *y, *w, *sums, *zeros;
  int relu, careful, failed;
  int past_caches; // the output is written
  int perin, vectors, shuffled;
  int rows, parts; // output rows of a job; jobs of an image's depth, or parts of the batch
  int *first;      // [vectors]: its first output
  int *base;       // [vectors]: the first channel of what it reads
  lanes *lane;     // [vectors][perin]: what each output takes of that
} Channelwise;

// The pixels that one set of taps, a window or a single tap, reads for a strip.
typedef const float *Pixels[STRIP + WINDOW - 1];

// What one strip reads.
typedef struct {
  int windows, sets;   // of a row of taps; the windows come first
  int *tap;            // [sets]: the first tap of each in the row
  int rows;            // of taps that meet the input at this output row
  int *row_tap;        // [rows]: the number of the first tap of each
  const Pixels **row;  // [rows]: the pixels of its sets for the strip, those of the next strip behind them
} Reads;

INLINE vec channelwise_read(const int shuffled, const float *pixel, long at, lanes lane) {
  vec x = load(pixel + at);
  return shuffled ? __builtin_shuffle(x, lane) : x;
}

// One strip, of all vectors.
INLINE void channelwise_strip(const int outputs, const int shuffled, const Channelwise *f, const Reads *r, float *y, long y_step) {
  const int perin = shuffled ? f->perin : 1, relu = f->relu;
  const size_t w_step = (size_t)taps_of(f->p) * perin * WIDTH;
  const float *w = f->w;
  const lanes *lane = f->lane;
  for (int v = 0; v < f->vectors; v++, w += w_step, lane += perin) {
    const long at = f->base[v], first = f->first[v];
    vec sum[STRIP], bias = load(f->bias + first);
    for (int i = 0; i < outputs; i++) sum[i] = bias;
    for (int e = 0; e < r->rows; e++)
      for (int s = 0; s < r->sets; s++) {
        const float *const *pixels = r->row[e][s], *k = w + ((size_t)r->row_tap[e] + r->tap[s]) * perin * WIDTH;
        if (s < r->windows) {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, k += WIDTH) {
            vec x[STRIP + WINDOW - 1];
            for (int i = 0; i < outputs + WINDOW - 1; i++) x[i] = channelwise_read(shuffled, pixels[i], at, lane[c]);
            for (int t = 0; t < WINDOW; t++) {
              vec kt = load(k + (size_t)t * perin * WIDTH);
              for (int i = 0; i < outputs; i++) sum[i] += x[i + t] * kt;
            }
          }
        } else {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, k += WIDTH) {
            vec kt = load(k);
            for (int i = 0; i < outputs; i++) sum[i] += channelwise_read(shuffled, pixels[i], at, lane[c]) * kt;
          }
        }
      }
    for (int i = 0; i < outputs; i++) put(f->past_caches, y + first + i * y_step, relu ? positive(sum[i]) : sum[i]);
  }
}

// Adds one strip, of all vectors, to the gradient's sums.
INLINE void channelwise_sum(const int outputs, const int shuffled, const Channelwise *f, const Reads *r, const float *g, float *sums) {
  const int perin = shuffled ? f->perin : 1;
  const size_t step = (size_t)taps_of(f->p) * perin * WIDTH;
  const long g_step = f->p->cout;
  const lanes *lane = f->lane;
  for (int v = 0; v < f->vectors; v++, sums += step, lane += perin) {
    const long at = f->base[v], first = f->first[v];
    vec gi[STRIP];
    for (int i = 0; i < outputs; i++) gi[i] = load(g + first + i * g_step);
    for (int e = 0; e < r->rows; e++)
      for (int s = 0; s < r->sets; s++) {
        const float *const *pixels = r->row[e][s];
        float *to = sums + ((size_t)r->row_tap[e] + r->tap[s]) * perin * WIDTH;
        if (s < r->windows) {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, to += WIDTH) {
            vec x[STRIP + WINDOW - 1];
            for (int i = 0; i < outputs + WINDOW - 1; i++) x[i] = channelwise_read(shuffled, pixels[i], at, lane[c]);
            for (int t = 0; t < WINDOW; t++) {
              vec sum = gi[0] * x[t];
              for (int i = 1; i < outputs; i++) sum += gi[i] * x[i + t];
              store(to + (size_t)t * perin * WIDTH, load(to + (size_t)t * perin * WIDTH) + sum);
            }
          }
        } else {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, to += WIDTH) {
            vec sum = gi[0] * channelwise_read(shuffled, pixels[0], at, lane[c]);
            for (int i = 1; i < outputs; i++) sum += gi[i] * channelwise_read(shuffled, pixels[i], at, lane[c]);
            store(to, load(to) + sum);
          }
        }
      }
  }
}

typedef void ChannelwiseStrip(const Channelwise *, const Reads *, float *, long);
typedef void ChannelwiseSum(const Channelwise *, const Reads *, const float *, float *);
#define CHANNELWISE(N, S) \
  static void NAME(channelwise_strip_##N##_##S)(const Channelwise *f, const Reads *r, float *y, long y_step) { channelwise_strip(N, S, f, r, y, y_step); } \
  static void NAME(channelwise_sum_##N##_##S)(const Channelwise *f, const Reads *r, const float *g, float *sums) { channelwise_sum(N, S, f, r, g, sums); }
#define STRIP_NAME(N, S) NAME(channelwise_strip_##N##_##S),
#define SUM_NAME(N, S) NAME(channelwise_sum_##N##_##S),
#define EACH_STRIP(M, S) M(1, S) M(2, S) M(3, S) M(4, S) M(5, S) M(6, S) M(7, S) M(8, S)
EACH_STRIP(CHANNELWISE, 0)
EACH_STRIP(CHANNELWISE, 1)
static ChannelwiseStrip *const NAME(channelwise_strips)[2][STRIP + 1] = {{0, EACH_STRIP(STRIP_NAME, 0)}, {0, EACH_STRIP(STRIP_NAME, 1)}};
static ChannelwiseSum *const NAME(channelwise_sums)[2][STRIP + 1] = {{0, EACH_STRIP(SUM_NAME, 0)}, {0, EACH_STRIP(SUM_NAME, 1)}};

// channelwise_sum where the gradient or the input is not finite: no zeros
// around the input are multiplied with it.
static void channelwise_sum_careful(int outputs, const Channelwise *f, const Reads *r, const float *g, float *sums) {
  const lanes *lane = f->lane;
  for (int v = 0; v < f->vectors; v++, sums += (size_t)taps_of(f->p) * f->perin * WIDTH, lane += f->perin)
    for (int e = 0; e < r->rows; e++)
      for (int s = 0; s < r->sets; s++)
        for (int t = 0; t < (s < r->windows ? WINDOW : 1); t++)
          for (int c = 0; c < f->perin; c++) {
            float *to = sums + (((size_t)r->row_tap[e] + r->tap[s] + t) * f->perin + c) * WIDTH;
            for (int i = 0; i < outputs; i++) {
              const float *pixel = r->row[e][s][i + t];
              if (pixel != f->zeros) store(to, load(to) + load(g + f->first[v] + (long)i * f->p->cout) * channelwise_read(1, pixel, f->base[v], lane[c]));
            }
          }
}

// What one job lists.
typedef struct {
  Pixels *pixels; // [kernel depth][input rows][strips][sets]
  Reads reads;
  int low, high;     // the input rows
  int strip, strips; // outputs of a strip, so that all are even; and how many
} List;

static int list_new(const Conv *p, int rows, List *l) {
  int taps = p->kernel[0] * p->kernel[1], strips = (p->out[2] + STRIP - 1) / STRIP;
  l->pixels = malloc((size_t)p->kernel[0] * rows * strips * p->kernel[2] * sizeof *l->pixels);
  l->reads.row = malloc(taps * sizeof *l->reads.row);
  l->reads.row_tap = malloc((taps + p->kernel[2]) * sizeof *l->reads.row_tap);
  l->reads.tap = l->reads.row_tap + taps;
  return l->pixels && l->reads.row && l->reads.row_tap;
}
static void list_free(List *l) {
  free(l->pixels);
  free(l->reads.row);
  free(l->reads.row_tap);
}

// The memory of the lists of an input row, in floats.
static size_t listed_floats(const Conv *p) { return (size_t)(p->out[2] + STRIP - 1) / STRIP * p->kernel[2] * sizeof(Pixels) / sizeof(float); }

// Cuts the outputs of phase r into strips and a row of taps into sets. Over an
// input with holes these are the outputs r, r+hole, ..., and the taps that meet
// only holes are left out.
static void list_sets(const Conv *p, int r, List *l) {
  Reads *reads = &l->reads;
  int wide = outputs_of_phase(p, r), t = 0, n = 0;
  l->strips = (wide + STRIP - 1) / STRIP;
  l->strip = (wide + l->strips - 1) / max_of(1, l->strips);
  if (p->hole[2] == 1 && p->stride[2] == 1 && p->dilation[2] == 1)
    for (; t + WINDOW <= p->kernel[2]; t += WINDOW) reads->tap[n++] = t;
  reads->windows = n;
  for (; t < p->kernel[2]; t++)
    if ((r - p->pad[2] + t * p->dilation[2]) % p->hole[2] == 0) reads->tap[n++] = t;
  reads->sets = n;
}

// Lists the pixels that the outputs of phase r read of the input rows
// [l->low, l->high), for one output plane of image n.
static void list_pixels(const Channelwise *f, int n, int od, int r, List *l) {
  const Conv *p = f->p;
  const Reads *reads = &l->reads;
  int step = p->hole[2] == 1 ? p->stride[2] : 1, wide = outputs_of_phase(p, r);
  for (int strip = 0; strip < l->strips; strip++)
    for (int s = 0; s < reads->sets; s++) {
      int j = strip * l->strip, pixels = min_of(l->strip, wide - j) + (s < reads->windows ? WINDOW - 1 : 0);
      int first = floor_div((r + j * p->hole[2]) * p->stride[2] - p->pad[2] + reads->tap[s] * p->dilation[2], p->hole[2]);
      int inside = first >= 0 && first + (pixels - 1) * step < p->in[2];
      for (int a = 0; a < p->kernel[0]; a++) {
        int id = input_at(p, 0, od, a);
        if (id < 0) continue;
        for (int ih = l->low; ih < l->high; ih++) {
          const float *row = f->x + input_row(p, n, id, ih);
          const float **to = l->pixels[(((size_t)a * (l->high - l->low) + ih - l->low) * l->strips + strip) * reads->sets + s];
          if (inside)
            for (int i = 0; i < pixels; i++) to[i] = row + (long)(first + i * step) * p->cin;
          else
            for (int i = 0, column = first; i < pixels; i++, column += step) to[i] = column >= 0 && column < p->in[2] ? row + (long)column * p->cin : f->zeros;
        }
      }
    }
}

// Lists the rows of taps that meet the input at output row oh, for strip 0.
static void list_rows(const Conv *p, int od, int oh, List *l) {
  Reads *reads = &l->reads;
  reads->rows = 0;
  for (int a = 0; a < p->kernel[0]; a++)
    for (int b = 0; b < p->kernel[1]; b++) {
      int ih = input_at(p, 1, oh, b);
      if (ih < 0 || input_at(p, 0, od, a) < 0) continue;
      reads->row[reads->rows] = (const Pixels *)l->pixels + ((size_t)a * (l->high - l->low) + ih - l->low) * l->strips * reads->sets;
      reads->row_tap[reads->rows++] = (a * p->kernel[1] + b) * p->kernel[2];
    }
}
static inline void next_strip(Reads *reads) {
  for (int e = 0; e < reads->rows; e++) reads->row[e] += reads->sets;
}

// Fetches what the strip will read of the input rows behind those that it reads
// now, as many as the next output row reads first. INLINE: GCC takes a function
// that only fetches for one without effect, and drops the call.
INLINE void fetch_below(const Conv *p, const List *l) {
  const Reads *reads = &l->reads;
  if (!reads->rows) return;
  size_t row = (size_t)l->strips * reads->sets;
  const Pixels *below = reads->row[reads->rows - 1] + row, *end = (const Pixels *)l->pixels + (size_t)p->kernel[0] * (l->high - l->low) * row;
  for (int b = 0; b < p->stride[1] && below < end; b++, below += row)
    for (int i = 0; i < l->strip; i++) {
      const char *pixel = (const char *)below[0][i];
      for (int at = 0; at < p->cin * 4; at += 64) __builtin_prefetch(pixel + at);
      if (p->stride[2] > 1) // the pixel that the taps between the strip's read
        for (int at = 0; at < p->cin * 4; at += 64) __builtin_prefetch(pixel + p->cin * 4 + at);
    }
}

static void channelwise_job(void *context, int job) {
  Channelwise *f = context;
  const Conv *p = f->p;
  int part = job % f->parts, od = job / f->parts % p->out[0], n = job / f->parts / p->out[0];
  int oh0 = part * f->rows, oh1 = min_of(p->out[1], oh0 + f->rows);
  List l;
  rows_read(p, oh0, oh1, &l.low, &l.high);
  if (!list_new(p, l.high - l.low, &l)) f->failed = 1, oh1 = oh0;
  long y_step = (long)p->hole[2] * p->cout;
  for (int r = 0; r < p->hole[2] && oh0 < oh1; r++) {
    list_sets(p, r, &l);
    list_pixels(f, n, od, r, &l);
    int wide = outputs_of_phase(p, r);
    for (int oh = oh0; oh < oh1; oh++) {
      list_rows(p, od, oh, &l);
      float *y = f->y + output_row(p, n, od, oh) + (size_t)r * p->cout;
      for (int j = 0; j < wide; j += l.strip, y += l.strip * y_step, next_strip(&l.reads)) {
        fetch_below(p, &l);
        NAME(channelwise_strips)[f->shuffled][min_of(l.strip, wide - j)](f, &l.reads, y, y_step);
      }
    }
  }
  list_free(&l);
  if (f->past_caches) streamed();
}

// One part of the batch.
static void channelwise_gradient_job(void *context, int job) {
  Channelwise *f = context;
  const Conv *p = f->p;
  size_t taps = (size_t)taps_of(p) * f->perin, size = f->vectors * taps * WIDTH;
  float *sums = f->sums + (size_t)job * size;
  memset(sums, 0, size * sizeof *sums);
  int n = (long)p->batch * job / f->parts, end = (long)p->batch * (job + 1) / f->parts;
  List l;
  if (!list_new(p, p->in[1], &l)) f->failed = 1, n = end;
  else list_sets(p, 0, &l);
  for (; n < end; n++)
    for (int od = 0; od < p->out[0]; od++)
      for (int oh0 = 0; oh0 < p->out[1]; oh0 += f->rows) {
        int oh1 = min_of(p->out[1], oh0 + f->rows);
        rows_read(p, oh0, oh1, &l.low, &l.high);
        list_pixels(f, n, od, 0, &l);
        for (int oh = oh0; oh < oh1; oh++) {
          list_rows(p, od, oh, &l);
          const float *g = f->v + output_row(p, n, od, oh);
          for (int j = 0; j < p->out[2]; j += l.strip, g += (long)l.strip * p->cout, next_strip(&l.reads)) {
            int outputs = min_of(l.strip, p->out[2] - j);
            fetch_below(p, &l);
            if (f->careful) channelwise_sum_careful(outputs, f, &l.reads, g, sums);
            else NAME(channelwise_sums)[f->shuffled][outputs](f, &l.reads, g, sums);
          }
        }
      }
  list_free(&l);
}

// Fills in where the lanes come from; NoKernel if what a vector of outputs
// reads is more than one vector. To be freed by channelwise_free.
static int channelwise_prepare(Channelwise *f) {
  const Conv *p = f->p;
  int perout = p->cout / p->groups;
  f->perin = p->cin / p->groups;
  if (p->groups == 1 || perout >= 16 || f->perin > 16 || p->cin < WIDTH || p->cout < WIDTH) return NoKernel;
  f->vectors = (p->cout + WIDTH - 1) / WIDTH;
  f->first = malloc(2 * f->vectors * sizeof *f->first);
  f->lane = aligned_alloc(64, round_up(f->vectors * f->perin * sizeof *f->lane, 64));
  f->zeros = buffer_of(max_of(p->cin, p->cout));
  if (!f->first || !f->lane || !f->zeros) return NoMemory;
  memset(f->zeros, 0, max_of(p->cin, p->cout) * sizeof *f->zeros);
  f->base = f->first + f->vectors;
  for (int v = 0; v < f->vectors; v++) {
    f->first[v] = min_of(v * WIDTH, p->cout - WIDTH); // the last may overlap the one before, and computes the same
    f->base[v] = min_of(f->first[v] / perout * f->perin, p->cin - WIDTH);
    for (int c = 0; c < f->perin; c++)
      for (int i = 0; i < WIDTH; i++) {
        int lane = (f->first[v] + i) / perout * f->perin + c - f->base[v];
        if (lane >= WIDTH) return NoKernel;
        f->lane[(size_t)v * f->perin + c][i] = lane;
        f->shuffled |= lane != i;
      }
  }
  return Done;
}

static void channelwise_free(Channelwise *f) {
  free(f->first);
  free(f->lane);
  give_back(f->zeros);
  give_back(f->w);
  give_back(f->sums);
}

static int channelwise_forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  Channelwise f = {.p = p, .x = x, .y = y, .relu = relu};
  int answer = channelwise_prepare(&f);
  size_t taps = (size_t)taps_of(p) * f.perin;
  if (answer == Done && !(f.w = buffer_of(f.vectors * taps * WIDTH))) answer = NoMemory;
  if (answer == Done) {
    f.bias = bias ? bias : f.zeros;
    for (int v = 0; v < f.vectors; v++)
      for (size_t t = 0; t < taps; t++) store(f.w + ((size_t)v * taps + t) * WIDTH, load(w + t * p->cout + f.first[v]));
    f.past_caches = WIDTH == 16 && streams(p, y, p->cout);
    f.rows = rows_of_job(p, listed_floats(p), p->batch * p->out[0]);
    f.parts = (p->out[1] + f.rows - 1) / f.rows;
    threads->run(threads->pool, p->batch * p->out[0] * f.parts, channelwise_job, &f);
  }
  channelwise_free(&f);
  return f.failed ? NoMemory : answer;
}

static int channelwise_gradient(const Conv *p, const float *x, const float *v, float *dw, const Threads *threads) {
  Channelwise f = {.p = p, .x = x, .v = v};
  int answer = channelwise_prepare(&f);
  size_t taps = (size_t)taps_of(p) * f.perin, size = f.vectors * taps * WIDTH;
  f.rows = rows_of_job(p, listed_floats(p), 16);
  f.parts = min_of(p->batch, 16); // not the number of threads: the bits are the same on any number
  if (answer == Done && !(f.sums = buffer_of(f.parts * size))) answer = NoMemory;
  for (; answer == Done; f.careful = 1) {
    threads->run(threads->pool, f.parts, channelwise_gradient_job, &f);
    if (f.failed) answer = NoMemory;
    for (int i = 1; i < f.parts; i++)
      for (size_t j = 0; j < size; j++) f.sums[j] += f.sums[i * size + j];
    for (int vector = 0; vector < f.vectors; vector++)
      for (size_t t = 0; t < taps; t++) store(dw + t * p->cout + f.first[vector], load(f.sums + ((size_t)vector * taps + t) * WIDTH));
    if (f.careful || all_finite(dw, taps * p->cout)) break;
  }
  channelwise_free(&f);
  return answer;
}
