/**
 * Runs a library's cases in this process: first untraced, then traced, then untraced again. Prints one line of JSON.
 *
 * `before`: the library is loaded, and a client of it made, before `autolog()`; `after`: the other way round, and
 * without the untraced run, which would load it.
 */
const path = require('node:path');
const { casesOf, toData } = require('./cases.cjs');

exports.run = async ({ sdk, load }) => {
  const { LIBRARY, DRIVER, ORDER, PROVIDER_URL, RUN, ONLY } = process.env;
  const { autolog, init, createMemoryExporter, flush, withSpan } = sdk;
  const driver = require(`./drivers/${DRIVER}.cjs`);
  const memory = createMemoryExporter();
  let phase = 'off';

  const play = (fault, file) => `${PROVIDER_URL}/${RUN}-${phase}/${fault}/${file.replace('/', '/')}`;
  const left = async (fault) =>
    (await (await fetch(`${PROVIDER_URL}/closed/${RUN}-${phase}/${fault}`)).text()) === 'true';
  const request = (file) => readRecorded(file).request_body;

  async function runCases(lib) {
    const results = {};
    const cases = casesOf({ driver, lib, play, request, left, withSpan });
    for (const [name, run] of Object.entries(cases)) {
      if (ONLY !== undefined && ONLY !== name) continue;
      memory.clear();
      const result = await Promise.race([run(), hung()]).catch((error) => ({ thrown: String(error) }));
      await flush();
      results[name] = { result, spans: memory.spans.map(describeSpan) };
    }
    return results;
  }

  const output = { off: {}, on: {}, undone: {} };
  let lib;
  let existing;
  let original;
  if (ORDER === 'before') {
    init({ exporter: memory, enabled: false });
    lib = await load(LIBRARY);
    output.off = await runCases(lib);
    existing = driver.connect(driver.client(lib), play('ok', driver.recordings.plain), { lib });
    original = driver.method(existing, lib);
  }
  init({ exporter: memory });
  const undo = autolog(JSON.parse(process.env.OPTIONS ?? '{}'));
  phase = 'on';
  lib ??= await load(LIBRARY);
  output.on = await runCases(lib);
  const ask = () => driver.toRequest(request(driver.recordings.plain), lib);
  if (existing !== undefined) {
    memory.clear();
    const result = toData(await driver.call(existing, ask(), {}));
    await flush();
    output.existing = { result, spans: memory.spans.map(describeSpan) };
    const observed = driver.method(existing, lib);
    output.shape = { name: observed.name === original.name, length: observed.length === original.length };
  }
  output.report = undo.report();
  undo();
  memory.clear();
  const client = driver.connect(driver.client(lib), play('ok', driver.recordings.plain), { lib });
  const result = toData(await driver.call(client, ask(), {}));
  await flush();
  output.undone = {
    result,
    spans: memory.spans.length,
    ...(original === undefined ? {} : { isOriginal: driver.method(existing, lib) === original }),
  };
  // Some clients keep a connection they have left open, and the process with it.
  process.stdout.write(`${JSON.stringify(output)}\n`, () => process.exit(0));
};

/** A case that never ends is told by its name. */
function hung() {
  return new Promise((resolve) => setTimeout(() => resolve({ thrown: 'Never ended' }), 8000).unref());
}

function readRecorded(file) {
  for (const folder of ['../recordings', '../../../../examples/recordings']) {
    try {
      return require(path.join(__dirname, folder, `${file}.json`));
    } catch {
      // In the next folder, perhaps.
    }
  }
  throw new Error(`No recording ${file}`);
}

function describeSpan({ name, kind, spanId, parentSpanId, traceId, status, attributes, events, start, end }) {
  return {
    name,
    kind,
    spanId,
    parentSpanId,
    traceId,
    status,
    attributes: toData(attributes),
    events: events.map((event) => event.name),
    hasDuration: end > start,
  };
}
