module.exports = {
  client: (lib) => lib.Mistral,
  connect: (Client, url, { timeoutMillis } = {}) =>
    new Client({
      apiKey: 'key',
      serverURL: url,
      retryConfig: { strategy: 'none' },
      ...(timeoutMillis === undefined ? {} : { timeoutMs: timeoutMillis }),
    }),
  // The API takes tools without a type, the client does not.
  toRequest: ({ stream: _stream, tools, ...body }) => ({
    ...toCamelKeys(body),
    ...(tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
  }),
  call: (client, request, { signal } = {}) => client.chat.complete(request, signal && { fetchOptions: { signal } }),
  stream: (client, request, { signal } = {}) => client.chat.stream(request, signal && { fetchOptions: { signal } }),
  method: (client) => client.chat.complete,
  pieceOf: ({ data }) => data.choices[0]?.delta.content || undefined,
  withText: (request, text) => ({ ...request, messages: [...request.messages, { role: 'user', content: text }] }),
  hasTimeout: true,
  closesWhenLeft: true,
  recordings: {
    plain: 'mistral/chat.completions-632ea76d',
    stream: 'mistral/chat.completions.sse-bdf6e668',
    refused: 'groq/chat.completions.err400-7c665572',
    tools: 'mistral/chat.completions.toolcall-tools-726deb3b',
    toolResult: 'mistral/chat.completions.toolresult-tools-b0ae8c1f',
    streamedTools: 'mistral/chat.completions.sse-toolcall-tools-796a4d1e',
    media: 'mistral/chat.completions.media-toolresult-tools-4b74ed1a',
  },
  more: {
    reader: async ({ open, ask, files, toData }) => {
      const reader = (await open('ok', files.stream).chat.stream(ask(files.stream))).getReader();
      const items = [];
      for (let step = await reader.read(); !step.done; step = await reader.read()) items.push(toData(step.value));
      return items;
    },
    tee: async ({ open, ask, files, readAll }) => {
      const stream = await open('ok', files.stream).chat.stream(ask(files.stream));
      const name = stream.constructor.name;
      const [one, two] = stream.tee();
      return [name, await readAll(one), await readAll(two)];
    },
  },
};

function toCamelKeys(value) {
  if (Array.isArray(value)) return value.map(toCamelKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key.replace(/_([a-z])/g, (_match, letter) => letter.toUpperCase()),
      key === 'parameters' ? field : toCamelKeys(field),
    ]),
  );
}
