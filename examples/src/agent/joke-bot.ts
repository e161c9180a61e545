/** A bot whose provider is overloaded: a trace that fails, as some do. */
import { SpanType, updateCurrentTrace, withSpan } from '@clew/sdk';
import type OpenAI from 'openai';
import type { Visitor } from './travel-assistant.ts';

/** The provider answers 429; the error is caught here, and the trace keeps it. */
export async function runJokeBot(openrouter: OpenAI, visitor: Visitor): Promise<void> {
  const told = withSpan(
    { name: 'joke bot', spanType: SpanType.CHAIN, inputs: { request: 'Tell me a joke.' } },
    async () => {
      updateCurrentTrace({ ...visitor, tags: { 'demo.agent': 'joke bot' } });
      const completion = await openrouter.chat.completions.create({
        model: 'google/gemini-2.0-flash-exp:free',
        messages: [
          { role: 'system', content: 'Be helpful.' },
          { role: 'user', content: 'Tell me a joke.' },
        ],
        stream: false,
      });
      return completion.choices[0]?.message.content;
    },
  );
  await told.catch(() => undefined);
}
