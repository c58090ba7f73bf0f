// The parts of XLA's C interfaces that our kernels are called through: its
// foreign function interface (xla/ffi/api/c_api.h, version 0.3) and PJRT's
// table of functions with its extension for FFI (xla/pjrt/c/pjrt_c_api.h and
// pjrt_c_api_ffi_extension.h). Names are XLA's without their prefix. They are
// written down anew for the versions in kernels.go, which have these layouts.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Extensions, of both interfaces.
typedef struct Extension {
  size_t struct_size;
  int type;
  struct Extension *next;
} Extension;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  int major, minor;
} ApiVersion;

// XLA_FFI: what a handler is called with.
enum { MetadataExtensionType = 1, HandlerStageExecute = 3 };
typedef struct {
  size_t struct_size;
  ApiVersion api_version;
  uint32_t traits;
  int64_t state_type_id;
} Metadata;
typedef struct {
  Extension base;
  Metadata *metadata;
} MetadataExtension;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  int dtype;
  void *data;
  int64_t rank;
  int64_t *dims;
} Buffer;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  int64_t size;
  int *types;
  void **values;
} Buffers;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  int64_t size;
  int *types;
  void **names;
  void **values;
} Attributes;
enum { ArrayAttribute = 1 };
typedef struct {
  int dtype;
  size_t size;
  void *data;
} Array;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  const char *message;
  int code; // an absl::StatusCode
} ErrorCreate;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  void *context;
  void (*task)(void *);
  void *data;
} Schedule;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  void *context;
  int64_t *threads;
} NumThreads;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  ApiVersion api_version;
  void *internal;
  void *(*error_create)(ErrorCreate *);
  void *between[10]; // error message to memory free
  void *(*schedule)(Schedule *);
  void *(*num_threads)(NumThreads *);
} FFIApi;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  const FFIApi *api;
  void *context;
  int stage;
  Buffers arguments, results;
  Attributes attributes;
  void *future;
} CallFrame;

// PJRT.
enum { FFIExtensionType = 5, CompileFunction = 20 };
typedef struct {
  size_t struct_size;
  const char *name;
  size_t name_size;
  void *handler;
  const char *platform;
  size_t platform_size;
  int traits;
} RegisterHandler;
typedef struct {
  Extension base;
  void *type_register, *user_data_add;
  void *(*register_handler)(RegisterHandler *);
} FFIExtension;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  char *code;
  size_t code_size;
  const char *format;
  size_t format_size;
} Program;
typedef struct { // its beginning
  size_t struct_size;
  Extension *extensions;
  void *client;
  Program *program;
} CompileArguments;
typedef struct {
  size_t struct_size;
  Extension *extensions;
  ApiVersion version;
  void *(*functions[])(void *);
} PJRTApi;
