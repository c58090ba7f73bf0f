// Sums by channel, which batch normalisation and biases learn from: one pass
// over one or two arrays [rows][channels].
//
//               4 vectors of channels
//             +-----------------------+
//   a piece   |  a - a0    b - b0     |  for each row: sum[v] += a, dot[v] += a*b
//   of rows   |                       |
//             +-----------------------+
//
// A piece is summed up in registers, in float32, and is small enough for a
// cache. Pieces are added in float64. The parts of the rows are added in their
// order: the bits do not depend on the number of threads.

typedef struct {
  const Sums *s;
  double *sums; // [parts][sum, dot][channels]
  int parts, vectors;
} Parts;

// Where vector i of the channels begins: the last one ends with them, and may
// begin inside the one before.
static int channel_of(const Sums *s, int i) { return min_of(i * WIDTH, s->channels - WIDTH); }

// The sums of some rows for some vectors of channels.
INLINE void piece_sums(const int vectors, const Sums *s, const int *at, long row, int rows, vec sum[4], vec dot[4]) {
  vec a0[4], b0[4];
  for (int i = 0; i < vectors; i++) {
    vec zero = {0};
    sum[i] = dot[i] = zero;
    a0[i] = s->a0 ? load(s->a0 + at[i]) : zero;
    b0[i] = s->b0 ? load(s->b0 + at[i]) : zero;
  }
  const float *a = s->a + row * s->channels, *b = s->b ? s->b + row * s->channels : 0;
  for (int r = 0; r < rows; r++, a += s->channels) {
    for (int i = 0; i < vectors; i++) {
      vec v = load(a + at[i]) - a0[i];
      sum[i] += v;
      if (b) dot[i] += v * (load(b + at[i]) - b0[i]);
    }
    if (b) b += s->channels;
  }
}

static void sums_part(void *context, int part) {
  Parts *f = context;
  const Sums *s = f->s;
  long row = s->rows * part / f->parts, end = s->rows * (part + 1) / f->parts;
  int most = max_of(1, min_of(256, 16384 / s->channels)); // rows of a piece: 64 KiB of each array
  double *sum = f->sums + (size_t)part * 2 * s->channels, *dot = sum + s->channels;
  memset(sum, 0, 2 * s->channels * sizeof *sum);
  for (; row < end; row += most) {
    int rows = end - row < most ? (int)(end - row) : most;
    long lines = row + rows < end ? (long)rows * s->channels / 16 : 0; // of the next piece
    Ahead next[2] = {ahead(s->a + (row + rows) * s->channels, 64, 64, lines, f->vectors / 4), ahead(s->b ? s->b + (row + rows) * s->channels : 0, 64, 64, s->b ? lines : 0, f->vectors / 4)};
    for (int first = 0; first < f->vectors; first += 4) {
      int vectors = min_of(4, f->vectors - first), at[4];
      for (int i = 0; i < vectors; i++) at[i] = channel_of(s, first + i);
      vec sums[4], dots[4];
      fetch_some(&next[0]), fetch_some(&next[1]);
      if (vectors == 4) piece_sums(4, s, at, row, rows, sums, dots);
      else
        for (int i = 0; i < vectors; i++) piece_sums(1, s, at + i, row, rows, sums + i, dots + i);
      for (int i = 0; i < vectors; i++)
        for (int c = (first + i) * WIDTH; c < at[i] + WIDTH; c++) sum[c] += sums[i][c - at[i]], dot[c] += dots[i][c - at[i]];
    }
  }
}

static int sums(const Sums *s, const Threads *threads) {
  if (s->channels < WIDTH) return NoKernel;
  Parts f = {s, 0, 1, (s->channels + WIDTH - 1) / WIDTH};
  f.parts = s->rows / 64 < 32 ? max_of(1, s->rows / 64) : 32;
  f.sums = (double *)buffer_of((size_t)f.parts * 4 * s->channels);
  if (!f.sums) return NoMemory;
  threads->run(threads->pool, f.parts, sums_part, &f);
  for (int c = 0; c < s->channels; c++) {
    double sum = 0, dot = 0;
    for (int i = 0; i < f.parts; i++) sum += f.sums[(size_t)i * 2 * s->channels + c], dot += f.sums[((size_t)i * 2 + 1) * s->channels + c];
    if (s->sum) s->sum[c] = sum;
    if (s->dot) s->dot[c] = dot;
  }
  give_back((float *)f.sums);
  return Done;
}
