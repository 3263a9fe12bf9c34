//! Registrations at vendor clouds: what goes out, what comes back, and what becomes of each failure.

use aliyun_iot::clouds::vendor::{LoginError, Registration};
use aliyun_iot::device::{LinkId, Loss};
use aliyun_iot::mqtt::Refusal;
use aliyun_iot::services::register::{RegisterError, TRIES};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::{SECRET, TRY_AGAIN, is_off, is_registering, registered, request, response};
use crate::net::{Net, Sizes, Told, buffer, with};

/// 2026-11-30, in milliseconds.
const TODAY: u64 = 1_796_000_000_000;

const PRODUCT_SECRET: &str = "ProductSecret0123456789x";

fn tencent() -> Registration<'static> {
    Registration {
        vendor: 1,
        product_id: Some(b"LD8S5J1L07"),
        device_name: Some(b"dev01"),
        product_secret: Some(PRODUCT_SECRET.as_bytes()),
        ..Registration::default()
    }
}

fn onenet() -> Registration<'static> {
    Registration {
        vendor: 2,
        product_id: Some(b"Ck2AF9QD2K"),
        device_name: Some(b"dev01"),
        user_id: Some(b"12345"),
        user_key: Some(b"KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw="),
        ..Registration::default()
    }
}

fn huawei() -> Registration<'static> {
    Registration {
        vendor: 3,
        product_id: Some(b"6203cc94c7fb24029b110408"),
        device_name: Some(b"dev01"),
        instance_id: Some(b"a1b2c3"),
        project_id: Some(b"0ab87ceecbfc49acbcc8d5acdef3c68c"),
        iam_user: Some(b"creator"),
        iam_password: Some(b"iampassword"),
        iam_domain: Some(b"account"),
        ..Registration::default()
    }
}

/// Begins a registration at a time that is known.
fn begin(net: &mut Net, registration: &Registration, scratch: usize) -> Result<(), RegisterError> {
    let now = net.now;
    net.device.set_clock(TODAY, now);
    net.device.register().begin(registration, buffer(scratch), now)
}

/// A registration that has sent its first request.
#[track_caller]
fn asking_with(registration: &Registration, scratch: usize) -> Net {
    let mut net = Net::new();
    net.on = LinkId::Http;
    begin(&mut net, registration, scratch).unwrap();
    net.link_up();
    net
}

fn asking(registration: &Registration) -> Net {
    asking_with(registration, 4096)
}

/// A registration at Huawei that has sent its second request, with this token.
fn asking_for_a_device(token: &str, scratch: usize) -> Net {
    let mut net = asking_with(&huawei(), scratch);
    net.arrive_bytes(&token_response(token));
    net.tells([]);
    net.wait_for_link();
    net.link_up();
    net
}

/// What IAM answers; more of its body is under way.
fn token_response(token: &str) -> Vec<u8> {
    format!("HTTP/1.1 201 Created\r\nContent-Length: 18401\r\nX-Subject-Token: {token}\r\n\r\n{{\"token\":")
        .into_bytes()
}

fn onenet_answer(secret: &str) -> String {
    format!(r#"{{"code":0,"msg":"succ","request_id":"x","data":{{"sec_key":"{secret}"}}}}"#)
}

fn huawei_answer(secret: &str) -> String {
    format!(r#"{{"node_id":"dev01","auth_info":{{"auth_type":"SECRET","secret":"{secret}"}}}}"#)
}

fn header<'a>(head: &'a [String], name: &str) -> &'a str {
    head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap()
}

