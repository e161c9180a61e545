/** Request to Response: the route table under its prefixes, errors to statuses, and the guard before everything. */
import { Hono, type Context } from 'hono';
import { compress } from 'hono/compress';
import { CLEW_API } from '@clew/core/api';
import { artifactRoutes } from './artifacts.ts';
import { aggregateRoutes } from './aggregates.ts';
import { assessmentRoutes } from './assessments.ts';
import { experimentRoutes } from './experiments.ts';
import { explorerRoutes } from './explorer.ts';
import { guard, type GuardOptions } from './guard.ts';
import { otlpRoutes } from './otlp-ingest.ts';
import { toProblem } from './problem.ts';
import { withBodyOfGet } from './incoming.ts';
import { loggedModelRoutes } from './logged-models.ts';
import { bodyMessage, queryMessage } from './request-message.ts';
import type { Route, Services } from './routes.ts';
import { runRoutes } from './runs.ts';
import { traceFactRoutes } from './trace-facts.ts';
import { traceLinkRoutes } from './trace-links.ts';
import { sessionRoutes } from './sessions.ts';
import { storageRoutes } from './storage.ts';
import { traceMetricRoutes } from './trace-metrics.ts';
import { traceSpanRoutes } from './trace-spans.ts';
import { traceV2Routes } from './traces-v2.ts';
import { traceRoutes } from './traces.ts';
import { uiHandler, type UiFiles } from './ui-files.ts';

export interface HandlerOptions extends Services, GuardOptions {
  /** The built UI; absent when it was not built. */
  readonly ui?: UiFiles;
}

const PREFIXES = {
  '2.0': ['/api/2.0/mlflow', '/ajax-api/2.0/mlflow'],
  '3.0': ['/api/3.0/mlflow', '/ajax-api/3.0/mlflow'],
  clew: [CLEW_API],
} as const satisfies Record<Route['under'][number], readonly string[]>;

/** Every RPC-style route; literal paths stand before those with parameters. */
export function listRoutes(services: Services): readonly Route[] {
  return [
    ...experimentRoutes(services),
    ...traceSpanRoutes(services),
    ...traceFactRoutes(services),
    ...traceLinkRoutes(services),
    ...traceMetricRoutes(services),
    ...traceRoutes(services),
    ...traceV2Routes(services),
    ...assessmentRoutes(services),
    ...runRoutes(services),
    ...loggedModelRoutes(services),
    ...explorerRoutes(services),
    ...aggregateRoutes(services),
    ...sessionRoutes(services),
    ...storageRoutes(services),
  ];
}

export function createHandler(options: HandlerOptions): Hono {
  const app = new Hono();
  app.use(guard(options));
  app.use(compress());
  app.get('/health', (context) => context.text('OK'));
  app.get('/version', (context) => context.text(options.mlflowVersion));
  artifactRoutes(app, options);
  for (const route of listRoutes(options)) {
    for (const version of route.under) {
      for (const prefix of PREFIXES[version])
        app.on(route.method, prefix + route.path, (context) => run(options, route, context));
    }
  }
  otlpRoutes(app, options);
  // A text, not JSON: MLflow's clients take a JSON 404 for an answer about a thing, and a text for a missing route.
  app.all('/api/*', (context) => context.text('Not found\n', 404));
  app.all('/ajax-api/*', (context) => context.text('Not found\n', 404));
  if (options.ui !== undefined) app.get('*', uiHandler(options.ui));
  app.onError((error) => toProblem(error, options.report));
  return app;
}

async function run(services: Services, route: Route, context: Context): Promise<Response> {
  const request = context.req.raw;
  const parameter = (name: string): string => context.req.param(name) ?? '';
  try {
    const url = new URL(context.req.url);
    // Some clients send the message of a GET as its body.
    const carrier = route.method === 'GET' && url.search === '' ? withBodyOfGet(context) : request;
    if (carrier === undefined || (route.method === 'GET' && carrier === request)) {
      return await route.handle({ message: queryMessage(url), parameter, signal: request.signal, context });
    }
    return await services.bodies.withBody(carrier, (bytes) => {
      const body = bodyMessage(carrier, bytes);
      // A DELETE may name its parameters in the query instead.
      const message = Object.keys(body).length === 0 ? queryMessage(url) : body;
      return route.handle({ message, parameter, signal: request.signal, context });
    });
  } catch (error) {
    return toProblem(error, services.report);
  }
}
