/* The C ABI between cleanbill and a payer plugin. Made from the Rust crate cleanbill-plugin-abi:
 * do not edit.
 *
 * A plugin defines its manifest with CB_MANIFEST and exports cleanbill_plugin_entry_v1. Everything the host
 * hands over is borrowed and valid until the call returns; everything a plugin hands over goes through
 * cb_call.emit, which copies it. No allocation crosses. Never let an exception or a longjmp leave one of
 * your functions. */
#ifndef CLEANBILL_PLUGIN_H
#define CLEANBILL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define CB_EXPORT __declspec(dllexport)
#else
#define CB_EXPORT __attribute__((visibility("default")))
#endif

/* Whether a struct of the other side has the field; a minor version only appends fields. */
#define CB_HAS(p, type, field) \
  ((p)->struct_size >= offsetof(type, field) + sizeof(((type *)0)->field))

/* Whether a field is in a set of fields: CB_GIVEN(line->present, CB_LINE_DRUG). */
#define CB_GIVEN(set, field) ((((set) >> (field)) & 1u) != 0)

/* A cb_str with a text that you write down. */
#define CB_LITERAL(text) { (const uint8_t *)(text), sizeof(text) - 1 }

/* An instance of a plugin; only the plugin knows what is in it. */
typedef struct cb_instance cb_instance;

// `P`: professional (837P).
#define CB_FORM_PROFESSIONAL 80

// `I`: institutional (837I).
#define CB_FORM_INSTITUTIONAL 73

// `D`: dental (837D).
#define CB_FORM_DENTAL 68

// `U`: units of service.
#define CB_BASIS_UNITS 85

// `M`: minutes.
#define CB_BASIS_MINUTES 77

// As the manifest says.
#define CB_SEVERITY_OF_RULE -1

// A note.
#define CB_SEVERITY_INFO 0

// Someone should look.
#define CB_SEVERITY_WARNING 1

// The claim is wrong.
#define CB_SEVERITY_ERROR 2

// Major version of the ABI that this crate describes.
#define CB_ABI_MAJOR 1

// Its minor version.
#define CB_ABI_MINOR 0

// How a call ended: `status`. Negative is a failure.
typedef int32_t cb_status;

// The bit of a field, in `cb_claim.granted` and in the `present` of claim and line: from 0.
typedef uint32_t cb_field;

// A borrowed UTF-8 text with its length; not ended by a zero byte.
//
// `ptr` may be null when `len` is 0, which is how an absent text is written. Whoever makes one says
// how long it stays valid: the texts of a claim until `check` returns, those of a finding until `emit`
// returns, a manifest for ever.
typedef struct cb_str {
  // First byte.
  const uint8_t *ptr;
  // Number of bytes.
  size_t len;
} cb_str;

// A named value that fills a rule's templates.
typedef struct cb_kv {
  // Name, as the rule declares it.
  struct cb_str key;
  // Value, of the kind that the rule declares.
  struct cb_str value;
} cb_kv;

// Takes a note for the log: an event of the plugin's, and values that the manifest declares for it. Values
// that are not declared, and texts that may be of a claim, are not written.
typedef void (*cb_log_fn)(void *ctx,
                          int32_t level,
                          struct cb_str event,
                          const struct cb_kv *values,
                          size_t n_values);

// Gives the extension of that id, `cleanbill.refdata/1`, or null when this side does not have it. Ids of
// extensions are never used for anything else.
typedef const void *(*cb_host_extension_fn)(void *ctx, struct cb_str id);

// What the plugin may know and use of its host while an instance lives.
typedef struct cb_host {
  // Size of this struct as the host knows it.
  uint32_t struct_size;
  // The host's version.
  uint16_t abi_major;
  // The host's version.
  uint16_t abi_minor;
  // To be handed to the functions.
  void *ctx;
  // Takes a note for the log; null when the host keeps none.
  cb_log_fn log;
  // Gives an extension; null when the host has none.
  cb_host_extension_fn extension;
} cb_host;

