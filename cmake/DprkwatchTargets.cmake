# How our targets are built. Third-party headers come in as system headers, so these warnings meet only our code.
find_program(DPRKWATCH_CCACHE ccache)
if(DPRKWATCH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${DPRKWATCH_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${DPRKWATCH_CCACHE}")
endif()

set(DPRKWATCH_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined")
option(DPRKWATCH_COVERAGE "Instrument for gcov" OFF)
option(DPRKWATCH_FUZZ "Build the libFuzzer targets (clang)" OFF)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()

add_library(dprkwatch_options INTERFACE)
target_compile_features(dprkwatch_options INTERFACE cxx_std_20 c_std_11)
target_compile_definitions(dprkwatch_options INTERFACE DPRKWATCH_VERSION="${PROJECT_VERSION}")
target_compile_options(
  dprkwatch_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wno-sign-conversion
            $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
            $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
            -Wimplicit-fallthrough
            -Werror
            -fno-omit-frame-pointer
            "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
            $<$<CONFIG:Debug>:-Og>
            $<$<CONFIG:Debug>:-g1>)
if(DPRKWATCH_SANITIZE)
  target_compile_options(dprkwatch_options INTERFACE "-fsanitize=${DPRKWATCH_SANITIZE}" -fno-sanitize-recover=all)
  target_link_options(dprkwatch_options INTERFACE "-fsanitize=${DPRKWATCH_SANITIZE}")
endif()
if(DPRKWATCH_COVERAGE)
  target_compile_options(dprkwatch_options INTERFACE --coverage)
  target_link_options(dprkwatch_options INTERFACE --coverage)
endif()
if(DPRKWATCH_FUZZ)
  target_compile_options(dprkwatch_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns falsely inside the standard library at -O2 (GCC bugs 105329, 105651, 98465).
  target_compile_options(dprkwatch_options INTERFACE $<$<CONFIG:Release>:-Wno-restrict> -Wno-maybe-uninitialized
                                                    -Wno-stringop-overflow)
endif()
# Hardening, as Debian's dpkg-buildflags with hardening=+all.
target_compile_options(dprkwatch_options INTERFACE $<$<CONFIG:Release>:-fstack-protector-strong>
                                                   $<$<CONFIG:Release>:-fstack-clash-protection>)
target_compile_definitions(
  dprkwatch_options INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> $<$<CONFIG:Release>:_GLIBCXX_ASSERTIONS>)
target_link_options(dprkwatch_options INTERFACE LINKER:-z,relro LINKER:-z,now LINKER:--as-needed)
find_program(DPRKWATCH_LLD ld.lld)
if(DPRKWATCH_LLD)
  target_link_options(dprkwatch_options INTERFACE -fuse-ld=lld)
endif()

# What a user runs: the program, its plugins and their data; no tests.
add_custom_target(installation)

# dprkwatch_add_step(NAME SOURCES ... [USES ...] [LIBRARIES ...])
# One folder of daemon/ as the static library dprkwatch_NAME. USES: other steps; LIBRARIES: third-party, kept private.
function(dprkwatch_add_step name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LIBRARIES;PUBLIC_LIBRARIES")
  add_library(dprkwatch_${name} STATIC ${arg_SOURCES})
  target_include_directories(dprkwatch_${name} PUBLIC "${PROJECT_SOURCE_DIR}/daemon")
  list(TRANSFORM arg_USES PREPEND dprkwatch_)
  target_link_libraries(
    dprkwatch_${name}
    PUBLIC ${arg_USES} ${arg_PUBLIC_LIBRARIES}
    PRIVATE dprkwatch_options ${arg_LIBRARIES})
endfunction()

# dprkwatch_add_analyzer(ID SOURCES ... [LIBRARIES ...] [DATA ...])
# plugins/ID as lib/dprkwatch/plugins/ID.so, with its logic also as the static library dprkwatch_analyzer_ID for tests.
# plugin.cpp holds only the border to the ABI. DATA files go to share/dprkwatch/plugins/ID/.
function(dprkwatch_add_analyzer id)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;DATA")
  add_library(dprkwatch_analyzer_${id} STATIC ${arg_SOURCES})
  target_include_directories(dprkwatch_analyzer_${id} PUBLIC "${PROJECT_SOURCE_DIR}/plugins")
  target_link_libraries(
    dprkwatch_analyzer_${id}
    PUBLIC dprkwatch_sdk ${arg_LIBRARIES}
    PRIVATE dprkwatch_options)
  add_library(dprkwatch_plugin_${id} MODULE plugin.cpp)
  target_link_libraries(dprkwatch_plugin_${id} PRIVATE dprkwatch_options dprkwatch_analyzer_${id})
  set_target_properties(
    dprkwatch_plugin_${id}
    PROPERTIES OUTPUT_NAME ${id}
               PREFIX ""
               CXX_VISIBILITY_PRESET hidden
               LIBRARY_OUTPUT_DIRECTORY "${DPRKWATCH_PLUGIN_DIR}")
  target_link_options(dprkwatch_plugin_${id} PRIVATE LINKER:--exclude-libs,ALL)
  add_dependencies(installation dprkwatch_plugin_${id})
  foreach(file IN LISTS arg_DATA)
    dprkwatch_share_file("${CMAKE_CURRENT_SOURCE_DIR}/${file}" "plugins/${id}/${file}")
  endforeach()
endfunction()

# Keeps a copy of SOURCE at share/dprkwatch/DESTINATION of the build tree, and installs it there.
function(dprkwatch_share_file source destination)
  set(copy "${DPRKWATCH_SHARE_DIR}/${destination}")
  string(MAKE_C_IDENTIFIER "share_${destination}" target)
  add_custom_command(
    OUTPUT "${copy}"
    COMMAND "${CMAKE_COMMAND}" -E copy "${source}" "${copy}"
    DEPENDS "${source}"
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS "${copy}")
  add_dependencies(installation ${target})
endfunction()

# dprkwatch_add_unit_test(NAME SOURCES ... LINKS ...)
# A GoogleTest program of one folder. LINKS: only what that folder may use. The folder's own path is DPRKWATCH_TEST_DIR.
function(dprkwatch_add_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE dprkwatch_options ${arg_LINKS} GTest::gtest_main)
  target_compile_definitions(
    test_${name} PRIVATE DPRKWATCH_TEST_DIR="${CMAKE_CURRENT_SOURCE_DIR}" DPRKWATCH_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                         DPRKWATCH_BUILD_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME unit.${name} COMMAND test_${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS quick TIMEOUT 120)
endfunction()

# Asio and Beast with their non-template code compiled once (daemon/http/asio.cpp); every user must agree on it.
add_library(dprkwatch_asio INTERFACE)
target_compile_definitions(dprkwatch_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                    BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(dprkwatch_asio INTERFACE Boost::headers)
