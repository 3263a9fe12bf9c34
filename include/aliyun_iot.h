/* The C ABI of aliyun-iot. Made by `cargo xtask bindings` from src/ffi: do not edit.
 *
 * docs/c-abi.md has the contract. In short: no call blocks, allocates, starts a thread or calls back. One call at a time may
 * run for each device. A pointer that a call returns is valid until the next call with the same device, unless the call's
 * comment says otherwise.
 *
 * A call that can fail returns a status, and puts its results where pointers point. A question returns its result; if the
 * result is a struct, it returns whether there is one. A report returns nothing.
 */

#ifndef ALIYUN_IOT_H
#define ALIYUN_IOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The version of this header; aliyun_iot_version() returns that of the library.
#define ALIYUN_IOT_VERSION_MAJOR 0
#define ALIYUN_IOT_VERSION_MINOR 1
#define ALIYUN_IOT_VERSION_PATCH 0
#define ALIYUN_IOT_VERSION \
  (ALIYUN_IOT_VERSION_MAJOR * 0x10000u + ALIYUN_IOT_VERSION_MINOR * 0x100u + ALIYUN_IOT_VERSION_PATCH)
#define ALIYUN_IOT_VERSION_TEXT "0.1.0"

// An initialiser of `aliyun_iot_bytes` from a string literal.
#ifdef __cplusplus
#define ALIYUN_IOT_STR(literal) { reinterpret_cast<const uint8_t *>("" literal), sizeof(literal) - 1 }
#else
#define ALIYUN_IOT_STR(literal) { (const uint8_t *)("" literal), sizeof(literal) - 1 }
#endif


// The call has done its work.
#define ALIYUN_IOT_STATUS_OK 0

// There is no session, and the call would not be kept for the next session. Or there is no request to answer.
#define ALIYUN_IOT_STATUS_NOT_CONNECTED (-1)

// The window of 20 unacknowledged messages is full, or the send buffer is: try again later.
#define ALIYUN_IOT_STATUS_FULL (-2)

// A buffer is too small, also when it is empty. `needed` of `aliyun_iot_last_error` is the size that it must have.
#define ALIYUN_IOT_STATUS_TOO_LARGE (-3)

// The device is connected or connecting, or a registration is under way.
#define ALIYUN_IOT_STATUS_ALREADY_CONNECTED (-4)

// The cloud that the device is connected to does not have this service, or `without_services` has switched it off.
#define ALIYUN_IOT_STATUS_NO_SERVICE (-5)

// The build of the library does not have this feature.
#define ALIYUN_IOT_STATUS_LEFT_OUT (-6)

// The server has closed the connection again and again right after such a packet. The library sends none for five
// minutes.
#define ALIYUN_IOT_STATUS_GIVEN_UP (-7)

// A pointer is NULL that must not be NULL.
#define ALIYUN_IOT_STATUS_NULL (-8)

// A text is not JSON, or not the JSON object that the call needs. `offset` of `aliyun_iot_last_error` is the first wrong
// byte.
#define ALIYUN_IOT_STATUS_JSON (-9)

// JSON is nested deeper than 32 levels. `offset` of `aliyun_iot_last_error` is the first bracket too many.
#define ALIYUN_IOT_STATUS_NESTING (-10)

// The memory of a device is too small or not aligned, or one of its buffers is too small.
#define ALIYUN_IOT_STATUS_MEMORY (-11)

// The session is up: `as.connection.up`.
#define ALIYUN_IOT_EVENT_CONNECTION_UP 0x10

// The session is lost: `as.connection.lost`. The device connects again by itself.
#define ALIYUN_IOT_EVENT_CONNECTION_LOST 0x11

// An attempt to connect or to register has failed: `as.connection.failed`. The device tries again by itself.
#define ALIYUN_IOT_EVENT_CONNECTION_FAILED 0x12

// The device is off, as `aliyun_iot_close` asked. The event has no member.
#define ALIYUN_IOT_EVENT_CONNECTION_CLOSED 0x13

// `host` is missing or no host name.
#define ALIYUN_IOT_STATUS_HOST (-0x10)

// `client_id` is empty, too long, or has a character that the cloud forbids.
#define ALIYUN_IOT_STATUS_CLIENT_ID (-0x12)

// `keepalive` is outside the range of the cloud. Alibaba Cloud accepts 30 to 1,200 seconds.
#define ALIYUN_IOT_STATUS_KEEPALIVE (-0x13)

// The login does not fit a CONNECT of 512 bytes.
#define ALIYUN_IOT_STATUS_LOGIN_TOO_LONG (-0x14)

// The link failed. `code` is the port's own number; 0 is the end of the stream.
#define ALIYUN_IOT_LOSS_LINK 0

// The server refused the login. `code` is the return code of CONNACK, 1 to 5.
#define ALIYUN_IOT_LOSS_REFUSED 1

// The server did not keep to MQTT 3.1.1. `code` says how: 0 a packet type or flags that no server sends, 1 a wrong length,
// 2 a forbidden topic name, 3 an acknowledgement with the packet identifier 0, 4 an unknown return code, 5 a packet out of
// order, 6 no reply to a ping, 9 a packet of QoS 2, 10 a message with the packet identifier 0. In a registration: 7 an
// answer that no platform gives, 8 an answer that is too large.
#define ALIYUN_IOT_LOSS_PEER 2

// The server sent no CONNACK within `connect_timeout`, or no answer to a registration. `code` is 0.
#define ALIYUN_IOT_LOSS_TIMEOUT 3

// Sessions end right after they begin: a second device probably uses the same identity. `code` is 0.
#define ALIYUN_IOT_LOSS_KICKED 4

// The device has ended the session to log in with another signature, before the present one expires: some vendor clouds.
// `code` is 0.
#define ALIYUN_IOT_LOSS_RENEWAL 5

// The link of the MQTT session.
#define ALIYUN_IOT_LINK_SESSION 0

// The link of an HTTP request. It may be open beside the session's link.
#define ALIYUN_IOT_LINK_HTTP 1

// The number of links. The library ignores calls for other links.
#define ALIYUN_IOT_LINKS 2

// A message has come: `as.messages.received`.
#define ALIYUN_IOT_EVENT_MESSAGES_RECEIVED 0x20

// The server has acknowledged a QoS 1 message: `as.messages.delivered`.
#define ALIYUN_IOT_EVENT_MESSAGES_DELIVERED 0x21

// The server has granted or refused a subscription (SUBACK): `as.messages.subscribed`. The event comes again after each
// reconnect, unless the server has kept the session.
#define ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED 0x22

// The server has ended a subscription, as `aliyun_iot_unsubscribe` asked (UNSUBACK): `as.messages.unsubscribed`.
#define ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED 0x23

// A message did not fit `rx` and was dropped: `as.messages.dropped`.
#define ALIYUN_IOT_EVENT_MESSAGES_DROPPED 0x24

// The server has closed the connection again and again right after a packet: `as.messages.given_up`. The library has
// dropped the packet and goes on with the packets behind it. A subscription is forgotten.
#define ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP 0x25

// The topic is empty, over 65,535 bytes, not UTF-8, or has a character that is not allowed there.
#define ALIYUN_IOT_STATUS_TOPIC (-0x20)

// The topic filter is over 255 bytes.
#define ALIYUN_IOT_STATUS_FILTER_TOO_LONG (-0x21)

// The quality of service is not 0 or 1.
#define ALIYUN_IOT_STATUS_QOS (-0x22)

// The payload is larger than the cloud accepts: 256 KiB at Alibaba, 16 KiB at Tencent (docs/clouds.md).
#define ALIYUN_IOT_STATUS_PAYLOAD (-0x23)

// PUBLISH, as MQTT numbers packets.
#define ALIYUN_IOT_PACKET_PUBLISH 3

// SUBSCRIBE, as MQTT numbers packets.
#define ALIYUN_IOT_PACKET_SUBSCRIBE 8

// UNSUBSCRIBE, as MQTT numbers packets.
#define ALIYUN_IOT_PACKET_UNSUBSCRIBE 10

// `aliyun_iot_bytes`
#define ALIYUN_IOT_TYPE_BYTES 0

// `aliyun_iot_buffer`
#define ALIYUN_IOT_TYPE_BUFFER 1

// `aliyun_iot_buffers`
#define ALIYUN_IOT_TYPE_BUFFERS 2

// `aliyun_iot_error`
#define ALIYUN_IOT_TYPE_ERROR 3

// `aliyun_iot_counters`
#define ALIYUN_IOT_TYPE_COUNTERS 4

// `aliyun_iot_server`
#define ALIYUN_IOT_TYPE_SERVER 5

// `aliyun_iot_options`
#define ALIYUN_IOT_TYPE_OPTIONS 6

// `aliyun_iot_link`
#define ALIYUN_IOT_TYPE_LINK 7

// `aliyun_iot_loss`
#define ALIYUN_IOT_TYPE_LOSS 8

