//! `roots_data.h`, for the binding and for `ports/bsd`: the trust roots of `micropython/roots/` as C arrays.

use std::fmt::Write;
use std::path::Path;

/// The clouds that have roots here, each with its bit in the header: Alibaba's first, then the vendor clouds.
const CLOUDS: [&str; 7] = ["aliyun", "tencent", "onenet", "huawei", "tuya", "baidu", "tlink"];

/// A trust root.
struct Root {
    /// Name of the file in `micropython/roots/`, and of the switch.
    name: &'static str,
    subject: &'static str,
    /// The end of its validity.
    ends: &'static str,
    /// SHA-256 of the file.
    fingerprint: &'static str,
    /// The clouds whose servers have certificates under this root.
    clouds: &'static [&'static str],
}

/// Where the files are from, and which cloud has which root:
///
/// - Alibaba: Link SDK C 4.2 `ali_ca_cert.c` (the first three), Alibaba's SDK for Python 1.2.13 (all five).
/// - Tencent: its SDK for Python, PyPI `tencent-iot-device` 1.0.0, `hub/utils/codec.py`; `qcloud-iot-sdk-embedded-c` has the
///   same one. It is Tencent's own and in no distribution.
/// - Huawei: `huaweicloud-iot-device-sdk-c`, `conf/rootcert.pem`, has two roots; the files are Debian's (`ca-certificates`).
/// - Tuya: `tuya-iot-core-sdk`, `examples/ota_basic_demo/tuya_cacert.h`; the file is Debian's.
/// - Baidu: `baidubce.com` has certificates of GlobalSign. No document of Baidu's names the root; the two that GlobalSign
///   issues such certificates under are R1 and R3 (convention).
///
/// OneNET's root is its own and in no registry, and no document names TLINK's: there a script gives its own (`ca`).
const ROOTS: &[Root] = &[
    Root {
        name: "aliyun_iot",
        subject: "Aliyun IoT Root CA",
        ends: "2053-07-04",
        fingerprint: "7CA438A3976B5242D231F861499822DA855831382735836B361E7E9715661676",
        clouds: &["aliyun"],
    },
    Root {
        name: "globalsign_r1",
        subject: "GlobalSign Root CA (R1)",
        ends: "2028-01-28",
        fingerprint: "EBD41040E4BB3EC742C9E381D31EF2A41A48B6685C96E7CEF3C1DF6CD4331C99",
        clouds: &["aliyun", "baidu"],
    },
    Root {
        name: "globalsign_r6",
        subject: "GlobalSign Root R6",
        ends: "2034-12-10",
        fingerprint: "2CABEAFE37D06CA22ABA7391C0033D25982952C453647349763A3AB5AD6CCF69",
        clouds: &["aliyun"],
    },
    Root {
        name: "globalsign_r46",
        subject: "GlobalSign Root R46",
        ends: "2046-03-20",
        fingerprint: "4FA3126D8D3A11D1C4855A4F807CBAD6CF919D3A5A88B03BEA2C6372D93C40C9",
        clouds: &["aliyun"],
    },
    Root {
        name: "globalsign_e46",
        subject: "GlobalSign Root E46",
        ends: "2046-03-20",
        fingerprint: "CBB9C44D84B8043E1050EA31A69F514955D7BFD2E2C6B49301019AD61D9F5058",
        clouds: &["aliyun"],
    },
    Root {
        name: "globalsign_r3",
        subject: "GlobalSign Root R3",
        ends: "2029-03-18",
        fingerprint: "CBB522D7B7F127AD6A0113865BDF1CD4102E7D0759AF635A7CF4720DC963C53B",
        clouds: &["huawei", "baidu"],
    },
    Root {
        name: "digicert_global",
        subject: "DigiCert Global Root CA",
        ends: "2031-11-10",
        fingerprint: "4348A0E9444C78CB265E058D5E8944B4D84F9662BD26DB257F8934A443C70161",
        clouds: &["huawei"],
    },
    Root {
        name: "godaddy_g2",
        subject: "Go Daddy Root Certificate Authority - G2",
        ends: "2037-12-31",
        fingerprint: "45140B3247EB9CC8C5B4F0D7B53091F73292089E6E5A63E2749DD3ACA9198EDA",
        clouds: &["tuya"],
    },
    Root {
        name: "tencent_iot",
        subject: "Tencent IoT Hub (CN = www.tencent.com)",
        ends: "2032-11-23",
        fingerprint: "3B1FA1E1149E3F3BD3722730DBEF9EB72EC4B9FD95553063A9C60BA62778E740",
        clouds: &["tencent"],
    },
];

