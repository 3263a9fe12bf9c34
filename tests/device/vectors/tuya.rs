//! Tuya's login.

use aliyun_iot::clouds::vendor::Login;

use super::{Sent, Vector, device, logged_in};

fn login(unix_s: u64) -> Sent {
    let login = Login {
        vendor: 4,
        device_name: Some(b"6c95875d0f5ba69607nzfl"),
        device_secret: Some(b"fb803786602df760"),
        ..Login::default()
    };
    logged_in(device(0, unix_s), &login)
}

pub(super) const VECTORS: &[Vector] = &[Vector {
    name: "a time in the year 2200",
    source: "LuatOS, testcase/unit/crypto/iotauth",
    sent: || login(7_258_089_600),
    wanted: &[
        ("host", "m1.tuyacn.com:8883"),
        ("client_id", "tuyalink_6c95875d0f5ba69607nzfl"),
        ("user_name", "6c95875d0f5ba69607nzfl|signMethod=hmacSha256,timestamp=7258089600,secureMode=1,accessType=1"),
        ("password", "d4e2d498e4195db3ed213b33d662e3b7bf434dc3d5a1f2e63b602ac9248ba72c"),
    ],
    differs: &[],
}];
