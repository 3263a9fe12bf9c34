//! A week in which a thousand things go wrong.

use std::collections::BTreeMap;
use std::fmt::Write;

use aliyun_iot::device::Options;

use super::faults::{FAULTS, Fault};
use super::matches_snapshot;
use super::world::World;

const HOUR: u64 = 3_600_000;
const WEEK: u64 = 7 * 24 * HOUR;
const MANY: usize = 1_000;

/// One week; what can be told of it.
fn week(seed: u64, clean_session: bool) -> String {
    let mut world = World::new(seed, Options { clean_session, ..Options::default() });
    // One message a minute to the cloud, one in ninety seconds to the device.
    (world.to_publish, world.publish_every) = ((WEEK / 60_000) as u32 * 95 / 100, 60_000);
    (world.to_push, world.push_every) = ((WEEK / 90_000) as u32 * 95 / 100, 90_000);
    let mut moments: Vec<u64> = (0..MANY).map(|_| world.random.between(10_000, WEEK - HOUR)).collect();
    moments.sort_unstable();
    let mut suffered: BTreeMap<Fault, u32> = BTreeMap::new();
    for (count, at) in moments.into_iter().enumerate() {
        // Trouble ends by itself if nothing else goes wrong before.
        while world.trouble.until > world.now && world.trouble.until < at {
            let until = world.trouble.until;
            world.run_until(until);
            world.recover();
        }
        world.run_until(at.max(world.now));
        let fault = FAULTS[count % FAULTS.len()];
        world.suffer(fault);
        *suffered.entry(fault).or_default() += 1;
    }
    let until = world.trouble.until.max(world.now);
    world.run_until(until);
    world.recover();
    world.run_until(WEEK);
    world.check();
    assert_eq!(suffered.values().sum::<u32>(), MANY as u32);
    let tally = &world.tally;
    assert!(tally.longest_recovery_ms <= 300_000 + 10_000, "the longest wait and an attempt: {tally:?}");
    let mut told = String::new();
    writeln!(told, "seed {seed}, {} session", if clean_session { "clean" } else { "kept" }).unwrap();
    writeln!(told, "  online           {}.{} %", tally.online_ms * 100 / WEEK, tally.online_ms * 1_000 / WEEK % 10)
        .unwrap();
    writeln!(told, "  longest offline  {} s", tally.longest_offline_ms / 1_000).unwrap();
    writeln!(told, "  longest recovery {} s", tally.longest_recovery_ms / 1_000).unwrap();
    writeln!(told, "  logins           {}, of which {} led to a session", world.broker.logins, tally.connected)
        .unwrap();
    writeln!(told, "  losses told      {:?}", tally.losses).unwrap();
    writeln!(
        told,
        "  to the cloud     {} of {}, {} duplicates",
        world.broker.server.arrived.len(),
        world.to_publish,
        world.broker.server.duplicates
    )
    .unwrap();
    writeln!(told, "  to the device    {} of {}, {} duplicates", world.told.len(), world.to_push, world.told_again)
        .unwrap();
    told
}

#[test]
fn a_week_of_a_thousand_faults_ends_connected_with_nothing_lost() {
    let weeks = [(1, false), (2, false), (3, true), (4, true)].map(|(seed, clean)| week(seed, clean));
    assert_eq!(week(1, false), weeks[0], "the same seed, the same week");
    matches_snapshot("weeks.txt", &weeks.concat());
}
