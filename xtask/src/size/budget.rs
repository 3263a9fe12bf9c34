//! Does the library stay within what it may take? docs/budgets.md tells what these are compared with.

use super::builds::{Measured, REFERENCE, SMALLEST, WHOLE};
use super::compiler::Compiler;
use super::image::Image;
use crate::{Failure, Result};

pub struct Budget {
    pub what: &'static str,
    pub bytes: u64,
    /// The name of the build that has it.
    pub build: &'static str,
    pub now: fn(&Image) -> u64,
}

/// On [`REFERENCE`].
pub const BUDGETS: [Budget; 3] = [
    Budget { what: "code and constants, default build", bytes: 32 * 1024, build: WHOLE, now: Image::flash },
    Budget {
        what: "code and constants, cheapest build (login, properties, events, custom topics)",
        bytes: 20 * 1024,
        build: SMALLEST,
        now: Image::flash,
    },
    Budget {
        what: "one device's state, without the caller's buffers",
        bytes: 2 * 1024,
        build: WHOLE,
        now: |image| image.device,
    },
];

/// Fails where something is over its budget and this compiler wrote the page. Another one's code differs a little: the excess is
/// printed, and nothing fails.
pub fn kept(measured: &Measured, compiler: Compiler) -> Result {
    let over = over(measured);
    match compiler {
        _ if over.is_empty() => Ok(()),
        Compiler::OfThePage => Err(Failure::new(format!("over budget on {REFERENCE}: {over}"))),
        Compiler::Another => {
            let compiler = &measured.whole.compiler;
            println!("over budget on {REFERENCE} with {compiler}, which did not write docs/size.md: {over}");
            Ok(())
        }
    }
}

/// The budgets that are exceeded, for people.
fn over(measured: &Measured) -> String {
    let now = BUDGETS.iter().filter_map(|budget| Some((budget, (budget.now)(measured.build(budget.build)?))));
    let over = now.filter(|(budget, now)| *now > budget.bytes);
    let told = over.map(|(budget, now)| format!("{}: {now} bytes of {}", budget.what, budget.bytes));
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code with which the default build just keeps its budget, beside the constants of [`told`].
    const MOST: u64 = BUDGETS[0].bytes - 4_000;

    fn told(code: u64, device: u64, compiler: Compiler) -> Option<String> {
        let image = |code| Image { code, constants: 4_000, memory: 1_000, device, ..Image::default() };
        let measured = Measured {
            targets: Vec::new(),
            whole: image(code),
            builds: vec![(SMALLEST.to_owned(), image(code - 17_000))],
            entry_points: 1,
        };
        kept(&measured, compiler).err().map(|failure| failure.to_string())
    }

    #[test]
    fn the_last_byte_of_a_budget_may_be_used() {
        assert_eq!(told(MOST, 2_048, Compiler::OfThePage), None);
    }

    #[test]
    fn one_byte_more_is_told_with_the_budget() {
        let budget = BUDGETS[0].bytes;
        let over = |by| format!("code and constants, default build: {} bytes of {budget}", budget + by);
        let code = told(MOST + 1, 2_048, Compiler::OfThePage).expect("a failure");
        assert!(code.contains(&over(1)), "{code}");
        assert!(!code.contains("device's state") && !code.contains("cheapest"), "{code}");
        let all = told(MOST + 10_000, 2_049, Compiler::OfThePage).expect("a failure");
        assert!(all.contains(&(over(10_000) + "; code and constants, cheapest build")), "{all}");
        assert!(all.contains(" bytes of 20480; one device's state"), "{all}");
        assert!(all.contains("buffers: 2049 bytes of 2048"), "{all}");
    }

    #[test]
    fn another_compiler_fails_nothing() {
        assert_eq!(told(MOST + 1, 2_049, Compiler::Another), None);
    }
}
