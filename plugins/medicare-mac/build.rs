//! Makes the manifest out of `plugin.toml`.

fn main() {
    cleanbill_plugin_build::manifest("plugin.toml");
}
