/* The C ABI of aliyun-iot. Made by `cargo xtask bindings` from src/ffi: do not edit.
 *
 * The contract: docs/c-abi.md. In short: no call blocks, allocates, keeps a thread or calls back; one call at a time for
 * each device; what a call gives by pointer lives until the next call on the same device, unless it says otherwise.
 */

#ifndef ALIYUN_IOT_H
#define ALIYUN_IOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What became of a call, told by blame. The numbers are stable.
enum aliyun_iot_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Done.
  ALIYUN_IOT_STATUS_OK = 0,
  // There is no session, and the call would not be kept for the next one.
  ALIYUN_IOT_STATUS_NOT_CONNECTED = -1,
  // The window of 20 unacknowledged messages, or the send buffer, is full: try again later.
  ALIYUN_IOT_STATUS_FULL = -2,
  // A buffer is too small, however long one waits; `aliyun_iot_needed` tells how large it would have to be.
  ALIYUN_IOT_STATUS_TOO_LARGE = -3,
  // The device is connected, or connecting, already.
  ALIYUN_IOT_STATUS_ALREADY_CONNECTED = -4,
  // The device did not log in to Alibaba's platform: there is no thing model.
  ALIYUN_IOT_STATUS_NO_THING = -5,
  // This was left out of the library when it was built.
  ALIYUN_IOT_STATUS_LEFT_OUT = -6,
  // The server has closed the connection again and again right after messages on this topic, or right after this
  // subscription: none is sent for five minutes.
  ALIYUN_IOT_STATUS_GIVEN_UP = -7,
  // A pointer is NULL that may not be.
  ALIYUN_IOT_STATUS_NULL = -10,
  // The topic is empty, too long, not UTF-8, or has a character that is not allowed there.
  ALIYUN_IOT_STATUS_TOPIC = -11,
  // The parameters are not one JSON object; `aliyun_iot_needed` tells the offset of the first wrong byte.
  ALIYUN_IOT_STATUS_JSON = -12,
  // The event's identifier is empty, over 64 characters, or has a character outside `A-Z a-z 0-9 _ - . :`.
  ALIYUN_IOT_STATUS_EVENT_ID = -13,
  // The quality of service is not 0 or 1.
  ALIYUN_IOT_STATUS_QOS = -14,
  // The payload is over 256 KiB, which the platform does not take.
  ALIYUN_IOT_STATUS_PAYLOAD = -15,
  // The file's name is empty, over 100 bytes, does not begin with a letter or a digit, or has a character outside
  // `A-Z a-z 0-9 _ .`.
  ALIYUN_IOT_STATUS_FILE_NAME = -16,
  // The file is empty, or over 16 MiB.
  ALIYUN_IOT_STATUS_FILE_SIZE = -17,
  // The block is not 256 to 131,072 bytes.
  ALIYUN_IOT_STATUS_BLOCK = -18,
  // The JSON is nested deeper than 32 levels; `aliyun_iot_needed` tells the offset of the first bracket too many.
  ALIYUN_IOT_STATUS_NESTING = -19,
  // `product_key` is missing, or not 1 to 20 letters and digits.
  ALIYUN_IOT_STATUS_PRODUCT_KEY = -20,
  // `device_name` is missing, or not 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
  ALIYUN_IOT_STATUS_DEVICE_NAME = -21,
  // `device_secret` is missing, or not 1 to 64 printable ASCII characters.
  ALIYUN_IOT_STATUS_DEVICE_SECRET = -22,
  // `region` is not 1 to 32 of `A-Z a-z 0-9 -`.
  ALIYUN_IOT_STATUS_REGION = -23,
  // `instance_id` is not 1 to 64 of `A-Z a-z 0-9 - _`.
  ALIYUN_IOT_STATUS_INSTANCE_ID = -24,
  // `host` is missing or no host name.
  ALIYUN_IOT_STATUS_HOST = -25,
  // `port` is 0.
  ALIYUN_IOT_STATUS_PORT = -26,
  // `client_id` is empty, too long, or has a character that the cloud forbids.
  ALIYUN_IOT_STATUS_CLIENT_ID = -27,
  // `user_name` is missing, or not UTF-8.
  ALIYUN_IOT_STATUS_USER_NAME = -28,
  // The login does not fit a CONNECT of 512 bytes.
  ALIYUN_IOT_STATUS_PASSWORD = -29,
  // `sign_method` is none of `hmacsha256`, `hmacsha1` and `hmacmd5`, or this build leaves it out. The words say which
  // methods it has.
  ALIYUN_IOT_STATUS_SIGN_METHOD = -30,
  // `keepalive` is outside 30..=1200 seconds.
  ALIYUN_IOT_STATUS_KEEPALIVE = -31,
  // `product_secret` is missing, or not 1 to 64 printable ASCII characters.
  ALIYUN_IOT_STATUS_PRODUCT_SECRET = -32,
  // `device_token` is not 1 to 128 printable ASCII characters.
  ALIYUN_IOT_STATUS_DEVICE_TOKEN = -33,
  // `auth_type` is none of `https`, `register` and `regnwl`.
  ALIYUN_IOT_STATUS_AUTH_TYPE = -34,
  // The topic is over 127 bytes, which Alibaba's platform does not take; `aliyun_iot_needed` tells its length.
  ALIYUN_IOT_STATUS_TOPIC_LENGTH = -35,
  // The topic has over 7 levels, which Alibaba's platform does not take; `aliyun_iot_needed` tells how many.
  ALIYUN_IOT_STATUS_TOPIC_LEVELS = -36,
  // The topic is of another product or device, or does not begin with a slash: Alibaba's platform would close the
  // connection.
  ALIYUN_IOT_STATUS_TOPIC_OWNER = -37,
  // The topic filter is over 255 bytes.
  ALIYUN_IOT_STATUS_FILTER_TOO_LONG = -38,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum aliyun_iot_status aliyun_iot_status;
