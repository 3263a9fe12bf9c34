// Made by `cargo xtask bindings` from include/aliyun_iot.h and the calls in micropython/: do not edit.

// In a split native module the library is a module of its own. The binding calls it through this table.

// A hash of the header and of the list below: both halves must have the same.
#define CORE_CALLS_BUILD 0xa226415bu

// The functions of the library that the binding calls.
#define CORE_CALLS(X) \
    X(aliyun_iot_is_utf8) \
    X(aliyun_iot_device_size) \
    X(aliyun_iot_init) \
    X(aliyun_iot_drop) \
    X(aliyun_iot_move_tx) \
    X(aliyun_iot_close) \
    X(aliyun_iot_is_online) \
    X(aliyun_iot_is_started) \
    X(aliyun_iot_get_counters) \
    X(aliyun_iot_loss_text) \
    X(aliyun_iot_link_wanted) \
    X(aliyun_iot_link_up) \
    X(aliyun_iot_link_lost) \
    X(aliyun_iot_to_send) \
    X(aliyun_iot_sent) \
    X(aliyun_iot_space) \
    X(aliyun_iot_received) \
    X(aliyun_iot_publish) \
    X(aliyun_iot_subscribe) \
    X(aliyun_iot_unsubscribe) \
    X(aliyun_iot_features) \
    X(aliyun_iot_status_text) \
    X(aliyun_iot_last_error) \
    X(aliyun_iot_poll) \
    X(aliyun_iot_poll_in) \
    X(aliyun_iot_connect_aliyun) \
    X(aliyun_iot_register_aliyun) \
    X(aliyun_iot_connect_plain) \
    X(aliyun_iot_connect_vendor) \
    X(aliyun_iot_set_clock) \
    X(aliyun_iot_signs_time) \
    X(aliyun_iot_register_vendor) \
    X(aliyun_iot_answer) \
    X(aliyun_iot_keep_later) \
    X(aliyun_iot_answer_later) \
    X(aliyun_iot_reply) \
    X(aliyun_iot_get_desired) \
    X(aliyun_iot_delete_desired) \
    X(aliyun_iot_follow_desired) \
    X(aliyun_iot_post_properties) \
    X(aliyun_iot_post_event) \
    X(aliyun_iot_ask_time) \
    X(aliyun_iot_post_raw) \
    X(aliyun_iot_cancel_registration) \
    X(aliyun_iot_is_registering) \
    X(aliyun_iot_upload) \
    X(aliyun_iot_upload_place) \
    X(aliyun_iot_upload_filled) \
    X(aliyun_iot_cancel_upload) \
    X(aliyun_iot_crc64) \

#define CORE_CALLS_MEMBER(name) __typeof__(name) *name;
typedef struct {
    uint32_t build;
    CORE_CALLS(CORE_CALLS_MEMBER)
} core_calls_t;

#if ALIYUN_IOT_SPLIT
// The binding's copy, filled when it is imported.
extern core_calls_t core_calls;

#define aliyun_iot_is_utf8 (core_calls.aliyun_iot_is_utf8)
#define aliyun_iot_device_size (core_calls.aliyun_iot_device_size)
#define aliyun_iot_init (core_calls.aliyun_iot_init)
#define aliyun_iot_drop (core_calls.aliyun_iot_drop)
#define aliyun_iot_move_tx (core_calls.aliyun_iot_move_tx)
#define aliyun_iot_close (core_calls.aliyun_iot_close)
#define aliyun_iot_is_online (core_calls.aliyun_iot_is_online)
#define aliyun_iot_is_started (core_calls.aliyun_iot_is_started)
#define aliyun_iot_get_counters (core_calls.aliyun_iot_get_counters)
#define aliyun_iot_loss_text (core_calls.aliyun_iot_loss_text)
#define aliyun_iot_link_wanted (core_calls.aliyun_iot_link_wanted)
#define aliyun_iot_link_up (core_calls.aliyun_iot_link_up)
#define aliyun_iot_link_lost (core_calls.aliyun_iot_link_lost)
#define aliyun_iot_to_send (core_calls.aliyun_iot_to_send)
#define aliyun_iot_sent (core_calls.aliyun_iot_sent)
#define aliyun_iot_space (core_calls.aliyun_iot_space)
#define aliyun_iot_received (core_calls.aliyun_iot_received)
#define aliyun_iot_publish (core_calls.aliyun_iot_publish)
#define aliyun_iot_subscribe (core_calls.aliyun_iot_subscribe)
#define aliyun_iot_unsubscribe (core_calls.aliyun_iot_unsubscribe)
#define aliyun_iot_features (core_calls.aliyun_iot_features)
#define aliyun_iot_status_text (core_calls.aliyun_iot_status_text)
#define aliyun_iot_last_error (core_calls.aliyun_iot_last_error)
#define aliyun_iot_poll (core_calls.aliyun_iot_poll)
#define aliyun_iot_poll_in (core_calls.aliyun_iot_poll_in)
#define aliyun_iot_connect_aliyun (core_calls.aliyun_iot_connect_aliyun)
#define aliyun_iot_register_aliyun (core_calls.aliyun_iot_register_aliyun)
#define aliyun_iot_connect_plain (core_calls.aliyun_iot_connect_plain)
#define aliyun_iot_connect_vendor (core_calls.aliyun_iot_connect_vendor)
#define aliyun_iot_set_clock (core_calls.aliyun_iot_set_clock)
#define aliyun_iot_signs_time (core_calls.aliyun_iot_signs_time)
#define aliyun_iot_register_vendor (core_calls.aliyun_iot_register_vendor)
#define aliyun_iot_answer (core_calls.aliyun_iot_answer)
#define aliyun_iot_keep_later (core_calls.aliyun_iot_keep_later)
#define aliyun_iot_answer_later (core_calls.aliyun_iot_answer_later)
#define aliyun_iot_reply (core_calls.aliyun_iot_reply)
#define aliyun_iot_get_desired (core_calls.aliyun_iot_get_desired)
#define aliyun_iot_delete_desired (core_calls.aliyun_iot_delete_desired)
#define aliyun_iot_follow_desired (core_calls.aliyun_iot_follow_desired)
#define aliyun_iot_post_properties (core_calls.aliyun_iot_post_properties)
#define aliyun_iot_post_event (core_calls.aliyun_iot_post_event)
#define aliyun_iot_ask_time (core_calls.aliyun_iot_ask_time)
#define aliyun_iot_post_raw (core_calls.aliyun_iot_post_raw)
#define aliyun_iot_cancel_registration (core_calls.aliyun_iot_cancel_registration)
#define aliyun_iot_is_registering (core_calls.aliyun_iot_is_registering)
#define aliyun_iot_upload (core_calls.aliyun_iot_upload)
#define aliyun_iot_upload_place (core_calls.aliyun_iot_upload_place)
#define aliyun_iot_upload_filled (core_calls.aliyun_iot_upload_filled)
#define aliyun_iot_cancel_upload (core_calls.aliyun_iot_cancel_upload)
#define aliyun_iot_crc64 (core_calls.aliyun_iot_crc64)
#endif
