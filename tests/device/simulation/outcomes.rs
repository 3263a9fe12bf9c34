//! Loss and delay, and what becomes of a hundred messages each way.

use std::fmt::Write;

use aliyun_iot::device::Options;

use super::matches_snapshot;
use super::pipe::Weather;
use super::world::World;

const MESSAGES: u32 = 100;
const LIMIT: u64 = 3_600_000;

#[test]
fn loss_and_delay_have_these_outcomes() {
    let mut table = String::from(
        "loss  delay  timeout  logins  to the cloud        to the device       time\n\
         %     ms     s                delivered  again    delivered  again    s\n",
    );
    for loss in [0, 1, 5, 20, 40, 60] {
        for (delay, seconds) in [(1, 10), (50, 10), (250, 10), (1_000, 10), (2_000, 10), (2_000, 60)] {
            let options = Options { clean_session: false, connect_timeout: seconds * 1_000, ..Options::default() };
            let mut world = World::new(1_000 * loss + delay, options);
            world.weather = Weather { delay, loss, segment: 100 };
            (world.to_publish, world.publish_every) = (MESSAGES, 1);
            (world.to_push, world.push_every) = (MESSAGES, 1);
            let done = world.run_until_done(LIMIT);
            if done {
                world.check();
            }
            let (up, down) = (world.broker.server.arrived.len(), world.told.len());
            let took = if done { (world.now / 1_000).to_string() } else { "not in an hour".into() };
            writeln!(
                table,
                "{loss:<4}  {delay:<5}  {seconds:<7}  {:>6}  {up:>9}  {:>5}    {down:>9}  {:>5}    {took}",
                world.broker.logins, world.broker.server.duplicates, world.told_again,
            )
            .unwrap();
        }
    }
    matches_snapshot("outcomes.txt", &table);
}
