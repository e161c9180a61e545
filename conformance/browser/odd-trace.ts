/** A trace of everything the explorer must be honest about: a failure, a missing parent, a span that still runs. */

export const ODD_TRACE = 'c0ffee00c0ffee00c0ffee00c0ffee00';

interface Entry {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

function attributes(values: Readonly<Record<string, string>>): readonly Entry[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** 2026-05-04T12:00:00Z, in nanoseconds. */
const START = 1_777_896_000_000_000_000n;

function span(
  id: number,
  parent: number,
  millis: readonly [from: number, to: number | undefined],
  more: object,
): object {
  const hex = (value: number): string => value.toString(16).padStart(16, '0');
  const at = (value: number): string => String(START + BigInt(value) * 1_000_000n);
  const [from, to] = millis;
  return {
    traceId: ODD_TRACE,
    spanId: hex(id),
    ...(parent === 0 ? {} : { parentSpanId: hex(parent) }),
    kind: 1,
    startTimeUnixNano: at(from),
    ...(to === undefined ? {} : { endTimeUnixNano: at(to) }),
    ...more,
  };
}

const QUESTION = 'Where is my order? <img src="https://evil.example/pixel.png"> **now**';

/** As an OTLP/JSON request. */
export function oddTrace(): object {
  const spans = [
    span(1, 0, [0, 4200], {
      name: 'support agent',
      attributes: attributes({ 'gen_ai.operation.name': 'invoke_agent', 'session.id': 'session-7' }),
      status: { code: 2, message: 'the card was declined' },
    }),
    span(2, 1, [100, 1300], {
      name: 'chat gpt-4o',
      attributes: attributes({
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: QUESTION }] }]),
        'gen_ai.output.messages': JSON.stringify([
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'call_1', name: 'charge_card', arguments: { order: 8812 } }],
          },
        ]),
      }),
      status: {},
    }),
    span(3, 1, [1400, 1431], {
      name: 'charge_card',
      attributes: attributes({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'charge_card' }),
      status: { code: 2, message: 'card_declined' },
      events: [
        {
          timeUnixNano: String(START + 1_430_000_000n),
          name: 'exception',
          attributes: attributes({
            'exception.type': 'CardError',
            'exception.message': 'card_declined',
            'exception.stacktrace':
              'CardError: card_declined\n    at charge (billing.ts:42:7)\n    at run (agent.ts:9:3)',
          }),
        },
      ],
    }),
    span(5, 1, [3000, undefined], { name: 'still running', status: {} }),
    // Its parent is never sent.
    span(4, 99, [2000, 2500], { name: 'lost child', status: {} }),
  ];
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'test' }, spans }] }] };
}

/** One tool span whose output is the JSON given, as an OTLP/JSON request. */
export function payloadTrace(traceId: string, output: string): object {
  const tool = {
    traceId,
    spanId: '0000000000000001',
    name: 'execute_tool export',
    kind: 1,
    startTimeUnixNano: String(START),
    endTimeUnixNano: String(START + 1_000_000n),
    attributes: attributes({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.call.result': output }),
    status: {},
  };
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'test' }, spans: [tool] }] }] };
}

/** An agent with so many tool calls, one after the other, as an OTLP/JSON request. */
export function longTrace(traceId: string, calls: number): object {
  const at = (millis: number): string => String(START + BigInt(millis) * 1_000_000n);
  const id = (value: number): string => value.toString(16).padStart(16, '0');
  const root = { traceId, spanId: id(1), name: 'agent', kind: 1, startTimeUnixNano: at(0), endTimeUnixNano: at(calls) };
  const tools = Array.from({ length: calls }, (_, index) => ({
    traceId,
    spanId: id(index + 2),
    parentSpanId: id(1),
    name: `call ${index}`,
    kind: 1,
    startTimeUnixNano: at(index),
    endTimeUnixNano: at(index + 1),
  }));
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'test' }, spans: [root, ...tools] }] }] };
}
