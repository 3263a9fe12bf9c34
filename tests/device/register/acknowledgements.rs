//! Over MQTT an answer at QoS 1 is acknowledged before the link is closed.

use aliyun_iot::clouds::aliyun::Way;
use aliyun_iot::device::{LinkId, Loss};
use aliyun_iot::services::register::RegisterError;

use super::{SCRATCH, SECRET, begin, identity, is_off, is_registering, logging_in, registered, registration};
use crate::net::{Net, Told};
use crate::packets::{ACCEPTED, connack, puback, qos1};

/// A registration over MQTT whose answer, at QoS 1, is here while the link takes nothing.
fn answered_on_a_stuck_link() -> Net {
    let (mut net, _) = logging_in(Way::Mqtt);
    net.arrives([connack(ACCEPTED, false)]);
    net.takes = 0;
    net.arrives([qos1(5, "/ext/register", identity(&format!(r#""deviceSecret":"{SECRET}""#)).as_bytes())]);
    net.tells([]);
    assert!(is_registering(&mut net) && !net.device.is_started() && !net.device.is_online());
    assert!(net.device.space(LinkId::Session).is_empty(), "nothing may move the answer");
    assert!(net.due_in().unwrap() > 5_000, "there is nothing to do but to wait for the link");
    net
}

#[test]
fn over_mqtt_the_answer_is_acknowledged_before_the_link_is_closed() {
    for (way, topic, rest) in [
        (Way::Mqtt, "/ext/register", format!(r#""deviceSecret":"{SECRET}""#)),
        (Way::MqttUnlisted, "/ext/regnwl", r#""clientId":"^1^9f3","deviceToken":"^1^16^abc""#.into()),
    ] {
        for gives in [usize::MAX, 1, 7] {
            let (mut net, _) = logging_in(way);
            net.gives = gives;
            // Another message first: each has an acknowledgement of its own.
            net.arrives([
                connack(ACCEPTED, false),
                qos1(4, "/ext/other", b"x"),
                qos1(5, topic, identity(&rest).as_bytes()),
            ]);
            assert!(matches!(net.take_told()[..], [Told::Registered { .. }]), "{way:?}");
            net.sends([puback(4), puback(5)]);
            is_off(&mut net);
        }
    }
}

#[test]
fn the_secret_is_told_when_its_acknowledgement_has_left() {
    let mut net = answered_on_a_stuck_link();
    net.takes = 3;
    net.sends([puback(5)]);
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn a_link_that_does_not_take_the_acknowledgement_does_not_keep_the_secret() {
    let mut net = answered_on_a_stuck_link();
    net.link_lost(104);
    net.tells([registered()]);
    is_off(&mut net);

    let mut net = answered_on_a_stuck_link();
    net.wait(10_000);
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn a_registration_can_be_given_up_with_its_answer_at_hand() {
    let mut net = answered_on_a_stuck_link();
    assert_eq!(begin(&mut net, &registration(), SCRATCH), Err(RegisterError::AlreadyConnected));
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
}

#[test]
fn an_answer_that_is_not_taken_is_not_acknowledged() {
    let (mut net, _) = logging_in(Way::Mqtt);
    net.arrives([connack(ACCEPTED, false), qos1(5, "/ext/register", b"{}")]);
    net.tells([Told::Failed(Loss::Answer)]);
    net.sends([]);
}
