/**
 * What every library is put through. A case knows nothing of tracing but `withSpan`, as a user's program; it gives back
 * what the user sees, as plain data, so that runs with tracing on and off can be compared.
 */

/** @param one.driver - See `drivers/README.md`. */
exports.casesOf = ({ driver, lib, play, request, left, withSpan }) => {
  const { recordings: files, call, stream, connect } = driver;
  const Client = driver.client(lib);
  const open = (fault, file, options = {}) => connect(options.Client ?? Client, play(fault, file), { lib, ...options });
  open.urlOf = play;
  const ask = (file) => driver.toRequest(request(file), lib);

  const cases = {
    plain: async () => toData(await call(open('ok', files.plain), ask(files.plain), {})),
    frozen: async () => toData(await call(open('ok', files.plain), deepFreeze(ask(files.plain)), {})),
    subclass: async () => {
      class Mine extends Client {}
      const client = open('ok', files.plain, { Client: Mine });
      return [client instanceof Mine, toData(await call(client, ask(files.plain), {}))];
    },
    stream: async () => readAll(await stream(open('ok', files.stream), ask(files.stream), {})),
    leave: async () => {
      const items = await stream(open('stall', files.stream), ask(files.stream), {});
      for await (const item of items) {
        if (driver.pieceOf(item) === undefined) continue;
        break;
      }
      // Some clients leave the connection open: then there is nothing to wait for.
      return driver.closesWhenLeft ? { hasLeft: await left('stall') } : {};
    },
    abort: async () => {
      const controller = new AbortController();
      const seen = [];
      try {
        const items = await stream(open('stall', files.stream), ask(files.stream), { signal: controller.signal });
        for await (const item of items) {
          seen.push(toData(item));
          if (driver.abort === undefined) controller.abort();
          else driver.abort(items);
        }
        return { seen: seen.length > 0, end: 'quiet' };
      } catch (error) {
        return { seen: seen.length > 0, error: describeError(error) };
      }
    },
    cut: () => failing(async () => readAll(await stream(open('cut', files.stream), ask(files.stream), {}))),
    refused: () => failing(() => call(open('ok', files.refused), ask(files.refused), {})),
    broken: () => failing(() => call(open('broken', files.plain), ask(files.plain), {})),
    unreachable: () =>
      failing(() => call(connect(Client, 'http://127.0.0.1:9', { lib }), ask(files.plain), {}), {
        isMessageKept: false,
      }),
    parallel: () =>
      Promise.all(
        [0, 1, 2, 3, 4].map((index) =>
          withSpan({ name: `parent ${index}` }, async () => {
            await new Promise((resolve) => setImmediate(resolve));
            return toData(await call(open('ok', files.plain), ask(files.plain), {}));
          }),
        ),
      ),
    huge: async () => {
      const text = 'word '.repeat(400_000);
      return toData(await call(open('ok', files.plain), driver.withText(ask(files.plain), text), {}));
    },
    unhandled: async () => {
      const heard = [];
      const listener = (reason) => heard.push(describeError(reason));
      process.on('unhandledRejection', listener);
      call(open('broken', files.plain), ask(files.plain), {});
      while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 20));
      process.off('unhandledRejection', listener);
      return heard;
    },
  };

  if (driver.hasTimeout) {
    cases.timeout = () =>
      failing(() => call(open('hang', files.plain, { timeoutMillis: 60 }), ask(files.plain), { timeoutMillis: 60 }));
  }
  if (files.tools !== undefined) {
    cases.tools = async () => toData(await call(open('ok', files.tools), ask(files.tools), {}));
    cases.loop = () =>
      withSpan({ name: 'agent', spanType: 'AGENT' }, async () => {
        const first = toData(await call(open('ok', files.tools), ask(files.tools), {}));
        await withSpan({ name: 'tool', spanType: 'TOOL' }, async () => 'sunny');
        return [first, toData(await call(open('ok', files.toolResult), ask(files.toolResult), {}))];
      });
  }
  if (files.streamedTools !== undefined) {
    cases.streamedTools = async () =>
      readAll(await stream(open('ok', files.streamedTools), ask(files.streamedTools), {}));
  }
  if (files.media !== undefined) {
    cases.media = async () => toData(await call(open('ok', files.media), ask(files.media), {}));
  }
  for (const [name, run] of Object.entries(driver.more ?? {})) {
    cases[name] = () => run({ open, ask, files, lib, toData, readAll, failing });
  }
  return cases;
};

async function readAll(stream) {
  const items = [];
  for await (const item of stream) items.push(toData(item));
  return items;
}

async function failing(run, { isMessageKept = true } = {}) {
  try {
    return { value: toData(await run()) };
  } catch (error) {
    return { error: describeError(error, isMessageKept) };
  }
}

function describeError(error, isMessageKept = true) {
  return {
    class: error.constructor.name,
    name: error.name,
    status: error.status ?? error.statusCode ?? error.status_code ?? error.$metadata?.httpStatusCode,
    // Which of the pending reads hears first of a broken connection is chance.
    ...(isMessageKept && !/terminated|aborted|other side closed/i.test(error.message)
      ? { message: error.message.replace(/127\.0\.0\.1:\d+/g, 'HOST') }
      : {}),
  };
}

/** As JSON would have it; bytes by their length. */
function toData(value) {
  const text = JSON.stringify(value, (key, field) => {
    if (typeof field === 'bigint') return String(field);
    if (key === 'date') return 'now';
    return ArrayBuffer.isView(field) ? { bytes: field.byteLength } : field;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function deepFreeze(value) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const field of Object.values(value)) deepFreeze(field);
  return Object.freeze(value);
}

exports.toData = toData;
