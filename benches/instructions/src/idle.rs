//! How often does an idle device wake up? Prints the wake-ups; a simulated clock moves from one to the next.

use aliyun_iot::device::Options;
use aliyun_iot::time::Instant;

use crate::packets;
use crate::port::{Port, TX};

const HOUR_MS: u32 = 3_600_000;
/// From a PINGREQ to its PINGRESP.
const ROUND_TRIP_MS: u32 = 50;

/// One device with a keepalive of `n` seconds, for `hours`.
pub fn keepalive(n: usize, hours: usize) {
    let options = Options { keepalive: n.try_into().expect("a keepalive"), ..Options::default() };
    println!("{}", wake_ups(&mut Port::online_with(TX, &options), hours));
}

/// `n` devices, for `hours`.
pub fn devices(n: usize, hours: usize) {
    let sum: usize = (0..n).map(|_| wake_ups(&mut Port::online(TX), hours)).sum();
    println!("{sum}");
}

fn wake_ups(port: &mut Port, hours: usize) -> usize {
    let end = port.now.after(HOUR_MS * u32::try_from(hours).expect("hours"));
    let mut answer: Option<Instant> = None;
    let mut count = 0;
    loop {
        let deadline = port.deadline();
        let next = match (deadline, answer) {
            (Some(deadline), Some(answer)) => deadline.or_earlier(answer),
            (deadline, answer) => deadline.or(answer).expect("a deadline"),
        };
        if next.reached(end) {
            return count;
        }
        port.now = next;
        count += 1;
        if answer == Some(next) {
            answer = None;
            port.receive(&packets::PINGRESP, 0);
        } else {
            assert_eq!(port.poll(), 0, "events");
        }
        if port.send() {
            answer = Some(port.now.after(ROUND_TRIP_MS));
        }
    }
}
