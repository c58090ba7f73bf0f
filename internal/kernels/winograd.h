// Forward for 3x3 kernels that move by one pixel, dilated or not, with fewer products
// (Winograd's F(2x2,3x3); Lavin and Gray, Fast Algorithms for Convolutional
// Neural Networks, 2015).
//
// A tile of 2x2 outputs reads a patch of 4x4 pixels. Patch and kernel are each
// turned into 4x4 numbers by additions; then the tile takes 16 products for a
// channel and an output, where the definition takes 36:
//
//   patch  4x4 --B--> 4x4 --+
//                           +-- product, summed over channels --A--> 2x2 outputs
//   kernel 3x3 --G--> 4x4 --+
//
// With a dilation of d, outputs and pixels of a tile lie d apart: every d-th row
// and column is a convolution of its own without dilation.
//
// A part of the work is some tiles, which may belong to several images:
//
//   spread   the patches, as  [tap of depth][16 numbers][blocks of 16 channels][tiles][16]
//   multiply for each of the 16 numbers, as dense.h does:  [16 numbers][tiles][BLOCK]
//   gather   the outputs of a block
//
// A patch that holds a NaN or an infinity spoils its whole tile, where the
// definition spoils only the outputs that read it: then the outputs are
// computed anew without this.

enum { TILES = 56 / TILE * TILE }; // of a part, at most

typedef struct {
  const Conv *p;
  const float *x, *bias;
  float *y, *w, *zeros; // w: [groups][blocks][16 numbers][tap of depth][channels][BLOCK]
  const float *v;       // see winogradgradient.h
  float *sums;
  int parts;
  int relu, failed, spoilt;
  int past_caches;        // the output is written
  int blocks, high, wide; // of outputs, per group; tiles of an output plane
  int *row, *column;      // [high], [wide]: the first output of each row and column of tiles
  int tiles;              // of a part
  int jobs;               // each of some parts
  long all;               // tiles
} Winograd;

// How many tiles the outputs of an axis take, and the first output of each in
// first, if that is not null: those of the outputs 0, d, 2d, ..., then of
// 1, d+1, 2d+1, ... for a dilation of d.
static int tiles_along(const Conv *p, int axis, int *first) {
  int tiles = 0;
  for (int r = 0; r < p->dilation[axis]; r++)
    for (int o = r; o < p->out[axis]; o += 2 * p->dilation[axis], tiles++)
      if (first) first[tiles] = o;
  return tiles;
}

// Whether it applies to the kernel's sizes, and pays.
static int winograd_fits(const Conv *p) {
  for (int i = 1; i < 3; i++)
    if (p->kernel[i] != 3 || p->stride[i] != 1 || p->hole[i] != 1 || p->out[i] < 2 * p->dilation[i]) return 0;
  return p->cin / p->groups % 16 == 0 && p->cout / p->groups >= 16;
}

// Sets the tiles of f's outputs. NoKernel where this does not apply or there are
// too few tiles.
static int winograd_tiles(Winograd *f) {
  const Conv *p = f->p;
  if (!winograd_fits(p)) return NoKernel;
  f->high = tiles_along(p, 1, 0), f->wide = tiles_along(p, 2, 0);
  f->all = (long)p->batch * p->out[0] * f->high * f->wide;
  if (f->all < 4 * TILE) return NoKernel;
  if (!(f->row = malloc((f->high + f->wide) * sizeof *f->row))) return NoMemory;
  f->column = f->row + f->high;
  tiles_along(p, 1, f->row), tiles_along(p, 2, f->column);
  return Done;
}

// A tile's place among the tiles, and its first output.
typedef struct {
  int n, od, h, w;
  int oh, ow;
} Corner;
static Corner corner_of(const Winograd *f, long tile) {
  long plane = tile / f->wide / f->high;
  int h = tile / f->wide % f->high, w = tile % f->wide;
  return (Corner){plane / f->p->out[0], plane % f->p->out[0], h, w, f->row[h], f->column[w]};
}
static inline void next_corner(const Winograd *f, Corner *c) {
  if (++c->w == f->wide) {
    c->w = 0;
    if (++c->h == f->high) {
      c->h = 0;
      if (++c->od == f->p->out[0]) c->od = 0, c->n++;
    }
    c->oh = f->row[c->h];
  }
  c->ow = f->column[c->w];
}

