"""What the drivers of this folder share: what to talk to, and one line of JSON for each case."""

import json
import os
import queue
import sys
import threading

CASE_SECONDS = 40

# url, keys, model, prompts, schema and tool: set by the test.
TARGET = json.loads(os.environ["SLUICE_TEST_TARGET"])


def told(error):
    return {
        "type": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "code", None),
        "message": str(error),
    }


def outcome(call):
    try:
        return call()
    except Exception as error:  # each is an outcome, which the test looks at
        return {"error": told(error)}


def later(call, outcomes):
    threading.Thread(target=lambda: outcomes.put(outcome(call)), daemon=True).start()


def run(cases):
    """Runs the cases that the arguments name, one after the other; then ends, whatever is still open."""
    for name in sys.argv[1:]:
        outcomes = queue.Queue()
        later(cases[name], outcomes)
        try:
            line = outcomes.get(timeout=CASE_SECONDS)
        except queue.Empty:
            line = {"error": {"type": "Late", "message": "no answer in time"}}
        print(json.dumps({"case": name, **line}), flush=True)
    os._exit(0)


def first_refusal(count, call):
    """The error of the first of several calls at a time that is refused."""
    outcomes = queue.Queue()
    for i in range(count):
        later(lambda i=i: call(i), outcomes)
    return outcomes.get(timeout=CASE_SECONDS)
