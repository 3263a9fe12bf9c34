//! Published and computed login vectors. Each says where it comes from; secrets are made up or public samples.

use std::string::String;

use super::{Login, LoginError};
use crate::clouds::Endpoint;
use crate::clouds::cloud::Cloud;
use crate::clouds::moment::Moment;
use crate::mqtt::Connect;

/// (client id, user name, password) of `login`, as the CONNECT packet has them.
fn triple(login: &Login) -> (String, String, String) {
    triple_with(login, true)
}

fn triple_with(login: &Login, services: bool) -> (String, String, String) {
    let mut connect = Connect::new();
    connect.begin(60, true);
    login.write(Moment { random: 0, unix_ms: 0 }, services, &mut connect).unwrap();
    // Two bytes of remaining length, ten of variable header.
    let mut rest = &connect.rest(0)[3 + 10..];
    let mut field = || {
        let (length, behind) = rest.split_first_chunk().unwrap();
        let (field, behind) = behind.split_at(u16::from_be_bytes(*length).into());
        rest = behind;
        String::from_utf8(field.to_vec()).unwrap()
    };
    (field(), field(), field())
}

/// `login` with a change.
fn with<'a>(mut login: Login<'a>, change: impl FnOnce(&mut Login<'a>)) -> Login<'a> {
    change(&mut login);
    login
}

/// The baseline of LuatOS's `iotauth` unit test: plain TCP, a fixed time stamp.
#[test]
fn luatos_iotauth_baseline() {
    let base = with(Login::new("123456789", "abcdefg", "Y877Bgo8X5owd3lcB5wWDjryNPoB"), |it| {
        it.server.without_tls = true;
        it.timestamp = 32_472_115_200;
    });
    let methods: &[_] = &[
        #[cfg(feature = "md5")]
        ("hmacmd5", "16CB9B20009795D576E9172CDC820646"),
        #[cfg(feature = "sha1")]
        ("hmacsha1", "4E5358D2C33CA163BDA58EC994B9E312712230C7"),
        ("hmacsha256", "2842DC9F2FBA19C671DD3F4D24590D41F91C25FD9BC4E5101951BEA88B7DEACD"),
    ];
    for &(method, password) in methods {
        let sign_method = Some(method.as_bytes());
        let (client_id, user_name, signature) = triple(&with(base, |it| it.identity.sign_method = sign_method));
        let head = std::format!("123456789.abcdefg|securemode=3,signmethod={method},");
        assert!(client_id.starts_with(&head), "{client_id}");
        assert!(client_id.ends_with(",timestamp=32472115200|"), "{client_id}");
        assert_eq!(user_name, "abcdefg&123456789");
        assert_eq!(signature, password);
    }
}

/// The example of help.aliyun.com document 73742 (client id, product key and device name of one's own choice).
#[test]
fn platform_document_example() {
    let login = with(Login::new("pk", "device", "secret"), |it| {
        it.client_id = Some(b"12345");
        it.timestamp = 789;
    });
    let methods: &[_] = &[
        #[cfg(feature = "md5")]
        ("hmacmd5", "14B198324FE55E1D3C88F2E705E201EE"),
        #[cfg(feature = "sha1")]
        ("HmacSHA1", "FAFD82A3D602B37FB0FA8B7892F24A477F851A14"),
        ("HMACSHA256", "6074A46A91B1EBB2CC4EA42790AD0E80202C9843859FC292E57C4EB19FAD9E57"),
    ];
    for &(method, password) in methods {
        let sign_method = Some(method.as_bytes());
        assert_eq!(triple(&with(login, |it| it.identity.sign_method = sign_method)).2, password);
    }
}

/// The time stamp that Link SDK C 4.2 always sends; values computed with Python's `hmac`.
#[test]
fn link_sdk_time_stamp() {
    let login = with(Login::new("a1B2c3D4e5F", "dev01", "0123456789abcdef0123456789abcdef"), |it| {
        it.timestamp = 2_524_608_000_000
    });
    let (client_id, user_name, password) = triple(&login);
    assert!(client_id.starts_with("a1B2c3D4e5F.dev01|securemode=2,signmethod=hmacsha256,_ss=1,ext=1,"), "{client_id}");
    assert_eq!(user_name, "dev01&a1B2c3D4e5F");
    assert_eq!(password, "1BA83B7A3200015ECEAABFB5E7FA0B1E43C0F87B8D72D64AC2AB9EC9BDE8676C");
}

/// A script that answers synchronous services by hand knows the topics that they have without `ext`.
#[test]
fn without_services() {
    let (client_id, _, password) = triple_with(&Login::new("pk", "dev", "secret"), false);
    assert!(client_id.starts_with("pk.dev|securemode=2,signmethod=hmacsha256,_ss=1,_v="), "{client_id}");
    assert_eq!(password, triple(&Login::new("pk", "dev", "secret")).2);
}

/// QuecPython's form: no time stamp, so none is signed (value by the formula of its `aLiYun.py`, in lower case there).
#[test]
fn without_time_stamp() {
    let login = with(Login::new("a1llZotKkCm", "Chic_001", "0123456789abcdef0123456789abcdef"), |it| {
        it.client_id = Some(b"clientID");
        it.server.without_tls = true;
    });
    let (client_id, user_name, password) = triple(&login);
    assert!(client_id.starts_with("clientID|securemode=3,signmethod=hmacsha256,"), "{client_id}");
    assert!(!client_id.contains("timestamp"));
    assert_eq!(user_name, "Chic_001&a1llZotKkCm");
    assert_eq!(password, "a807a5660f95030313e4f1451f77410f637e17a92f63b28942cd09e2c877381a".to_uppercase());
}

#[test]
fn endpoints() {
    let base = Login::new("pk", "dev", "secret");
    let at = |login: Login| {
        let mut endpoint = Endpoint::none();
        login.resolve(60, true, &mut endpoint).unwrap();
        std::format!("{}:{}", endpoint.host.escape_ascii(), endpoint.port)
    };
    assert_eq!(at(base), "pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883");
    assert_eq!(
        at(with(base, |it| it.identity.region = Some(b"ap-southeast-1"))),
        "pk.iot-as-mqtt.ap-southeast-1.aliyuncs.com:1883"
    );
    let instance = with(base, |it| it.identity.instance_id = Some(b"iot-060a1234"));
    assert_eq!(at(instance), "iot-060a1234.mqtt.iothub.aliyuncs.com:8883");
    assert_eq!(at(with(instance, |it| it.server.without_tls = true)), "iot-060a1234.mqtt.iothub.aliyuncs.com:1883");
    assert_eq!(
        at(with(base, |it| {
            it.server.host = Some(b"127.0.0.1");
            it.server.port = 18830;
        })),
        "127.0.0.1:18830"
    );
}

#[test]
fn each_bad_field_is_named() {
    use LoginError::*;
    let base = Login::new("pk", "dev", "secret");
    let long = "x".repeat(300);
    for (login, error) in [
        (with(base, |it| it.identity.product_key = Some(b"")), ProductKey),
        (with(base, |it| it.identity.product_key = Some(b"a/b")), ProductKey),
        (with(base, |it| it.identity.device_name = Some(long.as_bytes())), DeviceName),
        (with(base, |it| it.identity.device_name = Some(b"a&b")), DeviceName),
        (with(base, |it| it.device_secret = Some(b"")), DeviceSecret),
        (with(base, |it| it.device_secret = Some(b"a b")), DeviceSecret),
        (with(base, |it| it.identity.region = Some(b"cn_shanghai")), Region),
        (with(base, |it| it.identity.instance_id = Some(b"")), InstanceId),
        (with(base, |it| it.server.host = Some(long.as_bytes())), Host),
        (with(base, |it| it.server.host = Some(b"a b")), Host),
        (with(base, |it| it.client_id = Some(b"a|b")), ClientId),
        (with(base, |it| it.client_id = Some(b"a\xff")), ClientId),
        (with(base, |it| it.identity.sign_method = Some(b"hmacsha3")), SignMethod),
    ] {
        assert_eq!(login.resolve(60, true, &mut Endpoint::none()), Err(error));
    }
}
