//! Requests against published vectors, and what is read from answers.

use std::string::String;
use std::vec::Vec;

use super::*;
use crate::http::Exchange;
use crate::time::Instant;

const NOW: Instant = Instant::from_millis(0);

/// The moment of the vectors.
const MOMENT: Moment = Moment { random: 42, unix_ms: 1_700_000_000_000 };

fn at(registration: &Registration) -> At {
    Register::way(registration).unwrap().at
}

/// Writes the request, and gives the exchange with it, and what follows on it.
fn started(registration: &Registration, moment: Moment) -> (Exchange<'static>, Option<Following>) {
    let mut endpoint = Endpoint::none();
    at(registration).resolve(registration, &mut endpoint).unwrap();
    let mut request = Request::new(Vec::leak(std::vec![0xee; 20_000]));
    let following = at(registration).write(registration, &endpoint, moment, &mut request);
    let mut exchange = Exchange::new(1);
    exchange.start(request, NOW).unwrap();
    exchange.link_up(1);
    (exchange, following)
}

/// The lines of the head, and the body.
fn parts_of(exchange: &Exchange) -> (Vec<String>, String) {
    let text = String::from_utf8(exchange.to_send().to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split("\r\n").map(Into::into).collect(), body.into())
}

#[track_caller]
fn has(lines: &[String], wanted: &[&str]) {
    for line in wanted {
        assert!(lines.iter().any(|found| found == line), "{line}: {lines:#?}");
    }
}

/// What an answer says.
#[derive(Debug, PartialEq)]
enum Said {
    Registered(String),
    Certified(String, String),
    Refused(i32, String),
}

fn read(registration: &Registration, status: u16, answer: &str) -> Option<Said> {
    let (mut exchange, _) = started(registration, MOMENT);
    let mut bytes = Vec::from(answer);
    let note = exchange.response().0.to_vec();
    let way = Register::way(registration).unwrap();
    let answer = Registration::read(way, status, &note, &mut bytes)?;
    let text = |place: Place| String::from_utf8(place.of(&bytes).to_vec()).unwrap();
    Some(match answer {
        Answer::Registered { secret, client_id } => {
            assert!(client_id.is_empty());
            Said::Registered(text(secret))
        }
        #[cfg(feature = "tencent")]
        Answer::Certified { certificate, private_key } => Said::Certified(text(certificate), text(private_key)),
        Answer::Refused { code, message } => Said::Refused(code, text(message)),
    })
}

#[cfg(feature = "tencent")]
mod tencent {
    use super::*;
    use crate::clouds::base64::encode;

    const PRODUCT_SECRET: &[u8] = b"ProductSecret0123456789x";
    const PAYLOAD: &str = "Srf/3jNn3AlgR25vmtUZy5CuXZ6N0NmfQu3tXIm8wBiy4VAUbeR7VxZn7l1wPAUYKWWUiIdWuwZDzI7pMxzXwA==";

