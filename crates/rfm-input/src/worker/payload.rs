//! Numbers and texts in the payload of a frame: little endian, a text behind its length.

use super::frame::FrameError;

/// Takes values off the front of a payload and refuses those that are not there.
pub(super) struct Payload<'a>(&'a [u8]);

impl<'a> Payload<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Payload<'a> {
        Payload(bytes)
    }

    /// How many bytes are left.
    pub(super) fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], FrameError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(FrameError::Malformed("too few bytes"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// The bytes of a number.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(FrameError::Malformed("too few bytes"))?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, FrameError> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Result<u32, FrameError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, FrameError> {
        self.array().map(u64::from_le_bytes)
    }

    /// How many items follow, each of `least` bytes or more, so that no count is larger than what is there.
    pub(super) fn count(&mut self, least: usize) -> Result<usize, FrameError> {
        let count = self.u32()? as usize;
        match count.checked_mul(least) {
            Some(bytes) if bytes <= self.remaining() => Ok(count),
            _ => Err(FrameError::Malformed("too few bytes")),
        }
    }

    pub(super) fn text(&mut self) -> Result<&'a str, FrameError> {
        let length = self.u32()? as usize;
        str::from_utf8(self.bytes(length)?).map_err(|_| FrameError::Malformed("a text that is not UTF-8"))
    }

    /// Whatever is left.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<(), FrameError> {
        if self.0.is_empty() { Ok(()) } else { Err(FrameError::Malformed("bytes that belong to nothing")) }
    }
}

/// Appends the length of a text or list. More than 4 GiB do not fit a frame either, which says so: see
/// [`write`](super::frame::write).
pub(super) fn put_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

pub(super) fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_length(bytes, text.len());
    bytes.extend(text.as_bytes());
}
