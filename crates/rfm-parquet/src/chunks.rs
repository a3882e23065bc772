//! Stored bytes as the Parquet library asks for them.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use rfm_input::{FileReader, StoredFile};

/// A file for the library. Remembers why the operating system failed, since the library makes a text of it.
#[derive(Clone, Debug)]
pub(crate) struct Chunks {
    file: StoredFile,
    failure: Arc<Mutex<Option<io::Error>>>,
}

impl Chunks {
    pub(crate) fn new(file: &StoredFile) -> Chunks {
        Chunks { file: file.clone(), failure: Arc::default() }
    }

    /// Why the operating system failed, if it did.
    pub(crate) fn failure(&self) -> Option<io::Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn at(&self, start: u64) -> io::Result<FileReader> {
        let mut reader = self.file.reader();
        reader.seek(SeekFrom::Start(start))?;
        Ok(reader)
    }

    fn failed(&self, cause: io::Error) -> ParquetError {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
        ParquetError::EOF(String::new())
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.file.size()
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<FileReader>;

    /// Small reads follow: a page header has some ten bytes.
    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let reader = self.at(start).map_err(|cause| self.failed(cause))?;
        Ok(BufReader::with_capacity(1024, reader))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        let mut read = Vec::with_capacity(length);
        let reader = self.at(start).map_err(|cause| self.failed(cause))?;
        reader.take(length as u64).read_to_end(&mut read).map_err(|cause| self.failed(cause))?;
        // The places were checked against the size of the file, so that it must have been cut since.
        if read.len() < length { Err(ParquetError::EOF(String::new())) } else { Ok(read.into()) }
    }
}
