//! Chromium without a window, driven over the pipe of its DevTools protocol.

#![expect(clippy::panic, reason = "a test that cannot go on should stop there, in words")]

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the browser may think about one command.
const PATIENCE: Duration = Duration::from_secs(60);

/// Names under which the browser is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// What a page did besides showing itself, noted from its first moment on.
const WATCH: &str = "window.violations = []; document.addEventListener('securitypolicyviolation', \
                     (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));";

/// One tab of a browser of its own.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    last: u64,
    session: Option<String>,
    events: Vec<Value>,
    _profile: TempDir,
}

fn program() -> PathBuf {
    if let Some(named) = env::var_os("CLEANBILL_CHROMIUM") {
        return named.into();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places = env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    places.find(|place| place.is_file()).unwrap_or_else(|| {
        panic!("no Chromium on the search path; install it, or name it in CLEANBILL_CHROMIUM")
    })
}

impl Browser {
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The browser reads commands from descriptor 3 and answers on descriptor 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(program())
            .args(["--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"])
            .args(["--disable-background-networking", "--disable-component-update"])
            // It runs as root in containers, and opens only what this test wrote.
            .args(["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let mut pipe = BufReader::new(child.stdout.take().unwrap());
        let (send, from) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while pipe.read_until(0, &mut message).is_ok_and(|count| count > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { return };
                if send.send(value).is_err() {
                    return;
                }
                message.clear();
            }
        });
        let (last, events) = (0, Vec::new());
        let mut browser = Self { child, to, from, last, session: None, events, _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", target);
        browser.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH}));
        browser.window(1300, 900);
        browser
    }

    /// Sends a command and waits for its answer.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{command}\0").as_bytes()).unwrap();
        loop {
            let message = self.from.recv_timeout(PATIENCE).unwrap_or_else(|error| {
                panic!("no answer of the browser to {method}: {error}");
            });
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// Opens a file and waits until it is laid out.
    pub fn open(&mut self, path: &Path) {
        self.events.clear();
        let url = format!("file://{}", path.display());
        self.call("Page.navigate", json!({"url": url}));
        let loaded = |event: &Value| event["method"] == "Page.loadEventFired";
        while !self.events.iter().any(loaded) {
            let event = self.from.recv_timeout(PATIENCE).unwrap();
            self.events.push(event);
        }
        self.settle();
    }

    /// Waits until timers of the page have run and it is drawn.
    pub fn settle(&mut self) {
        self.wait(200);
    }

    fn wait(&mut self, milliseconds: u16) {
        self.ask(&format!(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(done), {milliseconds}))"
        ));
    }

    /// The value of an expression on the page.
    pub fn ask(&mut self, expression: &str) -> Value {
        let parameters =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    pub fn text(&mut self, expression: &str) -> String {
        self.ask(expression).as_str().unwrap_or_default().to_owned()
    }

    pub fn number(&mut self, expression: &str) -> u64 {
        self.ask(expression).as_u64().unwrap_or_else(|| panic!("no number: {expression}"))
    }

    /// Presses a key as a person does.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Space" => (32, " "),
            "Tab" => (9, ""),
            "ArrowDown" => (40, ""),
            other => panic!("no such key: {other}"),
        };
        let name = if key == "Space" { " " } else { key };
        for kind in ["keyDown", "keyUp"] {
            let mut event =
                json!({"type": kind, "key": name, "code": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", event);
        }
        self.wait(20);
    }

    /// Presses Tab until the focus is where `expression` holds for `document.activeElement`, called `at`.
    pub fn tab_to(&mut self, expression: &str) {
        let check = format!("((at) => {expression})(document.activeElement)");
        for _ in 0..300 {
            let kind =
                json!({"type": "keyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9});
            self.call("Input.dispatchKeyEvent", kind);
            if self.ask(&check) == true {
                return;
            }
        }
        panic!("the keyboard does not reach {expression}");
    }

    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
        self.settle();
    }

    pub fn window(&mut self, width: u64, height: u64) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// `light` or `dark` as the reader's colours; `screen` or `print`.
    pub fn medium(&mut self, medium: &str, colours: &str) {
        let colours = json!([{"name": "prefers-color-scheme", "value": colours}]);
        self.call("Emulation.setEmulatedMedia", json!({"media": medium, "features": colours}));
    }

    /// What the page should not have done: errors, warnings, violations of its policy, requests.
    pub fn complaints(&mut self) -> Vec<String> {
        let mut found: Vec<String> =
            self.events.iter().filter_map(complaint).map(|event| event.to_string()).collect();
        let violations = self.ask("violations");
        found.extend(violations.as_array().unwrap().iter().map(ToString::to_string));
        found
    }

    /// A picture of the page; of all of it, and kept, where `CLEANBILL_SCREENSHOTS` names a folder.
    pub fn picture(&mut self, name: &str) {
        let is_kept = env::var_os("CLEANBILL_SCREENSHOTS").is_some();
        let picture = json!({"captureBeyondViewport": is_kept});
        let data =
            self.call("Page.captureScreenshot", picture)["data"].as_str().unwrap().to_owned();
        assert!(data.starts_with("iVBOR"), "a PNG");
        save(name, "png", &data);
    }

    /// The page as it prints, likewise.
    pub fn print(&mut self, name: &str) {
        let print = json!({"printBackground": false});
        let data = self.call("Page.printToPDF", print)["data"].as_str().unwrap().to_owned();
        assert!(data.starts_with("JVBER"), "a PDF");
        save(name, "pdf", &data);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An event that a sound page does not cause. The one request is for the page itself.
fn complaint(event: &Value) -> Option<&Value> {
    let parameters = &event["params"];
    let is_bad = match event["method"].as_str()? {
        "Runtime.exceptionThrown" | "Log.entryAdded" | "Runtime.consoleAPICalled" => true,
        "Network.requestWillBeSent" => parameters["type"] != "Document",
        _ => false,
    };
    is_bad.then_some(parameters)
}

fn save(name: &str, ending: &str, base64: &str) {
    let Some(folder) = env::var_os("CLEANBILL_SCREENSHOTS") else { return };
    let file = Path::new(&folder).join(format!("{name}.{ending}"));
    let mut child = Command::new("base64")
        .arg("--decode")
        .stdin(Stdio::piped())
        .stdout(std::fs::File::create(file).unwrap())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(base64.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}
