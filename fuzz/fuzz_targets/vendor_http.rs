#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aliyun_iot_fuzz::vendor_http::run(data));
