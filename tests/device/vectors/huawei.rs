//! Huawei's logins.

use aliyun_iot::clouds::vendor::Login;

use super::{Sent, Vector, device, logged_in};

const WHOLE: &[u8] = b"6203cc94c7fb24029b110408_88888888";
const CHECKED: &str =
    "LuatOS has the platform not check the hour (the 0 before it); this device sends the hour that it is";

fn login(secret: &'static str, unix_s: u64) -> Sent {
    let login = Login {
        vendor: 3,
        device_name: Some(WHOLE),
        device_secret: Some(secret.as_bytes()),
        instance_id: Some(b"a1b2c3"),
        ..Login::default()
    };
    logged_in(device(0, unix_s), &login)
}

pub(super) const VECTORS: &[Vector] = &[
    Vector {
        name: "the hour of LuatOS",
        source: "LuatOS, testcase/unit/crypto/iotauth",
        // 2999-01-01 00:00 UTC.
        sent: || login("123456789", 32_472_144_000),
        wanted: &[
            ("client_id", "6203cc94c7fb24029b110408_88888888_0_1_2999010100"),
            ("user_name", "6203cc94c7fb24029b110408_88888888"),
            ("password", "5888ea6f4631ce76d621f452e8823507c36dd68a61f6e08518c8935e280c3c72"),
        ],
        differs: &[("client_id", "6203cc94c7fb24029b110408_88888888_0_0_2999010100", CHECKED)],
    },
    Vector {
        name: "an hour in UTC",
        source: "LuatOS's formula with the hour in UTC, as Huawei's document has it, by Python's hmac",
        sent: || login("123456789", 1_700_000_000),
        wanted: &[
            ("client_id", "6203cc94c7fb24029b110408_88888888_0_1_2023111422"),
            ("user_name", "6203cc94c7fb24029b110408_88888888"),
            ("password", "e8bd5664f3a3030ce5b44309d1a2bbd2cb6bea628fd2a9a858aec2cbd4de6a69"),
        ],
        differs: &[
            (
                "client_id",
                "6203cc94c7fb24029b110408_88888888_0_1_2023111506",
                "LuatOS takes the local time, which the platform refuses outside UTC",
            ),
            ("password", "1c05cd54cb1b9585d40f10581aa2c84bf8c93c418eceff2f55f55dbc396c5b32", "the same hour signs it"),
        ],
    },
    Vector {
        name: "the example of the document",
        source: "support.huaweicloud.com/devg-ocsmartcampus/ocsmartcampus_04_0030.html",
        // 2025-04-14 01:00 UTC.
        sent: || login("12345678", 1_744_592_400),
        wanted: &[("password", "c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a")],
        differs: &[],
    },
];
