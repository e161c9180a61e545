/** The second API; the first one has a case of its own. */
module.exports = {
  client: (lib) => lib.CohereClientV2,
  connect: (Client, url) => new Client({ token: 'key', environment: url }),
  toRequest: ({ stream: _stream, ...body }) => toCamelKeys(body),
  call: (client, request, { signal, timeoutMillis } = {}) => client.chat(request, options(signal, timeoutMillis)),
  stream: (client, request, { signal } = {}) => client.chatStream(request, options(signal)),
  method: (_client, lib) => {
    const prototype = Object.getPrototypeOf(new lib.CohereClientV2({ token: 'key' }).clientV2);
    return prototype.__chat ?? prototype.chat;
  },
  pieceOf: (event) => event.delta?.message?.content?.text || event.id,
  withText: (request, text) => ({ ...request, messages: [...request.messages, { role: 'user', content: text }] }),
  hasTimeout: false,
  recordings: {
    plain: 'cohere/chat.cacheread-toolresult-tools-01d00f62',
    stream: 'cohere/chat.sse-a79650fa',
    refused: 'groq/chat.completions.err400-7c665572',
    tools: 'cohere/chat.cacheread-toolcall-tools-8f928cc2',
    toolResult: 'cohere/chat.cacheread-toolresult-tools-01d00f62',
    streamedTools: 'cohere/chat.sse-toolcall-tools-3e6af009',
  },
  more: {
    firstApi: async ({ open, lib, toData }) => {
      const client = open('ok', 'cohere/chat-86980022', { Client: lib.CohereClient });
      return toData(await client.chat({ message: 'Say hello in spanish' }, options()));
    },
    firstApiStream: async ({ open, lib, readAll }) => {
      const client = open('ok', 'cohere/chat.ndjson-bc159067', { Client: lib.CohereClient });
      return readAll(await client.chatStream({ message: 'Say hello in spanish' }, options()));
    },
    rerank: async ({ open, toData }) => {
      const client = open('ok', 'cohere/rerank-57462d85');
      return toData(
        await client.rerank({ model: 'rerank-v3.5', query: 'capital', documents: ['Paris', 'Rome'] }, options()),
      );
    },
    embeddings: async ({ open, toData }) => {
      const client = open('ok', 'cohere/embed-f3c2d814');
      return toData(
        await client.embed(
          { model: 'embed-v4.0', texts: ['a'], inputType: 'search_query', embeddingTypes: ['float'] },
          options(),
        ),
      );
    },
  },
};

function options(signal, timeoutMillis) {
  return {
    maxRetries: 0,
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(timeoutMillis === undefined ? {} : { timeoutInSeconds: timeoutMillis / 1000 }),
  };
}

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
