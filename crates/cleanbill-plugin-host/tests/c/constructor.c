/* A plugin whose constructor ends the process, or leaves a file at the path CANARY: none may run before the
 * library is checked. */
#include <stdio.h>
#include <stdlib.h>

#include "cleanbill_plugin.h"

#ifndef MANIFEST
#define MANIFEST "{\"schema\":1,\"id\":\"constructor\",\"version\":\"1\",\"title\":\"constructor\"," \
  "\"rules\":[{\"id\":\"constructor/rule\",\"kind\":\"plugin_check\",\"title\":\"constructor\"," \
  "\"disposition\":\"suspend\",\"template\":\"none\",\"fix\":\"none\"}]}"
#endif

CB_MANIFEST(MANIFEST);

__attribute__((constructor)) static void on_load(void) {
#ifdef CANARY
  FILE *file = fopen(CANARY, "w");
  if (file) fclose(file);
#else
  abort();
#endif
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

static const cb_plugin PLUGIN = {sizeof PLUGIN, CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check,
                                 NULL};

const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  (void)host_minor;
  return host_major == CB_ABI_MAJOR ? &PLUGIN : NULL;
}