    fn registration() -> Registration<'static> {
        Registration {
            vendor: 1,
            product_id: Some(b"LD8S5J1L07"),
            device_name: Some(b"test"),
            product_secret: Some(PRODUCT_SECRET),
            ..Registration::default()
        }
    }

    fn secret() -> Option<Said> {
        Some(Said::Registered("acyv3QDJrRa0fW5UE58KnQ==".into()))
    }

    /// Encrypts as the cloud does, with openssl's view of CBC: by hand from the block cipher.
    fn encrypted(plain: &str) -> String {
        use aes::cipher::{BlockEncrypt, KeyInit};
        let cipher = aes::Aes128::new_from_slice(&PRODUCT_SECRET[..16]).unwrap();
        let mut before = [b'0'; 16];
        let mut bytes = Vec::new();
        for chunk in plain.as_bytes().chunks(16) {
            let mut block = before;
            chunk.iter().zip(&mut block).for_each(|(byte, place)| *place ^= byte);
            cipher.encrypt_block((&mut block).into());
            bytes.extend(block);
            before = block;
        }
        String::from_utf8(encode(&bytes, &mut std::vec![0; 2 * bytes.len() + 4]).to_vec()).unwrap()
    }

    fn wrapped(payload: &str) -> String {
        std::format!(r#"{{"Response":{{"Len":53,"Payload":"{payload}","RequestId":"x","State":0}}}}"#)
    }

    #[test]
    fn the_present_request_is_signed_over_the_hash_of_its_body() {
        let (exchange, following) = started(&registration(), MOMENT);
        assert!(following.is_none());
        let (lines, body) = parts_of(&exchange);
        assert_eq!(body, r#"{"ProductId":"LD8S5J1L07","DeviceName":"test"}"#);
        let wanted = [
            "POST /device/register HTTP/1.1",
            "Host: ap-guangzhou.gateway.tencentdevices.com",
            "Content-Type: application/json; charset=utf-8",
            "X-TC-Algorithm: hmacsha256",
            "X-TC-Timestamp: 1700000000",
            "X-TC-Nonce: 42",
            "X-TC-Signature: wQ8j1yAO/yYOJ75bDXQSbTgxMPLL+go8N+QyY/iQzqs=",
            "Content-Length: 46",
        ];
        has(&lines, &wanted);
    }

    #[test]
    #[cfg(feature = "sha1")]
    fn the_older_request_has_its_signature_in_the_body() {
        let (exchange, _) = started(&Registration { legacy: true, ..registration() }, MOMENT);
        let (lines, body) = parts_of(&exchange);
        has(&lines, &["POST /register/dev HTTP/1.1", "Content-Type: application/json;charset=UTF-8"]);
        let wanted = concat!(
            r#"{"deviceName":"test","nonce":42,"productId":"LD8S5J1L07","timestamp":1700000000,"#,
            r#""signature":"YWRhM2JiYTJmNTVhMGFkZDIyMzljZWM0MzVlMTQ1OWI1YWZmMDZlOQ=="}"#,
        );
        assert_eq!(body, wanted);
    }

    #[test]
    #[cfg(not(feature = "sha1"))]
    fn the_older_request_needs_the_older_method() {
        let registration = Registration { legacy: true, ..registration() };
        assert_eq!(at(&registration).resolve(&registration, &mut Endpoint::none()), Err(LoginError::SignMethod));
    }

    #[test]
    fn an_answer_is_decrypted_whichever_way_it_came() {
        assert_eq!(read(&registration(), 200, &wrapped(PAYLOAD)), secret());
        let older = std::format!(r#"{{"code":0,"message":"","payload":"{PAYLOAD}","len":53}}"#);
        assert_eq!(read(&registration(), 200, &older), secret());
        let escaped = wrapped(&PAYLOAD.replace('/', r"\/").replace('S', r"\u0053"));
        assert_eq!(read(&registration(), 200, &escaped), secret());
        assert_eq!(encrypted(r#"{"encryptionType":2,"psk":"acyv3QDJrRa0fW5UE58KnQ=="}"#), PAYLOAD);
    }

    #[test]
    fn a_certificate_comes_with_its_key() {
        let pem = |name: &str| {
            let lines = "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJ0\\n".repeat(24);
            std::format!("-----BEGIN {name}-----\\n{lines}-----END {name}-----\\n")
        };
        let (certificate, key) = (pem("CERTIFICATE"), pem("RSA PRIVATE KEY"));
        let plain = |a: &str, b: &str| std::format!(r#"{{"encryptionType":1,"clientCert":"{a}","clientKey":"{b}"}}"#);
        let told = Some(Said::Certified(certificate.replace("\\n", "\n"), key.replace("\\n", "\n")));
        assert_eq!(read(&registration(), 200, &wrapped(&encrypted(&plain(&certificate, &key)))), told);
        for (a, b) in [("", &*key), (&*certificate, ""), ("x", &*key), (&*certificate, "-----BEGIN \\u0007")] {
            assert_eq!(read(&registration(), 200, &wrapped(&encrypted(&plain(a, b)))), None, "{a} {b}");
        }
    }

    #[test]
    fn a_refusal_is_told_in_the_clouds_words() {
        let older = r#"{"code":1010,"message":"Check signature failed","requestId":"x"}"#;
        assert_eq!(read(&registration(), 200, older), Some(Said::Refused(1010, "Check signature failed".into())));
        for (error, words) in [
            (r#"{"Code":"A.B","Message":"no \"such\" device"}"#, r#"A.B: no "such" device"#),
            (r#"{"Message":"no such device", "Code":"A.B"}"#, "no such device: A.B"),
            (r#"{"Code":"","Message":"words"}"#, "words"),
            (r#"{"Code":"A.B","Message":null}"#, "A.B"),
            (r#"{"Code":"A.B"}"#, "A.B"),
            (r#"{"x":1}"#, ""),
        ] {
            let answer = std::format!(r#"{{"Response":{{"Error":{error},"RequestId":"x"}}}}"#);
            assert_eq!(read(&registration(), 200, &answer), Some(Said::Refused(400, words.into())), "{error}");
            assert_eq!(read(&registration(), 403, &answer), Some(Said::Refused(403, words.into())), "{error}");
        }
        for words in ["", "<html>", "{}", "[]"] {
            assert_eq!(read(&registration(), 403, words), Some(Said::Refused(403, String::new())), "{words}");
        }
    }

    #[test]
    fn what_is_no_answer_is_not_taken() {
        let with = |text: &str| wrapped(&encrypted(text));
        for answer in [
            String::new(),
            "{}".into(),
            r#"{"Response":{}}"#.into(),
            r#"{"Response":[]}"#.into(),
            r#"{"Response":null}"#.into(),
            r#"{"code":0}"#.into(),
            r#"{"code":"0","payload":"x"}"#.into(),
            wrapped(""),
            wrapped("AAAA"),
            wrapped(&PAYLOAD[1..]),
            wrapped(&PAYLOAD.replace('S', "T")),
            wrapped(&PAYLOAD[..64]),
            wrapped(&PAYLOAD.replace("==", "=\\u003d\\u0000")),
            with("{}"),
            with(r#"{"encryptionType":3,"psk":"x"}"#),
            with(r#"{"psk":"x"}"#),
            with(r#"{"encryptionType":2}"#),
            with(r#"{"encryptionType":2,"psk":""}"#),
            with(r#"{"encryptionType":2,"psk":5}"#),
            with(r#"{"encryptionType":2,"psk":"a b"}"#),
            with(r#"{"encryptionType":2,"psk":"\u0000"}"#),
            with(&std::format!(r#"{{"encryptionType":2,"psk":"{}"}}"#, "x".repeat(129))),
            with("{\"encryptionType\":2,\"psk\":\"a\"}\0\0x"),
        ] {
            assert_eq!(read(&registration(), 200, &answer), None, "{answer}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_makes_it_panic(status in 200..600_u16, text in "\\PC{0,60}", bytes: Vec<u8>) {
            let _ = read(&registration(), status, &text);
            let mut room = std::vec![0; 2 * bytes.len() + 4];
            let payload = String::from_utf8(encode(&bytes, &mut room).to_vec()).unwrap();
            let _ = read(&registration(), status, &wrapped(&payload));
        }
    }
}

#[cfg(feature = "onenet")]
mod onenet {
    use super::*;

    fn registration() -> Registration<'static> {
        Registration {
            vendor: 2,
            product_id: Some(b"Ck2AF9QD2K"),
            device_name: Some(b"test"),
            user_id: Some(b"12345"),
            user_key: Some(b"KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw="),
            ..Registration::default()
        }
    }

    #[test]
    fn the_request_has_a_token_of_the_users() {
        // One hour before the expiry of the vector.
        let moment = Moment { random: 1, unix_ms: (2_051_193_600 - 3600) * 1000 };
        let (exchange, following) = started(&registration(), moment);
        assert!(following.is_none());
        let (lines, body) = parts_of(&exchange);
        assert_eq!(body, r#"{"product_id":"Ck2AF9QD2K","device_name":"test"}"#);
        let token = concat!(
            "Authorization: version=2022-05-01&res=userid%2F12345&et=2051193600&method=SHA256",
            "&sign=wZwi5S3qQUaqjQjoL9L%2BezSd%2FKqxaSjCRtE53vZZI9A%3D",
        );
        has(&lines, &["POST /device/create HTTP/1.1", "Host: iot-api.heclouds.com", "Content-Length: 48", token]);
    }

    #[test]
    fn the_answer_has_a_secret_or_words() {
        let read = |status, text: &str| read(&registration(), status, text);
        let good = r#"{"code":0,"msg":"succ","request_id":"x","data":{"did":"1","sec_key":"a\/b="}}"#;
        assert_eq!(read(200, good), Some(Said::Registered("a/b=".into())));
        let refusal = r#"{"code":10407,"msg":"\u8bbe\u5907","data":null}"#;
        assert_eq!(read(200, refusal), Some(Said::Refused(10407, "设备".into())));
        assert_eq!(read(401, r#"{"code":10403,"msg":"auth"}"#), Some(Said::Refused(10403, "auth".into())));
        assert_eq!(read(404, "not found"), Some(Said::Refused(404, String::new())));
        for none in ["", "{}", r#"{"code":0}"#, r#"{"code":0,"data":{}}"#, r#"{"code":0,"data":{"sec_key":""}}"#] {
            assert_eq!(read(200, none), None, "{none}");
        }
    }
}

#[cfg(feature = "huawei")]
mod huawei {
    use super::*;

    fn registration() -> Registration<'static> {
        Registration {
            vendor: 3,
            product_id: Some(b"6203cc94c7fb24029b110408"),
            device_name: Some(b"88888888"),
            instance_id: Some(b"a1b2c3"),
            project_id: Some(b"0ab87ceecbfc49acbcc8d5acdef3c68c"),
            iam_user: Some(b"creator"),
            iam_password: Some(b"pa\"ss\\word"),
            iam_domain: Some("账号".as_bytes()),
            ..Registration::default()
        }
    }

    /// The exchange with its second request.
    fn followed(registration: &Registration, token: &str) -> Exchange<'static> {
        let (mut exchange, following) = started(registration, MOMENT);
        let response =
            std::format!("HTTP/1.1 201 Created\r\nX-Subject-Token: {token}\r\nContent-Length: 18401\r\n\r\n");
        exchange.space()[..response.len()].copy_from_slice(response.as_bytes());
        exchange.received(response.len());
        assert!(exchange.poll(NOW, true).is_some());
        exchange.follow(&following.unwrap(), NOW).unwrap();
        exchange.link_up(2);
        exchange
    }

    #[test]
    fn a_token_is_asked_for_and_then_a_device() {
        let (exchange, _) = started(&registration(), MOMENT);
        let (lines, body) = parts_of(&exchange);
        has(&lines, &["POST /v3/auth/tokens?nocatalog=true HTTP/1.1", "Host: iam.cn-north-4.myhuaweicloud.com"]);
        has(&lines, &[&std::format!("Content-Length: {}", body.len())]);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let wanted = serde_json::json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": "creator", "password": "pa\"ss\\word", "domain": {"name": "账号"},
            }}},
            "scope": {"project": {"id": "0ab87ceecbfc49acbcc8d5acdef3c68c"}},
        }});
        assert_eq!(body, wanted);

        for length in [100, 1000, 8000] {
            let token = "MIIQ+/=-_".repeat(length / 9);
            let (lines, body) = parts_of(&followed(&registration(), &token));
            assert_eq!(body, r#"{"node_id":"88888888","product_id":"6203cc94c7fb24029b110408"}"#);
            let wanted = [
                "POST /v5/iot/0ab87ceecbfc49acbcc8d5acdef3c68c/devices HTTP/1.1",
                "Host: a1b2c3.iotda.cn-north-4.myhuaweicloud.com",
                &std::format!("X-Auth-Token: {token}"),
                &std::format!("Content-Length: {}", body.len()),
            ];
            has(&lines, &wanted);
        }
    }

    #[test]
    fn a_host_that_is_given_serves_both() {
        let mut registration = registration();
        registration.server.host = Some(b"10.0.0.7");
        registration.server.port = 8443;
        let (exchange, _) = started(&registration, MOMENT);
        has(&parts_of(&exchange).0, &["Host: 10.0.0.7"]);
        let exchange = followed(&registration, "token");
        has(&parts_of(&exchange).0, &["Host: 10.0.0.7"]);
        let crate::link::LinkWanted::Open { host, port: 8443, .. } = exchange.link() else { panic!() };
        assert_eq!(host.as_str(), "10.0.0.7");
    }

    #[test]
    fn the_answer_has_a_secret_or_words() {
        let read = |status, text: &str| read(&registration(), status, text);
        let good =
            r#"{"device_id":"x","node_id":"88888888","auth_info":{"auth_type":"SECRET","secret":"s3cret"},"tags":[]}"#;
        assert_eq!(read(201, good), Some(Said::Registered("s3cret".into())));
        let refusal = r#"{"error_code":"IOTDA.014031","error_msg":"Invalid input. The device already exists."}"#;
        let words = "IOTDA.014031: Invalid input. The device already exists.";
        assert_eq!(read(400, refusal), Some(Said::Refused(400, words.into())));
        let refusal = r#"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#;
        assert_eq!(read(401, refusal), Some(Said::Refused(401, "The username or password is wrong.".into())));
        assert_eq!(read(404, "<html>"), Some(Said::Refused(404, String::new())));
        for none in ["", "{}", r#"{"auth_info":{}}"#, r#"{"auth_info":null}"#, r#"{"auth_info":{"secret":null}}"#] {
            assert_eq!(read(201, none), None, "{none}");
        }
    }
}
