/** Ollama has no signal for a call: a stream is aborted through itself. */
module.exports = {
  client: (lib) => lib.Ollama,
  connect: (Client, url) => new Client({ host: url }),
  toRequest: ({ stream: _stream, ...body }) => body,
  call: (client, request) => client.chat(request),
  stream: (client, request) => client.chat({ ...request, stream: true }),
  abort: (stream) => stream.abort(),
  method: (client) => client.chat,
  pieceOf: (chunk) => chunk.message.content || undefined,
  withText: (request, text) => ({ ...request, messages: [...request.messages, { role: 'user', content: text }] }),
  hasTimeout: false,
  recordings: {
    plain: 'ollama/chat-1174b2b2',
    stream: 'ollama/chat.ndjson-9dd599a5',
    refused: 'groq/chat.completions.err404-16168889',
    toolResult: 'ollama/chat.toolresult-703ba79b',
  },
  more: {
    generate: async ({ open, ask, toData }) => {
      const file = 'ollama/generate-d1164c4a';
      return toData(await open('ok', file).generate(ask(file)));
    },
    generateStream: async ({ open, ask, readAll }) => {
      const file = 'ollama/generate.ndjson-8e6a90ba';
      return readAll(await open('ok', file).generate({ ...ask(file), stream: true }));
    },
  },
};
