//! A job whose tools are not there and cannot be installed: one line that names them and says what to do.

mod bare_machine;

use bare_machine::Machine;

/// Jobs that need a compiler for boards, and what they miss.
const JOBS: [(&[&str], &[&str]); 3] = [
    (&["firmware", "qemu"], &["gcc", "make", "python3", "arm-none-eabi-gcc", "a C library for arm-none-eabi"]),
    (&["natmod", "armv7m"], &["gcc", "make", "python3", "arm-none-eabi-gcc", "Python's venv"]),
    (&["natmod", "rv32imc"], &["gcc", "make", "python3", "riscv64-unknown-elf-gcc", "Python's venv"]),
];

fn names_all(line: &str, tools: &[&str]) {
    let (named, _) = line.split_once(';').expect("the names, then what to do");
    let named: Vec<&str> = named.strip_prefix("xtask: missing: ").expect("names").split(", ").collect();
    assert!(tools.iter().all(|tool| named.contains(tool)), "{line}");
}

#[test]
fn without_a_package_manager_the_tools_are_named() {
    let machine = Machine::new("no-manager");
    for (job, tools) in JOBS {
        let line = machine.told_in_a_line(job);
        names_all(&line, tools);
        assert!(line.ends_with("; install them and try again"), "{line}");
    }
}

#[test]
fn without_root_the_line_to_type_is_told() {
    for (manager, to_type, packages) in [
        ("apt-get", "sudo apt-get install --no-install-recommends ", "gcc-arm-none-eabi"),
        ("dnf", "sudo dnf install ", "arm-none-eabi-gcc-cs"),
        ("pacman", "sudo pacman -S --needed ", "arm-none-eabi-newlib"),
        ("brew", "brew install ", "arm-none-eabi-gcc"),
    ] {
        let machine = Machine::new(&format!("no-root-{manager}")).with(manager, "exit 1");
        let line = machine.told_in_a_line(&["firmware", "qemu"]);
        names_all(&line, JOBS[0].1);
        let (_, to_do) = line.split_once("; type `").expect("what to type");
        let packages_named: Vec<&str> =
            to_do.strip_prefix(to_type).expect(to_type).trim_end_matches('`').split(' ').collect();
        assert!(packages_named.contains(&packages), "{line}");
        let mut once = packages_named.clone();
        once.dedup();
        assert_eq!(once, packages_named, "each package once");
    }
}

#[test]
fn where_apt_fails_the_line_says_so() {
    let machine = Machine::new("no-network").with("id", "echo 0").with("env", "echo not found >&2; exit 100");
    let machine = machine.with("apt-get", "exit 100");
    let mut lines = machine.told(&["natmod", "armv7m"]);
    let line = lines.pop().expect("a line");
    names_all(&line, JOBS[1].1);
    assert!(line.contains("; type `apt-get install --no-install-recommends "), "root needs no sudo: {line}");
    assert!(line.contains("which failed here: ") && line.contains("target/logs/apt-"), "{line}");
    assert!(lines.iter().all(|line| line.starts_with("==> ")), "nothing but what is being done: {lines:?}");
}
