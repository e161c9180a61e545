const { stainless } = require('./stainless.cjs');

module.exports = stainless({
  basePath: '/v1',
  client: (lib) => lib.Together,
  create: (client, body, options) => client.chat.completions.create(body, options),
  method: (client) => client.chat.completions.create,
  pieceOf: (chunk) => chunk.choices[0]?.delta?.content || undefined,
  recordings: {
    plain: 'together/chat.completions-1cf9ffbc',
    stream: 'together/chat.completions.sse-80c3af5a',
    refused: 'groq/chat.completions.err400-7c665572',
    tools: 'together/chat.completions.toolcall-tools-029e6879',
    toolResult: 'together/chat.completions-1cf9ffbc',
    streamedTools: 'together/chat.completions.sse-toolcall-tools-f87bb6bd',
  },
  more: {
    completions: async ({ open, ask, toData }) => {
      const file = 'together/completions-836a2334';
      return toData(await open('ok', file).completions.create({ ...ask(file), stream: false }));
    },
  },
});
