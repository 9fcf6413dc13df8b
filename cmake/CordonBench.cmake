# cordon-bench: everything in bench/ but main.c is a library that tests link too. RE2 takes
# part where it is installed, instructions are counted where valgrind is; sanitizers, which nobody measures with, leave both out.

file(GLOB bench_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.c)
list(REMOVE_ITEM bench_sources ${PROJECT_SOURCE_DIR}/bench/main.c)
add_library(cordon_bench STATIC ${bench_sources})
target_link_libraries(cordon_bench PUBLIC cordon_cli PkgConfig::HS PkgConfig::PCRE2 PkgConfig::MSGPACK PkgConfig::ZMQ m)

find_path(CORDON_VALGRIND valgrind/callgrind.h)
if(CORDON_VALGRIND AND NOT CORDON_SANITIZER)
    target_compile_definitions(cordon_bench PRIVATE BENCH_HAS_CALLGRIND)
endif()

pkg_check_modules(RE2 IMPORTED_TARGET re2)
find_program(CORDON_CXX NAMES c++ g++ clang++)
if(RE2_FOUND AND CORDON_CXX AND NOT CORDON_SANITIZER)
    enable_language(CXX)
    add_library(cordon_bench_re2 STATIC ${PROJECT_SOURCE_DIR}/bench/re2_set.cc)
    # The project's warnings are C's.
    set_target_properties(cordon_bench_re2 PROPERTIES COMPILE_OPTIONS "-O2" CXX_STANDARD 17)
    target_link_libraries(cordon_bench_re2 PUBLIC PkgConfig::RE2)
    target_compile_definitions(cordon_bench PUBLIC BENCH_HAS_RE2)
    target_link_libraries(cordon_bench PUBLIC cordon_bench_re2)
endif()

cordon_program(cordon-bench MAIN bench/main.c USES cordon_bench)
add_dependencies(cordon-bench cordon) # which it runs

# What ships is measured, so this much is tested there too: that the harness works, and the guard of the hot path.
if(NOT CORDON_TESTS AND CMAKE_BUILD_TYPE STREQUAL "Release")
    enable_testing()
    file(GLOB bench_scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/bench/test_*.py)
    cordon_script_tests(${PROJECT_SOURCE_DIR}/tests ${bench_scripts})
endif()

if(CORDON_TESTS)
    file(GLOB bench_tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/bench/test_*.c)
    foreach(test ${bench_tests})
        cordon_test_name(${PROJECT_SOURCE_DIR}/tests ${test} test_name)
        target_link_libraries(${test_name} PRIVATE cordon_bench)
    endforeach()
endif()
file(GLOB bench_scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/bench/test_*.py)
foreach(script ${bench_scripts})
    cordon_test_name(${PROJECT_SOURCE_DIR}/tests ${script} test_name)
    if(TEST ${test_name})
        set_property(TEST ${test_name} APPEND PROPERTY ENVIRONMENT "CORDON_BENCH=$<TARGET_FILE:cordon-bench>")
    endif()
endforeach()
if(TEST bench.instructions)
    set_tests_properties(bench.instructions PROPERTIES LABELS perf)
endif()
