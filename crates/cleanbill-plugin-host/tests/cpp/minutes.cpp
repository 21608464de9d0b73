// A plugin in C++: a line that counts minutes has whole ones. Nothing is thrown across the boundary.
#include "cleanbill_plugin.h"

CB_MANIFEST(R"({"schema": 1, "id": "minutes-cpp", "version": "1.0.0", "title": "A plugin in C++",
  "reads": ["line.code", "line.units"], "rules": [{"id": "minutes-cpp/whole-minutes",
    "kind": "plugin_check", "title": "Minutes that are not whole", "disposition": "suspend",
    "args": {"thousandths": "count"}, "template": "{code} on line {line} has {thousandths}/1000 of a minute too many",
    "fix": "bill whole minutes"}]})");

namespace {

struct Digits {
  uint8_t text[20];
  size_t from = sizeof text;
  explicit Digits(int64_t number) {
    do text[--from] = static_cast<uint8_t>('0' + number % 10);
    while ((number /= 10) != 0);
  }
  cb_str str() const { return {text + from, sizeof text - from}; }
};

cb_status create(const cb_host *, cb_str, cb_instance **out, char *, size_t) noexcept {
  static char instance;
  *out = reinterpret_cast<cb_instance *>(&instance);
  return CB_OK;
}

void destroy(cb_instance *) noexcept {}

cb_status check(cb_instance *, const cb_claim *claim, const cb_call *call) noexcept {
  for (uint32_t i = 0; i < claim->n_lines; i++) {
    const cb_line &line = *cb_line_at(claim, i);
    const int64_t rest = line.units_milli % 1000;
    if (line.unit_basis != CB_BASIS_MINUTES || rest <= 0) continue;
    const Digits digits(rest);
    const cb_kv value = {CB_LITERAL("thousandths"), digits.str()};
    const cb_finding finding = {sizeof finding, 0,       line.line_no,        CB_SEVERITY_OF_RULE,
                                nullptr,        0,       CB_LITERAL("units"), &value,
                                1};
    if (call->emit(call->ctx, &finding) != CB_OK) return CB_STOP;
  }
  return CB_OK;
}

const cb_plugin PLUGIN = {sizeof PLUGIN, CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check, nullptr};

}  // namespace

extern "C" const cb_plugin *cleanbill_plugin_entry_v1(uint16_t major, uint16_t) {
  return major == CB_ABI_MAJOR ? &PLUGIN : nullptr;
}