// Makes an instance and puts it into `out`. `host` is valid for as long as the instance lives. `config` is a
// JSON object: the `args` of the pack's rule that uses a check of the plugin, else `{}`. On failure the
// plugin may write a message of at most `err_cap` bytes, ended by a zero byte, to `err`.
typedef cb_status (*cb_create_fn)(const struct cb_host *host,
                                  struct cb_str config,
                                  cb_instance **out,
                                  char *err,
                                  size_t err_cap);

// Takes back an instance that `create` made. Null is allowed.
typedef void (*cb_destroy_fn)(cb_instance *instance);

// A service line. Dates are `yyyymmdd`, quantities thousandths, amounts cents. What is absent or not granted
// is empty or 0, and its bit in `present` is not set.
typedef struct cb_line {
  // Size of this struct as the host knows it.
  uint32_t struct_size;
  // Place of the line in the claim, from 1.
  uint32_t line_no;
  // CPT/HCPCS code.
  struct cb_str code;
  // Modifiers in their order.
  const struct cb_str *modifiers;
  // Number of modifiers.
  size_t n_modifiers;
  // Diagnoses pointed to: places in `cb_claim.diagnoses`, from 1.
  const uint8_t *dx_pointers;
  // Number of diagnosis pointers.
  size_t n_dx_pointers;
  // Place of service: the line's own, else the claim's.
  struct cb_str place_of_service;
  // Revenue code (institutional).
  struct cb_str revenue_code;
  // NPI of the rendering provider: the line's own, else the claim's.
  struct cb_str rendering_npi;
  // Taxonomy of the same.
  struct cb_str rendering_taxonomy;
  // `upper` or `lower` extremity, where the input says so.
  struct cb_str body_region;
  // First date of service.
  int32_t from;
  // Last date of service, included.
  int32_t through;
  // Quantity in thousandths.
  int64_t units_milli;
  // Charge in cents.
  int64_t charge;
  // What the quantity counts: `basis`.
  uint32_t unit_basis;
  // Zero.
  uint32_t reserved;
  // Quantity of the drug in thousandths of `cb_line.drug_unit`.
  int64_t drug_quantity_milli;
  // National drug code, eleven digits.
  struct cb_str ndc;
  // Unit of the drug's quantity: `F2`, `GR`, `ME`, `ML`, `UN`.
  struct cb_str drug_unit;
  // Prior authorization: the line's own, else the claim's.
  struct cb_str authorization;
  // Which fields of the line are granted and given: bits of `field`.
  uint64_t present;
} cb_line;

// A claim. `claim_ref` is its ordinal within the run, never the provider's control number (CLM01).
typedef struct cb_claim {
  // Size of this struct as the host knows it.
  uint32_t struct_size;
  // Professional or institutional: `form`.
  uint32_t form;
  // Ordinal within the run, in digits.
  struct cb_str claim_ref;
  // Payer's identifier.
  struct cb_str payer_id;
  // Kind of payer (SBR09).
  struct cb_str filing_indicator;
  // Claim frequency (CLM05-3).
  struct cb_str frequency;
  // Type of bill (institutional).
  struct cb_str bill_type;
  // Place of service of the claim (professional).
  struct cb_str place_of_service;
  // NPI of the billing provider.
  struct cb_str billing_npi;
  // Taxonomy of the same.
  struct cb_str billing_taxonomy;
  // NPI of the claim's rendering provider.
  struct cb_str rendering_npi;
  // Taxonomy of the same.
  struct cb_str rendering_taxonomy;
  // First date of service of all lines; 0 without lines.
  int32_t from;
  // Last date of service of all lines; 0 without lines.
  int32_t through;
  // Total charge in cents.
  int64_t total_charge;
  // Diagnosis codes in their order, without decimal point.
  const struct cb_str *diagnoses;
  // Number of diagnoses.
  size_t n_diagnoses;
  // First line; the next one lies `cb_claim.line_stride` bytes on.
  const struct cb_line *lines;
  // Number of lines.
  uint32_t n_lines;
  // Bytes from one line to the next.
  uint32_t line_stride;
  // Which fields `plugins.lock` grants: bits of `field`.
  uint64_t granted;
  // Which fields of the claim are granted and given.
  uint64_t present;
  // Day on which the claim was handed in.
  int32_t submitted;
  // Patient's date of birth.
  int32_t birth_date;
  // Patient's sex: `F`, `M` or `U`.
  struct cb_str sex;
  // Prior authorization of the claim.
  struct cb_str authorization;
  // 1 when the claim names the one that it replaces or voids, else 0. The number itself does not cross.
  uint32_t has_original_reference;
  // Zero.
  uint32_t reserved;
} cb_claim;

