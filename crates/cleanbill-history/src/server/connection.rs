//! How a server is reached: URL, file and variables of the environment, and which servers are refused.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::net::ToSocketAddrs as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use postgres::Config;
use postgres::config::{Host, SslMode};

use crate::error::HistoryError;
use crate::place::{Connecting, URL};

/// How long one try to connect may take, unless the connection says otherwise.
const CONNECT: Duration = Duration::from_secs(10);
/// Most bytes of a file with a connection or with passwords.
const MOST: u64 = 64 << 10;
/// The port of PostgreSQL.
const PORT: u16 = 5432;
/// Where Debian's servers have their socket.
const SOCKETS: &str = "/var/run/postgresql";

/// A variable of the environment that is set, and not to nothing.
pub(super) type Variables<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The variables of this process.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The connection, and what it is called in messages: never with a user or a password.
pub(super) fn settle(
    connecting: &Connecting,
    variables: &Variables<'_>,
) -> Result<(Config, String), HistoryError> {
    let mut config = match connecting {
        Connecting::Url(url) => {
            let config = parse(url, "the connection on the command line")?;
            if config.get_password().is_some() {
                return Err(refused("the connection on the command line", "it holds a password"));
            }
            config
        }
        Connecting::File(path) => {
            let text = of_owner_alone(path)?;
            let lines = text.lines().map(str::trim);
            let lines: Vec<&str> =
                lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
            parse(&lines.join(" "), &path.display().to_string())?
        }
        Connecting::Environment => match variables(URL) {
            Some(url) => parse(&url, URL)?,
            None => Config::new(),
        },
    };
    complete(&mut config, variables)?;
    let host = config.get_hosts().first().map(host_name).unwrap_or_default();
    let port = config.get_ports().first().copied().unwrap_or(PORT);
    let database = config.get_dbname().unwrap_or_default().to_owned();
    let place = match port {
        PORT => host.clone(),
        port => format!("{host}:{port}"),
    };
    let shown = format!("postgres://{place}/{database}");
    check_local(&config, &shown)?;
    if config.get_password().is_none()
        && let Some(password) = password(&host, port, &config, variables)?
    {
        config.password(password);
    }
    Ok((config, shown))
}

fn parse(text: &str, from: &str) -> Result<Config, HistoryError> {
    // The parser's words may repeat a part of what it read.
    Config::from_str(text).map_err(|_| {
        refused(from, "it is no connection to PostgreSQL, as postgres://USER@HOST/DATABASE is")
    })
}

/// What was left open, from the variables that programs of PostgreSQL read.
fn complete(config: &mut Config, variables: &Variables<'_>) -> Result<(), HistoryError> {
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        let usual = if Path::new(SOCKETS).is_dir() { SOCKETS } else { "localhost" };
        config.host(&variables("PGHOST").unwrap_or_else(|| usual.to_owned()));
    }
    if config.get_ports().is_empty()
        && let Some(port) = variables("PGPORT")
    {
        config.port(port.parse().map_err(|_| refused("PGPORT", "it is no port"))?);
    }
    if config.get_user().is_none() {
        let user = ["PGUSER", "USER", "LOGNAME"].iter().find_map(|name| variables(name));
        let user = user.ok_or_else(|| refused("the connection", "it names no user: set PGUSER"))?;
        config.user(&user);
    }
    if config.get_dbname().is_none() {
        let user = config.get_user().unwrap_or_default().to_owned();
        config.dbname(&variables("PGDATABASE").unwrap_or(user));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("cleanbill");
    }
    if let Some(mode) = variables("PGSSLMODE")
        && !["disable", "allow", "prefer"].contains(&mode.as_str())
    {
        config.ssl_mode(SslMode::Require);
    }
    Ok(())
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

