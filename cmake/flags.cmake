# Compiler flags of every target: warnings, hardening and the sanitizers.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

option(KILN_WERROR "Treat warnings as errors" OFF)
set(KILN_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, such as address,undefined")

add_compile_definitions(_GNU_SOURCE)
add_compile_options(
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
  -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wcast-qual
  -Wwrite-strings -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough
  -Wnull-dereference
  -fno-common -fstack-protector-strong -fstack-clash-protection)

# clang before 16 has it behind a second flag.
include(CheckCCompilerFlag)
check_c_compiler_flag(-ftrivial-auto-var-init=zero KILN_HAS_AUTO_VAR_INIT)
if(KILN_HAS_AUTO_VAR_INIT)
  add_compile_options(-ftrivial-auto-var-init=zero)
endif()

if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  # The lock annotations of internal/base/sync.h are checked by clang alone.
  add_compile_options(-Wthread-safety -Wno-gnu-auto-type -Wno-gnu-statement-expression
    -Wno-gnu-zero-variadic-macro-arguments)
endif()
if(KILN_WERROR)
  add_compile_options(-Werror)
endif()

if(KILN_SANITIZE)
  add_compile_options(-fsanitize=${KILN_SANITIZE} -fno-omit-frame-pointer -O1)
  add_link_options(-fsanitize=${KILN_SANITIZE})
else()
  add_compile_options(-U_FORTIFY_SOURCE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