#[test]
fn each_cloud_has_its_server() {
    for (registration, host) in [
        (tencent(), "ap-guangzhou.gateway.tencentdevices.com"),
        (onenet(), "iot-api.heclouds.com"),
        (huawei(), "iam.cn-north-4.myhuaweicloud.com"),
        (with(huawei(), |it| it.region = Some(b"ap-southeast-1")), "iam.ap-southeast-1.myhuaweicloud.com"),
    ] {
        let mut net = asking(&registration);
        assert_eq!(net.server(), (host.into(), 443, true));
    }
    for registration in [tencent(), onenet(), huawei()] {
        let mut net = asking(&with(registration, |it| {
            it.server.host = Some(b"10.0.0.7");
            it.server.port = 8443;
            it.server.without_tls = true;
        }));
        assert_eq!(net.server(), ("10.0.0.7".into(), 8443, false));
    }
}

#[test]
fn tencents_request_is_signed_with_the_time_of_the_call() {
    let mut net = asking(&tencent());
    let (head, body) = request(&net);
    assert_eq!(body, r#"{"ProductId":"LD8S5J1L07","DeviceName":"dev01"}"#);
    let [time, nonce] = ["X-TC-Timestamp", "X-TC-Nonce"].map(|name| header(&head, name).to_owned());
    assert_eq!(time, (TODAY / 1000).to_string());
    let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    let host = header(&head, "Host");
    let signed = format!("POST\n{host}\n/device/register\n\nhmacsha256\n{time}\n{nonce}\n{hash}");
    let mut mac = Hmac::<Sha256>::new_from_slice(PRODUCT_SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let mut digits = [0; 44];
    STANDARD.encode_slice(mac.finalize().into_bytes(), &mut digits).unwrap();
    assert_eq!(header(&head, "X-TC-Signature").as_bytes(), digits);

    // Once more, a minute later.
    net.device.close(net.now);
    net.tells([Told::Closed]);
    net.wait(60_000);
    let now = net.now;
    net.device.register().begin(&tencent(), buffer(4096), now).unwrap();
    net.link_up();
    let (head, _) = request(&net);
    assert_eq!(header(&head, "X-TC-Timestamp"), (TODAY / 1000 + 60).to_string());
    assert_ne!(header(&head, "X-TC-Nonce"), nonce);
}

#[test]
fn a_secret_comes_back_however_the_response_is_cut() {
    let body = onenet_answer(SECRET);
    let (one, two) = body.split_at(30);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n",
        one.len(),
        two.len()
    );
    for whole in [response("200 OK", &body), chunked.into_bytes()] {
        for gives in [usize::MAX, 100, 7, 1] {
            let mut net = asking(&onenet());
            net.gives = gives;
            net.arrive_bytes(&whole);
            net.tells([registered()]);
            is_off(&mut net);
        }
    }
}

#[test]
fn huaweis_device_is_created_with_the_token() {
    for length in [20, 1000, 8192] {
        for gives in [usize::MAX, 1000, 7] {
            let token = "t".repeat(length);
            let mut net = asking_with(&huawei(), 14 * 1024);
            net.gives = gives;
            let (head, body) = request(&net);
            assert_eq!(head[0], "POST /v3/auth/tokens?nocatalog=true HTTP/1.1");
            assert!(
                body.contains(r#""name":"creator","password":"iampassword","domain":{"name":"account"}"#),
                "{body}"
            );
            // The device closes the link when it has the token.
            net.arrive_while_it_lives(&token_response(&token));
            net.tells([]);
            assert!(is_registering(&mut net));
            net.wait_for_link();
            assert_eq!(net.server().0, "a1b2c3.iotda.cn-north-4.myhuaweicloud.com");
            net.link_up();
            let (head, body) = request(&net);
            assert_eq!(head[0], "POST /v5/iot/0ab87ceecbfc49acbcc8d5acdef3c68c/devices HTTP/1.1");
            assert_eq!(header(&head, "X-Auth-Token"), token);
            assert_eq!(body, r#"{"node_id":"dev01","product_id":"6203cc94c7fb24029b110408"}"#);
            net.arrive_bytes(&response("201 Created", &huawei_answer(SECRET)));
            net.tells([registered()]);
            is_off(&mut net);
        }
    }
}

#[test]
fn each_request_of_huaweis_is_tried_again_by_itself() {
    let mut net = asking(&huawei());
    net.arrive_bytes(&response("503 x", "<html>"));
    net.tells([TRY_AGAIN]);
    net.wait_for_link();
    net.link_up();
    assert!(request(&net).0[0].starts_with("POST /v3/auth/tokens"));
    // A success without a token is no answer.
    net.arrive_bytes(&response("201 Created", "{}"));
    net.tells([Told::HttpFailed(Loss::Answer)]);
    net.wait_for_link();
    net.link_up();
    net.arrive_bytes(&token_response("token"));
    net.wait_for_link();
    net.link_up();
    for loss in [Loss::Link(104), Loss::Answer] {
        let (head, _) = request(&net);
        assert!(head[0].starts_with("POST /v5/iot/"), "{head:?}");
        assert_eq!(header(&head, "X-Auth-Token"), "token");
        match loss {
            Loss::Link(code) => net.link_lost(code),
            _ => net.arrive_bytes(&response("201 Created", r#"{"auth_info":{}}"#)),
        }
        // Of five attempts four have failed then.
        net.tells([Told::HttpFailed(loss)]);
        net.wait_for_link();
        net.link_up();
    }
    net.arrive_bytes(&response("201 Created", &huawei_answer(SECRET)));
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn all_attempts_end_in_time() {
    for second in [false, true] {
        let mut net = if second { asking_for_a_device("token", 4096) } else { asking(&huawei()) };
        let start = net.elapsed;
        for attempt in 1..=TRIES {
            net.wait(10_000);
            if attempt < TRIES {
                net.tells([Told::HttpFailed(Loss::Timeout)]);
                net.wait_for_link();
                net.link_up();
            }
        }
        net.tells([Told::RegistrationFailed(Loss::Timeout)]);
        // The first request of Huawei's takes ten more.
        assert!(net.elapsed - start <= 65_000, "{} ms", net.elapsed - start);
        is_off(&mut net);
    }
}

#[test]
fn the_clouds_refusal_is_told_in_its_words() {
    for (registration, status, body, code, message) in [
        (
            tencent(),
            "200 OK",
            r#"{"Response":{"Error":{"Code":"AuthFailure","Message":"signature expired"},"RequestId":"x"}}"#,
            400,
            "AuthFailure: signature expired",
        ),
        (tencent(), "200 OK", r#"{"code":1010,"message":"Check signature failed"}"#, 1010, "Check signature failed"),
        (onenet(), "200 OK", r#"{"code":10403,"msg":"auth failed: invalid et"}"#, 10403, "auth failed: invalid et"),
        (huawei(), "401 Unauthorized", r#"{"error":{"code":401,"message":"wrong password"}}"#, 401, "wrong password"),
        (huawei(), "403 x", r#"{"error_msg":"denied","error_code":"APIGW.0301"}"#, 403, "denied: APIGW.0301"),
        (huawei(), "404 x", "<html>", 404, ""),
        (onenet(), "302 x", "", 302, ""),
        (tencent(), "403 Forbidden", "<html>", 403, ""),
    ] {
        let mut net = asking(&registration);
        net.arrive_bytes(&response(status, body));
        net.tells([Told::RegistrationRefused { code, message: message.into() }]);
        is_off(&mut net);
    }
    let mut net = asking_for_a_device("token", 4096);
    let body = r#"{"error_code":"IOTDA.014031","error_msg":"Invalid input. The device already exists."}"#;
    net.arrive_bytes(&response("400 Bad Request", body));
    let message = "IOTDA.014031: Invalid input. The device already exists.".into();
    net.tells([Told::RegistrationRefused { code: 400, message }]);
    is_off(&mut net);
}

#[test]
fn a_server_with_a_fault_of_its_own_is_asked_again() {
    for registration in [tencent(), onenet(), huawei()] {
        for status in ["500 x", "502 Bad Gateway", "503 x", "504 x", "429 x", "408 x"] {
            let mut net = asking(&registration);
            net.arrive_bytes(&response(status, "<html>"));
            net.tells([TRY_AGAIN]);
            assert!(is_registering(&mut net));
        }
    }
    for code in [429, 500] {
        let mut net = asking(&onenet());
        net.arrive_bytes(&response("200 OK", &format!(r#"{{"code":{code},"msg":"busy"}}"#)));
        net.tells([Told::HttpFailed(Loss::Refused(Refusal::Unavailable))]);
    }
}

#[test]
fn an_answer_that_is_none_or_too_large_is_asked_for_again() {
    for body in ["", "[]", "{}", "hello", r#"{"code":0}"#, &onenet_answer(""), &onenet_answer("a b")] {
        for registration in [tencent(), onenet(), huawei()] {
            let mut net = asking(&registration);
            net.arrive_bytes(&response("200 OK", body));
            net.tells([Told::HttpFailed(Loss::Answer)]);
        }
    }
    // Each has a largest response, whatever the memory.
    for (registration, max) in [(onenet(), 4096), (tencent(), 8192), (huawei(), 12 * 1024)] {
        let mut net = asking_with(&registration, 40_000);
        net.arrive_while_it_lives(&response("400 x", &"x".repeat(max)));
        net.tells([Told::HttpFailed(Loss::AnswerTooLarge)]);
        let mut net = asking_with(&registration, 40_000);
        net.arrive_bytes(&response("400 x", &"x".repeat(max))[..max - 1]);
        net.tells([]);
    }
    let mut net = asking_with(&huawei(), 2500);
    net.arrive_while_it_lives(&token_response(&"t".repeat(3000)));
    net.tells([Told::HttpFailed(Loss::AnswerTooLarge)]);
}

#[test]
fn a_clock_that_is_not_set_is_told_before_anything_is_sent() {
    for unix_ms in [None, Some(0), Some(946_684_800_000)] {
        for (registration, needs) in [(tencent(), true), (onenet(), true), (huawei(), false)] {
            let mut net = Net::new();
            let now = net.now;
            if let Some(unix_ms) = unix_ms {
                net.device.set_clock(unix_ms, now);
            }
            let begun = net.device.register().begin(&registration, buffer(4096), now);
            assert_eq!(begun, if needs { Err(LoginError::Clock.into()) } else { Ok(()) });
            assert_eq!(is_registering(&mut net), !needs);
        }
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    use LoginError::*;
    let (long, host) = ("x".repeat(65), "x".repeat(254));
    let long = Some(long.as_bytes());
    for (registration, error) in [
        (with(tencent(), |it| it.product_id = None), ProductId),
        (with(tencent(), |it| it.product_id = Some(b"a/b")), ProductId),
        (with(tencent(), |it| it.device_name = Some(b"")), DeviceName),
        (with(tencent(), |it| it.device_name = Some(b"a\"b")), DeviceName),
        (with(tencent(), |it| it.product_secret = None), ProductSecret),
        (with(tencent(), |it| it.product_secret = Some(b"fifteen letters")), ProductSecret),
        (with(tencent(), |it| it.product_secret = long), ProductSecret),
        (with(tencent(), |it| it.server.host = Some(b"a b")), Host),
        (with(tencent(), |it| it.server.host = long), Host),
        (with(onenet(), |it| it.product_id = long), ProductId),
        (with(onenet(), |it| it.device_name = long), DeviceName),
        (with(onenet(), |it| it.user_id = None), UserId),
        (with(onenet(), |it| it.user_id = Some(b"a\r\nb")), UserId),
        (with(onenet(), |it| it.user_key = Some(b"no base64")), UserKey),
        (with(onenet(), |it| it.server.host = Some(host.as_bytes())), Host),
        (with(huawei(), |it| it.product_id = None), ProductId),
        (with(huawei(), |it| it.device_name = Some(b"a b")), DeviceName),
        (with(huawei(), |it| it.region = Some(b"cn.north")), Region),
        (with(huawei(), |it| it.instance_id = None), InstanceId),
        (with(huawei(), |it| it.instance_id = Some(b"a.b")), InstanceId),
        (with(huawei(), |it| it.project_id = Some(b"a/b")), ProjectId),
        (with(huawei(), |it| it.iam_user = None), IamUser),
        (with(huawei(), |it| it.iam_user = Some(b"a\nb")), IamUser),
        (with(huawei(), |it| it.iam_password = Some(b"")), IamPassword),
        (with(huawei(), |it| it.iam_password = long), IamPassword),
        (with(huawei(), |it| it.iam_domain = Some(b"\xff")), IamDomain),
        (with(huawei(), |it| it.server.host = Some(b"")), Host),
        (with(tencent(), |it| it.vendor = 0), Registration),
        (with(tencent(), |it| it.vendor = 4), Registration),
        (with(tencent(), |it| it.vendor = 99), Registration),
    ] {
        let mut net = Net::new();
        assert_eq!(begin(&mut net, &registration, 4096), Err(error.into()));
        is_off(&mut net);
    }
}

#[test]
fn a_scratch_buffer_that_is_too_small_is_told_with_what_is_needed() {
    for (registration, least) in [(tencent(), 1_300..1_500), (onenet(), 1_300..1_500), (huawei(), 1_600..1_900)] {
        let mut net = Net::new();
        net.on = LinkId::Http;
        let Err(RegisterError::TooLarge { needed }) = begin(&mut net, &registration, 0) else { panic!() };
        assert!(least.contains(&needed), "{needed}");
        assert!(!is_registering(&mut net));
        begin(&mut net, &registration, needed).unwrap();
    }
}

#[test]
fn a_connected_device_can_register_another_one() {
    let mut net = Net::online_with(Sizes { rx: 512, ..Sizes::default() });
    begin(&mut net, &huawei(), 4096).unwrap();
    net.on_link(LinkId::Http, |net| {
        net.link_up();
        net.arrive_bytes(&token_response("token"));
        net.wait_for_link();
        net.link_up();
        net.arrive_bytes(&response("201 Created", &huawei_answer(SECRET)));
    });
    net.tells([registered()]);
    assert!(net.device.is_online() && !is_registering(&mut net));
}

#[test]
fn nothing_of_a_registration_is_left_behind() {
    for (registration, secrets, answer) in [
        (tencent(), [&PRODUCT_SECRET[..16], "X-TC"], String::new()),
        (onenet(), ["sign=", SECRET], onenet_answer(SECRET)),
        (huawei(), ["iampassword", "tokentokentoken"], String::new()),
        (huawei(), ["iampassword", SECRET], huawei_answer(SECRET)),
    ] {
        let memory = Box::into_raw(vec![0xee_u8; 4096].into_boxed_slice());
        let mut net = Net::new();
        net.on = LinkId::Http;
        let now = net.now;
        net.device.set_clock(TODAY, now);
        // SAFETY: nobody else uses the memory while the device has it.
        net.device.register().begin(&registration, unsafe { &mut *memory }, now).unwrap();
        net.link_up();
        if registration.vendor == 3 {
            net.arrive_bytes(&token_response("tokentokentoken"));
            net.wait_for_link();
            net.link_up();
        }
        if answer.is_empty() {
            net.device.close(net.now);
        } else {
            net.arrive_bytes(&response("200 OK", &answer));
            net.tells([registered()]);
        }
        drop(net);
        // SAFETY: never freed, and the device that had it is gone.
        let memory = unsafe { &*memory };
        for secret in secrets {
            assert!(!memory.windows(8.min(secret.len())).any(|bytes| secret.as_bytes().starts_with(bytes)), "{secret}");
        }
    }
}
