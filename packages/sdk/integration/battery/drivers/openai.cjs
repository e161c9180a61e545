const { stainless } = require('./stainless.cjs');

module.exports = stainless({
  basePath: '/v1',
  client: (lib) => lib.OpenAI,
  create: (client, body, options) => client.chat.completions.create(body, options),
  method: (client) => client.chat.completions.create,
  pieceOf: (chunk) => chunk.choices[0]?.delta.content || undefined,
  recordings: {
    plain: 'openai/chat.completions.toolresult-tools-ac54e143',
    stream: 'openai/chat.completions.sse-91eb8072',
    refused: 'openrouter/chat.completions.err429-7ce89fd8',
    tools: 'openai/chat.completions.toolcall-tools-6790497a',
    toolResult: 'openai/chat.completions.toolresult-tools-ac54e143',
    streamedTools: 'openai/chat.completions.sse-toolcall-tools-27a187d9',
    media: 'openai/chat.completions.media-0a3b461d',
  },
  more: {
    responses: async ({ open, ask, readAll }) => {
      const file = 'openai/responses.sse-c226198a';
      return readAll(await open('ok', file).responses.create({ ...ask(file), stream: true }));
    },
    embeddings: async ({ open, ask, toData }) => {
      const file = 'openai/embeddings-98f5878b';
      return toData(await open('ok', file).embeddings.create(ask(file)));
    },
    parse: async ({ open, ask, files, toData }) => {
      const client = open('ok', files.tools);
      const completions =
        client.chat.completions.parse === undefined ? client.beta.chat.completions : client.chat.completions;
      return toData(await completions.parse(ask(files.tools)));
    },
    helper: async ({ open, ask, files, toData }) => {
      const client = open('ok', files.stream);
      const completions =
        client.chat.completions.stream === undefined ? client.beta.chat.completions : client.chat.completions;
      return toData(await completions.stream(ask(files.stream)).finalChatCompletion());
    },
  },
});
