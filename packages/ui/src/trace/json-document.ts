import { parseJsonText } from '@clew/core';

/** The object or list a text holds as JSON, with exact numbers; anything else as it came. */
export function documentOf(value: unknown): unknown {
  if (typeof value !== 'string' || !looksLikeDocument(value)) return value;
  const parsed = parseJsonText(value);
  return typeof parsed === 'object' && parsed !== null ? parsed : value;
}

/** Cheap to ask of any text: whether it begins and ends as an object or a list. */
export function looksLikeDocument(text: string): boolean {
  return /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text);
}