#else
typedef int32_t aliyun_iot_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What an event tells. The numbers are stable.
enum aliyun_iot_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // The session is up; `again` if not for the first time since connect, `session_present` if the server kept it.
  ALIYUN_IOT_EVENT_KIND_CONNECTED = 1,
  // The session is lost (`loss`, `code`); the device tries again by itself. If it was lost right behind something that
  // was sent, `number` is the type of that packet (3 PUBLISH, 8 SUBSCRIBE, 10 UNSUBSCRIBE), and `name` its topic or
  // filter, empty if that is not known any more; else `number` is 0.
  ALIYUN_IOT_EVENT_KIND_DISCONNECTED = 2,
  // An attempt has failed (`loss`, `code`); the device tries again by itself.
  ALIYUN_IOT_EVENT_KIND_FAILED = 3,
  // The link is closed, as asked.
  ALIYUN_IOT_EVENT_KIND_CLOSED = 4,
  // The platform sets properties: `message_id`, `payload` (JSON).
  ALIYUN_IOT_EVENT_KIND_PROPERTIES = 5,
  // The platform calls the service `name`: `message_id`, `payload` (JSON), `synchronous` if it waits for the answer.
  ALIYUN_IOT_EVENT_KIND_SERVICE = 6,
  // Raw data in `payload`.
  ALIYUN_IOT_EVENT_KIND_RAW = 7,
  // A message on the topic `name`: `payload`, `qos`, `dup`, `retain`.
  ALIYUN_IOT_EVENT_KIND_MESSAGE = 8,
  // The platform's reply to the post `number`: `code`, `payload` (its words).
  ALIYUN_IOT_EVENT_KIND_REPLY = 9,
  // The QoS 1 publish `number` has been acknowledged.
  ALIYUN_IOT_EVENT_KIND_DELIVERED = 10,
  // The subscription to `name` was `accepted` or not.
  ALIYUN_IOT_EVENT_KIND_SUBSCRIBED = 11,
  // A message that would have taken a receive buffer of `number` bytes was dropped, the `code`th since connect. With
  // `raw_reply`, it was the `RawReply` to the oldest post that waits for one.
  ALIYUN_IOT_EVENT_KIND_OVERSIZE = 12,
  // The platform's clock: `time_ms`, at most `number` milliseconds off.
  ALIYUN_IOT_EVENT_KIND_TIME = 16,
  // The question for the time was not answered: 10 s, five times.
  ALIYUN_IOT_EVENT_KIND_NO_TIME = 17,
  // The platform has registered the device, which is off now. `payload` is its device secret if `name` is NULL; else
  // it is a device token, and `name` the client identifier that goes with it.
  ALIYUN_IOT_EVENT_KIND_REGISTERED = 13,
  // The device could not be registered (`loss`, `code`), and is off now. If the platform has refused it (`loss` is
  // `Refused`), `code` is that of a CONNACK (1 to 5), HTTP's status, or the platform's own, and `payload` has its words.
  ALIYUN_IOT_EVENT_KIND_NOT_REGISTERED = 14,
  // The upload goes on with the block at `number`; the platform has what is before. `aliyun_iot_upload_block` takes it.
  ALIYUN_IOT_EVENT_KIND_UPLOAD_BLOCK = 18,
  // The platform has the file; `name` is its name for the upload.
  ALIYUN_IOT_EVENT_KIND_UPLOADED = 19,
  // The upload has failed, with the platform's `code`, or 0 if it fell silent: 10 s, five times.
  ALIYUN_IOT_EVENT_KIND_UPLOAD_FAILED = 20,
  // The platform makes a synchronous call that is none of a service: `name` the custom topic (empty if it came on the
  // device's own), `message_id` the number of the request, `payload` any bytes.
  ALIYUN_IOT_EVENT_KIND_CALL_RAW = 21,
  // What the platform made of raw data that was posted, in `payload`; of which post is not told.
  ALIYUN_IOT_EVENT_KIND_RAW_REPLY = 22,
  // The server has ended the subscription to `name`, as `aliyun_iot_unsubscribe` asked.
  ALIYUN_IOT_EVENT_KIND_UNSUBSCRIBED = 23,
  // The server has closed the connection again and again right behind a packet: it is not sent any more, and what
  // waited behind it goes on. `code` is its type (3 PUBLISH, 8 SUBSCRIBE, 10 UNSUBSCRIBE), `name` its topic or filter,
  // `number` what `aliyun_iot_publish` returned. A subscription is forgotten.
  ALIYUN_IOT_EVENT_KIND_GIVEN_UP = 24,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum aliyun_iot_event_kind aliyun_iot_event_kind;
