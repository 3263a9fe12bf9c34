//! Two devices, one identity: each login closes the other's session.

use aliyun_iot::device::{Loss, Options};

use crate::net::{Net, Told, aliyun_login};

/// The session ends `after` ms after it began.
fn kick(net: &mut Net, after: u32) -> Vec<Told> {
    net.wait(after);
    net.link_lost(0);
    let told = net.take_told();
    assert_eq!(told[0], Told::Disconnected(Loss::Link(0)));
    told
}

#[test]
fn the_third_quick_loss_is_told_as_a_kick_and_slows_it_down() {
    let mut net = Net::online();
    net.answers_pings = true;
    for _ in 0..2 {
        assert_eq!(kick(&mut net, 300).len(), 1);
        assert!(net.wait_for_link() <= 4_000);
        net.log_in_again(false);
    }
    for _ in 0..3 {
        assert_eq!(kick(&mut net, 300)[1..], [Told::Failed(Loss::Kicked)]);
        let waited = net.wait_for_link();
        assert!((150_000..=300_000).contains(&waited), "{waited} ms");
        net.log_in_again(false);
    }
    for lasts in [60_000, 300, 300] {
        assert_eq!(kick(&mut net, lasts).len(), 1, "a session that lasted ends the suspicion");
        assert!(net.wait_for_link() <= 4_000);
        net.log_in_again(false);
    }
}

#[test]
fn a_connect_of_the_users_starts_without_suspicion() {
    let mut net = Net::online();
    for _ in 0..2 {
        kick(&mut net, 300);
        net.log_in_again(false);
    }
    net.device.close(net.now);
    net.tells([Told::Closed]);
    net.take_sent();
    net.connect(Options::default());
    assert_eq!(kick(&mut net, 300).len(), 1);
    assert!(net.wait_for_link() <= 1_000);
}

#[test]
fn sessions_that_last_are_not_kicks() {
    let mut net = Net::online();
    for _ in 0..10 {
        assert_eq!(kick(&mut net, 10_000).len(), 1);
        assert!(net.wait_for_link() <= 1_000);
        net.log_in_again(false);
    }
}

#[test]
fn two_devices_with_one_identity_do_not_hammer_the_server() {
    let mut nets = [Net::new(), Net::new()];
    for net in &mut nets {
        net.answers_pings = true;
        net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
        net.pump();
    }
    nets[1].wait(100);
    nets[0].wait(100);
    let (mut logins, mut elapsed, mut told_kicked) = (Vec::new(), 0_u64, [0; 2]);
    while elapsed < 3_600_000 {
        for me in 0..2 {
            if nets[me].attempt().is_some() && !nets[me].device.is_online() {
                nets[me].log_in(false);
                nets[me].pump();
                logins.push(elapsed);
                let other = &mut nets[1 - me];
                if other.device.is_online() {
                    other.link_lost(0);
                }
            }
        }
        for (net, kicked) in nets.iter_mut().zip(&mut told_kicked) {
            *kicked += net.take_told().iter().filter(|told| **told == Told::Failed(Loss::Kicked)).count();
        }
        let due = nets.iter().filter_map(Net::due_in).min().unwrap();
        elapsed += u64::from(due);
        for net in &mut nets {
            net.wait(due);
        }
    }
    assert!(told_kicked.iter().sum::<usize>() > 0, "somebody is told");
    // Each slow attempt of the one costs the other a session, which comes back once.
    assert!((10..=60).contains(&logins.len()), "{} logins in an hour", logins.len());
    let minute = logins.windows(6).filter(|six| six[5] - six[0] < 60_000).count();
    assert!(minute <= 6, "more than five logins in a minute, {minute} times");
}
