//! What is read: files that are checked before the run and opened when their turn comes, and streams.

use std::fs::{self, File, FileType};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use cleanbill_columnar::Seen;
use cleanbill_intake::{ClaimReader, InputOptions, is_compressed};
use cleanbill_report::input_name;

use crate::error::RunError;
use crate::reading::check_answerable;
use crate::scratch::scratch;
use crate::stop::{Stop, StoppableRead};

/// An input of a run.
pub struct Input {
    name: String,
    source: Source,
}

enum Source {
    File(PathBuf),
    Stream(Box<dyn Read + Send>),
    /// What a stream gave, in a file without a name.
    Spooled(File),
}

/// An input that is open.
pub(crate) struct Opened {
    pub(crate) stream: Box<dyn Read + Send>,
    /// The same file where it is a regular one, which can be read from anywhere.
    pub(crate) file: Option<File>,
}

/// Reads claims of an input until it is to stop.
pub(crate) type InputReader<'a> = ClaimReader<Seen<StoppableRead<'a>>>;

impl Opened {
    fn of(file: File) -> io::Result<Self> {
        let regular = if file.metadata()?.is_file() { Some(file.try_clone()?) } else { None };
        Ok(Self { stream: Box::new(file), file: regular })
    }

    fn reader<'a>(
        self,
        options: &InputOptions,
        first: u64,
        stop: &Stop<'a>,
    ) -> io::Result<InputReader<'a>> {
        let source = StoppableRead { input: self.stream, stop: stop.clone() };
        cleanbill_columnar::open(source, self.file, options, first)
    }
}

impl Input {
    /// A file; a named pipe will do.
    #[must_use]
    pub fn file(path: PathBuf) -> Self {
        Self { name: input_name(&path), source: Source::File(path) }
    }

    /// Something that is open already, standard input for one.
    #[must_use]
    pub fn stream(name: &str, stream: Box<dyn Read + Send>) -> Self {
        Self { name: name.to_owned(), source: Source::Stream(stream) }
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its size in bytes where it has one: regular files do, unless they are unpacked on the way.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        let path = self.path()?;
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let mut start = Vec::new();
        File::open(path).ok()?.take(4).read_to_end(&mut start).ok()?;
        (!is_compressed(&start)).then_some(metadata.len())
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Stream(_) | Source::Spooled(_) => None,
        }
    }

    /// Opens the input to read claims once before it is opened for good. What can be read only once, a
    /// pipe or standard input, is first copied into a file without a name, whose space is free again when
    /// this process ends, however it ends.
    pub(crate) fn reader_before<'a>(
        &mut self,
        options: &InputOptions,
        stop: &Stop<'a>,
    ) -> Result<InputReader<'a>, RunError> {
        let name = self.name.clone();
        let failed = |source| stop.failed(&name, source, 0);
        let mut stream: Box<dyn Read + Send> = match &mut self.source {
            Source::File(path) => {
                let file = File::open(path).map_err(failed)?;
                if file.metadata().map_err(failed)?.is_file() {
                    let opened = Opened::of(file).map_err(failed)?;
                    return opened.reader(options, 1, stop).map_err(failed);
                }
                Box::new(file)
            }
            Source::Stream(stream) => std::mem::replace(stream, Box::new(io::empty())),
            Source::Spooled(file) => {
                let again = file.rewind().and_then(|()| file.try_clone()).and_then(Opened::of);
                return again.map_err(failed)?.reader(options, 1, stop).map_err(failed);
            }
        };
        let mut stoppable = StoppableRead { input: &mut stream, stop: stop.clone() };
        let mut spooled = scratch().copy(&mut stoppable).map_err(failed)?;
        // What was written is read from its beginning.
        spooled.rewind().map_err(failed)?;
        let opened = spooled.try_clone().and_then(Opened::of).map_err(failed)?;
        self.source = Source::Spooled(spooled);
        opened.reader(options, 1, stop).map_err(failed)
    }

    /// Tells before any claim is read whether the input can be opened.
    ///
    /// A regular file is opened and closed again, so that thousands of inputs need no thousands of
    /// handles; a pipe is left alone, since closing it would end its writer.
    ///
    /// # Errors
    /// [`RunError::InputUnusable`] when it cannot.
    pub fn check(&self) -> Result<(), RunError> {
        let Some(path) = self.path() else { return Ok(()) };
        let unusable =
            |reason: String| RunError::InputUnusable { input: self.name.clone(), reason };
        let kind = fs::metadata(path).map_err(|error| unusable(error.to_string()))?.file_type();
        if kind.is_file() {
            return File::open(path).map(drop).map_err(|error| unusable(error.to_string()));
        }
        match not_readable(kind) {
            Some(reason) => Err(unusable(reason.to_owned())),
            None => Ok(()),
        }
    }

    /// Tells before any claim is read whether a regular file is of a format that the run can answer; a
    /// stream tells when its turn comes.
    pub(crate) fn check_format(&self, options: &InputOptions) -> Result<(), RunError> {
        let Some(path) = self.path().filter(|path| options.acknowledge && path.is_file()) else {
            return Ok(());
        };
        let failed = |source| RunError::Read { input: self.name.clone(), source };
        let opened = File::open(path).and_then(Opened::of).map_err(failed)?;
        let reader = opened.reader(options, 1, &Stop::new(None)).map_err(failed)?;
        check_answerable(options, &self.name, reader.format())
    }

    /// Opens the input.
    pub(crate) fn open(self) -> Result<Opened, RunError> {
        let opened = match self.source {
            Source::Stream(stream) => return Ok(Opened { stream, file: None }),
            Source::Spooled(mut file) => file.rewind().and_then(|()| Opened::of(file)),
            Source::File(path) => File::open(path).and_then(Opened::of),
        };
        opened.map_err(|source| RunError::Read { input: self.name, source })
    }

    /// Opens the input to read claims, the first of which is `first` among those of a run.
    pub(crate) fn reader<'a>(
        self,
        options: &InputOptions,
        first: u64,
        stop: Stop<'a>,
    ) -> Result<InputReader<'a>, RunError> {
        let input = self.name.clone();
        self.open()?.reader(options, first, &stop).map_err(|source| stop.failed(&input, source, 0))
    }

    /// Opens the input to read claims, the first of which is `first` among those of a run.
    ///
    /// # Errors
    /// [`RunError::Read`] when the system refuses.
    pub fn claims(
        self,
        options: &InputOptions,
        first: u64,
    ) -> Result<ClaimReader<impl Read>, RunError> {
        self.reader(options, first, Stop::new(None))
    }
}

