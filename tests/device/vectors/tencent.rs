//! Tencent's logins.

use aliyun_iot::clouds::vendor::Login;

use super::{Sent, Vector, device, logged_in};

const LUATOS: &str = "formula of LuatOS's iotauth, luat_iotauth.c";
/// The connection id `abcde`: a digit of base 36 for each character, the first one lowest.
const ABCDE: u32 = 24_137_110;
/// The life of a signature: the device's clock is so much before the expiry of the vector.
const LIFETIME_S: u64 = 30 * 24 * 3600;

fn login(sign_method: Option<&'static str>, expiry: u64) -> Sent {
    let login = Login {
        vendor: 1,
        product_id: Some(b"LD8S5J1L07"),
        device_name: Some(b"test"),
        device_secret: Some(b"acyv3QDJrRa0fW5UE58KnQ=="),
        sign_method: sign_method.map(str::as_bytes),
        ..Login::default()
    };
    logged_in(device(ABCDE, expiry - LIFETIME_S), &login)
}

pub(super) const VECTORS: &[Vector] = &[
    #[cfg(feature = "sha1")]
    Vector {
        name: "key, HMAC-SHA1, expiry in the year 2999",
        source: LUATOS,
        sent: || login(Some("hmacsha1"), 32_472_115_200),
        wanted: &[
            ("host", "LD8S5J1L07.iotcloud.tencentdevices.com:8883"),
            ("client_id", "LD8S5J1L07test"),
            ("user_name", "LD8S5J1L07test;12010126;abcde;32472115200"),
            ("password", "3dc0d946301a04219b1c5ff4446109ad24982539;hmacsha1"),
        ],
        differs: &[],
    },
    Vector {
        name: "key, HMAC-SHA256, expiry in the year 2999",
        source: LUATOS,
        sent: || login(None, 32_472_115_200),
        wanted: &[
            ("client_id", "LD8S5J1L07test"),
            ("user_name", "LD8S5J1L07test;12010126;abcde;32472115200"),
            ("password", "330d31dbd0758c2429e92b586981346962759a5c8742b5af18fb81a1ecf4e318;hmacsha256"),
        ],
        differs: &[],
    },
    Vector {
        name: "key, HMAC-SHA256, expiry in the year 2023",
        source: LUATOS,
        sent: || login(Some("HMACSHA256"), 1_700_003_600),
        wanted: &[
            ("client_id", "LD8S5J1L07test"),
            ("user_name", "LD8S5J1L07test;12010126;abcde;1700003600"),
            ("password", "d5f3e6bd65661f954d3168a6f35be03dacbc1e7b67cc7d243fcfe4241e5936d0;hmacsha256"),
        ],
        differs: &[],
    },
];
