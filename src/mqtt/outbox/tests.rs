use std::vec::Vec;

use super::*;

fn put_publish(outbox: &mut Outbox, topic: &[&[u8]], payload: &[u8], qos: Qos, packet_id: u16) -> Result<(), Full> {
    copy(outbox.publish(Priority::User, topic, payload.len(), qos, packet_id)?, payload);
    Ok(())
}

fn publish(outbox: &mut Outbox, payload: &[u8], packet_id: u16) -> Result<(), Full> {
    let qos = if packet_id == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce };
    put_publish(outbox, &[b"t"], payload, qos, packet_id)
}

/// Sends what may be sent, in chunks of `chunk` bytes, and returns the packets.
fn drain(outbox: &mut Outbox, chunk: usize) -> Vec<Vec<u8>> {
    let mut sent = Vec::new();
    loop {
        let piece: Vec<u8> = outbox.offer().iter().take(chunk).copied().collect();
        if piece.is_empty() {
            return packets(&sent);
        }
        outbox.sent(piece.len(), |_| ());
        sent.extend(piece);
    }
}

/// The packets in `bytes`, all of which are whole and shorter than 16 KiB.
fn packets(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    while let [_, length, more, ..] = *bytes {
        let size = match length & 0x80 {
            0 => 2 + usize::from(length),
            _ => 3 + usize::from(length & 0x7f) + (usize::from(more) << 7),
        };
        let (packet, rest) = bytes.split_at(size);
        packets.push(packet.to_vec());
        bytes = rest;
    }
    assert!(bytes.is_empty(), "{bytes:02x?} is no packet");
    packets
}

