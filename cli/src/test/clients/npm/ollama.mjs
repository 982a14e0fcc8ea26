// Drives the npm package `ollama`, as published.
import { Ollama } from 'ollama';
import { firstRefusal, run, target } from './cases.mjs';

const { model, keys, prompts, schema, tool } = target;
const as = (key) => new Ollama({ host: target.url, headers: { Authorization: `Bearer ${key}` } });
const ollama = as(keys.good);
const ask = (content, more = {}) => ({
  model,
  messages: [{ role: 'user', content }],
  think: false,
  ...more,
});
const whole = (answer) => ({
  text: answer.message.content,
  thinking: answer.message.thinking ?? null,
  calls: (answer.message.tool_calls ?? []).map((call) => call.function),
  finish: answer.done_reason,
  prompt_tokens: answer.prompt_eval_count,
  completion_tokens: answer.eval_count,
  total_nanos: answer.total_duration,
});

async function streamed(request) {
  const all = { text: '', thinking: '', calls: [], pieces: 0 };
  let last;
  for await (const part of await ollama.chat({ ...request, stream: true })) {
    all.text += part.message.content;
    all.thinking += part.message.thinking ?? '';
    all.calls.push(...(part.message.tool_calls ?? []).map((call) => call.function));
    all.pieces += part.message.content ? 1 : 0;
    last = part;
  }
  return { ...whole(last), ...all };
}

await run({
  chat: async () => whole(await ollama.chat(ask(prompts.chat))),
  stream: () => streamed(ask(prompts.chat)),
  bytes: async () => whole(await ollama.chat(ask(prompts.bytes))),
  bytes_stream: () => streamed(ask(prompts.bytes)),
  long_stream: () => streamed(ask(prompts.long)),
  thinking: () => streamed(ask(prompts.chat, { think: true })),
  tools: async () => whole(await ollama.chat(ask(prompts.chat, { tools: [tool] }))),
  tools_stream: () => streamed(ask(prompts.chat, { tools: [tool] })),
  tool_answered: async () => {
    const call = { function: { name: tool.function.name, arguments: { city: 'Zürich' } } };
    const answered = ask(prompts.chat, { tools: [tool] });
    answered.messages.push(
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_name: tool.function.name, content: 'sunny' },
    );
    return whole(await ollama.chat(answered));
  },
  schema: async () => whole(await ollama.chat(ask(prompts.chat, { format: schema }))),
  length: async () => whole(await ollama.chat(ask(prompts.chat, { options: { num_predict: 5, num_ctx: 4096 } }))),
  generate: async () => {
    const answer = await ollama.generate({ model, prompt: prompts.chat, think: false });
    return { text: answer.response, finish: answer.done_reason };
  },
  generate_stream: async () => {
    let text = '';
    let last;
    for await (const part of await ollama.generate({ model, prompt: prompts.bytes, think: false, stream: true })) {
      text += part.response;
      last = part;
    }
    return { text, finish: last.done_reason };
  },
  embeddings: async () => ({ vectors: (await ollama.embed({ model: target.embedding_model, input: prompts.embed })).embeddings }),
  list: async () => ({ models: (await ollama.list()).models.map((one) => one.model) }),
  show: async () => {
    const shown = await ollama.show({ model });
    return { capabilities: shown.capabilities, family: shown.details.family };
  },
  running: async () => ({ models: (await ollama.ps()).models.map((one) => one.model) }),
  version: async () => ollama.version(),
  pull: async () => ollama.pull({ model, stream: false }),
  abort: async () => {
    const stream = await ollama.chat({ ...ask(prompts.endless), stream: true });
    let pieces = 0;
    try {
      for await (const part of stream) {
        if (part.message.content && ++pieces === 3) {
          stream.abort();
        }
      }
    } catch (error) {
      return { pieces, type: error.name };
    }
    return { pieces, type: null };
  },
  wrong_key: () => as(keys.wrong).chat(ask(prompts.chat)),
  wrong_key_list: () => as(keys.wrong).list(),
  model_missing: () => ollama.chat(ask(prompts.chat, { model: 'nobody:1b' })),
  model_missing_stream: () => ollama.chat(ask(prompts.chat, { model: 'nobody:1b', stream: true })),
  limit_reached: async () => {
    await as(keys.limited).chat(ask(prompts.chat));
    return as(keys.limited).chat(ask(prompts.chat));
  },
  engine_fails: () => ollama.chat(ask(prompts.fails, { stream: true })),
  queue_full: () => firstRefusal(8, (i) => as(keys.full).chat(ask(`${prompts.stalls} ${i}`, { stream: true }))),
});