#else
typedef int32_t aliyun_iot_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Whom to blame for a lost session or a failed attempt.
enum aliyun_iot_loss
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // The link; `code` is what the port said, 0 for end of stream.
  ALIYUN_IOT_LOSS_LINK = 0,
  // The server refused the login; `code` is that of the CONNACK, 1 to 5.
  ALIYUN_IOT_LOSS_REFUSED = 1,
  // The server did not keep to MQTT 3.1.1; `code` tells apart how: 0 a packet type or flags that a server never sends,
  // 1 a wrong length, 2 a topic name that is not allowed, 3 an acknowledgement of the packet identifier 0, 4 a return
  // code that is none, 5 a packet out of order, 9 a packet of QoS 2, 10 a message with the packet identifier 0; or 6, it
  // fell silent. To a registration: 7, it gave no answer that the platform gives, or 8, one over 4 KiB or larger than
  // the receive buffer.
  ALIYUN_IOT_LOSS_PEER = 2,
  // No CONNACK within `connect_timeout`.
  ALIYUN_IOT_LOSS_TIMEOUT = 3,
  // A second device uses the same identity, most likely.
  ALIYUN_IOT_LOSS_KICKED = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum aliyun_iot_loss aliyun_iot_loss;
#else
typedef int32_t aliyun_iot_loss;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// One device. Its memory is the caller's; nothing in it is for the caller to see.
typedef struct aliyun_iot_device aliyun_iot_device;

// Bytes of the caller's or of the device's. A text is UTF-8 and has no terminating NUL. `data` may be NULL: that is a
// value not given, and `len` does not count.
typedef struct aliyun_iot_bytes {
  // The first byte, or NULL.
  const uint8_t *data;
  // How many.
  size_t len;
} aliyun_iot_bytes;

