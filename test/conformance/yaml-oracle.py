"""Reads YAML with PyYAML's safe loader.

On stdin, a list of texts. On stdout, for each of them {"gives": value} or {"error": message}. A value carries its type:
None, ["bool", b], ["int", digits], ["float", repr], ["str", text], ["list", [...]], ["dict", [[key, value], ...]].
Dates are their str(), as templates print them.
"""

import datetime
import json
import sys

import yaml


def typed(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, (str, datetime.date)):
        return ["str", str(value)]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, (list, tuple)):
        return ["list", [typed(one) for one in value]]
    if isinstance(value, dict):
        return ["dict", [[typed(key), typed(one)] for key, one in value.items()]]
    return ["other", type(value).__name__]


def answer(text):
    try:
        return {"gives": typed(yaml.load(text, Loader=yaml.SafeLoader))}
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        return {"error": str(error)}


json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)
