//! May this device have a secret of its own, because it knows its product's?
//!
//! Sources: document 147356 and Alibaba's SDK for Python (over HTTPS), Link SDK C `aiot_dynregmq_api.c` and that SDK
//! (over MQTT). A device may ask again until it has first connected, and the last answer counts. The codes of refusals are
//! conventions of ours, as far as document 120329 does not have them.

mod https;
mod mqtt;
mod provoked;

use serde_json::{Value, json};

use crate::devices::{Devices, Key, Name};
use crate::journal::{Journal, Record};
use crate::login::{self, BAD_CLIENT_ID, BAD_PASSWORD, NOT_AUTHORISED};
use crate::random;
use crate::sign::{self, Method};

pub use https::over_https;
pub use mqtt::{is_asked_for, over_mqtt};
pub use provoked::Provoked;

/// What of the cloud a registration reads and changes.
pub struct Registry<'a> {
    pub devices: &'a mut Devices,
    pub journal: &'a mut Journal,
    pub provoked: &'a mut Provoked,
    pub now_ms: u64,
}

/// Who asks, and how it proves to be one of the product's.
struct Claim<'a> {
    name: Name,
    random: &'a str,
    method: &'a str,
    signature: &'a str,
    /// Does it claim to be on the platform's list?
    listed: bool,
}

/// No, as HTTPS and as MQTT have it.
struct No {
    code: u64,
    connack: u8,
    reason: String,
}

fn no<T>(code: u64, connack: u8, reason: impl Into<String>) -> Result<T, No> {
    Err(No { code, connack, reason: reason.into() })
}

/// Gives the device a key, and tells it.
fn grant(devices: &mut Devices, claim: &Claim) -> Result<Value, No> {
    let Claim { name, .. } = claim;
    let Some(secret) = devices.product_secret(&name.product) else {
        return no(5005, NOT_AUTHORISED, format!("no product has the key {:?}", name.product));
    };
    let Some(method) = Method::named(&claim.method.to_ascii_lowercase()) else {
        return no(460, BAD_PASSWORD, format!("{:?} is not hmacmd5, hmacsha1 or hmacsha256", claim.method));
    };
    if claim.random.is_empty() {
        return no(460, BAD_CLIENT_ID, "random is missing");
    }
    let content = sign::registration_content(&name.device, &name.product, claim.random);
    if !sign::verify(method, secret, &content, claim.signature) {
        return no(6600, BAD_PASSWORD, format!("the signature is not the {} of {content:?}", claim.method));
    }
    if !devices.is_dynamic(&name.product) {
        return no(6289, NOT_AUTHORISED, "dynamic registration is switched off for this product");
    }
    if devices.is_active(name) {
        return no(6288, NOT_AUTHORISED, format!("{name} has been active already: reset it first"));
    }
    let fault = |why: String| No { code: 500, connack: login::UNAVAILABLE, reason: why };
    let text = |length| random::text(length).map_err(fault);
    let mut data = json!({ "productKey": name.product, "deviceName": name.device });
    let key = match (devices.key(name), claim.listed) {
        (None, true) => return no(6100, NOT_AUTHORISED, format!("the product has no device {:?}", name.device)),
        (Some(Key::Secret(_)), false) => {
            return no(6100, NOT_AUTHORISED, format!("{name} is listed: authType=register"));
        }
        (Some(Key::Token { .. }), true) => return no(6100, NOT_AUTHORISED, format!("{name} is not listed")),
        (Some(Key::Secret(_)), true) => {
            let secret = text(32)?;
            data["deviceSecret"] = json!(secret);
            Key::Secret(secret)
        }
        (_, false) if !devices.takes_unlisted(&name.product) => {
            return no(6289, NOT_AUTHORISED, "this product takes listed devices only");
        }
        (_, false) => {
            let (client_id, token) = (format!("^1^{}", text(10)?), format!("^1^{}", text(40)?));
            data["clientId"] = json!(client_id);
            data["deviceToken"] = json!(token);
            Key::Token { client_id, token }
        }
    };
    devices.add(name, key);
    Ok(data)
}

fn note(registry: &mut Registry, name: &Name, way: &str, outcome: &Result<Value, No>) {
    let record = Record::new("registration", name).with("way", way).with("ok", outcome.is_ok());
    let record = match outcome {
        Ok(_) => record,
        Err(no) => record.with("code", no.code).with("reason", &*no.reason),
    };
    registry.journal.add(registry.now_ms, record);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "x";

    /// `deviceNamedev01productKeya1B2c3D4e5Frandom1` under the secret `x`.
    pub fn signature(device: &str, random: &str) -> String {
        use hmac::{Hmac, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("deviceName{device}productKeya1B2c3D4e5Frandom{random}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// The vector that Link SDK C's way of signing gives, computed with Python's hmac.
    #[test]
    fn signs_as_the_sdk_does() {
        let content = sign::registration_content("dev01", "a1B2c3D4e5F", "123456");
        let signature = "40DCC0740FF9325F0D7AF0BCC2AD322C39B97A31DE610B6AD385395C7CA29DF9";
        assert!(sign::verify(Method::Sha256, "psecret0123456789", &content, signature));
    }
}
