/** An editorial desk: a manager that delegates to two colleagues, each an agent of its own. */
import { SpanType, updateCurrentTrace, withSpan } from '@clew/sdk';
import type OpenAI from 'openai';
import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { runToolLoop } from './tool-loop.ts';
import type { Visitor } from './travel-assistant.ts';

const MANAGER = `You are Crew Manager. You are a seasoned manager with a knack for getting the best out of your team.
You are also known for your ability to delegate work to the right people, and to ask the right questions to get the best out of your team.
Even though you don't perform tasks by yourself, you have a lot of experience in the field, which allows you to properly evaluate the work of your team members.
Your personal goal is: Manage the team to complete the task in the best way possible.`;

const TASK = `
Current Task: Come up with a list of 5 interesting ideas to explore for an article, then write one amazing paragraph highlight for each idea that showcases how good an article about this topic could be. Return the list of ideas with their paragraph and your notes.

This is the expected criteria for your final answer: 5 bullet points with a paragraph for each idea.
you MUST return the actual complete content as the final answer, not a summary.`;

const AFTER_TOOLS =
  'Analyze the tool result. If requirements are met, provide the Final Answer. Otherwise, call the next tool. Deliver only the answer without meta-commentary.';

const COLLEAGUES: Readonly<Record<string, string>> = {
  Researcher: `You are Researcher. You're an expert researcher, specialized in technology, software engineering, AI and startups. You work as a freelancer and is now working on doing research and analysis for a new customer.
Your personal goal is: Make the best research and analysis on content about AI and AI agents`,
  'Senior Writer': `You are Senior Writer. You're a senior writer, specialized in technology, software engineering, AI and startups. You work as a freelancer and are now working on writing content for a new customer.
Your personal goal is: Write the best content about AI and AI agents.`,
};

const TOOLS: ChatCompletionTool[] = [
  describeTool(
    'delegate_work_to_coworker',
    "Delegate a specific task to one of the following coworkers: Researcher, Senior Writer\nThe input to this tool should be the coworker, the task you want them to do, and ALL necessary context to execute the task, they know nothing about the task, so share absolutely everything you know, don't reference things but instead explain them.",
    {
      task: { description: 'The task to delegate', title: 'Task', type: 'string' },
      context: { description: 'The context for the task', title: 'Context', type: 'string' },
      coworker: { description: 'The role/name of the coworker to delegate to', title: 'Coworker', type: 'string' },
    },
  ),
  describeTool(
    'ask_question_to_coworker',
    "Ask a specific question to one of the following coworkers: Researcher, Senior Writer\nThe input to this tool should be the coworker, the question you have for them, and ALL necessary context to ask the question properly, they know nothing about the question, so share absolutely everything you know, don't reference things but instead explain them.",
    {
      question: { description: 'The question to ask', title: 'Question', type: 'string' },
      context: { description: 'The context for the question', title: 'Context', type: 'string' },
      coworker: { description: 'The role/name of the coworker to ask', title: 'Coworker', type: 'string' },
    },
  ),
];

/** Gives back the trace's id. */
export async function runEditorialDesk(openai: OpenAI, visitor: Visitor): Promise<string> {
  const options = { name: 'editorial desk', spanType: SpanType.AGENT, inputs: { task: TASK.trim() } };
  return withSpan(options, async (span) => {
    updateCurrentTrace({ ...visitor, tags: { 'demo.agent': 'editorial desk' } });
    const { text } = await runToolLoop({
      client: openai,
      request: {
        model: 'gpt-4o',
        messages: [
          { role: 'system', content: MANAGER },
          { role: 'user', content: TASK },
        ],
        tool_choice: 'auto',
        tools: TOOLS,
      },
      tools: {
        delegate_work_to_coworker: ({ task, context, coworker }) =>
          askColleague(openai, String(coworker), String(task), String(context)),
        ask_question_to_coworker: ({ question, context, coworker }) =>
          askColleague(openai, String(coworker), String(question), String(context)),
      },
      toMessage: ({ id, function: { name } }, content) =>
        // The recorded run names the tool in its result, which the API takes but the types do not know.
        Object.assign({ role: 'tool' as const, tool_call_id: id, content }, { name }),
      afterTools: [{ role: 'user', content: AFTER_TOOLS }],
    });
    span.setOutputs({ messages: [{ role: 'assistant', content: text }] });
    return span.traceId;
  });
}

async function askColleague(openai: OpenAI, coworker: string, task: string, context: string): Promise<string> {
  return withSpan({ name: coworker, spanType: SpanType.AGENT, inputs: { task, context } }, async () => {
    const role = COLLEAGUES[coworker];
    if (role === undefined)
      throw new Error(`Cannot ask "${coworker}": expected one of ${Object.keys(COLLEAGUES).join(', ')}`);
    const completion = await openai.chat.completions.create({
      model: 'gpt-4.1-mini',
      messages: [
        { role: 'system', content: role },
        { role: 'user', content: colleaguePrompt(task, context) },
      ],
    });
    return completion.choices[0]?.message.content ?? '';
  });
}

function colleaguePrompt(task: string, context: string): string {
  return `
Current Task: ${task}

This is the expected criteria for your final answer: Your best answer to your coworker asking you this, accounting for the context shared.
you MUST return the actual complete content as the final answer, not a summary.

This is the context you're working with:
${context}

Provide your complete response:`;
}

function describeTool(
  name: string,
  description: string,
  properties: Readonly<Record<string, unknown>>,
): ChatCompletionTool {
  const parameters = { properties, required: Object.keys(properties), type: 'object', additionalProperties: false };
  return { type: 'function', function: { name, description, strict: true, parameters } };
}
