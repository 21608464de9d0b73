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
