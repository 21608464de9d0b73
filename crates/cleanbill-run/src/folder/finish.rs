//! The end of a run in a folder: everything gets its name, `summary.json` last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cleanbill_report::input_name;

use super::keeping::Keeping;
use super::record::Part;
use super::witness::{Mark, Witness};
use super::{JOURNAL, PROVENANCE, QUARANTINE, SUMMARY, WORK, names};
use crate::error::RunError;
use crate::publish::{Unpublished, sync_folder};

impl Keeping<'_> {
    /// Where outputs are written until they appear.
    pub(crate) fn work(&self) -> PathBuf {
        self.run.folder.work()
    }

    /// Puts every output under its name, with what the run was made of.
    pub(crate) fn publish(&mut self, files: Vec<(String, Unpublished)>) -> Result<(), RunError> {
        let folder = self.run.folder.path.clone();
        let quarantine =
            self.quarantine.take().map_or(Ok(Vec::new()), |quarantine| quarantine.finish());
        let quarantine = quarantine.map_err(|source| failed(&folder.join(QUARANTINE), source))?;
        let provenance = self.provenance(&files, &quarantine)?;
        let path = folder.join(PROVENANCE);
        let staged = Unpublished::create_in(Some(&self.work()), path.clone())?;
        let written = staged
            .writer()
            .and_then(|mut file| io::Write::write_all(&mut file, provenance.as_bytes()));
        written.and_then(|()| staged.sync()).map_err(|source| failed(&path, source))?;

        let kept: Vec<&Path> = files.iter().map(|(_, file)| file.path()).collect();
        take_away(&folder, &kept).map_err(|source| failed(&folder, source))?;
        let (summary, others): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(_, file)| file.path().ends_with(SUMMARY));
        for (output, file) in others.into_iter().chain([(input_name(&path), staged)]) {
            file.publish().map_err(|source| RunError::Write { output, source })?;
        }
        let work = self.work();
        replace_folder(&work, &folder)
            .map_err(|source| failed(&folder.join(QUARANTINE), source))?;
        for (output, file) in summary {
            file.publish().map_err(|source| RunError::Write { output, source })?;
        }
        // The run is whole: what is left of its work can only be in the way.
        let _ = fs::remove_file(work.join(JOURNAL));
        let _ = fs::remove_dir_all(folder.join(WORK));
        Ok(())
    }

    /// The text of `provenance.json`.
    fn provenance(
        &mut self,
        files: &[(String, Unpublished)],
        quarantine: &[PathBuf],
    ) -> Result<String, RunError> {
        let mut provenance = self.run.provenance.clone();
        for (name, witness) in &self.witnesses {
            let mark = witness
                .finish()
                .map_err(|source| RunError::Read { input: name.clone(), source })?;
            let name = super::record::base_name(Path::new(name));
            provenance.inputs.push(Part::of(name, &mark));
        }
        let mut outputs = Vec::new();
        for (output, file) in files {
            let mark = file.written().and_then(|file| mark_of(&file));
            let mark = mark.map_err(|source| RunError::Write { output: output.clone(), source })?;
            outputs.push(Part::of(super::record::base_name(file.path()), &mark));
        }
        for path in quarantine {
            let mark = fs::File::open(path).and_then(|file| mark_of(&file));
            let mark = mark.map_err(|source| failed(path, source))?;
            let name = format!("{QUARANTINE}/{}", super::record::base_name(path));
            outputs.push(Part::of(name, &mark));
        }
        outputs.sort_by(|one, other| one.name.cmp(&other.name));
        provenance.outputs = outputs;
        let text = provenance.text();
        text.map_err(|error| failed(&self.run.folder.path.join(PROVENANCE), error.into()))
    }
}

fn mark_of(file: &fs::File) -> io::Result<Mark> {
    let witness = Witness::default();
    witness.watch_file(file, true)?;
    Ok(witness.mark())
}

/// Takes away what an earlier run has left under names of results, its summary first: a folder with a summary is
/// whole.
fn take_away(folder: &Path, kept: &[&Path]) -> io::Result<()> {
    remove(&folder.join(SUMMARY))?;
    sync_folder(folder)?;
    for name in names().filter(|name| *name != QUARANTINE) {
        let path = folder.join(name);
        if !kept.contains(&path.as_path())
            && fs::symlink_metadata(&path).is_ok_and(|found| found.is_file())
        {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Puts the quarantine in the place of an earlier one.
fn replace_folder(work: &Path, folder: &Path) -> io::Result<()> {
    let (new, place, old) = (work.join(QUARANTINE), folder.join(QUARANTINE), work.join("replaced"));
    match fs::symlink_metadata(&place) {
        Ok(found) if !found.is_dir() => return Err(io::Error::other("it is no folder")),
        Ok(_) => fs::rename(&place, old)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::rename(new, place)?;
    sync_folder(folder)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn failed(path: &Path, source: io::Error) -> RunError {
    RunError::Write { output: input_name(path), source }
}
