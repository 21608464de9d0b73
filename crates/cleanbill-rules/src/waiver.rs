//! Waivers: findings that someone has decided to live with, for a while and with a reason.
//!
//! A waiver never hides a finding: it changes its outcome and says so in its words. It holds for the
//! day as of which a run judges, else for a line's date of service, and never by the host's clock.

mod append;
mod check;
mod edit;

use core::sync::atomic::{AtomicBool, Ordering};

use cleanbill_model::{Claim, Finding, Npi, ProcedureCode, ServiceDate};

pub use append::{NewWaiver, append_waivers};
pub(crate) use check::declared;
pub use edit::waive;
pub(crate) use edit::{STEP, waived};

/// Longest time that a waiver holds, in days.
const LONGEST: i32 = 366;

/// A checked waiver.
#[derive(Debug)]
pub struct Waiver {
    /// Rule whose findings it waives.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who decided so.
    pub approved_by: String,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// File and line.
    pub place: String,
    /// First and last day, both included; `None` when one of them could not be read.
    days: Option<Days>,
    only: Match,
    was_used: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
struct Days {
    /// Without it, as many days before the last as a waiver may hold.
    starts: Option<ServiceDate>,
    expires: ServiceDate,
}

/// Which findings; all that is given must fit.
#[derive(Debug, Default)]
struct Match {
    payer: Option<String>,
    billing_npi: Option<Npi>,
    rendering_npi: Option<Npi>,
    claim_id: Option<String>,
    procedure: Option<ProcedureCode>,
}

/// Whether a waiver holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Term {
    NotYet,
    Holds,
    Over,
}

impl Waiver {
    /// Whether it has waived a finding since it was loaded.
    #[must_use]
    pub fn was_used(&self) -> bool {
        self.was_used.load(Ordering::Relaxed)
    }

    /// Last day on which it holds; `None` when its dates cannot be read, so that it never does.
    #[must_use]
    pub fn expires(&self) -> Option<ServiceDate> {
        self.days.map(|days| days.expires)
    }

    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: ServiceDate) -> bool {
        self.term(Some(day)) == Term::Holds
    }

    /// `waiver of units-over-mue (RCM-4471, waivers.yaml:2)`: how people find it again.
    #[must_use]
    pub fn label(&self) -> String {
        let ticket = self.ticket.as_ref().map(|ticket| format!("{ticket}, ")).unwrap_or_default();
        format!("waiver of {} ({ticket}{})", self.rule, self.place)
    }

    fn term(&self, day: Option<ServiceDate>) -> Term {
        let (Some(days), Some(day)) = (self.days, day) else { return Term::Over };
        let ahead = day.days_until(days.expires);
        let too_early = match days.starts {
            Some(starts) => day < starts,
            None => ahead > LONGEST,
        };
        match ahead {
            _ if too_early => Term::NotYet,
            0.. => Term::Holds,
            _ => Term::Over,
        }
    }

    fn fits(&self, claim: &Claim, finding: &Finding) -> bool {
        let line = finding.line.and_then(|line| claim.lines.get(line));
        let only = &self.only;
        self.rule == finding.edit.id
            && only.payer.as_ref().is_none_or(|payer| payer == claim.payer())
            && only.billing_npi.is_none_or(|npi| claim.billing.npi == Some(npi))
            && only.claim_id.as_ref().is_none_or(|id| id == claim.id())
            && only.rendering_npi.is_none_or(|npi| {
                line.map_or(claim.rendering, |line| line.provider).npi == Some(npi)
            })
            && only
                .procedure
                .is_none_or(|code| line.is_some_and(|line| line.procedure == Some(code)))
    }

    /// What is added to the words of a finding that it meets.
    fn note(&self, term: Term) -> String {
        let ticket = self.ticket.as_ref().map(|ticket| format!(" {ticket}")).unwrap_or_default();
        let by = format!("{}: {}", self.approved_by, self.reason);
        match (term, self.days) {
            (Term::Holds, Some(days)) => {
                format!("waived{ticket} through {} by {by}", days.expires)
            }
            (Term::NotYet, Some(Days { starts: Some(starts), .. })) => {
                format!("the waiver{ticket} of {by} holds from {starts} only")
            }
            (Term::NotYet, Some(days)) => format!(
                "the waiver{ticket} of {by} holds through {}, and for {LONGEST} days before at most",
                days.expires
            ),
            (_, Some(days)) => format!("the waiver{ticket} of {by} expired on {}", days.expires),
            (_, None) => format!(
                "the waiver{ticket} of {by} counts as expired, since its date cannot be read"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
