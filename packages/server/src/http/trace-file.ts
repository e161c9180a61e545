import type { ExperimentId, TraceId } from '@clew/core';
import type { Services } from './routes.ts';

/**
 * Where the spans of an uploaded file belong: to the experiment of the trace if that is known, else to the one its
 * path begins with.
 */
export async function experimentOfTracePath(
  { reader, experiments }: Services,
  path: string,
  traceId: TraceId,
): Promise<ExperimentId | undefined> {
  const [header] = await reader.readHeaders([traceId]);
  if (header !== undefined) return header.experimentId;
  const [named = ''] = path.split('/', 1);
  const known = (await experiments.list()).find(
    ({ experimentId, lifecycleStage }) => experimentId === named && lifecycleStage === 'active',
  );
  return known?.experimentId;
}
