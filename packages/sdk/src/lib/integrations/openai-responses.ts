/** OpenAI's Responses API as span fields. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, mapAt, numberAt, textAt, type JsonMap } from './json-shape.ts';
import { usageAttributes } from './openai-usage.ts';

export const responses: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest: (request) => {
    const tools = listAt(request, 'tools').map(toChatTool);
    return {
      inputs: request,
      attributes: defined({
        [MLFLOW_KEYS.messageFormat]: 'openai',
        [MLFLOW_KEYS.chatTools]: tools.length === 0 ? undefined : tools,
        'gen_ai.request.temperature': numberAt(request, 'temperature'),
        'gen_ai.request.top_p': numberAt(request, 'top_p'),
        'gen_ai.request.max_tokens': numberAt(request, 'max_output_tokens'),
        'gen_ai.request.reasoning.level': textAt(mapAt(request, 'reasoning'), 'effort'),
        'gen_ai.request.previous_response.id': textAt(request, 'previous_response_id'),
      }),
    };
  },
  describeResponse: (response) => {
    const model = textAt(response, 'model');
    const status = textAt(response, 'status');
    const reason = textAt(mapAt(response, 'incomplete_details'), 'reason') ?? status;
    const failure = status === 'failed' ? (textAt(mapAt(response, 'error'), 'message') ?? 'failed') : undefined;
    return {
      outputs: response,
      attributes: defined({
        [MLFLOW_KEYS.model]: model,
        [OTEL_KEYS.responseModel]: model,
        [OTEL_KEYS.responseId]: textAt(response, 'id'),
        [OTEL_KEYS.finishReasons]: reason === undefined ? undefined : [reason],
        ...usageAttributes(isMap(response) ? response['usage'] : undefined),
      }),
      ...(failure === undefined ? {} : { failure }),
    };
  },
  createAssembler: createResponseAssembler,
};

/** Functions lie flat here and in `function` in the chat form, which readers of tools know. Others stay as they are. */
function toChatTool(tool: unknown): unknown {
  if (!isMap(tool) || tool['type'] !== 'function' || tool['function'] !== undefined) return tool;
  const { type, ...definition } = tool;
  return { type, function: definition };
}

type Draft = { [key: string]: unknown };

/** The last event carries the whole response. What came before it only matters for a stream that was cut short. */
function createResponseAssembler(): StreamAssembler {
  let head: JsonMap = {};
  let whole: JsonMap | undefined;
  const items = new Map<number, Draft>();

  return {
    add(event) {
      const type = textAt(event, 'type') ?? '';
      const response = isMap(event) && isMap(event['response']) ? event['response'] : undefined;
      if (FINAL_EVENTS.has(type)) whole = response;
      else if (response !== undefined) head = response;
      return addItemEvent(items, type, event);
    },
    build() {
      if (whole !== undefined) return whole;
      const output = [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
      return { ...head, output };
    },
  };
}

const FINAL_EVENTS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** @returns Whether there was something to read. */
function addItemEvent(items: Map<number, Draft>, type: string, event: unknown): boolean {
  const index = numberAt(event, 'output_index');
  if (index === undefined) return false;
  if (type === 'response.output_item.added' || type === 'response.output_item.done') {
    items.set(index, { ...mapAt(event, 'item') });
    return false;
  }
  const delta = textAt(event, 'delta');
  const item = items.get(index);
  if (delta === undefined || item === undefined) return false;
  addDelta(item, type, numberAt(event, 'content_index') ?? numberAt(event, 'summary_index') ?? 0, delta);
  return true;
}

function addDelta(item: Draft, type: string, index: number, delta: string): void {
  switch (type) {
    case 'response.output_text.delta':
      return addPart(item, 'content', index, { type: 'output_text' }, 'text', delta);
    case 'response.refusal.delta':
      return addPart(item, 'content', index, { type: 'refusal' }, 'refusal', delta);
    case 'response.reasoning_summary_text.delta':
      return addPart(item, 'summary', index, { type: 'summary_text' }, 'text', delta);
    case 'response.function_call_arguments.delta':
    case 'response.mcp_call_arguments.delta':
      item['arguments'] = (textAt(item, 'arguments') ?? '') + delta;
      return;
    case 'response.custom_tool_call_input.delta':
      item['input'] = (textAt(item, 'input') ?? '') + delta;
      return;
    default:
  }
}

function addPart(item: Draft, list: string, index: number, fresh: Draft, field: string, delta: string): void {
  const parts = [...listAt(item, list)];
  const known = parts[index];
  const part = isMap(known) ? known : fresh;
  parts[index] = { ...part, [field]: (textAt(part, field) ?? '') + delta };
  item[list] = parts;
}