// A login to Alibaba Cloud IoT Platform (help.aliyun.com document 73742). Initialise with 0 and set what you have;
// what is not given (NULL, 0) takes its default.
typedef struct aliyun_iot_credentials {
  // Product key: 1 to 20 letters and digits.
  struct aliyun_iot_bytes product_key;
  // Device name: 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
  struct aliyun_iot_bytes device_name;
  // Device secret: 1 to 64 printable characters. Not kept: the device holds only the signature made with it.
  struct aliyun_iot_bytes device_secret;
  // Device token, 1 to 128 printable characters, in the place of a secret: what a registration gave together with
  // `client_id`. Kept as long as the device connects.
  struct aliyun_iot_bytes device_token;
  // Region of the old public instance; `cn-shanghai` if not given.
  struct aliyun_iot_bytes region;
  // Instance id of a new public or an enterprise instance; the old public instance if not given.
  struct aliyun_iot_bytes instance_id;
  // Host; follows from the above if not given.
  struct aliyun_iot_bytes host;
  // Client identifier before the bar, 1 to 64 characters; `{product key}.{device name}` if not given.
  struct aliyun_iot_bytes client_id;
  // `hmacsha256`, or `hmacsha1` or `hmacmd5` if the build has them; `hmacsha256` if not given.
  struct aliyun_iot_bytes sign_method;
  // A time stamp to sign along, in milliseconds; none if not given.
  uint64_t timestamp;
  // TCP port; 8883 for an instance over TLS, else 1883 if not given.
  uint16_t port;
  // Keepalive in seconds, 30 to 1200; 60 if not given.
  uint16_t keepalive;
  // Seconds that DNS, TCP, TLS and the MQTT handshake may take together; 10 if not given.
  uint16_t connect_timeout;
  // QoS 1 messages that may wait for another one to be taken while there is no session, 1 to 20; 20 if not given,
  // -1 for none. What does not fit `tx` is not taken either.
  int8_t offline_queue;
  // Plain TCP instead of verified TLS.
  bool without_tls;
  // Have the server keep messages and subscriptions while the device is away.
  bool keep_session;
} aliyun_iot_credentials;

// A login to any MQTT 3.1.1 broker. Initialise with 0 and set what you have; what is not given takes its default.
typedef struct aliyun_iot_login {
  // Host name or address.
  struct aliyun_iot_bytes host;
  // Client identifier; may be empty unless the session is kept.
  struct aliyun_iot_bytes client_id;
  // User name; none if not given.
  struct aliyun_iot_bytes user_name;
  // Password; none if not given. Needs a user name.
  struct aliyun_iot_bytes password;
  // TCP port; 8883 over TLS, else 1883 if not given.
  uint16_t port;
  // Keepalive in seconds; 0 for none.
  uint16_t keepalive;
  // Seconds that DNS, TCP, TLS and the MQTT handshake may take together; 10 if not given.
  uint16_t connect_timeout;
  // QoS 1 messages that may wait for another one to be taken while there is no session, 1 to 20; 20 if not given,
  // -1 for none. What does not fit `tx` is not taken either.
  int8_t offline_queue;
  // Plain TCP instead of verified TLS.
  bool without_tls;
  // Have the server keep messages and subscriptions while the device is away.
  bool keep_session;
} aliyun_iot_login;

// The link that the device wants.
typedef struct aliyun_iot_link {
  // Host name or address, a text; NULL if no link is wanted.
  struct aliyun_iot_bytes host;
  // TCP port.
  uint16_t port;
  // Number of the attempt: an open link of another attempt is to be closed.
  uint16_t attempt;
  // Whether a link is wanted.
  bool open;
  // Whether it must be TLS, with the chain and the host name verified.
  bool tls;
} aliyun_iot_link;

// Something for the user; which fields count is told by `kind`. Texts and bytes live until the next
// `aliyun_iot_poll`.
typedef struct aliyun_iot_event {
  // What it is.
  aliyun_iot_event_kind kind;
  // Whom to blame.
  aliyun_iot_loss loss;
  // Milliseconds since 1970-01-01 00:00 UTC, when the event was told.
  uint64_t time_ms;
  // A code; whose, `kind` tells.
  int32_t code;
  // Id of a post or of a request (0 if that is no number), packet identifier, bytes needed, milliseconds or an offset.
  uint32_t number;
  // Topic name, topic filter, service or upload id.
  struct aliyun_iot_bytes name;
  // Parameters, payload or words.
  struct aliyun_iot_bytes payload;
  // Id of a request, most often decimal digits.
  struct aliyun_iot_bytes message_id;
  // QoS that the message came with.
  uint8_t qos;
  // The message may have come before.
  bool dup;
  // The server had kept the message.
  bool retain;
  // The session was up before.
  bool again;
  // The server kept the session.
  bool session_present;
  // The platform waits for the answer, 8 seconds at most.
  bool synchronous;
  // The server granted the subscription.
  bool accepted;
  // The payload of a message or of a raw call is UTF-8.
  bool is_text;
  // The message that was dropped was a reply to raw data.
  bool raw_reply;
} aliyun_iot_event;

