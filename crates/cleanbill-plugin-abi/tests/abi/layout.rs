//! Sizes and offsets as `layout/v1.0.json` has them, held against Rust, C and C++. A change in that file is
//! a new version of the ABI.

#![cfg(target_pointer_width = "64")]

use std::fmt::Write as _;
use std::mem::{align_of, offset_of, size_of};
use std::{env, fs};

use cleanbill_plugin_abi::{
    AbiVersion, CbCall, CbClaim, CbFinding, CbHost, CbKv, CbLine, CbManifestHeader, CbPlugin, CbStr,
};
use serde_json::{Value, json};

use crate::compiler::compiles;
use crate::header::own;

macro_rules! layout {
    ($all:ident: $($name:literal = $type:ident { $($field:ident),+ $(,)? })+) => {$(
        assert!(align_of::<$type>() <= 8);
        $all.push(json!({
            "struct": $name,
            "size": size_of::<$type>(),
            "fields": [$(json!({
                "name": stringify!($field),
                "offset": offset_of!($type, $field),
            })),+],
        }));
    )+};
}

/// The layout of the Rust types.
fn in_rust() -> Value {
    let mut all = Vec::new();
    layout! { all:
        "cb_str" = CbStr { ptr, len }
        "cb_kv" = CbKv { key, value }
        "cb_host" = CbHost { struct_size, abi_major, abi_minor, ctx, log, extension }
        "cb_call" = CbCall { struct_size, reserved, ctx, emit, poll }
        "cb_line" = CbLine {
            struct_size, line_no, code, modifiers, n_modifiers, dx_pointers, n_dx_pointers,
            place_of_service, revenue_code, rendering_npi, rendering_taxonomy, body_region, from, through,
            units_milli, charge, unit_basis, reserved, drug_quantity_milli, ndc, drug_unit, authorization,
            present,
        }
        "cb_claim" = CbClaim {
            struct_size, form, claim_ref, payer_id, filing_indicator, frequency, bill_type,
            place_of_service, billing_npi, billing_taxonomy, rendering_npi, rendering_taxonomy, from,
            through, total_charge, diagnoses, n_diagnoses, lines, n_lines, line_stride, granted, present,
            submitted, birth_date, sex, authorization, has_original_reference, reserved,
        }
        "cb_finding" = CbFinding {
            struct_size, rule, line_no, severity, related, n_related, field, args, n_args,
        }
        "cb_plugin" = CbPlugin { struct_size, abi_major, abi_minor, create, destroy, check, extension }
        "cb_manifest_header" = CbManifestHeader { magic, abi_major, abi_minor, json_len }
    }
    Value::Array(all)
}

fn golden() -> Value {
    let AbiVersion { major, minor } = AbiVersion::CURRENT;
    let file = own(&format!("layout/v{major}.{minor}.json"));
    if env::var_os("CLEANBILL_UPDATE").is_some() {
        fs::write(&file, format!("{:#}\n", in_rust())).unwrap();
    }
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn rust_has_the_sizes_and_offsets_of_this_version() {
    assert_eq!(in_rust(), golden());
}

#[test]
fn c_and_cpp_have_the_sizes_and_offsets_of_this_version() {
    compiles(&asserts(&golden()), "include");
}

#[test]
#[should_panic(expected = "layout of cb_str")]
fn a_size_that_differs_does_not_compile() {
    let wrong = json!([{ "struct": "cb_str", "size": 24, "fields": [] }]);
    compiles(&asserts(&wrong), "include");
}

/// A source that compiles when the layout holds. Without the asserts it would use nothing of the header,
/// so it also holds every function that the header writes down.
fn asserts(layout: &Value) -> String {
    let mut source = String::from(
        "#include \"cleanbill_plugin.h\"\n\
         #if !defined(__cplusplus)\n#define static_assert _Static_assert\n#endif\n\
         CB_MANIFEST(\"{}\");\n\
         const cb_line *first(const cb_claim *claim);\n\
         const cb_line *first(const cb_claim *claim) {\n\
         return CB_HAS(claim, cb_claim, lines) && CB_GIVEN(claim->granted, CB_LINE_CODE)\n\
         ? cb_line_at(claim, 0) : NULL; }\n",
    );
    for one in layout.as_array().unwrap() {
        let (name, size) = (one["struct"].as_str().unwrap(), &one["size"]);
        writeln!(source, "static_assert(sizeof({name}) == {size}, \"layout of {name}\");").unwrap();
        for field in one["fields"].as_array().unwrap() {
            let (field, offset) = (field["name"].as_str().unwrap(), &field["offset"]);
            let told = format!("layout of {name}.{field}");
            writeln!(source, "static_assert(offsetof({name}, {field}) == {offset}, \"{told}\");")
                .unwrap();
        }
    }
    source
}
