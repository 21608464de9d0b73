//! The same run by one thread and by several: no byte, no count and no error tells them apart.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread::{self, ThreadId};

use cleanbill_model::Claim;

use super::*;

/// Judges after it was shown claims ahead, and gives up for the rest of the run at the fourth claim with its
/// code: what it says depends on the order in which windows are settled.
struct GivesUp {
    infos: [Arc<EditInfo>; 1],
    code: &'static str,
    state: Mutex<Given>,
}

#[derive(Default)]
struct Given {
    shown: HashMap<ThreadId, Vec<(u64, bool)>>,
    met: u32,
    last: u64,
    fails: HashMap<u64, u32>,
}

impl GivesUp {
    fn boxed(id: &str, code: &'static str) -> Box<dyn Edit> {
        let like = TestEdit::fires(id, code, Disposition::LineDenial);
        let infos = [Arc::clone(&like.infos()[0])];
        Box::new(Self { infos, code, state: Mutex::default() })
    }

    fn has_code(&self, claim: &Claim) -> bool {
        claim.lines.iter().any(|line| line.procedure.is_some_and(|own| own.as_str() == self.code))
    }
}

impl Edit for GivesUp {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn looks_ahead(&self) -> bool {
        true
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        let shown = claims.iter().map(|claim| (claim.ordinal, self.has_code(claim))).collect();
        self.state.lock().unwrap().shown.insert(thread::current().id(), shown);
    }

    fn settle(&self) {
        let mut state = self.state.lock().unwrap();
        let shown = state.shown.remove(&thread::current().id()).unwrap_or_default();
        for (ordinal, has_code) in shown {
            assert!(state.last < ordinal, "{ordinal} is settled after {}", state.last);
            state.last = ordinal;
            state.met += u32::from(has_code);
            let met = state.met;
            if has_code || met > 3 {
                state.fails.insert(ordinal, met);
            }
        }
    }

    fn evaluate(&self, subject: Subject<'_>, _: &mut dyn Sink) -> Result<(), EditFault> {
        match self.state.lock().unwrap().fails.get(&subject.claim.ordinal) {
            None => Ok(()),
            Some(met) => {
                let message = format!("met {}", (*met).min(4));
                Err(EditFault::new(FaultKind::PluginCrash, message))
            }
        }
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// The claims of an 837P under a subscriber each: so other threads than the first one read them.
fn under_subscribers(file: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(file).unwrap();
    let (above, rest) = text.split_once("HL*2*").unwrap();
    let (subscriber, rest) = rest.split_once("CLM*").unwrap();
    let (claims, trailers) = rest.split_once("SE*").unwrap();
    let (count, trailers) = trailers.split_once('*').unwrap();
    let mut text = above.to_owned();
    for (number, claim) in (2..).zip(claims.split("CLM*")) {
        text += &format!("HL*{number}*{subscriber}CLM*{claim}");
    }
    let more = 5 * (claims.matches("CLM*").count());
    let count = count.parse::<usize>().unwrap() + more;
    (text + &format!("SE*{count}*{trailers}")).into_bytes()
}

#[test]
fn claims_under_subscribers_of_their_own_are_well() {
    let file = claims(&[("A", &["99213"]), ("B", &["99213", "99214"]), ("C", &["99213"])]);
    let edits = denies_93970();
    let input = stream("it", under_subscribers(&file));
    let outcome = Run { strict: true, ..run(&edits, vec![input], Vec::new()) }.execute();
    let Ok(Outcome::Whole(summary)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(summary.files[0].accounting.passed, 3);
}

/// Everything that can be seen of a run.
#[derive(Debug, PartialEq)]
struct Seen {
    ended: String,
    bytes: Vec<u8>,
    told: Vec<String>,
}

/// Bytes that outlive the report that writes them.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the files of a run hold, and how it is run.
struct Made {
    files: Vec<Vec<u8>>,
    ahead: bool,
    strict: bool,
    abort: bool,
}

impl Made {
    fn from(dice: &mut Dice) -> Self {
        let codes = ["93970", "93971", "93985", "9397", "99213", "99213", "99213", "99213"];
        let bad = dice.below(3) > 0;
        let files = (0..=dice.below(3)).map(|file| {
            let list: Vec<(String, Vec<&str>)> = (0..dice.below(900))
                .map(|number| {
                    let lines = (0..=dice.below(4)).map(|_| {
                        let code = codes[usize::try_from(dice.below(8)).unwrap()];
                        // Most of the claims are well, so that windows are long.
                        let is_rare = (code == "9397" && !bad) || dice.below(40) > 0;
                        if is_rare && code != "93970" { "99214" } else { code }
                    });
                    (format!("{file}-{number}"), lines.collect())
                })
                .collect();
            let list: Vec<(&str, &[&str])> =
                list.iter().map(|(id, codes)| (id.as_str(), codes.as_slice())).collect();
            let mut bytes = claims(&list);
            if dice.below(4) > 0 && !list.is_empty() {
                bytes = under_subscribers(&bytes);
            }
            if bad && dice.below(3) == 0 {
                bytes.truncate(bytes.len() - usize::try_from(dice.below(200)).unwrap());
            }
            bytes
        });
        let files = files.collect();
        let mut is = |one_in| dice.below(one_in) == 0;
        Self { files, ahead: is(2), strict: is(8), abort: is(8) }
    }

    fn run(&self, jobs: usize) -> Seen {
        let mut edits = vec![
            TestEdit::fires("denies", "93970", Disposition::LineDenial),
            TestEdit::fires("notes", "93971", Disposition::Informational),
            TestEdit::cannot_run("broken", "93985"),
        ];
        if self.ahead {
            edits.push(GivesUp::boxed("gives-up", "93971"));
        }
        let edits = registry(edits);
        let (told, kept) = (Told::default(), Kept::default());
        let out =
            Target::Stream { name: "standard output".to_owned(), out: Box::new(kept.clone()) };
        let inputs = self.files.iter().zip(1..);
        let inputs = inputs.map(|(bytes, name)| stream(&format!("{name}"), bytes.clone()));
        let ended = Run {
            strict: self.strict,
            abort_on_plugin_failure: self.abort,
            jobs: NonZeroUsize::new(jobs).unwrap(),
            ..run(&edits, inputs.collect(), vec![ndjson(out), told.output()])
        }
        .execute();
        let bytes = kept.0.borrow().clone();
        Seen { ended: format!("{ended:?}"), bytes, told: told.0.borrow().clone() }
    }
}

#[test]
fn nothing_tells_how_many_threads_there_were() {
    let mut dice = Dice(837);
    for round in 0..12 {
        let made = Made::from(&mut dice);
        let alone = made.run(1);
        for jobs in [2, 3, 8] {
            assert!(made.run(jobs) == alone, "round {round}, {jobs} jobs: {}", alone.ended);
        }
    }
}

/// Gives some bytes and then nothing more, for as long as the test lasts.
struct Stalled(Cursor<Vec<u8>>);

impl Read for Stalled {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => loop {
                thread::park();
            },
            count => Ok(count),
        }
    }
}

/// Claims enough for some windows, and no end.
fn stalled() -> Input {
    let many: Vec<(&str, &[&str])> = vec![("A", &["93970"]); 2_000];
    Input::stream("stalled", Box::new(Stalled(Cursor::new(claims(&many)))))
}

#[test]
fn a_run_that_nobody_listens_to_ends_though_its_input_does_not() {
    let edits = denies_93970();
    let jobs = NonZeroUsize::new(3).unwrap();
    let outputs = vec![broken(io::ErrorKind::BrokenPipe)];
    let outcome = Run { jobs, ..run(&edits, vec![stalled()], outputs) }.execute();
    assert!(matches!(outcome, Ok(Outcome::Unheard)));
    let outputs = vec![broken(io::ErrorKind::StorageFull)];
    let error = Run { jobs, ..run(&edits, vec![stalled()], outputs) }.execute().unwrap_err();
    assert!(matches!(error, RunError::Write { .. }), "{error}");
}

#[test]
fn a_stop_request_reaches_a_run_whose_input_does_not_come() {
    let (edits, stop) = (denies_93970(), AtomicUsize::new(0));
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(std::time::Duration::from_millis(100));
            stop.store(15, std::sync::atomic::Ordering::Relaxed);
        });
        let jobs = NonZeroUsize::new(2).unwrap();
        Run { jobs, stop: Some(&stop), ..run(&edits, vec![stalled()], vec![]) }.execute()
    });
    assert_eq!(error.unwrap_err().exit_code(), 143);
}

