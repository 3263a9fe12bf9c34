//! Baidu's logins.

use aliyun_iot::clouds::vendor::Login;

use super::{Sent, Vector, device, logged_in};

const LUATOS: &str =
    "LuatOS's unit test of iotauth; the password of MD5 is in cloud.baidu.com/doc/IoTCore/s/Akck4811r, too";
const PYTHON: &str = "hashlib of Python, by the formula of cloud.baidu.com/doc/IoTCore/s/Akck4811r";

fn login(sign_method: &'static str, unix_s: u64) -> Sent {
    let login = Login {
        vendor: 5,
        instance_id: Some(b"abcd123"),
        device_name: Some(b"mydevice"),
        device_secret: Some(b"ImSeCrEt0I1M2jkl"),
        sign_method: Some(sign_method.as_bytes()),
        ..Login::default()
    };
    logged_in(device(0, unix_s), &login)
}

pub(super) const VECTORS: &[Vector] = &[
    #[cfg(feature = "md5")]
    Vector {
        name: "secret, MD5, without a time",
        source: LUATOS,
        sent: || login("MD5", 0),
        wanted: &[
            ("host", "abcd123.iot.gz.baidubce.com:1884"),
            ("client_id", "abcd123_mydevice"),
            ("user_name", "thingidp@abcd123|mydevice|0|MD5"),
            ("password", "22bc75231495220c7a2202fe15f7d286"),
        ],
        differs: &[
            ("client_id", "abcd123", "all devices of a core would have it, and end each other's sessions"),
            (
                "user_name",
                "thingidp@abcd123|mydevice|MD5",
                "the document's forms have a time or 0 before the algorithm",
            ),
        ],
    },
    Vector {
        name: "secret, SHA-256, without a time",
        source: LUATOS,
        sent: || login("sha256", 0),
        wanted: &[
            ("client_id", "abcd123_mydevice"),
            ("user_name", "thingidp@abcd123|mydevice|0|SHA256"),
            ("password", "8b84e00accf874b07c1ac586830d211386294df1d2303d40d19c007c0e937af5"),
        ],
        differs: &[
            ("client_id", "abcd123", "all devices of a core would have it, and end each other's sessions"),
            (
                "user_name",
                "thingidp@abcd123|mydevice|SHA256",
                "the document's forms have a time or 0 before the algorithm",
            ),
        ],
    },
    Vector {
        name: "secret, SHA-256, with the time",
        source: PYTHON,
        sent: || login("SHA256", 1_767_225_540),
        wanted: &[
            ("user_name", "thingidp@abcd123|mydevice|1767225540|SHA256"),
            ("password", "56cfaccee88e7596cadef2fc963c65aaf583c0a1858212305f43f3743b041a1a"),
        ],
        differs: &[],
    },
];
