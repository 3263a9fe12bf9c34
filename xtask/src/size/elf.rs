//! What is in a linked program? Just enough of the ELF format (little-endian, 32 and 64 bits) to tell.

pub struct Elf<'a> {
    bytes: &'a [u8],
    is_64: bool,
    is_arm: bool,
    sections: Vec<Section<'a>>,
}

pub struct Section<'a> {
    pub name: &'a str,
    pub size: u64,
    kind: u32,
    flags: u64,
    link: usize,
    offset: u64,
}

pub struct Symbol<'a> {
    pub name: &'a str,
    pub address: u64,
    pub size: u64,
}

const SYMBOLS: u32 = 2;
const REFERENCES_WITH_ADDEND: u32 = 4;
const REFERENCES: u32 = 9;
const NO_BITS: u32 = 8;
const WRITE: u64 = 1;
const ALLOC: u64 = 2;
const ARM: u64 = 40;

impl Section<'_> {
    pub fn is_loaded(&self) -> bool {
        self.flags & ALLOC != 0
    }

    pub fn is_writable(&self) -> bool {
        self.flags & WRITE != 0
    }

    pub fn is_zeroed(&self) -> bool {
        self.kind == NO_BITS
    }
}

impl<'a> Elf<'a> {
    /// `None` if it is not such a file.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let is_64 = match bytes.get(..6)? {
            [0x7f, b'E', b'L', b'F', 1, 1] => false,
            [0x7f, b'E', b'L', b'F', 2, 1] => true,
            _ => return None,
        };
        let is_arm = number(bytes, 18, 2)? == ARM;
        let (table, size_at) = if is_64 { (number(bytes, 40, 8)?, 58) } else { (number(bytes, 32, 4)?, 46) };
        let (size, count) = (number(bytes, size_at, 2)?, number(bytes, size_at + 2, 2)?);
        let names_in = number(bytes, size_at + 4, 2)? as usize;
        let mut sections = (0..count)
            .map(|at| {
                let header = bytes.get((table + at * size) as usize..)?;
                let place = |narrow, wide| if is_64 { number(header, wide, 8) } else { number(header, narrow, 4) };
                let link = number(header, if is_64 { 40 } else { 24 }, 4)? as usize;
                let named = number(header, 0, 4)?;
                let section = Section {
                    name: "",
                    size: place(20, 32)?,
                    kind: number(header, 4, 4)? as u32,
                    flags: place(8, 8)?,
                    link,
                    offset: place(16, 24)?,
                };
                Some((named, section))
            })
            .collect::<Option<Vec<_>>>()?;
        let names = sections.get(names_in)?.1.offset;
        for (named, section) in &mut sections {
            section.name = text(bytes, names + *named)?;
        }
        let sections = sections.into_iter().map(|(_, section)| section).collect();
        Some(Elf { bytes, is_64, is_arm, sections })
    }

    pub fn sections(&self) -> &[Section<'a>] {
        &self.sections
    }

    /// The functions and constants that have a size.
    pub fn symbols(&self) -> Option<Vec<Symbol<'a>>> {
        let mut symbols = self.all_symbols()?;
        symbols.retain(|symbol| symbol.size > 0);
        Some(symbols)
    }

    fn all_symbols(&self) -> Option<Vec<Symbol<'a>>> {
        let table = self.sections.iter().find(|section| section.kind == SYMBOLS)?;
        let names = self.sections.get(table.link)?.offset;
        let entry = if self.is_64 { 24 } else { 16 };
        let entries = (table.offset..table.offset + table.size).step_by(entry);
        let symbols = entries.map(|at| {
            let entry = self.bytes.get(at as usize..)?;
            let [address, size] = if self.is_64 {
                [number(entry, 8, 8)?, number(entry, 16, 8)?]
            } else {
                [number(entry, 4, 4)?, number(entry, 8, 4)?]
            };
            let name = text(self.bytes, names + number(entry, 0, 4)?)?;
            Some(Symbol { name, address: self.code(address), size })
        });
        symbols.collect()
    }

    /// What refers to what: an address in code or constants, and the name of a symbol. The linker keeps these when it is
    /// asked to (`--emit-relocs`).
    pub fn references(&self) -> Option<Vec<(u64, &'a str)>> {
        let symbols = self.all_symbols()?;
        let mut references = Vec::new();
        for section in
            self.sections.iter().filter(|section| [REFERENCES, REFERENCES_WITH_ADDEND].contains(&section.kind))
        {
            let width = if self.is_64 { 8 } else { 4 };
            let fields = if section.kind == REFERENCES { 2 } else { 3 };
            for at in (section.offset..section.offset + section.size).step_by(width * fields) {
                let entry = self.bytes.get(at as usize..)?;
                let symbol = number(entry, width, width)? >> if self.is_64 { 32 } else { 8 };
                references.push((number(entry, 0, width)?, symbols.get(symbol as usize)?.name));
            }
        }
        Some(references)
    }

    /// The address of each function and the size of its stack frame, from the section `.stack_sizes`
    /// (<https://llvm.org/docs/CodeGenerator.html#emitting-function-stack-size-information>).
    pub fn frames(&self) -> Option<Vec<(u64, u64)>> {
        let section = self.sections.iter().find(|section| section.name == ".stack_sizes")?;
        let mut rest = self.bytes.get(section.offset as usize..(section.offset + section.size) as usize)?;
        let width = if self.is_64 { 8 } else { 4 };
        let mut frames = Vec::new();
        while !rest.is_empty() {
            let address = self.code(number(rest, 0, width)?);
            let (size, after) = leb128(rest.get(width..)?)?;
            frames.push((address, size));
            rest = after;
        }
        Some(frames)
    }

    /// An address without Arm's bit for Thumb code.
    fn code(&self, address: u64) -> u64 {
        if self.is_arm { address & !1 } else { address }
    }
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + width)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn text(bytes: &[u8], at: u64) -> Option<&str> {
    let rest = bytes.get(at as usize..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(&rest[..end]).ok()
}

fn leb128(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (position, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[position + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_can_be_read() {
        let file = std::fs::read("/proc/self/exe").expect("a program");
        let elf = Elf::read(&file).expect("ELF");
        let text = elf.sections().iter().find(|section| section.name == ".text").expect("code");
        assert!(text.is_loaded() && !text.is_writable() && !text.is_zeroed() && text.size > 1000);
        assert!(elf.symbols().expect("symbols").iter().any(|symbol| symbol.name == "main" && symbol.size > 0));
    }

    #[test]
    fn what_is_no_elf_file_or_ends_too_soon_is_refused() {
        assert!(Elf::read(b"").is_none());
        assert!(Elf::read(b"!<arch>\n").is_none());
        let file = std::fs::read("/proc/self/exe").expect("a program");
        assert!(Elf::read(&file[..100]).is_none());
    }

    #[test]
    fn numbers_of_several_bytes_are_read() {
        assert_eq!(leb128(&[0xa0, 0x02, 7]), Some((288, &[7][..])));
        assert_eq!(leb128(&[0x80]), None);
    }
}
