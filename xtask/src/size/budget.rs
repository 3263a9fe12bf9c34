//! Does the library stay within what it may take? docs/budgets.md tells what these are compared with.

use super::builds::REFERENCE;
use super::compiler::Compiler;
use super::image::Image;
use crate::{Failure, Result};

pub struct Budget {
    pub what: &'static str,
    pub bytes: u64,
    /// What it may take as long as the budget is missed, which docs/budgets.md then says, with the reason.
    pub tolerated: u64,
    pub now: fn(&Image) -> u64,
}

/// On [`REFERENCE`], in the default build.
pub const BUDGETS: [Budget; 2] = [
    Budget { what: "code and constants, default build", bytes: 32 * 1024, tolerated: 34_000, now: Image::flash },
    Budget {
        what: "one device's state, without the caller's buffers",
        bytes: 2 * 1024,
        tolerated: 2 * 1024,
        now: |image| image.device,
    },
];

/// Fails where `whole` is over what is tolerated and this compiler wrote the page. Another one's code differs a little: it is told,
/// and not more.
pub fn kept(whole: &Image, compiler: Compiler) -> Result {
    let over = over(whole);
    match compiler {
        _ if over.is_empty() => Ok(()),
        Compiler::OfThePage => Err(Failure::new(format!("over budget on {REFERENCE}: {over}"))),
        Compiler::Another => {
            println!("over budget on {REFERENCE} with {}, which did not write docs/size.md: {over}", whole.compiler);
            Ok(())
        }
    }
}

/// The budgets that are exceeded, for people.
fn over(whole: &Image) -> String {
    let now = BUDGETS.iter().map(|budget| (budget, (budget.now)(whole)));
    let over = now.filter(|(budget, now)| *now > budget.tolerated);
    let told = over.map(|(budget, now)| format!("{}: {now} bytes of {}", budget.what, budget.tolerated));
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: u64, device: u64, compiler: Compiler) -> Option<String> {
        let whole = Image { code, constants: 4_000, memory: 1_000, device, ..Image::default() };
        kept(&whole, compiler).err().map(|failure| failure.to_string())
    }

    #[test]
    fn the_last_byte_of_a_budget_may_be_used() {
        assert_eq!(told(30_000, 2_048, Compiler::OfThePage), None);
    }

    #[test]
    fn no_budget_tolerates_less_than_it_is() {
        assert!(BUDGETS.iter().all(|budget| budget.tolerated >= budget.bytes));
    }

    #[test]
    fn one_byte_more_is_told_with_the_budget() {
        let code = told(30_001, 2_048, Compiler::OfThePage).expect("a failure");
        assert!(code.contains("code and constants, default build: 34001 bytes of 34000"), "{code}");
        assert!(!code.contains("device's state"), "{code}");
        let both = told(40_000, 2_049, Compiler::OfThePage).expect("a failure");
        assert!(both.contains("44000 bytes of 34000; one device's state"), "{both}");
        assert!(both.contains("buffers: 2049 bytes of 2048"), "{both}");
    }

    #[test]
    fn another_compiler_fails_nothing() {
        assert_eq!(told(30_001, 2_049, Compiler::Another), None);
    }
}
