//! The report as one JSON object, for scripts. Members are only added.

use serde_json::{Value, json};

use super::Report;
use crate::catalogue::KIT_VERSION;
use crate::outcome::Outcome;

impl Report {
    /// The report as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let tests = self.results.iter().map(|result| {
            let mut test = json!({
                "id": result.test.id,
                "asks": result.test.asks,
                "outcome": result.outcome.as_str(),
            });
            if let Some(members) = test.as_object_mut() {
                if !result.outcome.why().is_empty() {
                    members.insert("why".to_owned(), result.outcome.why().into());
                }
                if let Outcome::Fail(_) = result.outcome {
                    members.insert("again".to_owned(), self.again(result.test.id).into());
                }
                if let Some(claim) = &result.claim {
                    members.insert("claim".to_owned(), claim.to_string_lossy().into());
                }
            }
            test
        });
        json!({
            "kit": KIT_VERSION,
            "plugin": { "id": self.id, "version": self.version, "file": self.path.to_string_lossy(),
                "sha256": self.digest.as_str() },
            "seed": self.seed,
            "passed": self.count("pass"),
            "failed": self.count("fail"),
            "skipped": self.count("skip"),
            "conformance": self.badge(),
            "tests": tests.collect::<Vec<_>>(),
        })
    }
}
