// What the drivers of this folder share: what to talk to, and one line of JSON for each case.
const CASE_MILLIS = 40_000;

/** url, keys, model, prompts, schema and tool: set by the test. */
export const target = JSON.parse(process.env.SLUICE_TEST_TARGET);

const told = (error) => ({
  type: error.constructor.name,
  status: error.status ?? error.status_code ?? null,
  code: error.code ?? null,
  message: error.message,
});

const late = () =>
  new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in time')), CASE_MILLIS));

/** Runs the cases that the arguments name, one after the other; then ends, whatever is still open. */
export async function run(cases) {
  for (const name of process.argv.slice(2)) {
    let line;
    try {
      line = await Promise.race([cases[name](), late()]);
    } catch (error) {
      line = { error: told(error) };
    }
    console.log(JSON.stringify({ case: name, ...line }));
  }
  process.exit(0);
}

/** The error of the first of several calls at a time that is refused. */
export const firstRefusal = (count, call) =>
  new Promise((resolve) => {
    for (let i = 0; i < count; i++) {
      call(i).catch((error) => resolve({ error: told(error) }));
    }
  });
