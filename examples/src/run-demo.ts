/** The demo: three small agents, real client libraries, recorded answers, traces in your server. */
import { autolog, init } from '@clew/sdk';
import OpenAI from 'openai';
import { runEditorialDesk } from './agent/editorial-desk.ts';
import { runJokeBot } from './agent/joke-bot.ts';
import { runTravelAssistant } from './agent/travel-assistant.ts';
import { startReplayServer } from './replay-server.ts';

export interface DemoOptions {
  /** A Clew or MLflow server, such as `http://127.0.0.1:5000`. */
  readonly trackingUri: string;
  /** Default: `0`. */
  readonly experimentId?: string;
}

export interface DemoResult {
  /** The trace to look at first, as `tr-…`. */
  readonly traceId: string;
  /** Every trace that has a tool in it: the one above and the largest. */
  readonly traceIds: readonly string[];
  readonly sentSpans: number;
}

/** Runs the agents once and waits until their traces have arrived. Rejects when they have not. */
export async function runDemo({ trackingUri, experimentId = '0' }: DemoOptions): Promise<DemoResult> {
  const tracing = init({ trackingUri, experimentId, resource: { 'service.name': 'clew-demo' } });
  const undo = autolog();
  const replay = await startReplayServer();
  const client = (provider: string, baseURL: string): OpenAI =>
    new OpenAI({ baseURL, apiKey: 'demo', maxRetries: 0, fetch: replay.fetchAs(provider) });
  try {
    const openai = client('openai', 'https://api.openai.com/v1');
    const clients = { openai, voyage: client('voyage', 'https://api.voyageai.com/v1') };
    const traceId = await runTravelAssistant(clients, { sessionId: 'demo-travel', user: 'ada' });
    const largest = await runEditorialDesk(openai, { sessionId: 'demo-editorial', user: 'grace' });
    await runJokeBot(client('openrouter', 'https://openrouter.ai/api/v1'), { sessionId: 'demo-jokes', user: 'ada' });
    const { sent, dropped, pending } = await tracing.flush(10_000);
    if (dropped + pending > 0) {
      throw new Error(
        `Cannot deliver the demo's traces to ${trackingUri}: ${tracing.stats().lastError || 'no answer'}`,
      );
    }
    return { traceId, traceIds: [traceId, largest], sentSpans: sent };
  } finally {
    undo();
    await replay.close();
  }
}
