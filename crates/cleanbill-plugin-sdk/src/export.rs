//! The macro that makes a library out of a plugin.

/// Exports a [`Plugin`](crate::Plugin) type and its manifest, the two symbols that a host looks for.
///
/// Use it once in a crate of type `cdylib`. It refuses to build with `panic = "abort"`, under which a
/// panic could not be kept from ending the host.
#[macro_export]
macro_rules! export_plugin {
    ($plugin:ty, $manifest:expr $(,)?) => {
        #[cfg(panic = "abort")]
        ::core::compile_error!(
            "a cleanbill plugin must be built with `panic = \"unwind\"`: under \"abort\" a panic in \
             the plugin ends the whole run"
        );

        const _: () = {
            const MANIFEST: &str = $manifest;

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
            pub static cleanbill_plugin_manifest_v1: $crate::glue::CbManifest<{ MANIFEST.len() }> =
                $crate::glue::CbManifest::new(MANIFEST);

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