// A finding. Its words come from the manifest's templates, which the host fills.
typedef struct cb_finding {
  // Size of this struct as the plugin knows it.
  uint32_t struct_size;
  // Place of the rule in the manifest, from 0.
  uint32_t rule;
  // Place of the line in the claim, from 1; 0 for the claim as a whole.
  uint32_t line_no;
  // How loud: `severity`.
  int32_t severity;
  // Partner lines, places from 1.
  const uint32_t *related;
  // Number of partner lines.
  size_t n_related;
  // Part of the line that is wrong, by its name in claim JSON (`modifiers`); may be empty.
  struct cb_str field;
  // Values for the templates: each that the rule declares, once.
  const struct cb_kv *args;
  // Number of values.
  size_t n_args;
} cb_finding;

// Takes a finding and copies it before it returns. Only to be called within `check`, on its thread.
// After anything but `CB_OK` the plugin returns from `check`.
typedef cb_status (*cb_emit_fn)(void *ctx, const struct cb_finding *finding);

// Says whether to go on: anything but `CB_OK` once the time for this claim is up. A check with
// a long loop asks now and then, and returns `CB_STOP` when told to.
typedef cb_status (*cb_poll_fn)(void *ctx);

// What a plugin may call back while it checks one claim.
typedef struct cb_call {
  // Size of this struct as the host knows it.
  uint32_t struct_size;
  // Zero.
  uint32_t reserved;
  // To be handed to the functions.
  void *ctx;
  // Takes a finding.
  cb_emit_fn emit;
  // Says whether to go on.
  cb_poll_fn poll;
} cb_call;

// Judges one claim. It depends on nothing but the claim and the configuration. Not called at once from
// two threads on one instance, but instances may be on many threads and move between calls.
typedef cb_status (*cb_check_fn)(cb_instance *instance,
                                 const struct cb_claim *claim,
                                 const struct cb_call *call);

// The same, of the plugin.
typedef const void *(*cb_plugin_extension_fn)(struct cb_str id);

// The table of a plugin. A missing function is a null pointer, and refused.
typedef struct cb_plugin {
  // Size of this struct as the plugin knows it.
  uint32_t struct_size;
  // Version that the plugin was built for.
  uint16_t abi_major;
  // Version that the plugin was built for.
  uint16_t abi_minor;
  // Makes an instance.
  cb_create_fn create;
  // Takes an instance back.
  cb_destroy_fn destroy;
  // Judges a claim.
  cb_check_fn check;
  // Gives an extension; may be null.
  cb_plugin_extension_fn extension;
} cb_plugin;

// What stands before the JSON. All numbers are little-endian.
typedef struct cb_manifest_header {
  // `MANIFEST_MAGIC`.
  uint8_t magic[8];
  // Version that the plugin was built for.
  uint16_t abi_major;
  // Version that the plugin was built for.
  uint16_t abi_minor;
  // Length of the JSON that follows, in bytes.
  uint32_t json_len;
} cb_manifest_header;

// It worked.
#define CB_OK 0

// Enough: from `emit`, return from `check` now; from `check`, that it did.
#define CB_STOP 1

// The plugin panicked, and its guard caught it.
#define CB_E_PANIC -1

// The plugin cannot run with its configuration.
#define CB_E_CONFIG -2

// A struct is smaller than this version needs.
#define CB_E_ABI -3

// Something that is asked for does not exist here.
#define CB_E_UNSUPPORTED -4

// A pointer, an index or a text is not valid.
#define CB_E_INVALID -5

// A limit is passed.
#define CB_E_LIMIT -6

// Reference data is missing.
#define CB_E_REFDATA -7

// Anything else.
#define CB_E_INTERNAL -8

// Payer's identifier.
#define CB_CLAIM_PAYER_ID 1

// Kind of payer (SBR09).
#define CB_CLAIM_FILING_INDICATOR 2

// Claim frequency (CLM05-3).
#define CB_CLAIM_FREQUENCY 3

