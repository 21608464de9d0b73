"""GoRules' engine asked one rule a claim, 93970 beside 93985 or 93986: `one_rule.py FOLDER`; claims come as JSON."""

import json
import os
import sys

import zen

RULE = (
    "some(lines, #.code == '93970') and some(lines, #.code in ['93985', '93986'])"
)
GRAPH = {
    "contentType": "application/vnd.gorules.decision",
    "nodes": [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "edit",
            "type": "expressionNode",
            "name": "edit",
            "position": {"x": 1, "y": 0},
            "content": {"expressions": [{"id": "e", "key": "denied", "value": RULE}]},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ],
    "edges": [
        {"id": "1", "sourceId": "in", "targetId": "edit", "type": "edge"},
        {"id": "2", "sourceId": "edit", "targetId": "out", "type": "edge"},
    ],
}

decision = zen.ZenEngine().create_decision(json.dumps(GRAPH))
denied = 0
with open(os.path.join(sys.argv[1], "claims.ndjson")) as claims:
    for claim in claims:
        denied += decision.evaluate(json.loads(claim))["result"]["denied"]
print(json.dumps({"veins": denied}))
