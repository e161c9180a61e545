/** Reading cells of rows the engine answered. A cell of an unexpected type is a bug of ours, hence the plain errors. */
import type { StringMap, UnixNanos } from '@clew/core';

/** A row as `JSONEachRow` has it; 64-bit integers are quoted (see `ENGINE_SETTINGS`). */
export type Row = { readonly [column: string]: unknown };

export function readText(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : refuse(column, 'text', value);
}

export function readOptionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : readText(row, column);
}

export function readNumber(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : refuse(column, 'a number', value);
}

export function readOptionalNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : readNumber(row, column);
}

export function readBoolean(row: Row, column: string): boolean {
  const value = row[column];
  return typeof value === 'boolean' ? value : refuse(column, 'a boolean', value);
}

export function readInteger(row: Row, column: string): bigint {
  return toInteger(row[column], column);
}

export function readOptionalInteger(row: Row, column: string): bigint | undefined {
  return row[column] === null ? undefined : readInteger(row, column);
}

/** The column was a `UnixNanos` when it was written. */
export function readTime(row: Row, column: string): UnixNanos {
  return readInteger(row, column) as UnixNanos;
}

export function readTextList(row: Row, column: string): readonly string[] {
  return readList(row, column).map((item) =>
    typeof item === 'string' ? item : refuse(column, 'a list of text', item),
  );
}

export function readTimeList(row: Row, column: string): readonly UnixNanos[] {
  return readList(row, column).map((item) => toInteger(item, column) as UnixNanos);
}

/** A map with a null prototype, in the order it was written. */
export function readTextMap(row: Row, column: string): StringMap {
  const value = row[column];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(column, 'a map', value);
  const map = Object.create(null) as { [key: string]: string };
  for (const [key, item] of Object.entries(value)) {
    map[key] = typeof item === 'string' ? item : refuse(column, 'a map of text', item);
  }
  return map;
}

function readList(row: Row, column: string): readonly unknown[] {
  const value = row[column];
  return Array.isArray(value) ? (value as readonly unknown[]) : refuse(column, 'a list', value);
}

function toInteger(value: unknown, column: string): bigint {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : refuse(column, 'a quoted integer', value);
}

function refuse(column: string, expected: string, value: unknown): never {
  throw new Error(`Unexpected cell in column "${column}": expected ${expected}, got ${JSON.stringify(value)}`);
}
