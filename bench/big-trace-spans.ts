/** One trace of an agent that went on for very long: turns of a model call and tools, nested, with a payload each. */
import { createHash } from 'node:crypto';

export const BIG_TRACE_ID: string = 'b16'.padEnd(32, '0');

const START = 1_767_268_800_000_000_000n;
/** Characters of each span's input and output. */
const PAYLOAD = 600;
const SPANS_A_TURN = 12;

/** The id of a span by its number; they come in no order, as those of real emitters. */
export function spanIdOf(number: number): string {
  return createHash('sha256').update(String(number)).digest('hex').slice(0, 16);
}

/** OTLP/JSON requests of so many spans each, ready to be sent; the root comes last, as it ends last. */
export function* bigTraceRequests(spans: number, spansARequest: number): Generator<string, void, undefined> {
  for (let from = 1; from <= spans; from += spansARequest) {
    const list = Array.from({ length: Math.min(spansARequest, spans - from + 1) }, (_, at) =>
      spanJson((from + at) % spans, spans),
    );
    yield JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'bench' }, spans: list }] }] });
  }
}

/** Number 0 is the root; each turn is a chain whose first span hangs below it. */
function spanJson(number: number, spans: number): object {
  const place = number % SPANS_A_TURN;
  const start = START + BigInt(number) * 1_000_003n;
  const isModel = place === 1 || place === 7;
  const text = createHash('sha512').update(`text ${number}`).digest('hex').repeat(5).slice(0, PAYLOAD);
  return {
    traceId: BIG_TRACE_ID,
    spanId: spanIdOf(number),
    ...(number === 0 ? {} : { parentSpanId: spanIdOf(place <= 1 ? 0 : number - (place % 4 === 0 ? 3 : 1)) }),
    name: number === 0 ? 'agent' : isModel ? 'chat' : `tool_${place}`,
    kind: 1,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(number === 0 ? START + BigInt(spans + 1) * 1_000_003n : start + 900_001n),
    status: { code: number % 97 === 5 ? 2 : 1 },
    attributes: [
      attribute('openinference.span.kind', number === 0 ? 'AGENT' : isModel ? 'LLM' : 'TOOL'),
      attribute('input.value', `in ${text}`),
      attribute('output.value', `out ${text}`),
      ...(isModel
        ? [
            attribute('llm.model_name', 'model-large'),
            { key: 'llm.token_count.total', value: { intValue: String(100 + (number % 900)) } },
          ]
        : []),
    ],
  };
}

function attribute(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}