// `aliyun_iot_event`
#define ALIYUN_IOT_TYPE_EVENT 9

// `aliyun_iot_aliyun_login`
#define ALIYUN_IOT_TYPE_ALIYUN_LOGIN 10

// `aliyun_iot_aliyun_registration`
#define ALIYUN_IOT_TYPE_ALIYUN_REGISTRATION 11

// `aliyun_iot_plain_login`
#define ALIYUN_IOT_TYPE_PLAIN_LOGIN 12

// `aliyun_iot_vendor_login`
#define ALIYUN_IOT_TYPE_VENDOR_LOGIN 13

// `aliyun_iot_vendor_registration`
#define ALIYUN_IOT_TYPE_VENDOR_REGISTRATION 14

// The build has the names of kinds.
#define ALIYUN_IOT_FEATURE_NAMES 0x8

// The build has words for statuses and losses.
#define ALIYUN_IOT_FEATURE_WORDS 0x10

// `product_key` is missing, or not 1 to 20 letters and digits.
#define ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_KEY (-0x100)

// `device_name` is missing, or not 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
#define ALIYUN_IOT_STATUS_ALIYUN_DEVICE_NAME (-0x101)

// `device_secret` is missing, or not 1 to 64 printable ASCII characters.
#define ALIYUN_IOT_STATUS_ALIYUN_DEVICE_SECRET (-0x102)

// `device_token` is not 1 to 128 printable ASCII characters.
#define ALIYUN_IOT_STATUS_ALIYUN_DEVICE_TOKEN (-0x103)

// `region` is not 1 to 32 of `a-z 0-9 -`.
#define ALIYUN_IOT_STATUS_ALIYUN_REGION (-0x104)

// `instance_id` is not 1 to 64 of `A-Z a-z 0-9 - _`.
#define ALIYUN_IOT_STATUS_ALIYUN_INSTANCE_ID (-0x105)

// `sign_method` is not `hmacsha256`, `hmacsha1` or `hmacmd5`, or the build does not have the method.
#define ALIYUN_IOT_STATUS_ALIYUN_SIGN_METHOD (-0x106)

// `product_secret` is missing, or not 1 to 64 printable ASCII characters.
#define ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_SECRET (-0x107)

// `auth_type` is not `https`, `register` or `regnwl`.
#define ALIYUN_IOT_STATUS_ALIYUN_AUTH_TYPE (-0x108)

// The topic is over 127 bytes. `actual` of `aliyun_iot_last_error` is its length.
#define ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH (-0x109)

// The topic has over 7 levels. `actual` of `aliyun_iot_last_error` is their number.
#define ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS (-0x10a)

// The topic is of another product or device, or does not begin with a slash. The platform would close the connection.
#define ALIYUN_IOT_STATUS_ALIYUN_TOPIC_OWNER (-0x10b)

// The build has the signing method `hmacsha1`.
#define ALIYUN_IOT_FEATURE_SHA1 0x1

// The build has the signing method `hmacmd5`.
#define ALIYUN_IOT_FEATURE_MD5 0x2

// `user_name` is missing, or not UTF-8.
#define ALIYUN_IOT_STATUS_PLAIN_USER_NAME (-0x110)

// The build can log in to any MQTT broker.
#define ALIYUN_IOT_FEATURE_PLAIN 0x4

// Tencent Cloud IoT Explorer, and IoT Hub.
#define ALIYUN_IOT_VENDOR_TENCENT 1

// China Mobile OneNET.
#define ALIYUN_IOT_VENDOR_ONENET 2

// Huawei Cloud IoTDA.
#define ALIYUN_IOT_VENDOR_HUAWEI 3

// Tuya, by TuyaLink.
#define ALIYUN_IOT_VENDOR_TUYA 4

// Baidu AI Cloud IoT Core.
#define ALIYUN_IOT_VENDOR_BAIDU 5

// TLINK.
#define ALIYUN_IOT_VENDOR_TLINK 6

// `product_id` is missing, too long, or has a character that the cloud forbids.
#define ALIYUN_IOT_STATUS_VENDOR_PRODUCT_ID (-0x120)

// `device_name` is missing, too long, or has a character that the cloud forbids.
#define ALIYUN_IOT_STATUS_VENDOR_DEVICE_NAME (-0x121)

// `device_secret` is missing, too long, or not in the cloud's encoding.
#define ALIYUN_IOT_STATUS_VENDOR_DEVICE_SECRET (-0x122)

// `product_secret` is missing, too long, or not in the cloud's encoding.
#define ALIYUN_IOT_STATUS_VENDOR_PRODUCT_SECRET (-0x123)

// The cloud does not have this `sign_method`, or the build leaves it out.
#define ALIYUN_IOT_STATUS_VENDOR_SIGN_METHOD (-0x124)

// The cloud does not have this `region`, or its name is too long.
#define ALIYUN_IOT_STATUS_VENDOR_REGION (-0x125)

// `instance_id` is missing, too long, or has a character that the cloud forbids.
#define ALIYUN_IOT_STATUS_VENDOR_INSTANCE_ID (-0x126)

// `service_id` is too long, or has a character that the cloud forbids.
#define ALIYUN_IOT_STATUS_VENDOR_SERVICE_ID (-0x127)

// The cloud has no login with a certificate.
#define ALIYUN_IOT_STATUS_VENDOR_CERTIFICATE (-0x128)

// The login is signed with the time, and `aliyun_iot_set_clock` was not called, or with a time before 2023.
#define ALIYUN_IOT_STATUS_VENDOR_CLOCK (-0x129)

// `topics` of `aliyun_iot_buffers` cannot hold the subscriptions of the cloud.
#define ALIYUN_IOT_STATUS_VENDOR_SUBSCRIPTIONS (-0x12a)

// The cloud has no registration that a device can make, or the build leaves it out.
#define ALIYUN_IOT_STATUS_VENDOR_REGISTRATION (-0x12b)

// `user_id` is missing, or not 1 to 32 letters and digits.
#define ALIYUN_IOT_STATUS_VENDOR_USER_ID (-0x12c)

// `user_key` is missing, too long, or not base64.
#define ALIYUN_IOT_STATUS_VENDOR_USER_KEY (-0x12d)

// `project_id` is missing, or not 1 to 64 of `A-Z a-z 0-9 - _`.
#define ALIYUN_IOT_STATUS_VENDOR_PROJECT_ID (-0x12e)

// `iam_user` is missing, over 64 bytes, or has a control character.
#define ALIYUN_IOT_STATUS_VENDOR_IAM_USER (-0x12f)

// `iam_password` is missing, over 64 bytes, or has a control character.
#define ALIYUN_IOT_STATUS_VENDOR_IAM_PASSWORD (-0x130)

// `iam_domain` is missing, over 64 bytes, or has a control character.
#define ALIYUN_IOT_STATUS_VENDOR_IAM_DOMAIN (-0x131)

// The build can log in to Tencent Cloud.
#define ALIYUN_IOT_FEATURE_TENCENT 0x10000

// The build can log in to OneNET.
#define ALIYUN_IOT_FEATURE_ONENET 0x20000

// The build can log in to Huawei Cloud.
#define ALIYUN_IOT_FEATURE_HUAWEI 0x40000

// The build can log in to Tuya.
#define ALIYUN_IOT_FEATURE_TUYA 0x80000

// The build can log in to Baidu AI Cloud.
#define ALIYUN_IOT_FEATURE_BAIDU 0x100000

// The build can log in to TLINK.
#define ALIYUN_IOT_FEATURE_TLINK 0x200000

// The platform sets properties: `as.call.properties`.
#define ALIYUN_IOT_EVENT_CALL_PROPERTIES 0x40

// The platform calls a service: `as.call.service`.
#define ALIYUN_IOT_EVENT_CALL_SERVICE 0x41

// The platform makes a synchronous call that is not a service's: `as.call.bytes`. The topic is a custom one, or the payload
// is not Alink.
#define ALIYUN_IOT_EVENT_CALL_BYTES 0x42

// The build has calls of the platform and their answers.
#define ALIYUN_IOT_FEATURE_CALL 0x1000

// The call does not wait for an answer any more.
#define ALIYUN_IOT_STATUS_NO_REQUEST (-0x40)

// The platform's reply to `aliyun_iot_get_desired` or `aliyun_iot_delete_desired`: `as.desired.reply`.
#define ALIYUN_IOT_EVENT_DESIRED_REPLY 0x90

// No reply to them comes any more: `as.desired.no_reply`.
#define ALIYUN_IOT_EVENT_DESIRED_NO_REPLY 0x91

// New values of the properties of `aliyun_iot_follow_desired`: `as.desired.values`.
#define ALIYUN_IOT_EVENT_DESIRED_VALUES 0x92

// The device has not got the values for `aliyun_iot_follow_desired`: `as.desired.failed`. It asks again after the next
// connect.
#define ALIYUN_IOT_EVENT_DESIRED_FAILED 0x93

