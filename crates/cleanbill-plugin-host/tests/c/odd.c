/* A plugin that is wrong in one place, which the test defines. The procedure code of a claim's first line
 * picks what it emits. */
#include <string.h>

#include "cleanbill_plugin.h"

#ifndef MANIFEST
#define MANIFEST "{\"schema\":1,\"id\":\"odd\",\"version\":\"1\",\"title\":\"odd\",\"reads\":[\"line.code\"],\"rules\":[{" \
  "\"id\":\"odd/rule\",\"kind\":\"plugin_check\",\"title\":\"odd\"," \
  "\"disposition\":\"suspend\",\"template\":\"odd\",\"fix\":\"none\"}]}"
#endif
#ifndef SIZE
#define SIZE sizeof(cb_plugin)
#endif
#ifndef MINOR
#define MINOR CB_ABI_MINOR
#endif
#ifndef CHECK
#define CHECK check
#endif
#ifndef CREATED
#define CREATED CB_OK
#endif
#ifndef TABLE
#define TABLE &PLUGIN
#endif

#define OWN __attribute__((visibility("hidden")))

OWN cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call);

static cb_status create(const cb_host *host, cb_str config, cb_instance **out, char *err,
                        size_t err_cap) {
  static char instance;
  (void)host, (void)config;
  strncpy(err, "the licence \x1b[31mhas run out", err_cap - 1);
  *out = (cb_instance *)&instance;
  return CREATED;
}

static void destroy(cb_instance *instance) { (void)instance; }

cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call) {
  cb_finding finding = {.struct_size = sizeof finding, .severity = -1};
  const cb_kv args[17] = {{{NULL, 0}, {NULL, 0}}};
  char last = claim->n_lines && cb_line_at(claim, 0)->code.len ? (char)cb_line_at(claim, 0)->code.ptr[4] : 'x';
  (void)instance;
  switch (last) {
    case '0': call->emit(call->ctx, NULL); return CB_OK;
    case '1': finding.struct_size = 8; break;
    case '2': finding.field = (cb_str){(const uint8_t *)"x", (size_t)1 << 30}; break;
    case '3': finding.field = (cb_str){NULL, 5}; break;
    case '4': finding.field = (cb_str){(const uint8_t *)"\xff\xfe", 2}; break;
    case '5': finding.n_related = SIZE_MAX; break;
    case '6': finding.args = args, finding.n_args = 17; break;
    case '7': finding.severity = 9; break;
    case '8': return CB_E_INTERNAL;
    default: break;
  }
  call->emit(call->ctx, &finding);
  return CB_OK;
}

CB_MANIFEST(MANIFEST);
OWN extern const cb_plugin PLUGIN;
const cb_plugin PLUGIN = {SIZE, CB_ABI_MAJOR, MINOR, create, destroy, CHECK, NULL};

#ifndef NO_ENTRY
const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  (void)host_major, (void)host_minor;
  return TABLE;
}
#endif