// What a device has that is to be registered (help.aliyun.com document 147356). Initialise with 0 and set what you have;
// what is not given (NULL, 0) takes its default.
typedef struct aliyun_iot_registration {
  // Product key: 1 to 20 letters and digits.
  struct aliyun_iot_bytes product_key;
  // Device name: 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
  struct aliyun_iot_bytes device_name;
  // Product secret: 1 to 64 printable characters. Not kept: the device holds only the signature made with it.
  struct aliyun_iot_bytes product_secret;
  // Region of the old public instance; `cn-shanghai` if not given.
  struct aliyun_iot_bytes region;
  // Instance id of a new public or an enterprise instance; the old public instance if not given.
  struct aliyun_iot_bytes instance_id;
  // Host; follows from the above if not given.
  struct aliyun_iot_bytes host;
  // `https` (old public instance), or over MQTT `register` (the platform knows the device's name) or `regnwl` (it does
  // not, and gives a token); `register` with an instance, else `https` if not given.
  struct aliyun_iot_bytes auth_type;
  // `hmacsha256`, or `hmacsha1` or `hmacmd5` if the build has them; `hmacsha256` if not given.
  struct aliyun_iot_bytes sign_method;
  // TCP port; 443 for `https`, 8883 for an instance over TLS, else 1883 if not given.
  uint16_t port;
  // Plain TCP instead of verified TLS: anybody on the way can read the new secret.
  bool without_tls;
} aliyun_iot_registration;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Words for a status, for people to read; also for a number that is none. Lives for ever.
const char *aliyun_iot_status_text(int32_t status);

// Words for a loss and its code, for people to read; also for numbers that are none. Lives for ever.
const char *aliyun_iot_loss_text(int32_t loss, int32_t code);

// Goes on with another, larger send buffer, say after `TooLarge`; what waits moves, and the old one is the caller's
// again. `TooLarge`, and nothing moved, if it is smaller than the old one.
aliyun_iot_status aliyun_iot_move_tx(struct aliyun_iot_device *device, uint8_t *tx, size_t tx_len);

// Bytes of memory that a device takes, beside its buffers.
size_t aliyun_iot_device_size(void);

// Makes a device at rest in `memory`, which must be aligned as `uint64_t` is and `aliyun_iot_device_size()` bytes
// large; NULL if it is not, or if a buffer is NULL or too small.
//
// `rx`, of at least 256 bytes, bounds the largest packet that can be received. `tx`, of at least 512, holds what waits to be sent and the window of
// unacknowledged messages; 384 bytes of it are kept for the session's own packets, so give it more. `topics`
// holds the topic filters subscribed to, each with 5 bytes more than its length. `seed` is any random number; it spreads
// the reconnects of many devices in time.
struct aliyun_iot_device *aliyun_iot_init(uint8_t *memory,
                                          size_t memory_len,
                                          uint8_t *rx,
                                          size_t rx_len,
                                          uint8_t *tx,
                                          size_t tx_len,
                                          uint8_t *topics,
                                          size_t topics_len,
                                          uint32_t seed);

// Ends a device: nothing is sent, what it held of the login is overwritten, memory and buffers are the caller's again.
// NULL is ignored.
void aliyun_iot_drop(struct aliyun_iot_device *device);

// Connects to Alibaba Cloud IoT Platform, and again whenever the session is lost, until `aliyun_iot_close`.
// `AlreadyConnected`, or the status of the field at fault.
aliyun_iot_status aliyun_iot_connect(struct aliyun_iot_device *device,
                                     const struct aliyun_iot_credentials *credentials,
                                     uint32_t now_ms);

// Connects to any MQTT 3.1.1 broker: the same session, without properties, events, services and raw data. `LeftOut` if
// the library was built without it.
aliyun_iot_status aliyun_iot_connect_plain(struct aliyun_iot_device *device,
                                           const struct aliyun_iot_login *login,
                                           uint32_t now_ms);

// Sends what waits and a DISCONNECT, waits for the server to close the link, and stays off. Takes two seconds at most and
// ends with the event `Closed`. `NotConnected` if it is off already.
aliyun_iot_status aliyun_iot_close(struct aliyun_iot_device *device,
                                   uint32_t now_ms);

