/** Bodies of the API put `systemInstruction`, `tools` and `generationConfig` beside `contents`; the client, in `config`. */
module.exports = {
  client: (lib) => lib.GoogleGenAI,
  connect: (Client, url, { timeoutMillis } = {}) =>
    new Client({
      apiKey: 'key',
      httpOptions: { baseUrl: url, ...(timeoutMillis === undefined ? {} : { timeout: timeoutMillis }) },
    }),
  toRequest: ({ contents, generationConfig, safetySettings, toolConfig, tools, systemInstruction }) => ({
    model: 'gemini-2.5-flash',
    contents,
    config: JSON.parse(JSON.stringify({ ...generationConfig, safetySettings, toolConfig, tools, systemInstruction })),
  }),
  call: (client, request, { signal } = {}) => client.models.generateContent(withSignal(request, signal)),
  stream: (client, request, { signal } = {}) => client.models.generateContentStream(withSignal(request, signal)),
  method: (_client, lib) => lib.Models.prototype.generateContentInternal,
  pieceOf: (chunk) => chunk.candidates?.[0]?.content?.parts?.[0]?.text,
  withText: (request, text) => ({ ...request, contents: [...request.contents, { role: 'user', parts: [{ text }] }] }),
  hasTimeout: true,
  recordings: {
    plain: 'gemini/generateContent-52c4934c',
    stream: 'gemini/streamGenerateContent.sse-b6bffc71',
    refused: 'gemini/generateContent.err404-a8419c6c',
    tools: 'gemini/generateContent.toolcall-tools-23a7bc7b',
    toolResult: 'gemini/generateContent.toolresult-tools-bbe048d4',
    streamedTools: 'gemini/streamGenerateContent.sse-toolcall-tools-590cf2d5',
    media: 'gemini/generateContent.media-9e83ecd3',
  },
  more: {
    chat: async ({ open, files, toData }) => {
      const chat = open('ok', files.plain).chats.create({ model: 'gemini-2.5-flash' });
      const first = await chat.sendMessage({ message: "Say 'foo'" });
      return [toData(first), toData(await chat.sendMessage({ message: 'Again' }))];
    },
    chatStream: async ({ open, files, readAll }) => {
      const chat = open('ok', files.stream).chats.create({ model: 'gemini-2.5-flash' });
      return readAll(await chat.sendMessageStream({ message: 'Hello' }));
    },
    embeddings: async ({ open, toData }) => {
      const client = open('ok', 'gemini/batchEmbedContents-b8339120');
      return toData(await client.models.embedContent({ model: 'gemini-embedding-001', contents: ['Hello'] }));
    },
  },
};

function withSignal(request, signal) {
  return signal === undefined ? request : { ...request, config: { ...request.config, abortSignal: signal } };
}
