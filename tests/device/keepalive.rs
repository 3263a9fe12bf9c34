//! Is anybody there?

use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::mqtt::{PeerError, Qos};

use crate::net::{Net, Sizes, Told, message};
use crate::packets::{Packet, encode, puback, qos0, qos1};

const KEEPALIVES: [u16; 3] = [30, 60, 1200];
const SILENCE: Told = Told::Disconnected(Loss::Peer(PeerError::Silence));

fn online(keepalive: u16) -> Net {
    let mut net = Net::new();
    net.connect(Options { keepalive, ..Options::default() });
    net
}

#[test]
fn a_quiet_link_is_pinged_shortly_before_the_keepalive_ends() {
    for keepalive in KEEPALIVES {
        let mut net = online(keepalive);
        net.answers_pings = true;
        net.wait(4 * 3_600_000);
        net.tells([]);
        let every = u64::from(keepalive) * 1_000 - 5_000;
        let expected: Vec<u64> = (1..=4 * 3_600_000 / every).map(|n| n * every).collect();
        assert_eq!(net.pings, expected);
    }
}

#[test]
fn a_link_on_which_only_the_server_speaks_is_pinged_for_the_server_to_hear_something() {
    let mut net = online(60);
    net.device.subscribe("/a", Qos::AtMostOnce).unwrap();
    net.take_sent();
    net.answers_pings = true;
    for _ in 0..60 {
        net.arrives([qos0("/a", b"")]);
        net.wait(5_000);
    }
    assert_eq!(net.pings, [55_000, 110_000, 165_000, 220_000, 275_000]);
}

#[test]
fn a_link_on_which_only_the_device_speaks_is_pinged_for_the_device_to_hear_something() {
    let mut net = online(60);
    net.answers_pings = true;
    for _ in 0..60 {
        net.device.publish("/a", b"", Qos::AtMostOnce).unwrap();
        net.wait(5_000);
    }
    assert_eq!(net.pings, [60_000, 120_000, 180_000, 240_000, 300_000]);
    assert!(net.device.is_online());
}

#[test]
fn an_acknowledgement_that_is_later_than_the_last_one_causes_no_ping() {
    let mut net = online(66);
    net.answers_pings = true;
    for delay in [50, 5_000].into_iter().cycle().take(60) {
        let id = net.device.publish("/a", b"", Qos::AtLeastOnce).unwrap();
        net.wait(delay);
        net.arrives([puback(id)]);
        net.wait(60_000 - delay);
    }
    assert_eq!(net.pings, [0; 0]);
}

#[test]
fn a_link_on_which_both_speak_is_not_pinged() {
    let mut net = online(30);
    for _ in 0..60 {
        let id = net.device.publish("/a", b"", Qos::AtLeastOnce).unwrap();
        net.sends([qos1(id, "/a", b"")]);
        net.arrives([puback(id)]);
        net.wait(5_000);
    }
}

#[test]
fn a_silent_server_is_given_up_within_one_and_a_half_keepalives() {
    for keepalive in KEEPALIVES {
        let mut net = online(keepalive);
        net.wait(3_000);
        net.arrives([qos0("/nobody", b"the last byte")]);
        net.pump();
        let last = net.elapsed;
        net.wait_for_news();
        net.tells([SILENCE]);
        net.sends([Packet::PingReq]);
        let silent = net.elapsed - last;
        assert!((1_000..=1_500).contains(&(silent / u64::from(keepalive))), "{keepalive}: {silent} ms");
        assert_eq!(net.attempt(), None, "the link is not wanted any more");
    }
}

#[test]
fn a_dead_link_is_found_although_the_device_publishes_all_the_time() {
    for keepalive in KEEPALIVES {
        for takes in [usize::MAX, 0] {
            let mut net = online(keepalive);
            net.takes = takes;
            let told = loop {
                let _ = net.device.publish("/a", b"into the void", Qos::AtMostOnce);
                net.wait(1_000);
                let told = net.take_told();
                if !told.is_empty() {
                    break told;
                }
            };
            assert_eq!(told, [SILENCE]);
            assert!(net.elapsed <= u64::from(keepalive) * 1_500 + 1_000, "{keepalive}: {} ms", net.elapsed);
        }
    }
}

#[test]
fn a_dead_link_is_found_although_the_outbox_is_full() {
    let call = "/sys/a1B2c3D4e5F/dev01/thing/service/s";
    for (mut net, topic) in [(Net::online_plain(60, true), "t"), (online(60), call)] {
        net.takes = 0;
        while net.device.publish("/a", &[b'x'; 50], Qos::AtLeastOnce).is_ok() {}
        while net.device.publish("/a", b"x", Qos::AtMostOnce).is_ok() {}
        net.arrive_bytes(&(1..=7).flat_map(|id| encode(&qos1(id, topic, b"{}"))).collect::<Vec<u8>>());
        assert!(!net.take_told().is_empty());
        net.wait_for_news();
        net.tells([SILENCE]);
        assert!(net.elapsed <= 90_000, "{} ms", net.elapsed);
    }
}

#[test]
fn a_dead_link_is_found_although_the_buffer_is_full_to_the_last_byte() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    net.takes = 0;
    let call = |id| qos1(id, "/sys/a1B2c3D4e5F/dev01/thing/service/s", br#"{"id":"1","params":{}}"#);
    net.arrives([call(1)]);
    assert!(matches!(net.poll(), Some(Told::Service { .. })));
    // The largest answer that is taken.
    let data = (0..2_000).rev().map(|size| format!("\"{}\"", "x".repeat(size)));
    assert!(data.into_iter().any(|data| net.device.call().answer(200, data.as_bytes()).is_ok()));
    net.wait_for_news();
    net.tells([SILENCE]);
    assert!(net.elapsed <= 90_000, "{} ms", net.elapsed);
}

