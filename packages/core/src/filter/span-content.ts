import { encodeJsonText } from '../json-text.ts';
import type { TracedSpan } from '../span.ts';

/**
 * Everything a span says, as one text that full-text conditions search.
 *
 * One piece a line: name, status message, inputs, outputs, then `key: value` per attribute, then `name attributes`
 * per event. Values are JSON text, so quotes and line breaks inside them are escaped; absent parts are empty lines.
 * Every store must search exactly this text.
 */
export function spanContent(span: TracedSpan): string {
  const { meaning, status } = span;
  return [
    span.name,
    status.code === 'error' ? status.message : '',
    meaning.inputs === undefined ? '' : encodeJsonText(meaning.inputs),
    meaning.outputs === undefined ? '' : encodeJsonText(meaning.outputs),
    ...Object.entries(span.attributes).map(([key, value]) => `${key}: ${encodeJsonText(value)}`),
    ...span.events.map((event) => `${event.name} ${encodeJsonText(event.attributes)}`),
  ].join('\n');
}
