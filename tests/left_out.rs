//! What was left out of a build says so through the C ABI, whose functions are all there, and does nothing else.
#![allow(clippy::unwrap_used, clippy::undocumented_unsafe_blocks)]
#![cfg(all(
    feature = "ffi",
    not(any(
        feature = "call",
        feature = "desired",
        feature = "ntp",
        feature = "plain",
        feature = "raw",
        feature = "register",
        feature = "upload",
        feature = "vendor"
    ))
))]

use std::ffi::CStr;
use std::ptr::null_mut;

use aliyun_iot::ffi::*;

const HAS_WORDS: bool = cfg!(feature = "words");
const NO_WORDS: &CStr = c"no words for this number";

#[test]
fn what_was_left_out_says_so() {
    let mut memory = vec![0_u64; aliyun_iot_device_size().div_ceil(8)];
    let (mut rx, mut tx, mut topics) = ([0_u8; 1024], [0_u8; 1024], [0_u8; 256]);
    let buffer = |bytes: &mut [u8]| aliyun_iot_buffer { data: bytes.as_mut_ptr(), len: bytes.len() };
    let text = |text: &str| aliyun_iot_bytes { data: text.as_ptr(), len: text.len() };
    let buffers = aliyun_iot_buffers { rx: buffer(&mut rx), tx: buffer(&mut tx), topics: buffer(&mut topics) };
    let place = aliyun_iot_buffer { data: memory.as_mut_ptr().cast(), len: memory.len() * 8 };
    let mut device = null_mut();
    // The memory and the texts outlive the device, which only this test uses; 0 is a value of each field.
    unsafe {
        assert_eq!(aliyun_iot_init(place, &buffers, 1, &mut device), ALIYUN_IOT_STATUS_OK);
        let scratch = aliyun_iot_buffer { data: null_mut(), len: 0 };
        let registration = std::mem::zeroed();
        let login = aliyun_iot_plain_login {
            server: aliyun_iot_server { host: text("broker"), ..std::mem::zeroed() },
            client_id: text("lamp"),
            ..std::mem::zeroed()
        };
        let vendor_login = aliyun_iot_vendor_login { vendor: ALIYUN_IOT_VENDOR_TENCENT, ..std::mem::zeroed() };
        let options = std::mem::zeroed();
        let statuses = [
            aliyun_iot_ask_time(device),
            aliyun_iot_post_raw(device, text("x"), null_mut(), 0),
            aliyun_iot_answer(device, 200, text("{}")),
            aliyun_iot_keep_later(device, scratch),
            aliyun_iot_answer_later(device, &mut 0),
            aliyun_iot_reply(device, 1, 200, text("{}")),
            aliyun_iot_get_desired(device, text("[\"a\"]"), null_mut(), 0),
            aliyun_iot_delete_desired(device, text("{}"), null_mut(), 0),
            aliyun_iot_follow_desired(device, text("[\"a\"]"), scratch),
            aliyun_iot_upload(device, text("1.jpg"), 1, 0, 256),
            aliyun_iot_register_aliyun(device, &registration, scratch, 0),
            aliyun_iot_connect_plain(device, &login, &options, 0),
            aliyun_iot_connect_vendor(device, &vendor_login, &options, 0),
        ];
        assert_eq!(statuses, [ALIYUN_IOT_STATUS_LEFT_OUT; 13]);
        aliyun_iot_set_clock(device, 1_700_000_000_000, 0);
        assert!(!aliyun_iot_signs_time(device));
        assert!(!aliyun_iot_is_started(device));
        let words = CStr::from_ptr(aliyun_iot_status_text(ALIYUN_IOT_STATUS_LEFT_OUT));
        assert_eq!(words, if HAS_WORDS { c"left out of this firmware" } else { NO_WORDS });
        let words = CStr::from_ptr(aliyun_iot_loss_text(ALIYUN_IOT_LOSS_TIMEOUT, 0));
        assert_eq!(words, if HAS_WORDS { c"no answer from the server in time" } else { NO_WORDS });

        for method in ["hmacsha1", "HmacMD5", "hmacsha512"] {
            let login = aliyun_iot_aliyun_login {
                identity: aliyun_iot_aliyun_identity {
                    product_key: text("a1b2c3"),
                    device_name: text("lamp"),
                    sign_method: text(method),
                    ..std::mem::zeroed()
                },
                device_secret: text("secret"),
                ..std::mem::zeroed()
            };
            let status = aliyun_iot_connect_aliyun(device, &login, &options, 0);
            assert_eq!(status, ALIYUN_IOT_STATUS_ALIYUN_SIGN_METHOD, "{method}");
            let words = CStr::from_ptr(aliyun_iot_status_text(status));
            let right = c"signMethod must be hmacsha256; this firmware leaves hmacsha1 and hmacmd5 out";
            assert_eq!(words, if HAS_WORDS { right } else { NO_WORDS });
        }

        let mut place = aliyun_iot_buffer { data: std::ptr::dangling_mut(), len: 7 };
        assert!(!aliyun_iot_upload_place(device, &mut place));
        assert!(place.data.is_null() && place.len == 0);
        aliyun_iot_upload_filled(device, 0);
        aliyun_iot_cancel_upload(device);
        assert!(!aliyun_iot_is_registering(device));
        assert_eq!(aliyun_iot_poll_in(device, 0), u32::MAX, "there is nothing to do");
        aliyun_iot_drop(device);
    }
    let services = ALIYUN_IOT_FEATURE_CALL
        | ALIYUN_IOT_FEATURE_RAW
        | ALIYUN_IOT_FEATURE_NTP
        | ALIYUN_IOT_FEATURE_UPLOAD
        | ALIYUN_IOT_FEATURE_REGISTER;
    let vendors = ALIYUN_IOT_FEATURE_TENCENT
        | ALIYUN_IOT_FEATURE_ONENET
        | ALIYUN_IOT_FEATURE_HUAWEI
        | ALIYUN_IOT_FEATURE_TUYA
        | ALIYUN_IOT_FEATURE_BAIDU
        | ALIYUN_IOT_FEATURE_TLINK;
    assert_eq!(aliyun_iot_features() & vendors, 0);
    assert_eq!(aliyun_iot_features() & (services | ALIYUN_IOT_FEATURE_PLAIN | ALIYUN_IOT_FEATURE_DESIRED), 0);
    assert_eq!(aliyun_iot_features() & ALIYUN_IOT_FEATURE_WORDS != 0, HAS_WORDS);
    // A layout does not depend on what was left out.
    assert!(aliyun_iot_type_size(ALIYUN_IOT_EVENT_UPLOAD_BLOCK) > 0);
}
