//! Published and computed login vectors. Each says where it comes from; secrets are made up or public samples.

use std::string::String;

use super::*;

/// (client id, user name, password) of `credentials`.
fn triple(credentials: &Credentials) -> (String, String, String) {
    let text = |pieces: &[&[u8]]| String::from_utf8(pieces.concat()).unwrap();
    credentials.login(|login| (text(login.client_id), text(login.user_name.unwrap()), text(&[login.password.unwrap()])))
}

/// The baseline of LuatOS's `iotauth` unit test: plain TCP, a fixed time stamp.
#[test]
fn luatos_iotauth_baseline() {
    let base = Credentials {
        tls: false,
        timestamp: Some(32_472_115_200),
        ..Credentials::new("123456789", "abcdefg", "Y877Bgo8X5owd3lcB5wWDjryNPoB")
    };
    let methods: &[_] = &[
        #[cfg(feature = "md5")]
        ("hmacmd5", "16CB9B20009795D576E9172CDC820646"),
        #[cfg(feature = "sha1")]
        ("hmacsha1", "4E5358D2C33CA163BDA58EC994B9E312712230C7"),
        ("hmacsha256", "2842DC9F2FBA19C671DD3F4D24590D41F91C25FD9BC4E5101951BEA88B7DEACD"),
    ];
    for &(method, password) in methods {
        let sign_method = SignMethod::from_name(method).unwrap();
        let (client_id, user_name, signature) = triple(&Credentials { sign_method, ..base });
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
    let credentials =
        Credentials { client_id: Some("12345"), timestamp: Some(789), ..Credentials::new("pk", "device", "secret") };
    let methods: &[_] = &[
        #[cfg(feature = "md5")]
        ("hmacmd5", "14B198324FE55E1D3C88F2E705E201EE"),
        #[cfg(feature = "sha1")]
        ("HmacSHA1", "FAFD82A3D602B37FB0FA8B7892F24A477F851A14"),
        ("HMACSHA256", "6074A46A91B1EBB2CC4EA42790AD0E80202C9843859FC292E57C4EB19FAD9E57"),
    ];
    for &(method, password) in methods {
        let sign_method = SignMethod::from_name(method).unwrap();
        assert_eq!(triple(&Credentials { sign_method, ..credentials }).2, password);
    }
}

/// The time stamp that Link SDK C 4.2 always sends; values computed with Python's `hmac`.
#[test]
fn link_sdk_time_stamp() {
    let credentials = Credentials {
        timestamp: Some(2_524_608_000_000),
        ..Credentials::new("a1B2c3D4e5F", "dev01", "0123456789abcdef0123456789abcdef")
    };
    let (client_id, user_name, password) = triple(&credentials);
    assert!(client_id.starts_with("a1B2c3D4e5F.dev01|securemode=2,signmethod=hmacsha256,_ss=1,ext=1,"), "{client_id}");
    assert_eq!(user_name, "dev01&a1B2c3D4e5F");
    assert_eq!(password, "1BA83B7A3200015ECEAABFB5E7FA0B1E43C0F87B8D72D64AC2AB9EC9BDE8676C");
}

/// QuecPython's form: no time stamp, so none is signed (value by the formula of its `aLiYun.py`, in lower case there).
#[test]
fn without_time_stamp() {
    let credentials = Credentials {
        client_id: Some("clientID"),
        tls: false,
        ..Credentials::new("a1llZotKkCm", "Chic_001", "0123456789abcdef0123456789abcdef")
    };
    let (client_id, user_name, password) = triple(&credentials);
    assert!(client_id.starts_with("clientID|securemode=3,signmethod=hmacsha256,"), "{client_id}");
    assert!(!client_id.contains("timestamp"));
    assert_eq!(user_name, "Chic_001&a1llZotKkCm");
    assert_eq!(password, "a807a5660f95030313e4f1451f77410f637e17a92f63b28942cd09e2c877381a".to_uppercase());
}

#[test]
fn endpoints() {
    let base = Credentials::new("pk", "dev", "secret");
    let at = |credentials: Credentials| {
        let endpoint = credentials.endpoint().unwrap();
        std::format!("{}:{}", endpoint.host, endpoint.port)
    };
    assert_eq!(at(base), "pk.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883");
    assert_eq!(
        at(Credentials { region: Some("ap-southeast-1"), ..base }),
        "pk.iot-as-mqtt.ap-southeast-1.aliyuncs.com:1883"
    );
    let instance = Credentials { instance_id: Some("iot-060a1234"), ..base };
    assert_eq!(at(instance), "iot-060a1234.mqtt.iothub.aliyuncs.com:8883");
    assert_eq!(at(Credentials { tls: false, ..instance }), "iot-060a1234.mqtt.iothub.aliyuncs.com:1883");
    assert_eq!(at(Credentials { host: Some("127.0.0.1"), port: Some(18830), ..base }), "127.0.0.1:18830");
}

#[test]
fn each_bad_field_is_named() {
    use CredentialsError::*;
    let base = Credentials::new("pk", "dev", "secret");
    let long = "x".repeat(300);
    for (credentials, error) in [
        (Credentials { product_key: "", ..base }, ProductKey),
        (Credentials { product_key: "a/b", ..base }, ProductKey),
        (Credentials { device_name: &long, ..base }, DeviceName),
        (Credentials { device_name: "a&b", ..base }, DeviceName),
        (Credentials { device_secret: "", ..base }, DeviceSecret),
        (Credentials { device_secret: "a b", ..base }, DeviceSecret),
        (Credentials { region: Some("cn_shanghai"), ..base }, Region),
        (Credentials { instance_id: Some(""), ..base }, InstanceId),
        (Credentials { host: Some(&long), ..base }, Host),
        (Credentials { host: Some("a b"), ..base }, Host),
        (Credentials { port: Some(0), ..base }, Port),
        (Credentials { client_id: Some("a|b"), ..base }, ClientId),
    ] {
        assert_eq!(credentials.endpoint().err(), Some(error));
    }
}
