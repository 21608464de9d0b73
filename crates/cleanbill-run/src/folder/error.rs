//! Why a folder cannot hold the results of a run.

/// Why a folder cannot hold the results of a run. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be made or used.
    #[error("the folder `{folder}` cannot be used: {reason}")]
    Unusable {
        /// Its name.
        folder: String,
        /// Reason of the operating system, or ours.
        reason: String,
    },
    /// Another run writes to it.
    #[error("the folder `{folder}` is locked by process {process}")]
    Locked {
        /// Its name.
        folder: String,
        /// The number of that process.
        process: String,
    },
    /// It holds results, or files under their names.
    #[error("the folder `{folder}` holds `{file}` already")]
    Taken {
        /// Its name.
        folder: String,
        /// The file.
        file: String,
    },
    /// It holds a run that broke off.
    #[error("the folder `{folder}` holds a run that broke off")]
    Unfinished {
        /// Its name.
        folder: String,
    },
    /// The run in it is another one.
    #[error("the run in `{folder}` was another one: {what} differs")]
    OtherRun {
        /// Its name.
        folder: String,
        /// What is not the same.
        what: String,
    },
    /// An input is not the one that the run which broke off has read.
    #[error("the input `{input}` has changed since the run in `{folder}` broke off")]
    InputChanged {
        /// Name of the folder.
        folder: String,
        /// Name of the input.
        input: String,
    },
    /// An input lies where results go.
    #[error("the input `{input}` lies in the folder of the results, `{folder}`")]
    InputInside {
        /// Name of the folder.
        folder: String,
        /// Name of the input.
        input: String,
    },
}

impl FolderError {
    /// What to do about it.
    pub(crate) const fn help(&self) -> &'static str {
        match self {
            Self::Unusable { .. } => {
                "name a folder of your own that others may not write to; its last part is made"
            }
            Self::Locked { .. } => "wait for that run to end, or name another folder",
            Self::Taken { .. } => {
                "name another folder, or replace what it holds with `--overwrite`"
            }
            Self::Unfinished { .. } => {
                "go on with the same command and `--resume`, or start over with `--overwrite`"
            }
            Self::OtherRun { .. } => {
                "give the command as it was given then, or start over with `--overwrite`"
            }
            Self::InputChanged { .. } => {
                "nothing was published; bring back the input as it was, or start over with \
                 `--overwrite`"
            }
            Self::InputInside { .. } => "keep inputs elsewhere; results are replaced by later runs",
        }
    }
}
