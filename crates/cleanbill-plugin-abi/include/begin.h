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
