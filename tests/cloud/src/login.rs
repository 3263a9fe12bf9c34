//! May this client log in, and as which device?
//!
//! Sources: document 73742 (client id, user name, password, keepalive) and Link SDK C 4.2
//! (`core_auth.c`, `aiot_mqtt_api.h`). CONNACK codes are read as MQTT 3.1.1 defines them.

use std::ops::RangeInclusive;

use crate::devices::{Devices, Key, Name};
use crate::sign::{self, Method};

/// What the broker knows of a client that wants to log in.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub client_id: String,
    pub user_name: String,
    pub password: String,
    pub keepalive: i64,
    pub clean: bool,
    /// 4 is MQTT 3.1.1.
    pub protocol: i64,
    /// The listener that it came to: each cloud has two.
    pub port: u16,
    /// Did it come through a TLS listener?
    pub tls: bool,
    /// The SHA-256 of the certificate that the client showed, in hex.
    pub certificate: Option<String>,
    pub will: bool,
}

/// A device that is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub name: Name,
    pub client_id: String,
    pub keepalive: i64,
    pub clean: bool,
    pub secure_mode: String,
    pub sign_method: String,
    /// `_ss=1`: system topics reach the device without a SUBSCRIBE.
    pub auto_subscribed: bool,
    /// With which quality of service that is, at most.
    pub implicit_qos: u8,
    /// What it has subscribed to.
    pub filters: Vec<String>,
    /// `ext` bit 1: synchronous services come on `/ext/rrpc/`.
    pub custom_rrpc: bool,
}

/// The CONNACK code of MQTT 3.1.1, and the reason in words for the person who reads the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: u8,
    pub reason: String,
}

/// Seconds (document 73742).
pub const KEEPALIVE: RangeInclusive<i64> = 30..=1200;

/// How a login is signed that does not say it (document 73742).
const DEFAULT_METHOD: &str = "hmacmd5";

pub const BAD_PROTOCOL: u8 = 1;
pub const BAD_CLIENT_ID: u8 = 2;
pub const UNAVAILABLE: u8 = 3;
pub const BAD_PASSWORD: u8 = 4;
pub const NOT_AUTHORISED: u8 = 5;

pub fn refuse<T>(code: u8, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code, reason: reason.into() })
}

/// The device named in a user name, known or not: `{deviceName}&{productKey}`.
pub fn claimed_name(user_name: &str) -> Option<Name> {
    let (device, product) = user_name.split_once('&')?;
    (!device.is_empty() && !product.is_empty()).then(|| Name::new(product, device))
}

/// Judges a login. `devices` holds the secrets.
pub fn check(devices: &Devices, attempt: &Attempt) -> Result<Session, Refusal> {
    if attempt.protocol != 4 {
        return refuse(BAD_PROTOCOL, format!("protocol level {}: only MQTT 3.1.1 is served", attempt.protocol));
    }
    if attempt.will {
        return refuse(NOT_AUTHORISED, "a will is not supported");
    }
    let (bare_id, options) = split_client_id(&attempt.client_id)?;
    let option = |key: &str| options.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);

    let Some(name) = claimed_name(&attempt.user_name) else {
        return refuse(BAD_PASSWORD, format!("user name {:?} is not deviceName&productKey", attempt.user_name));
    };
    if !devices.has_product(&name.product) {
        return refuse(NOT_AUTHORISED, format!("no product has the key {:?}", name.product));
    }
    let Some(key) = devices.key(&name) else {
        return refuse(NOT_AUTHORISED, format!("the product has no device {:?}", name.device));
    };

    let secure_mode = option("securemode").unwrap_or_default();
    let with_token = option("authType") == Some("connwl");
    match (secure_mode, attempt.tls) {
        ("-2", true) if with_token => {}
        (_, _) if with_token => return refuse(NOT_AUTHORISED, "authType=connwl needs securemode=-2 and TLS"),
        ("2", true) | ("3", false) => {}
        ("2", false) => return refuse(NOT_AUTHORISED, "securemode=2 on the plain TCP port"),
        ("3", true) => return refuse(NOT_AUTHORISED, "securemode=3 on the TLS port"),
        ("", _) => return refuse(NOT_AUTHORISED, "the client id has no securemode"),
        (other, _) => return refuse(NOT_AUTHORISED, format!("securemode={other} is not served")),
    }
    let sign_method = match (with_token, option("authType")) {
        (true, _) => check_token(key, bare_id, &attempt.password)?,
        (false, None) => check_signature(key, &name, bare_id, &option, &attempt.password)?,
        (false, Some(kind)) => return refuse(NOT_AUTHORISED, format!("authType={kind} is not served")),
    };

    if !KEEPALIVE.contains(&attempt.keepalive) {
        return refuse(UNAVAILABLE, format!("keepalive {} is outside 30..1200", attempt.keepalive));
    }

    Ok(Session {
        name,
        client_id: attempt.client_id.clone(),
        keepalive: attempt.keepalive,
        clean: attempt.clean,
        secure_mode: secure_mode.to_owned(),
        sign_method,
        auto_subscribed: option("_ss") == Some("1"),
        implicit_qos: 1,
        filters: Vec::new(),
        custom_rrpc: option("ext").and_then(|bits| bits.parse::<u32>().ok()).is_some_and(|bits| bits & 1 == 1),
    })
}

