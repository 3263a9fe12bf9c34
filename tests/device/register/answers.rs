//! What is read from an answer, and which answers are none.

use aliyun_iot::clouds::aliyun::Way;
use aliyun_iot::device::{Loss, RESPONSE_MAX};
use aliyun_iot::mqtt::Refusal;

use super::{
    SECRET, answer, asking, asking_with, identity, is_off, is_registering, is_tried_again, logging_in, registered,
    registration, response,
};
use crate::net::Told;
use crate::packets::{ACCEPTED, connack, qos0, qos1};

#[test]
fn over_https_a_secret_comes_back_however_the_response_is_cut() {
    let body = answer(SECRET);
    let (one, two) = body.split_at(30);
    // The empty line after the last chunk is not waited for.
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n",
        one.len(),
        two.len()
    );
    for whole in [response("200 OK", &body), chunked.into_bytes()] {
        for gives in [usize::MAX, 100, 7, 1] {
            let mut net = asking();
            net.gives = gives;
            net.arrive_bytes(&whole);
            net.tells([registered()]);
            is_off(&mut net);
        }
    }
}

#[test]
fn a_response_may_end_with_the_link() {
    let mut net = asking();
    net.arrive_bytes(format!("HTTP/1.1 200 OK\r\n\r\n{}", answer(SECRET)).as_bytes());
    net.tells([]);
    net.link_lost(0);
    assert_eq!(net.attempt(), None);
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn over_mqtt_a_secret_is_pushed() {
    for qos in [0, 1] {
        let (mut net, _) = logging_in(Way::Mqtt);
        net.arrives([connack(ACCEPTED, false)]);
        net.tells([]);
        assert!(is_registering(&mut net) && !net.device.is_online());
        // What is not the answer is of no interest.
        net.arrives([qos0("/ext/regnwl", b"{}"), qos0("/ext/error", b"{}")]);
        let data = identity(&format!(r#""deviceSecret":"{SECRET}""#));
        net.arrives([if qos == 0 {
            qos0("/ext/register", data.as_bytes())
        } else {
            qos1(5, "/ext/register", data.as_bytes())
        }]);
        net.tells([registered()]);
        is_off(&mut net);
    }
}

#[test]
fn only_a_string_is_a_secret() {
    for value in
        ["null", "true", "123456", r#"{"a":"s"}"#, r#"["s"]"#, r#""""#, r#""a b""#, r#""a\u0007b""#, r#""\u00e9""#]
    {
        let data = identity(&format!(r#""deviceSecret":{value}"#));
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(&response("200 OK", &format!(r#"{{"code":200,"data":{data}}}"#)));
        });
        is_tried_again(Way::Mqtt, Loss::Answer, |net| {
            net.link_up();
            net.arrives([connack(ACCEPTED, false), qos1(5, "/ext/register", data.as_bytes())]);
        });
        for token in [
            format!(r#""clientId":"^1^9f3","deviceToken":{value}"#),
            format!(r#""deviceToken":"t","clientId":{value}"#),
        ] {
            is_tried_again(Way::MqttUnlisted, Loss::Answer, |net| {
                net.link_up();
                net.arrives([connack(ACCEPTED, false), qos0("/ext/regnwl", identity(&token).as_bytes())]);
            });
        }
    }
}

#[test]
fn escapes_in_an_answer_are_undone() {
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", &answer(r#"a\/b\"c\\d\u0065"#)));
    net.tells([Told::Registered { client_id: None, secret: r#"a/b"c\de"#.into() }]);
    is_off(&mut net);
    let (mut net, _) = logging_in(Way::MqttUnlisted);
    let data = identity(r#""clientId":"\/1\u005e","deviceToken":"a\/b\"""#);
    net.arrives([connack(ACCEPTED, false), qos1(5, "/ext/regnwl", data.as_bytes())]);
    net.tells([Told::Registered { client_id: Some("/1^".into()), secret: r#"a/b""#.into() }]);
    is_off(&mut net);
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", r#"{"code":6288,"message":"\u5df2\u6fc0\u6d3b: \"dev\/01\""}"#));
    net.tells([Told::RegistrationRefused { code: 6288, message: "已激活: \"dev/01\"".into() }]);
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", r#"{"message":null,"code":6288}"#));
    net.tells([Told::RegistrationRefused { code: 6288, message: String::new() }]);
}

#[test]
fn interim_responses_before_the_answer_are_passed_over() {
    for before in
        ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"]
    {
        for gives in [usize::MAX, 7, 1] {
            let mut net = asking();
            net.gives = gives;
            net.arrive_bytes(&[before.as_bytes(), &response("200 OK", &answer(SECRET))].concat());
            net.tells([registered()]);
            is_off(&mut net);
        }
    }
    // Without end they are too much.
    let mut net = asking_with(8192, &registration());
    net.arrive_while_it_lives(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(400));
    net.tells([Told::HttpFailed(Loss::AnswerTooLarge)]);
}

#[test]
fn a_length_told_in_two_ways_is_no_answer() {
    let body = answer(SECRET);
    let (length, less) = (body.len(), body.len() - 1);
    for headers in [
        format!("Content-Length: {length}\r\nContent-Length: {less}"),
        format!("Content-Length: {length}, {less}"),
        format!("Content-Length: +{length}"),
        format!("Content-Length: 0x{length:x}"),
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked"),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked".into(),
    ] {
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{body}").as_bytes());
        });
    }
    for headers in
        [format!("Content-Length: {length}\r\nContent-Length: {length}"), format!("Content-Length: {length}, {length}")]
    {
        let mut net = asking();
        net.arrive_bytes(format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{body}").as_bytes());
        net.tells([registered()]);
    }
}

#[test]
fn an_answer_that_is_none_is_asked_for_again() {
    for body in ["", "[]", "{}", "hello", r#"{"code":200}"#, &answer(""), &answer(&"x".repeat(65))] {
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(&response("200 OK", body));
        });
        is_tried_again(Way::Mqtt, Loss::Answer, |net| {
            net.link_up();
            net.arrives([connack(ACCEPTED, false), qos0("/ext/register", body.as_bytes())]);
        });
    }
    for garbage in [&b"\x20\x02\x00\x00"[..], b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"] {
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(garbage);
        });
    }
}

#[test]
fn an_answer_that_is_too_large_is_told() {
    let too_large = Loss::AnswerTooLarge;
    is_tried_again(Way::Https, too_large, |net| {
        net.link_up();
        net.arrive_while_it_lives(&response("200 OK", &"x".repeat(2000)));
    });
    is_tried_again(Way::Mqtt, too_large, |net| {
        net.link_up();
        net.arrives([connack(ACCEPTED, false)]);
        net.arrive_while_it_lives(&crate::packets::encode(&qos0("/ext/register", &[b'x'; 2000])));
    });
    // A large buffer has no say in it.
    let mut net = asking_with(100_000, &registration());
    net.arrive_bytes(&response("200 OK", &"x".repeat(90_000))[..RESPONSE_MAX]);
    net.tells([Told::HttpFailed(too_large)]);
}

#[test]
fn the_platforms_refusal_is_told_in_its_words() {
    let refusal = r#"{"code":6288,"data":null,"message":"device has been activated"}"#;
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", refusal));
    net.tells([Told::RegistrationRefused { code: 6288, message: "device has been activated".into() }]);
    is_off(&mut net);
}

#[test]
fn a_status_that_is_a_refusal_is_told() {
    for (status, code) in [("301 Moved", 301), ("403 Forbidden", 403), ("404 Not Found", 404)] {
        let mut net = asking();
        net.arrive_bytes(&response(status, "<html>"));
        net.tells([Told::RegistrationRefused { code, message: String::new() }]);
        is_off(&mut net);
    }
}

#[test]
fn a_refused_login_is_told() {
    for (code, refusal) in [(2, Refusal::ClientIdentifier), (4, Refusal::Credentials), (5, Refusal::NotAuthorized)] {
        let (mut net, _) = logging_in(Way::Mqtt);
        net.arrives([connack(code, false)]);
        net.tells([Told::RegistrationFailed(Loss::Refused(refusal))]);
        is_off(&mut net);
    }
}
