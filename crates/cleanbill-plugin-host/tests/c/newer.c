/* A plugin of a later major version: only the header of its manifest can be understood. */
#include <stdint.h>

struct manifest {
  char magic[8];
  uint16_t abi_major, abi_minor;
  uint32_t json_len;
  char json[2];
};

extern const struct manifest cleanbill_plugin_manifest_v1;
__attribute__((section(".cleanbill"), used)) const struct manifest cleanbill_plugin_manifest_v1 = {
    {'C', 'B', 'P', 'L', 'U', 'G', 0, 1}, 2, 0, 2, {'{', '}'}};
