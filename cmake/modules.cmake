# kiln_module(name SOURCES… [DEPS…] [LINK…]): a folder of internal/ as a static library.
#   DEPS  other modules whose headers it may include
#   LINK  outside libraries
function(kiln_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LINK" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/internal/${name}/)
  list(TRANSFORM ARG_DEPS PREPEND kiln_)
  add_library(kiln_${name} STATIC ${ARG_SOURCES})
  target_include_directories(kiln_${name} PUBLIC ${CMAKE_SOURCE_DIR}/internal)
  target_compile_definitions(kiln_${name} PUBLIC KILN_VERSION="${PROJECT_VERSION}")
  target_link_libraries(kiln_${name} PUBLIC ${ARG_DEPS} ${ARG_LINK})
endfunction()

# kiln_program(name [STATIC] DEPS…): cmd/<name>/main.c, linked as a position-independent executable.
function(kiln_program name)
  cmake_parse_arguments(ARG "STATIC" "" "DEPS" ${ARGN})
  list(TRANSFORM ARG_DEPS PREPEND kiln_)
  add_executable(${name} ${CMAKE_SOURCE_DIR}/cmd/${name}/main.c)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  if(ARG_STATIC AND NOT KILN_SANITIZE)
    target_link_options(${name} PRIVATE -static-pie)
  else()
    target_link_options(${name} PRIVATE -pie)
  endif()
endfunction()
