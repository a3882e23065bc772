//! The envelope of everything that runs between the two processes: length, kind, payload, checksum.
//!
//! The sender may be a process that is just falling apart, so a frame is believed only when all of it has arrived and its
//! checksum is right, and no length makes us reserve memory that the bytes do not fill.

use std::io::{self, Read, Write};

/// The most bytes that a payload has.
pub(super) const MAX_LENGTH: usize = 16 << 20;

const CHECKSUM: usize = 8;

/// What is wrong with the bytes that came from the other process.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The bytes end inside a frame.
    #[error("a message that ends in the middle")]
    Truncated,
    /// A length beyond what a frame may have.
    #[error("a message of {length} bytes, more than the {MAX_LENGTH} allowed")]
    TooLong {
        /// The length that the frame claims.
        length: u32,
    },
    /// The checksum is not that of kind and payload.
    #[error("a message with a wrong checksum")]
    Checksum,
    /// A kind that there is not.
    #[error("a message of the unknown kind {kind}")]
    UnknownKind {
        /// The kind that the frame claims.
        kind: u8,
    },
    /// A payload that its kind cannot have.
    #[error("a message with {0}")]
    Malformed(&'static str),
    /// A frame that is in order and has no place here.
    #[error("{0}")]
    OutOfOrder(&'static str),
    /// The operating system failed to deliver the bytes.
    #[error("what cannot be received ({0})")]
    Receive(io::ErrorKind),
}

/// Writes a frame; the payload comes in parts, so that nobody has to join them.
///
/// A payload longer than [`MAX_LENGTH`] is the fault `InvalidInput`.
pub(super) fn write(out: &mut dyn Write, kind: u8, parts: &[&[u8]]) -> io::Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let length = u32::try_from(length).ok().filter(|&length| length as usize <= MAX_LENGTH);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    let mut checksum = blake3::Hasher::new();
    checksum.update(&[kind]);
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&[kind])?;
    for part in parts {
        checksum.update(part);
        out.write_all(part)?;
    }
    out.write_all(&checksum.finalize().as_bytes()[..CHECKSUM])
}

/// Reads a frame, its payload into `payload`, and gives its kind; `None` where the bytes end before it.
pub(super) fn read(input: &mut dyn Read, payload: &mut Vec<u8>) -> Result<Option<u8>, FrameError> {
    payload.clear();
    read_up_to(input, 5, payload)?;
    let (length, kind) = match *payload.as_slice() {
        [] => return Ok(None),
        [a, b, c, d, kind] => (u32::from_le_bytes([a, b, c, d]), kind),
        _ => return Err(FrameError::Truncated),
    };
    if length as usize > MAX_LENGTH {
        return Err(FrameError::TooLong { length });
    }
    payload.clear();
    let whole = length as usize + CHECKSUM;
    read_up_to(input, whole, payload)?;
    if payload.len() < whole {
        return Err(FrameError::Truncated);
    }
    let mut checksum = blake3::Hasher::new();
    checksum.update(&[kind]).update(&payload[..length as usize]);
    if payload[length as usize..] != checksum.finalize().as_bytes()[..CHECKSUM] {
        return Err(FrameError::Checksum);
    }
    payload.truncate(length as usize);
    Ok(Some(kind))
}

/// Appends up to `count` bytes, fewer only where the input ends; memory grows with what arrives.
fn read_up_to(input: &mut dyn Read, count: usize, bytes: &mut Vec<u8>) -> Result<(), FrameError> {
    let read = input.take(count as u64).read_to_end(bytes);
    read.map(|_| ()).map_err(|error| FrameError::Receive(error.kind()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framed(kind: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, kind, &[payload]).unwrap();
        bytes
    }

    fn read_all(bytes: &[u8]) -> Result<Option<(u8, Vec<u8>)>, FrameError> {
        let mut payload = Vec::new();
        let kind = read(&mut &bytes[..], &mut payload)?;
        Ok(kind.map(|kind| (kind, payload)))
    }

    #[test]
    fn nothing_is_no_frame() {
        assert_eq!(read_all(&[]), Ok(None));
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_anything_is_read() {
        assert_eq!(read_all(&[255, 255, 255, 255, 1]), Err(FrameError::TooLong { length: u32::MAX }));
        let error = write(&mut io::sink(), 1, &[&vec![0; MAX_LENGTH], &[0]]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn a_length_that_the_bytes_do_not_fill_reserves_no_memory_for_it() {
        let mut payload = Vec::new();
        let claimed = u32::try_from(MAX_LENGTH).unwrap().to_le_bytes();
        let bytes = [&claimed[..], &[1, 2, 3]].concat();
        assert_eq!(read(&mut &bytes[..], &mut payload), Err(FrameError::Truncated));
        assert!(payload.capacity() < 1 << 16);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(kind: u8, payload: Vec<u8>) {
            prop_assert_eq!(read_all(&framed(kind, &payload)), Ok(Some((kind, payload))));
        }

        #[test]
        fn a_frame_that_ends_early_is_told(payload: Vec<u8>, keep: prop::sample::Index) {
            let bytes = framed(1, &payload);
            let keep = keep.index(bytes.len() - 1) + 1;
            prop_assert_eq!(read_all(&bytes[..keep]), Err(FrameError::Truncated));
        }

        #[test]
        fn a_flipped_bit_is_told(payload: Vec<u8>, byte: prop::sample::Index, bit in 0..8u32) {
            let mut bytes = framed(1, &payload);
            let byte = byte.index(bytes.len());
            bytes[byte] ^= 1 << bit;
            // A longer length than there are bytes is an early end, a shorter one a wrong checksum.
            prop_assert!(read_all(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_an_error_or_a_frame(bytes: Vec<u8>) {
            let _ = read_all(&bytes);
        }
    }
}
