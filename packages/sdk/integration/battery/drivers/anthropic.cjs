const { stainless } = require('./stainless.cjs');

module.exports = stainless({
  client: (lib) => lib.Anthropic,
  create: (client, body, options) => client.messages.create(body, options),
  method: (client) => client.messages.create,
  pieceOf: (event) => event.delta?.text || (event.type === 'content_block_start' ? 'begun' : undefined),
  recordings: {
    plain: 'anthropic/messages-23fb3736',
    stream: 'anthropic/messages.sse-04427672',
    refused: 'anthropic/messages.err400-0f862f39',
    tools: 'anthropic/messages.toolcall-tools-5f5ee736',
    toolResult: 'anthropic/messages.toolresult-tools-047fdf22',
    streamedTools: 'anthropic/messages.sse-toolcall-tools-fcdbc230',
    media: 'anthropic/messages.media-3240b250',
  },
  more: {
    helper: async ({ open, ask, files, toData }) => {
      const { stream: _stream, ...body } = ask(files.stream);
      return toData(await open('ok', files.stream).messages.stream(body).finalMessage());
    },
    beta: async ({ open, ask, files, toData }) =>
      toData(await open('ok', files.plain).beta.messages.create({ ...ask(files.plain), stream: false })),
    toolRunner: async ({ open, ask, files, readAll }) => {
      const runner = open('ok', files.stream).beta.messages.toolRunner({
        ...ask(files.stream),
        tools: [],
        stream: true,
      });
      const turns = [];
      for await (const stream of runner) turns.push(await readAll(stream));
      return turns;
    },
    cached: async ({ open, ask, toData }) => {
      const file = 'anthropic/messages.cacheread-cachewrite-92d33dbd';
      return toData(await open('ok', file).messages.create({ ...ask(file), stream: false }));
    },
  },
});
