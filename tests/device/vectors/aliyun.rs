//! Alibaba's logins, and registrations over MQTT.

use aliyun_iot::clouds::aliyun::Login;
#[cfg(feature = "register")]
use aliyun_iot::clouds::aliyun::Registration;

#[cfg(feature = "register")]
use super::login_of;
use super::{Sent, Vector, device, logged_in};
use crate::net::with;

const LUATOS: &str = "LuatOS, testcase/unit/crypto/iotauth";
const IOTCLOUD: &str = "formula of LuatOS's iotcloud.lua 2.1";
const QUECPYTHON: &str = "formula of QuecPython's aLiYun.py";

const OPTIONS: &str = "the device asks for the platform's topics (_ss, ext) and says what it is (_v)";
const CASE: &str = "digits in upper case, which the platform's document has; the platform takes either";
#[cfg(feature = "register")]
const OWN_ID: &str = "the client identifier is free: product and device, which no other device has";
#[cfg(all(feature = "register", feature = "sha1"))]
const MODE: &str = "mode 2, as in Alibaba's own SDKs for C and Python";
#[cfg(all(feature = "register", feature = "sha1"))]
const PORT: &str = "the ports that the platform's document gives for TLS";

/// A client identifier with what this library puts into it.
macro_rules! client_id {
    ($before:literal, $behind:literal) => {
        concat!($before, ",_ss=1,ext=1,_v=aliyun-iot-", env!("CARGO_PKG_VERSION"), $behind)
    };
}

fn luatos(sign_method: &'static str) -> Sent {
    let login = with(Login::new("123456789", "abcdefg", "Y877Bgo8X5owd3lcB5wWDjryNPoB"), |it| {
        it.identity.sign_method = Some(sign_method.as_bytes());
        it.server.without_tls = true;
        it.timestamp = 32_472_115_200;
    });
    logged_in(device(0, 0), &login)
}

/// What a registration over MQTT sends.
#[cfg(feature = "register")]
fn registered(random: u32, registration: &Registration) -> Sent {
    let mut net = device(random, 0);
    let now = net.now;
    net.device.register().begin(registration, &mut [], now).unwrap();
    login_of(net)
}

#[cfg(all(feature = "register", any(feature = "md5", feature = "sha1")))]
fn luatos_registered(way: &'static str, sign_method: &'static str, instance_id: Option<&'static str>) -> Sent {
    let registration = with(Registration::new("123456789", "abcdefg", "dxV3o2IekLLsOMFn"), |it| {
        it.auth_type = Some(way.as_bytes());
        it.identity.sign_method = Some(sign_method.as_bytes());
        it.identity.instance_id = instance_id.map(str::as_bytes);
    });
    registered(123, &registration)
}

