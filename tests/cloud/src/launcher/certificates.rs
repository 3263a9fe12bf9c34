//! The chain of trust, new at each start, and the certificates that a careful client refuses.
//!
//! | file | signed by | for | |
//! |---|---|---|---|
//! | `server` | `ca` | localhost, 127.0.0.1 | what the broker shows |
//! | `other-name` | `ca` | another.example | a name that was not asked for |
//! | `expired` | `ca` | localhost | its time is over |
//! | `future` | `ca` | localhost | its time has not come |
//! | `stranger` | `stranger-ca` | localhost | an authority that nobody trusts |
//! | `self-signed` | itself | localhost | vouched for by nobody else |

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

struct Authority {
    certificate: Certificate,
    key: KeyPair,
}

pub fn write(directory: &Path) -> Result<(), String> {
    make(directory).map_err(|e| format!("certificates: {e}"))
}

fn make(directory: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let trusted = authority("Local cloud root")?;
    let stranger = authority("Another root")?;
    store(directory, "ca", &trusted.certificate, None)?;
    store(directory, "stranger-ca", &stranger.certificate, None)?;
    let local = ["localhost", "127.0.0.1"];
    for (name, authority, hosts, years) in [
        ("server", Some(&trusted), &local[..], 2020..2045),
        ("other-name", Some(&trusted), &["another.example"], 2020..2045),
        ("expired", Some(&trusted), &local, 2020..2021),
        ("future", Some(&trusted), &local, 2044..2045),
        ("stranger", Some(&stranger), &local, 2020..2045),
        ("self-signed", None, &local, 2020..2045),
    ] {
        let key = KeyPair::generate()?;
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let mut params = CertificateParams::new(hosts.clone())?;
        params.distinguished_name.push(DnType::CommonName, &*hosts[0]);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = date_time_ymd(years.start, 1, 1);
        params.not_after = date_time_ymd(years.end, 1, 1);
        let certificate = match authority {
            Some(authority) => params.signed_by(&key, &authority.certificate, &authority.key)?,
            None => params.self_signed(&key)?,
        };
        store(directory, name, &certificate, Some(&key))?;
    }
    Ok(())
}

fn authority(name: &str) -> Result<Authority, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2045, 1, 1);
    let certificate = params.self_signed(&key)?;
    Ok(Authority { certificate, key })
}

fn store(directory: &Path, name: &str, certificate: &Certificate, key: Option<&KeyPair>) -> std::io::Result<()> {
    fs::write(directory.join(format!("{name}.pem")), certificate.pem())?;
    if let Some(key) = key {
        let path = directory.join(format!("{name}.key"));
        fs::write(&path, key.serialize_pem())?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