impl Root {
    fn der(&self, folder: &Path) -> Vec<u8> {
        let file = folder.join(self.name).with_extension("der");
        std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Whether a build without a word on it has the root: those of Alibaba, and those of the vendor clouds that it has.
    fn usual(&self) -> String {
        if self.clouds.contains(&"aliyun") {
            return "1".into();
        }
        let clouds: Vec<_> = self.clouds.iter().map(|cloud| format!("ALIYUN_IOT_CLOUD_{cloud}")).collect();
        clouds.join(" || ")
    }

    /// The bits of its clouds.
    fn bits(&self) -> u8 {
        let bit = |cloud| 1 << CLOUDS.iter().position(|one| one == cloud).expect("a cloud of the list");
        self.clouds.iter().map(bit).sum()
    }
}

pub fn text(root: &Path) -> String {
    let mut out = String::from(
        "// Made by `cargo xtask bindings` from micropython/roots/*.der: do not edit.\n\
         // Each root can be left out with -DALIYUN_IOT_ROOT_<NAME>=0. Those of a vendor cloud are in with -DALIYUN_IOT_CLOUD_<name>=1.\n\n\
         #include <stdint.h>\n\n",
    );
    for cloud in CLOUDS.iter().skip(1) {
        let switch = format!("ALIYUN_IOT_CLOUD_{cloud}");
        writeln!(out, "#ifndef {switch}\n#define {switch} (0)\n#endif").unwrap();
    }
    for one in ROOTS {
        let der = one.der(&root.join("micropython/roots"));
        let Root { name, subject, ends, fingerprint, .. } = one;
        let switch = format!("ALIYUN_IOT_ROOT_{}", name.to_uppercase());
        writeln!(out, "\n#ifndef {switch}\n#define {switch} ({})\n#endif", one.usual()).unwrap();
        writeln!(out, "#if {switch}\n// {subject}, valid until {ends}, SHA-256 {fingerprint}.").unwrap();
        writeln!(out, "static const uint8_t root_{name}[{}] = {{", der.len()).unwrap();
        for line in der.chunks(20) {
            let bytes: Vec<String> = line.iter().map(|byte| format!("0x{byte:02x},")).collect();
            writeln!(out, "    {}", bytes.join(" ")).unwrap();
        }
        out.push_str("};\n#endif\n");
    }
    let bits: Vec<_> = CLOUDS.iter().enumerate().map(|(bit, cloud)| format!("{} {cloud}", 1 << bit)).collect();
    write!(
        out,
        "\n// All that are in: X(array, clouds). The clouds are the sum of {}.\n#define ALIYUN_IOT_ROOTS(X) \\\n",
        bits.join(", ")
    )
    .unwrap();
    for one in ROOTS {
        writeln!(out, "    ALIYUN_IOT_IF_ROOT_{}(X, root_{}, {}) \\", one.name.to_uppercase(), one.name, one.bits())
            .unwrap();
    }
    out.push('\n');
    for one in ROOTS {
        let name = one.name.to_uppercase();
        writeln!(out, "#if ALIYUN_IOT_ROOT_{name}\n#define ALIYUN_IOT_IF_ROOT_{name}(X, array, clouds) X(array, clouds)\n#else\n#define ALIYUN_IOT_IF_ROOT_{name}(X, array, clouds)\n#endif").unwrap();
    }
    out
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../roots")
    }

    #[test]
    fn each_file_is_the_root_it_says_it_is() {
        for one in ROOTS {
            let hex: String = Sha256::digest(one.der(&folder())).iter().map(|byte| format!("{byte:02X}")).collect();
            assert_eq!(hex, one.fingerprint, "{}", one.name);
        }
    }

    #[test]
    fn each_file_has_its_line() {
        let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
        let mut lines: Vec<_> = ROOTS.iter().map(|one| std::ffi::OsString::from(format!("{}.der", one.name))).collect();
        files.sort();
        lines.sort();
        assert_eq!(files, lines);
    }

    #[test]
    fn a_cloud_that_is_alone_brings_its_own_roots() {
        assert_eq!(ROOTS.iter().filter(|one| one.usual() == "1").count(), 5, "what the default build has");
        let of = |cloud: &str| {
            ROOTS.iter().filter(|one| one.clouds.contains(&cloud)).map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(of("huawei"), ["globalsign_r3", "digicert_global"]);
        assert_eq!(of("baidu"), ["globalsign_r1", "globalsign_r3"]);
        assert_eq!(of("onenet"), [""; 0]);
    }
}
