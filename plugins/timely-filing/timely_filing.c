/* Example payer plugin in C: is a claim handed in on time, and does a corrected one say which claim it corrects?
 * One file, nothing allocated, nothing kept. The payers and their limits are invented. */
#include "cleanbill_plugin.h"

CB_MANIFEST(
    "{ \"schema\": 1, \"id\": \"timely-filing\", \"version\": \"0.1.0\", \"min_host\": \"1.0\","
    "  \"title\": \"Timely filing at three invented payers\", \"vendor\": \"cleanbill (example)\","
    "  \"payers\": [\"NORTHWIND\", \"LAKESIDE\", \"STATE-MEDICAID\"],"
    "  \"reads\": [\"claim.payer_id\", \"claim.frequency\", \"claim.dates\", \"claim.submitted\","
    "              \"claim.original_reference\"],"
    "  \"rules\": ["
    "  { \"id\": \"timely-filing/late\", \"kind\": \"plugin_check\","
    "    \"title\": \"A claim handed in after the payer's limit\", \"disposition\": \"claim_denial\","
    "    \"remit\": { \"group\": \"CO\", \"carc\": \"29\" }, \"owner\": \"biller\","
    "    \"source\": [{ \"authority\": \"the payer (invented)\", \"document\": \"provider manual, timely filing\","
    "                   \"kind\": \"internal\" }],"
    "    \"args\": { \"days\": \"count\", \"limit\": \"count\", \"last_day\": \"date\" },"
    "    \"template\": \"the claim was handed in {days} days after its last day of service, {last_day}; the payer"
    " takes {limit}\","
    "    \"why\": \"this payer takes a claim within {limit} days of the last day of service\","
    "    \"fix\": \"if it was handed in before, send the payer's receipt; otherwise it cannot be paid\","
    "    \"examples\": [{ \"title\": \"91 days where 90 are taken\","
    "      \"claim\": { \"schema\": 1, \"claim_id\": \"LATE-1\", \"payer\": \"NORTHWIND\", \"frequency\": \"1\","
    "        \"submitted\": \"2026-06-01\", \"lines\": [{ \"procedure\": \"99213\", \"from\": \"2026-03-02\" }] },"
    "      \"expect\": [{ \"args\": { \"days\": \"91\", \"limit\": \"90\", \"last_day\": \"2026-03-02\" } }] },"
    "    { \"title\": \"90 days\","
    "      \"claim\": { \"schema\": 1, \"claim_id\": \"TIMELY-1\", \"payer\": \"NORTHWIND\", \"frequency\": \"1\","
    "        \"submitted\": \"2026-05-31\", \"lines\": [{ \"procedure\": \"99213\", \"from\": \"2026-03-02\" }] },"
    "      \"expect\": [] }] },"
    "  { \"id\": \"timely-filing/corrected-late\", \"kind\": \"plugin_check\","
    "    \"title\": \"A corrected claim handed in after the payer's limit\", \"disposition\": \"claim_denial\","
    "    \"remit\": { \"group\": \"CO\", \"carc\": \"29\" }, \"owner\": \"biller\","
    "    \"source\": [{ \"authority\": \"the payer (invented)\", \"document\": \"provider manual, corrected claims\","
    "                   \"kind\": \"internal\" }],"
    "    \"args\": { \"days\": \"count\", \"limit\": \"count\", \"last_day\": \"date\" },"
    "    \"template\": \"the corrected claim was handed in {days} days after its last day of service, {last_day}; the"
    " payer takes {limit}\","
    "    \"why\": \"this payer takes corrections within {limit} days of the last day of service\","
    "    \"fix\": \"ask the payer to open the claim again; a correction is not taken any more\" },"
    "  { \"id\": \"timely-filing/no-original-reference\", \"kind\": \"plugin_check\","
    "    \"title\": \"A corrected claim that does not say which one it corrects\","
    "    \"disposition\": \"claim_rejection\", \"owner\": \"biller\","
    "    \"remit\": { \"group\": \"CO\", \"carc\": \"16\", \"rarc\": [\"M47\"] },"
    "    \"source\": [{ \"authority\": \"the payer (invented)\", \"document\": \"provider manual, corrected claims\","
    "                   \"kind\": \"internal\" }],"
    "    \"template\": \"the claim replaces or voids another one (frequency 7 or 8) and does not say which\","
    "    \"why\": \"without the payer's number of the first claim the correction is taken for a duplicate\","
    "    \"fix\": \"add the payer's claim control number of the first claim (REF*F8)\","
    "    \"examples\": [{"
    "      \"claim\": { \"schema\": 1, \"claim_id\": \"CORR-1\", \"payer\": \"LAKESIDE\", \"frequency\": \"7\","
    "        \"submitted\": \"2026-03-09\", \"lines\": [{ \"procedure\": \"99213\", \"from\": \"2026-03-02\" }] },"
    "      \"expect\": [{}] }] }] }");

