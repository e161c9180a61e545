/** A travel assistant: looks into its notes, asks a weather tool, answers, and streams a suggestion. */
import { SpanType, trace, updateCurrentTrace, withSpan } from '@clew/sdk';
import type OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { searchNotes } from './search-notes.ts';
import { runToolLoop } from './tool-loop.ts';

export interface Clients {
  readonly openai: OpenAI;
  readonly voyage: OpenAI;
}

export interface Visitor {
  readonly sessionId: string;
  readonly user: string;
}

const NOTES = ['London is the capital of England.', 'Berlin is the capital of Germany.'];

const WEATHER_TOOL: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: '',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};

/** Two turns of one conversation, a trace each. Gives back the first trace's id. */
export async function runTravelAssistant(clients: Clients, visitor: Visitor): Promise<string> {
  const question = 'What is the weather in Paris? Use the tool.';
  const first = await answerWithTools(clients, visitor, question);
  await answerPlainly(clients, visitor, [...first.messages, { role: 'user', content: 'Reply with exactly: OK' }]);
  return first.traceId;
}

interface FirstAnswer {
  readonly traceId: string;
  readonly messages: readonly ChatCompletionMessageParam[];
}

async function answerWithTools({ openai, voyage }: Clients, visitor: Visitor, question: string): Promise<FirstAnswer> {
  const options = {
    name: 'travel assistant',
    spanType: SpanType.AGENT,
    inputs: ask([{ role: 'user', content: question }]),
  };
  return withSpan(options, async (span) => {
    updateCurrentTrace({ ...visitor, tags: { 'demo.agent': 'travel assistant' } });
    await searchNotes(voyage, 'The capital of France is Paris.', NOTES);
    const { text, messages } = await runToolLoop({
      client: openai,
      request: {
        model: 'gpt-4o',
        messages: [{ role: 'user', content: question }],
        stream: false,
        tool_choice: 'auto',
        tools: [WEATHER_TOOL],
      },
      tools: { get_weather: ({ city }) => getWeather(String(city)) },
      toMessage: ({ id }, content) => ({ role: 'tool', tool_call_id: id, content }),
    });
    const suggestion = await suggestNext(openai);
    span.setOutputs({ messages: [{ role: 'assistant', content: `${text} ${suggestion}` }] });
    return { traceId: span.traceId, messages };
  });
}

async function answerPlainly(
  { openai }: Clients,
  visitor: Visitor,
  messages: readonly ChatCompletionMessageParam[],
): Promise<void> {
  const options = { name: 'travel assistant', spanType: SpanType.AGENT, inputs: ask(messages) };
  await withSpan(options, async (span) => {
    updateCurrentTrace({ ...visitor, tags: { 'demo.agent': 'travel assistant' } });
    const completion = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [...messages],
      stream: false,
    });
    span.setOutputs({ messages: [{ role: 'assistant', content: completion.choices[0]?.message.content ?? '' }] });
  });
}

/** The weather service of this demo. */
const getWeather = trace((city: string) => `sunny in ${city}`, {
  name: 'weather service',
  spanType: SpanType.TASK,
  argNames: ['city'],
});

/** Streams, as a chat window would. */
const suggestNext = trace(
  async (openai: OpenAI): Promise<string> => {
    const stream = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'What is the capital of Mexico?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return text;
  },
  { name: 'suggest next destination', spanType: SpanType.CHAIN, inputs: () => ({}) },
);

function ask(messages: readonly ChatCompletionMessageParam[]): unknown {
  return { messages };
}
