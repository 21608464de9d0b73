/* A plugin in C: a study of a dialysis access (93990) has one unit a day. */
#include "cleanbill_plugin.h"

CB_MANIFEST(
    "{\"schema\": 1, \"id\": \"honest-c\", \"version\": \"1.2.3\", \"title\": \"A plugin in C\","
    " \"reads\": [\"line.code\", \"line.units\", \"line.dates\"],"
    " \"rules\": [{\"id\": \"honest-c/one-unit\", \"kind\": \"plugin_check\","
    "   \"title\": \"More than one unit a day\", \"disposition\": \"line_denial\","
    "   \"args\": {\"most\": \"count\"},"
    "   \"template\": \"{code} on line {line} has more than {most} unit\","
    "   \"fix\": \"bill {most} unit, or one line for each day\"}]}");

static int is(cb_str text, const char *code) {
  size_t i = 0;
  while (i < text.len && code[i] != '\0' && text.ptr[i] == (uint8_t)code[i]) i++;
  return i == text.len && code[i] == '\0';
}

static cb_status create(const cb_host *host, cb_str config, cb_instance **out, char *err,
                        size_t err_cap) {
  static char instance;
  (void)host, (void)config, (void)err, (void)err_cap;
  *out = (cb_instance *)&instance; /* it keeps nothing */
  return CB_OK;
}

static void destroy(cb_instance *instance) { (void)instance; }

static cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call) {
  const cb_kv most = {CB_LITERAL("most"), CB_LITERAL("1")};
  (void)instance;
  for (uint32_t i = 0; i < claim->n_lines; i++) {
    const cb_line *line = cb_line_at(claim, i);
    if (!is(line->code, "93990") || line->units_milli <= 1000) continue;
    cb_finding finding = {.struct_size = sizeof finding,
                          .line_no = line->line_no,
                          .severity = -1,
                          .field = CB_LITERAL("units"),
                          .args = &most,
                          .n_args = 1};
    if (call->emit(call->ctx, &finding) != CB_OK) return CB_STOP;
  }
  return CB_OK;
}

static const cb_plugin PLUGIN = {sizeof PLUGIN, CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check,
                                 NULL};

const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  (void)host_minor;
  return host_major == CB_ABI_MAJOR ? &PLUGIN : NULL;
}