#[test]
fn input_that_cannot_be_read_on_is_told_after_the_claims_before_it() {
    struct Torn(Cursor<Vec<u8>>);
    impl Read for Torn {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("the line is dead")),
                count => Ok(count),
            }
        }
    }
    let many: Vec<(&str, &[&str])> = vec![("A", &["93970"]); 700];
    let ends = [1, 2, 5].map(|jobs| {
        let (edits, told) = (denies_93970(), Told::default());
        let mut bytes = claims(&many);
        bytes.truncate(bytes.len() - 40);
        let input = Input::stream("torn", Box::new(Torn(Cursor::new(bytes))));
        let jobs = NonZeroUsize::new(jobs).unwrap();
        let error = Run { jobs, ..run(&edits, vec![input], vec![told.output()]) }.execute();
        let told = told.0.borrow().clone();
        assert_eq!(told.len(), 699);
        (error.unwrap_err().to_string(), told)
    });
    assert_eq!(ends[0].0, "reading `torn` failed: the line is dead");
    assert!(ends.iter().all(|end| *end == ends[0]));
}

#[test]
fn a_panic_of_an_edit_or_of_the_input_is_a_panic_of_the_run() {
    struct Panics([Arc<EditInfo>; 1]);
    impl Edit for Panics {
        fn infos(&self) -> &[Arc<EditInfo>] {
            &self.0
        }
        fn trigger(&self) -> Trigger<'_> {
            Trigger::EveryClaim
        }
        fn evaluate(&self, subject: Subject<'_>, _: &mut dyn Sink) -> Result<(), EditFault> {
            assert!(subject.claim.ordinal != 600, "on purpose");
            Ok(())
        }
    }
    struct Unreadable;
    impl Read for Unreadable {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("on purpose")
        }
    }
    let like = TestEdit::fires("panics", "93970", Disposition::LineDenial);
    let panics = registry(vec![Box::new(Panics([Arc::clone(&like.infos()[0])]))]);
    let plain = denies_93970();
    let inputs = || Input::stream("unreadable", Box::new(Unreadable));
    for (edits, input) in [(&panics, stalled()), (&plain, inputs())] {
        for_each_jobs(edits, input);
    }

    fn for_each_jobs(edits: &Registry, input: Input) {
        let jobs = NonZeroUsize::new(3).unwrap();
        let run = Run { jobs, ..run(edits, vec![input], vec![]) };
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.execute()));
        assert!(caught.is_err());
    }
}
