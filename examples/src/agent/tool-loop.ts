/** The loop every agent is: ask the model, run the tools it wants, tell it what came out, until it answers. */
import { SpanType, withSpan } from '@clew/sdk';
import type OpenAI from 'openai';
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
  ChatCompletionToolMessageParam,
} from 'openai/resources/chat/completions';

/** Runs one tool; gets the arguments the model chose. */
export type Tool = (args: Readonly<Record<string, unknown>>) => string | Promise<string>;

export interface ToolLoop {
  readonly client: OpenAI;
  /** The first request; later ones add to its messages. */
  readonly request: ChatCompletionCreateParamsNonStreaming;
  readonly tools: Readonly<Record<string, Tool>>;
  /** How a tool's result is told to the model. */
  toMessage(call: ChatCompletionMessageFunctionToolCall, content: string): ChatCompletionToolMessageParam;
  /** Said after the tools' results. */
  readonly afterTools?: readonly ChatCompletionMessageParam[];
}

export interface LoopAnswer {
  readonly text: string;
  /** The whole conversation, the answer included. */
  readonly messages: readonly ChatCompletionMessageParam[];
}

const MAX_TURNS = 8;

export async function runToolLoop(loop: ToolLoop): Promise<LoopAnswer> {
  const { client, request, afterTools = [] } = loop;
  const messages: ChatCompletionMessageParam[] = [...request.messages];
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const completion = await client.chat.completions.create({ ...request, messages: [...messages] });
    const message = completion.choices[0]?.message;
    const calls = (message?.tool_calls ?? []).filter((call) => call.type === 'function');
    if (calls.length === 0) {
      const text = message?.content ?? '';
      return { text, messages: [...messages, { role: 'assistant', content: text }] };
    }
    messages.push({ role: 'assistant', content: message?.content ?? null, tool_calls: calls });
    messages.push(...(await Promise.all(calls.map((call) => runTool(loop, call)))), ...afterTools);
  }
  throw new Error(`Cannot answer: the model still wants tools after ${MAX_TURNS} turns`);
}

async function runTool(
  loop: ToolLoop,
  call: ChatCompletionMessageFunctionToolCall,
): Promise<ChatCompletionToolMessageParam> {
  const { name } = call.function;
  const args = JSON.parse(call.function.arguments) as Readonly<Record<string, unknown>>;
  const attributes = { 'gen_ai.tool.call.id': call.id };
  const content = await withSpan({ name, spanType: SpanType.TOOL, inputs: args, attributes }, () => {
    const tool = loop.tools[name];
    if (tool === undefined) throw new Error(`Cannot run tool "${name}": there is none of that name`);
    return tool(args);
  });
  return loop.toMessage(call, content);
}
