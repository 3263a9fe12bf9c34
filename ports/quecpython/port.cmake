# What this port needs beside its own files, for micropython/micropython.cmake.

list(APPEND ALIYUN_IOT_PORT_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../select/wake.c)
