//! The same on a PostgreSQL server, and what happens to servers alone.

use std::fs;
use std::path::Path;

use super::server::{PASSWORD, Server};
use super::*;
use crate::Connecting;

fn fresh(server: &Server) -> Fresh {
    let place = HistoryPlace::read(Path::new(&server.database())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("claims.key");
    Fresh { place, key, folder }
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask ci --only postgres"]
fn every_case_holds_on_a_server() {
    let server = Server::start();
    for (name, case) in CASES {
        println!("{name}");
        case(&fresh(&server));
    }
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask ci --only postgres"]
fn what_happens_to_a_server_is_borne_or_told() {
    let server = Server::start();
    println!("no identifier of the patient is in any file of the server");
    no_identifier_is_in_any_file(&server);
    println!("a changed record is found");
    a_changed_record_is_found(&server);
    println!("a password comes from a file, and is in no message");
    a_password_comes_from_a_file(&server);
    println!("a restart is borne by whoever asks and whoever adds");
    a_restart_is_borne(&server);
    println!("a commit whose answer was lost");
    a_batch_is_there_once_whenever_its_connection_breaks(&server);
}

fn no_identifier_is_in_any_file(server: &Server) {
    let fresh = fresh(server);
    add(&mut fresh.open(Access::Create), &[claim("ZZCLAIM", "ZZPHIZZ", 20_260_302)]);
    server.sql("postgres", "CHECKPOINT");
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::from(server.data())]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let holds = |what: &[u8]| {
        files.iter().any(|path| {
            // Some go while they are listed.
            let bytes = fs::read(path).unwrap_or_default();
            bytes.windows(what.len()).any(|window| window == what)
        })
    };
    assert!(holds(b"ZZCLAIM") && !holds(b"ZZPHIZZ"));
}

fn url(fresh: &Fresh) -> &str {
    match &fresh.place {
        HistoryPlace::Server(Connecting::Url(url)) => url,
        other => panic!("{other:?}"),
    }
}

fn a_changed_record_is_found(server: &Server) {
    let fresh = fresh(server);
    let mut store = fresh.open(Access::Create);
    let claims = [claim("C7", "P", 20_260_302), claim("C8", "Q", 20_260_302)];
    add(&mut store, &claims);
    assert!(store.verify().unwrap().is_empty());
    server.sql(url(&fresh), "UPDATE cleanbill_history.claim SET record = '\\x00' WHERE id = 'C7'");
    assert_eq!(store.verify().unwrap().claims, 1);
    let error = store.around(&claim("NEW", "P", 20_260_302)).unwrap_err();
    assert!(matches!(error, HistoryError::Damaged { .. }), "{error}");
    server.sql(url(&fresh), "UPDATE cleanbill_history.meta SET next = 1");
    assert_eq!(store.verify().unwrap().file.len(), 1);
    server.sql(url(&fresh), "UPDATE cleanbill_history.meta SET format = 9");
    let error = fresh.try_open(Access::Read).unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains("has format 9"), "{error}");
}

fn a_password_comes_from_a_file(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.connection");
    let database = server.database();
    let database = database.rsplit('/').next().unwrap();
    let write = |password: &str, mode: u32| {
        let (port, user) = (server.port, "postgres");
        let url = format!("# ours\npostgres://{user}:{password}@127.0.0.1:{port}/{database}\n");
        fs::write(&path, url).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let place = HistoryPlace::Server(Connecting::File(path.clone()));
    let open = || HistoryStore::open(&place, None, Access::Create);
    for (password, mode, wanted) in [
        (PASSWORD, 0o640, "`chmod 600` it"),
        ("ZZWRONGZZ", 0o600, "user or password are not the server's"),
    ] {
        write(password, mode);
        let error = open().unwrap_err();
        let words = error.to_string();
        assert!(error.is_refusal() && words.contains(wanted), "{words}");
        assert!(!words.contains("ZZ"), "{words}");
    }
    write(PASSWORD, 0o600);
    let mut store = open().unwrap();
    assert_eq!(add(&mut store, &[claim("A", "P", 20_260_302)]), (1, 0));
    assert!(folder.path().join("claims.connection.key").exists());
    assert!(!format!("{store:?}").contains("ZZ"));
}

fn a_restart_is_borne(server: &Server) {
    let fresh = fresh(server);
    let mut store = fresh.open(Access::Create);
    add(&mut store, &[claim("A", "P", 20_260_302)]);
    server.crash();
    server.up();
    assert_eq!(ids(&store, "P"), ["A"]);
    server.crash();
    server.up();
    assert_eq!(
        add(&mut store, &[claim("A", "P", 20_260_302), claim("B", "P", 20_260_302)]),
        (1, 1)
    );
    // One that comes up later is waited for.
    server.crash();
    let ids = std::thread::scope(|scope| {
        let asked = scope.spawn(move || ids(&store, "P"));
        server.up();
        asked.join().unwrap()
    });
    assert_eq!(ids, ["A", "B"]);
}

/// Connections are broken again and again while two writers add: at whatever point that happens, every
/// claim is there once, and counted as new once.
fn a_batch_is_there_once_whenever_its_connection_breaks(server: &Server) {
    const BATCHES: usize = 40;
    let fresh = fresh(server);
    drop(fresh.open(Access::Create));
    let done = std::sync::atomic::AtomicBool::new(false);
    let new = std::thread::scope(|scope| {
        let writers = ["A", "B"].map(|writer| {
            let fresh = &fresh;
            scope.spawn(move || {
                let mut store = fresh.open(Access::Create);
                let mut new = 0;
                for batch in 0..BATCHES {
                    let claims: Vec<Claim> = (0..50)
                        .map(|number| claim(&format!("{writer}{batch}-{number}"), "P", 20_260_302))
                        .collect();
                    new += add(&mut store, &claims).0;
                }
                new
            })
        });
        let breaker = scope.spawn(|| {
            let mut broken = 0;
            let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                        WHERE application_name = 'cleanbill'";
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let count: u64 = server.sql(url(&fresh), kill).trim().parse().unwrap();
                broken += count;
            }
            broken
        });
        let new = writers.map(std::thread::ScopedJoinHandle::join);
        // Whatever became of them, or it would go on for ever.
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(breaker.join().unwrap() > 3, "hardly any connection was broken");
        new.map(Result::unwrap)
    });
    assert_eq!(new, [2000, 2000]);
    let store = fresh.open(Access::Read);
    assert!(store.verify().unwrap().is_empty());
    let mut ids = shown(&store, Which::All, usize::MAX);
    assert_eq!(ids.len(), 2 * BATCHES * 50);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2 * BATCHES * 50);
}
