import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type AnyRouter,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { prefetchTrace } from './client/use-trace.ts';
import { prefetchTraces } from './client/use-traces.ts';
import { usePreferences } from './pages/preferences.ts';
import { NotFoundPage } from './pages/shell/not-found-page.tsx';
import { Shell } from './pages/shell/shell.tsx';
import { EXPERIMENTS_PATH, tracesPath } from './state/paths.ts';
import { orderByOf } from './pages/traces/trace-columns.ts';
import { parseQuery, printQuery, readTracesView } from './state/url.ts';

/** Every address of the app. A page is loaded when it is first opened, and what it shows at the same time. */
export function createAppRouter(client: QueryClient): AnyRouter {
  const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });
  const index = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      const { lastExperiment } = usePreferences.getState();
      // A redirect is thrown: that is how the router is told.
      throw redirect({ to: lastExperiment === undefined ? EXPERIMENTS_PATH : tracesPath(lastExperiment) });
    },
  });
  const experiments = createRoute({
    getParentRoute: () => root,
    path: '/experiments',
    component: lazyRouteComponent(() => import('./pages/experiments/experiments-page.tsx'), 'ExperimentsPage'),
  });
  const traces = createRoute({
    getParentRoute: () => root,
    path: '/experiments/$experimentId/traces',
    component: lazyRouteComponent(() => import('./pages/traces/traces-page.tsx'), 'TracesPage'),
    loader: ({ params, location }) => {
      const { filter, sort } = readTracesView(location.search).view;
      // A filter is read before it is sent, and its reader comes with the page.
      if (filter !== '') return;
      prefetchTraces(client, { experimentId: params.experimentId, filter, orderBy: orderByOf(sort) });
    },
  });
  const trace = createRoute({
    getParentRoute: () => root,
    path: '/experiments/$experimentId/traces/$traceId',
    component: lazyRouteComponent(() => import('./pages/trace/trace-page.tsx'), 'TracePage'),
    loader: ({ params }) => prefetchTrace(client, params.traceId),
  });
  const shortLink = createRoute({
    getParentRoute: () => root,
    path: '/t/$traceId',
    component: lazyRouteComponent(() => import('./pages/trace/short-link-page.tsx'), 'ShortLinkPage'),
  });
  return createRouter({
    routeTree: root.addChildren([index, experiments, traces, trace, shortLink]),
    parseSearch: parseQuery,
    stringifySearch: printQuery,
    // A link the pointer rests on will likely be opened: page and data come early.
    defaultPreload: 'intent',
    defaultPreloadDelay: 80,
    scrollRestoration: false,
  });
}
