// Forward and kernel gradient where each output reads one pixel alone, of many
// channels, and there are few pixels: the products of dense layers. There the
// weights are most of what memory gives, and to lay them out as dense.h does
// would take as long as to multiply.
//
// Forward: a job has some blocks of outputs. It lays out their weights for some
// channels at a time, turned if need be, and multiplies all pixels with them
// while they are in a cache, TILE at once, as dense.h does; meanwhile the weights
// of the next channels are fetched.
//
//            channels           BLOCK outputs
//          +----------+       +---------------+
//   pixels |  x       |   *   |  w, laid out  |  added to the sums, [pixels][BLOCK]
//          +----------+       +---------------+
//
// One pixel alone: the weights are read once, in the order in which they lie. A
// job has some of the channels; what the jobs sum up is added in their order.
//
// Gradient: a job has some channels and some outputs, whose x and v stay in a
// cache. A tile of the kernel is summed up over all pixels, as gradient.h does,
// and written once.

// Channels that are laid out at a time; blocks of a job; jobs of one pixel, on any number of threads.
enum { DEPTH = 128, TOGETHER = 4, MOST_PIXELS = 1024, PIXEL_JOBS = 16 };

typedef struct {
  const Conv *p;
  const float *x, *w, *bias, *v;
  float *y, *dw, *sums; // sums: [jobs][outputs], of one pixel
  int pixels, relu, failed;
  int past_caches;
  int blocks;             // of outputs
  int deep, wide, strips; // of the gradient: channels and blocks of a job; jobs side by side
} Product;

// Turns a square of WIDTH rows, in log2(WIDTH) steps: each exchanges the upper
// right quarter of ever smaller squares with the lower left one.
INLINE void product_turn(vec r[WIDTH]) {
#pragma GCC unroll 8
  for (int d = WIDTH / 2; d; d /= 2) {
    lanes low, high;
    for (int i = 0; i < WIDTH; i++) low[i] = i & d ? WIDTH + i - d : i, high[i] = i & d ? WIDTH + i : i + d;
#pragma GCC unroll 16
    for (int i = 0; i < WIDTH; i++)
      if (!(i & d)) {
        vec a = r[i], b = r[i + d];
        r[i] = __builtin_shuffle(a, b, low), r[i + d] = __builtin_shuffle(a, b, high);
      }
  }
}

// Copies n rows of some outputs, step floats apart, to [n][BLOCK], zero behind the
// last output.
static void product_rows(const float *from, long step, int n, int outputs, float *to) {
  for (int i = 0; i < n; i++, from += step, to += BLOCK) {
    memcpy(to, from, outputs * sizeof *to);
    memset(to + outputs, 0, (BLOCK - outputs) * sizeof *to);
  }
}

// Lays out the weights of the channels [c0, c0+n) for a block: [n][BLOCK], zero
// behind the last output.
static void product_lay(const Product *f, int c0, int n, int block, float *to) {
  const Conv *p = f->p;
  int first = block * BLOCK, outputs = min_of(BLOCK, p->cout - first);
  if (!p->turned) {
    product_rows(f->w + (size_t)c0 * p->cout + first, p->cout, n, outputs, to);
    return;
  }
  for (int i = 0; i < BLOCK; i += WIDTH) {
    int c = 0;
    for (; outputs - i >= WIDTH && c + WIDTH <= n; c += WIDTH) {
      vec r[WIDTH];
      for (int k = 0; k < WIDTH; k++) r[k] = load(f->w + (size_t)(first + i + k) * p->cin + c0 + c);
      product_turn(r);
      for (int k = 0; k < WIDTH; k++) store(to + (size_t)(c + k) * BLOCK + i, r[k]);
    }
    for (; c < n; c++)
      for (int k = i; k < i + WIDTH; k++) to[(size_t)c * BLOCK + k] = k < outputs ? f->w[(size_t)(first + k) * p->cin + c0 + c] : 0;
  }
}

// Some pixels times the weights that are laid out, added to sums.
INLINE void product_tile(const int pixels, const int vectors, const float *x, long x_step, const float *w, int channels, float *sums) {
  vec sum[TILE][2];
  for (int p = 0; p < pixels; p++)
    for (int v = 0; v < vectors; v++) sum[p][v] = load(sums + p * BLOCK + v * WIDTH);
  const float *from[TILE / 3 + 1]; // three pixels are reached from one address
  for (int p = 0; p < pixels; p += 3) from[p / 3] = x + p * x_step;
#pragma GCC unroll 1
  for (int c = 0; c < channels; c++, w += BLOCK) {
    vec k[2];
    for (int v = 0; v < vectors; v++) k[v] = load(w + v * WIDTH);
#pragma GCC unroll 16
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < vectors; v++) sum[p][v] += from[p / 3][p % 3 * x_step] * k[v];
    for (int p = 0; p < pixels; p += 3) from[p / 3]++;
  }
  for (int p = 0; p < pixels; p++)
    for (int v = 0; v < vectors; v++) store(sums + p * BLOCK + v * WIDTH, sum[p][v]);
}

