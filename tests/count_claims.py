#!/usr/bin/env python3
"""Counts the claims of X12 files and adds up their charges, apart from cleanbill and as plainly as it goes.

One JSON object a file: claims (CLM segments within interchanges), cents (the sum of CLM02), unreadable (claims whose
CLM02 is no amount). With `--remits` first, remittance advice: claims (CLP), lines (SVC), adjustments (CAS), payments
(BPR) and adjustments of the provider (PLB), and the sums of their amounts in cents.
`crates/cleanbill-cli/tests/cli/counter.rs` compares them with the summary of `validate` and with `learn`.
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
        yield header.split(separator)
        body, closed = at + 106, False
        while not closed and body < len(data):
            end = data.find(terminator, body)
            end = len(data) if end < 0 else end
            elements = data[body:end].strip(b" \t\r\n").split(separator)
            body = end + 1
            closed = elements[0] == b"IEA"
            yield elements
        at = data.find(b"ISA", body)


AMOUNT = re.compile(rb"-?\d{1,8}(\.\d{1,2})?")


def count(path):
    with open(path, "rb") as file:
        claims = [elements for elements in segments(file.read()) if elements[0] == b"CLM"]
    charges = [elements[2] if len(elements) > 2 else b"" for elements in claims]
    amounts = [Decimal(text.decode()) for text in charges if AMOUNT.fullmatch(text)]
    cents = int(sum(amounts, Decimal(0)) * 100)
    return {"file": path, "claims": len(claims), "cents": cents, "unreadable": len(claims) - len(amounts)}


def remits(path):
    """The same of an 835. What is behind a CLP counts up to the next CLP, LX, PLB or part of the envelope."""
    counts = dict.fromkeys(("claims", "lines", "adjustments", "payments", "provider_adjustments"), 0)
    sums = dict.fromkeys(("charges", "paid", "line_charges", "line_paid", "adjusted", "payment_total", "provider_adjusted"), 0)
    unreadable = 0

    def add(name, elements, index):
        text = elements[index] if len(elements) > index else b""
        if AMOUNT.fullmatch(text):
            sums[name] += int(Decimal(text.decode()) * 100)
            return 0
        return 1

    with open(path, "rb") as file:
        data = file.read()
    version, group, is_read, in_claim = b"", b"", False, False
    for elements in segments(data):
        name = elements[0]
        if name in (b"ISA", b"GS", b"ST", b"SE", b"GE", b"IEA", b"CLP", b"LX", b"PLB"):
            in_claim = False
        if name == b"ISA":
            version = elements[12]
        elif name == b"GS":
            group = elements[8]
        elif name == b"ST":
            guide = elements[3] if len(elements) > 3 else group
            is_read = version == b"00501" and elements[1] == b"835" and guide in (b"005010X221", b"005010X221A1")
        elif name == b"SE":
            is_read = False
        elif name == b"CLP":
            counts["claims"] += 1
            in_claim = is_read
            add("charges", elements, 3)  # told apart from the others
            unreadable += add("paid", elements, 4)
        elif name == b"SVC" and in_claim:
            counts["lines"] += 1
            unreadable += add("line_charges", elements, 2) + add("line_paid", elements, 3)
        elif name == b"CAS" and in_claim:
            for index in range(2, 20, 3):
                if any(len(elements) > at and elements[at] for at in (index, index + 1)):
                    counts["adjustments"] += 1
                    unreadable += add("adjusted", elements, index + 1)
        elif name == b"BPR" and is_read:
            counts["payments"] += 1
            unreadable += add("payment_total", elements, 2)
        elif name == b"PLB" and is_read:
            for index in range(3, 15, 2):
                if any(len(elements) > at and elements[at] for at in (index, index + 1)):
                    counts["provider_adjustments"] += 1
                    unreadable += add("provider_adjusted", elements, index + 1)
    return {"file": path, **counts, **sums, "unreadable": unreadable}


names = sys.argv[1:]
how = remits if names[:1] == ["--remits"] else count
for name in names[how is remits :]:
    print(json.dumps(how(name)))
