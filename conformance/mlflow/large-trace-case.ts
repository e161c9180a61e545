/** Statement 110: a trace of 20,000 spans. */
import { newTrace, randomHex, span } from './api.ts';
import { equal, succeeded } from './assertions.ts';
import type { Case } from './case.ts';

const SPANS = 20_000;
const REQUESTS = 20;

export const largeTraceCase: Case = {
  number: 110,
  statement: 'a trace of 20,000 spans is read whole, its header by itself, its skeleton without payloads',
  ours: 'MLflow has neither a skeleton nor a streamed answer',
  async run(api) {
    const [experiment, trace] = [await api.newExperiment(), newTrace()];
    const root = span(trace);
    for (let request = 0; request < REQUESTS; request += 1) {
      const children = Array.from({ length: SPANS / REQUESTS - (request === 0 ? 1 : 0) }, () =>
        span(trace, { parentSpanId: root.spanId, attributes: { 'mlflow.spanInputs': { q: randomHex(64) } } }),
      );
      succeeded(await api.sendSpans(experiment, request === 0 ? [root, ...children] : children));
    }
    equal((await api.info(`tr-${trace}`))['state'], 'OK');
    const answer = succeeded(await api.get3(`traces/get?trace_id=tr-${trace}`));
    equal((answer.at('trace.spans') as readonly unknown[]).length, SPANS);
  },
};