// The build has desired properties.
#define ALIYUN_IOT_FEATURE_DESIRED 0x800

// The platform's reply to a post whose reply is wanted, or a refusal of any post: `as.model.reply`.
#define ALIYUN_IOT_EVENT_MODEL_REPLY 0x30

// No reply to a post comes any more: `as.model.no_reply`.
#define ALIYUN_IOT_EVENT_MODEL_NO_REPLY 0x31

// The platform has not replied within 10 seconds.
#define ALIYUN_IOT_NO_REPLY_OVERDUE 0

// The connection ended before the reply.
#define ALIYUN_IOT_NO_REPLY_LINK_ENDED 1

// The event's identifier is empty, over 64 characters, or has a character outside `A-Z a-z 0-9 _ - . :`.
#define ALIYUN_IOT_STATUS_EVENT_ID (-0x30)

// The cloud has properties in services, and the login has no `service_id`.
#define ALIYUN_IOT_STATUS_SERVICE_ID (-0x31)

// The platform has returned the time: `as.ntp.time`.
#define ALIYUN_IOT_EVENT_NTP_TIME 0x60

// The platform has not returned the time: 5 requests had no reply for 10 seconds each. The event has no member.
#define ALIYUN_IOT_EVENT_NTP_FAILED 0x61

// The build has network time.
#define ALIYUN_IOT_FEATURE_NTP 0x100

// The platform sends raw data: `as.raw.data`.
#define ALIYUN_IOT_EVENT_RAW_DATA 0x50

// The platform's reply to raw data: `as.raw.reply`, the bytes that the product's script has made.
#define ALIYUN_IOT_EVENT_RAW_REPLY 0x51

// No reply to raw data comes any more: `as.raw.no_reply`.
#define ALIYUN_IOT_EVENT_RAW_NO_REPLY 0x52

// The reply to raw data was larger than `rx`, and was dropped: `as.raw.reply_dropped`.
#define ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED 0x53

// The build has raw data.
#define ALIYUN_IOT_FEATURE_RAW 0x2000

// The platform has registered the device: `as.registration.done`. Store the secret, then connect with it.
#define ALIYUN_IOT_EVENT_REGISTRATION_DONE 0x80

// The platform has refused the registration: `as.registration.refused`. The library does not try again.
#define ALIYUN_IOT_EVENT_REGISTRATION_REFUSED 0x81

// The registration has failed: `as.registration.failed`. The server refused the login, or five attempts had no answer.
#define ALIYUN_IOT_EVENT_REGISTRATION_FAILED 0x82

// The cloud has registered the device, which logs in with a certificate: `as.registration.certified`. Store both texts, then
// connect with them. Tencent Cloud alone does so, for products whose devices have certificates.
#define ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED 0x83

// The build has dynamic registration.
#define ALIYUN_IOT_FEATURE_REGISTER 0x400

// The upload needs a block of the file: `as.upload.block`. `aliyun_iot_upload_place` has the place for it.
#define ALIYUN_IOT_EVENT_UPLOAD_BLOCK 0x70

// The platform has the file, and its sum is right: `as.upload.done`.
#define ALIYUN_IOT_EVENT_UPLOAD_DONE 0x71

// The upload has failed: `as.upload.failed`.
#define ALIYUN_IOT_EVENT_UPLOAD_FAILED 0x72

// The file's name is empty, over 100 bytes, does not begin with a letter or a digit, or has a character outside
// `A-Z a-z 0-9 _ .`.
#define ALIYUN_IOT_STATUS_FILE_NAME (-0x70)

// The file is empty, or over 16 MiB.
#define ALIYUN_IOT_STATUS_FILE_SIZE (-0x71)

// The block has fewer than 256 or more than 131,072 bytes.
#define ALIYUN_IOT_STATUS_BLOCK (-0x72)

// The platform refused the upload: `code` is its code.
#define ALIYUN_IOT_UPLOAD_REFUSED 0

// The platform did not reply: 5 requests had no usable reply for 10 seconds each.
#define ALIYUN_IOT_UPLOAD_SILENT 1

// The server closed the connection again and again right after a block.
#define ALIYUN_IOT_UPLOAD_GIVEN_UP 2

// The platform accepted no block for 6 minutes, on whatever connections.
#define ALIYUN_IOT_UPLOAD_STALLED 3

// The build has uploads.
#define ALIYUN_IOT_FEATURE_UPLOAD 0x200

// One device. It lies in memory of the caller. Its fields are private to the library.
typedef struct aliyun_iot_device aliyun_iot_device;

// Bytes of the caller or of the device. A text is UTF-8 and has no terminating NUL. If `data` is NULL, the value is not
// given and `len` does not count.
typedef struct aliyun_iot_bytes {
  // The first byte, or NULL.
  const uint8_t *data;
  // Number of bytes.
  size_t len;
} aliyun_iot_bytes;

// The result of a call: `ALIYUN_IOT_STATUS_OK`, or a negative number. Numbers never change; new ones may come.
typedef int32_t aliyun_iot_status;

// Memory that can be written: of the caller for the device, or of the device for the caller.
typedef struct aliyun_iot_buffer {
  // The first byte, or NULL.
  uint8_t *data;
  // Number of bytes.
  size_t len;
} aliyun_iot_buffer;

// The buffers of a device. Each must be writable, and none may overlap another. They belong to the device until
// `aliyun_iot_drop`.
typedef struct aliyun_iot_buffers {
  // Received bytes, at least 256. The buffer bounds the largest packet that can be received.
  struct aliyun_iot_buffer rx;
  // Packets to send and messages that wait for their acknowledgement, at least 512 bytes. 384 bytes of it are for the
  // session's own packets: use 1,024 or more.
  struct aliyun_iot_buffer tx;
  // Topic filters of subscriptions. A filter needs its length and 5 bytes.
  struct aliyun_iot_buffer topics;
} aliyun_iot_buffers;

// Counts since connect. Counts that grow are a fault of the server or of the configuration.
typedef struct aliyun_iot_counters {
  // Acknowledgements of packets that the device has not sent. The library ignores them.
  uint32_t unknown_acks;
  // Messages that were dropped because they did not fit `rx`.
  uint32_t dropped;
} aliyun_iot_counters;

// Which of the device's links.
typedef int32_t aliyun_iot_link_id;

// A link that the device wants.
typedef struct aliyun_iot_link {
  // Host name or address, a text; NULL if the device wants no link.
  struct aliyun_iot_bytes host;
  // TCP port.
  uint16_t port;
  // Number of the attempt. Close an open link of another attempt.
  uint16_t attempt;
  // Whether the device wants the link.
  bool open;
  // Whether the link must be TLS, with the chain and the host name verified.
  bool tls;
} aliyun_iot_link;

// The last call that failed, of those that return a status. A field that does not apply to the status is 0.
typedef struct aliyun_iot_error {
  // The status that the call returned; `ALIYUN_IOT_STATUS_OK` if no call has failed.
  int32_t status;
  // `ALIYUN_IOT_STATUS_TOO_LARGE`: the bytes that the buffer must have.
  size_t needed;
  // `ALIYUN_IOT_STATUS_JSON` and `ALIYUN_IOT_STATUS_NESTING`: the offset of the first wrong byte.
  size_t offset;
  // A topic that is too long: the bytes or the levels that it has.
  size_t actual;
} aliyun_iot_error;

// `ALIYUN_IOT_EVENT_CONNECTION_UP`
typedef struct aliyun_iot_connection_up {
  // The session was up before, since the call of connect.
  bool again;
  // The server has kept the session.
  bool session_present;
} aliyun_iot_connection_up;

// Why a session or an attempt ended.
typedef struct aliyun_iot_loss {
  // One of `ALIYUN_IOT_LOSS_…`.
  int32_t cause;
  // A number whose meaning depends on `cause`.
  int32_t code;
} aliyun_iot_loss;

// `ALIYUN_IOT_EVENT_CONNECTION_LOST`
typedef struct aliyun_iot_connection_lost {
  // Why.
  struct aliyun_iot_loss loss;
  // If the session was lost right after a packet of the user's: its type, one of `ALIYUN_IOT_PACKET_…`; else 0.
  int32_t packet;
  // The topic or filter of that packet; empty if it is not known any more, NULL if there is no packet.
  struct aliyun_iot_bytes topic;
} aliyun_iot_connection_lost;

// `ALIYUN_IOT_EVENT_CONNECTION_FAILED`
typedef struct aliyun_iot_connection_failed {
  // Why.
  struct aliyun_iot_loss loss;
  // The link of the attempt.
  aliyun_iot_link_id link;
} aliyun_iot_connection_failed;

// The members of the family, by kind.
typedef union aliyun_iot_connection_event {
  // `ALIYUN_IOT_EVENT_CONNECTION_UP`
  struct aliyun_iot_connection_up up;
  // `ALIYUN_IOT_EVENT_CONNECTION_LOST`
  struct aliyun_iot_connection_lost lost;
  // `ALIYUN_IOT_EVENT_CONNECTION_FAILED`
  struct aliyun_iot_connection_failed failed;
} aliyun_iot_connection_event;

