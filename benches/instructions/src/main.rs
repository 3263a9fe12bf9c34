//! `instructions <operation> [<n>] <count>`: repeats one operation `count` times, for callgrind to count.

mod idle;
mod in_flight;
mod messages;
mod packets;
mod payload;
mod port;
mod queue;
mod read;
mod subscriptions;

use std::process::ExitCode;

/// How an operation is repeated `count` times.
enum Operation {
    Plain(fn(count: usize)),
    /// One whose cost may depend on a number `n`.
    Of(fn(n: usize, count: usize)),
}

use Operation::{Of, Plain};

const OPERATIONS: [(&str, Operation); 21] = [
    ("qos0", Plain(messages::qos0)),
    ("qos1", Plain(messages::qos1)),
    ("received", Plain(messages::received)),
    ("received1", Plain(messages::received1)),
    ("post", Plain(messages::post)),
    ("set", Plain(messages::set)),
    ("queue", Of(queue::burst)),
    ("in_flight0", Of(in_flight::qos0)),
    ("in_flight1", Of(in_flight::qos1)),
    ("subscriptions_first", Of(subscriptions::first)),
    ("subscriptions_last", Of(subscriptions::last)),
    ("subscriptions_same_end", Of(subscriptions::same_end)),
    ("subscriptions_wildcards", Of(subscriptions::wildcards)),
    ("subscriptions_none", Of(subscriptions::none)),
    ("payload0", Of(payload::qos0)),
    ("payload1", Of(payload::qos1)),
    ("payload_received", Of(payload::received)),
    ("read", Of(read::burst)),
    ("reconnect", Of(subscriptions::reconnect)),
    ("idle_keepalive", Of(idle::keepalive)),
    ("idle_devices", Of(idle::devices)),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Option<Vec<usize>> = arguments.iter().skip(1).map(|word| word.parse().ok()).collect();
    let operation = OPERATIONS.iter().find(|(name, _)| arguments.first().is_some_and(|word| word == name));
    match (operation, numbers.as_deref()) {
        (Some((_, Plain(repeat))), Some(&[count])) => repeat(count),
        (Some((_, Of(repeat))), Some(&[n, count])) => repeat(n, count),
        _ => {
            for (name, operation) in OPERATIONS {
                let n = if matches!(operation, Of(_)) { " <n>" } else { "" };
                eprintln!("usage: instructions {name}{n} <count>");
            }
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
