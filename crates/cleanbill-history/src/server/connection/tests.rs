//! Which servers are reached, how, and what is said of them.

use super::*;

/// The connection, with these variables set.
fn settled(
    connecting: &Connecting,
    variables: &[(&str, &str)],
) -> Result<(Config, String), String> {
    let value = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    settle(connecting, &value).map_err(|error| {
        assert!(error.is_refusal());
        error.to_string()
    })
}

fn url(url: &str) -> Connecting {
    Connecting::Url(url.to_owned())
}

fn password(config: &Config) -> &str {
    core::str::from_utf8(config.get_password().unwrap_or_default()).unwrap()
}

#[test]
fn the_environment_fills_what_a_url_leaves_open() {
    let variables =
        [("PGHOST", "127.0.0.1"), ("PGPORT", "5433"), ("PGUSER", "jane"), ("PGPASSWORD", "ZZ")];
    let (config, shown) = settled(&Connecting::Environment, &variables).unwrap();
    assert_eq!(shown, "postgres://127.0.0.1:5433/jane");
    assert_eq!((config.get_user(), password(&config)), (Some("jane"), "ZZ"));

    let (config, shown) = settled(&url("postgres://bob@[::1]/claims"), &variables).unwrap();
    assert_eq!(shown, "postgres://::1/claims");
    assert_eq!(config.get_user(), Some("bob"));

    let from = [(URL, "postgres://bob:ZZOWN@127.0.0.1:7/claims"), ("PGPASSWORD", "ZZ")];
    let (config, shown) = settled(&Connecting::Environment, &from).unwrap();
    assert_eq!((shown.as_str(), password(&config)), ("postgres://127.0.0.1:7/claims", "ZZOWN"));
}

#[test]
fn a_server_elsewhere_and_one_that_wants_tls_are_refused() {
    let jane = [("PGUSER", "jane")];
    for (elsewhere, reason) in [
        ("postgres://192.0.2.1/claims", "on another machine"),
        ("postgres://127.0.0.1,192.0.2.1/claims", "on another machine"),
        ("postgres://nowhere.invalid/claims", "on another machine"),
        ("postgres://localhost/claims?hostaddr=192.0.2.1", "on another machine"),
        ("postgres://localhost/claims?sslmode=require", "asks for TLS"),
        ("postgres://localhost:port/claims", "no connection to PostgreSQL"),
    ] {
        let words = settled(&url(elsewhere), &jane).unwrap_err();
        assert!(words.contains(reason), "{words}");
    }
    let words = settled(&url("postgres://127.0.0.1/c"), &[jane[0], ("PGSSLMODE", "verify-full")]);
    assert!(words.unwrap_err().contains("asks for TLS"));
    for here in ["postgres://127.8.9.1/c", "postgres://[::1]/c", "postgres://%2Ftmp/c"] {
        assert!(settled(&url(here), &jane).is_ok(), "{here}");
    }
    // However it is written, a password of the command line is none.
    let words = settled(&url("postgres://localhost/c?pas%73word=ZZ"), &jane).unwrap_err();
    assert!(words.contains("holds a password") || words.contains("no connection"), "{words}");
}

#[test]
#[cfg(unix)]
fn passwords_are_found_by_host_port_database_and_user_in_a_file_of_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passwords");
    let text = "# host:port:database:user:password\n\
                127.0.0.1:5432:claims:bob:ZZBOB\n\
                127.0.0.1:5432:cl\\:aims:*:ZZ\\\\1:2\n\
                localhost:*:*:jane:ZZSOCKET\n";
    fs::write(&path, text).unwrap();
    let variables = [("PGUSER", "jane"), ("PGPASSFILE", path.to_str().unwrap())];
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    let found = |text: &str| settled(&url(text), &variables);
    mode(0o644);
    let words = found("postgres://127.0.0.1/claims").unwrap_err();
    assert!(words.contains("chmod 600") && !words.contains("ZZ"), "{words}");
    mode(0o600);
    for (text, wanted) in [
        ("postgres://bob@127.0.0.1/claims", "ZZBOB"),
        ("postgres://127.0.0.1/claims", ""),
        ("postgres://127.0.0.1/cl%3Aaims", "ZZ\\1:2"),
        ("postgres://%2Ftmp/claims", "ZZSOCKET"),
    ] {
        assert_eq!(password(&found(text).unwrap().0), wanted, "{text}");
    }
}