/// The token that a registration gave, as it is, with the client id that came with it.
fn check_token(key: &Key, bare_id: &str, password: &str) -> Result<String, Refusal> {
    match key {
        Key::Token { client_id, token } if client_id == bare_id && token == password => Ok("token".into()),
        Key::Token { client_id, .. } if client_id != bare_id => {
            refuse(BAD_PASSWORD, format!("the token goes with another client id than {bare_id:?}"))
        }
        Key::Token { .. } => refuse(BAD_PASSWORD, "that is not the token"),
        Key::Secret(_) => refuse(BAD_PASSWORD, "the device has a secret, and no token"),
    }
}

/// The signature that the device's secret makes; how it was made.
fn check_signature<'a>(
    key: &Key,
    name: &Name,
    bare_id: &str,
    option: &impl Fn(&str) -> Option<&'a str>,
    password: &str,
) -> Result<String, Refusal> {
    let Key::Secret(secret) = key else {
        return refuse(BAD_PASSWORD, "the device has a token, and no secret");
    };
    let sign_method = option("signmethod").unwrap_or(DEFAULT_METHOD);
    let Some(method) = Method::named(&sign_method.to_ascii_lowercase()) else {
        return refuse(BAD_PASSWORD, format!("signmethod={sign_method:?} is not hmacmd5, hmacsha1 or hmacsha256"));
    };
    let timestamp = option("timestamp");
    if timestamp.is_some_and(|t| t.is_empty() || !t.bytes().all(|b| b.is_ascii_digit())) {
        return refuse(BAD_CLIENT_ID, "timestamp is not a number");
    }
    let content = sign::content(bare_id, &name.device, &name.product, timestamp);
    if !sign::verify(method, secret, &content, password) {
        return refuse(BAD_PASSWORD, format!("the password is not the {sign_method} of {content:?}"));
    }
    Ok(sign_method.to_owned())
}

pub type Options<'a> = Vec<(&'a str, &'a str)>;

