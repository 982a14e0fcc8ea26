// Drives the batches and files of the npm package `openai`, as published.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ReadableStream } from 'node:stream/web';
import OpenAI, { toFile } from 'openai';
import { run, target } from './cases.mjs';

const { model, keys, prompts } = target;
const CHAT = '/v1/chat/completions';
const ENDED = ['completed', 'failed', 'expired', 'cancelled'];
const NOBODYS = '0'.repeat(32);
const as = (apiKey) => new OpenAI({ baseURL: `${target.url}/v1`, apiKey, maxRetries: 0 });
const openai = as(keys.good);
const line = (custom_id, body, url = CHAT) => ({ custom_id, method: 'POST', url, body });
const chat = (content) => ({ model, messages: [{ role: 'user', content }], reasoning_effort: 'none' });
const jsonl = (lines) => lines.map((one) => `${JSON.stringify(one)}\n`).join('');
const put = async (data, name = 'requests.jsonl', more = {}) =>
  openai.files.create({ file: await toFile(Buffer.from(data), name), purpose: 'batch', ...more });
const upload = (lines) => put(jsonl(lines));
const begin = (client, input_file_id, more = {}) =>
  client.batches.create({ input_file_id, endpoint: CHAT, completion_window: '24h', ...more });
const create = async (lines, more = {}) => begin(openai, (await upload(lines)).id, more);

async function until(batch, reached) {
  let now = batch;
  while (!reached(now)) {
    await pause(100);
    now = await openai.batches.retrieve(batch.id);
  }
  return now;
}

const ended = (batch) => until(batch, ({ status }) => ENDED.includes(status));

async function all(pages, most = Infinity) {
  const found = [];
  for await (const one of pages) {
    if (found.push(one.id) === most) {
      break;
    }
  }
  return found;
}

/** The lines of a file by their custom_id. */
async function read(id) {
  const text = id ? await (await openai.files.content(id)).text() : '';
  const lines = text.split('\n').filter(Boolean).map((one) => JSON.parse(one));
  return Object.fromEntries(lines.map((one) => [one.custom_id, one]));
}

const told = async ({ status, request_counts, output_file_id, error_file_id }) => ({
  status,
  ...request_counts,
  output: await read(output_file_id),
  errors: await read(error_file_id),
});

