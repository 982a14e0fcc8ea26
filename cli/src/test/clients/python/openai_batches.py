"""Drives the batches and files of the PyPI package `openai`, as published."""

import io
import json
import pathlib
import tempfile
import time

import httpx
import openai

from cases import TARGET, run

MODEL, EMBEDDING_MODEL = TARGET["model"], TARGET["embedding_model"]
KEYS, PROMPTS = TARGET["keys"], TARGET["prompts"]
CHAT = "/v1/chat/completions"
ENDED = ("completed", "failed", "expired", "cancelled")
NOBODYS = "0" * 32


def client(key):
    return openai.OpenAI(base_url=f"{TARGET['url']}/v1", api_key=key, max_retries=0)


GOOD = client(KEYS["good"])


def line(custom_id, body, url=CHAT, method="POST"):
    return {"custom_id": custom_id, "method": method, "url": url, "body": body}


def chat(prompt):
    return {"model": MODEL, "messages": [{"role": "user", "content": prompt}], "reasoning_effort": "none"}


def jsonl(lines):
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


def upload(lines):
    return GOOD.files.create(file=("requests.jsonl", jsonl(lines)), purpose="batch")


def create(lines, endpoint=CHAT, **more):
    return GOOD.batches.create(
        input_file_id=upload(lines).id, endpoint=endpoint, completion_window="24h", **more)


def until(batch, reached):
    while not reached(batch):
        time.sleep(0.1)
        batch = GOOD.batches.retrieve(batch.id)
    return batch


def ended(batch):
    return until(batch, lambda now: now.status in ENDED)


def read(file_id):
    """The lines of a file by their custom_id."""
    if file_id is None:
        return {}
    lines = [json.loads(one) for one in GOOD.files.content(file_id).iter_lines()]
    return {one["custom_id"]: one for one in lines}


def told(batch):
    return {
        "status": batch.status,
        "total": batch.request_counts.total,
        "completed": batch.request_counts.completed,
        "failed": batch.request_counts.failed,
        "output": read(batch.output_file_id),
        "errors": read(batch.error_file_id),
    }


def besides(method, path, **query):
    """What the package has no method for."""
    headers = {"Authorization": f"Bearer {KEYS['good']}"}
    answer = httpx.request(method, f"{TARGET['url']}/v1/batches/{path}", params=query, headers=headers)
    answer.raise_for_status()
    return answer


def results(batch, **query):
    lines = besides("GET", f"{batch.id}/results", **query).text.splitlines()
    return [json.loads(one) for one in lines if one]


def files():
    data = jsonl([line("a", chat(PROMPTS["bytes"]))])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "from-path.jsonl")
        path.write_bytes(data)
        created = [
            GOOD.files.create(file=path, purpose="batch"),
            GOOD.files.create(file=("from-bytes.jsonl", data), purpose="batch"),
            GOOD.files.create(file=("from-stream.jsonl", io.BytesIO(data)), purpose="batch"),
        ]
    listed = [one.id for one in GOOD.files.list(purpose="batch", limit=2)]
    processed = [GOOD.files.wait_for_processing(one.id) for one in created]
    return {
        "names": [one.filename for one in processed],
        "statuses": [one.status for one in processed],
        "whole": all(GOOD.files.content(one.id).content == data for one in created),
        "same": all(GOOD.files.retrieve(one.id) == one for one in created),
        "listed": all(one.id in listed for one in created),
        "deleted": [GOOD.files.delete(one.id).deleted for one in created],
        "left": [one.id for one in GOOD.files.list() if one.id in [gone.id for gone in created]],
    }


def file_expires():
    expires = {"anchor": "created_at", "seconds": 3600}
    file = GOOD.files.create(file=("soon.jsonl", b"{}\n"), purpose="batch", expires_after=expires)
    return {"seconds": file.expires_at - file.created_at}


def file_deleted():
    file = upload([{}])
    GOOD.files.delete(file.id)
    return GOOD.files.retrieve(file.id)


def endpoints():
    bodies = {
        CHAT: chat(PROMPTS["chat"]),
        "/v1/completions": {"model": MODEL, "prompt": PROMPTS["chat"]},
        "/v1/embeddings": {"model": EMBEDDING_MODEL, "input": PROMPTS["embed"]},
        "/v1/responses": {"model": MODEL, "input": PROMPTS["chat"], "reasoning": {"effort": "none"}},
    }
    begun = {url: create([line("a", body, url), line("b", body, url)], url) for url, body in bodies.items()}
    return {url: told(ended(batch)) for url, batch in begun.items()}


def metadata():
    batch = create([line("a", chat(PROMPTS["chat"]))], metadata={"night": "monday"})
    return {"first": batch.metadata, "later": ended(batch).metadata}


