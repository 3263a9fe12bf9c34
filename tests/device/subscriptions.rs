//! Topic filters.

use aliyun_iot::device::Options;
use aliyun_iot::mqtt::{Qos, SendError};

use crate::net::{Net, Sizes, Told, aliyun_login, buffer, message, subscribed};
use crate::packets::{Packet, encode, qos0, suback, subscribe, unsuback, unsubscribe};

const ONCE: Qos = Qos::AtMostOnce;
const SURE: Qos = Qos::AtLeastOnce;

/// A device with the granted subscriptions `/a` at QoS 1 and `/b/+` at QoS 0.
fn with_two() -> Net {
    let mut net = Net::online_kept();
    net.device.subscribe("/a", SURE).unwrap();
    net.device.subscribe("/b/+", ONCE).unwrap();
    net.sends([subscribe(1, "/a", 1), subscribe(2, "/b/+", 0)]);
    net.arrives([suback(1, Some(1)), suback(2, Some(0))]);
    net.tells([subscribed("/a", true), subscribed("/b/+", true)]);
    net
}

#[test]
fn each_filter_is_asked_for_with_its_own_qos_and_answered() {
    with_two();
}

#[test]
fn a_subscription_goes_before_what_is_published_after_it() {
    let mut net = Net::online();
    net.device.subscribe("/a", SURE).unwrap();
    net.device.publish("/a", b"to myself", ONCE).unwrap();
    net.device.unsubscribe("/a").unwrap();
    net.sends([subscribe(1, "/a", 1), qos0("/a", b"to myself"), unsubscribe(2, "/a")]);
}

#[test]
fn subscriptions_are_restored_unless_the_server_kept_them() {
    let mut net = with_two();
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(3, "/a", 1), subscribe(4, "/b/+", 0)]);
    net.arrives([suback(4, Some(0)), suback(3, Some(0))]);
    net.tells([subscribed("/b/+", true), subscribed("/a", true)]);
    net.loses_link();
    net.log_in_again(true);
    net.sends([]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(5, "/a", 1), subscribe(6, "/b/+", 0)]);
}

#[test]
fn what_was_not_answered_is_asked_again_even_if_the_session_was_kept() {
    let mut net = with_two();
    net.device.subscribe("/c", SURE).unwrap();
    net.device.unsubscribe("/a").unwrap();
    assert_eq!(net.take_sent().len(), 2);
    net.loses_link();
    net.log_in_again(true);
    net.sends([unsubscribe(5, "/a"), subscribe(6, "/c", 1)]);
}

#[test]
fn subscriptions_made_offline_are_sent_with_the_next_session() {
    let mut net = Net::new();
    assert_eq!(net.device.subscribe("/a", SURE), Err(SendError::NotConnected), "at rest");
    assert_eq!(net.device.unsubscribe("/a"), Err(SendError::NotConnected), "at rest");
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    net.device.subscribe("/a", SURE).unwrap();
    net.device.subscribe("/b", SURE).unwrap();
    net.device.unsubscribe("/b").unwrap();
    net.log_in(false);
    net.sends([subscribe(1, "/a", 1)]);
}

#[test]
fn a_refused_subscription_is_told_and_forgotten() {
    let mut net = Net::online();
    net.device.subscribe("/mine", SURE).unwrap();
    net.device.subscribe("/others", SURE).unwrap();
    net.take_sent();
    net.arrives([suback(1, Some(1)), suback(2, None)]);
    net.tells([subscribed("/mine", true), subscribed("/others", false)]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(3, "/mine", 1)]);
}

#[test]
fn a_refused_subscription_can_be_asked_for_again() {
    let mut net = Net::online();
    net.device.subscribe("/others", SURE).unwrap();
    net.take_sent();
    net.arrives([suback(1, None)]);
    net.tells_and_waits(subscribed("/others", false));
    net.device.subscribe("/others", ONCE).unwrap();
    net.sends([subscribe(2, "/others", 0)]);
    net.arrives([suback(2, Some(0))]);
    net.tells([subscribed("/others", true)]);
}

#[test]
fn what_is_taken_back_is_not_restored() {
    let mut net = with_two();
    net.device.unsubscribe("/a").unwrap();
    net.sends([unsubscribe(3, "/a")]);
    net.arrives([unsuback(3)]);
    net.tells([Told::Unsubscribed("/a".into())]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(4, "/b/+", 0)]);
}

#[test]
fn something_never_subscribed_can_be_taken_back() {
    let mut net = Net::online();
    net.device.unsubscribe("/kept/by/the/server").unwrap();
    net.sends([unsubscribe(1, "/kept/by/the/server")]);
    net.arrives([unsuback(1)]);
    net.tells([Told::Unsubscribed("/kept/by/the/server".into())]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([]);
}

#[test]
fn a_user_who_changes_his_mind_before_the_answer_keeps_the_link() {
    let mut net = Net::online();
    net.device.subscribe("/a", SURE).unwrap();
    net.sends([subscribe(1, "/a", 1)]);
    net.device.unsubscribe("/a").unwrap();
    net.sends([unsubscribe(2, "/a")]);
    net.device.subscribe("/a", ONCE).unwrap();
    net.sends([subscribe(3, "/a", 0)]);
    net.arrives([suback(1, Some(1)), unsuback(2), suback(3, Some(0))]);
    net.tells([subscribed("/a", true)]);
    assert!(net.device.is_online());
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(4, "/a", 0)]);
}

