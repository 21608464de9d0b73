//! What is told of an envelope that is not as it should be.

use super::Wanted;
use crate::codes;
use crate::problem::Problem;

/// A segment that stands where the envelope allows none.
pub(in crate::x12) fn stray(id: &str, why: &str) -> Problem {
    Problem::new(
        codes::STRAY_SEGMENT,
        id,
        format!("`{id}` cannot stand here: {why}"),
        "put every transaction between ST and SE, and every group between GS and GE",
    )
}

pub(super) fn version_disagrees(wanted: Wanted) -> Problem {
    let fix = match wanted {
        Wanted::Claims => {
            "write the same guide in both, `005010X222A1` for professional claims, `005010X223A2` for \
             institutional ones"
        }
        Wanted::Remittances => "write the same guide in both, `005010X221A1`",
    };
    let message = "`ST03` names another implementation guide than `GS08`";
    Problem::new(codes::VERSION_DISAGREES, "ST03", message, fix)
}

pub(super) fn st_repeated() -> Problem {
    Problem::new(
        codes::ST_REPEATED,
        "ST02",
        "`ST02` repeats the control number of an earlier transaction of the group",
        "number the transactions of a group without repetition",
    )
}

pub(super) fn wrong_group(wanted: Wanted) -> Problem {
    let (message, fix) = match wanted {
        Wanted::Claims => {
            ("`GS01` is not HC, yet the group holds claims", "write HC in the GS segment of claims")
        }
        Wanted::Remittances => (
            "`GS01` is not HP, yet the group holds remittance advice",
            "write HP in the GS segment of remittance advice",
        ),
    };
    Problem::new(codes::GROUP_KIND, "GS01", message, fix)
}

/// `kind` is ST01 of the transaction.
pub(super) fn not_read(wanted: Wanted, element: &str, kind: &[u8], name: &str) -> Problem {
    let fix = match (wanted, kind) {
        (Wanted::Claims, b"835") => {
            "this is a remittance advice, not claims; see `cleanbill learn`, which reads 835 of version \
             5010 (005010X221A1) and holds them against findings"
        }
        (Wanted::Claims, _) => {
            "send claims as 837 of version 5010: 005010X222A1 (professional), 005010X223A2 \
             (institutional) or 005010X224A2 (dental)"
        }
        (Wanted::Remittances, b"837") => {
            "these are claims, not a remittance advice; name them with `--claims`, or look at them with \
             `cleanbill validate`"
        }
        (Wanted::Remittances, _) => "ask the payer for the 835 of version 5010 (005010X221A1)",
    };
    let message = format!("the transaction is {name}; it was set aside whole");
    Problem::new(codes::NOT_READ, element, message, fix)
}