// `ALIYUN_IOT_EVENT_MESSAGES_RECEIVED`
typedef struct aliyun_iot_messages_received {
  // Topic name.
  struct aliyun_iot_bytes topic;
  // Any bytes; `aliyun_iot_is_utf8` tells whether they are a text.
  struct aliyun_iot_bytes payload;
  // QoS of the message, 0 or 1.
  uint8_t qos;
  // The server may have sent the message before.
  bool dup;
  // The server had kept the message for new subscriptions.
  bool retain;
} aliyun_iot_messages_received;

// `ALIYUN_IOT_EVENT_MESSAGES_DELIVERED`
typedef struct aliyun_iot_messages_delivered {
  // The packet identifier from `aliyun_iot_publish`.
  uint16_t packet_id;
} aliyun_iot_messages_delivered;

// `ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED`
typedef struct aliyun_iot_messages_subscribed {
  // Topic filter.
  struct aliyun_iot_bytes filter;
  // The server has granted the subscription. The library forgets a refused one.
  bool granted;
} aliyun_iot_messages_subscribed;

// `ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED`
typedef struct aliyun_iot_messages_unsubscribed {
  // Topic filter.
  struct aliyun_iot_bytes filter;
} aliyun_iot_messages_unsubscribed;

// `ALIYUN_IOT_EVENT_MESSAGES_DROPPED`
typedef struct aliyun_iot_messages_dropped {
  // Bytes that `rx` must have for this message.
  size_t needed;
  // Dropped messages since connect.
  uint32_t count;
} aliyun_iot_messages_dropped;

// `ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP`
typedef struct aliyun_iot_messages_given_up {
  // The type of the packet, one of `ALIYUN_IOT_PACKET_…`.
  int32_t packet;
  // The packet identifier from `aliyun_iot_publish`; 0 for QoS 0 and for other packets.
  uint16_t packet_id;
  // The topic or filter of the packet.
  struct aliyun_iot_bytes topic;
} aliyun_iot_messages_given_up;

// The members of the family, by kind.
typedef union aliyun_iot_messages_event {
  // `ALIYUN_IOT_EVENT_MESSAGES_RECEIVED`
  struct aliyun_iot_messages_received received;
  // `ALIYUN_IOT_EVENT_MESSAGES_DELIVERED`
  struct aliyun_iot_messages_delivered delivered;
  // `ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED`
  struct aliyun_iot_messages_subscribed subscribed;
  // `ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED`
  struct aliyun_iot_messages_unsubscribed unsubscribed;
  // `ALIYUN_IOT_EVENT_MESSAGES_DROPPED`
  struct aliyun_iot_messages_dropped dropped;
  // `ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP`
  struct aliyun_iot_messages_given_up given_up;
} aliyun_iot_messages_event;

// `ALIYUN_IOT_EVENT_MODEL_REPLY`
typedef struct aliyun_iot_model_reply {
  // The number from `aliyun_iot_post_properties` or `aliyun_iot_post_event`.
  uint32_t id;
  // The platform's code: 200 for success.
  int32_t code;
  // The platform's message, a text that is often empty. Its JSON escapes are decoded, so it may have control characters.
  struct aliyun_iot_bytes message;
} aliyun_iot_model_reply;

// `ALIYUN_IOT_EVENT_MODEL_NO_REPLY`
typedef struct aliyun_iot_model_no_reply {
  // The number from `aliyun_iot_post_properties` or `aliyun_iot_post_event`.
  uint32_t id;
  // `ALIYUN_IOT_NO_REPLY_OVERDUE` or `ALIYUN_IOT_NO_REPLY_LINK_ENDED`.
  int32_t cause;
} aliyun_iot_model_no_reply;

// `as.model`
typedef union aliyun_iot_model_event {
  // `ALIYUN_IOT_EVENT_MODEL_REPLY`
  struct aliyun_iot_model_reply reply;
  // `ALIYUN_IOT_EVENT_MODEL_NO_REPLY`
  struct aliyun_iot_model_no_reply no_reply;
} aliyun_iot_model_event;

// `ALIYUN_IOT_EVENT_CALL_PROPERTIES`
typedef struct aliyun_iot_call_properties {
  // The id of the request, in most cases decimal digits.
  struct aliyun_iot_bytes message_id;
  // The properties: JSON as the platform sent it.
  struct aliyun_iot_bytes params;
} aliyun_iot_call_properties;

// `ALIYUN_IOT_EVENT_CALL_SERVICE`
typedef struct aliyun_iot_call_service {
  // The id of the request, in most cases decimal digits.
  struct aliyun_iot_bytes message_id;
  // The identifier of the service.
  struct aliyun_iot_bytes service;
  // The input parameters: JSON as the platform sent it.
  struct aliyun_iot_bytes params;
  // The platform waits for the answer, 8 seconds at most.
  bool synchronous;
} aliyun_iot_call_service;

// `ALIYUN_IOT_EVENT_CALL_BYTES`
typedef struct aliyun_iot_call_bytes {
  // The number of the request.
  struct aliyun_iot_bytes message_id;
  // The custom topic; empty if the call came on a topic of the platform's.
  struct aliyun_iot_bytes topic;
  // Any bytes.
  struct aliyun_iot_bytes payload;
  // The whole topic of the message.
  struct aliyun_iot_bytes full_topic;
} aliyun_iot_call_bytes;

// `as.call`
typedef union aliyun_iot_call_event {
  // `ALIYUN_IOT_EVENT_CALL_PROPERTIES`
  struct aliyun_iot_call_properties properties;
  // `ALIYUN_IOT_EVENT_CALL_SERVICE`
  struct aliyun_iot_call_service service;
  // `ALIYUN_IOT_EVENT_CALL_BYTES`
  struct aliyun_iot_call_bytes bytes;
} aliyun_iot_call_event;

// `ALIYUN_IOT_EVENT_RAW_REPLY`
typedef struct aliyun_iot_raw_reply {
  // The number from `aliyun_iot_post_raw`: replies come in the order of the posts. 0 if the reply is not wanted.
  uint32_t id;
  // Any bytes.
  struct aliyun_iot_bytes data;
} aliyun_iot_raw_reply;

// `ALIYUN_IOT_EVENT_RAW_NO_REPLY`
typedef struct aliyun_iot_raw_no_reply {
  // The number from `aliyun_iot_post_raw`.
  uint32_t id;
  // `ALIYUN_IOT_NO_REPLY_OVERDUE` or `ALIYUN_IOT_NO_REPLY_LINK_ENDED`.
  int32_t cause;
} aliyun_iot_raw_no_reply;

// `ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED`
typedef struct aliyun_iot_raw_reply_dropped {
  // The number from `aliyun_iot_post_raw`.
  uint32_t id;
  // The size that `rx` needs for it.
  size_t needed;
} aliyun_iot_raw_reply_dropped;

// `as.raw`
typedef union aliyun_iot_raw_event {
  // `ALIYUN_IOT_EVENT_RAW_DATA`
  struct aliyun_iot_bytes data;
  // `ALIYUN_IOT_EVENT_RAW_REPLY`
  struct aliyun_iot_raw_reply reply;
  // `ALIYUN_IOT_EVENT_RAW_NO_REPLY`
  struct aliyun_iot_raw_no_reply no_reply;
  // `ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED`
  struct aliyun_iot_raw_reply_dropped reply_dropped;
} aliyun_iot_raw_event;

// `ALIYUN_IOT_EVENT_NTP_TIME`
typedef struct aliyun_iot_ntp_time {
  // Milliseconds since 1970-01-01 00:00 UTC at the moment of the call of `aliyun_iot_poll` that returned the event.
  uint64_t unix_ms;
  // The largest error of `unix_ms`, in milliseconds.
  uint32_t error_ms;
} aliyun_iot_ntp_time;

// `as.ntp`
typedef union aliyun_iot_ntp_event {
  // `ALIYUN_IOT_EVENT_NTP_TIME`
  struct aliyun_iot_ntp_time time;
} aliyun_iot_ntp_event;

// `ALIYUN_IOT_EVENT_UPLOAD_BLOCK`
typedef struct aliyun_iot_upload_block {
  // The offset of the block in the file. The platform has all bytes before it.
  uint32_t offset;
  // The length of the block.
  uint32_t length;
} aliyun_iot_upload_block;

// `ALIYUN_IOT_EVENT_UPLOAD_DONE`
typedef struct aliyun_iot_upload_done {
  // The platform's name for the upload.
  struct aliyun_iot_bytes id;
} aliyun_iot_upload_done;

// `ALIYUN_IOT_EVENT_UPLOAD_FAILED`
typedef struct aliyun_iot_upload_failed {
  // One of `ALIYUN_IOT_UPLOAD_…`.
  int32_t cause;
  // The platform's code, if it refused the upload; else 0.
  int32_t code;
} aliyun_iot_upload_failed;

