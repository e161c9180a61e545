/** The composition root: client, router, theme, root element. */
import './styles.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createMarkdownClient } from './client/markdown-client.ts';
import { RequestError } from './client/request.ts';
import { followTheme } from './pages/theme.ts';
import { MarkdownParserContext } from './widgets/markdown/markdown-parser.ts';
import { createAppRouter } from './router.tsx';

/** Milliseconds a list counts as fresh. */
const FRESH = 5_000;

followTheme();
const markdown = createMarkdownClient();
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH,
      // A refusal stays one; only a server that is away may come back.
      retry: (failures, error) =>
        failures < 2 && error instanceof RequestError && (error.status === 0 || error.status >= 500),
    },
  },
});

const router = createAppRouter(client);
const element = document.getElementById('root');
if (element === null) throw new Error('Cannot start: index.html has no element "root"');
createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <MarkdownParserContext value={markdown}>
        <RouterProvider router={router} />
      </MarkdownParserContext>
    </QueryClientProvider>
  </StrictMode>,
);