/// Claims leave this machine on no wire that others read: this program speaks to servers of the machine
/// alone, since it has no TLS.
fn check_local(config: &Config, shown: &str) -> Result<(), HistoryError> {
    let remedy = "let a tunnel of this machine carry it (`ssh -L 5433:localhost:5432 SERVER`, or stunnel) \
                  and name its port: postgres://USER@localhost:5433/DATABASE";
    if !matches!(config.get_ssl_mode(), SslMode::Disable | SslMode::Prefer) {
        let reason = format!("the connection asks for TLS, which cleanbill has not; {remedy}");
        return Err(refused(shown, &reason));
    }
    let addresses = config.get_hostaddrs();
    let is_local = |host: &Host| match host {
        Host::Tcp(name) => {
            let mut found = (name.as_str(), 0).to_socket_addrs().into_iter().flatten().peekable();
            found.peek().is_some() && found.all(|address| address.ip().is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    // Where addresses are given, names are not looked up.
    let all_local = match addresses.is_empty() {
        true => config.get_hosts().iter().all(is_local),
        false => addresses.iter().all(std::net::IpAddr::is_loopback),
    };
    if all_local {
        return Ok(());
    }
    let reason = format!(
        "the server is on another machine, or its name is not known, and claims do not cross a network without TLS, which cleanbill has not; {remedy}"
    );
    Err(refused(shown, &reason))
}

/// The password for the server: `PGPASSWORD`, else the line of `PGPASSFILE`, or of `.pgpass` in the home
/// folder, that fits.
fn password(
    host: &str,
    port: u16,
    config: &Config,
    variables: &Variables<'_>,
) -> Result<Option<String>, HistoryError> {
    if let Some(password) = variables("PGPASSWORD") {
        return Ok(Some(password));
    }
    let named = variables("PGPASSFILE").map(PathBuf::from);
    let usual = || variables("HOME").map(|home| Path::new(&home).join(".pgpass"));
    let path = match named {
        Some(path) => path,
        None => match usual().filter(|path| path.is_file()) {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    let text = of_owner_alone(&path)?;
    // A socket goes by the name of this machine too.
    let hosts: &[&str] = if host.starts_with('/') { &[host, "localhost"] } else { &[host] };
    let (port, user) = (port.to_string(), config.get_user().unwrap_or_default());
    let database = config.get_dbname().unwrap_or_default();
    let fits = |line: &str| -> Option<String> {
        let [of_host, of_port, of_database, of_user, password] =
            <[String; 5]>::try_from(fields(line)).ok()?;
        let is = |field: &str, value: &str| field == "*" || field == value;
        let fits = hosts.iter().any(|host| is(&of_host, host))
            && is(&of_port, &port)
            && is(&of_database, database)
            && is(&of_user, user);
        fits.then_some(password)
    };
    Ok(text.lines().filter(|line| !line.starts_with('#')).find_map(fits))
}

/// The fields of a line of a file with passwords; a backslash takes the colon behind it as it is.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let is_last = fields.len() == 5;
        match (character, fields.last_mut()) {
            (':', _) if !is_last => fields.push(String::new()),
            ('\\', Some(field)) => field.extend(characters.next()),
            (character, Some(field)) => field.push(character),
            (_, None) => {}
        }
    }
    fields
}

/// The text of a file that holds secrets, which nobody but its owner may read.
fn of_owner_alone(path: &Path) -> Result<String, HistoryError> {
    let name = path.display().to_string();
    let failed = |error: io::Error| refused(&name, &format!("it cannot be read: {error}"));
    let file = File::open(path).map_err(failed)?;
    check_rights(&file.metadata().map_err(failed)?, &name)?;
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

#[cfg(unix)]
fn check_rights(metadata: &fs::Metadata, name: &str) -> Result<(), HistoryError> {
    use std::os::unix::fs::PermissionsExt as _;

    match metadata.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => Err(refused(
            name,
            "it may hold a password, and others than its owner may read it: `chmod 600` it",
        )),
    }
}

#[cfg(not(unix))]
fn check_rights(_metadata: &fs::Metadata, _name: &str) -> Result<(), HistoryError> {
    Ok(())
}

fn refused(what: &str, reason: &str) -> HistoryError {
    HistoryError::Place { reason: format!("{what}: {reason}") }
}

#[cfg(test)]
mod tests;
