//go:build cgo && linux && (amd64 || arm64)

// How XLA comes to call our kernels: a table of PJRT functions whose Compile
// lets Go rewrite the program, and the handler of the calls written into it.
#define _GNU_SOURCE
#include "conv.h"
#include "xla.h"
#include "_cgo_export.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const Kernels *kernels;
static atomic_long calls;
static int64_t processors = 1; // that this process may use
static pthread_key_t left;     // of a helper: 1 + the processor that it has left. Go's own linker knows no variables of a thread.

long kernels_calls(void) { return atomic_load(&calls); }

// Work that XLA's own threads share. The last one to let go of it frees it: a
// thread may come to it when all is done.
typedef struct {
  atomic_int users, next, done;
  int jobs;
  void (*job)(void *context, int i);
  void *context;
  int processor; // of the thread that waits for it
  pthread_mutex_t lock;
  pthread_cond_t all_done;
} Work;

static void let_go(Work *w) {
  if (atomic_fetch_sub(&w->users, 1) > 1) return;
  pthread_mutex_destroy(&w->lock);
  pthread_cond_destroy(&w->all_done);
  free(w);
}

static void do_jobs(Work *w) {
  for (int i; (i = atomic_fetch_add(&w->next, 1)) < w->jobs;) {
    w->job(w->context, i);
    if (atomic_fetch_add(&w->done, 1) + 1 < w->jobs) continue;
    pthread_mutex_lock(&w->lock);
    pthread_cond_broadcast(&w->all_done);
    pthread_mutex_unlock(&w->lock);
  }
}

// Where processors do not tell that they share a cache, as on many virtual
// machines, Linux often wakes a helper on the processor of the thread that it
// should help: that one stands still until the helper is done, and the other
// processors have nothing to do. So a helper leaves that processor to it, from
// then on.
static void leave(int processor) {
  cpu_set_t may;
  if (processor < 0 || sched_getcpu() != processor || sched_getaffinity(0, sizeof may, &may)) return;
  intptr_t before = (intptr_t)pthread_getspecific(left);
  if (before) CPU_SET(before - 1, &may);
  CPU_CLR(processor, &may);
  if (CPU_COUNT(&may) > 0 && !sched_setaffinity(0, sizeof may, &may)) pthread_setspecific(left, (void *)(intptr_t)(processor + 1));
}

static void help(void *work) {
  Work *w = work;
  leave(w->processor);
  do_jobs(w);
  let_go(w);
}

// A call of one of our kernels, and how many threads may help with it.
typedef struct {
  CallFrame *frame;
  int64_t helpers;
} Call;

// To wake a thread costs as much as some million products, and a float that
// comes from memory or goes there as much as eight; smaller work stays on the
// thread that is called.
static Call call_of(CallFrame *frame, int64_t products, int64_t floats) {
  int64_t threads = 1, each = 4 << 20;
  products += 8 * floats;
  NumThreads ask = {sizeof ask, 0, frame->context, &threads};
  if (products < each || frame->api->num_threads(&ask)) threads = 1;
  if (threads > processors) threads = processors; // XLA has more; a job of one that waits for a processor would hold all others up
  return (Call){frame, products / each < threads - 1 ? products / each : threads - 1};
}

static void run_on_xla(void *pool, int jobs, void (*job)(void *, int), void *context) {
  Call *call = pool;
  CallFrame *frame = call->frame;
  int helpers = jobs - 1 < call->helpers ? jobs - 1 : (int)call->helpers;
  Work *w = helpers > 0 ? malloc(sizeof *w) : 0;
  if (!w) {
    for (int i = 0; i < jobs; i++) job(context, i);
    return;
  }
  *w = (Work){.jobs = jobs, .job = job, .context = context, .processor = sched_getcpu()};
  atomic_init(&w->users, helpers + 1);
  pthread_mutex_init(&w->lock, 0);
  pthread_cond_init(&w->all_done, 0);
  for (int i = 0; i < helpers; i++) {
    Schedule s = {sizeof s, 0, frame->context, help, w};
    if (frame->api->schedule(&s)) let_go(w);
  }
  do_jobs(w);
  pthread_mutex_lock(&w->lock);
  while (atomic_load(&w->done) < jobs) pthread_cond_wait(&w->all_done, &w->lock);
  pthread_mutex_unlock(&w->lock);
  let_go(w);
}

static void *refuse(CallFrame *frame, const char *message, int code) {
  ErrorCreate e = {sizeof e, 0, message, code};
  return frame->api->error_create(&e);
}

enum { Invalid = 3, Exhausted = 8 };

// Whether XLA only asks before it calls, and has its answer.
static int asked(CallFrame *frame) {
  if (!frame->extensions || frame->extensions->type != MetadataExtensionType) return 0;
  Metadata *m = ((MetadataExtension *)frame->extensions)->metadata;
  m->api_version.major = 0, m->api_version.minor = 1, m->traits = 0;
  return 1;
}

// The numbers of a call's one attribute, or null.
static int64_t *numbers_of(CallFrame *frame, size_t count) {
  if (frame->attributes.size != 1 || frame->attributes.types[0] != ArrayAttribute) return 0;
  Array *a = frame->attributes.values[0];
  return a->size == count ? a->data : 0;
}

static float *argument(CallFrame *frame, int i) { return ((Buffer *)frame->arguments.values[i])->data; }
static float *result(CallFrame *frame, int i) { return ((Buffer *)frame->results.values[i])->data; }

