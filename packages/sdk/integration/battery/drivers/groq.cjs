const { stainless } = require('./stainless.cjs');

module.exports = stainless({
  client: (lib) => lib.Groq,
  create: (client, body, options) => client.chat.completions.create(body, options),
  method: (client) => client.chat.completions.create,
  pieceOf: (chunk) => chunk.choices[0]?.delta.content || undefined,
  recordings: {
    plain: 'groq/chat.completions-72316149',
    stream: 'groq/chat.completions.sse-383f71a1',
    refused: 'groq/chat.completions.err400-7c665572',
    tools: 'groq/chat.completions.toolcall-tools-7a356a37',
    toolResult: 'groq/chat.completions.toolresult-tools-2c6db2e6',
    streamedTools: 'groq/chat.completions.reasoning-sse-toolcall-tools-4ecde89e',
    media: 'groq/chat.completions.media-219041e2',
  },
  more: {
    failingStream: ({ open, ask, readAll, failing }) =>
      failing(async () => {
        const file = 'groq/chat.completions.reasoning-sse-tools-8e947bc8';
        return readAll(await open('ok', file).chat.completions.create({ ...ask(file), stream: true }));
      }),
  },
});
