//! Is everything in order? Each check with a heading, all of them to the end, then a summary.

mod checks;
mod freertos;
mod jobs;
mod newest;
mod supply;

use std::time::{Duration, Instant};

use crate::{Failure, Result};
use checks::{CHECKS, Check, State};

/// With a filter: the check of that name, else the tests whose name contains it.
pub fn run(filter: Option<&str>) -> Result {
    let named: Vec<&Check> = CHECKS.iter().filter(|check| filter == Some(check.name)).collect();
    let (checks, filter) = match filter {
        None => (CHECKS.iter().collect(), None),
        Some(_) if !named.is_empty() => (named, None),
        Some(filter) => (with_tests(filter)?, Some(filter)),
    };
    let start = Instant::now();
    let mut state = State::new(filter);
    let mut results: Vec<(&str, Result, Duration)> = Vec::new();
    for check in checks {
        println!("\n=== {}: {}", check.name, check.question);
        let start = Instant::now();
        let result = (check.run)(&mut state);
        if let Err(failure) = &result {
            failure.show_log();
            println!("{failure}");
        }
        results.push((check.name, result, start.elapsed()));
    }
    summary(&results, start.elapsed(), &state.notes)
}

/// The checks that have a test whose name contains `filter`.
fn with_tests(filter: &str) -> Result<Vec<&'static Check>> {
    let mut found = Vec::new();
    for check in CHECKS {
        if let Some(has) = check.has
            && has(filter)?
        {
            found.push(check);
        }
    }
    if found.is_empty() {
        let checks: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        let checks = checks.join(", ");
        return Err(Failure::new(format!(
            "no test has `{filter}` in its name, and it is none of the checks: {checks}"
        )));
    }
    Ok(found)
}

fn summary(results: &[(&str, Result, Duration)], took: Duration, notes: &[&str]) -> Result {
    println!("\n=== summary");
    for (name, result, took) in results {
        let word = if result.is_ok() { "ok    " } else { "FAILED" };
        println!("{word} {name:<12} {:>6.1} s", took.as_secs_f32());
    }
    println!("{:<19} {:>6.1} s", "all of it", took.as_secs_f32());
    for note in notes {
        println!("Note: {note}.");
    }
    let failed: Vec<&str> = results.iter().filter(|(_, result, _)| result.is_err()).map(|(name, ..)| *name).collect();
    match failed.as_slice() {
        [] => Ok(()),
        [one, ..] => {
            let failed = failed.join(", ");
            Err(Failure::new(format!("failed: {failed}; `cargo xtask test {one}` runs that one again")))
        }
    }
}
