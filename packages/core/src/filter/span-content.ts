import { attributeText, encodeJsonText } from '../json-text.ts';
import type { StoredSpan } from '../span.ts';

/**
 * Everything a span says, as one text that full-text conditions search.
 *
 * One piece a line: name, status message, then `key: value` per attribute, then `name attributes` per event. A value
 * that is text stands as it is, anything else as JSON text. Every store must search exactly this text.
 */
export function spanContent(span: StoredSpan): string {
  return [
    span.name,
    span.status.code === 'error' ? span.status.message : '',
    ...Object.entries(span.attributes).map(([key, value]) => `${key}: ${attributeText(value)}`),
    ...span.events.map((event) => `${event.name} ${encodeJsonText(event.attributes)}`),
  ].join('\n');
}
