/* The C ABI between cleanbill and a payer plugin, version 1.0.
 *
 * Export two functions: cleanbill_plugin_abi_version and cleanbill_plugin_entry_v1 (see the end).
 * Everything the host hands over is borrowed and valid until the call returns; everything a plugin hands
 * over goes through cb_call.emit, which copies it. No allocation crosses. Never let an exception or a
 * longjmp leave one of your functions. This file is kept by hand; the tests of the Rust crate
 * cleanbill-plugin-abi compare it with the Rust side. */
#ifndef CLEANBILL_PLUGIN_H
#define CLEANBILL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define CB_EXPORT __declspec(dllexport)
#else
#define CB_EXPORT __attribute__((visibility("default")))
#endif

#define CB_ABI_MAJOR 1
#define CB_ABI_MINOR 0
#define CB_ABI_VERSION (((uint32_t)CB_ABI_MAJOR << 16) | CB_ABI_MINOR)

/* UTF-8, not ended by a zero byte; ptr may be NULL when len is 0, which is an absent text. */
typedef struct cb_str {
  const uint8_t *ptr;
  size_t len;
} cb_str;

#define CB_LITERAL(text) { (const uint8_t *)(text), sizeof(text) - 1 }

typedef int32_t cb_date;   /* yyyymmdd, 0 when absent */
typedef int64_t cb_money;  /* cents */
typedef int32_t cb_status; /* negative: failure */

enum {
  CB_OK = 0,
  CB_STOP = 1,
  CB_E_PANIC = -1,
  CB_E_CONFIG = -2,
  CB_E_ABI = -3,
  CB_E_UNSUPPORTED = -4,
  CB_E_INVALID = -5,
  CB_E_LIMIT = -6,
  CB_E_REFDATA = -7,
  CB_E_INTERNAL = -8
};

/* Whether a struct of the other side has the field; a minor version only appends fields. */
#define CB_HAS(p, type, field) \
  ((p)->struct_size >= offsetof(type, field) + sizeof(((type *)0)->field))

typedef struct cb_line {
  uint32_t struct_size;
  uint32_t line_no; /* place in the claim, from 1 */
  cb_str code;
  const cb_str *modifiers;
  size_t n_modifiers;
  const uint8_t *dx_pointers; /* places in the claim's diagnoses, from 1 */
  size_t n_dx_pointers;
  cb_str place_of_service; /* the line's own, else the claim's; so is the provider */
  cb_str revenue_code;
  cb_str rendering_npi;
  cb_str rendering_taxonomy;
  cb_str body_region; /* "upper", "lower" or empty */
  cb_date from;
  cb_date through;
  int64_t units_milli; /* thousandths */
  cb_money charge;
  uint32_t unit_basis; /* 'U' units, 'M' minutes */
  uint32_t reserved;
} cb_line;

/* What an edit needs of a claim. It holds no name, member id, birth date or account number. */
typedef struct cb_claim {
  uint32_t struct_size;
  uint32_t form;    /* 'P' professional, 'I' institutional */
  cb_str claim_ref; /* ordinal within the run */
  cb_str payer_id;
  cb_str filing_indicator;
  cb_str frequency;
  cb_str bill_type;
  cb_str place_of_service;
  cb_str billing_npi;
  cb_str billing_taxonomy;
  cb_str rendering_npi;
  cb_str rendering_taxonomy;
  cb_date from; /* of all lines */
  cb_date through;
  cb_money total_charge;
  const cb_str *diagnoses;
  size_t n_diagnoses;
  const cb_line *lines; /* use cb_line_at: a newer host has longer lines */
  uint32_t n_lines;
  uint32_t line_stride;
} cb_claim;

static inline const cb_line *cb_line_at(const cb_claim *claim, uint32_t index) {
  return (const cb_line *)((const char *)claim->lines + (size_t)index * claim->line_stride);
}

typedef struct cb_kv {
  cb_str key;
  cb_str value;
} cb_kv;

typedef struct cb_finding {
  uint32_t struct_size;
  uint32_t rule;    /* place in the manifest, from 0 */
  uint32_t line_no; /* place of the line, from 1; 0 for the claim */
  int32_t severity; /* -1 as the rule says, 0 info, 1 warning, 2 error */
  const uint32_t *related;
  size_t n_related;
  cb_str field; /* name in claim JSON: "modifiers"; may be empty */
  const cb_kv *args;
  size_t n_args;
} cb_finding;

typedef struct cb_call {
  uint32_t struct_size;
  uint32_t reserved;
  void *ctx;
  cb_status (*emit)(void *ctx, const cb_finding *finding); /* after anything but CB_OK: return */
} cb_call;

typedef struct cb_host {
  uint32_t struct_size;
  uint16_t abi_major;
  uint16_t abi_minor;
} cb_host;

typedef struct cb_instance cb_instance;

typedef struct cb_plugin {
  uint32_t struct_size;
  uint16_t abi_major;
  uint16_t abi_minor;
  cb_str manifest; /* JSON, valid for ever */
  /* config is a JSON object, {} when no rule of a pack configures the instance. On failure put a reason,
   * ended by a zero byte, into err. */
  cb_status (*create)(const cb_host *host, cb_str config, cb_instance **out, char *err,
                      size_t err_cap);
  void (*destroy)(cb_instance *instance);
  cb_status (*check)(cb_instance *instance, const cb_claim *claim, const cb_call *call);
} cb_plugin;

#if UINTPTR_MAX == 0xffffffffffffffffu
#if defined(__cplusplus)
#define CB_SIZE(type, size) static_assert(sizeof(type) == (size), "layout of " #type)
#else
#define CB_SIZE(type, size) _Static_assert(sizeof(type) == (size), "layout of " #type)
#endif
CB_SIZE(cb_str, 16);
CB_SIZE(cb_kv, 32);
CB_SIZE(cb_host, 8);
CB_SIZE(cb_call, 24);
CB_SIZE(cb_line, 168);
CB_SIZE(cb_claim, 216);
CB_SIZE(cb_finding, 64);
CB_SIZE(cb_plugin, 48);
#endif

#if defined(__cplusplus)
extern "C" {
#endif

/* Returns CB_ABI_VERSION. */
CB_EXPORT uint32_t cleanbill_plugin_abi_version(void);

/* Returns the plugin's table, always the same, or NULL when it cannot serve a host of this version. */
CB_EXPORT const cb_plugin *cleanbill_plugin_entry_v1(uint16_t host_major, uint16_t host_minor);

#if defined(__cplusplus)
}
#endif

#endif
