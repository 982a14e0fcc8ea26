"""Drives the PyPI package `ollama`, as published."""

import ollama

from cases import TARGET, first_refusal, run

MODEL, KEYS, PROMPTS = TARGET["model"], TARGET["keys"], TARGET["prompts"]
SCHEMA, TOOL = TARGET["schema"], TARGET["tool"]


def client(key):
    return ollama.Client(host=TARGET["url"], headers={"Authorization": f"Bearer {key}"})


GOOD = client(KEYS["good"])


def ask(content, **more):
    chat = {"model": MODEL, "messages": [{"role": "user", "content": content}], "think": False}
    return {**chat, **more}


def called(message):
    return [{"name": c.function.name, "arguments": c.function.arguments} for c in message.tool_calls or []]


def told(answer):
    return {
        "text": answer.message.content,
        "thinking": answer.message.thinking,
        "calls": called(answer.message),
        "finish": answer.done_reason,
        "prompt_tokens": answer.prompt_eval_count,
        "completion_tokens": answer.eval_count,
        "total_nanos": answer.total_duration,
    }


def whole(content, **more):
    return told(GOOD.chat(**ask(content, **more)))


def streamed(content, **more):
    text, thinking, calls, pieces, last = "", "", [], 0, None
    for last in GOOD.chat(**ask(content, stream=True, **more)):
        text += last.message.content or ""
        thinking += last.message.thinking or ""
        calls += called(last.message)
        pieces += 1 if last.message.content else 0
    return {**told(last), "text": text, "thinking": thinking, "calls": calls, "pieces": pieces}


def tool_answered():
    name = TOOL["function"]["name"]
    call = {"function": {"name": name, "arguments": {"city": "Zürich"}}}
    answered = ask(PROMPTS["chat"], tools=[TOOL])
    answered["messages"] += [
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_name": name, "content": "sunny"},
    ]
    return told(GOOD.chat(**answered))


def generate():
    answer = GOOD.generate(model=MODEL, prompt=PROMPTS["chat"], think=False)
    return {"text": answer.response, "finish": answer.done_reason}


def generate_stream():
    parts = list(GOOD.generate(model=MODEL, prompt=PROMPTS["bytes"], think=False, stream=True))
    return {"text": "".join(part.response for part in parts), "finish": parts[-1].done_reason}


def show():
    shown = GOOD.show(MODEL)
    return {"capabilities": shown.capabilities, "family": shown.details.family}


def abort():
    stream, pieces = GOOD.chat(**ask(PROMPTS["endless"], stream=True)), 0
    for part in stream:
        pieces += 1 if part.message.content else 0
        if pieces == 3:
            break
    stream.close()
    return {"pieces": pieces}


def limit_reached():
    client(KEYS["limited"]).chat(**ask(PROMPTS["chat"]))
    return told(client(KEYS["limited"]).chat(**ask(PROMPTS["chat"])))


run({
    "chat": lambda: whole(PROMPTS["chat"]),
    "stream": lambda: streamed(PROMPTS["chat"]),
    "bytes": lambda: whole(PROMPTS["bytes"]),
    "bytes_stream": lambda: streamed(PROMPTS["bytes"]),
    "long_stream": lambda: streamed(PROMPTS["long"]),
    "thinking": lambda: streamed(PROMPTS["chat"], think=True),
    "tools": lambda: whole(PROMPTS["chat"], tools=[TOOL]),
    "tools_stream": lambda: streamed(PROMPTS["chat"], tools=[TOOL]),
    "tool_answered": tool_answered,
    "schema": lambda: whole(PROMPTS["chat"], format=SCHEMA),
    "length": lambda: whole(PROMPTS["chat"], options={"num_predict": 5, "num_ctx": 4096}),
    "generate": generate,
    "generate_stream": generate_stream,
    "embeddings": lambda: {"vectors": GOOD.embed(model=TARGET["embedding_model"], input=PROMPTS["embed"]).embeddings},
    "list": lambda: {"models": [one.model for one in GOOD.list().models]},
    "show": show,
    "running": lambda: {"models": [one.model for one in GOOD.ps().models]},
    "pull": lambda: GOOD.pull(MODEL),
    "abort": abort,
    "wrong_key": lambda: client(KEYS["wrong"]).chat(**ask(PROMPTS["chat"])),
    "wrong_key_list": lambda: client(KEYS["wrong"]).list(),
    "model_missing": lambda: whole(PROMPTS["chat"], model="nobody:1b"),
    "model_missing_stream": lambda: streamed(PROMPTS["chat"], model="nobody:1b"),
    "limit_reached": limit_reached,
    "engine_fails": lambda: streamed(PROMPTS["fails"]),
    "queue_full": lambda: first_refusal(
        8, lambda i: list(client(KEYS["full"]).chat(**ask(f"{PROMPTS['stalls']} {i}", stream=True)))),
})
