#[test]
fn dump() {
    println!("{}", serde_json::to_string_pretty(&super::json_schema(super::SchemaKind::RuleFile)).unwrap());
}
