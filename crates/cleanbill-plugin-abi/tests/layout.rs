//! The layout of the ABI, written out: a change here is a new version of the ABI. The C header asserts
//! the same numbers.

#![cfg(target_pointer_width = "64")]

use std::mem::{align_of, offset_of, size_of};

use cleanbill_plugin_abi::{CbCall, CbClaim, CbFinding, CbHost, CbKv, CbLine, CbPlugin, CbStr};

macro_rules! layout {
    ($name:ident is $size:literal: $($field:ident at $offset:literal),+ $(,)?) => {
        assert_eq!(size_of::<$name>(), $size, "size of {}", stringify!($name));
        assert!(align_of::<$name>() <= 8);
        $(assert_eq!(
            offset_of!($name, $field), $offset, "{}.{}", stringify!($name), stringify!($field)
        );)+
    };
}

#[test]
fn sizes_and_offsets_are_those_of_version_1_0() {
    layout!(CbStr is 16: ptr at 0, len at 8);
    layout!(CbKv is 32: key at 0, value at 16);
    layout!(CbHost is 8: struct_size at 0, abi_major at 4, abi_minor at 6);
    layout!(CbCall is 24: struct_size at 0, reserved at 4, ctx at 8, emit at 16);
    layout!(CbLine is 168:
        struct_size at 0, line_no at 4, code at 8, modifiers at 24, n_modifiers at 32,
        dx_pointers at 40, n_dx_pointers at 48, place_of_service at 56, revenue_code at 72,
        rendering_npi at 88, rendering_taxonomy at 104, body_region at 120, from at 136,
        through at 140, units_milli at 144, charge at 152, unit_basis at 160, reserved at 164);
    layout!(CbClaim is 216:
        struct_size at 0, form at 4, claim_ref at 8, payer_id at 24, filing_indicator at 40,
        frequency at 56, bill_type at 72, place_of_service at 88, billing_npi at 104,
        billing_taxonomy at 120, rendering_npi at 136, rendering_taxonomy at 152, from at 168,
        through at 172, total_charge at 176, diagnoses at 184, n_diagnoses at 192, lines at 200,
        n_lines at 208, line_stride at 212);
    layout!(CbFinding is 64:
        struct_size at 0, rule at 4, line_no at 8, severity at 12, related at 16, n_related at 24,
        field at 32, args at 48, n_args at 56);
    layout!(CbPlugin is 48:
        struct_size at 0, abi_major at 4, abi_minor at 6, manifest at 8, create at 24,
        destroy at 32, check at 40);
}

#[test]
fn the_header_asserts_the_same_sizes() {
    let header = include_str!("../include/cleanbill_plugin.h");
    for (name, size) in [
        ("cb_str", size_of::<CbStr>()),
        ("cb_kv", size_of::<CbKv>()),
        ("cb_host", size_of::<CbHost>()),
        ("cb_call", size_of::<CbCall>()),
        ("cb_line", size_of::<CbLine>()),
        ("cb_claim", size_of::<CbClaim>()),
        ("cb_finding", size_of::<CbFinding>()),
        ("cb_plugin", size_of::<CbPlugin>()),
    ] {
        let line = format!("CB_SIZE({name}, {size});");
        assert!(header.contains(&line), "the header lacks `{line}`");
    }
}
