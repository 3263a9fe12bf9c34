# Is this the version that find_package asks for, and is it for the processor that is built for?
set(PACKAGE_VERSION @VERSION@)
if(CMAKE_SIZEOF_VOID_P AND NOT CMAKE_SIZEOF_VOID_P EQUAL @POINTER@)
  set(PACKAGE_VERSION "@VERSION@ (for pointers of @POINTER@ bytes)")
  set(PACKAGE_VERSION_UNSUITABLE TRUE)
elseif(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
else()
  # Before 1.0 a new minor version may change the ABI.
  string(REGEX MATCH "^[0-9]+[.][0-9]+" _aliyun_iot_minor "@VERSION@")
  if(PACKAGE_FIND_VERSION VERSION_LESS PACKAGE_VERSION AND
      "${PACKAGE_FIND_VERSION_MAJOR}.${PACKAGE_FIND_VERSION_MINOR}" STREQUAL _aliyun_iot_minor)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
  endif()
  unset(_aliyun_iot_minor)
endif()
