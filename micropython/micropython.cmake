# The module `aliyunIoT` as a user C module, for ports that build with CMake (rp2, esp32):
#
#   -DUSER_C_MODULES=<this folder>/micropython.cmake -DALIYUN_IOT_LIB=<libaliyun_iot.a> -DALIYUN_IOT_PORT=<folder under ports/>
#
# The archive comes from `cargo xtask lib <target> --with words`; ports/README.md says which target fits which chip.

set(ALIYUN_IOT_PORT "${ALIYUN_IOT_PORT}" CACHE STRING "Folder under ports/ with port.c")
if(NOT EXISTS "${ALIYUN_IOT_LIB}")
    message(FATAL_ERROR "Set ALIYUN_IOT_LIB to libaliyun_iot.a, built for this board's processor by `cargo xtask lib <target> --with words`")
endif()
if(NOT EXISTS "${CMAKE_CURRENT_LIST_DIR}/../ports/${ALIYUN_IOT_PORT}/port.c")
    message(FATAL_ERROR "Set ALIYUN_IOT_PORT to a folder under ports/ that has a port.c")
endif()

file(GLOB ALIYUN_IOT_PORT_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../ports/${ALIYUN_IOT_PORT}/*.c)
# A port of files from several folders names the others in port.cmake.
include(${CMAKE_CURRENT_LIST_DIR}/../ports/${ALIYUN_IOT_PORT}/port.cmake OPTIONAL)

# One path a line.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/sources.txt ALIYUN_IOT_SOURCES)
list(TRANSFORM ALIYUN_IOT_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/sources.txt)

add_library(usermod_aliyun_iot INTERFACE)
target_sources(usermod_aliyun_iot INTERFACE ${ALIYUN_IOT_SOURCES} ${ALIYUN_IOT_PORT_SOURCES})
target_include_directories(usermod_aliyun_iot INTERFACE
    ${CMAKE_CURRENT_LIST_DIR}
    ${CMAKE_CURRENT_LIST_DIR}/../include
)
# What can be set on cmake's command line: docs/porting.md.
set(ALIYUN_IOT_CAN_BE_SET
    ALIYUN_IOT_RX_SIZE ALIYUN_IOT_TX_SIZE ALIYUN_IOT_TOPICS_SIZE ALIYUN_IOT_UPLOAD_BLOCK ALIYUN_IOT_KV)
get_cmake_property(ALIYUN_IOT_VARIABLES VARIABLES)
list(FILTER ALIYUN_IOT_VARIABLES INCLUDE REGEX "^ALIYUN_IOT_(ROOT|CLOUD)_")
foreach(ALIYUN_IOT_NAME IN LISTS ALIYUN_IOT_CAN_BE_SET ALIYUN_IOT_VARIABLES)
    if(DEFINED ${ALIYUN_IOT_NAME})
        target_compile_definitions(usermod_aliyun_iot INTERFACE ${ALIYUN_IOT_NAME}=${${ALIYUN_IOT_NAME}})
    endif()
endforeach()
target_link_libraries(usermod_aliyun_iot INTERFACE ${ALIYUN_IOT_LIB})
target_link_libraries(usermod INTERFACE usermod_aliyun_iot)
