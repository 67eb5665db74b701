/* Read before every C++ file of llama.cpp where GCC compiles it; see build.cmake.

   GCC's own function tells that the instruction reads 8 bytes of the tiles' shapes, where it reads 64. So the
   stores of the others are left out, and each model crashes on a processor with AMX
   (github.com/ggml-org/llama.cpp/pull/26954). */

#if defined(__AMX_TILE__)
#include <immintrin.h>
#define _tile_loadconfig(shapes) __asm__ volatile("ldtilecfg %0" ::"m"(*(const char(*)[64])(shapes)))
#endif
