/* A plugin whose constructor leaves a file behind: whoever loads it, runs it. */
#include <stdio.h>

#include "cleanbill_plugin.h"

#ifndef MANIFEST
#define MANIFEST "{\"schema\":1,\"id\":\"canary\",\"version\":\"1.2.0\",\"title\":\"A canary\"," \
  "\"reads\":[\"line.code\"],\"rules\":[{\"id\":\"canary/rule\",\"kind\":\"plugin_check\"," \
  "\"title\":\"t\",\"disposition\":\"suspend\",\"template\":\"w\",\"fix\":\"f\"}]}"
#endif
#ifndef MAJOR
#define MAJOR CB_ABI_MAJOR
#endif
#ifndef MORE
#define MORE 0
#endif
#ifndef LEAVES
#define LEAVES "/dev/null"
#endif

struct manifest {
  cb_manifest_header header;
  char json[sizeof MANIFEST];
};

#define SECTION(name) __attribute__((section(name), used))
#define HEADER {{'C', 'B', 'P', 'L', 'U', 'G', 0, 1}, MAJOR, 0, sizeof MANIFEST - 1 + MORE}

SECTION(".cleanbill") static const struct manifest ONE = {HEADER, MANIFEST};
#ifdef TWICE
SECTION(".cleanbill") static const struct manifest TWO = {HEADER, MANIFEST};
#endif

__attribute__((constructor)) static void sing(void) {
  FILE *file = fopen(LEAVES, "w");
  if (file) fclose(file);
}

static cb_status create(const cb_host *host, cb_str config, cb_instance **out, char *err,
                        size_t err_cap) {
  static char instance;
  (void)host, (void)config, (void)err, (void)err_cap;
  *out = (cb_instance *)&instance;
  return CB_OK;
}

static void destroy(cb_instance *instance) { (void)instance; }

static cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call) {
  (void)instance, (void)claim, (void)call;
  return CB_OK;
}

static const cb_plugin PLUGIN = {sizeof PLUGIN, CB_ABI_MAJOR, 0, create, destroy, check, NULL};

#ifdef NO_ENTRY
const cb_plugin *cb_other_entry(void);
const cb_plugin *cb_other_entry(void) { return &PLUGIN; }
#else
const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  (void)host_major, (void)host_minor;
  return &PLUGIN;
}
#endif

#ifdef TAKES_MALLOC
CB_EXPORT void *malloc(size_t size);
void *malloc(size_t size) { return size ? NULL : NULL; }
#endif

#ifdef WRITES_CODE
__asm__(".text\n.quad cleanbill_plugin_entry_v1\n");
#endif

#ifdef USES
int add(int a, int b);
CB_EXPORT int cb_uses(void);
int cb_uses(void) { return add(1, 2); }
#endif
