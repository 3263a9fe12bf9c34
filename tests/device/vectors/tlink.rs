//! TLINK's login.

use aliyun_iot::clouds::vendor::Login;

use super::{Vector, device, logged_in};

pub(super) const VECTORS: &[Vector] = &[Vector {
    name: "account and password",
    source: "LuatOS's iotcloud.lua",
    sent: || {
        let login = Login {
            vendor: 6,
            product_id: Some(b"PID"),
            product_secret: Some(b"PSECRET"),
            device_name: Some(b"DEV"),
            ..Login::default()
        };
        logged_in(device(0, 0), &login)
    },
    wanted: &[("host", "mq.tlink.io:8883"), ("client_id", "DEV"), ("user_name", "PID"), ("password", "PSECRET")],
    differs: &[],
}];
