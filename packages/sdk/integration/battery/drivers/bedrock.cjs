const { NodeHttpHandler } = require('@smithy/node-http-handler');

/** The client speaks HTTP/2 unless told otherwise; the provider here does not. */
module.exports = {
  client: (lib) => lib.BedrockRuntimeClient,
  connect: (Client, url, { timeoutMillis } = {}) =>
    new Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      endpoint: url,
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(
        timeoutMillis === undefined ? {} : { requestTimeout: timeoutMillis, throwOnRequestTimeout: true },
      ),
    }),
  // The library's exports are not part of the request: freezing it must leave them alone.
  toRequest: (body, lib) =>
    Object.defineProperty({ input: { modelId: 'us.anthropic.claude-sonnet-4-6', ...withBytes(body) } }, 'lib', {
      value: lib,
    }),
  call: (client, { lib, input }, { signal } = {}) =>
    client.send(new lib.ConverseCommand(input), { abortSignal: signal }),
  stream: async (client, { lib, input }, { signal } = {}) =>
    (await client.send(new lib.ConverseStreamCommand(input), { abortSignal: signal })).stream,
  method: (client) => client.send,
  pieceOf: (event) => event.contentBlockDelta?.delta.text ?? (event.messageStart && 'begun'),
  withText: ({ lib, input }, text) => ({
    lib,
    input: { ...input, messages: [...input.messages, { role: 'user', content: [{ text }] }] },
  }),
  hasTimeout: true,
  recordings: {
    plain: 'bedrock/converse-95a997fc',
    stream: 'bedrock/converse-stream.eventstream-c1d1b836',
    refused: 'bedrock/converse.err400-7be8059d',
    tools: 'bedrock/converse.toolcall-tools-f9f03860',
    toolResult: 'bedrock/converse.toolresult-tools-66bd69d1',
    streamedTools: 'bedrock/converse-stream.eventstream-toolcall-tools-unicode-f7235d6d',
    media: 'bedrock/converse.cacheread-media-tools-b40c0ba0',
  },
  more: {
    callback: ({ open, ask, files, toData }) =>
      new Promise((resolve) => {
        const { lib, input } = ask(files.plain);
        const returned = open('ok', files.plain).send(new lib.ConverseCommand(input), (error, output) =>
          resolve([String(returned), String(error), toData(output)]),
        );
      }),
    callbackError: ({ open, ask, files }) =>
      new Promise((resolve) => {
        const { lib, input } = ask(files.plain);
        open('broken', files.plain).send(new lib.ConverseCommand(input), {}, (error, output) =>
          resolve([error.constructor.name, String(output)]),
        );
      }),
    aggregated: async ({ open, ask, files, lib, toData }) => {
      const client = open('ok', files.plain, { Client: lib.BedrockRuntime });
      return toData(await client.converse(ask(files.plain).input));
    },
    invoke: async ({ open, lib }) => {
      const file = 'bedrock/invoke.cacheread-f1c84fad';
      const output = await open('ok', file).send(new lib.InvokeModelCommand(invokeInput(file)));
      return [output.contentType, JSON.parse(output.body.transformToString())];
    },
    invokeStream: async ({ open, lib, readAll }) => {
      const file = 'bedrock/invoke-with-response-stream.eventstream-1380a64a';
      const output = await open('ok', file).send(new lib.InvokeModelWithResponseStreamCommand(invokeInput(file)));
      return readAll(output.body);
    },
  },
};

function invokeInput(file) {
  const { path, request_body: body } = require(`../../recordings/${file}.json`);
  return {
    modelId: decodeURIComponent(path.split('/')[2]),
    contentType: 'application/json',
    body: JSON.stringify(body),
  };
}

/** Bytes are base64 on the wire and bytes in the client. */
function withBytes(value) {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key === 'bytes' && typeof field === 'string' ? Buffer.from(field, 'base64') : withBytes(field),
    ]),
  );
}