// One patch for one vector of channels: B' d B.
INLINE void winograd_patch(const float *const pixels[16], long at, float *to, long step) {
  vec t[4][4];
  for (int j = 0; j < 4; j++) {
    vec d0 = load(pixels[j] + at), d1 = load(pixels[4 + j] + at), d2 = load(pixels[8 + j] + at), d3 = load(pixels[12 + j] + at);
    t[0][j] = d0 - d2, t[1][j] = d1 + d2, t[2][j] = d2 - d1, t[3][j] = d1 - d3;
  }
  for (int i = 0; i < 4; i++) {
    store(to + (4 * i + 0) * step, t[i][0] - t[i][2]);
    store(to + (4 * i + 1) * step, t[i][1] + t[i][2]);
    store(to + (4 * i + 2) * step, t[i][2] - t[i][1]);
    store(to + (4 * i + 3) * step, t[i][1] - t[i][3]);
  }
}

// From one of a patch's 16 numbers to the next: with a cache line between, or
// they would often want the same places of the cache.
static inline long number_floats(int perin, int tiles) { return (long)perin * tiles + 16; }

// Where the 16 pixels of a patch lie; outside the input they are zeros.
typedef const float *PatchPixels[16];

// Lists the pixels of some tiles for each tap of depth: [taps][tiles].
static void winograd_list(const Winograd *f, long tile0, int tiles, PatchPixels *pixels) {
  const Conv *p = f->p;
  for (int a = 0; a < p->kernel[0]; a++) {
    Corner c = corner_of(f, tile0);
    for (int i = 0; i < tiles; i++, next_corner(f, &c), pixels++) {
      int id = input_at(p, 0, c.od, a), w0 = c.ow - p->pad[2];
      for (int b = 0; b < 4; b++) {
        int h = c.oh - p->pad[1] + b * p->dilation[1], there = id >= 0 && h >= 0 && h < p->in[1];
        const float *row = there ? f->x + input_row(p, c.n, id, h) : 0;
        for (int k = 0, w = w0; k < 4; k++, w += p->dilation[2]) (*pixels)[4 * b + k] = there && w >= 0 && w < p->in[2] ? row + (long)w * p->cin : f->zeros;
      }
    }
  }
}

// The patches of some tiles, for one group and tap of depth. block and each are
// the ways from one block of 16 channels to the next and from one tile to the next.
static void winograd_spread(const Winograd *f, int g, const PatchPixels *pixels, int tiles, float *to, long block, long each) {
  int perin = f->p->cin / f->p->groups;
  long step = number_floats(perin, tiles);
  for (int i = 0; i < tiles; i++)
    for (int at = 0; at < perin; at += WIDTH) winograd_patch(pixels[i], (long)g * perin + at, to + at / 16 * block + i * each + at % 16, step);
}

// The outputs of one tile for one vector: A' m A, with bias. What is not finite
// makes spoilt NaN.
INLINE void winograd_outputs(const float *from, long step, vec bias, int relu, vec y[4], vec *spoilt) {
  vec s[2][4];
  for (int j = 0; j < 4; j++) {
    vec m1 = load(from + (4 + j) * step), m2 = load(from + (8 + j) * step);
    s[0][j] = load(from + j * step) + m1 + m2;
    s[1][j] = m1 - m2 - load(from + (12 + j) * step);
  }
  for (int i = 0; i < 2; i++) {
    y[2 * i] = s[i][0] + s[i][1] + s[i][2] + bias;
    y[2 * i + 1] = s[i][1] - s[i][2] - s[i][3] + bias;
  }
  for (int i = 0; i < 4; i++) {
    *spoilt += y[i] * 0;
    if (relu) y[i] = positive(y[i]);
  }
}

