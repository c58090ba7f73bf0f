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
// and what each strip reads of any input row is found once for all rows.
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

// What the taps of a set, a window or a single tap, read for a strip.
typedef struct {
  long first;   // where pixel 0 lies in an input row, in floats
  int from, to; // the pixels [from, to) lie inside the row
} Place;

// The outputs r, r+hole, ... of a row: without holes in the input all of them.
typedef struct {
  int wide;          // how many
  int strip, strips; // outputs of a strip, so that all are even; and how many
  int windows, sets; // of a row of taps; the windows come first
  int *tap;          // [sets]: the first tap of each in the row
  Place *place;      // [strips][sets]
} Phase;

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
  Phase *phase;    // [hole of the width]
} Channelwise;

// A row of taps that meets the input: its input row, and the number of its first tap.
typedef struct {
  const float *at;
  int tap;
} InputRow;

// What the outputs of one row read: all of their input rows, of which the
// strip at hand has its places.
typedef struct {
  InputRow *row; // [rows]
  int rows;
  int below; // so many more input rows lie below the last one and are read next
  const Phase *phase;
  const Place *place; // [sets]
  long step;          // from one pixel to the next
} Reads;

// Reads the channels at of some pixels of an input row, zeros outside of it.
INLINE void channelwise_read(const int pixels, const int shuffled, const Place *place, const float *row, long step, long at, lanes lane, vec *x) {
  const float *from[(STRIP + WINDOW + 1) / 3]; // three pixels are reached from one address
  for (int i = 0; i < pixels; i += 3) from[i / 3] = row + place->first + at + i * step;
  if (place->from == 0 && place->to == pixels) {
    for (int i = 0; i < pixels; i++) x[i] = load(from[i / 3] + i % 3 * step);
  } else {
    for (int i = 0; i < pixels; i++) {
      x[i] = (vec){0};
      if (i >= place->from && i < place->to) x[i] = load(from[i / 3] + i % 3 * step);
    }
  }
  for (int i = 0; i < pixels && shuffled; i++) x[i] = __builtin_shuffle(x[i], lane);
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
      for (int s = 0; s < r->phase->sets; s++) {
        const float *k = w + ((size_t)r->row[e].tap + r->phase->tap[s]) * perin * WIDTH;
        if (s < r->phase->windows) {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, k += WIDTH) {
            vec x[STRIP + WINDOW - 1];
            channelwise_read(outputs + WINDOW - 1, shuffled, r->place + s, r->row[e].at, r->step, at, lane[c], x);
            for (int t = 0; t < WINDOW; t++) {
              vec kt = load(k + (size_t)t * perin * WIDTH);
              for (int i = 0; i < outputs; i++) sum[i] += x[i + t] * kt;
            }
          }
        } else {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, k += WIDTH) {
            vec x[STRIP], kt = load(k);
            channelwise_read(outputs, shuffled, r->place + s, r->row[e].at, r->step, at, lane[c], x);
            for (int i = 0; i < outputs; i++) sum[i] += x[i] * kt;
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
      for (int s = 0; s < r->phase->sets; s++) {
        float *to = sums + ((size_t)r->row[e].tap + r->phase->tap[s]) * perin * WIDTH;
        if (s < r->phase->windows) {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, to += WIDTH) {
            vec x[STRIP + WINDOW - 1];
            channelwise_read(outputs + WINDOW - 1, shuffled, r->place + s, r->row[e].at, r->step, at, lane[c], x);
            for (int t = 0; t < WINDOW; t++) {
              vec sum = gi[0] * x[t];
              for (int i = 1; i < outputs; i++) sum += gi[i] * x[i + t];
              store(to + (size_t)t * perin * WIDTH, load(to + (size_t)t * perin * WIDTH) + sum);
            }
          }
        } else {
#pragma GCC unroll 1
          for (int c = 0; c < perin; c++, to += WIDTH) {
            vec x[STRIP];
            channelwise_read(outputs, shuffled, r->place + s, r->row[e].at, r->step, at, lane[c], x);
            vec sum = gi[0] * x[0];
            for (int i = 1; i < outputs; i++) sum += gi[i] * x[i];
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
      for (int s = 0; s < r->phase->sets; s++)
        for (int t = 0; t < (s < r->phase->windows ? WINDOW : 1); t++)
          for (int c = 0; c < f->perin; c++) {
            const Place *place = r->place + s;
            float *to = sums + (((size_t)r->row[e].tap + r->phase->tap[s] + t) * f->perin + c) * WIDTH;
            for (int i = max_of(0, place->from - t); i < min_of(outputs, place->to - t); i++) {
              vec x = load(r->row[e].at + place->first + (i + t) * r->step + f->base[v]);
              store(to, load(to) + load(g + f->first[v] + (long)i * f->p->cout) * __builtin_shuffle(x, lane[c]));
            }
          }
}

// Cuts the outputs of phase r into strips and a row of taps into sets. Over an
// input with holes the taps that meet only holes are left out.
static int phase_new(const Conv *p, int r, Phase *phase) {
  int wide = outputs_of_phase(p, r), strips = (wide + STRIP - 1) / STRIP, strip = (wide + strips - 1) / max_of(1, strips), t = 0, n = 0;
  *phase = (Phase){.wide = wide, .strip = strip, .strips = strips};
  phase->place = malloc((size_t)max_of(1, strips) * p->kernel[2] * (sizeof *phase->place + sizeof *phase->tap));
  if (!phase->place) return 0;
  phase->tap = (int *)(phase->place + (size_t)max_of(1, strips) * p->kernel[2]);
  if (p->hole[2] == 1 && p->stride[2] == 1 && p->dilation[2] == 1)
    for (; t + WINDOW <= p->kernel[2]; t += WINDOW) phase->tap[n++] = t;
  phase->windows = n;
  for (; t < p->kernel[2]; t++)
    if ((r - p->pad[2] + t * p->dilation[2]) % p->hole[2] == 0) phase->tap[n++] = t;
  phase->sets = n;
  int step = p->hole[2] == 1 ? p->stride[2] : 1;
  Place *place = phase->place;
  for (int j = 0; j < wide; j += strip)
    for (int s = 0; s < n; s++, place++) {
      int pixels = min_of(strip, wide - j) + (s < phase->windows ? WINDOW - 1 : 0);
      int first = floor_div((r + j * p->hole[2]) * p->stride[2] - p->pad[2] + phase->tap[s] * p->dilation[2], p->hole[2]);
      place->first = (long)first * p->cin;
      place->from = min_of(pixels, first < 0 ? (-first + step - 1) / step : 0);
      place->to = max_of(place->from, min_of(pixels, floor_div(p->in[2] - 1 - first, step) + 1));
    }
  return 1;
}

// Lists the rows of taps that meet the input at output row oh, and sets the
// places to those of the first strip.
static void list_rows(const Channelwise *f, int n, int od, int oh, int high, const Phase *phase, Reads *reads) {
  const Conv *p = f->p;
  int last = high;
  reads->rows = 0;
  for (int a = 0; a < p->kernel[0]; a++)
    for (int b = 0; b < p->kernel[1]; b++) {
      int id = input_at(p, 0, od, a), ih = input_at(p, 1, oh, b);
      if (id < 0 || ih < 0) continue;
      last = ih;
      reads->row[reads->rows++] = (InputRow){f->x + input_row(p, n, id, ih), (a * p->kernel[1] + b) * p->kernel[2]};
    }
  reads->below = max_of(0, min_of(p->stride[1], high - 1 - last));
  reads->phase = phase;
  reads->place = phase->place;
}

// Fetches what the strip will read of the input rows behind those that it reads
// now, as many as the next output row reads first. INLINE: GCC takes a function
// that only fetches for one without effect, and drops the call.
INLINE void fetch_below(const Conv *p, const Reads *r) {
  for (int b = 1; b <= r->below; b++) {
    const float *pixel = r->row[r->rows - 1].at + (long)b * p->in[2] * p->cin + r->place->first;
    for (int i = 0; i < r->phase->strip; i++, pixel += r->step)
      for (int at = 0; at < min_of(p->stride[2], 2) * p->cin; at += 16) __builtin_prefetch(pixel + at); // with a stride also what the taps between the strip's read
  }
}

static void channelwise_job(void *context, int job) {
  Channelwise *f = context;
  const Conv *p = f->p;
  int part = job % f->parts, od = job / f->parts % p->out[0], n = job / f->parts / p->out[0];
  int oh0 = part * f->rows, oh1 = min_of(p->out[1], oh0 + f->rows), low, high;
  rows_read(p, oh0, oh1, &low, &high);
  Reads reads = {.step = (long)(p->hole[2] == 1 ? p->stride[2] : 1) * p->cin};
  if (!(reads.row = malloc(taps_of(p) * sizeof *reads.row))) f->failed = 1, oh1 = oh0;
  long y_step = (long)p->hole[2] * p->cout;
  for (int r = 0; r < p->hole[2]; r++) {
    const Phase *phase = f->phase + r;
    for (int oh = oh0; oh < oh1; oh++) {
      list_rows(f, n, od, oh, high, phase, &reads);
      float *y = f->y + output_row(p, n, od, oh) + (size_t)r * p->cout;
      for (int j = 0; j < phase->wide; j += phase->strip, y += phase->strip * y_step, reads.place += phase->sets) {
        if (phase->sets) fetch_below(p, &reads);
        NAME(channelwise_strips)[f->shuffled][min_of(phase->strip, phase->wide - j)](f, &reads, y, y_step);
      }
    }
  }
  free(reads.row);
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
  Reads reads = {.step = (long)p->stride[2] * p->cin};
  if (!(reads.row = malloc(taps_of(p) * sizeof *reads.row))) f->failed = 1, n = end;
  for (; n < end; n++)
    for (int od = 0; od < p->out[0]; od++)
      for (int oh = 0; oh < p->out[1]; oh++) {
        list_rows(f, n, od, oh, p->in[1], f->phase, &reads);
        const float *g = f->v + output_row(p, n, od, oh);
        for (int j = 0; j < p->out[2]; j += f->phase->strip, g += (long)f->phase->strip * p->cout, reads.place += f->phase->sets) {
          int outputs = min_of(f->phase->strip, p->out[2] - j);
          fetch_below(p, &reads);
          if (f->careful) channelwise_sum_careful(outputs, f, &reads, g, sums);
          else NAME(channelwise_sums)[f->shuffled][outputs](f, &reads, g, sums);
        }
      }
  free(reads.row);
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
  f->zeros = buffer_of(p->cout);
  f->phase = calloc(p->hole[2], sizeof *f->phase);
  if (!f->first || !f->lane || !f->zeros || !f->phase) return NoMemory;
  for (int r = 0; r < p->hole[2]; r++)
    if (!phase_new(p, r, f->phase + r)) return NoMemory;
  memset(f->zeros, 0, p->cout * sizeof *f->zeros);
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
  for (int r = 0; f->phase && r < f->p->hole[2]; r++) free(f->phase[r].place);
  free(f->phase);
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
    f.rows = rows_of_job(p, 1, p->batch * p->out[0]);
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