pub(super) const VECTORS: &[Vector] = &[
    #[cfg(feature = "md5")]
    Vector {
        name: "secret, TCP, HMAC-MD5",
        source: LUATOS,
        sent: || luatos("hmacmd5"),
        wanted: &[
            ("client_id", client_id!("123456789.abcdefg|securemode=3,signmethod=hmacmd5", ",timestamp=32472115200|")),
            ("user_name", "abcdefg&123456789"),
            ("password", "16CB9B20009795D576E9172CDC820646"),
        ],
        differs: &[("client_id", "123456789.abcdefg|securemode=3,signmethod=hmacmd5,timestamp=32472115200|", OPTIONS)],
    },
    #[cfg(feature = "sha1")]
    Vector {
        name: "secret, TCP, HMAC-SHA1",
        source: LUATOS,
        sent: || luatos("hmacsha1"),
        wanted: &[
            ("client_id", client_id!("123456789.abcdefg|securemode=3,signmethod=hmacsha1", ",timestamp=32472115200|")),
            ("user_name", "abcdefg&123456789"),
            ("password", "4E5358D2C33CA163BDA58EC994B9E312712230C7"),
        ],
        differs: &[("client_id", "123456789.abcdefg|securemode=3,signmethod=hmacsha1,timestamp=32472115200|", OPTIONS)],
    },
    Vector {
        name: "secret, TCP, HMAC-SHA256",
        source: LUATOS,
        sent: || luatos("hmacsha256"),
        wanted: &[
            (
                "client_id",
                client_id!("123456789.abcdefg|securemode=3,signmethod=hmacsha256", ",timestamp=32472115200|"),
            ),
            ("user_name", "abcdefg&123456789"),
            ("password", "2842DC9F2FBA19C671DD3F4D24590D41F91C25FD9BC4E5101951BEA88B7DEACD"),
        ],
        differs: &[(
            "client_id",
            "123456789.abcdefg|securemode=3,signmethod=hmacsha256,timestamp=32472115200|",
            OPTIONS,
        )],
    },
    Vector {
        name: "secret, a client identifier, no time stamp",
        source: QUECPYTHON,
        sent: || {
            let login = with(Login::new("a1llZotKkCm", "Chic_001", "0123456789abcdef0123456789abcdef"), |it| {
                it.client_id = Some(b"clientID");
                it.server.without_tls = true;
            });
            logged_in(device(0, 0), &login)
        },
        wanted: &[
            ("client_id", client_id!("clientID|securemode=3,signmethod=hmacsha256", "|")),
            ("user_name", "Chic_001&a1llZotKkCm"),
            ("password", "A807A5660F95030313E4F1451F77410F637E17A92F63B28942CD09E2C877381A"),
        ],
        differs: &[
            ("client_id", "clientID|securemode=3,signmethod=hmacsha256|", OPTIONS),
            ("password", "a807a5660f95030313e4f1451f77410f637e17a92f63b28942cd09e2c877381a", CASE),
        ],
    },
    Vector {
        name: "token of a registration without a white list",
        source: IOTCLOUD,
        sent: || {
            let login = with(Login::new("123456789", "abcdefg", ""), |it| {
                it.device_secret = None;
                it.device_token = Some(b"TOKEN_FROM_REGNWL");
                it.client_id = Some(b"CID_FROM_REGNWL");
            });
            logged_in(device(0, 0), &login)
        },
        wanted: &[
            ("client_id", client_id!("CID_FROM_REGNWL|securemode=-2,authType=connwl", "|")),
            ("user_name", "abcdefg&123456789"),
            ("password", "TOKEN_FROM_REGNWL"),
        ],
        differs: &[("client_id", "CID_FROM_REGNWL|securemode=-2,authType=connwl|", OPTIONS)],
    },
    #[cfg(feature = "register")]
    Vector {
        name: "registration, HMAC-SHA256",
        source: QUECPYTHON,
        sent: || {
            let registration = with(Registration::new("a1llZotKkCm", "Chic_001", "mj7qKfEn73y07gyK"), |it| {
                it.auth_type = Some(b"register");
            });
            registered(12345, &registration)
        },
        wanted: &[
            ("client_id", "a1llZotKkCm.Chic_001|securemode=2,authType=register,random=12345,signmethod=hmacsha256|"),
            ("user_name", "Chic_001&a1llZotKkCm"),
            ("password", "0E47C35C22BFE6B357D15C5889D5EF225EA0D29A2F66656124D9A0DDE2233ACE"),
        ],
        differs: &[
            ("client_id", "clientID|securemode=2,authType=register,random=12345,signmethod=hmacsha256|", OWN_ID),
            ("password", "0e47c35c22bfe6b357d15c5889d5ef225ea0d29a2f66656124d9a0dde2233ace", CASE),
        ],
    },
    #[cfg(all(feature = "register", feature = "sha1"))]
    Vector {
        name: "registration, HMAC-SHA1",
        source: IOTCLOUD,
        sent: || luatos_registered("register", "hmacsha1", None),
        wanted: &[
            ("host", "123456789.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883"),
            ("client_id", "123456789.abcdefg|securemode=2,authType=register,random=123,signmethod=hmacsha1|"),
            ("user_name", "abcdefg&123456789"),
            ("password", "41CD6DAB8A7C757854215F9B997AF7C65FFFBF9B"),
        ],
        differs: &[
            ("host", "123456789.iot-as-mqtt.cn-shanghai.aliyuncs.com:443", PORT),
            ("client_id", "abcdefg|securemode=2,authType=register,random=123,signmethod=hmacsha1|", OWN_ID),
            ("password", "41cd6dab8a7c757854215f9b997af7c65fffbf9b", CASE),
        ],
    },
    #[cfg(all(feature = "register", feature = "sha1"))]
    Vector {
        name: "registration at an instance, HMAC-SHA1",
        source: IOTCLOUD,
        sent: || luatos_registered("register", "hmacsha1", Some("iot-cn-abc123")),
        wanted: &[
            ("host", "iot-cn-abc123.mqtt.iothub.aliyuncs.com:8883"),
            (
                "client_id",
                "123456789.abcdefg|securemode=2,authType=register,random=123,signmethod=hmacsha1,\
                 instanceId=iot-cn-abc123|",
            ),
            ("user_name", "abcdefg&123456789"),
            ("password", "41CD6DAB8A7C757854215F9B997AF7C65FFFBF9B"),
        ],
        differs: &[
            ("host", "iot-cn-abc123.mqtt.iothub.aliyuncs.com:443", PORT),
            (
                "client_id",
                "abcdefg|securemode=2,authType=register,random=123,signmethod=hmacsha1,instanceId=iot-cn-abc123|",
                OWN_ID,
            ),
            ("password", "41cd6dab8a7c757854215f9b997af7c65fffbf9b", CASE),
        ],
    },
    #[cfg(all(feature = "register", feature = "sha1"))]
    Vector {
        name: "registration without a white list, HMAC-SHA1",
        source: IOTCLOUD,
        sent: || luatos_registered("regnwl", "hmacsha1", None),
        wanted: &[
            ("host", "123456789.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883"),
            ("client_id", "123456789.abcdefg|securemode=2,authType=regnwl,random=123,signmethod=hmacsha1|"),
            ("user_name", "abcdefg&123456789"),
            ("password", "41CD6DAB8A7C757854215F9B997AF7C65FFFBF9B"),
        ],
        differs: &[
            ("host", "123456789.iot-as-mqtt.cn-shanghai.aliyuncs.com:443", PORT),
            ("client_id", "abcdefg|securemode=-2,authType=regnwl,random=123,signmethod=hmacsha1|", MODE),
            ("password", "41cd6dab8a7c757854215f9b997af7c65fffbf9b", CASE),
        ],
    },
    #[cfg(all(feature = "register", feature = "md5"))]
    Vector {
        name: "registration, HMAC-MD5",
        source: "formula of LuatOS's aliyun.lua",
        sent: || luatos_registered("register", "hmacmd5", None),
        wanted: &[
            ("client_id", "123456789.abcdefg|securemode=2,authType=register,random=123,signmethod=hmacmd5|"),
            ("user_name", "abcdefg&123456789"),
            ("password", "BEF8F5D8454A5E1EE8B8E2B2F3E740FB"),
        ],
        differs: &[("client_id", "abcdefg|securemode=2,authType=register,random=123,signmethod=hmacmd5|", OWN_ID)],
    },
];