// The outputs of a block of some tiles.
static void winograd_gather(Winograd *f, int first, int outputs, long tile0, int tiles, const float *from) {
  const Conv *p = f->p;
  float bias[BLOCK] = {0};
  if (f->bias) memcpy(bias, f->bias + first, outputs * sizeof *bias);
  vec spoilt = {0};
  Corner c = corner_of(f, tile0);
  for (int i = 0; i < tiles; i++, next_corner(f, &c)) {
    float *to = f->y + output_row(p, c.n, c.od, c.oh) + (size_t)c.ow * p->cout + first;
    long below = (long)p->dilation[1] * p->out[2] * p->cout, beside = (long)p->dilation[2] * p->cout;
    int high = c.oh + p->dilation[1] < p->out[1] ? 2 : 1, wide = c.ow + p->dilation[2] < p->out[2] ? 2 : 1;
    for (int v = 0; v < outputs; v += WIDTH) {
      vec y[4];
      winograd_outputs(from + (long)i * BLOCK + v, (long)tiles * BLOCK, load(bias + v), f->relu, y, &spoilt);
      if (high + wide == 4 && v + WIDTH <= outputs) {
        put(f->past_caches, to + v, y[0]), put(f->past_caches, to + v + beside, y[1]);
        put(f->past_caches, to + v + below, y[2]), put(f->past_caches, to + v + below + beside, y[3]);
        continue;
      }
      for (int h = 0; h < high; h++)
        for (int w = 0; w < wide; w++) memcpy(to + v + h * below + w * beside, &y[2 * h + w], min_of(WIDTH, outputs - v) * sizeof *to);
    }
  }
  for (int i = 0; i < WIDTH; i++)
    if (spoilt[i] != spoilt[i]) f->spoilt = 1;
}

// The room that a job's parts use one after the other.
typedef struct {
  float *patches, *products;
  const float **xs; // 2 for each tap of depth: where its patches and its weights begin
  PatchPixels *pixels;
} Room;

// Part number part; behind it comes another one if more.
static void winograd_part(Winograd *f, const Room *room, long part, int more) {
  const Conv *p = f->p;
  int perin = p->cin / p->groups, perout = p->cout / p->groups, deep = p->kernel[0];
  long tile0 = part * f->tiles;
  int tiles = f->all - tile0 < f->tiles ? f->all - tile0 : f->tiles;
  long number = number_floats(perin, tiles), tap = 16 * number;
  static const float none[BLOCK];
  // The next part reads on about where this one ends.
  Corner behind = corner_of(f, tile0 + tiles);
  Ahead next = ahead(f->x + input_row(p, behind.n, behind.od, min_of(behind.oh + 2, p->in[1] - 1)), 64, 64, more ? (long)tiles * 4 * p->cin / 16 : 0,
                     (long)p->groups * f->blocks * 16 * ((tiles + TILE - 1) / TILE));
  winograd_list(f, tile0, tiles, room->pixels);
  for (int g = 0; g < p->groups; g++) {
    for (int a = 0; a < deep; a++) winograd_spread(f, g, room->pixels + a * tiles, tiles, room->patches + a * tap, (long)tiles * 16, 16);
    for (int k = 0; k < f->blocks; k++) {
      int outputs = min_of(BLOCK, perout - k * BLOCK), vectors = outputs > WIDTH ? 2 : 1;
      for (int m = 0; m < 16; m++)
        for (int i = 0; i < tiles; i += TILE) {
          for (int a = 0; a < deep; a++) {
            room->xs[a] = room->patches + a * tap + m * number + (long)i * 16;
            room->xs[deep + a] = f->w + ((((size_t)g * f->blocks + k) * 16 + m) * deep + a) * perin * BLOCK;
          }
          fetch_some(&next);
          NAME(dense_tiles)[0][vectors - 1][min_of(TILE, tiles - i)](16, deep, room->xs, room->xs + deep, perin, (long)tiles * 16, none, 0, 0, room->products + ((long)m * tiles + i) * BLOCK, BLOCK);
        }
      winograd_gather(f, g * perout + k * BLOCK, outputs, tile0, tiles, room->products);
    }
  }
}

