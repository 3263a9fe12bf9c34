# The module `aliyunIoT` as a user C module, for ports that build with CMake (rp2, esp32):
#
#   -DUSER_C_MODULES=<this folder>/micropython.cmake -DALIYUN_IOT_LIB=<libaliyun_iot.a> -DALIYUN_IOT_PORT=<folder under ports/>
#
# The archive comes from `cargo xtask lib <target>`; ports/README.md says which target fits which chip.

set(ALIYUN_IOT_PORT "${ALIYUN_IOT_PORT}" CACHE STRING "Folder under ports/ with port.c")
if(NOT EXISTS "${ALIYUN_IOT_LIB}")
    message(FATAL_ERROR "Set ALIYUN_IOT_LIB to libaliyun_iot.a, built for this board's processor by `cargo xtask lib <target>`")
endif()
if(NOT EXISTS "${CMAKE_CURRENT_LIST_DIR}/../ports/${ALIYUN_IOT_PORT}/port.c")
    message(FATAL_ERROR "Set ALIYUN_IOT_PORT to a folder under ports/ that has a port.c")
endif()

file(GLOB ALIYUN_IOT_PORT_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../ports/${ALIYUN_IOT_PORT}/*.c)

add_library(usermod_aliyun_iot INTERFACE)
target_sources(usermod_aliyun_iot INTERFACE
    ${CMAKE_CURRENT_LIST_DIR}/modaliyunIoT.c
    ${CMAKE_CURRENT_LIST_DIR}/device.c
    ${CMAKE_CURRENT_LIST_DIR}/args.c
    ${CMAKE_CURRENT_LIST_DIR}/calls.c
    ${CMAKE_CURRENT_LIST_DIR}/callbacks.c
    ${CMAKE_CURRENT_LIST_DIR}/console.c
    ${CMAKE_CURRENT_LIST_DIR}/events.c
    ${CMAKE_CURRENT_LIST_DIR}/answers.c
    ${CMAKE_CURRENT_LIST_DIR}/ntp.c
    ${CMAKE_CURRENT_LIST_DIR}/replies.c
    ${CMAKE_CURRENT_LIST_DIR}/pump.c
    ${CMAKE_CURRENT_LIST_DIR}/link.c
    ${CMAKE_CURRENT_LIST_DIR}/tls.c
    ${CMAKE_CURRENT_LIST_DIR}/roots.c
    ${CMAKE_CURRENT_LIST_DIR}/upload.c
    ${CMAKE_CURRENT_LIST_DIR}/endpoint.c
    ${CMAKE_CURRENT_LIST_DIR}/register.c
    ${CMAKE_CURRENT_LIST_DIR}/identity.c
    ${CMAKE_CURRENT_LIST_DIR}/store.c
    ${CMAKE_CURRENT_LIST_DIR}/store_lock.c
    ${CMAKE_CURRENT_LIST_DIR}/host.c
    ${CMAKE_CURRENT_LIST_DIR}/kv.c
    ${ALIYUN_IOT_PORT_SOURCES}
)
target_include_directories(usermod_aliyun_iot INTERFACE
    ${CMAKE_CURRENT_LIST_DIR}
    ${CMAKE_CURRENT_LIST_DIR}/../include
)
# What can be set on cmake's command line: docs/porting.md.
set(ALIYUN_IOT_CAN_BE_SET
    ALIYUN_IOT_RX_SIZE ALIYUN_IOT_TX_SIZE ALIYUN_IOT_TOPICS_SIZE ALIYUN_IOT_UPLOAD_BLOCK ALIYUN_IOT_KV)
get_cmake_property(ALIYUN_IOT_VARIABLES VARIABLES)
list(FILTER ALIYUN_IOT_VARIABLES INCLUDE REGEX "^ALIYUN_IOT_ROOT_")
foreach(ALIYUN_IOT_NAME IN LISTS ALIYUN_IOT_CAN_BE_SET ALIYUN_IOT_VARIABLES)
    if(DEFINED ${ALIYUN_IOT_NAME})
        target_compile_definitions(usermod_aliyun_iot INTERFACE ${ALIYUN_IOT_NAME}=${${ALIYUN_IOT_NAME}})
    endif()
endforeach()
target_link_libraries(usermod_aliyun_iot INTERFACE ${ALIYUN_IOT_LIB})
target_link_libraries(usermod INTERFACE usermod_aliyun_iot)