// Whether the session is up.
bool aliyun_iot_is_online(struct aliyun_iot_device *device);

// Whether `aliyun_iot_connect` was called, and not `aliyun_iot_close`.
bool aliyun_iot_is_started(struct aliyun_iot_device *device);

// QoS 1 messages that wait for their acknowledgement, 20 at most.
size_t aliyun_iot_unacknowledged(struct aliyun_iot_device *device);

// Acknowledgements since `aliyun_iot_connect` that named no packet under way. They are ignored: a server that sends them
// is at fault, but nothing is lost.
uint32_t aliyun_iot_unknown_acks(struct aliyun_iot_device *device);

// After `TooLarge`: bytes that the buffer would have to have. After `Json` and `Nesting`: the offset of the first wrong
// byte. After `TopicLength` and `TopicLevels`: the bytes or levels that the topic has.
size_t aliyun_iot_needed(struct aliyun_iot_device *device);

// Publishes. Returns 0 at QoS 0 (the message goes now or not at all), the packet identifier at QoS 1 (the message is
// kept until the event `Delivered` tells that number), or a negative status.
int32_t aliyun_iot_publish(struct aliyun_iot_device *device,
                           struct aliyun_iot_bytes topic,
                           struct aliyun_iot_bytes payload,
                           uint8_t qos_number);

// Subscribes to a topic filter of at most 255 bytes, now and after each reconnect; the event `Subscribed` tells the
// server's answer.
aliyun_iot_status aliyun_iot_subscribe(struct aliyun_iot_device *device,
                                       struct aliyun_iot_bytes filter,
                                       uint8_t qos_number);

// Takes a subscription back; the event `Unsubscribed` tells when the server has done so.
aliyun_iot_status aliyun_iot_unsubscribe(struct aliyun_iot_device *device, struct aliyun_iot_bytes filter);

// Posts properties, a JSON object. `id`, if not NULL, gets the number that the event `Reply` will carry.
aliyun_iot_status aliyun_iot_post_properties(struct aliyun_iot_device *device,
                                             struct aliyun_iot_bytes params,
                                             uint32_t *id);

// Posts the event `event` with its output parameters, a JSON object. `id` as for properties.
aliyun_iot_status aliyun_iot_post_event(struct aliyun_iot_device *device,
                                        struct aliyun_iot_bytes event,
                                        struct aliyun_iot_bytes params,
                                        uint32_t *id);

// Posts raw data.
aliyun_iot_status aliyun_iot_post_raw(struct aliyun_iot_device *device, struct aliyun_iot_bytes data);

// Tells the link that the port should hold open now. `link->host` lives until `aliyun_iot_connect` or
// `aliyun_iot_drop`.
void aliyun_iot_link_wanted(struct aliyun_iot_device *device, struct aliyun_iot_link *link);

// The link of `attempt` is open: TCP and, if wanted, TLS are up.
void aliyun_iot_link_up(struct aliyun_iot_device *device, uint16_t attempt, uint32_t now_ms);

// The link of `attempt` could not be opened, or is gone. `code` comes back in the event; 0 for end of stream.
void aliyun_iot_link_lost(struct aliyun_iot_device *device, uint16_t attempt, int32_t code, uint32_t now_ms);

// The unsent rest of the next packet, and its length; NULL and 0 if there is none. Give it to the link in one write,
// and say how much it took with `aliyun_iot_sent`; until then the bytes stay as they are, but any other call may move them:
// ask for them again before the next write.
struct aliyun_iot_bytes aliyun_iot_to_send(struct aliyun_iot_device *device);

// The link has taken `count` bytes.
void aliyun_iot_sent(struct aliyun_iot_device *device, size_t count, uint32_t now_ms);

// Where to put what arrives, `*room` bytes. NULL and 0 while an event is in use or no link is up: poll first.
uint8_t *aliyun_iot_space(struct aliyun_iot_device *device, size_t *room);

// `count` bytes have arrived there.
void aliyun_iot_received(struct aliyun_iot_device *device, size_t count, uint32_t now_ms);

// Gets the next event; `false` if all is done for now. The event before it is finished by this call: a QoS 1 message
// is acknowledged, and a property set or a service call that was not answered is answered with 200.
bool aliyun_iot_poll(struct aliyun_iot_device *device, struct aliyun_iot_event *event, uint32_t now_ms);