typedef void ProductTile(const float *, long, const float *, int, float *);
#define PRODUCT_TILE(P, V) \
  static void NAME(product_tile_##P##_##V)(const float *x, long x_step, const float *w, int channels, float *sums) { product_tile(P, V, x, x_step, w, channels, sums); }
#define PRODUCT_NAME(P, V) NAME(product_tile_##P##_##V),
EACH_TILE(PRODUCT_TILE, 1)
EACH_TILE(PRODUCT_TILE, 2)
static ProductTile *const NAME(product_tiles)[2][TILE + 1] = {{0, EACH_TILE(PRODUCT_NAME, 1)}, {0, EACH_TILE(PRODUCT_NAME, 2)}};

static void product_job(void *context, int job) {
  Product *f = context;
  const Conv *p = f->p;
  int block0 = job * TOGETHER, block1 = min_of(f->blocks, block0 + TOGETHER), first = block0 * BLOCK, all = min_of(p->cout - first, TOGETHER * BLOCK);
  int tiles = (f->pixels + TILE - 1) / TILE, tile = (f->pixels + tiles - 1) / tiles;
  size_t room = (size_t)f->pixels * BLOCK;
  float *laid = buffer_of(DEPTH * BLOCK), *sums = buffer_of(TOGETHER * room);
  if (!laid || !sums) f->failed = 1, block1 = block0;
  for (int block = block0; block < block1; block++) {
    float bias[BLOCK] = {0};
    if (f->bias) memcpy(bias, f->bias + block * BLOCK, min_of(BLOCK, p->cout - block * BLOCK) * sizeof *bias);
    for (int i = 0; i < f->pixels; i++) memcpy(sums + (block - block0) * room + (size_t)i * BLOCK, bias, sizeof bias);
  }
  for (int c0 = 0; c0 < p->cin && block0 < block1; c0 += DEPTH) {
    int n = min_of(DEPTH, p->cin - c0), more = min_of(DEPTH, p->cin - c0 - n), times = (block1 - block0) * tiles;
    Ahead next = p->turned ? ahead(f->w + (size_t)first * p->cin + c0 + n, (long)p->cin * 4, more * 4, more ? all : 0, times)
                           : ahead(f->w + (size_t)(c0 + n) * p->cout + first, (long)p->cout * 4, all * 4, more, times);
    for (int block = block0; block < block1; block++) {
      float *to = sums + (block - block0) * room;
      product_lay(f, c0, n, block, laid);
      for (int i = 0; i < f->pixels; i += tile) {
        fetch_some(&next);
        NAME(product_tiles)[p->cout - block * BLOCK > WIDTH][min_of(tile, f->pixels - i)](f->x + (size_t)i * p->cin + c0, p->cin, laid, n, to + (size_t)i * BLOCK);
      }
    }
  }
  for (int block = block0; block < block1; block++)
    for (int i = 0; i < f->pixels; i++) {
      float *from = sums + (block - block0) * room + (size_t)i * BLOCK;
      for (int v = 0; f->relu && v < BLOCK; v += WIDTH) store(from + v, positive(load(from + v)));
      memcpy(f->y + (size_t)i * p->cout + block * BLOCK, from, min_of(BLOCK, p->cout - block * BLOCK) * sizeof *from);
    }
  give_back(laid), give_back(sums);
}

// The pixels of a convolution for these kernels, else 0.
static int product_pixels(const Conv *p) {
  long pixels = (long)p->batch * p->in[0] * p->in[1] * p->in[2];
  return alone(p) && p->groups == 1 && p->cin >= 2 * DEPTH && p->cout >= BLOCK && pixels <= MOST_PIXELS ? pixels : 0;
}

// Adds the weights of n channels, times x, to sums.
INLINE void product_channels(const int n, const float *x, const float *w, int outputs, float *sums) {
  int k = 0;
  for (; k + WIDTH <= outputs; k += WIDTH) {
    vec sum = load(sums + k);
    for (int i = 0; i < n; i++) sum += x[i] * load(w + (size_t)i * outputs + k);
    store(sums + k, sum);
  }
  for (; k < outputs; k++)
    for (int i = 0; i < n; i++) sums[k] += x[i] * w[(size_t)i * outputs + k];
}

static void product_pixel_job(void *context, int job) {
  Product *f = context;
  int outputs = f->p->cout, c = (long)f->p->cin * job / PIXEL_JOBS, end = (long)f->p->cin * (job + 1) / PIXEL_JOBS;
  float *sums = f->sums + (size_t)job * outputs;
  memset(sums, 0, outputs * sizeof *sums);
  for (; c + 4 <= end; c += 4) product_channels(4, f->x + c, f->w + (size_t)c * outputs, outputs, sums);
  for (; c < end; c++) product_channels(1, f->x + c, f->w + (size_t)c * outputs, outputs, sums);
}

static int product_pixel(Product *f, const Threads *threads) {
  int outputs = f->p->cout;
  if (!(f->sums = buffer_of((size_t)PIXEL_JOBS * outputs))) return NoMemory;
  threads->run(threads->pool, PIXEL_JOBS, product_pixel_job, f);
  for (int k = 0; k < outputs; k++) {
    float y = f->bias ? f->bias[k] : 0;
    for (int i = 0; i < PIXEL_JOBS; i++) y += f->sums[(size_t)i * outputs + k];
    f->y[k] = f->relu && y < 0 ? 0 : y;
  }
  give_back(f->sums);
  return Done;
}

static int product_forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  Product f = {.p = p, .x = x, .w = w, .bias = bias, .y = y, .relu = relu, .pixels = product_pixels(p), .blocks = (p->cout + BLOCK - 1) / BLOCK};
  if (!f.pixels) return NoKernel;
  if (f.pixels == 1 && !p->turned) return product_pixel(&f, threads);
  threads->run(threads->pool, (f.blocks + TOGETHER - 1) / TOGETHER, product_job, &f);
  return f.failed ? NoMemory : Done;
}

