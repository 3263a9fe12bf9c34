//! Is everything in order? Each check with a heading, all of them to the end, then a summary.

mod checks;

use std::time::{Duration, Instant};

use crate::Result;
use checks::{CHECKS, Check, State};

/// With a filter: the checks of that name, else the tests whose name contains it.
pub fn run(filter: Option<&str>) -> Result {
    let named: Vec<&Check> = CHECKS.iter().filter(|check| filter == Some(check.name)).collect();
    let (checks, filter) = match filter {
        None => (CHECKS.iter().collect(), None),
        Some(_) if !named.is_empty() => (named, None),
        Some(filter) => (CHECKS.iter().filter(|check| check.takes_filter).collect(), Some(filter)),
    };
    let mut state = State::new(filter);
    let mut results: Vec<(&str, Result, Duration)> = Vec::new();
    for check in checks {
        println!("\n=== {}: {}", check.name, check.question);
        let start = Instant::now();
        let result = (check.run)(&mut state);
        if let Err(failure) = &result {
            println!("{failure}");
        }
        results.push((check.name, result, start.elapsed()));
    }
    summary(&results)
}

fn summary(results: &[(&str, Result, Duration)]) -> Result {
    println!("\n=== summary");
    for (name, result, took) in results {
        let word = if result.is_ok() { "ok    " } else { "FAILED" };
        println!("{word} {name:<12} {:>6.1} s", took.as_secs_f32());
    }
    let failed: Vec<&str> = results.iter().filter(|(_, result, _)| result.is_err()).map(|(name, ..)| *name).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let one = failed[0];
    Err(format!("failed: {}; `cargo xtask test {one}` runs that one again", failed.join(", ")).into())
}
