//! A PostgreSQL server of the tests' own, in a folder that goes with it.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// The password of its user, `postgres`, over the network.
pub const PASSWORD: &str = "ZZSECRETZZ";

/// A server that runs until it is dropped. It listens on a socket in its folder, where nobody needs a
/// password, and on this machine's own address, where everybody does.
pub struct Server {
    folder: TempDir,
    binaries: PathBuf,
    pub port: u16,
    databases: AtomicU32,
}

impl Server {
    /// Starts one.
    pub fn start() -> Self {
        let binaries = binaries();
        done("PostgreSQL is not installed: apt-get install postgresql", binaries.is_some());
        let binaries = binaries.unwrap();
        // The path of a socket has room for about a hundred characters.
        let folder = tempfile::Builder::new().prefix("clbl-pg").tempdir_in("/tmp").unwrap();
        // Free now, and of nobody else until the server has it, as far as one can tell.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, binaries, port, databases: AtomicU32::new(0) };
        fs::write(server.path("password"), PASSWORD).unwrap();
        if is_root() {
            let mut chown = Command::new("chown");
            chown.args(["-R", "postgres"]).arg(server.folder.path());
            done("chown", chown.status().unwrap().success());
        }
        server.run(
            "initdb",
            &["-D", &server.data(), "-U", "postgres", "-N", "-E", "UTF8", "--locale=C"],
        );
        server.up();
        server
    }

    /// The folder of its socket, as a URL has it.
    fn socket(&self) -> String {
        self.folder.path().display().to_string().replace('/', "%2F")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of its files.
    pub fn data(&self) -> String {
        self.path("data").display().to_string()
    }

    /// A new database: its URL over the socket.
    pub fn database(&self) -> String {
        let name = format!("claims{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        format!("postgres://postgres@{}:{}/{name}", self.socket(), self.port)
    }

    /// Does `sql` in the database that a URL names.
    pub fn sql(&self, url: &str, sql: &str) -> String {
        let database = url.rsplit('/').next().unwrap();
        let (host, port) = (self.folder.path().display().to_string(), self.port.to_string());
        let flags = ["-X", "-A", "-t", "-q", "-U", "postgres", "-h", &host, "-p", &port];
        self.run(
            "psql",
            &[&flags[..], &["-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]].concat(),
        )
    }

    /// Ends the server without a word to anybody, as a crash does.
    pub fn crash(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    /// Starts it again.
    pub fn up(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=20",
            self.port,
            self.folder.path().display()
        );
        let log = self.path("log").display().to_string();
        self.run("pg_ctl", &["-D", &self.data(), "-l", &log, "-o", &options, "-w", "start"]);
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let path = self.binaries.join(program);
        let mut command = if is_root() {
            // PostgreSQL refuses to be run by root.
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.args(arguments).current_dir("/tmp").stdin(Stdio::null());
        if program == "initdb" {
            let password = format!("--pwfile={}", self.path("password").display());
            command.args(["--auth-local=trust", "--auth-host=scram-sha-256", &password]);
        }
        let told = if program == "pg_ctl" {
            // The server has what its starter has, and would keep a pipe open.
            command.stdout(Stdio::null()).stderr(Stdio::null()).output().unwrap()
        } else {
            command.output().unwrap()
        };
        let words = String::from_utf8_lossy(&told.stderr).into_owned();
        done(&format!("{program}: {words}"), told.status.success());
        String::from_utf8(told.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.path("data/postmaster.pid").exists() {
            self.crash();
        }
    }
}

fn done(what: &str, is_done: bool) {
    assert!(is_done, "{what}");
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// Where the programs of PostgreSQL are: on the path, or where Debian has them.
fn binaries() -> Option<PathBuf> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&paths).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.map(|entry| entry.unwrap().path()).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev().map(|version| version.join("bin")));
    }
    let has_all = |folder: &Path| {
        ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|name| folder.join(name).exists())
    };
    folders.into_iter().find(|folder| has_all(folder))
}
