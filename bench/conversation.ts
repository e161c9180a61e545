/**
 * Conversations of an agent as clients of model APIs hold them: every call sends the whole history again. Their words are
 * those of real runs; OTLP/JSON as an exporter sends it, one request a turn.
 */
import { everyRealSpan } from './real-spans.ts';

export const TURNS = 50;

export interface Conversation {
  /** OTLP/JSON bodies, one a turn. */
  readonly requests: readonly string[];
}

interface Message {
  readonly role: string;
  readonly parts: readonly { readonly type: 'text'; readonly content: string }[];
}

/** As many as asked for, each of other texts. */
export function conversations(count: number): readonly Conversation[] {
  const texts = realTexts();
  const each = TURNS * 2 + 1;
  if (texts.length < each * 2) throw new Error('Too few real texts');
  return Array.from({ length: count }, (_, at) => {
    const own = Array.from({ length: each }, (_text, index) => texts[(at * each + index) % texts.length] ?? '');
    return hold(at, own);
  });
}

/** Texts of messages, as long as people and models write them, each once. */
function realTexts(): readonly string[] {
  const found = new Set<string>();
  for (const span of everyRealSpan()) {
    const messages = span.attributes['gen_ai.output.messages'] ?? span.attributes['gen_ai.input.messages'];
    if (typeof messages !== 'string') continue;
    for (const match of messages.matchAll(/"content":"((?:[^"\\]|\\.){80,2000})"/g))
      found.add(JSON.parse(`"${match[1] ?? ''}"`) as string);
  }
  return [...found];
}

function hold(number: number, texts: readonly string[]): Conversation {
  const traceId = hex(number + 1, 32);
  const root = hex(number * 1000 + 1, 16);
  const began = 1_790_000_000_000 + number * 600_000;
  const [system = '', ...others] = texts;
  const history: Message[] = [message('system', system)];
  const requests: string[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    history.push(message('user', others[turn * 2] ?? ''));
    const answer = message('assistant', others[turn * 2 + 1] ?? '');
    const start = began + turn * 8000;
    const call = span(traceId, hex(number * 1000 + turn + 2, 16), root, 'chat gpt-4o', start, start + 3500, [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', 'openai'),
      text('gen_ai.request.model', 'gpt-4o'),
      text('gen_ai.response.model', 'gpt-4o-2024-08-06'),
      text('gen_ai.response.id', `chatcmpl-${hex(number * 7919 + turn * 104_729, 24)}`),
      text('gen_ai.conversation.id', `conversation-${number}`),
      integer('gen_ai.usage.input_tokens', Math.round(JSON.stringify(history).length / 4)),
      integer('gen_ai.usage.output_tokens', Math.round(JSON.stringify(answer).length / 4)),
      text('gen_ai.input.messages', JSON.stringify(history)),
      text('gen_ai.output.messages', JSON.stringify([answer])),
    ]);
    history.push(answer);
    const isLast = turn === TURNS - 1;
    const agent = span(traceId, root, undefined, 'invoke_agent assistant', began, start + 3600, [
      text('gen_ai.operation.name', 'invoke_agent'),
      text('gen_ai.conversation.id', `conversation-${number}`),
    ]);
    requests.push(body(isLast ? [call, agent] : [call]));
  }
  return { requests };
}

function message(role: string, content: string): Message {
  return { role, parts: [{ type: 'text', content }] };
}

/** Spread over all digits, as random ids are. */
function hex(number: number, digits: number): string {
  let state = BigInt(number) * 0x9e3779b97f4a7c15n;
  let out = '';
  while (out.length < digits) {
    state = ((state ^ (state >> 29n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
    out += state.toString(16).padStart(16, '0');
  }
  return out.slice(0, digits);
}

function span(
  traceId: string,
  spanId: string,
  parentSpanId: string | undefined,
  name: string,
  start: number,
  end: number,
  attributes: readonly object[],
): object {
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: 3,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${end}000000`,
    attributes,
    status: {},
  };
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function integer(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}

function body(spans: readonly object[]): string {
  const resource = {
    attributes: [text('service.name', 'assistant'), text('deployment.environment.name', 'production')],
  };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'openai', version: '2.3.0' }, spans }] }],
  });
}