// `as.upload`
typedef union aliyun_iot_upload_event {
  // `ALIYUN_IOT_EVENT_UPLOAD_BLOCK`
  struct aliyun_iot_upload_block block;
  // `ALIYUN_IOT_EVENT_UPLOAD_DONE`
  struct aliyun_iot_upload_done done;
  // `ALIYUN_IOT_EVENT_UPLOAD_FAILED`
  struct aliyun_iot_upload_failed failed;
} aliyun_iot_upload_event;

// `ALIYUN_IOT_EVENT_DESIRED_REPLY`
typedef struct aliyun_iot_desired_reply {
  // The number from `aliyun_iot_get_desired` or `aliyun_iot_delete_desired`.
  uint32_t id;
  // The platform's code: 200 for success.
  int32_t code;
  // The platform's message, a text that is often empty. Its JSON escapes are decoded, so it may have control characters.
  struct aliyun_iot_bytes message;
  // Of `aliyun_iot_get_desired`: a JSON object with a member `{"value":…,"version":…}` for each property that has a
  // desired value. Empty if the code is not 200.
  struct aliyun_iot_bytes data;
} aliyun_iot_desired_reply;

// `ALIYUN_IOT_EVENT_DESIRED_NO_REPLY`
typedef struct aliyun_iot_desired_no_reply {
  // The number from `aliyun_iot_get_desired` or `aliyun_iot_delete_desired`.
  uint32_t id;
  // `ALIYUN_IOT_NO_REPLY_OVERDUE` or `ALIYUN_IOT_NO_REPLY_LINK_ENDED`.
  int32_t cause;
} aliyun_iot_desired_no_reply;

// `ALIYUN_IOT_EVENT_DESIRED_VALUES`
typedef struct aliyun_iot_desired_values {
  // The values that no event has reported before: a JSON object, as in `aliyun_iot_desired_reply`.
  struct aliyun_iot_bytes data;
} aliyun_iot_desired_values;

// `ALIYUN_IOT_EVENT_DESIRED_FAILED`
typedef struct aliyun_iot_desired_failed {
  // The platform's code. Or 0 if 5 requests had no reply for 10 seconds each. Or `ALIYUN_IOT_STATUS_TOO_LARGE` if the
  // request does not fit `tx`. Or `ALIYUN_IOT_STATUS_GIVEN_UP` if the server has closed the connection again and again
  // right after the request.
  int32_t code;
  // The platform's message, as in `aliyun_iot_desired_reply`.
  struct aliyun_iot_bytes message;
} aliyun_iot_desired_failed;

// `as.desired`
typedef union aliyun_iot_desired_event {
  // `ALIYUN_IOT_EVENT_DESIRED_REPLY`
  struct aliyun_iot_desired_reply reply;
  // `ALIYUN_IOT_EVENT_DESIRED_NO_REPLY`
  struct aliyun_iot_desired_no_reply no_reply;
  // `ALIYUN_IOT_EVENT_DESIRED_VALUES`
  struct aliyun_iot_desired_values values;
  // `ALIYUN_IOT_EVENT_DESIRED_FAILED`
  struct aliyun_iot_desired_failed failed;
} aliyun_iot_desired_event;

// `ALIYUN_IOT_EVENT_REGISTRATION_DONE`
typedef struct aliyun_iot_registration_done {
  // The device secret; or, if there is a `client_id`, a device token. It lies in a buffer of the device, which the next
  // poll overwrites.
  struct aliyun_iot_bytes secret;
  // The client identifier that belongs to a device token; else NULL.
  struct aliyun_iot_bytes client_id;
} aliyun_iot_registration_done;

// `ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED`
typedef struct aliyun_iot_registration_certified {
  // The certificate, PEM. Like the key it lies in a buffer of the device, which the next poll overwrites.
  struct aliyun_iot_bytes certificate;
  // The private key, PEM.
  struct aliyun_iot_bytes private_key;
} aliyun_iot_registration_certified;

// `ALIYUN_IOT_EVENT_REGISTRATION_REFUSED`
typedef struct aliyun_iot_registration_refused {
  // The platform's code, or the status of HTTP.
  int32_t code;
  // The platform's message, a text that is often empty.
  struct aliyun_iot_bytes message;
} aliyun_iot_registration_refused;

// `ALIYUN_IOT_EVENT_REGISTRATION_FAILED`
typedef struct aliyun_iot_registration_failed {
  // Why the last attempt ended.
  struct aliyun_iot_loss loss;
} aliyun_iot_registration_failed;

// `as.registration`
typedef union aliyun_iot_registration_event {
  // `ALIYUN_IOT_EVENT_REGISTRATION_DONE`
  struct aliyun_iot_registration_done done;
  // `ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED`
  struct aliyun_iot_registration_certified certified;
  // `ALIYUN_IOT_EVENT_REGISTRATION_REFUSED`
  struct aliyun_iot_registration_refused refused;
  // `ALIYUN_IOT_EVENT_REGISTRATION_FAILED`
  struct aliyun_iot_registration_failed failed;
} aliyun_iot_registration_event;

// A member for each family of events.
typedef union aliyun_iot_event_as {
  // `ALIYUN_IOT_EVENT_CONNECTION_…`
  union aliyun_iot_connection_event connection;
  // `ALIYUN_IOT_EVENT_MESSAGES_…`
  union aliyun_iot_messages_event messages;
  // `ALIYUN_IOT_EVENT_MODEL_…`
  union aliyun_iot_model_event model;
  // `ALIYUN_IOT_EVENT_CALL_…`
  union aliyun_iot_call_event call;
  // `ALIYUN_IOT_EVENT_RAW_…`
  union aliyun_iot_raw_event raw;
  // `ALIYUN_IOT_EVENT_NTP_…`
  union aliyun_iot_ntp_event ntp;
  // `ALIYUN_IOT_EVENT_UPLOAD_…`
  union aliyun_iot_upload_event upload;
  // `ALIYUN_IOT_EVENT_DESIRED_…`
  union aliyun_iot_desired_event desired;
  // `ALIYUN_IOT_EVENT_REGISTRATION_…`
  union aliyun_iot_registration_event registration;
} aliyun_iot_event_as;

// An event. Its texts and bytes are valid until the next call of `aliyun_iot_poll`.
typedef struct aliyun_iot_event {
  // What has happened: one of `ALIYUN_IOT_EVENT_…`.
  int32_t kind;
  // The details. `ALIYUN_IOT_EVENT_<FAMILY>_<KIND>` has `as.<family>.<kind>`.
  union aliyun_iot_event_as as;
} aliyun_iot_event;

// A device of Alibaba Cloud IoT Platform.
typedef struct aliyun_iot_aliyun_identity {
  // Product key: 1 to 20 letters and digits.
  struct aliyun_iot_bytes product_key;
  // Device name: 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
  struct aliyun_iot_bytes device_name;
  // Region of the old public instance; `cn-shanghai` if not given.
  struct aliyun_iot_bytes region;
  // Instance id of a new public or an enterprise instance; the old public instance if not given.
  struct aliyun_iot_bytes instance_id;
  // `hmacsha256`, or `hmacsha1` or `hmacmd5` if the build has them; `hmacsha256` if not given.
  struct aliyun_iot_bytes sign_method;
} aliyun_iot_aliyun_identity;

// The server to connect to. Initialise it with 0: each field then has its default.
typedef struct aliyun_iot_server {
  // Host name or address. The cloud has a default if it can build the name from the login.
  struct aliyun_iot_bytes host;
  // TCP port; 0 for the cloud's default.
  uint16_t port;
  // Use plain TCP instead of verified TLS. Everybody on the way can then read the login: for tests only.
  bool without_tls;
} aliyun_iot_server;

// A login to Alibaba Cloud IoT Platform (help.aliyun.com document 73742). Initialise it with 0, and set the fields that you
// have.
typedef struct aliyun_iot_aliyun_login {
  // The device.
  struct aliyun_iot_aliyun_identity identity;
  // The server. The default host follows from the identity. The default port is 8883 for an instance over TLS, else
  // 1883.
  struct aliyun_iot_server server;
  // Device secret: 1 to 64 printable characters. The device keeps the signature only.
  struct aliyun_iot_bytes device_secret;
  // Device token, 1 to 128 printable characters, in place of a secret. A registration returns it together with
  // `client_id`. The device keeps it while it is connected.
  struct aliyun_iot_bytes device_token;
  // Client identifier in front of the bar, 1 to 64 characters; `{product key}.{device name}` if not given.
  struct aliyun_iot_bytes client_id;
  // A time stamp in milliseconds that the signature covers; none if 0.
  uint64_t timestamp;
} aliyun_iot_aliyun_login;

