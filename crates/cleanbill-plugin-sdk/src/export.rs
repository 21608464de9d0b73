//! The macro that makes a library out of a plugin.

/// Brings in what `cleanbill_plugin_build` made from `plugin.toml`: `MANIFEST`, the type `Config`, and the
/// module `rule` with a constant for each rule. Use it once, at the top of the crate.
#[macro_export]
macro_rules! include_manifest {
    () => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/plugin.rs"));
    };
}

/// The rule of `plugin.toml` whose id ends in that name: `northwind/xs-not-59` is `rule!(XS_NOT_59)`.
#[macro_export]
#[expect(clippy::crate_in_macro_def, reason = "the rules are those of the plugin")]
macro_rules! rule {
    ($name:ident) => {
        crate::rule::$name
    };
}

/// Exports a [`Plugin`](crate::Plugin) type and its manifest, the two symbols that a host looks for. The
/// manifest is what [`include_manifest!`](crate::include_manifest) brought in; one that is written by hand
/// may be given, as JSON.
///
/// Use it once in a crate of type `cdylib`. It refuses to build with `panic = "abort"`, under which a
/// panic could not be kept from ending the host.
#[macro_export]
macro_rules! export_plugin {
    ($plugin:ty $(,)?) => {
        $crate::export_plugin!($plugin, MANIFEST);
    };
    ($plugin:ty, $manifest:expr $(,)?) => {
        #[cfg(panic = "abort")]
        ::core::compile_error!(
            "a cleanbill plugin must be built with `panic = \"unwind\"`: under \"abort\" a panic in \
             the plugin ends the whole run"
        );

        const _: () = {
            const JSON: &str = $manifest;

            impl $crate::Exported for $plugin {
                const MANIFEST: &'static str = JSON;
            }

            /// The manifest, in a section that the host reads before any code of the plugin runs.
            #[used]
            #[unsafe(no_mangle)]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__cleanbill"))]
            #[cfg_attr(windows, unsafe(link_section = ".cleanb"))]
            #[cfg_attr(
                not(any(target_vendor = "apple", windows)),
                unsafe(link_section = ".cleanbill")
            )]
            #[expect(non_upper_case_globals, reason = "the name of a symbol")]
            pub static cleanbill_plugin_manifest_v1: $crate::glue::CbManifest<{ JSON.len() }> =
                $crate::glue::CbManifest::new(JSON);

            /// The plugin's table, or null for a host of another version.
            #[unsafe(no_mangle)]
            pub extern "C" fn cleanbill_plugin_entry_v1(
                host_major: u16,
                host_minor: u16,
            ) -> *const $crate::glue::CbPlugin {
                static TABLE: $crate::glue::CbPlugin = $crate::glue::table::<$plugin>();
                $crate::glue::entry(&TABLE, host_major, host_minor)
            }
        };
    };
}
