/* Read before every file of llama.cpp; see build.cmake. What is compiled for AMX, the matrix instructions of some
   server processors, is left out.

   With GCC it crashes on every model: the compiler thinks that the instruction which reads the tiles' shapes
   reads 8 bytes where it reads 64, and leaves the other 56 unwritten (github.com/ggml-org/llama.cpp/pull/26954).
   With that mended, models with latent attention still end in a failed assertion, and each model takes memory
   for its weights twice. */

#undef __AMX_TILE__
#undef __AMX_INT8__
#undef __AMX_BF16__
