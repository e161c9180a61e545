/** What a server answers while its store is not open: the UI's files as ever, everything else 503 with the reason. */
import { Hono } from 'hono';
import { TracingError } from '@clew/core';
import { guard, type GuardOptions } from '../http/guard.ts';
import { toOtlpProblem, toProblem } from '../http/problem.ts';
import { uiHandler, type UiFiles } from '../http/ui-files.ts';

export interface AwayHandlerOptions extends GuardOptions {
  /** Why the store is not open, at this moment. */
  readonly reason: () => string;
  readonly mlflowVersion: string;
  readonly ui?: UiFiles;
}

/** Paths below which everything is an answer out of the store. */
const OF_THE_STORE = ['/api/*', '/ajax-api/*', '/get-artifact', '/health'] as const;

export function createAwayHandler(options: AwayHandlerOptions): Hono {
  const app = new Hono();
  const problem = (): TracingError => new TracingError('unavailable', options.reason());
  const answer = (): Response => toProblem(problem(), () => undefined);
  app.use(guard(options));
  app.get('/version', (context) => context.text(options.mlflowVersion));
  app.all('/v1/*', () => toOtlpProblem(problem(), () => undefined));
  for (const path of OF_THE_STORE) app.all(path, answer);
  if (options.ui !== undefined) app.get('*', uiHandler(options.ui));
  app.notFound(answer);
  return app;
}
