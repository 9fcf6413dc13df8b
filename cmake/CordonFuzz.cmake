# Fuzz targets: tests/fuzz/fuzz_X.c with the corpus in tests/fuzz/corpus/X becomes the test fuzz.X, which replays that
# corpus. With CORDON_FUZZ (clang) it is linked with libFuzzer instead of replay.c and can also search:
#
#     build/fuzz/tests/fuzz_decode -dict=tests/fuzz/decode.dict FOLDER_FOR_FINDS tests/fuzz/corpus/decode

function(cordon_fuzz)
    cmake_parse_arguments(ARG "" "DIR" "USES" ${ARGN})
    set(root ${PROJECT_SOURCE_DIR}/${ARG_DIR})
    file(GLOB targets CONFIGURE_DEPENDS ${root}/fuzz_*.c)
    foreach(target ${targets})
        get_filename_component(program ${target} NAME_WE)
        string(REPLACE "fuzz_" "" name ${program})
        add_executable(${program} ${target})
        target_link_libraries(${program} PRIVATE ${ARG_USES})
        target_include_directories(${program} PRIVATE ${root})
        set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
        if(CORDON_FUZZ)
            target_compile_options(${program} PRIVATE -fsanitize=fuzzer)
            target_link_options(${program} PRIVATE -fsanitize=fuzzer)
            add_test(NAME fuzz.${name} COMMAND ${program} -runs=0 ${root}/corpus/${name})
        else()
            target_sources(${program} PRIVATE ${root}/replay.c)
            add_test(NAME fuzz.${name} COMMAND ${program} ${root}/corpus/${name})
        endif()
        set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300 LABELS fuzz)
    endforeach()
endfunction()

# The libraries tell the fuzzer where they have been.
if(CORDON_FUZZ)
    foreach(library inspect record rules stage console cli)
        target_compile_options(cordon_${library} PRIVATE -fsanitize=fuzzer-no-link)
    endforeach()
endif()
if(CORDON_TESTS)
    cordon_fuzz(DIR tests/fuzz USES cordon_cli)
endif()