// How the session is kept. Initialise it with 0: each field then has its default.
typedef struct aliyun_iot_options {
  // Keepalive in seconds; 0 for 60. Set at least 10 more than the interval of your posts: docs/day.md says why.
  uint16_t keepalive;
  // Seconds for DNS, TCP, TLS and the MQTT handshake together; 0 for 10.
  uint16_t connect_timeout;
  // QoS 1 messages, 1 to 20, that may wait while the device is offline; 0 for 20. They also have to fit `tx`.
  uint8_t offline_queue;
  // Accept no QoS 1 message while the device is offline.
  bool without_offline_queue;
  // Send no keepalive. Alibaba Cloud needs one.
  bool without_keepalive;
  // Ask the server to keep messages and subscriptions while the device is away.
  bool keep_session;
  // Only messages: the cloud's services are not used. Calls and replies come as `ALIYUN_IOT_EVENT_MESSAGES_RECEIVED`.
  bool without_services;
} aliyun_iot_options;

// A dynamic registration (help.aliyun.com document 147356). Initialise it with 0, and set the fields that you have.
typedef struct aliyun_iot_aliyun_registration {
  // The device.
  struct aliyun_iot_aliyun_identity identity;
  // The server. The default host follows from the identity. The default port is 443 for `https`, 8883 for an instance
  // over TLS, else 1883. Without TLS everybody on the way can read the new secret.
  struct aliyun_iot_server server;
  // Product secret: 1 to 64 printable characters. The device keeps the signature only.
  struct aliyun_iot_bytes product_secret;
  // `https`, for the old public instance. Or over MQTT: `register` if the platform knows the device name, `regnwl` if
  // not (the platform then returns a token). If not given: `register` with an instance id, else `https`.
  struct aliyun_iot_bytes auth_type;
} aliyun_iot_aliyun_registration;

// A login to any MQTT 3.1.1 broker. Initialise it with 0, and set the fields that you have.
typedef struct aliyun_iot_plain_login {
  // The server, with a host. The default port is 8883 over TLS, else 1883.
  struct aliyun_iot_server server;
  // Client identifier. It may be empty unless `keep_session` is set.
  struct aliyun_iot_bytes client_id;
  // User name; none if not given.
  struct aliyun_iot_bytes user_name;
  // Password; none if not given. A password needs a user name.
  struct aliyun_iot_bytes password;
} aliyun_iot_plain_login;

// A login to a vendor cloud. Initialise it with 0, and set the fields that the cloud uses (docs/clouds.md). The device keeps
// all texts while it is connected, because each link needs a signature of its own, and overwrites them afterwards.
typedef struct aliyun_iot_vendor_login {
  // One of `ALIYUN_IOT_VENDOR_…`.
  uint32_t vendor;
  // The login has a client certificate in place of a secret. The port shows it in the TLS handshake.
  bool with_certificate;
  // The server. The default host and port follow from the cloud and the other fields.
  struct aliyun_iot_server server;
  // Product ID. TLINK: the login account.
  struct aliyun_iot_bytes product_id;
  // Device name. Huawei: the node ID, or without `product_id` the device ID. Tuya: the device ID. Baidu: the device key.
  // TLINK: the serial number.
  struct aliyun_iot_bytes device_name;
  // Device secret, as the cloud's console shows it.
  struct aliyun_iot_bytes device_secret;
  // OneNET: access key of the product, in place of a device secret. TLINK: password of the account.
  struct aliyun_iot_bytes product_secret;
  // Signing method, by the cloud's own name; the strongest one of the cloud if not given.
  struct aliyun_iot_bytes sign_method;
  // Region, by the cloud's own name.
  struct aliyun_iot_bytes region;
  // Huawei: the first part of the access address. Baidu: ID of the IoT Core instance.
  struct aliyun_iot_bytes instance_id;
  // Huawei: the service of the product model that properties belong to.
  struct aliyun_iot_bytes service_id;
  // Client identifier, where the cloud lets the device choose it.
  struct aliyun_iot_bytes client_id;
} aliyun_iot_vendor_login;

// A registration at a vendor cloud. Initialise it with 0, and set the fields that the cloud uses (docs/clouds.md). The device
// keeps none of them: what it sends and what decrypts the answer is in `scratch`, and is overwritten at the end.
typedef struct aliyun_iot_vendor_registration {
  // `ALIYUN_IOT_VENDOR_TENCENT`, `ALIYUN_IOT_VENDOR_ONENET` or `ALIYUN_IOT_VENDOR_HUAWEI`.
  uint32_t vendor;
  // Tencent: the registration of older SDKs, `/register/dev`. It needs the signing method `hmacsha1` in the build.
  bool legacy;
  // The server. The default host follows from the cloud, the default port is 443. Huawei: both requests go to a host that is
  // given. Without TLS everybody on the way can read the new secret.
  struct aliyun_iot_server server;
  // Product ID.
  struct aliyun_iot_bytes product_id;
  // Device name. Huawei: the node ID.
  struct aliyun_iot_bytes device_name;
  // Tencent: product secret, 16 to 64 characters.
  struct aliyun_iot_bytes product_secret;
  // OneNET: user ID.
  struct aliyun_iot_bytes user_id;
  // OneNET: access key of the user, base64.
  struct aliyun_iot_bytes user_key;
  // Huawei: region; `cn-north-4` if not given.
  struct aliyun_iot_bytes region;
  // Huawei: the first part of the access address.
  struct aliyun_iot_bytes instance_id;
  // Huawei: project ID.
  struct aliyun_iot_bytes project_id;
  // Huawei: an IAM user that may create devices and nothing else.
  struct aliyun_iot_bytes iam_user;
  // Huawei: password of that user. Whoever reads it out of a device can create devices in the project.
  struct aliyun_iot_bytes iam_password;
  // Huawei: the account that the user belongs to.
  struct aliyun_iot_bytes iam_domain;
} aliyun_iot_vendor_registration;

// The bytes of a C string, without its NUL. NULL is a value that is not given.
static inline aliyun_iot_bytes aliyun_iot_str(const char *text) {
  aliyun_iot_bytes bytes;
#ifdef __cplusplus
  bytes.data = reinterpret_cast<const uint8_t *>(text);
#else
  bytes.data = (const uint8_t *)text;
#endif
  bytes.len = 0;
  while (text && text[bytes.len]) {
    bytes.len++;
  }
  return bytes;
}

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Whether the bytes are UTF-8, as a text of the device's is. Use it before you handle a payload as text.
bool aliyun_iot_is_utf8(struct aliyun_iot_bytes bytes);

// Returns the bytes of memory that a device needs beside its buffers.
size_t aliyun_iot_device_size(void);

// Makes a device in `memory`, which must be aligned as `uint64_t` is and have `aliyun_iot_device_size()` bytes. The device
// is off. `seed` is any random number: it spreads the reconnects of many devices in time.
//
// `*device` is NULL if the call fails, with `ALIYUN_IOT_STATUS_NULL` or `ALIYUN_IOT_STATUS_MEMORY`.
aliyun_iot_status aliyun_iot_init(struct aliyun_iot_buffer memory,
                                  const struct aliyun_iot_buffers *buffers,
                                  uint32_t seed,
                                  struct aliyun_iot_device **device);

// Ends a device. It sends nothing and overwrites the login that it has. Memory and buffers are the caller's again. NULL is
// ignored.
void aliyun_iot_drop(struct aliyun_iot_device *device);

// Replaces the send buffer by a larger one, for example after `ALIYUN_IOT_STATUS_TOO_LARGE`. The waiting packets move, and
// the old buffer is the caller's again. If `tx` is smaller than the old buffer, nothing moves and the call returns
// `ALIYUN_IOT_STATUS_TOO_LARGE`.
aliyun_iot_status aliyun_iot_move_tx(struct aliyun_iot_device *device,
                                     struct aliyun_iot_buffer tx);

// Closes the connection. The device sends waiting packets and a DISCONNECT, waits up to two seconds until the server
// closes the link, and stays off. `ALIYUN_IOT_EVENT_CONNECTION_CLOSED` follows. The call also ends a registration. If the
// device is off already, it returns `ALIYUN_IOT_STATUS_NOT_CONNECTED`.
aliyun_iot_status aliyun_iot_close(struct aliyun_iot_device *device,
                                   uint32_t now_ms);

// Returns whether the session is up.
bool aliyun_iot_is_online(struct aliyun_iot_device *device);

// Returns whether the device is connected or connecting: connect was called, and not `aliyun_iot_close`.
bool aliyun_iot_is_started(struct aliyun_iot_device *device);

// Gets the counts since connect; `false` if `device` is NULL.
bool aliyun_iot_get_counters(struct aliyun_iot_device *device, struct aliyun_iot_counters *counters);

// Returns words for a loss, for people to read, in static memory with a NUL at the end. Numbers that are no loss have words
// too.
const char *aliyun_iot_loss_text(int32_t cause,
                                 int32_t code);

