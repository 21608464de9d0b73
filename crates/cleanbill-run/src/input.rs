//! What is read: files that are checked before the run and opened when their turn comes, and streams.

use std::fs::{self, File, FileType};
use std::io::{self, Read, Seek};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleanbill_columnar::Seen;
use cleanbill_intake::{ClaimReader, Event, InputOptions, Piece, columnar, is_compressed};
use cleanbill_model::{Claim, EnvelopePart, InputError};
use cleanbill_report::{VersionNote, input_name};

use crate::error::RunError;
use crate::finalize::{FinalClaims, Sieve};
use crate::folder::{ReadAt, Witness, Witnessed};
use crate::reading::check_answerable;
use crate::scratch::scratch;
use crate::stop::{Stop, StoppableRead};

/// An input of a run.
pub struct Input {
    name: String,
    source: Source,
    watched: Option<Watched>,
    /// Which of its claims are final, where they alone are to be judged.
    final_claims: Option<Arc<FinalClaims>>,
}

/// Whoever sees every byte that is read for good.
struct Watched {
    witness: Arc<Witness>,
    /// Where a copy of a stream is kept.
    folder: PathBuf,
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

/// Reads claims of an input until it is to stop; of an input of which final claims alone are judged, these.
pub struct InputReader<'a> {
    pub(crate) reader: ClaimReader<Seen<StoppableRead<'a>>>,
    sieve: Option<Sieve>,
}

/// What a reader meets.
pub(crate) enum Met {
    /// A claim, which has to be judged, and what its versions say of it.
    Claim(Option<Box<VersionNote>>),
    /// A claim that is not final.
    NotFinal(Box<VersionNote>),
    Envelope(EnvelopePart),
    Error(InputError),
}

impl InputReader<'_> {
    /// Reads on to the next claim that has to be judged, or to what is told of the input.
    ///
    /// # Errors
    /// The input, or what is known of its versions, cannot be read.
    pub fn next(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        loop {
            return Ok(match self.meet(claim)? {
                None => None,
                Some(Met::NotFinal(_)) => continue,
                Some(Met::Claim(_)) => Some(Event::Claim),
                Some(Met::Envelope(part)) => Some(Event::Envelope(part)),
                Some(Met::Error(error)) => Some(Event::Error(error)),
            });
        }
    }

    /// Reads on to the next claim, or to what is told of the input.
    pub(crate) fn meet(&mut self, claim: &mut Claim) -> io::Result<Option<Met>> {
        let Some(event) = self.reader.next(claim)? else { return Ok(None) };
        Ok(Some(match event {
            Event::Envelope(part) => Met::Envelope(part),
            Event::Error(error) => Met::Error(error),
            Event::Claim => {
                let note = self.sieve.as_mut().map(|sieve| sieve.pass(claim)).transpose()?;
                match note.flatten() {
                    Some(note) if note.lines.is_empty() && !note.action.is_judged() => {
                        Met::NotFinal(note)
                    }
                    note => Met::Claim(note),
                }
            }
        }))
    }

    /// Cuts off claims that stand next for another reader, as [`ClaimReader::cut_off`] does; none where some may not
    /// be final, which is told claim by claim.
    pub(crate) fn cut_off(&mut self, most: usize, piece: &mut Piece) -> bool {
        self.sieve.is_none() && self.reader.cut_off(most, piece)
    }

    /// As [`ClaimReader::quarantined_ranges`].
    pub(crate) fn quarantined_ranges(&self) -> &[Range<u64>] {
        self.reader.quarantined_ranges()
    }

    /// The number that the next claim will have among those of the run.
    #[must_use]
    pub fn next_ordinal(&self) -> u64 {
        self.reader.next_ordinal()
    }
}

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
        found: Option<&Arc<FinalClaims>>,
    ) -> io::Result<InputReader<'a>> {
        let source = StoppableRead { input: self.stream, stop: stop.clone() };
        let reader = cleanbill_columnar::open(source, self.file, options, first)?;
        let sieve = found.map(|found| Sieve::new(Arc::clone(found), first));
        Ok(InputReader { reader, sieve })
    }
}

impl Input {
    /// A file; a named pipe will do.
    #[must_use]
    pub fn file(path: PathBuf) -> Self {
        let (name, source) = (input_name(&path), Source::File(path));
        Self { name, source, watched: None, final_claims: None }
    }

