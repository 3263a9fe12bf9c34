//! Two devices, one identity: each login closes the other's session.

use aliyun_iot::device::{Loss, Options};

use crate::net::{Net, Sizes, Told, aliyun_login};

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
fn a_server_that_falls_silent_or_breaks_the_rules_is_no_second_device() {
    for (after, bytes) in [(7_500, &[][..]), (0, &[0xf0, 0])] {
        let mut net = Net::online_plain(5, true);
        for _ in 0..5 {
            net.wait(after);
            net.arrive_while_it_lives(bytes);
            let told = net.take_told();
            assert!(matches!(told[..], [Told::Disconnected(Loss::Peer(_))]), "{told:?}");
            net.wait_for_link();
            net.take_sent();
            net.log_in_again(false);
        }
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

/// Two devices with one identity on a server that closes the older session at each login. When which login came, in
/// milliseconds, and how often each device said that it was kicked.
fn an_hour_of_two(seeds: [u32; 2]) -> (Vec<u64>, [usize; 2]) {
    let mut nets = seeds.map(|seed| Net::seeded(Sizes::default(), seed));
    for net in &mut nets {
        net.answers_pings = true;
        net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
        net.pump();
    }
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
    (logins, told_kicked)
}

#[test]
fn two_devices_with_one_identity_back_off_are_told_and_do_not_hammer_the_server() {
    let hours = [[1, 2], [3, 4], [5, 6], [7, 8], [4711, 4711], [0, u32::MAX]].map(an_hour_of_two);
    let logins: Vec<usize> = hours.iter().map(|(logins, _)| logins.len()).collect();
    assert_eq!(logins, [36, 38, 34, 36, 36, 40], "logins in an hour, by seeds");
    for (logins, told_kicked) in &hours {
        // The one that waits; to the other it looks like a link that is lost every few minutes.
        assert!(told_kicked.iter().any(|count| *count > 10), "{told_kicked:?}: somebody is told, each time");
        // Each slow attempt of the one costs the other a session, which comes back once.
        let settled = logins.iter().filter(|at| **at > 60_000).count();
        assert!(settled <= 2 * 3_600 / 150, "{settled} logins after the first minute");
        assert!(logins.windows(3).all(|three| three[0] < 60_000 || three[2] - three[0] > 60_000), "{logins:?}");
    }
}
