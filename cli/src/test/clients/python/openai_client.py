"""Drives the PyPI package `openai`, as published."""

import json

import openai

from cases import TARGET, first_refusal, run

MODEL, KEYS, PROMPTS = TARGET["model"], TARGET["keys"], TARGET["prompts"]
SCHEMA, TOOL = TARGET["schema"], TARGET["tool"]


def client(key):
    # Its own retries would hide a refusal for a while.
    return openai.OpenAI(base_url=f"{TARGET['url']}/v1", api_key=key, max_retries=0)


GOOD = client(KEYS["good"])


def ask(content, **more):
    chat = {"model": MODEL, "messages": [{"role": "user", "content": content}], "reasoning_effort": "none"}
    return {**chat, **more}


def create(content, **more):
    return GOOD.chat.completions.create(**ask(content, **more))


def call(function):
    return {"name": function["name"], "arguments": json.loads(function["arguments"])}


def counted(usage):
    return {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}


def told(answer):
    message = answer.choices[0].message
    return {
        "text": message.content,
        "thinking": getattr(message, "reasoning", None),
        "calls": [call(one.function.model_dump()) for one in message.tool_calls or []],
        "finish": answer.choices[0].finish_reason,
        **counted(answer.usage),
    }


def whole(content, **more):
    return told(create(content, **more))


def streamed(content, **more):
    text, thinking, finish, pieces, calls, usage = "", "", None, 0, {}, None
    for chunk in create(content, stream=True, stream_options={"include_usage": True}, **more):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            thinking += getattr(choice.delta, "reasoning", None) or ""
            finish = choice.finish_reason or finish
            pieces += 1 if choice.delta.content else 0
            for part in choice.delta.tool_calls or []:
                whole_call = calls.setdefault(part.index, {"name": "", "arguments": ""})
                whole_call["name"] += part.function.name or ""
                whole_call["arguments"] += part.function.arguments or ""
    told_calls = [call(one) for one in calls.values()]
    answer = {"text": text, "thinking": thinking, "finish": finish, "pieces": pieces, "calls": told_calls}
    return {**answer, **counted(usage)}


def tool_answered():
    name = TOOL["function"]["name"]
    function = {"name": name, "arguments": '{"city":"Zürich"}'}
    answered = ask(PROMPTS["chat"], tools=[TOOL])
    answered["messages"] += [
        {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
    ]
    return told(GOOD.chat.completions.create(**answered))


def schema():
    asked = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True}}
    return whole(PROMPTS["chat"], response_format=asked)


def completion():
    choice = GOOD.completions.create(model=MODEL, prompt=PROMPTS["chat"]).choices[0]
    return {"text": choice.text, "finish": choice.finish_reason}


def respond(prompt, **more):
    return GOOD.responses.create(model=MODEL, input=prompt, reasoning={"effort": "none"}, **more)


def response():
    answer = respond(PROMPTS["chat"])
    return {"text": answer.output_text, "finish": answer.status}


def response_stream():
    text, finish = "", None
    for event in respond(PROMPTS["bytes"], stream=True):
        text += event.delta if event.type == "response.output_text.delta" else ""
        finish = event.response.status if hasattr(event, "response") else finish
    return {"text": text, "finish": finish}


def response_background():
    answer = respond(PROMPTS["chat"], background=True)
    first = answer.status
    while answer.status in ("queued", "in_progress"):
        answer = GOOD.responses.retrieve(answer.id)
    return {"text": answer.output_text, "first": first, "finish": answer.status}


def embeddings():
    answer = GOOD.embeddings.create(model=TARGET["embedding_model"], input=PROMPTS["embed"])
    return {"vectors": [one.embedding for one in answer.data]}


def abort():
    pieces = 0
    with create(PROMPTS["endless"], stream=True) as stream:
        for chunk in stream:
            pieces += 1 if chunk.choices and chunk.choices[0].delta.content else 0
            if pieces == 3:
                break
    return {"pieces": pieces}


def limit_reached():
    client(KEYS["limited"]).chat.completions.create(**ask(PROMPTS["chat"]))
    return told(client(KEYS["limited"]).chat.completions.create(**ask(PROMPTS["chat"])))


def stall(i):
    return list(client(KEYS["full"]).chat.completions.create(**ask(f"{PROMPTS['stalls']} {i}", stream=True)))


run({
    "chat": lambda: whole(PROMPTS["chat"]),
    "stream": lambda: streamed(PROMPTS["chat"]),
    "bytes": lambda: whole(PROMPTS["bytes"]),
    "bytes_stream": lambda: streamed(PROMPTS["bytes"]),
    "long_stream": lambda: streamed(PROMPTS["long"]),
    "thinking": lambda: streamed(PROMPTS["chat"], reasoning_effort="high"),
    "tools": lambda: whole(PROMPTS["chat"], tools=[TOOL]),
    "tools_stream": lambda: streamed(PROMPTS["chat"], tools=[TOOL]),
    "tool_answered": tool_answered,
    "schema": schema,
    "length": lambda: whole(PROMPTS["chat"], max_tokens=5),
    "completion": completion,
    "embeddings": embeddings,
    "list": lambda: {"models": [one.id for one in GOOD.models.list()]},
    "retrieve": lambda: {"models": [GOOD.models.retrieve(MODEL).id]},
    "response": response,
    "response_stream": response_stream,
    "response_background": response_background,
    "abort": abort,
    "wrong_key": lambda: client(KEYS["wrong"]).chat.completions.create(**ask(PROMPTS["chat"])),
    "wrong_key_list": lambda: client(KEYS["wrong"]).models.list(),
    "model_missing": lambda: whole(PROMPTS["chat"], model="nobody:1b"),
    "model_missing_stream": lambda: streamed(PROMPTS["chat"], model="nobody:1b"),
    "limit_reached": limit_reached,
    "engine_fails": lambda: streamed(PROMPTS["fails"]),
    "queue_full": lambda: first_refusal(8, stall),
})
