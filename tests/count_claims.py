#!/usr/bin/env python3
"""Counts the claims of X12 files and adds up their charges, apart from cleanbill and as plainly as it goes.

One JSON object a file: claims (CLM segments within interchanges), cents (the sum of CLM02), unreadable (claims whose
CLM02 is no amount). `crates/cleanbill-cli/tests/cli/counter.rs` compares them with the summary of `validate`.
"""
import json
import re
import sys
from decimal import Decimal


def segments(data):
    """Every segment of every interchange, as a list of elements."""
    if re.search(rb"[\r\n]", data[data.find(b"ISA") :][:105]):
        data = re.sub(rb"[\r\n]", b"", data)  # wrapped at a column
    at = data.find(b"ISA")
    while at >= 0:
        separator, terminator = data[at + 3 : at + 4], data[at + 105 : at + 106]
        header = data[at : at + 106]
        if len(header) < 106 or header.count(separator) < 16:
            at = data.find(b"ISA", at + 3)
            continue
        body, closed = at + 106, False
        while not closed and body < len(data):
            end = data.find(terminator, body)
            end = len(data) if end < 0 else end
            elements = data[body:end].strip(b" \t\r\n").split(separator)
            body = end + 1
            closed = elements[0] == b"IEA"
            yield elements
        at = data.find(b"ISA", body)


def count(path):
    with open(path, "rb") as file:
        claims = [elements for elements in segments(file.read()) if elements[0] == b"CLM"]
    charges = [elements[2] if len(elements) > 2 else b"" for elements in claims]
    amounts = [Decimal(text.decode()) for text in charges if re.fullmatch(rb"-?\d{1,8}(\.\d{1,2})?", text)]
    cents = int(sum(amounts, Decimal(0)) * 100)
    return {"file": path, "claims": len(claims), "cents": cents, "unreadable": len(claims) - len(amounts)}


for name in sys.argv[1:]:
    print(json.dumps(count(name)))