#[test]
fn packets_are_what_another_codec_reads() {
    let mut bytes = [0; 1024];
    let mut outbox = Outbox::new(&mut bytes);
    let long = [b'x'; 300];
    put_publish(&mut outbox, &[b"/a/", b"b"], b"hello", Qos::AtMostOnce, 0).unwrap();
    put_publish(&mut outbox, &[b"/a"], &long, Qos::AtLeastOnce, 7).unwrap();
    let packets = drain(&mut outbox, 1000);
    for (packet, topic, payload) in [(&packets[0], "/a/b", &b"hello"[..]), (&packets[1], "/a", &long)] {
        match mqttrs::decode_slice(packet) {
            Ok(Some(mqttrs::Packet::Publish(publish))) => {
                assert_eq!((publish.topic_name, publish.payload), (topic, payload));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn kept_messages_go_again_in_order_with_dup() {
    let mut bytes = [0; 1024];
    let mut outbox = Outbox::new(&mut bytes);
    publish(&mut outbox, b"one", 1).unwrap();
    publish(&mut outbox, b"zero", 0).unwrap();
    publish(&mut outbox, b"two", 2).unwrap();
    assert_eq!(drain(&mut outbox, 3).len(), 3);
    publish(&mut outbox, b"three", 3).unwrap();
    publish(&mut outbox, b"lost", 0).unwrap();
    assert!(outbox.acknowledge(1));
    outbox.rewind();
    let again = drain(&mut outbox, 1);
    assert_eq!(again.len(), 2);
    assert!(again[0].ends_with(b"two") && again[0][0] == 0x3a, "sent before: DUP");
    assert!(again[1].ends_with(b"three") && again[1][0] == 0x32, "never sent: no DUP");
    assert!(outbox.acknowledge(3) && outbox.acknowledge(2) && !outbox.acknowledge(2));
    assert_eq!((outbox.live, outbox.count, outbox.kept), (0, 0, 0));
    assert!(outbox.head == outbox.tail);
}

#[test]
fn an_acknowledgement_in_the_middle_of_a_resend_waits_for_its_end() {
    let mut bytes = [0; 1024];
    let mut outbox = Outbox::new(&mut bytes);
    publish(&mut outbox, b"one", 1).unwrap();
    drain(&mut outbox, 100);
    outbox.rewind();
    let whole = outbox.offer().to_vec();
    outbox.sent(2, |_| ());
    assert!(outbox.acknowledge(1));
    assert_eq!(outbox.offer(), &whole[2..]);
    outbox.sent(whole.len() - 2, |_| ());
    assert_eq!((outbox.count, outbox.unacknowledged()), (0, 0));
}

#[test]
fn a_message_never_sent_cannot_be_acknowledged() {
    let mut bytes = [0; 1024];
    let mut outbox = Outbox::new(&mut bytes);
    publish(&mut outbox, b"one", 1).unwrap();
    assert!(!outbox.acknowledge(1));
    assert_eq!(outbox.unacknowledged(), 1);
}

#[test]
fn limits_tell_which() {
    let mut bytes = [0; BYTES_KEPT_BACK + 700];
    let mut outbox = Outbox::new(&mut bytes);
    assert_eq!(publish(&mut outbox, &[0; 800], 1), Err(Full::Never { needed: BYTES_KEPT_BACK + 808 }));
    publish(&mut outbox, &[0; 500], 1).unwrap();
    assert_eq!(publish(&mut outbox, &[0; 500], 2), Err(Full::Bytes));
    for packet_id in 2..=WINDOW as u16 {
        publish(&mut outbox, b"", packet_id).unwrap();
    }
    assert_eq!(publish(&mut outbox, b"", 99), Err(Full::Packets));
    assert!(outbox.can_answer(), "the session's own room is left");
    outbox.control(Priority::Session, 0xc0, &[]).unwrap();
}

#[test]
fn a_run_of_packets_goes_at_once_and_may_be_cut_anywhere() {
    for cut in 1..40 {
        let mut bytes = [0; 1024];
        let mut outbox = Outbox::new(&mut bytes);
        publish(&mut outbox, b"one", 1).unwrap();
        outbox.control(Priority::Session, 0x40, &[&[0, 9]]).unwrap();
        publish(&mut outbox, b"zero", 0).unwrap();
        publish(&mut outbox, b"two", 2).unwrap();
        let whole = outbox.offer().to_vec();
        let all = packets(&whole);
        assert_eq!(all.len(), 4, "they lie one behind another");
        let mut firsts = Vec::new();
        let cut = cut.min(whole.len());
        outbox.sent(cut, |first| firsts.push(first));
        assert_eq!(outbox.offer(), &whole[cut..]);
        // The packets of which some were sent, in their order.
        let begun = all.iter().scan(0, |end, packet| {
            *end += packet.len();
            Some((*end - packet.len(), packet[0]))
        });
        assert_eq!(firsts, begun.filter(|(start, _)| *start < cut).map(|(_, first)| first).collect::<Vec<u8>>());
        outbox.sent(whole.len(), |_| ());
        assert!(outbox.is_drained() && outbox.unacknowledged() == 2);
        assert_eq!(outbox.last(), Some((Sent::Publish, &b"t"[..])));
    }
}

#[test]
fn a_burst_leaves_no_gap_to_close() {
    let mut bytes = [0; 4096];
    let mut outbox = Outbox::new(&mut bytes);
    for round in 0..100 {
        for _ in 0..26 {
            publish(&mut outbox, &[b'x'; 64], 0).unwrap();
        }
        assert_eq!(publish(&mut outbox, b"", 0), Err(Full::Packets));
        assert_eq!(outbox.used, 26 * 69, "round {round}: the burst begins at the front");
        assert_eq!(drain(&mut outbox, usize::MAX).len(), 26);
    }
}

#[test]
fn gaps_are_closed_when_their_space_is_needed() {
    let mut bytes = [0; BYTES_KEPT_BACK + 300];
    let mut outbox = Outbox::new(&mut bytes);
    publish(&mut outbox, &[1; 93], 1).unwrap();
    publish(&mut outbox, &[2; 93], 2).unwrap();
    drain(&mut outbox, usize::MAX);
    assert!(outbox.acknowledge(1));
    publish(&mut outbox, &[3; 80], 0).unwrap();
    outbox.sent(10, |_| ());
    let (used, rest) = (outbox.used, outbox.offer().to_vec());
    assert!(publish(&mut outbox, &[4; 93], 4).is_err(), "what the port has is not moved by a publish");
    outbox.sent(10, |_| ());
    publish(&mut outbox, &[4; 93], 4).unwrap();
    assert!(outbox.used < used + 100, "the gap of the first message is closed");
    assert!(outbox.offer().starts_with(&rest[10..]), "in the middle of a packet");
    drain(&mut outbox, 7);
    outbox.rewind();
    let again = drain(&mut outbox, usize::MAX);
    assert_eq!(
        again.iter().map(|packet| (packet[0], *packet.last().unwrap())).collect::<Vec<_>>(),
        [(0x3a, 2), (0x3a, 4)]
    );
}

#[test]
fn a_packet_that_was_begun_holds_up_those_behind_it() {
    for is_whole in [false, true] {
        let mut bytes = [0; 1024];
        let mut outbox = Outbox::new(&mut bytes);
        publish(&mut outbox, b"before", 0).unwrap();
        outbox.begin_publish(&[b"t"], 3).unwrap();
        publish(&mut outbox, b"behind", 0).unwrap();
        assert_eq!(drain(&mut outbox, 5).len(), 1);
        assert!(!outbox.is_drained());
        outbox.tail_mut(3).unwrap().copy_from_slice(b"now");
        outbox.end_publish(is_whole);
        let sent = drain(&mut outbox, 5);
        let wanted: &[&[u8]] = if is_whole { &[b"now", b"behind"] } else { &[b"behind"] };
        assert!(sent.len() == wanted.len() && sent.iter().zip(wanted).all(|(packet, end)| packet.ends_with(end)));
        assert!(outbox.tail_mut(3).is_none());
    }
}

#[test]
fn a_careful_outbox_sends_one_packet_at_a_time() {
    let mut bytes = [0; 1024];
    let mut outbox = Outbox::new(&mut bytes);
    outbox.is_careful = true;
    for packet in [b"one", b"two"] {
        publish(&mut outbox, packet, 0).unwrap();
    }
    let first = outbox.offer().to_vec();
    assert!(first.ends_with(b"one"));
    outbox.sent(first.len(), |_| ());
    assert!(outbox.offer().is_empty() && outbox.holds_message());
    assert_eq!(outbox.last(), Some((Sent::Publish, &b"t"[..])));
    outbox.release(true);
    assert!(outbox.offer().ends_with(b"two"));
}

/// What an outbox does, as a list of packets.
#[derive(Default)]
struct Model {
    packets: Vec<(Vec<u8>, u16, State)>,
    next: usize,
    progress: usize,
    begun: Option<usize>,
}

impl Model {
    fn to_send(&self) -> Vec<u8> {
        let end = self.begun.unwrap_or(self.packets.len());
        let run = &self.packets[self.next..end.max(self.next)];
        run.iter().flat_map(|(bytes, ..)| bytes).skip(self.progress).copied().collect()
    }

    fn live(&self) -> usize {
        self.packets.iter().map(|(bytes, ..)| bytes.len()).sum()
    }

    fn kept(&self) -> usize {
        self.packets.iter().filter(|(_, _, state)| state.is_kept()).count()
    }

    /// Why a packet of the user's is refused, if nothing stands in the way of closing gaps.
    fn refuses(&self, length: usize, is_kept: bool, size: usize) -> Option<Full> {
        if self.packets.len() + 6 >= 32 || is_kept && self.kept() >= WINDOW {
            Some(Full::Packets)
        } else {
            (self.live() + length + BYTES_KEPT_BACK > size).then_some(Full::Bytes)
        }
    }

    fn remove(&mut self, index: usize) {
        self.packets.remove(index);
        self.next -= usize::from(index < self.next);
        if let Some(begun) = &mut self.begun {
            *begun -= usize::from(index < *begun);
        }
    }

    fn sent(&mut self, count: usize) {
        self.progress += count;
        while self.next < self.packets.len() && self.progress >= self.packets[self.next].0.len() {
            self.progress -= self.packets[self.next].0.len();
            match &mut self.packets[self.next] {
                (_, _, state @ (State::New | State::Sent)) => {
                    *state = State::Sent;
                    self.next += 1;
                }
                _ => self.remove(self.next),
            }
            if self.progress == 0 {
                break;
            }
        }
    }

    fn acknowledge(&mut self, id: u16) -> bool {
        let Some(at) = self.packets.iter().position(|(_, other, state)| *other == id && *state == State::Sent) else {
            return false;
        };
        if at < self.next {
            self.remove(at)
        } else {
            self.packets[at].2 = State::Acknowledged
        }
        true
    }

    fn rewind(&mut self) {
        (self.next, self.progress, self.begun) = (0, 0, None);
        self.packets.retain(|(_, _, state)| matches!(state, State::New | State::Sent));
        for (bytes, ..) in self.packets.iter_mut().filter(|(_, _, state)| *state == State::Sent) {
            bytes[0] |= 8;
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Publish { qos1: bool, payload: usize },
    Puback,
    Begin { payload: usize },
    End { is_whole: bool },
    Offer,
    Sent { part: usize },
    Acknowledge { at: usize },
    Rewind,
}

fn steps() -> impl proptest::strategy::Strategy<Value = Vec<Step>> {
    use proptest::prelude::*;
    let step = prop_oneof![
        6 => (any::<bool>(), 0..150_usize).prop_map(|(qos1, payload)| Step::Publish { qos1, payload }),
        1 => Just(Step::Puback),
        1 => (1..150_usize).prop_map(|payload| Step::Begin { payload }),
        1 => any::<bool>().prop_map(|is_whole| Step::End { is_whole }),
        3 => Just(Step::Offer),
        6 => (0..200_usize).prop_map(|part| Step::Sent { part }),
        4 => (0..25_usize).prop_map(|at| Step::Acknowledge { at }),
        1 => Just(Step::Rewind),
    ];
    prop::collection::vec(step, 1..150)
}

proptest::proptest! {
    #[test]
    fn bytes_go_as_from_a_list_of_packets(steps in steps()) {
        const SIZE: usize = BYTES_KEPT_BACK + 900;
        let mut bytes = [0; SIZE];
        let mut outbox = Outbox::new(&mut bytes);
        let mut model = Model::default();
        let (mut is_offered, mut last_id) = (false, 0_u16);
        for (number, step) in steps.into_iter().enumerate() {
            let from = outbox.at + outbox.progress;
            match step {
                Step::Publish { qos1, payload } => {
                    let payload = std::vec![number as u8; payload];
                    let id = if qos1 { last_id + 1 } else { 0 };
                    let identifier = if qos1 { id.to_be_bytes().to_vec() } else { Vec::new() };
                    let body = [&[0, 1, b't'], &identifier[..], &payload].concat();
                    let length = body.len() as u8;
                    let header =
                        if body.len() < 128 { std::vec![length] } else { std::vec![length | 0x80, (body.len() >> 7) as u8] };
                    let packet = [&[0x30 | u8::from(qos1) << 1][..], &header, &body].concat();
                    let refused = model.refuses(packet.len(), qos1, SIZE);
                    match publish(&mut outbox, &payload, id) {
                        Ok(()) => {
                            proptest::prop_assert_eq!(refused, None);
                            last_id = last_id.max(id);
                            model.packets.push((packet, id, if qos1 { State::New } else { State::Once }));
                        }
                        Err(Full::Bytes) if refused.is_none() => {
                            proptest::prop_assert!(is_offered || model.begun.is_some(), "there is space");
                        }
                        Err(error) => proptest::prop_assert_eq!(Some(error), refused),
                    }
                    if is_offered {
                        proptest::prop_assert_eq!(from, outbox.at + outbox.progress, "nothing moves");
                    }
                }
                Step::Puback => {
                    if outbox.make_room_to_answer() {
                        outbox.control(Priority::Session, 0x40, &[&[0, 7]]).unwrap();
                        model.packets.push((std::vec![0x40, 2, 0, 7], 0, State::Once));
                    }
                }
                Step::Begin { payload } => {
                    let length = 1 + if payload + 3 < 128 { 1 } else { 2 } + 3 + payload;
                    if model.begun.is_none() && model.refuses(length, false, SIZE).is_none() {
                        // What the port has may move, but is the same.
                        outbox.begin_publish(&[b"t"], payload).unwrap();
                        outbox.tail_mut(payload).unwrap().fill(number as u8);
                        model.begun = Some(model.packets.len());
                        let start = outbox.ready;
                        let packet = outbox.bytes[start..start + length].to_vec();
                        model.packets.push((packet, 0, State::Once));
                    }
                }
                Step::End { is_whole } => {
                    outbox.end_publish(is_whole);
                    if let (Some(begun), false) = (model.begun.take(), is_whole) {
                        model.remove(begun);
                    }
                }
                Step::Offer => {
                    let wanted = model.to_send();
                    proptest::prop_assert_eq!(outbox.offer(), &wanted[..]);
                    is_offered = !wanted.is_empty();
                }
                Step::Sent { part } => {
                    let count = part.min(model.to_send().len());
                    outbox.sent(part, |_| ());
                    model.sent(count);
                    is_offered = false;
                }
                Step::Acknowledge { at } => {
                    let id = model.packets.get(at).map_or(0, |packet| packet.1);
                    proptest::prop_assert_eq!(outbox.acknowledge(id), id > 0 && model.acknowledge(id));
                }
                Step::Rewind => {
                    outbox.rewind();
                    model.rewind();
                    is_offered = false;
                }
            }
            let end = outbox.end();
            let waits = outbox.bytes.get(outbox.at + outbox.progress..end).unwrap_or_default();
            proptest::prop_assert_eq!(waits, &model.to_send()[..]);
            proptest::prop_assert_eq!(outbox.live, model.live());
            proptest::prop_assert_eq!(usize::from(outbox.count), model.packets.len());
            proptest::prop_assert_eq!(outbox.unacknowledged(), model.kept());
            proptest::prop_assert_eq!(outbox.is_drained(), model.next == model.packets.len());
        }
    }
}
