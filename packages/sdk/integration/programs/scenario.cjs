/** What each program does with its client. Knows nothing of tracing. */
const recordings = require('../../../../examples/recordings/openrouter/chat.completions.err429-7ce89fd8.json');

const { REPLAY_URL, SCENARIO } = process.env;
const PROVIDERS = { stream: '/openai/v1', abort: '/openai/v1', refused: '/openrouter/api/v1' };

exports.clientOptions = { apiKey: 'key', maxRetries: 0, baseURL: REPLAY_URL + PROVIDERS[SCENARIO] };

exports.runScenario = async (client) => {
  if (SCENARIO === 'refused') {
    const error = await client.chat.completions.create(recordings.request_body).catch((caught) => caught);
    console.log(`${error.constructor.name} ${error.status}`);
    return;
  }
  const stream = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'What is the capital of Mexico?' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    if (SCENARIO === 'abort' && text !== '') stream.controller.abort();
  }
  console.log(text);
};
