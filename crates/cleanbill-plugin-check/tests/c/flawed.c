/* A plugin that passes the conformance kit as it is, and fails the test whose id stands behind FLAW_: one
 * wrong thing for each test. It gives a finding on each line that bills 93970. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanbill_plugin.h"

#ifndef EXTRA
#define EXTRA ""
#endif
#ifndef TEMPLATE
#define TEMPLATE "{code} on line {line}: {count}"
#endif
#ifndef EXAMPLES
#define EXAMPLES "{\"claim\": {\"payer\": \"P\", \"lines\": [{\"procedure\": \"93970\", \"units\": 1, " \
  "\"charge\": 1, \"from\": \"2026-03-02\"}]}, \"expect\": [{\"line\": 1, \"args\": {\"count\": \"1\"}}]}"
#endif

CB_MANIFEST("{\"schema\": 1, \"id\": \"flawed\", \"version\": \"0.1.0\", \"title\": \"Flawed\"," EXTRA
            " \"reads\": [\"line.code\"], \"rules\": [{\"id\": \"flawed/rule\","
            " \"kind\": \"plugin_check\", \"title\": \"A study\", \"disposition\": \"suspend\","
            " \"args\": {\"count\": \"count\"}, \"config\": {\"name\": \"text\"},"
            " \"template\": \"" TEMPLATE "\", \"fix\": \"none\", \"examples\": [" EXAMPLES "]}]}");

typedef struct state { uint64_t asked; } state;

static void nap(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static void *run(void *nothing) {
  nap(100000);
  return nothing;
}

__attribute__((unused)) static void begin_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, NULL);
}

#ifdef FLAW_L1
void cb_no_such_function(void);
#endif

#ifdef FLAW_L3
__attribute__((constructor)) static void on_load(void) { begin_thread(); }
#endif

#ifdef FLAW_L1_CONSTRUCTOR
__attribute__((constructor)) static void on_load(void) { abort(); }
#endif

#ifdef FLAW_S5
CB_EXPORT int getpagesize(void) { return 1; } /* takes the place of the system's */
#endif

static int is(cb_str text, const char *code) {
#if defined(FLAW_K8)
  return strcmp((const char *)text.ptr, code) == 0; /* no zero byte ends it */
#else
  return text.len == strlen(code) && memcmp(text.ptr, code, text.len) == 0;
#endif
}

static cb_status create(const cb_host *host, cb_str config, cb_instance **out, char *err,
                        size_t err_cap) {
  state *made = malloc(sizeof *made);
  (void)host, (void)config;
  made->asked = 0;
  *out = (cb_instance *)made;
#if defined(FLAW_C1)
  if (config.len == 2) return CB_E_CONFIG;
#elif defined(FLAW_C2)
  if (config.len > 2 && config.len < 1000) return CB_E_INTERNAL;
#elif defined(FLAW_C3)
  if (config.len > 10000) abort();
#elif defined(FLAW_C4)
  memset(malloc(8192), 1, 8192);
#elif defined(FLAW_L2)
  nap(200);
#endif
  snprintf(err, err_cap, "%s", "nothing is wrong");
  return CB_OK;
}

static void destroy(cb_instance *instance) { free(instance); }

static cb_status emit(const cb_call *call, const cb_line *line, const char *count) {
  const cb_kv arg = {CB_LITERAL("count"), {(const uint8_t *)count, strlen(count)}};
  cb_finding finding = {.struct_size = sizeof finding, .line_no = line->line_no, .severity = -1,
                        .args = &arg, .n_args = 1};
#ifdef FLAW_B7
  finding.severity = 9;
#endif
  return call->emit(call->ctx, &finding);
}

static cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call) {
  static cb_str kept;
  static uint64_t asked;
  static pthread_t first;
  state *own = (state *)instance;
  (void)kept, (void)asked, (void)first, (void)own;
#if defined(FLAW_K1)
  if (claim->lines->code.len > 1000) return CB_OK; /* there may be no line */
#elif defined(FLAW_K2)
  if (claim->n_lines > 100) abort();
#elif defined(FLAW_K9)
  if (!CB_GIVEN(claim->granted, CB_LINE_CODE)) abort();
#elif defined(FLAW_B1)
  if (asked++ % 2) return CB_OK;
#elif defined(FLAW_B2)
  uint32_t before = (uint32_t)asked;
  asked = claim->n_lines;
  if (before > claim->n_lines) return CB_OK;
#elif defined(FLAW_B3)
  if (own->asked++) return CB_OK;
#elif defined(FLAW_B4)
  if (asked++ == 0) first = pthread_self();
  if (!pthread_equal(first, pthread_self())) return CB_OK;
#elif defined(FLAW_B9)
  if (kept.len && kept.ptr[0] == 'x') return CB_OK;
  kept = claim->payer_id;
#elif defined(FLAW_B10)
  memset(malloc(1024), 1, 1024);
#elif defined(FLAW_B10_FILES)
  if (dup(0) < 0) return CB_OK;
#elif defined(FLAW_B13)
  if (asked++ == 0) begin_thread();
#elif defined(FLAW_B13_OUTPUT)
  if (write(1, "ZZPHIZZ", 7) < 0) return CB_OK;
#elif defined(FLAW_H1)
  FILE *file = fopen("/etc/passwd", "r");
  if (!file) return CB_OK;
  fclose(file);
#elif defined(FLAW_L1)
  if (claim->n_lines > 100000) cb_no_such_function();
#endif
  for (uint32_t i = 0; i < claim->n_lines; i++) {
#ifdef FLAW_K7
    const cb_line *line = &claim->lines[i];
#else
    const cb_line *line = cb_line_at(claim, i);
#endif
#if defined(FLAW_K3)
    if (line->code.ptr[0] == 'x') continue; /* it may be absent */
#elif defined(FLAW_K4)
    if (line->code.len > 1000) abort();
#elif defined(FLAW_K5)
    if (line->charge / (line->units_milli / 1000) < 0) continue;
#elif defined(FLAW_K6)
    if (line->n_dx_pointers && claim->diagnoses[line->dx_pointers[1 % line->n_dx_pointers] - 1].ptr[0] == 'x')
      continue;
#elif defined(FLAW_K10)
    if (line->n_modifiers > 100) abort();
#elif defined(FLAW_B6)
    nap(1);
#elif defined(FLAW_B8)
    if (line->code.len) ((uint8_t *)(uintptr_t)line->code.ptr)[0] = line->code.ptr[0];
#elif defined(FLAW_H3)
    for (size_t at = 0; at < line->code.len; at++)
      if (line->code.ptr[at] == '{') abort();
#endif
    if (!is(line->code, "93970")) continue;
#ifdef FLAW_B5
    emit(call, line, "1");
    emit(call, line, "1");
#else
    if (emit(call, line, "1") != CB_OK) return CB_STOP;
#endif
  }
  return CB_OK;
}

static const void *extension(cb_str id) {
  (void)id;
#ifdef FLAW_L6
  return "here";
#else
  return NULL;
#endif
}

static cb_plugin tables[2] = {
    {sizeof(cb_plugin), CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check, extension},
    {sizeof(cb_plugin), CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check, extension},
};

const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  static int asked;
  (void)host_minor, (void)asked;
#if defined(FLAW_L4)
  return host_major ? &tables[0] : NULL;
#elif defined(FLAW_L5)
  if (host_minor > CB_ABI_MINOR) return NULL;
#elif defined(FLAW_L7)
  return &tables[asked++ % 2];
#elif defined(FLAW_L8)
  tables[0].abi_minor = 7;
#endif
  return host_major == CB_ABI_MAJOR ? &tables[0] : NULL;
}
