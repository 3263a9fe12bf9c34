//! May this device have a key or a certificate, because it knows its product's secret?
//!
//! The present way is `POST /device/register` (documents 1081/47612 and 267/56319 of cloud.tencent.com: headers with algorithm, time,
//! nonce and signature), the old one `POST /register/dev` (Tencent's SDK for C, `dynreg.c`). Both answer with the same AES-128-CBC
//! text. The words of refusals, and how far the time may be off, are conventions of ours, but for the old code 1010.

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Digest;

use super::super::http::{Request, Response};
use super::super::{Account, Accounts, DYNAMIC, Maker, UNLISTED, Wish, envelope};
use crate::{clock, openssl, random};

/// Where the cloud keeps the secret of its products.
pub const PRODUCT_SECRET: &str = "productSecret";

/// The name that Tencent's SDKs sign, whatever they connect to.
const HOST: &str = "ap-guangzhou.gateway.tencentdevices.com";

/// A refusal: the code of the old way, the code of the present one, and words.
struct No(u64, &'static str, String);

fn no<T>(old: u64, code: &'static str, words: impl Into<String>) -> Result<T, No> {
    Err(No(old, code, words.into()))
}

/// The present way, and the old one.
pub const PATHS: [&str; 2] = ["/device/register", "/register/dev"];

/// Answers a request to one of these paths.
pub fn answer(make: Maker, accounts: &mut Accounts, request: &Request, now_ms: u64) -> Response {
    let is_old = request.path == PATHS[1];
    let (product_key, device_key) = if is_old { ("productId", "deviceName") } else { ("ProductId", "DeviceName") };
    let body = request.json();
    let field = |key: &str| body.as_ref().ok().and_then(|body| body.get(key)?.as_str()).unwrap_or_default().to_owned();
    let (product, device) = (field(product_key), field(device_key));
    let granted = (|| {
        let body = body.as_ref().map_err(|why| No(1000, "InvalidParameter", why.clone()))?;
        for key in [product_key, device_key] {
            envelope::text(body, key).map_err(|why| No(1000, "InvalidParameter", why))?;
        }
        let secret = accounts.kept(PRODUCT_SECRET).to_owned();
        match is_old {
            true => check_old(body, &product, &device, &secret, now_ms)?,
            false => check(request, &secret, now_ms)?,
        }
        grant(make, accounts, &product, &device).and_then(|key| seal(&key, &secret))
    })();
    let id = random::text(20).unwrap_or_default();
    let (reply, fault) = match granted {
        Ok((length, payload)) if is_old => {
            (json!({ "code": 0, "len": length, "payload": payload, "requestId": id }), None)
        }
        Ok((length, payload)) => (json!({ "Response": { "Len": length, "Payload": payload, "RequestId": id } }), None),
        Err(No(code, _, words)) if is_old => {
            (json!({ "code": code, "message": words, "requestId": id }), Some((json!(code), words)))
        }
        Err(No(_, code, words)) => {
            let error = json!({ "Error": { "Code": code, "Message": words }, "RequestId": id });
            (json!({ "Response": error }), Some((json!(code), words)))
        }
    };
    let response = Response::new(200, reply).about(&product, &device);
    match fault {
        Some((code, words)) => response.refused(code, &words),
        None => response,
    }
}

/// 1081/47612: the signature of `POST\nhost\npath\n\nalgorithm\ntime\nnonce\nhash of the body`.
fn check(request: &Request, secret: &str, now_ms: u64) -> Result<(), No> {
    let [algorithm, time, nonce, signature] =
        ["X-TC-Algorithm", "X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature"].map(|name| request.header(name));
    if nonce.is_empty() || !nonce.bytes().all(|b| b.is_ascii_digit()) {
        return no(0, "InvalidParameter", format!("X-TC-Nonce is {nonce:?}, not a number"));
    }
    is_near(time, now_ms).map_err(|why| No(0, "InvalidParameter", format!("X-TC-Timestamp {why}")))?;
    let hash = match algorithm {
        "hmacsha1" => hex::encode(sha1::Sha1::digest(request.body)),
        "hmacsha256" => hex::encode(sha2::Sha256::digest(request.body)),
        other => return no(0, "InvalidParameter", format!("X-TC-Algorithm {other:?} is not hmacsha256 or hmacsha1")),
    };
    let claimed = BASE64_STANDARD.decode(signature).unwrap_or_default();
    let is_signed = |host: &str| {
        let text = format!("POST\n{host}\n{}\n\n{algorithm}\n{time}\n{nonce}\n{hash}", request.path);
        match algorithm {
            "hmacsha1" => verify::<Hmac<sha1::Sha1>>(secret, &text, &claimed),
            _ => verify::<Hmac<sha2::Sha256>>(secret, &text, &claimed),
        }
    };
    match is_signed(request.host()) || is_signed(HOST) {
        true => Ok(()),
        false => no(0, "AuthFailure.SignatureFailure", format!("the signature is not the {algorithm} of the request")),
    }
}

/// `dynreg.c`: base64 of the hex digits of the HMAC-SHA1 of the sorted fields.
fn check_old(
    body: &serde_json::Map<String, Value>,
    product: &str,
    device: &str,
    secret: &str,
    now_ms: u64,
) -> Result<(), No> {
    let number = |key: &str| match body.get(key).and_then(Value::as_u64) {
        Some(number) => Ok(number.to_string()),
        None => no(1000, "", format!("{key} is not a number")),
    };
    let (nonce, time) = (number("nonce")?, number("timestamp")?);
    is_near(&time, now_ms).map_err(|why| No(1000, "", format!("timestamp {why}")))?;
    let text = format!("deviceName={device}&nonce={nonce}&productId={product}&timestamp={time}");
    let signature = envelope::text(body, "signature").map_err(|why| No(1000, "", why))?;
    let digits = BASE64_STANDARD.decode(signature).unwrap_or_default();
    let claimed = hex::decode(&digits).unwrap_or_default();
    let is_lower = !digits.iter().any(u8::is_ascii_uppercase);
    match is_lower && verify::<Hmac<sha1::Sha1>>(secret, &text, &claimed) {
        true => Ok(()),
        false => no(1010, "", "Check signature failed"),
    }
}

fn is_near(time: &str, now_ms: u64) -> Result<(), String> {
    let seconds = time.parse::<u64>().map_err(|_| format!("{time:?} is not a number of seconds"))?;
    clock::is_near(seconds.saturating_mul(1000), now_ms)
}

fn verify<M: Mac + hmac::digest::KeyInit>(secret: &str, text: &str, claimed: &[u8]) -> bool {
    <M as Mac>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| mac.chain_update(text).verify_slice(claimed).is_ok())
}