// Gets the link that the port should have open now; `false` if the port should have none. `link->host` is valid until the
// next connect or registration, or `aliyun_iot_drop`.
bool aliyun_iot_link_wanted(struct aliyun_iot_device *device,
                            aliyun_iot_link_id id,
                            struct aliyun_iot_link *link);

// Reports that the link of `attempt` is open: TCP and, if wanted, TLS.
void aliyun_iot_link_up(struct aliyun_iot_device *device, aliyun_iot_link_id id, uint16_t attempt, uint32_t now_ms);

// Reports that the link of `attempt` could not be opened, or was lost. The event of the loss has `code`; 0 is the end of
// the stream.
void aliyun_iot_link_lost(struct aliyun_iot_device *device,
                          aliyun_iot_link_id id,
                          uint16_t attempt,
                          int32_t code,
                          uint32_t now_ms);

// Gets all bytes that may be sent now: whole packets, behind the unsent rest of one; `false` if there are none. Write them
// to the link in one write, and report the accepted count with `aliyun_iot_sent`. Until then, the function returns the same
// bytes again, and may return more bytes behind them. Another call may move the bytes: call this function again before the
// next write. If a TLS stack asks for a retry with the same length, offer no more bytes than before.
bool aliyun_iot_to_send(struct aliyun_iot_device *device,
                        aliyun_iot_link_id id,
                        struct aliyun_iot_bytes *bytes);

// Reports that the link has accepted `count` bytes of `aliyun_iot_to_send`. They may end in the middle of a packet.
void aliyun_iot_sent(struct aliyun_iot_device *device, aliyun_iot_link_id id, size_t count, uint32_t now_ms);

// Gets the place for received bytes; `false` while an event is in use, or while the link is not up.
bool aliyun_iot_space(struct aliyun_iot_device *device, aliyun_iot_link_id id, struct aliyun_iot_buffer *space);

// Reports that `count` bytes have been put into `aliyun_iot_space`.
void aliyun_iot_received(struct aliyun_iot_device *device, aliyun_iot_link_id id, size_t count, uint32_t now_ms);

// Publishes a message.
//
// At QoS 0 the message is sent now or not at all, and `*packet_id` is 0. At QoS 1 it is kept until the server has
// acknowledged it, also while the device is offline. `ALIYUN_IOT_EVENT_MESSAGES_DELIVERED` then has the number in
// `*packet_id`. `packet_id` may be NULL.
aliyun_iot_status aliyun_iot_publish(struct aliyun_iot_device *device,
                                     struct aliyun_iot_bytes topic,
                                     struct aliyun_iot_bytes payload,
                                     uint8_t qos_number,
                                     uint16_t *packet_id);

// Subscribes to a topic filter of at most 255 bytes, now and after each reconnect. The event
// `ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED` has the server's answer.
aliyun_iot_status aliyun_iot_subscribe(struct aliyun_iot_device *device,
                                       struct aliyun_iot_bytes filter,
                                       uint8_t qos_number);

// Removes a subscription. The event `ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED` follows when the server has ended it.
aliyun_iot_status aliyun_iot_unsubscribe(struct aliyun_iot_device *device, struct aliyun_iot_bytes filter);

// Returns the number of QoS 1 messages that wait for their acknowledgement, at most 20.
size_t aliyun_iot_unacknowledged(struct aliyun_iot_device *device);

// Returns the version of the library. Compare it with `ALIYUN_IOT_VERSION` of the header.
uint32_t aliyun_iot_version(void);

// Returns the features of the build: bits of `ALIYUN_IOT_FEATURE_…`. A call of a feature that the build does not have
// returns `ALIYUN_IOT_STATUS_LEFT_OUT`.
uint32_t aliyun_iot_features(void);

// Returns the size of a struct in bytes, to check the layout that another language has declared; 0 for an unknown number.
// `type` is one of `ALIYUN_IOT_TYPE_…`, or the first kind of a family, for the size of its member `as.<family>`.
size_t aliyun_iot_type_size(int32_t type);

// Returns the name of a kind, for people to read: that of its constant without `ALIYUN_IOT_EVENT_`, in static memory with a
// NUL at the end. A number that is no kind has words too, and so has each number if the build does not have names.
const char *aliyun_iot_event_name(int32_t kind);

// Returns words for a status, for people to read, in static memory with a NUL at the end. A number that is no status has
// words too, and so has each number if the build does not have words.
const char *aliyun_iot_status_text(int32_t status);

// Gets the details of the last call on this device that failed; `false` if none has failed.
bool aliyun_iot_last_error(struct aliyun_iot_device *device, struct aliyun_iot_error *error);

// Gets the next event; `false` if there is nothing more to do now. The call first finishes the event before: it
// acknowledges a QoS 1 message, and answers a request that has no answer with 200 and `{}`. `event` must not be NULL.
bool aliyun_iot_poll(struct aliyun_iot_device *device, struct aliyun_iot_event *event, uint32_t now_ms);

// Returns the milliseconds after which `aliyun_iot_poll` has to be called even if nothing arrives; `UINT32_MAX` for never.
uint32_t aliyun_iot_poll_in(struct aliyun_iot_device *device,
                            uint32_t now_ms);

// Connects to Alibaba Cloud IoT Platform, and connects again whenever the session is lost, until `aliyun_iot_close`.
// `options` may be NULL. The call returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, or the status of the wrong field.
aliyun_iot_status aliyun_iot_connect_aliyun(struct aliyun_iot_device *device,
                                            const struct aliyun_iot_aliyun_login *login,
                                            const struct aliyun_iot_options *options,
                                            uint32_t now_ms);

// Registers a device: the platform returns a device secret or a token.
//
// The registration ends with an event `ALIYUN_IOT_EVENT_REGISTRATION_…` within 65 seconds: it makes up to five attempts of
// up to 10 seconds. Each attempt that is followed by another one is reported as `ALIYUN_IOT_EVENT_CONNECTION_FAILED`.
// `aliyun_iot_close` ends the registration early.
//
// `https` uses `ALIYUN_IOT_LINK_HTTP`. The device may be connected meanwhile, and may connect. `scratch` holds the request
// and the response: about 1,300 bytes are enough, and over 5 KiB are of no use. It belongs to the device until the call of
// `aliyun_iot_poll` after the last event, or until `aliyun_iot_close` or `aliyun_iot_drop`. The other ways use
// `ALIYUN_IOT_LINK_SESSION` and need a device that is off. They do not use `scratch`; the answer of about 300 bytes has to
// fit `rx`.
//
// The call returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, `ALIYUN_IOT_STATUS_TOO_LARGE` if
// `scratch` is too small, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
aliyun_iot_status aliyun_iot_register_aliyun(struct aliyun_iot_device *device,
                                             const struct aliyun_iot_aliyun_registration *registration,
                                             struct aliyun_iot_buffer scratch,
                                             uint32_t now_ms);

// Connects to any MQTT 3.1.1 broker, and connects again whenever the session is lost, until `aliyun_iot_close`. Only
// messages and subscriptions can be used. `options` may be NULL. The call returns
// `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
aliyun_iot_status aliyun_iot_connect_plain(struct aliyun_iot_device *device,
                                           const struct aliyun_iot_plain_login *login,
                                           const struct aliyun_iot_options *options,
                                           uint32_t now_ms);

// Connects to a vendor cloud, and connects again whenever the session is lost, until `aliyun_iot_close`. Each link has a
// signature of its own. Most clouds have it made with the time: see `aliyun_iot_set_clock`. `options` may be NULL. The call
// returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
aliyun_iot_status aliyun_iot_connect_vendor(struct aliyun_iot_device *device,
                                            const struct aliyun_iot_vendor_login *login,
                                            const struct aliyun_iot_options *options,
                                            uint32_t now_ms);

// Sets the wall clock: milliseconds since 1970-01-01 00:00 UTC; 0 if the time is not known. Call it before
// `aliyun_iot_connect_vendor`, and before `aliyun_iot_link_up` of each link, since a clock may have been set meanwhile. In
// between, the clock goes on by `now_ms`. Other clouds do not need it.
void aliyun_iot_set_clock(struct aliyun_iot_device *device,
                          uint64_t unix_ms,
                          uint32_t now_ms);

// Returns whether the login that the device has is signed with the time. A cloud may refuse such a login because the clock
// is wrong.
bool aliyun_iot_signs_time(struct aliyun_iot_device *device);

// Registers a device at a vendor cloud. The cloud returns a device secret, or a certificate and its private key.
//
// The registration uses `ALIYUN_IOT_LINK_HTTP`. It ends as that of `aliyun_iot_register_aliyun` does. Huawei's takes two
// requests, and up to 75 seconds. Tencent's and OneNET's are signed with the time: see `aliyun_iot_set_clock`.
//
// `scratch` holds the request and the response. 2 KiB are enough for a secret of Tencent or OneNET, 6 KiB for a certificate.
// Huawei needs 3 KiB more than its token, which has 1 to 8 KB. Over 14 KiB are of no use. An answer that does not fit is
// reported as `ALIYUN_IOT_LOSS_PEER` with the code 8.
//
// The call returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, `ALIYUN_IOT_STATUS_TOO_LARGE` if
// `scratch` is too small for the request, `ALIYUN_IOT_STATUS_VENDOR_REGISTRATION`, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
aliyun_iot_status aliyun_iot_register_vendor(struct aliyun_iot_device *device,
                                             const struct aliyun_iot_vendor_registration *registration,
                                             struct aliyun_iot_buffer scratch,
                                             uint32_t now_ms);

