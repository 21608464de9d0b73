//! How a plugin says what is wrong.

#![expect(unsafe_code, reason = "a finding goes to the host through a function pointer")]

use cleanbill_plugin_abi::{CbCall, CbFinding, CbKv, CbStr, severity, status};

use crate::view::LineView;

/// A rule of the manifest, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule(u32);

impl Rule {
    /// The rule at that place, from 0.
    #[must_use]
    pub const fn at(index: u32) -> Self {
        Self(index)
    }

    /// Its place.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// How loud a finding is, when not as its rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A note.
    Info,
    /// Someone should look.
    Warning,
    /// The claim is wrong.
    Error,
}

/// Which part of a line is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Procedure code.
    Procedure,
    /// Modifiers.
    Modifiers,
    /// Units of service.
    Units,
    /// Charge.
    Charge,
    /// Dates of service.
    ServiceDate,
    /// Place of service.
    PlaceOfService,
    /// Rendering provider.
    Provider,
    /// Diagnoses pointed to.
    Diagnosis,
    /// Upper or lower extremity.
    BodyRegion,
}

impl Field {
    /// Its name in claim JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Modifiers => "modifiers",
            Self::Units => "units",
            Self::Charge => "charge",
            Self::ServiceDate => "service_date",
            Self::PlaceOfService => "place_of_service",
            Self::Provider => "rendering_provider",
            Self::Diagnosis => "diagnosis",
            Self::BodyRegion => "body_region",
        }
    }
}

/// Where a plugin puts its findings on the claim in hand.
pub struct Findings<'a> {
    call: &'a CbCall,
    stopped: bool,
}

impl<'a> Findings<'a> {
    /// # Safety
    /// `call` must be the host's, so that its function may be called with its context throughout `'a`.
    pub(crate) unsafe fn new(call: &'a CbCall) -> Self {
        Self { call, stopped: false }
    }

    /// Starts a finding of `rule` on the claim as a whole; it counts once [`NewFinding::emit`] is called.
    pub fn find(&mut self, rule: Rule) -> NewFinding<'_, 'a> {
        NewFinding {
            out: self,
            raw: CbFinding { rule: rule.0, ..CbFinding::default() },
            related: Vec::new(),
            field: "",
            args: Vec::new(),
        }
    }

    /// Whether the host takes no more; `check` should then return.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Asks the host whether the time for this claim is up; `check` should then return. To be called in loops
    /// that may become long. A claim whose time was up counts as not judged, whatever was found on it.
    #[must_use]
    pub fn time_is_up(&mut self) -> bool {
        // SAFETY: the call is the host's, as `new` was promised.
        self.stopped |= unsafe { (self.call.poll)(self.call.ctx) } != status::OK;
        self.stopped
    }
}

/// A finding in the making.
#[must_use = "a finding counts once it is emitted"]
pub struct NewFinding<'f, 'a> {
    out: &'f mut Findings<'a>,
    raw: CbFinding,
    related: Vec<u32>,
    field: &'static str,
    args: Vec<(&'static str, String)>,
}

impl NewFinding<'_, '_> {
    /// Puts it on `line`.
    pub fn on(self, line: LineView<'_>) -> Self {
        self.on_line(line.number())
    }

    /// Puts it on the line at that place, from 1.
    pub fn on_line(mut self, number: u32) -> Self {
        self.raw.line_no = number;
        self
    }

    /// Names a partner line.
    pub fn related(mut self, line: LineView<'_>) -> Self {
        self.related.push(line.number());
        self
    }

    /// Says which part of the line is wrong.
    pub fn field(mut self, field: Field) -> Self {
        self.field = field.as_str();
        self
    }

    /// Makes it louder or quieter than its rule.
    pub fn severity(mut self, level: Severity) -> Self {
        self.raw.severity = match level {
            Severity::Info => severity::INFO,
            Severity::Warning => severity::WARNING,
            Severity::Error => severity::ERROR,
        };
        self
    }

    /// Gives a value for the rule's templates. The rule declares its names in the manifest, and each is
    /// to be given once.
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Hands it to the host.
    pub fn emit(self) {
        let Self { out, mut raw, related, field, args } = self;
        if out.stopped {
            return;
        }
        let args: Vec<CbKv> = args
            .iter()
            .map(|(key, value)| CbKv { key: CbStr::new(key), value: CbStr::new(value) })
            .collect();
        raw.related = related.as_ptr();
        raw.n_related = related.len();
        raw.field = CbStr::new(field);
        raw.args = args.as_ptr();
        raw.n_args = args.len();
        // SAFETY: the call is the host's, as `new` was promised, and all that the finding points to
        // outlives the call.
        let answer = unsafe { (out.call.emit)(out.call.ctx, &raw const raw) };
        out.stopped = answer != status::OK;
    }
}
