/* A plugin of a later major version: only the symbol that never changes can be understood. */
#include <stdint.h>

uint32_t cleanbill_plugin_abi_version(void) { return (uint32_t)2 << 16; }
