/**
 * Parameters for the embedded engine. chDB's own binding keeps them in one place per process and therefore runs such
 * queries strictly one after the other, a slow search before everything else; literals let them run side by side.
 */
import { TracingError } from '@clew/core';

const PLACEHOLDER = /\{(\w+):([A-Za-z0-9]+(?:\([A-Za-z0-9]+\))?)\}/g;

/**
 * Writes each `{name:Type}` of a statement as a literal of that type.
 *
 * @throws {TracingError} `invalid_argument` for a missing parameter, an unknown type or a value of another type.
 */
export function bindParameters(query: string, parameters: { readonly [name: string]: unknown }): string {
  return query.replace(PLACEHOLDER, (_, name: string, type: string) => toLiteral(name, type, parameters[name]));
}

function toLiteral(name: string, type: string, value: unknown): string {
  switch (type) {
    case 'String':
      if (typeof value === 'string') return quote(value);
      break;
    case 'Array(String)':
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return quoteList(value);
      break;
    case 'Float64':
      if (typeof value === 'number') return `CAST(${quote(toFloatText(value))}, 'Float64')`;
      break;
    case 'Int64':
      if (typeof value === 'bigint') return `CAST('${value}', 'Int64')`;
      break;
    case 'UInt32':
      // Bare, because LIMIT takes no expressions.
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
      break;
    default:
      throw new TracingError('invalid_argument', `Cannot bind parameter "${name}": type ${type} is not known`);
  }
  throw new TracingError('invalid_argument', `Cannot bind parameter "${name}": expected ${type}, got ${typeof value}`);
}

/** A backslash and a quote are all that ends or changes a ClickHouse literal. */
function quote(value: string): string {
  return `'${value.replace(/[\\']/g, String.raw`\$&`)}'`;
}

function quoteList(values: readonly string[]): string {
  return values.length === 0 ? "CAST([], 'Array(String)')" : `[${values.map(quote).join(',')}]`;
}

function toFloatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return value > 0 ? 'inf' : '-inf';
}
