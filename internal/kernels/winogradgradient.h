// The kernel gradient of winograd.h's kernels, with as few products: F(3x3,2x2).
// Here the 3x3 numbers of the kernel are the outputs, and a tile's 2x2 gradients
// v slide over its patch of 4x4 pixels:
//
//   patch  4x4 --B--> 4x4 --+
//                           +-- product, summed over tiles --A'--> 3x3 of the kernel
//   v      2x2 --G'-> 4x4 --+
//
// The sums of the 16 numbers are those of gradient.h, with tiles for positions.
// Each part of the tiles has sums of its own, added in their order: the bits do
// not depend on the number of threads. If a gradient comes out that is not
// finite, all is computed anew without this.

// A tile's v, for one vector of outputs: G' v G'. corner: which of the 2x2 are
// inside.
INLINE void winograd_tile(const float *v, long below, long beside, int high, int wide, float *to, long step) {
  vec zero = {0}, a[2][2], t[4][2];
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) a[i][j] = i < high && j < wide ? load(v + i * below + j * beside) : zero;
  for (int j = 0; j < 2; j++) t[0][j] = a[0][j], t[1][j] = (a[0][j] + a[1][j]) * 0.5f, t[2][j] = (a[0][j] - a[1][j]) * 0.5f, t[3][j] = a[1][j];
  for (int i = 0; i < 4; i++) {
    store(to + (4 * i + 0) * step, t[i][0]);
    store(to + (4 * i + 1) * step, (t[i][0] + t[i][1]) * 0.5f);
    store(to + (4 * i + 2) * step, (t[i][0] - t[i][1]) * 0.5f);
    store(to + (4 * i + 3) * step, t[i][1]);
  }
}

// Adds some tiles to the sums of a part: [groups][tap of depth][16][blocks][channels][BLOCK].
static void winograd_add(const Winograd *f, long tile0, int tiles, PatchPixels *pixels, float *patches, float *grads, float *sums) {
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups;
  long patch = number_floats(perin, tiles), grad = number_floats(perout, tiles), block = (long)perin * BLOCK;
  Ahead none = {0}, ahead_of[2] = {none, none};
  winograd_list(f, tile0, tiles, pixels);
  for (int g = 0; g < p->groups; g++) {
    Corner c = corner_of(f, tile0);
    for (int i = 0; i < tiles; i++, next_corner(f, &c)) {
      const float *v = f->v + output_row(p, c.n, c.od, c.oh) + (size_t)c.ow * p->cout + (size_t)g * perout;
      int high = c.oh + p->dilation[1] < p->out[1] ? 2 : 1, wide = c.ow + p->dilation[2] < p->out[2] ? 2 : 1;
      long below = (long)p->dilation[1] * p->out[2] * p->cout, beside = (long)p->dilation[2] * p->cout;
      for (int k = 0; k < perout; k += WIDTH) winograd_tile(v + k, below, beside, high, wide, grads + (long)i * perout + k, grad);
    }
    for (int a = 0; a < p->kernel[0]; a++) {
      winograd_spread(f, g, pixels + a * tiles, tiles, patches, 16, perin);
      for (int m = 0; m < 16; m++, sums += f->blocks * block)
        for (int k = 0; k < f->blocks; k++)
          gradient_sum(ahead_of, perin, perout - k * BLOCK > WIDTH ? 2 : 1, patches + m * patch, perin, 0, grads + m * grad + (long)k * BLOCK, perout, 0, 1, tiles, sums + k * block);
    }
  }
}

static void winograd_gradient_job(void *context, int part) {
  Winograd *f = context;
  const Conv *p = f->p;
  size_t size = (size_t)p->groups * p->kernel[0] * 16 * f->blocks * (p->cin / p->groups) * BLOCK;
  float *sums = f->sums + part * size;
  float *patches = buffer_of(16 * number_floats(p->cin / p->groups, f->tiles)), *grads = buffer_of(16 * number_floats(p->cout / p->groups, f->tiles));
  long tile = f->all * part / f->parts, end = f->all * (part + 1) / f->parts;
  PatchPixels *pixels = malloc(p->kernel[0] * f->tiles * sizeof *pixels);
  if (!patches || !grads || !pixels) f->failed = 1, tile = end;
  else memset(sums, 0, size * sizeof *sums);
  for (; tile < end; tile += f->tiles) winograd_add(f, tile, end - tile < f->tiles ? end - tile : f->tiles, pixels, patches, grads, sums);
  give_back(patches), give_back(grads), free(pixels);
}

// A' s A', from the 16 sums of a channel for one vector of outputs.
INLINE void winograd_kernel(const float *s, long step, float *to, long tap) {
  vec t[3][4];
  for (int j = 0; j < 4; j++) {
    vec s1 = load(s + (4 + j) * step), s2 = load(s + (8 + j) * step);
    t[0][j] = load(s + j * step) + s1 + s2, t[1][j] = s1 - s2, t[2][j] = s1 + s2 - load(s + (12 + j) * step);
  }
  for (int i = 0; i < 3; i++) {
    store(to + (3 * i + 0) * tap, t[i][0] + t[i][1] + t[i][2]);
    store(to + (3 * i + 1) * tap, t[i][1] - t[i][2]);
    store(to + (3 * i + 2) * tap, t[i][1] + t[i][2] - t[i][3]);
  }
}

static int winograd_gradient(const Conv *p, const float *x, const float *v, float *dw, const Threads *threads) {
  int perin = p->cin / p->groups, perout = p->cout / p->groups, deep = p->kernel[0];
  Winograd f = {.p = p, .x = x, .v = v, .blocks = (perout + BLOCK - 1) / BLOCK};
  int fit = perin < 32 || perout % 16 ? NoKernel : winograd_tiles(&f);
  if (fit != Done) return fit;
  f.tiles = min_of(TILES, max_of(TILE, 8192 / (perin + perout) / TILE * TILE)); // 512 KiB
  size_t size = (size_t)p->groups * deep * 16 * f.blocks * perin * BLOCK;
  f.parts = max_of(8, min_of(16, (int)(2097152 / size))); // 8 MiB of sums, if they are not too large for that
  if (f.all < (long)f.parts * f.tiles) f.parts = max_of(1, f.all / f.tiles);
  f.sums = buffer_of(f.parts * size), f.zeros = buffer_of(p->cin);
  if (f.sums && f.zeros) {
    memset(f.zeros, 0, p->cin * sizeof *f.zeros);
    threads->run(threads->pool, f.parts, winograd_gradient_job, &f);
  } else
    f.failed = 1;
  if (!f.failed) {
    for (int i = 1; i < f.parts; i++)
      for (size_t j = 0; j < size; j++) f.sums[j] += f.sums[i * size + j];
    long block = (long)perin * BLOCK;
    for (int g = 0; g < p->groups; g++)
      for (int a = 0; a < deep; a++)
        for (int c = 0; c < perin; c++)
          for (int k = 0; k < perout; k += WIDTH)
            winograd_kernel(f.sums + ((size_t)g * deep + a) * 16 * f.blocks * block + k / BLOCK * block + (long)c * BLOCK + k % BLOCK, f.blocks * block,
                            dw + ((size_t)a * 9 * perin + c) * p->cout + (size_t)g * perout + k, (long)perin * p->cout);
  }
  int answer = f.failed ? NoMemory : all_finite(dw, (size_t)deep * 9 * perin * p->cout) ? Done : NoKernel;
  give_back(f.sums), give_back(f.zeros), free(f.row);
  return answer;
}
