/* A plugin that does what the SDK keeps a Rust plugin from doing. The procedure code of a line says what:
 * 99976 jumps out of the call, 99974 emits after CB_STOP, 99970 gives a finding that says it is of no size,
 * 99965 reads a text of the claim before, 99963 remembers how often it was asked. */
#include <setjmp.h>
#include <string.h>

#include "cleanbill_plugin.h"

CB_MANIFEST(
    "{\"schema\": 1, \"id\": \"wild\", \"version\": \"0.1.0\", \"title\": \"Wild, for tests\","
    " \"rules\": [{\"id\": \"wild/told-to\", \"kind\": \"plugin_check\","
    "   \"title\": \"A line asks for a finding\", \"disposition\": \"suspend\","
    "   \"template\": \"asked for\", \"fix\": \"take the line away\"}]}");

static jmp_buf made;
static cb_str kept;
static unsigned asked;

static int is(cb_str text, const char *code) {
  return text.len == strlen(code) && memcmp(text.ptr, code, text.len) == 0;
}

static cb_status create(const cb_host *host, cb_str config, cb_instance **out, char *err,
                        size_t err_cap) {
  static char instance;
  (void)host, (void)config, (void)err, (void)err_cap;
  *out = (cb_instance *)&instance;
  (void)setjmp(made); /* the frame is gone once this returns, which is the point */
  return CB_OK;
}

static void destroy(cb_instance *instance) { (void)instance; }

static cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call) {
  cb_finding finding = {.struct_size = sizeof finding, .severity = -1};
  (void)instance;
  for (uint32_t i = 0; i < claim->n_lines; i++) {
    const cb_line *line = cb_line_at(claim, i);
    finding.line_no = line->line_no;
    if (is(line->code, "99976")) longjmp(made, 1);
    if (is(line->code, "99974"))
      for (int n = 0; n < 1000000; n++) call->emit(call->ctx, &finding);
    if (is(line->code, "99970")) {
      finding.struct_size = 0;
      call->emit(call->ctx, &finding);
    }
    if (is(line->code, "99965")) {
      if (kept.len && kept.ptr[0] == 'X') call->emit(call->ctx, &finding);
      kept = line->code;
    }
    if (is(line->code, "99963") && asked++ % 2) call->emit(call->ctx, &finding);
  }
  return CB_OK;
}

static const cb_plugin PLUGIN = {sizeof PLUGIN, CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check,
                                 NULL};

const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  (void)host_minor;
  return host_major == CB_ABI_MAJOR ? &PLUGIN : NULL;
}
