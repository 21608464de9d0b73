//! Runs a plugin in an ordinary test, through the same functions that a host calls.
//!
//! ```
//! # use cleanbill_plugin_sdk::{ClaimView, ConfigError, Exported, Findings, NoConfig, Plugin, Rule};
//! use cleanbill_plugin_sdk::testing::{PluginTest, TestClaim, TestLine};
//! # struct NoUnits;
//! # impl Plugin for NoUnits {
//! #     type Config = NoConfig;
//! #     fn create(_: NoConfig) -> Result<Self, ConfigError> { Ok(Self) }
//! #     fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
//! #         for line in claim.lines().filter(|line| line.units_thousandths() < 1000) {
//! #             out.find(Rule::at(0)).on(line).emit();
//! #         }
//! #     }
//! # }
//! # impl Exported for NoUnits {
//! #     const MANIFEST: &'static str = r#"{"reads":["line.units"],"rules":[{"id":"a/b"}]}"#;
//! # }
//!
//! let claim = TestClaim::new("NORTHWIND").line(TestLine::new("93970-59").units_thousandths(0));
//! let found = PluginTest::<NoUnits>::new().check(&claim).unwrap();
//! assert_eq!((found[0].rule, found[0].line), (0, Some(1)));
//! ```

mod claim;
mod harness;
mod json;
mod manifest;
mod shown;

pub use claim::{TestClaim, TestLine};
pub use harness::{Failure, Found, PluginTest};
