/** Attribute keys that occur once each, as emitters make them that put ids into keys, and keys made to break readers. */
import { CLEW_API, type SpanAnswer } from '@clew/core/api';
import { call, searchAll } from '../support/rest.ts';
import { runServer } from '../support/run-server.ts';
import { measureFolder, readProcessFigures, slopeOf } from './process-figures.ts';
import { forEachBelow, sendSpans } from './requests.ts';

export interface KeysReport {
  readonly spans: number;
  readonly distinctKeys: number;
  readonly wrong: readonly string[];
  readonly millis: Readonly<Record<string, number>>;
  /** Of the server's processor, for a span while they were taken in. */
  readonly cpuMicrosASpan: number;
  /** Ten times during ingest. */
  readonly residentMegabytes: readonly number[];
  /** Over the second half of ingest, for each tenth of it. */
  readonly megabytesATenth: number;
  readonly diskMegabytes: number;
}

const KEYS_A_SPAN = 50;
const SPANS_A_REQUEST = 200;

/** Keys that a filter can name; each is looked for. */
const HOSTILE_KEYS: readonly string[] = [
  ' ',
  '__proto__',
  'constructor',
  'toString',
  "it's",
  'back\\slash',
  '%',
  '_',
  '=a=b',
  '?a',
  '{name:String}',
  '$1',
  "'; DROP TABLE spans; --",
  'İstanbul',
  '\u212Aelvin',
  '\u202Eright to left',
  '😀'.repeat(50),
  'a.b.c[0]',
];
/** Keys that are only read back. */
const UNSPEAKABLE_KEYS: readonly string[] = [
  '',
  'say "so"',
  'back`tick',
  'line\nbreak',
  'tab\tkey',
  'nul\u0000key',
  'long '.repeat(2000),
];
/** On one span more, each with a value of its own. */
const EXTRA_KEYS: readonly string[] = [...HOSTILE_KEYS, ...UNSPEAKABLE_KEYS];

export async function sendManyKeys(dataFolder: string, spans: number): Promise<KeysReport> {
  const millis: Record<string, number> = {};
  const timed = async <T>(what: string, task: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await task();
    millis[what] = Math.round(performance.now() - began);
    return result;
  };
  const wrong: string[] = [];
  const residentMegabytes: number[] = [];
  const server = await runServer(dataFolder, '--no-demo');
  try {
    const { url } = server;
    const requests = Math.ceil(spans / SPANS_A_REQUEST);
    const before = readProcessFigures(server).cpuMillis;
    await timed('ingest', async () =>
      forEachBelow(requests, 4, async (at) => {
        await require200(sendSpans(url, requestOf(at)));
        if ((at + 1) % Math.ceil(requests / 10) === 0)
          residentMegabytes.push(readProcessFigures(server).residentMegabytes);
      }),
    );
    const cpuMicrosASpan = Math.round(((readProcessFigures(server).cpuMillis - before) * 1000) / spans);
    await require200(sendSpans(url, hostileRequest()));

    const search = async (what: string, key: string, value: string, wanted: string): Promise<void> => {
      const filter = `span.attributes.${quote(key)} = '${value}'`;
      const found = await timed(what, async () => searchAll(url, '0', filter));
      const ids = found.map((row) => row.info.trace_id).join();
      if (ids !== wanted) wrong.push(`${filter.slice(0, 200)} found "${ids}" instead of "${wanted}"`);
    };
    const [some, last] = [Math.floor(requests / 2), requests - 1];
    await search('one of the keys', keyOf(some, 7, 3), 'value 3', `tr-${traceIdOf(some)}`);
    await search('the last key', keyOf(last, SPANS_A_REQUEST - 1, 49), 'value 49', `tr-${traceIdOf(last)}`);
    await search('a key that is not there', keyOf(requests, 0, 0), 'value 0', '');
    for (const [at, key] of HOSTILE_KEYS.entries()) {
      await search('the last hostile key', key, `hostile ${at}`, `tr-${HOSTILE_TRACE}`);
    }
    const { body } = await call(url, 'GET', `${CLEW_API}/traces/tr-${HOSTILE_TRACE}/spans/${HOSTILE_SPAN}`);
    const attributes = new Map(Object.entries((body as SpanAnswer).attributes));
    for (const [at, key] of EXTRA_KEYS.entries()) {
      if (attributes.get(key) !== `hostile ${at}`)
        wrong.push(`${JSON.stringify(key).slice(0, 100)} came back otherwise`);
    }
    return {
      spans: requests * SPANS_A_REQUEST + 1,
      distinctKeys: requests * SPANS_A_REQUEST * KEYS_A_SPAN + EXTRA_KEYS.length,
      wrong,
      millis,
      cpuMicrosASpan,
      residentMegabytes,
      megabytesATenth: Math.round(slopeOf(residentMegabytes.slice(residentMegabytes.length / 2)) * 10) / 10,
      diskMegabytes: measureFolder(dataFolder),
    };
  } finally {
    await server.kill();
  }
}

const HOSTILE_TRACE = 'bad0'.repeat(8);
const HOSTILE_SPAN = 'bad0'.repeat(4);

function keyOf(request: number, span: number, key: number): string {
  return `user.${request}.session.${span}.field_${key}`;
}

function traceIdOf(request: number): string {
  return `${'a'.repeat(16)}${(request + 1).toString(16).padStart(16, '0')}`;
}

function requestOf(request: number): string {
  const spans = Array.from({ length: SPANS_A_REQUEST }, (_, span) => ({
    ...SPAN,
    traceId: traceIdOf(request),
    spanId: (request * SPANS_A_REQUEST + span + 1).toString(16).padStart(16, '0'),
    ...(span === 0 ? {} : { parentSpanId: (request * SPANS_A_REQUEST + 1).toString(16).padStart(16, '0') }),
    attributes: Array.from({ length: KEYS_A_SPAN }, (__, key) => attribute(keyOf(request, span, key), `value ${key}`)),
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'keys' }, spans }] }] });
}

function hostileRequest(): string {
  const attributes = EXTRA_KEYS.map((key, at) => attribute(key, `hostile ${at}`));
  const span = { ...SPAN, traceId: HOSTILE_TRACE, spanId: HOSTILE_SPAN, attributes };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'keys' }, spans: [span] }] }] });
}

const SPAN = {
  name: 'step',
  kind: 1,
  startTimeUnixNano: '1760000000000000000',
  endTimeUnixNano: '1760000001000000000',
  status: { code: 1 },
};

function attribute(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function quote(key: string): string {
  return `\`${key}\``;
}

async function require200(sending: ReturnType<typeof sendSpans>): Promise<void> {
  const reply = await sending;
  if (reply?.status !== 200) throw new Error(`A request was refused: ${JSON.stringify(reply)}`);
}