// Answers the call that `aliyun_iot_poll` returned last. `code` is 200 for success. `data` is a JSON value, or NULL for
// `{}`.
//
// The answer to `ALIYUN_IOT_EVENT_CALL_BYTES` is `data` as it is, without the code. With another code than 200 and no data,
// nothing is sent, and the platform sees a time-out.
//
// Without this call, the next poll answers with 200 and `{}`; after a call of this function that failed, with its `code`
// and `{}`. If there is nothing to answer, the function returns `ALIYUN_IOT_STATUS_NOT_CONNECTED`.
aliyun_iot_status aliyun_iot_answer(struct aliyun_iot_device *device,
                                    int32_t code,
                                    struct aliyun_iot_bytes data);

// Provides memory for the calls that `aliyun_iot_answer_later` keeps: for each 6 bytes, its topic and its message id. Call it
// once after `aliyun_iot_init`; it stays for all connections. Calls that earlier memory held are forgotten. Without memory
// (NULL) no call is kept.
aliyun_iot_status aliyun_iot_keep_later(struct aliyun_iot_device *device,
                                        struct aliyun_iot_buffer memory);

// Keeps the call that `aliyun_iot_poll` returned last. `aliyun_iot_reply` answers it later, by the number in `*handle`. At
// most 16 calls wait, and at most as many as the memory of `aliyun_iot_keep_later` holds: the oldest is answered with 429 to
// make place.
//
// If there is nothing to answer, the function returns `ALIYUN_IOT_STATUS_NOT_CONNECTED`. If the memory cannot hold the call,
// it returns `ALIYUN_IOT_STATUS_TOO_LARGE`.
aliyun_iot_status aliyun_iot_answer_later(struct aliyun_iot_device *device,
                                          uint32_t *handle);

// Answers a call that `aliyun_iot_answer_later` has kept, as `aliyun_iot_answer` does. The platform waits 8 seconds for the
// answer to a synchronous call. A call that does not wait for an answer any more gives `ALIYUN_IOT_STATUS_NO_REQUEST`.
aliyun_iot_status aliyun_iot_reply(struct aliyun_iot_device *device,
                                   uint32_t handle,
                                   int32_t code,
                                   struct aliyun_iot_bytes data);

// Asks for the desired values of properties. `names` is a JSON array of at least one identifier, each 1 to 64 characters of
// `A-Z a-z 0-9 _ - . :`. `*id` is the number that `ALIYUN_IOT_EVENT_DESIRED_REPLY` or
// `ALIYUN_IOT_EVENT_DESIRED_NO_REPLY` will have. At most 20 replies are awaited; then the call returns
// `ALIYUN_IOT_STATUS_FULL`.
//
// The call returns `ALIYUN_IOT_STATUS_JSON` for other names. `aliyun_iot_last_error` then has the offset of the wrong byte.
aliyun_iot_status aliyun_iot_get_desired(struct aliyun_iot_device *device,
                                         struct aliyun_iot_bytes names,
                                         uint32_t *id,
                                         uint32_t now_ms);

// Deletes desired values. `versions` is a JSON object with a member `{"version":…}` for each property. The platform keeps a
// value that has another version. The member `{}` deletes any version. `id` as for `aliyun_iot_get_desired`. If it
// is NULL, the reply is not wanted, and only a refusal is reported.
aliyun_iot_status aliyun_iot_delete_desired(struct aliyun_iot_device *device,
                                            struct aliyun_iot_bytes versions,
                                            uint32_t *id,
                                            uint32_t now_ms);

// Asks for the desired values of properties now and after each connect. `ALIYUN_IOT_EVENT_DESIRED_VALUES` reports each value
// whose version no event has reported before. If the device is offline, it asks after it connects. `names` as for
// `aliyun_iot_get_desired`, with up to 32 identifiers. Empty `names` end this.
//
// `memory` must hold `names` and 4 bytes for each identifier; `ALIYUN_IOT_STATUS_TOO_LARGE` and `aliyun_iot_last_error` say
// how much is needed. It belongs to the device until the next call of `aliyun_iot_follow_desired`, `aliyun_iot_close` or
// `aliyun_iot_drop`.
aliyun_iot_status aliyun_iot_follow_desired(struct aliyun_iot_device *device,
                                            struct aliyun_iot_bytes names,
                                            struct aliyun_iot_buffer memory);

// Posts properties, a JSON object. `*id` is the number that `ALIYUN_IOT_EVENT_MODEL_REPLY` or
// `ALIYUN_IOT_EVENT_MODEL_NO_REPLY` will have. If `id` is NULL, the reply is not wanted, and only a refusal is reported. At
// most 20 replies are awaited; then the function returns `ALIYUN_IOT_STATUS_FULL`.
aliyun_iot_status aliyun_iot_post_properties(struct aliyun_iot_device *device,
                                             struct aliyun_iot_bytes params,
                                             uint32_t *id,
                                             uint32_t now_ms);

// Posts the event `event` with its output parameters, a JSON object. `id` as for properties.
aliyun_iot_status aliyun_iot_post_event(struct aliyun_iot_device *device,
                                        struct aliyun_iot_bytes event,
                                        struct aliyun_iot_bytes params,
                                        uint32_t *id,
                                        uint32_t now_ms);

// Asks the platform for the time. If the device is offline, the request is sent after it connects. The event
// `ALIYUN_IOT_EVENT_NTP_TIME` is for this request and for all earlier ones that wait. If no reply comes, the event is
// `ALIYUN_IOT_EVENT_NTP_FAILED`. `aliyun_iot_close` drops the request without an event.
aliyun_iot_status aliyun_iot_ask_time(struct aliyun_iot_device *device);

// Posts raw data. `id` is as for `aliyun_iot_post_properties`, for the events of raw data.
aliyun_iot_status aliyun_iot_post_raw(struct aliyun_iot_device *device,
                                      struct aliyun_iot_bytes data,
                                      uint32_t *id,
                                      uint32_t now_ms);

// Ends a registration, if there is one, without an event. `scratch` is the caller's again. You can also call it while you
// handle the last event of a registration: the texts of the event are then not valid any more.
void aliyun_iot_cancel_registration(struct aliyun_iot_device *device);

// Returns whether a registration is under way.
bool aliyun_iot_is_registering(struct aliyun_iot_device *device);

// Uploads a file of `size` bytes, at most 16 MiB, in blocks of `block` bytes, 256 to 131,072. If the device is offline, the
// upload begins after it connects.
//
// `name` is the file's name on the platform; it replaces a file of the same name. `crc64` is the result of
// `aliyun_iot_crc64` over all bytes. `ALIYUN_IOT_EVENT_UPLOAD_BLOCK` asks for one block after another. The upload ends with
// `ALIYUN_IOT_EVENT_UPLOAD_DONE`, `ALIYUN_IOT_EVENT_UPLOAD_FAILED` or `ALIYUN_IOT_EVENT_CONNECTION_CLOSED`.
//
// The call returns `ALIYUN_IOT_STATUS_FULL` while another upload is under way, and `ALIYUN_IOT_STATUS_TOO_LARGE` if blocks of
// that size do not fit `tx`.
aliyun_iot_status aliyun_iot_upload(struct aliyun_iot_device *device,
                                    struct aliyun_iot_bytes name,
                                    uint32_t size,
                                    uint64_t crc64,
                                    uint32_t block);

// Gets the place for the block of the last `ALIYUN_IOT_EVENT_UPLOAD_BLOCK`; `false` if the block is not needed any more. The
// place is in `tx`, in front of all packets that are queued later. Until `aliyun_iot_upload_filled`, only publish, post,
// subscribe and unsubscribe may be called on the device.
bool aliyun_iot_upload_place(struct aliyun_iot_device *device,
                             struct aliyun_iot_buffer *place);

// Reports that the whole place of `aliyun_iot_upload_place` has been written. The library then sends the block.
void aliyun_iot_upload_filled(struct aliyun_iot_device *device, uint32_t now_ms);

// Cancels the upload under way, if there is one. No event follows.
void aliyun_iot_cancel_upload(struct aliyun_iot_device *device);

// Returns the CRC-64/XZ over `data`. Begin with 0 for `before`, and pass the last result for the next piece of a file. The
// result is 0 if the build has no uploads.
uint64_t aliyun_iot_crc64(uint64_t before,
                          struct aliyun_iot_bytes data);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ALIYUN_IOT_H */