static void *answered(CallFrame *frame, int answer) {
  atomic_fetch_add(&calls, 1);
  if (answer == NoMemory) return refuse(frame, "convlab: there is no memory for what the kernel lays out", Exhausted);
  if (answer != Done) return refuse(frame, "convlab: there is no kernel for these sizes", Invalid);
  return 0;
}

// The order of the numbers is that of numbers in program/conv.go.
static void *handle_conv(CallFrame *frame) {
  if (asked(frame)) return 0;
  int64_t *n = numbers_of(frame, 28);
  if (!n) return refuse(frame, "convlab.conv: its one attribute is not an array of 28 numbers", Invalid);
  int is_gradient = n[0], relu = n[1];
  Conv p = {.batch = n[2], .cin = n[3], .cout = n[4], .groups = n[5], .turned = n[6]};
  for (int i = 0; i < 3; i++) {
    int64_t *axis = n + 7 + i;
    p.in[i] = axis[0], p.out[i] = axis[3], p.kernel[i] = axis[6], p.stride[i] = axis[9], p.dilation[i] = axis[12], p.hole[i] = axis[15], p.pad[i] = axis[18];
  }
  int64_t inputs = (int64_t)p.batch * p.in[0] * p.in[1] * p.in[2] * p.cin, outputs = (int64_t)p.batch * p.out[0] * p.out[1] * p.out[2] * p.cout;
  int64_t weights = (int64_t)taps_of(&p) * (p.cin / p.groups) * p.cout;
  Call call = call_of(frame, outputs * taps_of(&p) * (p.cin / p.groups), inputs + outputs + weights);
  Threads threads = {run_on_xla, &call};
  const float *x = argument(frame, 0), *w = argument(frame, 1), *bias = frame->arguments.size > 2 ? argument(frame, 2) : 0;
  float *y = result(frame, 0);
  float *dbias = frame->results.size > 1 ? result(frame, 1) : 0;
  return answered(frame, is_gradient ? kernels->gradient(&p, x, w, y, dbias, &threads) : kernels->forward(&p, x, w, bias, relu, y, &threads));
}

// The order of the numbers is that of call in program/sums.go.
static void *handle_sums(CallFrame *frame) {
  if (asked(frame)) return 0;
  int64_t *n = numbers_of(frame, 7);
  if (!n) return refuse(frame, "convlab.sums: its one attribute is not an array of 7 numbers", Invalid);
  Sums s = {.rows = n[0], .channels = n[1]};
  int arguments = 0, results = 0;
  s.a = argument(frame, arguments++);
  if (n[2]) s.b = argument(frame, arguments++);
  if (n[3]) s.a0 = argument(frame, arguments++);
  if (n[4]) s.b0 = argument(frame, arguments++);
  if (n[5]) s.sum = result(frame, results++);
  if (n[6]) s.dot = result(frame, results++);
  Call call = call_of(frame, 0, s.rows * s.channels);
  Threads threads = {run_on_xla, &call};
  return answered(frame, kernels->sums(&s, &threads));
}

static void *(*real_compile)(void *);

static void *compile(void *v) {
  CompileArguments *arguments = v;
  Program *given = arguments->program, ours = *given;
  char *text = 0;
  size_t size = 0;
  if (given->format_size == 4 && !memcmp(given->format, "mlir", 4)) rewriteProgram(given->code, given->code_size, &text, &size);
  if (text) ours.code = text, ours.code_size = size, arguments->program = &ours;
  void *error = real_compile(v);
  arguments->program = given;
  free(text);
  return error;
}

// Loads the plugin and gives a table of its functions that calls set's
// kernels, or null and what is in the way. The versions of the plugin's PJRT
// interface that will do are those of minor; a plugin can be loaded once.
void *kernels_load(const char *path, const int *minor, int minors, const Kernels *set, const char **problem) {
  void *library = dlopen(path, RTLD_NOW);
  if (!library) {
    *problem = dlerror();
    return 0;
  }
  PJRTApi *(*get)(void) = (PJRTApi * (*)(void)) dlsym(library, "GetPjrtApi");
  if (!get) {
    *problem = "it has no GetPjrtApi";
    return 0;
  }
  PJRTApi *api = get();
  int known = 0;
  for (int i = 0; i < minors; i++) known |= api->version.major == 0 && api->version.minor == minor[i];
  if (!known) {
    *problem = "they were not tested with its version of the PJRT interface";
    return 0;
  }
  for (Extension *e = api->extensions; e; e = e->next) {
    if (e->type != FFIExtensionType) continue;
    RegisterHandler conv = {sizeof conv, "convlab.conv", 12, handle_conv, "Host", 4, 0};
    RegisterHandler sums = {sizeof sums, "convlab.sums", 12, handle_sums, "Host", 4, 0};
    if (((FFIExtension *)e)->register_handler(&conv) || ((FFIExtension *)e)->register_handler(&sums)) {
      *problem = "it refuses their handler";
      return 0;
    }
    PJRTApi *copy = malloc(api->struct_size);
    if (!copy || pthread_key_create(&left, 0)) {
      *problem = "there is no memory";
      return 0;
    }
    memcpy(copy, api, api->struct_size);
    real_compile = copy->functions[CompileFunction];
    copy->functions[CompileFunction] = compile;
    kernels = set;
    cpu_set_t may;
    if (!sched_getaffinity(0, sizeof may, &may)) processors = CPU_COUNT(&may);
    return copy;
  }
  *problem = "it has no extension for foreign functions";
  return 0;
}
