/* A library that is no plugin. */
int add(int a, int b);
int add(int a, int b) { return a + b; }
