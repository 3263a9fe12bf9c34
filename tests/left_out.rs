//! What was left out of a build says so through the C ABI, whose functions are all there, and does nothing else.
#![allow(clippy::unwrap_used, clippy::undocumented_unsafe_blocks)]
#![cfg(all(feature = "ffi", not(any(feature = "ntp", feature = "plain", feature = "register", feature = "upload"))))]

use std::ffi::CStr;

use aliyun_iot::ffi::{
    aliyun_iot_ask_time, aliyun_iot_bytes, aliyun_iot_cancel_upload, aliyun_iot_connect, aliyun_iot_connect_plain,
    aliyun_iot_credentials, aliyun_iot_device_size, aliyun_iot_init, aliyun_iot_is_registering, aliyun_iot_is_started,
    aliyun_iot_login, aliyun_iot_poll_in, aliyun_iot_register, aliyun_iot_status, aliyun_iot_status_text,
    aliyun_iot_upload, aliyun_iot_upload_block, aliyun_iot_upload_filled,
};

#[test]
fn what_was_left_out_says_so() {
    let mut memory = vec![0_u64; aliyun_iot_device_size().div_ceil(8)];
    let (mut rx, mut tx, mut topics) = ([0_u8; 1024], [0_u8; 1024], [0_u8; 256]);
    // What is lent outlives the device, which nobody else has; the bytes that are not given are NULL and 0 long.
    unsafe {
        let device = aliyun_iot_init(
            memory.as_mut_ptr().cast(),
            memory.len() * 8,
            rx.as_mut_ptr(),
            rx.len(),
            tx.as_mut_ptr(),
            tx.len(),
            topics.as_mut_ptr(),
            topics.len(),
            1,
        );
        assert!(!device.is_null());
        let name = aliyun_iot_bytes { data: b"1.jpg".as_ptr(), len: 5 };
        let registration = std::mem::zeroed();
        let login = aliyun_iot_login {
            host: aliyun_iot_bytes { data: b"broker".as_ptr(), len: 6 },
            client_id: aliyun_iot_bytes { data: b"lamp".as_ptr(), len: 4 },
            ..std::mem::zeroed()
        };
        let statuses = [
            aliyun_iot_ask_time(device),
            aliyun_iot_upload(device, name, 1, 0, 256),
            aliyun_iot_register(device, &registration, 0),
            aliyun_iot_connect_plain(device, &login, 0),
        ];
        assert_eq!(statuses, [aliyun_iot_status::LeftOut; 4]);
        assert!(!aliyun_iot_is_started(device));
        assert_eq!(
            CStr::from_ptr(aliyun_iot_status_text(aliyun_iot_status::LeftOut as i32)),
            c"left out of this firmware"
        );

        for method in ["hmacsha1", "HmacMD5", "hmacsha512"] {
            let text = |text: &str| aliyun_iot_bytes { data: text.as_ptr(), len: text.len() };
            let login = aliyun_iot_credentials {
                product_key: text("a1b2c3"),
                device_name: text("lamp"),
                device_secret: text("secret"),
                sign_method: text(method),
                ..std::mem::zeroed()
            };
            let status = aliyun_iot_connect(device, &login, 0);
            assert_eq!(status, aliyun_iot_status::SignMethod, "{method}");
            let words = CStr::from_ptr(aliyun_iot_status_text(status as i32)).to_str().unwrap();
            assert_eq!(words, "signMethod must be hmacsha256; this firmware leaves hmacsha1 and hmacmd5 out");
        }

        let mut length = 7;
        aliyun_iot_upload_block(device, &mut length);
        aliyun_iot_upload_filled(device, 0);
        aliyun_iot_cancel_upload(device);
        assert_eq!(length, 0);
        assert!(!aliyun_iot_is_registering(device));
        assert_eq!(aliyun_iot_poll_in(device, 0), u32::MAX, "there is nothing to do");
    }
}
