#!/usr/bin/env python3
"""Checks answers of cleanbill by validators that share no code with it: 277CA, 999 and TA1 by pyx12, FHIR by
fhir.resources (R4B, of which R4 is the older part that is written).

    validate_acks.py LIBRARIES FILE...

LIBRARIES is a folder that the validators are installed into with pip where it does not have them yet. One JSON object
a file: file, errors (each a sentence). The exit code is 3 when the validators cannot be had. A file that ends in
.ndjson is FHIR. `crates/cleanbill-cli/tests/cli/acknowledgements.rs` runs this.
"""
import io
import json
import logging
import subprocess
import sys

PINNED = ["pyx12==4.0.0", "fhir.resources==8.3.0"]

# A TA1 may stand alone in an interchange (IEA01 is 0), which the map of pyx12 does not have.
ALONE = 'Mandatory loop "Functional Group Header" (GS_LOOP) missing'


def install(folder):
    """Makes the pinned validators importable; False when they cannot be had."""
    done = folder + "/" + "+".join(PINNED) + ".done"
    try:
        open(done).close()
    except OSError:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["--no-warn-conflicts", "--retries", "1", "--timeout", "15", "--target", folder]
        if subprocess.run(pip + PINNED, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            return False
        open(done, "w").close()
    sys.path.insert(0, folder)
    return True


def of_x12(path):
    import pyx12.params
    import pyx12.x12n_document

    found = io.StringIO()
    sound = pyx12.x12n_document.x12n_document(pyx12.params.params(None), path, None, None, None, found)
    told = json.loads(found.getvalue() or "[]")
    errors = []

    def walk(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "errors":
                    errors.extend(error["err_str"] for error in value if error["err_str"] != ALONE)
                else:
                    walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(told)
    if not sound and not told:
        errors.append("pyx12 cannot read the file")
    return errors


def of_fhir(path):
    from fhir.resources.R4B import get_fhir_model_class

    errors = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                resource = json.loads(line)
                get_fhir_model_class(resource["resourceType"]).model_validate_json(line)
            except Exception as error:  # every kind of refusal is an error of the file
                errors.append(f"line {number}: {error}")
    return errors


def main():
    logging.disable(logging.CRITICAL)
    if not install(sys.argv[1]):
        print("pip cannot install " + " ".join(PINNED), file=sys.stderr)
        sys.exit(3)
    for path in sys.argv[2:]:
        check = of_fhir if path.endswith(".ndjson") else of_x12
        try:
            errors = check(path)
        except Exception as error:  # whatever a validator cannot read is wrong
            errors = [f"{type(error).__name__}: {error}"]
        print(json.dumps({"file": path, "errors": errors}))


main()
