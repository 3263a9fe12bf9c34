// The device's own certificate and key.
#ifndef ALIYUN_IOT_NET_CERTIFICATE_H
#define ALIYUN_IOT_NET_CERTIFICATE_H

#include "base/others.h"
#include "base/runtime.h"

#if ALIYUN_IOT_HAS_CERTIFICATES
// Reads both, each in PEM or DER, into objects of DER; false if there are none. Raises ValueError if there is only one, if they
// are neither PEM nor DER, or if the key is another certificate's.
bool certificate_read(aliyun_iot_bytes certificate, aliyun_iot_bytes key, mp_obj_t *certificate_out, mp_obj_t *key_out);
// Has an SSLContext show the certificate to servers that ask for one. Raises ValueError if the firmware cannot read it.
void certificate_use(mp_obj_t context, mp_obj_t certificate, mp_obj_t key);
#endif

#endif
