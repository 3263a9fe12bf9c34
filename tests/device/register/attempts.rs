//! Which failures are followed by another attempt, and what ends a registration early.

use aliyun_iot::clouds::aliyun::Way;
use aliyun_iot::device::Loss;
use aliyun_iot::mqtt::Refusal;

use super::{SECRET, TRY_AGAIN, answer, asking, is_off, is_registering, is_tried_again, registered, request, response};
use crate::net::Told;
use crate::packets::connack;

#[test]
fn a_link_that_fails_is_tried_again() {
    for way in [Way::Https, Way::Mqtt, Way::MqttUnlisted] {
        is_tried_again(way, Loss::Link(113), |net| net.link_lost(113));
        is_tried_again(way, Loss::Link(104), |net| {
            net.link_up();
            net.link_lost(104);
        });
        is_tried_again(way, Loss::Link(0), |net| {
            net.link_up();
            net.link_lost(0);
        });
        is_tried_again(way, Loss::Timeout, |net| {
            net.link_up();
            net.wait(10_000);
        });
    }
}

#[test]
fn a_response_that_is_cut_off_is_asked_for_again() {
    let whole = response("200 OK", &answer(SECRET));
    for length in [1, 20, 60, whole.len() - 1] {
        is_tried_again(Way::Https, Loss::Link(0), |net| {
            net.link_up();
            net.arrive_bytes(&whole[..length]);
            net.link_lost(0);
        });
    }
}

#[test]
fn a_server_with_a_fault_of_its_own_is_asked_again() {
    for status in ["500 Internal Server Error", "502 Bad Gateway", "503 x", "429 x", "408 x"] {
        is_tried_again(Way::Https, Loss::Refused(Refusal::Unavailable), |net| {
            net.link_up();
            net.arrive_bytes(&response(status, "<html>"));
        });
    }
    is_tried_again(Way::Mqtt, Loss::Refused(Refusal::Unavailable), |net| {
        net.link_up();
        net.arrives([connack(3, false)]);
    });
}

#[test]
fn too_much_to_do_is_tried_again_wherever_the_platform_says_so() {
    for code in [429, 500] {
        let mut net = asking();
        net.arrive_bytes(&response("200 OK", &format!(r#"{{"code":{code},"message":"busy"}}"#)));
        net.tells([TRY_AGAIN]);
        assert!(is_registering(&mut net));
        net.wait_for_link();
        net.link_up();
        net.arrive_bytes(&response("200 OK", &answer(SECRET)));
        net.tells([registered()]);
    }
}

#[test]
fn a_later_attempt_may_succeed() {
    let mut net = asking();
    net.link_lost(113);
    net.tells([Told::HttpFailed(Loss::Link(113))]);
    net.wait_for_link();
    net.link_up();
    net.arrive_bytes(&response("503 x", ""));
    net.tells([TRY_AGAIN]);
    net.wait_for_link();
    net.link_up();
    assert!(request(&net).0[0].starts_with("POST "));
    net.arrive_bytes(&response("200 OK", &answer(SECRET)));
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn nothing_is_due_while_half_a_response_is_there() {
    let mut net = asking();
    let whole = response("200 OK", &answer(SECRET));
    net.arrive_bytes(&whole[..whole.len() / 2]);
    net.pump();
    assert!(net.due_in().unwrap() > 9_000);
}

#[test]
fn it_can_be_given_up() {
    let mut net = asking();
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
    let mut net = asking();
    net.link_lost(113);
    net.tells([Told::HttpFailed(Loss::Link(113))]);
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
}

#[test]
fn it_can_be_closed_when_the_server_has_closed_already() {
    let mut net = asking();
    net.link_lost(0);
    assert!(is_registering(&mut net));
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
}
