/* A library that is no plugin. */
#ifdef CB_EXPORTED
__attribute__((visibility("default")))
#endif
int add(int a, int b);
int add(int a, int b) { return a + b; }
