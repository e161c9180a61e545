/** MLflow's own attributes: explicit, and stronger than what any other convention on the same span says. */
import {
  isAttributeMap,
  parseJsonText,
  textAttribute,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanMeaning,
} from '@clew/core';
import { meaningOf } from '../meaning-of.ts';
import { decodeMap, identifier } from '../payload.ts';
import { readCostMap, readUsageMap } from '../token-usage.ts';

export function readMlflow(span: Span): Partial<SpanMeaning> {
  const { attributes } = span;
  const isEncoded = isJsonEncoded(attributes);
  const inputs = readValue(attributes['mlflow.spanInputs'], isEncoded);
  const outputs = readValue(attributes['mlflow.spanOutputs'], isEncoded);
  return meaningOf({
    type: identifier(attributes['mlflow.spanType']),
    inputs,
    outputs,
    usage: readUsageMap(decodeMap(attributes['mlflow.chat.tokenUsage'])),
    cost: readCostMap(decodeMap(attributes['mlflow.llm.cost'])),
    model: identifier(attributes['mlflow.llm.model']) ?? modelOf(inputs) ?? modelOf(outputs),
    provider: identifier(attributes['mlflow.llm.provider']),
    sessionId: identifier(attributes['mlflow.trace.session']),
    userId: identifier(attributes['mlflow.trace.user']),
  });
}

/** Python's file form and some exporters write every value as JSON text; then even `3` is the number. */
function isJsonEncoded(attributes: Attributes): boolean {
  const witness = textAttribute(attributes, 'mlflow.traceRequestId') ?? textAttribute(attributes, 'mlflow.spanType');
  return witness?.startsWith('"') === true;
}

/**
 * Otherwise values arrive decoded, and text that is a JSON object or string was encoded once too often (contract
 * 2.4.4): numbers, lists and other words in text are what the user's function saw.
 */
function readValue(value: AttributeValue | undefined, isEncoded: boolean): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return value;
  const isCandidate = isEncoded || value.startsWith('{') || value.startsWith('"');
  const decoded = isCandidate ? parseJsonText(value) : undefined;
  if (decoded === undefined) return value;
  if (isEncoded) return decoded ?? undefined;
  return typeof decoded === 'string' || isAttributeMap(decoded) ? decoded : value;
}

/** A model's request and answer name it. */
function modelOf(value: AttributeValue | undefined): string | undefined {
  return isAttributeMap(value) ? textAttribute(value, 'model') : undefined;
}