fn not_readable(kind: FileType) -> Option<&'static str> {
    if kind.is_dir() {
        return Some("it is a folder, not a file; name the files in it");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_socket() {
            return Some("it is a socket, not a file");
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Some("it is a device, not a file");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_and_a_folder_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Input::file(folder.path().join("no.837")).check().unwrap_err();
        assert!(missing.to_string().contains("no.837"), "{missing}");
        let error = Input::file(folder.path().to_owned()).check().unwrap_err();
        assert!(error.to_string().ends_with("it is a folder, not a file; name the files in it"));
        assert_eq!(error.exit_code(), crate::exit_code::REFUSED);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_device_is_refused() {
        let error = Input::file(PathBuf::from("/dev/zero")).check().unwrap_err();
        assert!(error.to_string().ends_with("it is a device, not a file"), "{error}");
    }

    #[test]
    fn a_stream_can_be_read_before_and_before_that_and_gives_the_same_each_time() {
        use cleanbill_intake::Event;
        use cleanbill_model::Claim;

        let claim = |id: &str| {
            format!(
                r#"{{"schema":1,"claim_id":"{id}","lines":[{{"procedure":"93970","from":"2026-03-02"}}]}}"#
            )
        };
        let text = format!("{}\n{}\n", claim("A"), claim("B"));
        let mut input = Input::stream("-", Box::new(io::Cursor::new(text)));
        let (options, stop) = (InputOptions::default(), Stop::new(None));
        let read = |mut reader: InputReader<'_>| {
            let (mut claim, mut ids) = (Claim::default(), Vec::new());
            while let Some(event) = reader.next(&mut claim).unwrap() {
                assert!(matches!(event, Event::Claim), "{event:?}");
                ids.push(claim.id().to_owned());
            }
            ids
        };
        for _ in 0..2 {
            assert_eq!(read(input.reader_before(&options, &stop).unwrap()), ["A", "B"]);
        }
        assert_eq!(read(input.reader(&options, 1, stop).unwrap()), ["A", "B"]);
    }
}