    /// Something that is open already, standard input for one.
    #[must_use]
    pub fn stream(name: &str, stream: Box<dyn Read + Send>) -> Self {
        let (name, source) = (name.to_owned(), Source::Stream(stream));
        Self { name, source, watched: None, final_claims: None }
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

    /// Lets `witness` see what is read once the input is opened for good; a stream is copied into a file
    /// without a name in `folder` on the way.
    pub(crate) fn watch(&mut self, witness: Arc<Witness>, folder: PathBuf) {
        self.watched = Some(Watched { witness, folder });
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Stream(_) | Source::Spooled(_) => None,
        }
    }

    /// Has readers pass over all claims but final ones from now on.
    pub(crate) fn judge_final(&mut self, found: Arc<FinalClaims>) {
        self.final_claims = Some(found);
    }

    /// Opens the input to read claims, the first of which is `first` among those of the run, once before it is
    /// opened for good. What can be read only once, a
    /// pipe or standard input, is first copied into a file without a name, whose space is free again when
    /// this process ends, however it ends.
    pub(crate) fn reader_before<'a>(
        &mut self,
        options: &InputOptions,
        first: u64,
        stop: &Stop<'a>,
    ) -> Result<InputReader<'a>, RunError> {
        let found = self.final_claims.clone();
        let name = self.name.clone();
        let failed = |source| stop.failed(&name, source, 0);
        let mut stream: Box<dyn Read + Send> = match &mut self.source {
            Source::File(path) => {
                let file = File::open(path).map_err(failed)?;
                if file.metadata().map_err(failed)?.is_file() {
                    let opened = Opened::of(file).map_err(failed)?;
                    return opened.reader(options, first, stop, found.as_ref()).map_err(failed);
                }
                Box::new(file)
            }
            Source::Stream(stream) => std::mem::replace(stream, Box::new(io::empty())),
            Source::Spooled(file) => {
                let again = file.rewind().and_then(|()| file.try_clone()).and_then(Opened::of);
                let opened = again.map_err(failed)?;
                return opened.reader(options, first, stop, found.as_ref()).map_err(failed);
            }
        };
        let mut stoppable = StoppableRead { input: &mut stream, stop: stop.clone() };
        let mut spooled = scratch().copy(&mut stoppable).map_err(failed)?;
        // What was written is read from its beginning.
        spooled.rewind().map_err(failed)?;
        let opened = spooled.try_clone().and_then(Opened::of).map_err(failed)?;
        self.source = Source::Spooled(spooled);
        opened.reader(options, first, stop, found.as_ref()).map_err(failed)
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
        let reader = opened.reader(options, 1, &Stop::new(None), None).map_err(failed)?;
        check_answerable(options, &self.name, reader.reader.format())
    }

    /// Opens the input.
    pub(crate) fn open(self) -> Result<Opened, RunError> {
        let opened = match self.source {
            Source::Stream(stream) => Ok(Opened { stream, file: None }),
            Source::Spooled(mut file) => file.rewind().and_then(|()| Opened::of(file)),
            Source::File(path) => File::open(path).and_then(Opened::of),
        };
        let opened = match self.watched {
            Some(watched) => opened.and_then(|opened| watched.watch(opened)),
            None => opened,
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
        let (input, found) = (self.name.clone(), self.final_claims.clone());
        let opened = self.open()?.reader(options, first, &stop, found.as_ref());
        opened.map_err(|source| stop.failed(&input, source, 0))
    }

    /// Opens the input to read claims, the first of which is `first` among those of a run.
    ///
    /// # Errors
    /// [`RunError::Read`] when the system refuses.
    pub fn claims(
        self,
        options: &InputOptions,
        first: u64,
    ) -> Result<InputReader<'static>, RunError> {
        self.reader(options, first, Stop::new(None))
    }
}

impl Watched {
    fn watch(self, opened: Opened) -> io::Result<Opened> {
        let Self { witness, folder } = self;
        match &opened.file {
            Some(file) => {
                let mut start = Vec::new();
                ReadAt { file: file.try_clone()?, position: 0 }.take(8).read_to_end(&mut start)?;
                // Such a file is read from its end and in parts.
                witness.watch_file(file, columnar(&start).is_some())?;
            }
            None => witness.watch_stream(&folder)?,
        }
        let stream = Box::new(Witnessed { input: opened.stream, witness });
        Ok(Opened { stream, file: opened.file })
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
            assert_eq!(read(input.reader_before(&options, 1, &stop).unwrap()), ["A", "B"]);
        }
        assert_eq!(read(input.claims(&options, 1).unwrap()), ["A", "B"]);
    }
}