/// The key or the certificate of the device, which is made if the product takes names that nobody has listed.
fn grant(make: Maker, accounts: &mut Accounts, product: &str, device: &str) -> Result<Value, No> {
    if !accounts.iter().any(|account| account.product == product) {
        return no(1013, "ResourceNotFound.ProductNotExist", format!("no product has the ID {product:?}"));
    }
    if !accounts.allows(DYNAMIC) {
        return no(1012, "UnsupportedOperation", "dynamic registration is switched off for this product");
    }
    if accounts.get(product, device).is_none() {
        if !accounts.allows(UNLISTED) {
            return no(1014, "ResourceNotFound.DeviceNotExist", format!("the product has no device {device:?}"));
        }
        let made = make(&Wish { product: Some(product), device }, accounts);
        accounts.put(made.map_err(|why| No(1000, "InvalidParameter", why))?);
    }
    match accounts.get(product, device) {
        Some(account) if account.is_active() => {
            no(1021, "UnsupportedOperation", format!("{device:?} has been active already: reset it first"))
        }
        Some(account) => Ok(key(account)),
        None => no(1000, "InternalError", "the device is gone"),
    }
}

fn key(account: &Account) -> Value {
    match account.text("cert") {
        "" => json!({ "encryptionType": 2, "psk": account.text("deviceSecret") }),
        certificate => json!({ "encryptionType": 1, "clientCert": certificate, "clientKey": account.text("key") }),
    }
}

