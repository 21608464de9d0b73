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

        /// The version of the ABI that this plugin was built for.
        #[unsafe(no_mangle)]
        pub extern "C" fn cleanbill_plugin_abi_version() -> u32 {
            $crate::glue::AbiVersion::CURRENT.packed()
        }

        /// The plugin's table, or null for a host of another version.
        #[unsafe(no_mangle)]
        pub extern "C" fn cleanbill_plugin_entry_v1(
            host_major: u16,
            host_minor: u16,
        ) -> *const $crate::glue::CbPlugin {
            static TABLE: $crate::glue::CbPlugin = $crate::glue::table::<$plugin>($manifest);
            $crate::glue::entry(&TABLE, host_major, host_minor)
        }
    };
}
