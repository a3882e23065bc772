//! What the parent asks of the child, on its standard input.

use std::io::{self, Read, Write};

use super::frame::{self, FrameError};
use super::limits::WorkerLimits;
use super::payload::Payload;

/// The kind of the frame; those of the answers begin at 1.
const KIND: u8 = 0;

pub(super) fn write(out: &mut dyn Write, limits: &WorkerLimits, question: &[u8]) -> io::Result<()> {
    let WorkerLimits { address_space, cpu_seconds, file_size } = limits;
    let numbers = [address_space, cpu_seconds, file_size].map(|number| number.to_le_bytes());
    frame::write(out, KIND, &[numbers.as_flattened(), question])?;
    out.flush()
}

/// The limits, and what is asked.
pub(super) fn read(input: &mut dyn Read) -> Result<(WorkerLimits, Vec<u8>), FrameError> {
    let mut bytes = Vec::new();
    match frame::read(input, &mut bytes)? {
        Some(KIND) => {}
        Some(kind) => return Err(FrameError::UnknownKind { kind }),
        None => return Err(FrameError::Truncated),
    }
    let mut payload = Payload::new(&bytes);
    let (address_space, cpu_seconds, file_size) = (payload.u64()?, payload.u64()?, payload.u64()?);
    Ok((WorkerLimits { address_space, cpu_seconds, file_size }, payload.rest().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_question_arrive() {
        let limits = WorkerLimits { address_space: 1, cpu_seconds: 2, file_size: u64::MAX };
        let mut bytes = Vec::new();
        write(&mut bytes, &limits, b"orders.xls").unwrap();
        assert_eq!(read(&mut &bytes[..]), Ok((limits, b"orders.xls".to_vec())));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(read(&mut &b""[..]), Err(FrameError::Truncated));
        assert_eq!(read(&mut &b"hello, hello, hello"[..]), Err(FrameError::TooLong { length: 0x6c6c_6568 }));
        let mut bytes = Vec::new();
        frame::write(&mut bytes, KIND, &[&[0; 23]]).unwrap();
        assert_eq!(read(&mut &bytes[..]), Err(FrameError::Malformed("too few bytes")));
        bytes.clear();
        frame::write(&mut bytes, 1, &[&[0; 24]]).unwrap();
        assert_eq!(read(&mut &bytes[..]), Err(FrameError::UnknownKind { kind: 1 }));
    }
}
