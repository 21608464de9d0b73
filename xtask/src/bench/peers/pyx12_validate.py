"""pyx12 checking an 837 against its guide: `pyx12_validate.py FILE`. It judges no edits."""

import io
import json
import logging
import sys

import pyx12.params
import pyx12.x12n_document

logging.disable(logging.CRITICAL)
with open(sys.argv[1]) as source:
    valid = pyx12.x12n_document.x12n_document(pyx12.params.params(), source, io.StringIO(), None)
print(json.dumps({"valid": bool(valid)}))