/* The rules by their place in the manifest. */
enum { LATE, CORRECTED_LATE, NO_ORIGINAL_REFERENCE };

/* Days from the last day of service until a claim, or a corrected one, is too late. */
static const struct limit {
  cb_str payer;
  int64_t days, corrected_days;
} LIMITS[] = {
    {CB_LITERAL("NORTHWIND"), 90, 365},
    {CB_LITERAL("LAKESIDE"), 180, 365},
    {CB_LITERAL("STATE-MEDICAID"), 365, 730},
};

static int same(cb_str a, cb_str b) {
  size_t i = 0;
  if (a.len != b.len) return 0;
  while (i < a.len && a.ptr[i] == b.ptr[i]) i++;
  return i == a.len;
}

static const struct limit *limit_of(cb_str payer) {
  for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++)
    if (same(LIMITS[i].payer, payer)) return &LIMITS[i];
  return NULL;
}

/* Days of the calendar since a day long ago; the year begins in March, so that a leap day ends it. */
static int64_t days_of(int32_t yyyymmdd) {
  int64_t year = yyyymmdd / 10000, month = yyyymmdd / 100 % 100, day = yyyymmdd % 100;
  if (month < 3) year--, month += 12;
  return year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 - 914) / 10 + day;
}

static int is_day(int32_t date) {
  int32_t month = date / 100 % 100, day = date % 100;
  return date >= 19000101 && date <= 99991231 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* `number` in digits at the end of `room`. */
static cb_str digits(uint64_t number, uint8_t room[20]) {
  size_t at = 20;
  do room[--at] = (uint8_t)('0' + number % 10);
  while (number /= 10);
  return (cb_str){room + at, 20 - at};
}

/* A day as `2026-03-02`. */
static cb_str written(int32_t date, uint8_t room[10]) {
  uint8_t number[20];
  cb_str plain = digits((uint64_t)date, number);
  for (size_t i = 0, from = 0; i < 10; i++) room[i] = i == 4 || i == 7 ? '-' : plain.ptr[from++];
  return (cb_str){room, 10};
}

static cb_status late(const cb_claim *claim, const cb_call *call, uint32_t rule, int64_t days,
                      int64_t limit) {
  uint8_t days_room[20], limit_room[20], day_room[10];
  const cb_kv args[] = {
      {CB_LITERAL("days"), digits((uint64_t)days, days_room)},
      {CB_LITERAL("limit"), digits((uint64_t)limit, limit_room)},
      {CB_LITERAL("last_day"), written(claim->through, day_room)},
  };
  const cb_finding finding = {.struct_size = sizeof finding,
                              .rule = rule,
                              .severity = CB_SEVERITY_OF_RULE,
                              .args = args,
                              .n_args = 3};
  return call->emit(call->ctx, &finding);
}

static cb_status create(const cb_host *host, cb_str config, cb_instance **out, char *err,
                        size_t err_cap) {
  static char instance; /* it keeps nothing */
  (void)host, (void)config, (void)err, (void)err_cap;
  *out = (cb_instance *)&instance;
  return CB_OK;
}

static void destroy(cb_instance *instance) { (void)instance; }

static cb_status check(cb_instance *instance, const cb_claim *claim, const cb_call *call) {
  const struct limit *limit;
  int corrects;
  (void)instance;
  if (!CB_HAS(claim, cb_claim, has_original_reference)) return CB_E_ABI;
  limit = limit_of(claim->payer_id);
  if (limit == NULL) return CB_OK;
  corrects = claim->frequency.len == 1 && (*claim->frequency.ptr == '7' || *claim->frequency.ptr == '8');
  if (corrects && CB_GIVEN(claim->granted, CB_CLAIM_ORIGINAL_REFERENCE) &&
      !claim->has_original_reference) {
    const cb_finding finding = {.struct_size = sizeof finding,
                                .rule = NO_ORIGINAL_REFERENCE,
                                .severity = CB_SEVERITY_OF_RULE};
    if (call->emit(call->ctx, &finding) != CB_OK) return CB_STOP;
  }
  /* Without the two days nothing can be said. */
  if (is_day(claim->submitted) && is_day(claim->through)) {
    int64_t days = days_of(claim->submitted) - days_of(claim->through);
    int64_t most = corrects ? limit->corrected_days : limit->days;
    if (days > most &&
        late(claim, call, corrects ? CORRECTED_LATE : LATE, days, most) != CB_OK)
      return CB_STOP;
  }
  return CB_OK;
}

static const cb_plugin PLUGIN = {sizeof PLUGIN, CB_ABI_MAJOR, CB_ABI_MINOR, create, destroy, check,
                                 NULL};

const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor) {
  (void)host_minor;
  return host_major == CB_ABI_MAJOR ? &PLUGIN : NULL;
}
