//! `cargo xtask lib` where it cannot do what it is asked for: one line that says what to do.

mod bare_machine;

use bare_machine::Machine;

#[test]
fn a_target_that_is_not_served_is_told_with_those_that_are() {
    let machine = Machine::new("lib-targets");
    let told = |arguments: &[&str]| machine.told_in_a_line(arguments);
    let said = told(&["lib", "xtensa-esp32-none-elf"]);
    assert!(said.starts_with("xtask: unknown target `xtensa-esp32-none-elf`"), "{said}");
    assert!(said.contains("thumbv7em-none-eabi, "), "{said}");
    assert!(told(&["lib"]).contains("`lib`: which target?; usage: "));
    assert!(told(&["lib", "thumbv7em"]).contains("ambiguous target"));
}

#[test]
fn a_toolchain_that_is_missing_is_told_with_the_line_to_type() {
    let machine = Machine::new("lib-toolchain");
    let said = machine.told_in_a_line(&["lib", "thumbv6m"]);
    assert!(said.contains("no core for thumbv6m-none-eabi: type `rustup target add thumbv6m-none-eabi`"), "{said}");
    let said = machine.told_in_a_line(&["lib", "thumbv6m", "--from-source"]);
    assert!(said.contains("no core for thumbv6m-none-eabi: type `rustup component add rust-src`"), "{said}");
}

#[test]
fn a_feature_that_cannot_be_chosen_is_told_with_those_that_can() {
    let said = Machine::new("lib-feature").told_in_a_line(&["lib", "thumbv6m", "--without", "mqtt"]);
    assert!(said.contains("unknown feature `mqtt`") && said.contains("md5"), "{said}");
}
