//! Certificates of devices: the authority that issues them, and what a device gets.

use std::ops::Range;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, Error, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// The years of what is valid. The clock of a board that starts without the time says 2021 at most, and has to be refused.
pub const VALID: Range<i32> = 2022..2045;

/// The authority whose certificates the vendors' clouds accept. Its certificate follows from name and key.
pub const DEVICES: &str = "Local cloud devices";

pub struct Authority {
    pub certificate: Certificate,
    pub key: KeyPair,
}

impl Authority {
    pub fn new(name: &str, key: KeyPair) -> Result<Authority, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = date_time_ymd(VALID.start, 1, 1);
        params.not_after = date_time_ymd(VALID.end, 1, 1);
        let certificate = params.self_signed(&key)?;
        Ok(Authority { certificate, key })
    }

    /// A certificate with which a device logs in, and its key.
    pub fn issue(&self, common_name: &str, years: Range<i32>) -> Result<(Certificate, KeyPair), Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = date_time_ymd(years.start, 1, 1);
        params.not_after = date_time_ymd(years.end, 1, 1);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.certificate, &self.key)?;
        Ok((certificate, key))
    }
}
