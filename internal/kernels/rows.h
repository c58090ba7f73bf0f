// How dense.h lays out the input rows that a job reads: in phases, the pixels of
// one following each other as one tap reads them for successive outputs. With
// stride 2 there are two, the even and the odd pixels. Over an input with holes
// there is one phase of the input, and the outputs have phases: those with one
// remainder of the hole read without gaps.
typedef struct {
  int phases, pixels;
  int first; // with holes: the input column of pixel 0
} Row;

// Whether each output reads one pixel alone, that at its own place.
static int alone(const Conv *p) {
  int yes = 1;
  for (int i = 0; i < 3; i++) yes &= p->kernel[i] == 1 && p->stride[i] == 1 && p->hole[i] == 1 && p->pad[i] == 0 && p->in[i] == p->out[i];
  return yes;
}

static Row row_of(const Conv *p) {
  int reach = (p->kernel[2] - 1) * p->dilation[2];
  if (p->hole[2] == 1) return (Row){p->stride[2], p->out[2] + reach / p->stride[2], 0};
  int first = floor_div(-p->pad[2], p->hole[2]);
  return (Row){1, floor_div(p->out[2] - 1 - p->pad[2] + reach, p->hole[2]) - first + 1, first};
}

// The input column of a pixel; it may lie outside the input.
static inline int column_of(const Conv *p, const Row *row, int phase, int pixel) {
  return p->hole[2] == 1 ? pixel * p->stride[2] + phase - p->pad[2] : row->first + pixel;
}

// The pixels [from, to) of a phase whose column lies inside the input.
static inline void pixels_inside(const Conv *p, const Row *row, int phase, int *from, int *to) {
  int step = p->hole[2] == 1 ? p->stride[2] : 1, first = column_of(p, row, phase, 0);
  *from = min_of(row->pixels, first < 0 ? (-first + step - 1) / step : 0);
  *to = max_of(*from, min_of(row->pixels, floor_div(p->in[2] - 1 - first, step) + 1));
}

#ifndef LARGE
#define LARGE (8 << 20) // bytes; measured on a processor whose cores share 32 MiB
#endif

// Whether the output should be written past the caches: it is so large that
// its beginning is gone from them when it is read, and whole cache lines are
// written at once: together floats lie side by side.
static int past_caches(size_t floats, const float *to, int together) { return 4 * floats > (size_t)LARGE && together % 16 == 0 && (uintptr_t)to % 64 == 0; }
static int streams(const Conv *p, const float *y, int together) {
  return past_caches((size_t)p->batch * p->out[0] * p->out[1] * p->out[2] * p->cout, y, together);
}

// Where tap t finds the input of the first output of phase r. 0 if it meets
// only holes there.
static int tap_in_row(const Conv *p, const Row *row, int t, int r, int *phase, int *pixel) {
  if (p->hole[2] == 1) {
    int q = t * p->dilation[2];
    *phase = q % p->stride[2], *pixel = q / p->stride[2];
    return 1;
  }
  int q = r - p->pad[2] + t * p->dilation[2], column = floor_div(q, p->hole[2]);
  *phase = 0, *pixel = column - row->first;
  return column * p->hole[2] == q;
}

// How many outputs of a row have phase r.
static inline int outputs_of_phase(const Conv *p, int r) { return (p->out[2] - r + p->hole[2] - 1) / p->hole[2]; }

// The input rows [low, high) that the output rows [from, to) read.
static inline void rows_read(const Conv *p, int from, int to, int *low, int *high) {
  *low = max_of(0, floor_div(from * p->stride[1] - p->pad[1], p->hole[1]));
  *high = min_of(p->in[1], floor_div((to - 1) * p->stride[1] - p->pad[1] + (p->kernel[1] - 1) * p->dilation[1], p->hole[1]) + 1);
  *high = max_of(*low, *high);
}

// The last input plane that output plane od reads, or -1.
static inline int input_plane(const Conv *p, int od) {
  int a = p->kernel[0] - 1, id;
  while ((id = input_at(p, 0, od, a)) < 0 && a > 0) a--;
  return id;
}

// How many output rows a job has: as many as leave what it lays out in a cache
// of 128 KiB, and at least 16 jobs, if there are so many rows, for the threads.
static int rows_of_job(const Conv *p, size_t row_floats, int jobs_otherwise) {
  size_t bytes = row_floats * 4 * p->kernel[0] * max_of(1, p->stride[1] / p->hole[1]);
  int rows = max_of(1, min_of(p->out[1], (int)(131072 / bytes) - (p->kernel[1] - 1) * p->dilation[1] / p->hole[1]));
  while (rows > 1 && (long)jobs_otherwise * ((p->out[1] + rows - 1) / rows) < 16) rows = (rows + 1) / 2;
  return rows;
}
