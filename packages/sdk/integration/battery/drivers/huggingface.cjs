module.exports = {
  client: (lib) => lib.InferenceClient,
  connect: (Client, url) => new Client('key', { endpointUrl: url }),
  toRequest: ({ stream: _stream, ...body }) => body,
  call: (client, request, { signal } = {}) => client.chatCompletion(request, { retry_on_error: false, signal }),
  stream: (client, request, { signal } = {}) => client.chatCompletionStream(request, { retry_on_error: false, signal }),
  method: (client) => client.chatCompletion,
  pieceOf: (chunk) => chunk.choices[0]?.delta.content || undefined,
  withText: (request, text) => ({ ...request, messages: [...request.messages, { role: 'user', content: text }] }),
  hasTimeout: false,
  recordings: {
    plain: 'huggingface/chat.completions-0438c0f5',
    stream: 'huggingface/chat.completions.sse-e23d5385',
    refused: 'groq/chat.completions.err400-7c665572',
    tools: 'huggingface/chat.completions.toolcall-tools-407b3de3',
    toolResult: 'huggingface/chat.completions.tools-44d4114f',
    media: 'huggingface/chat.completions.media-ac45d5a4',
  },
  more: {
    standalone: async ({ lib, ask, files, toData, open }) => {
      const endpointUrl = open.urlOf('ok', files.plain);
      return toData(await lib.chatCompletion({ ...ask(files.plain), accessToken: 'key', endpointUrl }));
    },
  },
};