// Some parts, one after the other.
static void winograd_job(void *context, int job) {
  Winograd *f = context;
  const Conv *p = f->p;
  int deep = p->kernel[0];
  long parts = (f->all + f->tiles - 1) / f->tiles, part = parts * job / f->jobs, end = parts * (job + 1) / f->jobs;
  Room room = {buffer_of(16 * deep * number_floats(p->cin / p->groups, f->tiles)), buffer_of(16 * (size_t)f->tiles * BLOCK), malloc(2 * deep * sizeof *room.xs),
               malloc(deep * f->tiles * sizeof *room.pixels)};
  if (!room.patches || !room.products || !room.xs || !room.pixels) f->failed = 1, part = end;
  for (; part < end; part++) winograd_part(f, &room, part, part + 1 < end);
  if (f->past_caches) streamed();
  give_back(room.patches), give_back(room.products), free(room.xs), free(room.pixels);
}

// The kernels: G w G', from what dense_lay_weights lays out.
static void winograd_weights(const Winograd *f, const float *laid) {
  const Conv *p = f->p;
  int perin = p->cin / p->groups, deep = p->kernel[0];
  long from_tap = (long)perin * BLOCK, number = (long)deep * perin * BLOCK;
  for (int k = 0; k < p->groups * f->blocks; k++)
    for (int a = 0; a < deep; a++)
      for (long c = 0; c < (long)perin * BLOCK; c += WIDTH) {
        const float *w = laid + ((size_t)k * deep + a) * 9 * from_tap + c;
        float *to = f->w + (size_t)k * 16 * number + (size_t)a * perin * BLOCK + c;
        vec t[4][3];
        for (int j = 0; j < 3; j++) {
          vec w0 = load(w + j * from_tap), w1 = load(w + (3 + j) * from_tap), w2 = load(w + (6 + j) * from_tap);
          t[0][j] = w0, t[1][j] = (w0 + w1 + w2) * 0.5f, t[2][j] = (w0 - w1 + w2) * 0.5f, t[3][j] = w2;
        }
        for (int i = 0; i < 4; i++) {
          store(to + (4 * i + 0) * number, t[i][0]);
          store(to + (4 * i + 1) * number, (t[i][0] + t[i][1] + t[i][2]) * 0.5f);
          store(to + (4 * i + 2) * number, (t[i][0] - t[i][1] + t[i][2]) * 0.5f);
          store(to + (4 * i + 3) * number, t[i][2]);
        }
      }
}

// NoKernel where it does not apply, does not pay, or met what is not finite.
static int winograd_forward(const Conv *p, const float *x, const float *w, const float *bias, int relu, float *y, const Threads *threads) {
  int perin = p->cin / p->groups, perout = p->cout / p->groups, deep = p->kernel[0];
  Winograd f = {.p = p, .x = x, .bias = bias, .y = y, .relu = relu, .blocks = (perout + BLOCK - 1) / BLOCK, .past_caches = streams(p, y, perout)};
  int fit = winograd_tiles(&f);
  if (fit != Done) return fit;
  // The patches of a part take no more than 512 KiB; 16 parts, if there are so many tiles.
  f.tiles = min_of(TILES, max_of(TILE, 8192 / (perin * deep) / TILE * TILE));
  while (f.tiles > TILE && f.all / f.tiles < 16) f.tiles -= TILE;
  size_t size = (size_t)p->groups * f.blocks * deep * perin * BLOCK;
  float *laid = buffer_of(9 * size);
  f.w = buffer_of(16 * size), f.zeros = buffer_of(p->cin);
  if (laid && f.w && f.zeros) {
    memset(f.zeros, 0, p->cin * sizeof *f.zeros);
    dense_lay_weights(p, w, f.blocks, laid);
    winograd_weights(&f, laid);
    long parts = (f.all + f.tiles - 1) / f.tiles;
    f.jobs = parts < 64 ? parts : 64;
    threads->run(threads->pool, f.jobs, winograd_job, &f);
  } else
    f.failed = 1;
  give_back(laid), give_back(f.w), give_back(f.zeros), free(f.row);
  return f.failed ? NoMemory : f.spoilt ? NoKernel : Done;
}
