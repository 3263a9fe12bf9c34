//! The chains of trust, made at the folder's first start and kept, and the certificates that a careful client refuses.
//!
//! | file | signed by | for | |
//! |---|---|---|---|
//! | `server` | the ECDSA root of `ca` | localhost, 127.0.0.1 | what the cloud shows |
//! | `server-rsa` | the RSA root of `ca` | localhost, 127.0.0.1 | what it shows to a client that knows RSA only |
//! | `other-name` | the ECDSA root | another.example | a name that was not asked for |
//! | `expired` | the ECDSA root | localhost | its time is over |
//! | `future` | the ECDSA root | localhost | its time has not come |
//! | `stranger` | `stranger-ca` | localhost | an authority that nobody trusts |
//! | `self-signed` | itself | localhost | vouched for by nobody else |
//!
//! For devices that log in with a certificate: `device-ca`, the root of those that the vendors' clouds accept, and two that they
//! refuse, `device-stranger` and `device-expired`.
//!
//! Like the roots of Alibaba's SDKs, `ca.pem` is one file with several roots. A client with RSA alone needs a chain without
//! ECDSA, up to the root, and the other way round.

use std::error::Error;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rcgen::{
    Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    date_time_ymd,
};

use crate::authority::{Authority, DEVICES, VALID};
use crate::files;

const LOCAL: [&str; 2] = ["localhost", "127.0.0.1"];

/// What a server shows that proves itself with each kind of key. Written last, so it says that all is there.
const LAST: &str = "server-rsa";

/// The root of devices' certificates.
const ISSUER: &str = "device-ca";

/// Writes the files, unless they lie there since an earlier start.
pub fn write(directory: &Path) -> Result<(), String> {
    let lacks = |name: &str| !directory.join(name).with_extension("key").exists();
    let made = || -> Result<(), Box<dyn Error>> {
        if lacks(LAST) {
            make(directory)?;
        }
        if lacks(ISSUER) {
            make_for_devices(directory)?;
        }
        // From a version that was less careful.
        for file in fs::read_dir(directory)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "pem" || extension == "key") {
                fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            }
        }
        Ok(())
    };
    made().map_err(|e| format!("certificates: {e}"))
}

/// The root of devices' certificates, and the devices that are refused. Its key is written last.
fn make_for_devices(directory: &Path) -> Result<(), Box<dyn Error>> {
    let accepted = Authority::new(DEVICES, KeyPair::generate()?)?;
    let stranger = Authority::new("Another root of devices", KeyPair::generate()?)?;
    for (name, authority, years) in [("device-stranger", &stranger, VALID), ("device-expired", &accepted, 2020..2021)] {
        let (certificate, key) = authority.issue(name, years)?;
        store(directory, name, &certificate, Some(&key.serialize_pem()))?;
    }
    store(directory, ISSUER, &accepted.certificate, Some(&accepted.key.serialize_pem()))?;
    Ok(())
}

fn make(directory: &Path) -> Result<(), Box<dyn Error>> {
    // They take a moment, so both are begun before all else.
    let (root_key, server_key) = (RsaKey::begin()?, RsaKey::begin()?);
    let trusted = Authority::new("Local cloud root", KeyPair::generate()?)?;
    let stranger = Authority::new("Another root", KeyPair::generate()?)?;
    store(directory, "stranger-ca", &stranger.certificate, None)?;
    for (name, authority, hosts, years) in [
        ("server", Some(&trusted), &LOCAL[..], VALID),
        ("other-name", Some(&trusted), &["another.example"], VALID),
        ("expired", Some(&trusted), &LOCAL, 2020..2021),
        ("future", Some(&trusted), &LOCAL, 2044..2045),
        ("stranger", Some(&stranger), &LOCAL, VALID),
        ("self-signed", None, &LOCAL, VALID),
    ] {
        let key = KeyPair::generate()?;
        let mut params = server(hosts)?;
        params.not_before = date_time_ymd(years.start, 1, 1);
        params.not_after = date_time_ymd(years.end, 1, 1);
        let certificate = match authority {
            Some(authority) => params.signed_by(&key, &authority.certificate, &authority.key)?,
            None => params.self_signed(&key)?,
        };
        store(directory, name, &certificate, Some(&key.serialize_pem()))?;
    }

    let (root_key, _) = root_key.end()?;
    let (server_key, server_pem) = server_key.end()?;
    let with_rsa = Authority::new("Local cloud root (RSA)", root_key)?;
    let roots = trusted.certificate.pem() + &with_rsa.certificate.pem();
    files::write(&directory.join("ca.pem"), roots)?;
    let mut params = server(&LOCAL)?;
    // The key of a client that agrees on one without Diffie and Hellman is encrypted for this one.
    params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    let certificate = params.signed_by(&server_key, &with_rsa.certificate, &with_rsa.key)?;
    store(directory, LAST, &certificate, Some(&server_pem))?;
    Ok(())
}

/// A key that is being made. No crate here makes RSA keys and is kept well; OpenSSL's program is where its library is, which
/// the broker needs.
struct RsaKey(Child);

impl RsaKey {
    fn begin() -> Result<RsaKey, Box<dyn Error>> {
        let mut openssl = Command::new("openssl");
        openssl.args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
        openssl.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child =
            openssl.spawn().map_err(|e| format!("cannot start openssl ({e}); Debian: apt-get install openssl"))?;
        Ok(RsaKey(child))
    }

    fn end(self) -> Result<(KeyPair, String), Box<dyn Error>> {
        let output = self.0.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("openssl genpkey failed ({})", output.status).into());
        }
        let pem = String::from_utf8(output.stdout)?;
        Ok((KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256)?, pem))
    }
}

/// A certificate of a server with these names.
fn server(hosts: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts.clone())?;
    params.distinguished_name.push(DnType::CommonName, &*hosts[0]);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = date_time_ymd(VALID.start, 1, 1);
    params.not_after = date_time_ymd(VALID.end, 1, 1);
    Ok(params)
}

fn store(directory: &Path, name: &str, certificate: &Certificate, key: Option<&str>) -> Result<(), String> {
    files::write(&directory.join(format!("{name}.pem")), certificate.pem())?;
    match key {
        Some(key) => files::write(&directory.join(format!("{name}.key")), key),
        None => Ok(()),
    }
}
