// Makes calls of the library visible to ThreadSanitizer, which does not see into the archive: each call on a device also
// changes one variable. Two calls that no lock separates are then a data race. For -include; programs with one device only.
#ifndef TESTS_TOUCHED_H
#define TESTS_TOUCHED_H

// It comes before what a source begins with.
#define _DEFAULT_SOURCE

#include "aliyun_iot.h"

extern unsigned touched;

#define aliyun_iot_answer(...) (touched++, aliyun_iot_answer(__VA_ARGS__))
#define aliyun_iot_answer_later(...) (touched++, aliyun_iot_answer_later(__VA_ARGS__))
#define aliyun_iot_ask_time(...) (touched++, aliyun_iot_ask_time(__VA_ARGS__))
#define aliyun_iot_cancel_registration(...) (touched++, aliyun_iot_cancel_registration(__VA_ARGS__))
#define aliyun_iot_cancel_upload(...) (touched++, aliyun_iot_cancel_upload(__VA_ARGS__))
#define aliyun_iot_close(...) (touched++, aliyun_iot_close(__VA_ARGS__))
#define aliyun_iot_connect_aliyun(...) (touched++, aliyun_iot_connect_aliyun(__VA_ARGS__))
#define aliyun_iot_connect_plain(...) (touched++, aliyun_iot_connect_plain(__VA_ARGS__))
#define aliyun_iot_connect_vendor(...) (touched++, aliyun_iot_connect_vendor(__VA_ARGS__))
#define aliyun_iot_delete_desired(...) (touched++, aliyun_iot_delete_desired(__VA_ARGS__))
#define aliyun_iot_drop(...) (touched++, aliyun_iot_drop(__VA_ARGS__))
#define aliyun_iot_follow_desired(...) (touched++, aliyun_iot_follow_desired(__VA_ARGS__))
#define aliyun_iot_get_counters(...) (touched++, aliyun_iot_get_counters(__VA_ARGS__))
#define aliyun_iot_get_desired(...) (touched++, aliyun_iot_get_desired(__VA_ARGS__))
#define aliyun_iot_init(...) (touched++, aliyun_iot_init(__VA_ARGS__))
#define aliyun_iot_is_online(...) (touched++, aliyun_iot_is_online(__VA_ARGS__))
#define aliyun_iot_is_registering(...) (touched++, aliyun_iot_is_registering(__VA_ARGS__))
#define aliyun_iot_is_started(...) (touched++, aliyun_iot_is_started(__VA_ARGS__))
#define aliyun_iot_keep_later(...) (touched++, aliyun_iot_keep_later(__VA_ARGS__))
#define aliyun_iot_last_error(...) (touched++, aliyun_iot_last_error(__VA_ARGS__))
#define aliyun_iot_link_lost(...) (touched++, aliyun_iot_link_lost(__VA_ARGS__))
#define aliyun_iot_link_up(...) (touched++, aliyun_iot_link_up(__VA_ARGS__))
#define aliyun_iot_link_wanted(...) (touched++, aliyun_iot_link_wanted(__VA_ARGS__))
#define aliyun_iot_move_tx(...) (touched++, aliyun_iot_move_tx(__VA_ARGS__))
#define aliyun_iot_poll(...) (touched++, aliyun_iot_poll(__VA_ARGS__))
#define aliyun_iot_poll_in(...) (touched++, aliyun_iot_poll_in(__VA_ARGS__))
#define aliyun_iot_post_event(...) (touched++, aliyun_iot_post_event(__VA_ARGS__))
#define aliyun_iot_post_properties(...) (touched++, aliyun_iot_post_properties(__VA_ARGS__))
#define aliyun_iot_post_raw(...) (touched++, aliyun_iot_post_raw(__VA_ARGS__))
#define aliyun_iot_publish(...) (touched++, aliyun_iot_publish(__VA_ARGS__))
#define aliyun_iot_received(...) (touched++, aliyun_iot_received(__VA_ARGS__))
#define aliyun_iot_register_aliyun(...) (touched++, aliyun_iot_register_aliyun(__VA_ARGS__))
#define aliyun_iot_register_vendor(...) (touched++, aliyun_iot_register_vendor(__VA_ARGS__))
#define aliyun_iot_reply(...) (touched++, aliyun_iot_reply(__VA_ARGS__))
#define aliyun_iot_sent(...) (touched++, aliyun_iot_sent(__VA_ARGS__))
#define aliyun_iot_set_clock(...) (touched++, aliyun_iot_set_clock(__VA_ARGS__))
#define aliyun_iot_signs_time(...) (touched++, aliyun_iot_signs_time(__VA_ARGS__))
#define aliyun_iot_space(...) (touched++, aliyun_iot_space(__VA_ARGS__))
#define aliyun_iot_subscribe(...) (touched++, aliyun_iot_subscribe(__VA_ARGS__))
#define aliyun_iot_to_send(...) (touched++, aliyun_iot_to_send(__VA_ARGS__))
#define aliyun_iot_unacknowledged(...) (touched++, aliyun_iot_unacknowledged(__VA_ARGS__))
#define aliyun_iot_unsubscribe(...) (touched++, aliyun_iot_unsubscribe(__VA_ARGS__))
#define aliyun_iot_upload(...) (touched++, aliyun_iot_upload(__VA_ARGS__))
#define aliyun_iot_upload_filled(...) (touched++, aliyun_iot_upload_filled(__VA_ARGS__))
#define aliyun_iot_upload_place(...) (touched++, aliyun_iot_upload_place(__VA_ARGS__))

#endif
