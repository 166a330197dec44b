//! Devices that have signed in before: a signed list of the accounts that they know, kept in a cookie of theirs.
//!
//! Such a device has counts of its own, so that nobody can lock an owner out of a browser that they have used. Only a
//! sign-in puts an account on the list.

use crate::server::{entropy::Entropy, secret::Secret};
use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::time::Duration;

const PREFIX: &str = "cfd1_";
const PART: usize = 16;
/// The most accounts that a device knows: more than people have on one, few enough for a small cookie.
const MAX_MARKS: usize = 8;
/// How long a device is remembered after a sign-in.
pub const LIFE: Duration = Duration::from_hours(180 * 24);

type Part = [u8; PART];

/// A device that carries this server's tag.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    id: Part,
    /// One for each account that it knows, the last that signed in first. Tells nobody which account it is.
    marks: Vec<Part>,
}

/// The two keys behind every device, derived from one secret.
pub struct DeviceKeys {
    tag: hmac::Key,
    mark: hmac::Key,
}

impl DeviceKeys {
    /// Derives the keys (HKDF, RFC 5869).
    pub fn derive(secret: &Secret) -> Self {
        let key = |label| hmac::Key::new(hmac::HMAC_SHA256, &*secret.derive(label));
        Self { tag: key("counterfoil device tag"), mark: key("counterfoil device mark") }
    }

    /// The device after a sign-in to the account of this name; a new one where there was none.
    pub fn remember(&self, device: Option<Device>, name: &str, entropy: &dyn Entropy) -> Device {
        let mut device = device.unwrap_or_else(|| Device { id: entropy.bytes(), marks: Vec::new() });
        let mark = self.mark(&device, name);
        device.marks.retain(|other| *other != mark);
        device.marks.insert(0, mark);
        device.marks.truncate(MAX_MARKS);
        device
    }

    /// What is counted for a device and an account: something only if the device knows the account.
    pub fn known(&self, device: &Device, name: &str) -> Option<Part> {
        let mark = self.mark(device, name);
        device.marks.contains(&mark).then_some(mark)
    }

    /// The device as the cookie carries it.
    pub fn encode(&self, device: &Device) -> String {
        let mut bytes = [&[device.id], &device.marks[..]].concat().concat();
        bytes.extend(first_part(&hmac::sign(&self.tag, &bytes)));
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a device back, or nothing when the form or the tag is not ours.
    pub fn decode(&self, text: &str) -> Option<Device> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (body, tag) = bytes.split_at_checked(bytes.len().checked_sub(PART)?)?;
        constant_time::verify_slices_are_equal(&first_part(&hmac::sign(&self.tag, body)), tag).ok()?;
        let (id, marks) = body.split_first_chunk()?;
        let (marks, rest) = marks.as_chunks();
        rest.is_empty().then(|| Device { id: *id, marks: marks.to_vec() })
    }

    /// Depends on the device, so that the marks of one account on two devices have nothing in common.
    fn mark(&self, device: &Device, name: &str) -> Part {
        let mut context = hmac::Context::with_key(&self.mark);
        context.update(&device.id);
        context.update(name.as_bytes());
        first_part(&context.sign())
    }
}

/// 128 bits of an HMAC are enough where a guess costs a request (RFC 2104 section 5).
pub fn first_part(tag: &hmac::Tag) -> Part {
    let mut part = [0; PART];
    part.copy_from_slice(&tag.as_ref()[..PART]);
    part
}

#[cfg(test)]
mod tests {
    use super::{Device, DeviceKeys, MAX_MARKS};
    use crate::server::{entropy::SystemEntropy, secret::Secret};

    fn keys(byte: u8) -> DeviceKeys {
        DeviceKeys::derive(&Secret::from_bytes(&[byte; 32]))
    }

    fn remember(keys: &DeviceKeys, device: Option<Device>, name: &str) -> Device {
        keys.remember(device, name, &SystemEntropy)
    }

    #[test]
    fn a_device_reads_back_and_knows_its_accounts_alone() {
        let keys = keys(1);
        let device = remember(&keys, None, "alice@example.com");
        let device = remember(&keys, Some(device), "bob@example.com");
        let read = keys.decode(&keys.encode(&device)).unwrap();
        assert!(keys.known(&read, "alice@example.com").is_some() && keys.known(&read, "bob@example.com").is_some());
        assert!(keys.known(&read, "carol@example.com").is_none());
    }

    #[test]
    fn the_account_that_signed_in_longest_ago_is_forgotten_first() {
        let keys = keys(1);
        let name = |number: usize| format!("user{number}@example.com");
        let device = (0..MAX_MARKS).fold(None, |device, number| Some(remember(&keys, device, &name(number))));
        let device = remember(&keys, device, &name(0));
        let device = remember(&keys, Some(device), "one.more@example.com");
        assert!(keys.known(&device, &name(0)).is_some());
        assert!(keys.known(&device, &name(1)).is_none());
        assert!(keys.encode(&device).len() < 256);
    }

    #[test]
    fn the_marks_of_one_account_on_two_devices_differ() {
        let keys = keys(1);
        let marks = [0, 1].map(|_| remember(&keys, None, "alice@example.com").marks[0]);
        assert_ne!(marks[0], marks[1]);
    }

    #[test]
    fn every_changed_character_and_every_other_form_is_refused() {
        let keys = keys(1);
        let text = keys.encode(&remember(&keys, None, "alice@example.com"));
        for index in 0..text.len() {
            let mut tampered = text.clone().into_bytes();
            tampered[index] = if tampered[index] == b'A' { b'B' } else { b'A' };
            assert!(keys.decode(std::str::from_utf8(&tampered).unwrap()).is_none(), "at {index}");
        }
        for bad in ["", "cfd1_", "cfd1_AAAA", &text[..text.len() - 1], &format!("{text}A"), &format!("{text}=")] {
            assert!(keys.decode(bad).is_none(), "{bad}");
        }
        assert!(super::DeviceKeys::derive(&Secret::from_bytes(&[2; 32])).decode(&text).is_none());
    }
}
