//! Ten thousand messages each way through a link that breaks off at five hundred random bytes.

use std::fmt::Write;

use aliyun_iot::device::Options;

use super::matches_snapshot;
use super::world::World;

const MESSAGES: u32 = 10_000;
const CUTS: u32 = 500;

fn cut(seed: u64, clean_session: bool) -> String {
    let mut world = World::new(seed, Options { clean_session, ..Options::default() });
    (world.to_publish, world.publish_every) = (MESSAGES, 1);
    (world.to_push, world.push_every) = (MESSAGES, 1);
    // Few enough bytes for the last cut to come before the last message, which is checked below.
    (world.breaks_within, world.breaks_left) = (1_500, CUTS);
    let mut restarts = 0;
    let unfinished = |world: &World| world.published < MESSAGES || world.told.len() < MESSAGES as usize;
    while world.breaks_left > 0 {
        let before = world.breaks;
        while world.breaks == before {
            let next = world.now + 1_000;
            world.run_until(next);
            assert!(unfinished(&world), "only {} cuts came in time", world.breaks);
        }
        // Every tenth time the broker restarts before the link is back, now with what it knew, now without.
        if world.breaks % 10 == 0 {
            world.broker.restart(world.breaks % 20 == 0);
            world.lose(104);
            restarts += 1;
        }
    }
    assert!(unfinished(&world), "the last cuts came too late to do harm");
    let end = world.now + 24 * 3_600_000;
    assert!(world.run_until_done(end), "it does not end");
    world.check();
    assert_eq!(world.breaks, CUTS);
    let mut told = String::new();
    writeln!(told, "seed {seed}, {} session, {restarts} restarts", if clean_session { "clean" } else { "kept" })
        .unwrap();
    writeln!(
        told,
        "  to the cloud   {} of {MESSAGES}, {} duplicates",
        world.broker.server.arrived.len(),
        world.broker.server.duplicates
    )
    .unwrap();
    writeln!(told, "  to the device  {} of {MESSAGES}, {} duplicates", world.told.len(), world.told_again).unwrap();
    told
}

#[test]
fn ten_thousand_messages_each_way_survive_five_hundred_cuts() {
    let told = [(1, false), (2, false), (3, true), (4, true)].map(|(seed, clean)| cut(seed, clean));
    matches_snapshot("cuts.txt", &told.concat());
}