/// AES-128-CBC under the first 16 characters of the product's secret, from 16 digits `0` on, filled with zeros, in base64; and
/// the length before it was filled.
fn seal(key: &Value, secret: &str) -> Result<(usize, String), No> {
    let mut text = key.to_string().into_bytes();
    let length = text.len();
    text.resize(length.next_multiple_of(16), 0);
    let Some(secret) = secret.as_bytes().first_chunk::<16>() else {
        return no(1000, "InternalError", "the product's secret is too short");
    };
    let sealed = openssl::encrypt(secret, b"0000000000000000", &text);
    sealed.map(|bytes| (length, BASE64_STANDARD.encode(bytes))).map_err(|why| No(1000, "InternalError", why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{certify, cloud, last};

    fn tencent() -> Cloud {
        openssl::load();
        let device = json!({
            "cloud": "tencent", "productId": "LD8S5J1L07", "deviceName": "test",
            "deviceSecret": "acyv3QDJrRa0fW5UE58KnQ==",
        });
        cloud("tencent", &json!({ "productSecret": "ProductSecret0123456789x" }), &[("LD8S5J1L07", "test", device)])
    }

    fn post(cloud: &mut Cloud, head: &str, body: &str) -> Value {
        let (told, _) = commands::run(cloud, &json!({ "do": "post", "head": head, "body": body }));
        serde_json::from_str(told["body"].as_str().unwrap_or_else(|| panic!("{told}"))).unwrap()
    }

    const OLD: &str = "POST /register/dev HTTP/1.1\r\nHost: x\r\nContent-Type: application/json;charset=UTF-8\r\n\r\n";
    const OLD_BODY: &str = r#"{"deviceName":"test","nonce":42,"productId":"LD8S5J1L07","timestamp":1700000000,"signature":"YWRhM2JiYTJmNTVhMGFkZDIyMzljZWM0MzVlMTQ1OWI1YWZmMDZlOQ=="}"#;
    const NEW: &str = "POST /device/register HTTP/1.1\r\nHost: ap-guangzhou.gateway.tencentdevices.com\r\n\
        Content-Type: application/json; charset=utf-8\r\nX-TC-Algorithm: hmacsha256\r\nX-TC-Timestamp: 1700000000\r\n\
        X-TC-Nonce: 42\r\nX-TC-Signature: wQ8j1yAO/yYOJ75bDXQSbTgxMPLL+go8N+QyY/iQzqs=\r\n\r\n";
    const NEW_BODY: &str = r#"{"ProductId":"LD8S5J1L07","DeviceName":"test"}"#;
    const PAYLOAD: &str = "Srf/3jNn3AlgR25vmtUZy5CuXZ6N0NmfQu3tXIm8wBiy4VAUbeR7VxZn7l1wPAUYKWWUiIdWuwZDzI7pMxzXwA==";

    /// The vectors of both ways, from request to sealed payload.
    #[test]
    fn both_ways_as_published() {
        let old = post(&mut tencent(), OLD, OLD_BODY);
        assert_eq!((&old["code"], &old["payload"]), (&json!(0), &json!(PAYLOAD)));
        let mut cloud = tencent();
        let new = post(&mut cloud, NEW, NEW_BODY);
        let length = r#"{"encryptionType":2,"psk":"acyv3QDJrRa0fW5UE58KnQ=="}"#.len();
        assert_eq!((&new["Response"]["Payload"], &new["Response"]["Len"]), (&json!(PAYLOAD), &json!(length)));
        let record = last(&cloud, "registration");
        assert_eq!(
            (&record["ok"], &record["device"], &record["cloud"]),
            (&json!(true), &json!("test"), &json!("tencent"))
        );
        // The official name counts, whatever the client connected to.
        let elsewhere = NEW.replace("Host: ap-guangzhou.gateway.tencentdevices.com", "Host: localhost:8443");
        assert!(post(&mut tencent(), &elsewhere, NEW_BODY)["Response"]["Payload"].is_string());
    }

    #[test]
    fn refusals_of_the_present_way() {
        for (from, to, code, word) in [
            ("42\r\n", "43\r\n", "AuthFailure.SignatureFailure", "signature"),
            ("42\r\n", "x\r\n", "InvalidParameter", "Nonce"),
            ("hmacsha256", "hmacmd5", "InvalidParameter", "Algorithm"),
            ("1700000000", "1700000601", "InvalidParameter", "clock"),
            ("1700000000", "soon", "InvalidParameter", "Timestamp"),
            ("application/json", "text/plain", "InvalidParameter", "content type"),
        ] {
            let mut cloud = tencent();
            let error = post(&mut cloud, &NEW.replace(from, to), NEW_BODY)["Response"]["Error"].clone();
            assert!(error["Code"] == code && error["Message"].as_str().unwrap().contains(word), "{to}: {error}");
            assert_eq!(last(&cloud, "registration")["reason"], error["Message"]);
        }
        let get = NEW.replace("POST", "GET");
        assert_eq!(
            commands::run(&mut tencent(), &json!({"do": "post", "head": get, "body": NEW_BODY})).0["status"],
            405
        );
    }

    #[test]
    fn refusals_of_the_old_way() {
        for (from, to, code) in [
            ("YWRh", "YWRi", 1010),
            ("\"nonce\":42", "\"nonce\":43", 1010),
            ("\"nonce\":42", "\"nonce\":\"42\"", 1000),
            ("1700000000", "1700000601", 1000),
            ("signature", "sign", 1000),
            ("test", "", 1000),
        ] {
            assert_eq!(post(&mut tencent(), OLD, &OLD_BODY.replace(from, to))["code"], code, "{to}");
        }
    }

    #[test]
    fn what_a_product_allows_counts() {
        let run = |cloud: &mut Cloud, request: Value| assert_eq!(commands::run(cloud, &request).0["ok"], true);
        let mut cloud = tencent();
        run(&mut cloud, json!({"do": "product", "cloud": "tencent", "dynamic": false}));
        assert_eq!(post(&mut cloud, OLD, OLD_BODY)["code"], 1012);
        run(&mut cloud, json!({"do": "product", "cloud": "tencent", "dynamic": true}));
        assert_eq!(post(&mut cloud, OLD, OLD_BODY)["code"], 0);
        let playing = cloud.vendors.named("tencent").unwrap();
        playing.set_active(&crate::devices::Name::of("tencent", "LD8S5J1L07", "test"), true);
        assert_eq!(post(&mut cloud, OLD, OLD_BODY)["code"], 1021);
        run(&mut cloud, json!({"do": "reset", "device": "test", "cloud": "tencent"}));
        assert_eq!(post(&mut cloud, OLD, OLD_BODY)["code"], 0);
    }

    #[test]
    fn a_device_with_a_certificate_gets_that() {
        let mut cloud = tencent();
        certify(&mut cloud, "tencent", "LD8S5J1L07", "test");
        let account = cloud.vendors.named("tencent").unwrap().accounts.get("LD8S5J1L07", "test").unwrap().clone();
        let given = key(&account);
        assert_eq!(given["encryptionType"], 1);
        assert!(given["clientCert"].as_str().unwrap().contains("CERTIFICATE"));
        assert!(given["clientKey"].as_str().unwrap().contains("PRIVATE KEY"));
        let (length, payload) = seal(&given, "ProductSecret0123456789x").map_err(|no| no.2).unwrap();
        let reply = post(&mut cloud, OLD, OLD_BODY);
        assert_eq!((&reply["len"], &reply["payload"]), (&json!(length), &json!(payload)));
    }
}