#[test]
fn a_late_poll_that_brings_the_answer_along_is_not_too_late() {
    let mut net = online(60);
    net.wait_until_due();
    net.sends([Packet::PingReq]);
    net.advance(100_000);
    net.arrives([Packet::PingResp]);
    net.tells([]);
    assert!(net.device.is_online());
}

#[test]
fn an_answer_behind_what_is_still_on_its_way_is_waited_for() {
    let mut net = online(60);
    net.device.subscribe("/a", Qos::AtMostOnce).unwrap();
    net.take_sent();
    net.wait(55_000);
    net.sends([Packet::PingReq]);
    for number in 0..60 {
        net.wait(2_000);
        net.arrives([qos0("/a", format!("{number}").as_bytes())]);
        assert_eq!(net.take_told().len(), 1, "{number}");
    }
    let last = net.elapsed;
    net.wait_for_news();
    net.tells([SILENCE]);
    assert_eq!(net.elapsed - last, 30_000, "nothing came any more");
}

#[test]
fn a_packet_that_takes_minutes_to_leave_is_no_silence() {
    for pings_before in [false, true] {
        let mut net = Net::with(Sizes { tx: 200_000, ..Sizes::default() });
        net.connect(Options { keepalive: 60, ..Options::default() });
        if pings_before {
            net.wait(55_000);
            net.sends([Packet::PingReq]);
            net.arrives([Packet::PingResp]);
        }
        net.wait(54_000);
        net.takes = 0;
        let id = net.device.publish("/a", &[b'x'; 100_000], Qos::AtLeastOnce).unwrap();
        for _ in 0..100 {
            net.wait(2_000);
            net.device.sent(LinkId::Session, 1_000, net.now);
            net.tells([]);
        }
        let rest = net.device.to_send(LinkId::Session).len();
        net.device.sent(LinkId::Session, rest, net.now);
        net.takes = usize::MAX;
        net.sends([Packet::PingReq]);
        net.wait(29_000);
        net.arrives([puback(id), Packet::PingResp]);
        net.tells([Told::Delivered(id)]);
        assert!(net.device.is_online());
    }
}

#[test]
fn a_packet_that_does_not_get_on_any_more_is_silence() {
    let mut net = Net::with(Sizes { tx: 200_000, ..Sizes::default() });
    net.connect(Options { keepalive: 60, ..Options::default() });
    net.wait(50_000);
    net.takes = 0;
    net.device.publish("/a", &[b'x'; 100_000], Qos::AtLeastOnce).unwrap();
    for _ in 0..20 {
        net.wait(1_000);
        net.device.sent(LinkId::Session, 1_000, net.now);
    }
    net.tells([]);
    let stuck = net.elapsed;
    net.wait_for_news();
    net.tells([SILENCE]);
    assert_eq!(net.elapsed - stuck, 30_000);
}

#[test]
fn what_came_during_a_long_callback_is_read_before_the_link_is_given_up() {
    let mut net = online(60);
    net.device.subscribe("/a", Qos::AtMostOnce).unwrap();
    net.wait(55_000);
    net.take_sent();
    net.arrives([qos0("/a", b"take your time")]);
    net.tells_and_waits(message("/a", b"take your time"));
    net.advance(100_000);
    assert_eq!(net.poll(), None, "the port could not read");
    net.wait(29_000);
    net.arrives([Packet::PingResp]);
    net.sends([Packet::PingReq]);
    net.tells([]);
    // Nothing has come this time.
    net.arrives([qos0("/a", b"the last one")]);
    net.tells_and_waits(message("/a", b"the last one"));
    net.advance(100_000);
    let ended = net.elapsed;
    net.wait_for_news();
    net.tells([SILENCE]);
    assert_eq!(net.elapsed - ended, 30_000);
}

#[test]
fn a_device_that_slept_asks_before_it_gives_up() {
    let mut net = online(60);
    net.advance(3_600_000);
    net.sends([Packet::PingReq]);
    net.advance(20_000);
    net.arrives([Packet::PingResp]);
    net.tells([]);
    assert!(net.device.is_online());
}

#[test]
fn a_ping_is_not_repeated_while_it_waits_for_its_answer() {
    let mut net = online(60);
    net.wait(55_000 + 29_999);
    net.sends([Packet::PingReq]);
    net.tells([]);
    net.wait(1);
    net.tells([SILENCE]);
}

#[test]
fn without_a_keepalive_nothing_is_ever_due() {
    let mut net = Net::online_plain(0, true);
    assert_eq!(net.due_in(), None);
    net.wait(40 * 24 * 3_600_000 / 2);
    net.wait(40 * 24 * 3_600_000 / 2);
    net.sends([]);
    net.arrives([qos0("t", b"still here")]);
    net.tells([message("t", b"still here")]);
}

#[test]
fn after_a_silent_server_it_connects_again() {
    let mut net = online(30);
    net.wait_for_news();
    net.tells([SILENCE]);
    net.take_sent();
    let waited = net.wait_for_link();
    assert!(waited <= 1_000, "{waited} ms");
    net.log_in(false);
    net.tells([Told::Connected { again: true, session_present: false }]);
}
