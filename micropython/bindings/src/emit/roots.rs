//! `roots_data.h`, for the binding and for `ports/bsd`: the trust roots of `micropython/roots/` as C arrays.

use std::fmt::Write;
use std::path::Path;

/// File name, subject, end of validity, SHA-256 fingerprint. Sources: Link SDK C 4.2 `ali_ca_cert.c` (the first three),
/// Alibaba's SDK for Python 1.2.13 (all).
const ROOTS: &[(&str, &str, &str, &str)] = &[
    (
        "aliyun_iot",
        "Aliyun IoT Root CA",
        "2053-07-04",
        "7CA438A3976B5242D231F861499822DA855831382735836B361E7E9715661676",
    ),
    (
        "globalsign_r1",
        "GlobalSign Root CA (R1)",
        "2028-01-28",
        "EBD41040E4BB3EC742C9E381D31EF2A41A48B6685C96E7CEF3C1DF6CD4331C99",
    ),
    (
        "globalsign_r6",
        "GlobalSign Root R6",
        "2034-12-10",
        "2CABEAFE37D06CA22ABA7391C0033D25982952C453647349763A3AB5AD6CCF69",
    ),
    (
        "globalsign_r46",
        "GlobalSign Root R46",
        "2046-03-20",
        "4FA3126D8D3A11D1C4855A4F807CBAD6CF919D3A5A88B03BEA2C6372D93C40C9",
    ),
    (
        "globalsign_e46",
        "GlobalSign Root E46",
        "2046-03-20",
        "CBB9C44D84B8043E1050EA31A69F514955D7BFD2E2C6B49301019AD61D9F5058",
    ),
];

pub fn text(root: &Path) -> String {
    let mut out = String::from(
        "// Made by `cargo xtask bindings` from micropython/roots/*.der: do not edit.\n\
         // Each root can be left out with -DALIYUN_IOT_ROOT_<NAME>=0.\n\n\
         #include <stdint.h>\n",
    );
    for (name, subject, ends, fingerprint) in ROOTS {
        let file = root.join("micropython/roots").join(name).with_extension("der");
        let der = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let switch = format!("ALIYUN_IOT_ROOT_{}", name.to_uppercase());
        writeln!(out, "\n#ifndef {switch}\n#define {switch} (1)\n#endif").unwrap();
        writeln!(out, "#if {switch}\n// {subject}, valid until {ends}, SHA-256 {fingerprint}.").unwrap();
        writeln!(out, "static const uint8_t root_{name}[{}] = {{", der.len()).unwrap();
        for line in der.chunks(20) {
            let bytes: Vec<String> = line.iter().map(|byte| format!("0x{byte:02x},")).collect();
            writeln!(out, "    {}", bytes.join(" ")).unwrap();
        }
        out.push_str("};\n#endif\n");
    }
    out.push_str("\n// All that are in: X(array).\n#define ALIYUN_IOT_ROOTS(X) \\\n");
    for (name, ..) in ROOTS {
        writeln!(out, "    ALIYUN_IOT_IF_ROOT_{}(X, root_{name}) \\", name.to_uppercase()).unwrap();
    }
    out.push('\n');
    for (name, ..) in ROOTS {
        let name = name.to_uppercase();
        writeln!(out, "#if ALIYUN_IOT_ROOT_{name}\n#define ALIYUN_IOT_IF_ROOT_{name}(X, array) X(array)\n#else\n#define ALIYUN_IOT_IF_ROOT_{name}(X, array)\n#endif").unwrap();
    }
    out
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn each_file_is_the_root_it_says_it_is() {
        for (name, _, _, fingerprint) in ROOTS {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../roots").join(name).with_extension("der");
            let digest = Sha256::digest(std::fs::read(file).unwrap());
            let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
            assert_eq!(hex, *fingerprint, "{name}");
        }
    }
}