#[test]
fn subscribing_again_changes_the_qos() {
    let mut net = with_two();
    net.device.subscribe("/a", ONCE).unwrap();
    net.sends([subscribe(3, "/a", 0)]);
    net.arrives([suback(3, Some(0))]);
    net.tells([subscribed("/a", true)]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(4, "/a", 0), subscribe(5, "/b/+", 0)]);
}

#[test]
fn filters_are_checked() {
    let mut net = Net::online_plain_with(Sizes { subscriptions: 2048, ..Sizes::default() }, 60, true);
    let longest = "x".repeat(255);
    let too_long = "x".repeat(256);
    for filter in ["/a", "/", "#", "+", "+/+", "/a/#", "/+/a", "a b", "$SYS/#", &longest] {
        assert_eq!(net.device.subscribe(filter, ONCE), Ok(()), "{filter}");
        assert_eq!(net.device.unsubscribe(filter), Ok(()), "{filter}");
    }
    net.take_sent();
    for filter in ["", "/a/#/b", "/a#", "/a+/b", "##", "/a\0"] {
        assert_eq!(net.device.subscribe(filter, ONCE), Err(SendError::Topic), "{filter}");
        assert_eq!(net.device.unsubscribe(filter), Err(SendError::Topic), "{filter}");
    }
    for filter in [too_long, "云".repeat(86), format!("{}/#", "x".repeat(254)), "+/".repeat(40_000)] {
        assert_eq!(net.device.subscribe(&filter, ONCE), Err(SendError::FilterTooLong), "{filter}");
        assert_eq!(net.device.unsubscribe(&filter), Err(SendError::FilterTooLong), "{filter}");
    }
    net.sends([]);
}

#[test]
fn a_full_buffer_says_exactly_what_it_needs() {
    let ask = |size: usize| {
        let mut net = Net::online_with(Sizes { subscriptions: size, ..Sizes::default() });
        net.device.subscribe("/first/one", ONCE).unwrap();
        let result = net.device.subscribe("/second/one", ONCE);
        (result, net.take_sent().len())
    };
    let (Err(SendError::TooLarge { needed }), 1) = ask(20) else { panic!() };
    assert_eq!(ask(needed - 1), (Err(SendError::TooLarge { needed }), 1));
    assert_eq!(ask(needed), (Ok(()), 2));
}

#[test]
fn room_is_free_again_after_the_server_let_go() {
    let mut net = Net::online_with(Sizes { subscriptions: 20, ..Sizes::default() });
    for (round, filter) in ["/some/filter", "/other/filter", "/third"].into_iter().enumerate() {
        let id = 2 * round as u16 + 1;
        net.device.subscribe(filter, ONCE).unwrap();
        net.sends([subscribe(id, filter, 0)]);
        net.arrives([suback(id, Some(0))]);
        net.tells([subscribed(filter, true)]);
        net.device.unsubscribe(filter).unwrap();
        net.sends([unsubscribe(id + 1, filter)]);
        net.arrives([unsuback(id + 1)]);
        net.tells([Told::Unsubscribed(filter.into())]);
    }
}

#[test]
fn a_subscription_that_has_ended_can_be_asked_for_again_while_that_is_told() {
    let mut net = with_two();
    net.device.unsubscribe("/a").unwrap();
    net.sends([unsubscribe(3, "/a")]);
    net.arrives([unsuback(3)]);
    net.tells_and_waits(Told::Unsubscribed("/a".into()));
    net.device.subscribe("/a", ONCE).unwrap();
    net.sends([subscribe(4, "/a", 0)]);
    net.arrives([suback(4, Some(0))]);
    net.tells([subscribed("/a", true)]);
}

#[test]
fn a_link_lost_while_the_end_is_told_has_it_asked_for_no_more() {
    let mut net = with_two();
    net.device.unsubscribe("/a").unwrap();
    net.take_sent();
    net.arrives([unsuback(3)]);
    net.tells_and_waits(Told::Unsubscribed("/a".into()));
    net.loses_link();
    net.log_in_again(false);
    net.sends([subscribe(4, "/b/+", 0)]);
}

