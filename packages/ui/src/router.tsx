import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type AnyRouter,
} from '@tanstack/react-router';
import { usePreferences } from './pages/preferences.ts';
import { NotFoundPage } from './pages/shell/not-found-page.tsx';
import { Shell } from './pages/shell/shell.tsx';
import { EXPERIMENTS_PATH, tracesPath } from './state/paths.ts';
import { parseQuery, printQuery } from './state/url.ts';

/** Every address of the app. Pages are loaded when they are first opened. */
export function createAppRouter(): AnyRouter {
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
  });
  const trace = createRoute({
    getParentRoute: () => root,
    path: '/experiments/$experimentId/traces/$traceId',
    component: lazyRouteComponent(() => import('./pages/trace/trace-page.tsx'), 'TracePage'),
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
    defaultPreload: 'intent',
    scrollRestoration: false,
  });
}
