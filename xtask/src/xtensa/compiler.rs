//! `xtensawin-gcc`: gcc's compiler and preprocessor, and our assembler.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::assembly::{self, From};
use super::tools::Tools;
use crate::{Failure, Result, step};

/// Runs gcc as the command line says; where that asks for an object, our assembler makes it.
pub fn run(tools: &Tools, words: &[OsString]) -> Result {
    let asked = read(words).map_err(|why| Failure::new(format!("gcc: {why}")))?;
    let Asked::Object { source, object, others } = asked else {
        let mut gcc = tools.compiler()?;
        return succeed(gcc.args(words));
    };
    let text = object.with_extension("gcc.s");
    let mut gcc = tools.compiler()?;
    gcc.args(&others).args(dependencies(&others, &object));
    if is_assembly(&source) {
        gcc.args(["-E", "-P", "-x", "assembler-with-cpp"]);
    } else {
        gcc.arg("-S");
    }
    succeed(gcc.arg("-o").arg(&text).arg(&source))?;
    let assembly = fs::read_to_string(&text).map_err(|e| Failure::at("read", &text, e))?;
    assembly::assemble(tools, &assembly, From::Gcc, &object)?;
    fs::remove_file(&text).map_err(|e| Failure::at("remove", &text, e))
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// One source is compiled into an object.
    Object { source: PathBuf, object: PathBuf, others: Vec<OsString> },
    /// gcc does it alone: preprocess, print a path.
    Else,
}

/// Options that are followed by a word of their own.
const WITH_WORD: [&str; 11] = ["-o", "-x", "-I", "-D", "-U", "-include", "-isystem", "-iquote", "-MF", "-MT", "-MQ"];

fn read(words: &[OsString]) -> std::result::Result<Asked, String> {
    let (mut sources, mut output, mut others) = (Vec::new(), None, Vec::new());
    let mut is_object = false;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("-c") => is_object = true,
            Some("-o") => output = rest.next().map(PathBuf::from),
            Some(option) if WITH_WORD.contains(&option) => {
                others.push(word.clone());
                others.extend(rest.next().cloned());
            }
            Some(option) if option.starts_with('-') => others.push(word.clone()),
            // Debugging information and the like stay gcc's business.
            _ => sources.push(PathBuf::from(word)),
        }
    }
    if !is_object {
        let is_link = !sources.is_empty()
            && !others.iter().any(|one| ["-E", "-S", "-M", "-MM", "-fsyntax-only"].iter().any(|option| one == option));
        return if is_link { Err("it does not link: use xtensawin-ld".into()) } else { Ok(Asked::Else) };
    }
    // Debugging information has relocations that nothing here needs.
    others.retain(|one| !one.to_str().is_some_and(|one| one == "-g" || one.starts_with("-ggdb")));
    match sources.as_slice() {
        [source] => {
            let object =
                output.unwrap_or_else(|| PathBuf::from(source.with_extension("o").file_name().unwrap_or_default()));
            Ok(Asked::Object { source: source.clone(), object, others })
        }
        _ => Err("one source at a time".into()),
    }
}

/// What tells make about included files: gcc does not know the name of the object.
fn dependencies(others: &[OsString], object: &Path) -> Vec<OsString> {
    let has = |option: &str| others.iter().any(|one| one == option);
    if !has("-MD") && !has("-MMD") {
        return Vec::new();
    }
    let mut more = Vec::new();
    if !has("-MT") && !has("-MQ") {
        more.extend(["-MQ".into(), object.as_os_str().to_owned()]);
    }
    if !has("-MF") {
        more.extend(["-MF".into(), object.with_extension("d").into_os_string()]);
    }
    more
}

fn is_assembly(source: &Path) -> bool {
    source.extension().is_some_and(|ending| ending == OsStr::new("S") || ending == OsStr::new("s"))
}

fn succeed(command: &mut std::process::Command) -> Result {
    let status = command.status().map_err(|e| step::cannot_start(command, &e))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("gcc ended with {status}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> std::result::Result<Asked, String> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        read(&words)
    }

    #[test]
    fn an_object_is_made_of_one_source() {
        let object = |source: &str, object: &str, others: &[&str]| Asked::Object {
            source: source.into(),
            object: object.into(),
            others: others.iter().map(OsString::from).collect(),
        };
        assert_eq!(asked("-Os -c -o b/x.o x.c -I inc"), Ok(object("x.c", "b/x.o", &["-Os", "-I", "inc"])));
        assert_eq!(asked("-g -c d/x.S"), Ok(object("d/x.S", "x.o", &[])));
        assert_eq!(asked("-E x.c"), Ok(Asked::Else));
        assert_eq!(asked("--print-file-name=libgcc.a"), Ok(Asked::Else));
        assert!(asked("-c a.c b.c").is_err_and(|why| why.contains("one source")));
        assert!(asked("a.o b.o -o x").is_err_and(|why| why.contains("xtensawin-ld")));
    }

    #[test]
    fn make_is_told_of_included_files_under_the_objects_name() {
        let others = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(dependencies(&others(&["-MD"]), Path::new("b/x.o")), others(&["-MQ", "b/x.o", "-MF", "b/x.d"]));
        assert_eq!(dependencies(&others(&["-MD", "-MF", "y"]), Path::new("x.o")), others(&["-MQ", "x.o"]));
        assert!(dependencies(&others(&["-Os"]), Path::new("x.o")).is_empty());
    }
}
