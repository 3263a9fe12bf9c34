//! Uploads over silence and lost links.

use super::*;

#[test]
fn what_is_not_answered_is_sent_five_times() {
    let content = content(600);
    let mut net = Net::online();
    net.answers_pings = true;
    net.device.upload().begin(file(&content), 256).unwrap();
    let mut init = request(&mut net, "init");
    for _ in 0..4 {
        net.wait(9_999);
        net.sends([]);
        net.wait(1);
        let again = request(&mut net, "init");
        assert_eq!((&init.id, &init.params), (&again.id, &again.params));
        init = again;
    }
    net.arrives([init.welcome()]);
    let first = block(&mut net, &content);
    for _ in 0..4 {
        net.wait(9_999);
        net.tells([]);
        net.wait(1);
        let again = block(&mut net, &content);
        assert_eq!((&again.id, &again.data), (&first.id, &first.data));
    }
    net.wait(10_000);
    net.tells([Told::UploadFailed(0)]);
    request(&mut net, "cancel");
    net.arrives([first.thanks()]);
    net.wait(60_000);
    net.tells([]);
    net.sends([]);
}

#[test]
fn a_late_reply_counts() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.wait(10_000);
    let again = block(&mut net, &content);
    net.arrives([first.thanks(), again.reply(78126, json!({}))]);
    let second = block(&mut net, &content);
    assert_eq!(second.offset(), 256);
}

#[test]
fn the_time_runs_from_when_the_block_has_left() {
    let content = content(2_000);
    let mut net = begun(&content, 2_000);
    let (offset, _) = asked(&mut net);
    net.takes = 0;
    fill(&mut net, &content, offset);
    for _ in 0..60 {
        net.wait(1_000);
    }
    net.takes = usize::MAX;
    let block = request(&mut net, "send");
    net.wait(9_999);
    net.tells([]);
    net.arrives([block.thanks()]);
    net.tells([uploaded()]);
}

#[test]
fn a_request_for_an_upload_is_sent_again_on_the_next_link() {
    let content = content(600);
    let mut net = Net::online();
    net.device.upload().begin(file(&content), 256).unwrap();
    let init = request(&mut net, "init");
    cut(&mut net);
    net.tells([Told::Connected { again: true, session_present: false }]);
    let sent = net.take_sent();
    assert!(matches!(sent[..], [Packet::Subscribe(_), Packet::Subscribe(_), _]), "{sent:?}");
    let again = Request::read(&sent[2]);
    assert_eq!(init.params, again.params);
    net.arrives([again.welcome()]);
    block(&mut net, &content);
}

#[test]
fn a_block_is_asked_for_again_on_the_next_link() {
    let content = content(600);
    let mut net = begun(&content, 256);
    assert_eq!(asked(&mut net).0, 0);
    cut(&mut net);
    let told = net.take_told();
    let (up, block) =
        (Told::Connected { again: true, session_present: false }, Told::UploadBlock { offset: 0, length: 256 });
    assert_eq!(told, [up, block]);
    let sent = net.take_sent();
    assert!(matches!(sent[..], [Packet::Subscribe(_), Packet::Subscribe(_)]), "{sent:?}");
    fill(&mut net, &content, 0);
    request(&mut net, "send");
    // One that was wanted on the old link is not wanted on no link.
    net.device.close(net.now);
    assert!(net.device.upload().block().is_none());
    net.device.upload().filled(net.now);
}

#[test]
fn a_lost_link_costs_the_block_that_was_under_way() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.thanks()]);
    let second = block(&mut net, &content);
    // Not right behind it.
    net.wait(5_000);
    net.link_lost(104);
    net.tells([Told::Disconnected(Loss::Link(104))]);
    assert!(net.device.upload().block().is_none());
    net.wait_for_link();
    net.log_in(false);
    let told = net.take_told();
    let (up, wanted) =
        (Told::Connected { again: true, session_present: false }, Told::UploadBlock { offset: 256, length: 256 });
    assert_eq!(told, [up, wanted]);
    net.take_sent();
    fill(&mut net, &content, 256);
    let again = request(&mut net, "send");
    assert_eq!((&again.params, &again.data), (&second.params, &second.data));
    assert_ne!(again.id, second.id, "an answer of the old link may still come");
    net.arrives([again.reply(78126, json!({}))]);
    let last = block(&mut net, &content);
    net.arrives([last.thanks()]);
    net.tells([uploaded()]);
}