// Type of bill (institutional).
#define CB_CLAIM_BILL_TYPE 4

// Place of service of the claim (professional).
#define CB_CLAIM_PLACE_OF_SERVICE 5

// NPI of the billing provider.
#define CB_CLAIM_BILLING_NPI 6

// Taxonomy of the billing provider.
#define CB_CLAIM_BILLING_TAXONOMY 7

// NPI of the claim's rendering provider.
#define CB_CLAIM_RENDERING_NPI 8

// Taxonomy of the claim's rendering provider.
#define CB_CLAIM_RENDERING_TAXONOMY 9

// First and last date of service of all lines.
#define CB_CLAIM_DATES 10

// Total charge.
#define CB_CLAIM_CHARGE 11

// Diagnosis codes.
#define CB_CLAIM_DIAGNOSES 12

// Day on which the claim was handed in.
#define CB_CLAIM_SUBMITTED 13

// Whether the claim names the one that it replaces or voids.
#define CB_CLAIM_ORIGINAL_REFERENCE 14

// Prior authorization of the claim.
#define CB_CLAIM_AUTHORIZATION 15

// Patient's sex.
#define CB_PATIENT_SEX 16

// Patient's date of birth.
#define CB_PATIENT_BIRTH_DATE 17

// CPT/HCPCS code of a line.
#define CB_LINE_CODE 32

// Modifiers of a line.
#define CB_LINE_MODIFIERS 33

// Diagnosis pointers of a line.
#define CB_LINE_DIAGNOSES 34

// Place of service of a line, resolved.
#define CB_LINE_PLACE_OF_SERVICE 35

// Revenue code of a line.
#define CB_LINE_REVENUE_CODE 36

// NPI of the rendering provider of a line, resolved.
#define CB_LINE_RENDERING_NPI 37

// Taxonomy of the rendering provider of a line, resolved.
#define CB_LINE_RENDERING_TAXONOMY 38

// Upper or lower extremity.
#define CB_LINE_BODY_REGION 39

// Dates of service of a line.
#define CB_LINE_DATES 40

// Quantity of a line and what it counts.
#define CB_LINE_UNITS 41

// Charge of a line.
#define CB_LINE_CHARGE 42

// Drug of a line: NDC, quantity and its unit.
#define CB_LINE_DRUG 43

// Prior authorization of a line, else of its claim.
#define CB_LINE_AUTHORIZATION 44

/* Line `index` of a claim, from 0. A newer host has longer lines, so lines are walked with this alone. */
static inline const cb_line *cb_line_at(const cb_claim *claim, uint32_t index) {
  return (const cb_line *)(const void *)((const char *)claim->lines + (size_t)index * claim->line_stride);
}

/* Puts the manifest, a JSON text, into the section of the library that is read before any of its code runs.
 * Write it once, at the top level of one file. */
#if defined(__APPLE__)
#define CB_SECTION __attribute__((section("__DATA,__cleanbill"), used))
#elif defined(_MSC_VER)
#pragma section(".cleanb", read)
#define CB_SECTION __declspec(allocate(".cleanb"))
#elif defined(_WIN32)
#define CB_SECTION __attribute__((section(".cleanb"), used))
#else
#define CB_SECTION __attribute__((section(".cleanbill"), used))
#endif
#if defined(__cplusplus)
#define CB_C_LINKAGE extern "C"
#else
#define CB_C_LINKAGE extern
#endif
#define CB_MANIFEST(text)                                                                         \
  struct cb_manifest {                                                                            \
    cb_manifest_header header;                                                                    \
    char json[sizeof(text)];                                                                      \
  };                                                                                              \
  CB_C_LINKAGE CB_EXPORT const struct cb_manifest cleanbill_plugin_manifest_v1;                   \
  CB_SECTION const struct cb_manifest cleanbill_plugin_manifest_v1 = {                            \
      {{'C', 'B', 'P', 'L', 'U', 'G', 0, 1}, CB_ABI_MAJOR, CB_ABI_MINOR, sizeof(text) - 1}, text}

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the plugin's table, always the same, or NULL when it cannot serve a host of this version. */
CB_EXPORT const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor);

#ifdef __cplusplus
}
#endif

#endif
