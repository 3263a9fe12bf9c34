# find_package(aliyun_iot): the archives and the port over BSD sockets, wherever this folder lies.
#
#   aliyun_iot::aliyun_iot   the archive with the default features
#   aliyun_iot::<set>        the archive with another set of features
#   aliyun_iot::bsd          the port over BSD sockets, compiled along with what links it
#   aliyun_iot::bsd_mbedtls  the same with TLS; link mbedtls, mbedx509 and mbedcrypto as your project has them
#
# Link one archive, after a port.

get_filename_component(_aliyun_iot "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

foreach(_aliyun_iot_set IN ITEMS @SETS@)
  set(_aliyun_iot_target aliyun_iot::${_aliyun_iot_set})
  if(_aliyun_iot_set STREQUAL default)
    set(_aliyun_iot_target aliyun_iot::aliyun_iot)
  endif()
  if(NOT TARGET ${_aliyun_iot_target})
    add_library(${_aliyun_iot_target} STATIC IMPORTED)
    set_target_properties(${_aliyun_iot_target} PROPERTIES
      IMPORTED_LOCATION "${_aliyun_iot}/lib/${_aliyun_iot_set}/libaliyun_iot.a"
      INTERFACE_INCLUDE_DIRECTORIES "${_aliyun_iot}/include")
  endif()
endforeach()

if(NOT TARGET aliyun_iot::bsd)
  add_library(aliyun_iot::bsd INTERFACE IMPORTED)
  set_target_properties(aliyun_iot::bsd PROPERTIES
    INTERFACE_SOURCES "${_aliyun_iot}/bsd/bsd_port.c"
    INTERFACE_INCLUDE_DIRECTORIES "${_aliyun_iot}/bsd;${_aliyun_iot}/include")
  add_library(aliyun_iot::bsd_mbedtls INTERFACE IMPORTED)
  set_target_properties(aliyun_iot::bsd_mbedtls PROPERTIES
    INTERFACE_SOURCES "${_aliyun_iot}/bsd/tls_mbedtls.c"
    INTERFACE_LINK_LIBRARIES aliyun_iot::bsd)
endif()

unset(_aliyun_iot_target)
unset(_aliyun_iot_set)
unset(_aliyun_iot)
