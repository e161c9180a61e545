/** The tools a model could call, in OpenAI's shape: `{type: "function", function: {name, description?, parameters?}}`. */
import {
  firstText,
  firstValue,
  isAttributeList,
  isAttributeMap,
  type Attributes,
  type AttributeValue,
  type TracedSpan,
} from '@clew/core';
import { decodeList, decodeMap, decodePayload } from './payload.ts';
import { unflattenList } from './unflatten.ts';

/**
 * Reads the tool definitions from a span's attributes; they are not part of its stored meaning.
 *
 * @returns `undefined` when the span names no tools.
 */
export function readTools(span: TracedSpan): readonly Attributes[] | undefined {
  const { attributes, meaning } = span;
  const found = SOURCES[meaning.dialect]?.(attributes) ?? definitions(attributes);
  const tools = found?.flatMap(toTools) ?? [];
  return tools.length === 0 ? undefined : tools;
}

type Source = (attributes: Attributes) => readonly AttributeValue[] | undefined;

/** By dialect; every other one uses `gen_ai.tool.definitions`. */
const SOURCES: { readonly [dialect: string]: Source | undefined } = {
  mlflow: (attributes) => decodeList(attributes['mlflow.chat.tools']),
  openinference: (attributes) => unflattenList(attributes, 'llm.tools'),
  openllmetry: functions,
  litellm: functions,
  'vercel-ai': (attributes) => decodeList(attributes['ai.prompt.tools']),
  langfuse: (attributes) => inBody(attributes['langfuse.observation.input']),
  langsmith: (attributes) => inBody(attributes['gen_ai.prompt']),
  genkit: (attributes) =>
    attributes['genkit:metadata:subtype'] === 'model' ? inBody(attributes['genkit:input']) : undefined,
  'google-adk': (attributes) => {
    const config = decodeMap(attributes['gcp.vertex.agent.llm_request'])?.['config'];
    return isAttributeMap(config) ? decodeList(config['tools']) : undefined;
  },
  voltagent: ({ 'llm.tools': names }) =>
    typeof names === 'string' ? names.split(',').map((name) => name.trim()) : undefined,
};

function definitions(attributes: Attributes): readonly AttributeValue[] | undefined {
  return decodeList(attributes['gen_ai.tool.definitions']);
}

function functions(attributes: Attributes): readonly AttributeValue[] | undefined {
  return unflattenList(attributes, 'llm.request.functions');
}

function inBody(value: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  return decodeList(decodeMap(value)?.['tools']);
}

function toTools(item: AttributeValue): readonly Attributes[] {
  const tool = decodePayload(item);
  if (typeof tool === 'string') return tool === '' ? [] : [{ type: 'function', function: { name: tool } }];
  if (!isAttributeMap(tool)) return [];
  const declared = tool['functionDeclarations'] ?? tool['function_declarations'];
  if (isAttributeList(declared)) return declared.flatMap(toTools);
  if (tool['json_schema'] !== undefined && tool['name'] === undefined) return toTools(tool['json_schema']);
  const inner = isAttributeMap(tool['function']) ? tool['function'] : tool;
  const name = firstText(inner, ['name']);
  if (name === undefined) return [];
  const description = firstText(inner, ['description']);
  const parameters = parametersOf(inner);
  return [
    {
      type: 'function',
      function: {
        name,
        ...(description === undefined ? {} : { description }),
        ...(parameters === undefined ? {} : { parameters }),
      },
    },
  ];
}

function parametersOf(tool: Attributes): AttributeValue | undefined {
  return decodePayload(
    firstValue(tool, ['parameters', 'parametersJsonSchema', 'inputSchema', 'input_schema', 'arguments']),
  );
}