/// `{id}|key=value,key=value|`: the part before the first bar, and the pairs.
pub fn split_client_id(client_id: &str) -> Result<(&str, Options<'_>), Refusal> {
    let Some((bare, suffix)) = client_id.split_once('|') else {
        return refuse(BAD_CLIENT_ID, "the client id has no |options|");
    };
    let Some(pairs) = suffix.strip_suffix('|') else {
        return refuse(BAD_CLIENT_ID, "the client id does not end with a bar");
    };
    let length = bare.chars().count();
    if length == 0 || length > 64 {
        return refuse(
            BAD_CLIENT_ID,
            format!("the client id has {length} characters before the first bar; 1..64 are allowed"),
        );
    }
    let options = pairs
        .split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('='))
        .collect::<Option<Options<'_>>>();
    match options {
        Some(options) => Ok((bare, options)),
        None => refuse(BAD_CLIENT_ID, format!("the client id's options are not key=value: {pairs:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn devices() -> Devices {
        Devices::from_json(&json!([{
            "productKey": "a1B2c3D4e5F", "productSecret": "x",
            "deviceName": "dev01", "deviceSecret": "0123456789abcdef0123456789abcdef",
        }]))
        .unwrap()
    }

    /// The login that Link SDK C 4.2 makes.
    fn attempt() -> Attempt {
        Attempt {
            client_id: "a1B2c3D4e5F.dev01|timestamp=2524608000000,_ss=1,_v=sdk-c-4.2.0,securemode=2,signmethod=hmacsha256,ext=3,|".into(),
            user_name: "dev01&a1B2c3D4e5F".into(),
            password: "1BA83B7A3200015ECEAABFB5E7FA0B1E43C0F87B8D72D64AC2AB9EC9BDE8676C".into(),
            keepalive: 1200,
            clean: true,
            protocol: 4,
            port: 8883,
            tls: true,
            certificate: None,
            will: false,
        }
    }

    fn code(change: impl FnOnce(&mut Attempt)) -> u8 {
        let mut attempt = attempt();
        change(&mut attempt);
        check(&devices(), &attempt).map_or_else(|refusal| refusal.code, |_| 0)
    }

    fn option(from: &'static str, to: &'static str) -> impl FnOnce(&mut Attempt) {
        move |attempt| {
            assert!(attempt.client_id.contains(from));
            attempt.client_id = attempt.client_id.replace(from, to);
        }
    }

    #[test]
    fn takes_the_sdks_login() {
        let session = check(&devices(), &attempt()).unwrap();
        assert_eq!(session.name, Name::new("a1B2c3D4e5F", "dev01"));
        assert!(session.auto_subscribed && session.custom_rrpc);
    }

    #[test]
    fn every_part_is_checked() {
        assert_eq!(code(|k| k.protocol = 3), BAD_PROTOCOL);
        assert_eq!(code(|k| k.protocol = 5), BAD_PROTOCOL);
        assert_eq!(code(|k| k.will = true), NOT_AUTHORISED);
        assert_eq!(code(|k| k.password.replace_range(..1, "2")), BAD_PASSWORD);
        assert_eq!(code(|k| k.user_name = "dev01".into()), BAD_PASSWORD);
        assert_eq!(code(|k| k.user_name = "dev02&a1B2c3D4e5F".into()), NOT_AUTHORISED);
        assert_eq!(code(|k| k.user_name = "dev01&other".into()), NOT_AUTHORISED);
        assert_eq!(code(|k| k.client_id = "dev01".into()), BAD_CLIENT_ID);
        assert_eq!(code(|k| k.client_id.insert_str(0, &"x".repeat(60))), BAD_CLIENT_ID);
        assert_eq!(code(option(",_ss=1", ",_ss")), BAD_CLIENT_ID);
        assert_eq!(code(option("hmacsha256", "hmacsha512")), BAD_PASSWORD);
        assert_eq!(code(option("hmacsha256", "hmacsha1")), BAD_PASSWORD);
        assert_eq!(code(option("timestamp=2524608000000,", "")), BAD_PASSWORD);
        assert_eq!(code(option("timestamp=2524608000000", "timestamp=soon")), BAD_CLIENT_ID);
    }

    #[test]
    fn options_come_in_any_order_and_hmac_in_any_case() {
        let mut options =
            ["timestamp=2524608000000", "_ss=1", "securemode=2", "signmethod=hmacSha256", "ext=3", "lan=JS|Ali"];
        for _ in 0..options.len() {
            options.rotate_left(1);
            let client_id = format!("a1B2c3D4e5F.dev01|{}|", options.join(","));
            assert_eq!(code(|k| k.client_id.clone_from(&client_id)), 0, "{client_id}");
        }
    }

    #[test]
    fn without_signmethod_it_is_md5() {
        let with = |password: &str| {
            code(|k| {
                option("signmethod=hmacsha256,", "")(k);
                k.password = password.into();
            })
        };
        assert_eq!(with("CF4F856EEC36AFF1C4BC7955B26EEF96"), 0);
        assert_eq!(with(&attempt().password), BAD_PASSWORD);
    }

    #[test]
    fn securemode_belongs_to_a_port() {
        assert_eq!(code(|k| k.tls = false), NOT_AUTHORISED);
        assert_eq!(code(option("securemode=2", "securemode=3")), NOT_AUTHORISED);
        assert_eq!(code(option("securemode=2,", "")), NOT_AUTHORISED);
        assert_eq!(
            code(|k| {
                option("securemode=2", "securemode=3")(k);
                k.tls = false;
            }),
            0
        );
    }

    #[test]
    fn keepalive_has_two_ends() {
        for (keepalive, expected) in [(0, UNAVAILABLE), (29, UNAVAILABLE), (30, 0), (1200, 0), (1201, UNAVAILABLE)] {
            assert_eq!(code(|k| k.keepalive = keepalive), expected, "{keepalive}");
        }
    }

    #[test]
    fn without_ss_and_ext_nothing_is_automatic() {
        let mut plain = attempt();
        plain.client_id = plain.client_id.replace("_ss=1,", "").replace("ext=3", "ext=2");
        let session = check(&devices(), &plain).unwrap();
        assert!(!session.auto_subscribed && !session.custom_rrpc);
    }
}