def bad_lines():
    lines = [line("a", chat("x")), line("a", chat("x")), line("c", {**chat("x"), "model": "nobody:1b"}), line("d", {}, "/v1/embeddings")]
    data = jsonl(lines) + b"no json\n"
    file = GOOD.files.create(file=("bad.jsonl", data), purpose="batch")
    batch = ended(GOOD.batches.create(input_file_id=file.id, endpoint=CHAT, completion_window="24h"))
    faults = [{"line": one.line, "code": one.code} for one in batch.errors.data]
    return {"status": batch.status, "faults": faults, "output": batch.output_file_id}


def half_done(batch):
    return until(batch, lambda now: now.request_counts.completed == 2)


def unfinished():
    """A batch of which one line never ends, when the others have."""
    lines = [line("a", chat("a")), line("b", chat("b")), line("endless", chat(PROMPTS["endless"]))]
    return half_done(create(lines))


def cancelled(batch):
    GOOD.batches.cancel(batch.id)
    return ended(GOOD.batches.retrieve(batch.id))


def cancel():
    batch = unfinished()
    moving = {"status": batch.status, "completed": batch.request_counts.completed}
    first = GOOD.batches.cancel(batch.id).status
    return {"moving": moving, "first": first, **told(ended(GOOD.batches.retrieve(batch.id)))}


def input_in_use():
    batch = unfinished()
    try:
        return GOOD.files.delete(batch.input_file_id).to_dict()
    finally:
        cancelled(batch)


def live_results():
    batch = unfinished()
    now = results(batch, after=0, wait=0)
    later = results(batch, after=now[0]["seq"], wait=0)
    cancelled(batch)
    last = results(batch, after=now[-1]["seq"])
    return {"now": now, "later": later, "last": last}


def pause_and_retry():
    batch = unfinished()
    paused = besides("POST", f"{batch.id}/pause").json()["paused"]
    seen = GOOD.batches.retrieve(batch.id).paused
    resumed = besides("POST", f"{batch.id}/resume").json()["paused"]
    cancelled(batch)
    again = besides("POST", f"{batch.id}/retry").json()
    new = until(GOOD.batches.retrieve(again["id"]), lambda now: now.status == "in_progress")
    cancelled(new)
    return {
        "paused": paused,
        "seen": seen,
        "resumed": resumed,
        "same": again["retry_of"] == batch.id,
        "again": new.request_counts.total,
    }


def paging():
    made = [create([{}]).id for _ in range(5)]
    page = GOOD.batches.list(limit=2)
    following = GOOD.batches.list(limit=2, after=page.data[-1].id)
    every = [one.id for one in GOOD.batches.list(limit=2)]
    return {
        "pages": [one.id for one in page.data + following.data] == made[:0:-1],
        "more": page.has_more,
        "all": every[:5] == made[::-1],
        "twice": len(every) - len(set(every)),
    }


def cancel_ended():
    return GOOD.batches.cancel(ended(create([{}])).id)


def begin(file_id, **more):
    asked = {"input_file_id": file_id, "endpoint": CHAT, "completion_window": "24h", **more}
    return GOOD.batches.create(**asked)


run({
    "files": files,
    "file_expires": file_expires,
    "file_deleted": file_deleted,
    "endpoints": endpoints,
    "metadata": metadata,
    "bad_lines": bad_lines,
    "cancel": cancel,
    "cancel_ended": cancel_ended,
    "input_in_use": input_in_use,
    "live_results": live_results,
    "pause_and_retry": pause_and_retry,
    "paging": paging,
    "wrong_key_file": lambda: client(KEYS["wrong"]).files.create(file=("a", b"{}"), purpose="batch"),
    "wrong_key_batch": lambda: client(KEYS["wrong"]).batches.list(),
    "foreign_file": lambda: client(KEYS["other"]).files.retrieve(upload([{}]).id),
    "foreign_content": lambda: client(KEYS["other"]).files.content(upload([{}]).id),
    "foreign_batch": lambda: client(KEYS["other"]).batches.retrieve(create([{}]).id),
    "foreign_input": lambda: client(KEYS["other"]).batches.create(
        input_file_id=upload([{}]).id, endpoint=CHAT, completion_window="24h"),
    "no_file": lambda: GOOD.files.retrieve(f"file-{NOBODYS}"),
    "no_batch": lambda: GOOD.batches.retrieve(f"batch_{NOBODYS}"),
    "no_input": lambda: begin(f"file-{NOBODYS}"),
    "no_endpoint": lambda: begin(upload([{}]).id, endpoint="/v1/moderations"),
})
