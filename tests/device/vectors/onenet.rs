//! OneNET's logins.

use aliyun_iot::clouds::vendor::Login;

use super::{Sent, Vector, device, logged_in};

const LUATOS: &str = "LuatOS, testcase/unit/crypto/iotauth";
const KEY: &[u8] = b"KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=";
/// The expiry in the vectors, less the life of a signature.
const CLOCK: u64 = 32_472_115_200 - 30 * 24 * 3600;

fn login(keys: [Option<&'static [u8]>; 2], sign_method: Option<&'static str>) -> Sent {
    let [device_secret, product_secret] = keys;
    let login = Login {
        vendor: 2,
        product_id: Some(b"Ck2AF9QD2K"),
        device_name: Some(b"test"),
        device_secret,
        product_secret,
        sign_method: sign_method.map(str::as_bytes),
        ..Login::default()
    };
    logged_in(device(0, CLOCK), &login)
}

pub(super) const VECTORS: &[Vector] = &[
    #[cfg(feature = "md5")]
    Vector {
        name: "key of the device, HMAC-MD5",
        source: LUATOS,
        sent: || login([Some(KEY), None], Some("MD5")),
        wanted: &[
            ("host", "mqttstls.heclouds.com:8883"),
            ("client_id", "test"),
            ("user_name", "Ck2AF9QD2K"),
            (
                "password",
                "version=2018-10-31&res=products%2FCk2AF9QD2K%2Fdevices%2Ftest&et=32472115200&method=md5\
                 &sign=htDD26UhXtXayMFAWRmNiA%3D%3D",
            ),
        ],
        differs: &[("host", "mqtts.heclouds.com:1883", "that is the port without TLS")],
    },
    Vector {
        name: "key of the device, HMAC-SHA256",
        source: LUATOS,
        sent: || login([Some(KEY), None], None),
        wanted: &[
            ("client_id", "test"),
            ("user_name", "Ck2AF9QD2K"),
            (
                "password",
                "version=2018-10-31&res=products%2FCk2AF9QD2K%2Fdevices%2Ftest&et=32472115200&method=sha256\
                 &sign=6Y4zbk3Sa89tRf9lMxCCE0jG74uEcEuu%2Fnly1pU9ADM%3D",
            ),
        ],
        differs: &[],
    },
    #[cfg(feature = "md5")]
    Vector {
        name: "key of the product, HMAC-MD5",
        source: "formula of LuatOS's iotauth, luat_iotauth.c",
        sent: || login([None, Some(KEY)], Some("md5")),
        wanted: &[
            ("client_id", "test"),
            ("user_name", "Ck2AF9QD2K"),
            (
                "password",
                "version=2018-10-31&res=products%2FCk2AF9QD2K&et=32472115200&method=md5\
                 &sign=j%2BnMqNQKAZL5WurfUBqw2g%3D%3D",
            ),
        ],
        differs: &[],
    },
];
