/** MLflow's assessment endpoints (contract section 1.6). Clew's own API has them too. */
import { parseAssessmentId, TracingError } from '@clew/core';
import type { AssessmentAnswer } from '@clew/core/api';
import { requireFieldMask, requireMessage, toAssessmentJson } from '@clew/core/wire';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { knownTraceId } from './traces.ts';

export function assessmentRoutes({ reader, pipeline }: Services): readonly Route[] {
  const under = ['3.0', 'clew'] as const;
  return [
    {
      method: 'POST',
      under,
      path: '/traces/:trace_id/assessments',
      async handle({ message, parameter }) {
        const assessment = await pipeline.assessments.create(
          knownTraceId(parameter('trace_id')),
          requireMessage(message, 'assessment'),
        );
        return jsonResponse({ assessment: toAssessmentJson(assessment) } satisfies AssessmentAnswer);
      },
    },
    {
      method: 'GET',
      under,
      path: '/traces/:trace_id/assessments/:assessment_id',
      async handle({ parameter }) {
        const traceId = knownTraceId(parameter('trace_id'));
        const text = parameter('assessment_id');
        const assessmentId = parseAssessmentId(text);
        const assessment = assessmentId === undefined ? undefined : await reader.readAssessment(traceId, assessmentId);
        if (assessment === undefined)
          throw new TracingError('not_found', `Trace "tr-${traceId}" has no assessment "${text.slice(0, 100)}"`);
        return jsonResponse({ assessment: toAssessmentJson(assessment) } satisfies AssessmentAnswer);
      },
    },
    {
      method: 'PATCH',
      under,
      path: '/traces/:trace_id/assessments/:assessment_id',
      async handle({ message, parameter }) {
        const assessment = await pipeline.assessments.update(
          knownTraceId(parameter('trace_id')),
          parameter('assessment_id'),
          requireMessage(message, 'assessment'),
          requireFieldMask(message, 'update_mask'),
        );
        return jsonResponse({ assessment: toAssessmentJson(assessment) } satisfies AssessmentAnswer);
      },
    },
    {
      method: 'DELETE',
      under,
      path: '/traces/:trace_id/assessments/:assessment_id',
      async handle({ parameter }) {
        await pipeline.assessments.delete(
          knownTraceId(parameter('trace_id')),
          parseAssessmentId(parameter('assessment_id')),
        );
        return jsonResponse({});
      },
    },
  ];
}