#[test]
fn many_subscriptions_are_sent_as_room_comes() {
    let mut net = Net::online_with(Sizes { tx: 1024, subscriptions: 4096, ..Sizes::default() });
    let filters: Vec<String> = (0..100).map(|n| format!("/some/quite/long/filter/{n}")).collect();
    for filter in &filters {
        net.device.subscribe(filter, SURE).unwrap();
    }
    net.takes = 10;
    let mut asked: Vec<String> = Vec::new();
    for packet in net.take_sent() {
        let Packet::Subscribe(mut subscribe) = packet else { panic!("{packet:?}") };
        asked.push(subscribe.filters.remove(0).path);
        net.arrives([suback(subscribe.pkid, Some(1))]);
        net.tells([subscribed(asked.last().unwrap(), true)]);
    }
    assert_eq!(asked, filters, "without another byte or a later moment");
}

#[test]
fn a_window_full_of_messages_holds_subscriptions_up_only_until_it_opens() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    while net.device.publish("/a", &[b'x'; 100], SURE).is_ok() {}
    while net.device.publish("/a", b"x", SURE).is_ok() {}
    let waiting = net.take_sent().len() as u16;
    let filter = format!("/ext/rrpc/+/{}", "f/".repeat(100));
    net.device.subscribe(&filter, SURE).unwrap();
    net.sends([]);
    net.arrives([crate::packets::puback(1), crate::packets::puback(2), crate::packets::puback(3)]);
    net.tells([1, 2, 3].map(Told::Delivered));
    assert!(matches!(net.sends_one(), Packet::Subscribe(subscribe) if subscribe.filters[0].path == filter));
    assert!(waiting > 3);
}

#[test]
fn only_messages_that_were_subscribed_to_come_from_the_platform() {
    let mut net = with_two();
    net.arrives([qos0("/a", b"1"), qos0("/b/x", b"2"), qos0("/b/x/y", b"3"), qos0("/c", b"4")]);
    net.tells([message("/a", b"1"), message("/b/x", b"2")]);
}

#[test]
fn a_filter_that_never_finds_room_in_the_send_buffer_is_refused_at_once() {
    let mut net = Net::online_plain_with(Sizes { tx: 512, subscriptions: 1024, ..Sizes::default() }, 60, true);
    let long = "x".repeat(200);
    let Err(SendError::TooLarge { needed }) = net.device.subscribe(&long, Qos::AtMostOnce) else { panic!() };
    assert_eq!(net.device.unsubscribe(&long), Err(SendError::TooLarge { needed }));
    net.device.subscribe("/a", Qos::AtMostOnce).unwrap();
    assert_eq!(net.take_sent().len(), 1, "others are not held up");
    net.device.move_tx(buffer(needed)).unwrap();
    net.device.subscribe(&long, Qos::AtMostOnce).unwrap();
    assert_eq!(net.take_sent().len(), 1);
}

/// The packet identifier and the filter of each SUBSCRIBE that was sent.
fn asked(net: &mut Net) -> Vec<(u16, String)> {
    let sent = net.take_sent().into_iter();
    sent.map(|packet| match packet {
        Packet::Subscribe(mut subscribe) => (subscribe.pkid, subscribe.filters.remove(0).path),
        other => panic!("{other:?}"),
    })
    .collect()
}

#[test]
fn fifty_filters_are_answered_in_any_order_and_asked_for_again() {
    let name = |number: usize| format!("/x/user/{number:02}");
    let mut net = Net::online_with(Sizes { subscriptions: 50 * (5 + name(0).len()), ..Sizes::default() });
    (0..50).for_each(|number| net.device.subscribe(&name(number), ONCE).unwrap());
    let asked_for = asked(&mut net);
    assert_eq!(
        asked_for.iter().map(|(_, filter)| filter.clone()).collect::<Vec<_>>(),
        (0..50).map(name).collect::<Vec<_>>()
    );
    // From the last to the first; every seventh is refused, and forgotten.
    for (place, (id, filter)) in asked_for.iter().enumerate().rev() {
        let is_granted = place % 7 != 0;
        net.arrives([suback(*id, is_granted.then_some(0))]);
        net.tells([subscribed(filter, is_granted)]);
    }
    let granted: Vec<String> = (0..50).filter(|number| number % 7 != 0).map(name).collect();
    net.loses_link();
    net.log_in_again(false);
    let asked_again = asked(&mut net);
    assert_eq!(asked_again.iter().map(|(_, filter)| filter.clone()).collect::<Vec<_>>(), granted);
    // Those at even places first, all answers in one read.
    let (even, odd): (Vec<_>, Vec<_>) = asked_again.iter().enumerate().partition(|(place, _)| place % 2 == 0);
    let answered: Vec<_> = even.into_iter().chain(odd).map(|(_, asked)| asked).collect();
    net.arrive_bytes(&answered.iter().flat_map(|(id, _)| encode(&suback(*id, Some(0)))).collect::<Vec<u8>>());
    let told: Vec<Told> = answered.iter().map(|(_, filter)| subscribed(filter, true)).collect();
    assert_eq!(net.take_told(), told);
    for number in 0..50 {
        net.arrives([qos0(&name(number), b"?")]);
        let expected = granted.contains(&name(number)).then(|| message(&name(number), b"?"));
        assert_eq!(net.take_told(), Vec::from_iter(expected));
    }
}
