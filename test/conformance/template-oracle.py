"""Renders templates with ansible-core itself.

On stdin, a list of {"vars": {...}, "cases": [{"text", "kind": "template" | "condition" | "file"}, ...]}.
On stdout, for each of them a list of {"gives": repr} or {"error": message}.
"""

import json
import os
import sys
import warnings

os.environ["ANSIBLE_DEPRECATION_WARNINGS"] = "0"
os.environ["ANSIBLE_DEVEL_WARNING"] = "0"
os.environ["TZ"] = "UTC"
warnings.simplefilter("ignore")

from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import Templar, trust_as_template  # noqa: E402
from ansible.utils.display import Display  # noqa: E402

for quiet in ("warning", "deprecated", "error_as_warning"):
    setattr(Display, quiet, lambda self, *args, **kwargs: None)


def trusted(value):
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, list):
        return [trusted(one) for one in value]
    if isinstance(value, dict):
        return {key: trusted(one) for key, one in value.items()}
    return value


def plain(value):
    """The value without Ansible's tags, which repr would not show but types would."""
    if isinstance(value, bool) or value is None:
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, dict):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def answer(case, variables):
    templar = Templar(loader=DataLoader(), variables=trusted(variables))
    text = trust_as_template(case["text"])
    try:
        if case["kind"] == "condition":
            result = templar.evaluate_conditional(text)
        elif case["kind"] == "file":
            result = templar.template(text, escape_backslashes=False)
        else:
            result = templar.template(text)
        return {"gives": repr(plain(result))}
    except Exception as error:  # noqa: BLE001: whatever it is, it is the answer
        return {"error": str(error)}


topics = json.load(sys.stdin)
json.dump([[answer(case, topic["vars"]) for case in topic["cases"]] for topic in topics], sys.stdout)