// Milliseconds after which to poll even if nothing arrives; `UINT32_MAX` for never.
uint32_t aliyun_iot_poll_in(struct aliyun_iot_device *device, uint32_t now_ms);

// Answers the event `Properties`, `Service` or `CallRaw` that `aliyun_iot_poll` told last: `code` 200 for success,
// `data` a JSON value, or NULL for `{}`. For `CallRaw` any bytes, which go without the code; with another code than 200
// and no data nothing is sent, so that the platform sees a time-out. Without this call the next poll answers 200 and
// `{}`.
aliyun_iot_status aliyun_iot_answer(struct aliyun_iot_device *device, int32_t code, struct aliyun_iot_bytes data);

// Leaves the answer to the event that `aliyun_iot_poll` told last to `aliyun_iot_reply`, and returns the topic that it
// asks for, which lives until the next poll. NULL if there is nothing to answer.
struct aliyun_iot_bytes aliyun_iot_answer_later(struct aliyun_iot_device *device);

// Answers an event of before, as `aliyun_iot_answer` does. `topic` is what `aliyun_iot_answer_later` returned for it,
// `message_id` what the event told; NULL for `CallRaw`. A synchronous call is over after 8 seconds.
aliyun_iot_status aliyun_iot_reply(struct aliyun_iot_device *device,
                                   struct aliyun_iot_bytes topic,
                                   struct aliyun_iot_bytes message_id,
                                   int32_t code,
                                   struct aliyun_iot_bytes data);

// Has the platform give the device a secret, or a token, of its own. Needs the link as a connection does, and ends with
// the event `Registered` or `NotRegistered` within 65 seconds: five attempts of 10 seconds at most, and the waits
// between them, each of which is told with the event `Failed`. A refusal is not tried again. The device is off then:
// connect with what it got. `aliyun_iot_close` ends it early.
//
// `AlreadyConnected`, the status of the field at fault, or `LeftOut`. The answer must fit the receive buffer: 1 KiB is
// enough, and over 4 KiB is not read.
aliyun_iot_status aliyun_iot_register(struct aliyun_iot_device *device,
                                      const struct aliyun_iot_registration *registration,
                                      uint32_t now_ms);

// Whether a registration is under way.
bool aliyun_iot_is_registering(struct aliyun_iot_device *device);

// Asks the platform for the time; before the session is up, as soon as it is. The event `Time` brings the answer, to
// this question and to those asked meanwhile, or `NoTime` says that there was none. `LeftOut` if the library was built
// without it.
aliyun_iot_status aliyun_iot_ask_time(struct aliyun_iot_device *device);

// Begins to upload a file of `size` bytes (16 MiB at most) in blocks of `block` bytes (256 to 131,072), as soon as the
// session is up. `name` is its name on the platform, where it replaces one of the same name; `crc64` is that of
// `aliyun_iot_crc64` over all of it. The event `UploadBlock` asks for one block after another, and the upload ends with
// `Uploaded`, `UploadFailed` or `Closed`. `Full` while another upload is under way, `TooLarge` if blocks of that size
// do not fit `tx`, `FileName`, `FileSize`, `Block`, or `LeftOut` if the library was built without it.
aliyun_iot_status aliyun_iot_upload(struct aliyun_iot_device *device,
                                    struct aliyun_iot_bytes name,
                                    uint32_t size,
                                    uint64_t crc64,
                                    uint32_t block);

// Where to put the block that `UploadBlock` told last, `*length` bytes; NULL and 0 if it is not wanted any more. It
// lies in `tx` and holds up what is queued behind it. Until `aliyun_iot_upload_filled` only publish, post, subscribe
// and unsubscribe may be called on the device.
uint8_t *aliyun_iot_upload_block(struct aliyun_iot_device *device, size_t *length);

// All of it has been written: send it.
void aliyun_iot_upload_filled(struct aliyun_iot_device *device, uint32_t now_ms);

// Gives the upload up, if there is one; no event follows.
void aliyun_iot_cancel_upload(struct aliyun_iot_device *device);

// CRC-64/XZ over `data`: begin with `before` 0, and go on with what the call before returned.
uint64_t aliyun_iot_crc64(uint64_t before, struct aliyun_iot_bytes data);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ALIYUN_IOT_H */
