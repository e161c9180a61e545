/** Numbers as people write them: with a unit, as a date, or relative to now. */
import { type UnixNanos, toUnixMillis } from '../time.ts';
import type { Unit } from './field.ts';
import { refuse, type Spot } from './refusal.ts';

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Zµ]*)$/;

/** In milliseconds. */
const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const COUNT_UNITS: ReadonlyMap<string, number> = new Map([
  ['k', 1000],
  ['K', 1000],
  ['M', 1_000_000],
]);
const NO_UNITS: ReadonlyMap<string, number> = new Map();

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?([Zz]|[+-]\d{2}:\d{2})?)?$/;

const EXAMPLES: Readonly<Record<Unit, readonly string[]>> = {
  duration: ['2s', '500ms', '1.5h'],
  instant: ['2026-05-01T10:00', '-24h', '1762100000000'],
  count: ['500', '10k', '2M'],
  dollars: ['$0.10', '0.1'],
};

/** Reads a value without unit, or with `k` or `M`; `undefined` when it is not a finite number. */
export function readCount(text: string): number | undefined {
  return readNumber(text, COUNT_UNITS, false);
}

/**
 * Reads a number in the unit of its field: milliseconds, milliseconds since 1970, a count, US dollars.
 *
 * A date without a zone is UTC. A signed duration where an instant is expected counts from `now`.
 *
 * @throws {FilterRefusal} when the text is none of these.
 */
export function readQuantity(
  text: string,
  spot: Spot,
  options: { readonly unit: Unit; readonly needsUnit: boolean; readonly name: string; readonly now?: UnixNanos },
): number {
  const { unit, needsUnit, name, now } = options;
  const value = unit === 'instant' ? readInstant(text, spot, now) : readPlain(text, unit, needsUnit);
  if (value !== undefined) return value;
  const [example = ''] = EXAMPLES[unit];
  return refuse(spot, EXAMPLES[unit], `${name} needs a ${nameOf(unit)}, for example ${example}`);
}

function readPlain(text: string, unit: Exclude<Unit, 'instant'>, needsUnit: boolean): number | undefined {
  switch (unit) {
    case 'duration':
      return readNumber(text, DURATION_UNITS, needsUnit);
    case 'count':
      return readNumber(text, COUNT_UNITS, false);
    case 'dollars':
      return readNumber(text.replace(/^([+-]?)\$/, '$1'), NO_UNITS, false);
  }
}

function readNumber(text: string, units: ReadonlyMap<string, number>, needsUnit: boolean): number | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  const number = Number(digits);
  if (unit === '' && needsUnit && number !== 0) return undefined;
  const factor = unit === '' ? 1 : units.get(unit);
  // Adding 0 turns -0 into 0: they are one number to whoever searches.
  return factor === undefined || !Number.isFinite(number * factor) ? undefined : scale(number, factor) + 0;
}

/** Dividing by a whole number rounds once; multiplying by 0.001 would round twice. */
function scale(number: number, factor: number): number {
  return factor < 1 ? number / Math.round(1 / factor) : number * factor;
}

function readInstant(text: string, spot: Spot, now: UnixNanos | undefined): number | undefined {
  const date = DATE.exec(text);
  if (date !== null) return readDate(date);
  const plain = readNumber(text, NO_UNITS, false);
  if (plain !== undefined) return plain;
  const distance = /^[+-]/.test(text) ? readNumber(text, DURATION_UNITS, true) : undefined;
  if (distance === undefined) return undefined;
  if (now === undefined) {
    return refuse(spot, ['2026-05-01T10:00'], 'a time relative to now is not known here; write a date');
  }
  return toUnixMillis(now) + distance;
}

function readDate(match: RegExpExecArray): number | undefined {
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = match;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const start = Date.parse(`${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  // Engines take 30 February for 2 March.
  if (Number.isNaN(start) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  return start + Number(fraction.padEnd(9, '0')) / 1e6;
}

function nameOf(unit: Unit): string {
  switch (unit) {
    case 'duration':
      return 'time';
    case 'instant':
      return 'date';
    case 'count':
      return 'number';
    case 'dollars':
      return 'sum in dollars';
  }
}
