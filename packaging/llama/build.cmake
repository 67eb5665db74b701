# Read by the build of llama-cpp-python behind its line project(); llama_wheel.py hands it in.

# What llama.cpp's own programs share and the Python bindings do not use: a third of all that is compiled.
set(LLAMA_BUILD_COMMON OFF)

# One file for each library. A wheel holds no links, and each library would lie in it under three names.
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME TRUE)

# Libraries find each other in their own folder, also those that are loaded by name.
if(APPLE)
    set(CMAKE_INSTALL_RPATH "@loader_path")
else()
    set(CMAKE_INSTALL_RPATH "$ORIGIN")
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    add_compile_options(-include "${CMAKE_CURRENT_LIST_DIR}/without_amx.h")
endif()
