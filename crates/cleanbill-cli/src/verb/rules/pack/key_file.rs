//! Files that hold a secret: who may read them, and how the password of a key is asked.

use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use minisign::{SecretKey, SecretKeyBox};

use crate::failure::Failure;

/// Names a file with the password of a key, for scripts. A flag would show the password to everyone who
/// may list processes.
pub const PASSWORD_FILE: &str = "CLEANBILL_KEY_PASSWORD_FILE";

/// The secret key in the file `path`, as `keygen` or minisign wrote it.
pub fn read(path: &Path) -> Result<SecretKey, Failure> {
    let text = fs::read_to_string(path).map_err(|error| unusable(path, &error.to_string()))?;
    let is_key = || SecretKeyBox::from_string(&text);
    let open = is_key().and_then(SecretKeyBox::into_unencrypted_secret_key);
    if let Ok(key) = open {
        only_for_its_owner(path)?;
        return Ok(key);
    }
    if !is_encrypted(&text) {
        return Err(unusable(path, "it is not a secret key as minisign writes it"));
    }
    let password = password(&format!("Password of {}: ", path.display()))?;
    is_key()
        .and_then(|key| key.into_secret_key(Some(password)))
        .map_err(|_| unusable(path, "the password is not that of the key"))
}

/// The password of a key: out of the file that the environment names, else typed unseen on a terminal.
pub fn password(question: &str) -> Result<String, Failure> {
    if let Some(path) = std::env::var_os(PASSWORD_FILE) {
        let path = Path::new(&path);
        only_for_its_owner(path)?;
        let text = fs::read_to_string(path).map_err(|error| unusable(path, &error.to_string()))?;
        return match text.lines().next() {
            Some(password) if !password.is_empty() => Ok(password.to_owned()),
            _ => Err(unusable(path, "it holds no password")),
        };
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::refused(
            "the key has a password, and there is no terminal to ask for it",
            format!("name a file with the password in {PASSWORD_FILE}"),
        ));
    }
    rpassword::prompt_password(question)
        .map_err(|error| Failure::refused(format!("no password was read: {error}"), ""))
}

/// Whether nobody but the owner of the file may read it.
fn only_for_its_owner(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::metadata(path).map_err(|error| unusable(path, &error.to_string()))?;
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(Failure::refused(
                format!("`{}` may be read by others (mode {mode:o})", path.display()),
                format!("`chmod 600 {}`, and make a new key if others did read it", path.display()),
            ));
        }
    }
    Ok(())
}

/// Whether the text is a key that a password protects: the second line begins with the letters `EdSc`.
fn is_encrypted(text: &str) -> bool {
    // Six bytes of base64: `EdSc` and the start of `B2`.
    text.lines().nth(1).is_some_and(|line| line.starts_with("RWRTY"))
}

fn unusable(path: &Path, reason: &str) -> Failure {
    Failure::refused(
        format!("`{}` cannot be used: {reason}", path.display()),
        "`cleanbill rules pack keygen` makes a key",
    )
}
