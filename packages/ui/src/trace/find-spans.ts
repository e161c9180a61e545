import type { TraceModel } from './trace-model.ts';

/** Rows whose name, type or model holds the text, ignoring case. Empty text finds nothing. */
export function findSpans(model: TraceModel, text: string): Int32Array {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return new Int32Array(0);
  const { columns } = model;
  // A dictionary entry is looked at once, however many rows share it.
  const holds = (words: readonly string[]): readonly boolean[] =>
    words.map((word) => word.toLowerCase().includes(wanted));
  const [names, types, models] = [holds(columns.names), holds(columns.types), holds(columns.models)];
  const rows: number[] = [];
  for (let row = 0; row < model.size; row += 1) {
    const found =
      names[columns.name[row] ?? -1] === true ||
      types[columns.type[row] ?? -1] === true ||
      models[columns.model[row] ?? -1] === true;
    if (found) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** Rows that failed. */
export function failedRows(model: TraceModel): Int32Array {
  const error = 2;
  const rows: number[] = [];
  model.columns.status.forEach((status, row) => {
    if (status === error) rows.push(row);
  });
  return Int32Array.from(rows);
}

/** The next row of a sorted list after (`1`) or before (`-1`) a row; wraps round. -1 when the list is empty. */
export function stepThrough(rows: Int32Array, from: number, direction: 1 | -1): number {
  if (rows.length === 0) return -1;
  if (direction === 1) return rows.find((row) => row > from) ?? rows[0] ?? -1;
  return rows.findLast((row) => row < from) ?? rows.at(-1) ?? -1;
}