/** What the package has no method for. */
async function besides(method, path) {
  const headers = { Authorization: `Bearer ${keys.good}` };
  const answer = await fetch(`${target.url}/v1/batches/${path}`, { method, headers });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status}`);
  }
  return answer;
}

async function results({ id }, query) {
  const text = await (await besides('GET', `${id}/results?${query}`)).text();
  return text.split('\n').filter(Boolean).map((one) => JSON.parse(one));
}

/** A batch of which one line never ends, when the others have. */
const unfinished = async () =>
  until(
    await create([line('a', chat('a')), line('b', chat('b')), line('endless', chat(prompts.endless))]),
    ({ request_counts: { completed } }) => completed === 2,
  );

async function cancelled({ id }) {
  return ended(await openai.batches.cancel(id));
}

await run({
  files: async () => {
    const data = jsonl([line('a', chat(prompts.bytes))]);
    const folder = await mkdtemp(join(tmpdir(), 'files'));
    const path = join(folder, 'from-path.jsonl');
    await writeFile(path, data);
    const pieces = [data.slice(0, 9), data.slice(9)].map((piece) => Buffer.from(piece));
    const created = [
      await openai.files.create({ file: createReadStream(path), purpose: 'batch' }),
      await put(data, 'from-bytes.jsonl'),
      await openai.files.create({
        file: await toFile(new Response(ReadableStream.from(pieces)), 'from-stream.jsonl'),
        purpose: 'batch',
      }),
    ];
    await rm(folder, { recursive: true });
    const listed = await all(openai.files.list({ purpose: 'batch', limit: 2 }));
    const told = { names: [], statuses: [], whole: true, same: true, listed: true, deleted: [] };
    for (const one of created) {
      const processed = await openai.files.waitForProcessing(one.id);
      told.names.push(processed.filename);
      told.statuses.push(processed.status);
      told.whole &&= (await (await openai.files.content(one.id)).text()) === data;
      told.same &&= isDeepStrictEqual({ ...(await openai.files.retrieve(one.id)) }, { ...one });
      told.listed &&= listed.includes(one.id);
      told.deleted.push((await openai.files.delete(one.id)).deleted);
    }
    const left = await all(openai.files.list());
    return { ...told, left: created.filter(({ id }) => left.includes(id)) };
  },
  file_expires: async () => {
    const file = await put('{}\n', 'soon.jsonl', { expires_after: { anchor: 'created_at', seconds: 3600 } });
    return { seconds: file.expires_at - file.created_at };
  },
  file_deleted: async () => {
    const { id } = await upload([{}]);
    await openai.files.delete(id);
    return openai.files.retrieve(id);
  },
  endpoints: async () => {
    const bodies = {
      [CHAT]: chat(prompts.chat),
      '/v1/completions': { model, prompt: prompts.chat },
      '/v1/embeddings': { model: target.embedding_model, input: prompts.embed },
      '/v1/responses': { model, input: prompts.chat, reasoning: { effort: 'none' } },
    };
    const byUrl = {};
    for (const [url, body] of Object.entries(bodies)) {
      byUrl[url] = create([line('a', body, url), line('b', body, url)], { endpoint: url });
    }
    for (const [url, batch] of Object.entries(byUrl)) {
      byUrl[url] = await told(await ended(await batch));
    }
    return byUrl;
  },
  metadata: async () => {
    const batch = await create([line('a', chat(prompts.chat))], { metadata: { night: 'monday' } });
    return { first: batch.metadata, later: (await ended(batch)).metadata };
  },
  bad_lines: async () => {
    const lines = [line('a', chat('x')), line('a', chat('x')), line('c', { ...chat('x'), model: 'nobody:1b' }), line('d', {}, '/v1/embeddings')];
    const file = await put(`${jsonl(lines)}no json\n`);
    const batch = await ended(await begin(openai, file.id));
    const faults = batch.errors.data.map((one) => ({ line: one.line, code: one.code }));
    return { status: batch.status, faults, output: batch.output_file_id ?? null };
  },
  cancel: async () => {
    const batch = await unfinished();
    const moving = { status: batch.status, completed: batch.request_counts.completed };
    const cancelling = await openai.batches.cancel(batch.id);
    return { moving, first: cancelling.status, ...(await told(await ended(cancelling))) };
  },
  cancel_ended: async () => openai.batches.cancel((await ended(await create([{}]))).id),
  input_in_use: async () => {
    const batch = await unfinished();
    try {
      return { ...(await openai.files.delete(batch.input_file_id)) };
    } finally {
      await cancelled(batch);
    }
  },
  live_results: async () => {
    const batch = await unfinished();
    const now = await results(batch, 'after=0&wait=0');
    const later = await results(batch, `after=${now[0].seq}&wait=0`);
    await cancelled(batch);
    return { now, later, last: await results(batch, `after=${now.at(-1).seq}`) };
  },
  pause_and_retry: async () => {
    const batch = await unfinished();
    const { paused } = await (await besides('POST', `${batch.id}/pause`)).json();
    const seen = (await openai.batches.retrieve(batch.id)).paused;
    const { paused: resumed } = await (await besides('POST', `${batch.id}/resume`)).json();
    await cancelled(batch);
    const again = await (await besides('POST', `${batch.id}/retry`)).json();
    const begun = await until(again, ({ status }) => status === 'in_progress');
    await cancelled(begun);
    return { paused, seen, resumed, same: again.retry_of === batch.id, again: begun.request_counts.total };
  },
  paging: async () => {
    const made = [];
    for (let i = 0; i < 5; i++) {
      made.unshift((await create([{}])).id);
    }
    const page = await openai.batches.list({ limit: 2 });
    const following = await openai.batches.list({ limit: 2, after: page.data.at(-1).id });
    const every = await all(openai.batches.list({ limit: 2 }));
    const pages = [...page.data, ...following.data].map(({ id }) => id);
    return {
      pages: isDeepStrictEqual(pages, made.slice(0, 4)),
      more: page.has_more,
      all: isDeepStrictEqual(every.slice(0, 5), made),
      twice: every.length - new Set(every).size,
    };
  },
  wrong_key_file: async () =>
    as(keys.wrong).files.create({ file: await toFile(Buffer.from('{}'), 'a'), purpose: 'batch' }),
  wrong_key_batch: () => as(keys.wrong).batches.list(),
  foreign_file: async () => as(keys.other).files.retrieve((await upload([{}])).id),
  foreign_content: async () => as(keys.other).files.content((await upload([{}])).id),
  foreign_batch: async () => as(keys.other).batches.retrieve((await create([{}])).id),
  foreign_input: async () => begin(as(keys.other), (await upload([{}])).id),
  no_file: () => openai.files.retrieve(`file-${NOBODYS}`),
  no_batch: () => openai.batches.retrieve(`batch_${NOBODYS}`),
  no_input: () => begin(openai, `file-${NOBODYS}`),
  no_endpoint: async () => begin(openai, (await upload([{}])).id, { endpoint: '/v1/moderations' }),
});
