/** Traces linked to runs and prompts (contract section 1.5.9). Links are tags, so that they live and die with the trace. */
import {
  attributeText,
  isAttributeMap,
  isAttributeList,
  parseJsonText,
  parseMlflowTraceId,
  TracingError,
  type TraceHeader,
  type TraceId,
} from '@clew/core';
import { readList, readTexts, requireText, type Message } from '@clew/core/wire';
import { linkedRunTag } from '../search/linked-runs.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { knownTraceId } from './traces.ts';

const MOST_TRACES = 100;
const LINKED_PROMPTS = 'mlflow.linkedPrompts';

export function traceLinkRoutes(services: Services): readonly Route[] {
  const { pipeline, reader, runs } = services;
  const under = ['2.0', '3.0'] as const;
  return [
    {
      method: 'POST',
      under,
      path: '/traces/link-to-run',
      async handle({ message }) {
        const ids = readTexts(message, 'trace_ids');
        if (ids.length > MOST_TRACES)
          throw new TracingError(
            'invalid_argument',
            `Invalid list of ${ids.length} trace_ids: expected at most ${MOST_TRACES}`,
          );
        await linkToRun(
          services,
          ids.flatMap((id) => parseMlflowTraceId(id) ?? []),
          (await runs.require(requireText(message, 'run_id'))).runId,
        );
        return jsonResponse({});
      },
    },
    {
      method: 'POST',
      under,
      path: '/traces/link-prompts',
      async handle({ message }) {
        const traceId = knownTraceId(requireText(message, 'trace_id'));
        const added = readList(message, 'prompt_versions').filter(isAttributeMap).map(readPrompt);
        const [header] = await reader.readHeaders([traceId]);
        if (header === undefined) throw new TracingError('not_found', `No trace with id "tr-${traceId}" exists`);
        const linked = new Map(
          [...promptsOf(header), ...added].map((prompt) => [`${prompt.name}/${prompt.version}`, prompt]),
        );
        await pipeline.writeTags([{ traceId, key: LINKED_PROMPTS, value: JSON.stringify([...linked.values()]) }]);
        return jsonResponse({});
      },
    },
  ];
}

/** Unknown traces are skipped. */
export async function linkToRun(
  { reader, pipeline }: Services,
  traceIds: readonly TraceId[],
  runId: string,
): Promise<void> {
  const headers = await reader.readHeaders(traceIds);
  await pipeline.writeTags(headers.map(({ traceId }) => ({ traceId, key: linkedRunTag(runId), value: '' })));
}

interface PromptVersion {
  readonly name: string;
  readonly version: string;
}

function readPrompt(prompt: Message): PromptVersion {
  const version = requireText(prompt, 'version');
  if (!/^\d{1,18}$/.test(version))
    throw new TracingError(
      'invalid_argument',
      `Invalid prompt version "${version.slice(0, 100)}": expected an integer`,
    );
  return { name: requireText(prompt, 'name'), version };
}

/** What stands there may have been written by an older client, or by hand. */
function promptsOf({ tags }: TraceHeader): readonly PromptVersion[] {
  const list = parseJsonText(tags[LINKED_PROMPTS] ?? '[]');
  if (!isAttributeList(list)) return [];
  return list.filter(isAttributeMap).flatMap((item) => {
    const { name, version } = item;
    return typeof name === 'string' && version !== undefined ? [{ name, version: attributeText(version) }] : [];
  });
}
