// Drives the npm package `openai`, as published.
import OpenAI from 'openai';
import { firstRefusal, run, target } from './cases.mjs';

const { model, keys, prompts, schema, tool } = target;
// Its own retries would hide a refusal for a while.
const as = (apiKey) => new OpenAI({ baseURL: `${target.url}/v1`, apiKey, maxRetries: 0 });
const openai = as(keys.good);
const ask = (content, more = {}) => ({
  model,
  messages: [{ role: 'user', content }],
  reasoning_effort: 'none',
  ...more,
});
const create = (request, options) => openai.chat.completions.create(request, options);
const called = (calls) =>
  (calls ?? []).map(({ function: f }) => ({ name: f.name, arguments: JSON.parse(f.arguments) }));
const counted = (usage) => ({
  prompt_tokens: usage.prompt_tokens,
  completion_tokens: usage.completion_tokens,
});

function whole(answer) {
  const { message, finish_reason: finish } = answer.choices[0];
  return {
    text: message.content,
    thinking: message.reasoning ?? null,
    calls: called(message.tool_calls),
    finish,
    ...counted(answer.usage),
  };
}

async function streamed(request) {
  const all = { text: '', thinking: '', finish: null, pieces: 0 };
  const calls = [];
  let usage;
  for await (const chunk of await create({ ...request, stream: true, stream_options: { include_usage: true } })) {
    usage = chunk.usage ?? usage;
    for (const { delta, finish_reason: finish } of chunk.choices) {
      all.text += delta.content ?? '';
      all.thinking += delta.reasoning ?? '';
      all.finish = finish ?? all.finish;
      all.pieces += delta.content ? 1 : 0;
      for (const { index, function: f } of delta.tool_calls ?? []) {
        calls[index] ??= { function: { name: '', arguments: '' } };
        calls[index].function.name += f.name ?? '';
        calls[index].function.arguments += f.arguments ?? '';
      }
    }
  }
  return { ...all, calls: called(calls), ...counted(usage) };
}

const asked = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };

await run({
  chat: async () => whole(await create(ask(prompts.chat))),
  stream: () => streamed(ask(prompts.chat)),
  bytes: async () => whole(await create(ask(prompts.bytes))),
  bytes_stream: () => streamed(ask(prompts.bytes)),
  long_stream: () => streamed(ask(prompts.long)),
  thinking: () => streamed(ask(prompts.chat, { reasoning_effort: 'high' })),
  tools: async () => whole(await create(ask(prompts.chat, { tools: [tool] }))),
  tools_stream: () => streamed(ask(prompts.chat, { tools: [tool] })),
  tool_answered: async () => {
    const call = { id: 'call_1', type: 'function', function: { name: tool.function.name, arguments: '{"city":"Zürich"}' } };
    const answered = ask(prompts.chat, { tools: [tool] });
    answered.messages.push(
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    );
    return whole(await create(answered));
  },
  schema: async () => whole(await create(ask(prompts.chat, { response_format: asked }))),
  length: async () => whole(await create(ask(prompts.chat, { max_tokens: 5 }))),
  completion: async () => {
    const answer = await openai.completions.create({ model, prompt: prompts.chat });
    return { text: answer.choices[0].text, finish: answer.choices[0].finish_reason };
  },
  embeddings: async () => {
    const answer = await openai.embeddings.create({ model: target.embedding_model, input: prompts.embed });
    return { vectors: answer.data.map((one) => one.embedding) };
  },
  list: async () => {
    const models = [];
    for await (const one of openai.models.list()) {
      models.push(one.id);
    }
    return { models };
  },
  retrieve: async () => ({ models: [(await openai.models.retrieve(model)).id] }),
  response: async () => {
    const answer = await openai.responses.create({ model, input: prompts.chat, reasoning: { effort: 'none' } });
    return { text: answer.output_text, finish: answer.status };
  },
  response_stream: async () => {
    let text = '';
    let finish = null;
    const stream = await openai.responses.create({ model, input: prompts.bytes, reasoning: { effort: 'none' }, stream: true });
    for await (const event of stream) {
      text += event.type === 'response.output_text.delta' ? event.delta : '';
      finish = event.response?.status ?? finish;
    }
    return { text, finish };
  },
  response_background: async () => {
    let answer = await openai.responses.create({ model, input: prompts.chat, reasoning: { effort: 'none' }, background: true });
    const first = answer.status;
    while (answer.status === 'queued' || answer.status === 'in_progress') {
      answer = await openai.responses.retrieve(answer.id);
    }
    return { text: answer.output_text, first, finish: answer.status };
  },
  abort: async () => {
    const stream = await create({ ...ask(prompts.endless), stream: true });
    let pieces = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content && ++pieces === 3) {
        stream.controller.abort();
      }
    }
    return { pieces };
  },
  wrong_key: () => as(keys.wrong).chat.completions.create(ask(prompts.chat)),
  wrong_key_list: () => as(keys.wrong).models.list(),
  model_missing: () => create(ask(prompts.chat, { model: 'nobody:1b' })),
  model_missing_stream: () => create(ask(prompts.chat, { model: 'nobody:1b', stream: true })),
  limit_reached: async () => {
    await as(keys.limited).chat.completions.create(ask(prompts.chat));
    return as(keys.limited).chat.completions.create(ask(prompts.chat));
  },
  engine_fails: () => create(ask(prompts.fails, { stream: true })),
  queue_full: () =>
    firstRefusal(8, (i) => as(keys.full).chat.completions.create(ask(`${prompts.stalls} ${i}`, { stream: true }))),
});