static void product_gradient_job(void *context, int job) {
  Product *f = context;
  const Conv *p = f->p;
  int strip = job % f->strips, c0 = job / f->strips * f->deep, c1 = min_of(p->cin, c0 + f->deep);
  int tiles = (c1 - c0 + TILE - 1) / TILE, tile = (c1 - c0 + tiles - 1) / tiles;
  float *laid = buffer_of((size_t)f->pixels * BLOCK), sums[TILE * BLOCK];
  if (!laid) f->failed = 1;
  for (int block = strip * f->wide; laid && block < min_of(f->blocks, (strip + 1) * f->wide); block++) {
    int first = block * BLOCK, outputs = min_of(BLOCK, p->cout - first), vectors = outputs > WIDTH ? 2 : 1;
    product_rows(f->v + first, p->cout, f->pixels, outputs, laid);
    for (int c = c0; c < c1; c += tile) {
      int n = min_of(tile, c1 - c);
      memset(sums, 0, n * BLOCK * sizeof *sums);
      NAME(gradient_tiles)[vectors - 1][n](f->x + c, p->cin, 0, laid, BLOCK, 0, 1, f->pixels, sums);
      float *to = f->dw + (size_t)c * p->cout + first;
      for (int i = 0; i < n; i++, to += p->cout) {
        if (outputs < vectors * WIDTH) memcpy(to, sums + i * BLOCK, outputs * sizeof *to);
        else
          for (int v = 0; v < vectors; v++) put(f->past_caches, to + v * WIDTH, load(sums + i * BLOCK + v * WIDTH));
      }
    }
  }
  if (f->past_caches) streamed();
  give_back(laid);
}

static int product_gradient(const Conv *p, const float *x, const float *v, float *dw, const Threads *threads) {
  Product f = {.p = p, .x = x, .v = v, .dw = dw, .pixels = product_pixels(p), .blocks = (p->cout + BLOCK - 1) / BLOCK};
  if (!f.pixels) return NoKernel;
  f.past_caches = past_caches((size_t)p->cin * p->cout, dw, p->cout);
  f.deep = max_of(TILE, 65536 / f.pixels / TILE * TILE); // 256 KiB of x
  f.wide = max_of(1, 65536 / f.pixels / BLOCK);          // as much of v
  f.strips = (f.blocks + f.wide - 1) / f.wide;
  threads->run(threads->pool, (p->cin + f.deep - 1) / f.deep * f.strips, product_gradient_job, &f);
  return f.failed ? NoMemory : Done;
}
