/** MLflow's assessment endpoints (contract section 1.6): create and get. */
import { parseAssessmentId, TracingError } from '@clew/core';
import { requireMessage, toAssessmentJson } from '@clew/core/wire';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { knownTraceId } from './traces.ts';

export function assessmentRoutes({ reader, pipeline }: Services): readonly Route[] {
  return [
    {
      method: 'POST',
      under: ['3.0'],
      path: '/traces/:trace_id/assessments',
      async handle({ message, parameter }) {
        const assessment = await pipeline.createAssessment(
          knownTraceId(parameter('trace_id')),
          requireMessage(message, 'assessment'),
        );
        return jsonResponse({ assessment: toAssessmentJson(assessment) });
      },
    },
    {
      method: 'GET',
      under: ['3.0'],
      path: '/traces/:trace_id/assessments/:assessment_id',
      async handle({ parameter }) {
        const traceId = knownTraceId(parameter('trace_id'));
        const text = parameter('assessment_id');
        const assessmentId = parseAssessmentId(text);
        const assessment = assessmentId === undefined ? undefined : await reader.readAssessment(traceId, assessmentId);
        if (assessment === undefined)
          throw new TracingError('not_found', `Trace "tr-${traceId}" has no assessment "${text.slice(0, 100)}"`);
        return jsonResponse({ assessment: toAssessmentJson(assessment) });
      },
    },
  ];
}