#[test]
fn an_upload_that_stalls_for_six_minutes_fails_on_whatever_links() {
    let content = content(600);
    let mut net = begun(&content, 256);
    // The platform accepts a block, and no link comes up after that.
    let first = block(&mut net, &content);
    net.wait(5_000);
    net.arrives([first.thanks()]);
    net.take_told();
    net.link_lost(104);
    net.wait(359_000);
    assert!(net.take_told().iter().all(|told| matches!(told, Told::Disconnected(_) | Told::Failed(_))));
    net.wait(2_000);
    let failed = net.take_told().into_iter().filter(|told| matches!(told, Told::UploadFailed(_)));
    assert_eq!(failed.collect::<Vec<_>>(), [Told::UploadFailed(-8)]);
    net.device.upload().begin(file(&content), 256).unwrap();
}

/// A platform that keeps to its own rules.
#[derive(Default)]
struct Platform {
    uid: String,
    got: Vec<u8>,
}

impl Platform {
    fn answer(&mut self, request: &Request, size: usize) -> Packet {
        if request.what == "init" {
            let uid = request.params["initUid"].as_str().unwrap();
            if uid != self.uid {
                self.uid = uid.into();
                self.got.clear();
            }
            return request.reply(200, json!({"uploadId": format!("u{uid}"), "offset": self.got.len()}));
        }
        assert_eq!(request.params["uploadId"], format!("u{}", self.uid));
        let offset = request.offset() as usize;
        if offset == self.got.len() {
            self.got.extend_from_slice(&request.data);
            let data = json!({"offset": offset, "complete": self.got.len() == size});
            request.reply(200, data)
        } else if offset + request.data.len() <= self.got.len() {
            request.reply(78126, json!({}))
        } else {
            request.reply(78119, json!({"offset": self.got.len()}))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn whatever_is_lost_the_file_arrives(
        size in 1_usize..3_000,
        block in 256_u32..1_024,
        luck in proptest::collection::vec(0_u8..12, 0..40),
    ) {
        let content = content(size);
        let mut net = Net::online_with(Sizes { rx: 2048, ..Sizes::default() });
        net.answers_pings = true;
        let mut platform = Platform::default();
        let (mut luck, mut bad) = (luck.into_iter(), 0);
        net.device.upload().begin(file(&content), block).unwrap();
        for round in 0.. {
            prop_assert!(round < 1_000, "no end");
            let mut done = false;
            for told in net.take_told() {
                match told {
                    Told::UploadBlock { offset, .. } if net.device.upload().block().is_some() => {
                        fill(&mut net, &content, offset as usize);
                    }
                    Told::Uploaded(_) => done = true,
                    Told::UploadFailed(code) => panic!("failed with {code}"),
                    _ => {}
                }
            }
            if done {
                break;
            }
            let requests = requests(&mut net);
            // Five times without an answer is the end of it.
            let mut unlucky = luck.next();
            if matches!(unlucky, Some(2..=4)) {
                bad += 1;
                unlucky = unlucky.filter(|_| bad < 5);
            }
            match unlucky {
                // What was sent is lost with the link, or the answer is.
                Some(0) => net.link_lost(104),
                Some(1) => {
                    for request in &requests {
                        platform.answer(request, size);
                    }
                    net.link_lost(104);
                }
                // A message is lost on its way, or the answer is.
                Some(2) => {}
                Some(3) => {
                    for request in &requests {
                        platform.answer(request, size);
                    }
                }
                Some(4) => {
                    for request in &requests {
                        if request.what == "send" {
                            net.arrives([request.reply(78121, json!({}))]);
                        }
                    }
                }
                // The platform forgets.
                Some(5) if requests.iter().any(|request| request.what == "send") && round < 4 => {
                    platform = Platform::default();
                    net.arrives([requests[0].reply(78122, json!({}))]);
                }
                _ => {
                    for request in &requests {
                        let answer = platform.answer(request, size);
                        net.arrives([answer]);
                    }
                }
            }
            net.pump();
            if net.attempt().is_none() {
                net.wait_for_link();
                net.log_in(false);
            } else if net.due_in().is_some_and(|due| due > 0) && requests.is_empty() {
                net.wait_until_due();
            }
        }
        prop_assert_eq!(platform.got, content);
    }
}
