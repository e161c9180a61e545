/** Clew's own endpoints for sessions: the list, and one session's traces in order. */
import { TracingError, unixNanos, type UnixNanos } from '@clew/core';
import type { SessionRow, SessionsAnswer } from '@clew/core/api';
import { readInteger, readText, requireText, type Message } from '@clew/core/wire';
import type { SessionCursor, SessionSummary } from '../storage/session-plan.ts';
import { readScope } from './aggregates.ts';
import { decodePageToken } from './page-token.ts';
import { toFilterProblem } from './problem.ts';
import { jsonResponse } from './respond.ts';
import type { Route, Services } from './routes.ts';
import { toSearchAnswer } from './trace-rows.ts';

const DEFAULT_PAGE = 100n;
const LARGEST_PAGE = 500n;

export function sessionRoutes({ reader }: Services): readonly Route[] {
  const under = ['clew'] as const;
  return [
    {
      method: 'POST',
      under,
      path: '/sessions/search',
      async handle({ message, signal }) {
        const scope = readScope(message);
        if (!scope.ok) return toFilterProblem(scope.error);
        const token = readText(message, 'page_token') ?? '';
        const page = await reader.readSessions(
          { ...scope.value, limit: readPage(message), ...(token === '' ? {} : { after: decodeCursor(token) }) },
          signal,
        );
        return jsonResponse({
          sessions: page.sessions.map(toRow),
          ...(page.next === undefined ? {} : { nextPageToken: encodeCursor(page.next) }),
        } satisfies SessionsAnswer);
      },
    },
    {
      method: 'POST',
      under,
      path: '/sessions/traces',
      async handle({ message, signal }) {
        const scope = readScope(message);
        if (!scope.ok) return toFilterProblem(scope.error);
        const token = readText(message, 'page_token') ?? '';
        const page = await reader.search(
          {
            experimentIds: scope.value.experimentIds,
            filter: { kind: 'text', field: 'session', test: { op: '=', value: requireText(message, 'session_id') } },
            order: [{ key: { by: 'timestamp_ms' }, descending: false }],
            limit: readPage(message),
            ...(token === '' ? {} : { after: decodePageToken(token) }),
          },
          signal,
        );
        return jsonResponse(await toSearchAnswer(reader, page));
      },
    },
  ];
}

function toRow({ firstStart, lastStart, end, userId, ...rest }: SessionSummary): SessionRow {
  return {
    ...rest,
    firstMillis: toMillis(firstStart),
    lastMillis: toMillis(lastStart),
    endMillis: toMillis(end),
    ...(userId === undefined ? {} : { user: userId }),
  };
}

function toMillis(nanos: UnixNanos): number {
  return Number(nanos) / 1e6;
}

function readPage(message: Message): number {
  const limit = readInteger(message, 'max_results') ?? DEFAULT_PAGE;
  if (limit >= 1n && limit <= LARGEST_PAGE) return Number(limit);
  throw new TracingError('invalid_argument', `Invalid maxResults ${limit}: expected 1 to ${LARGEST_PAGE}`);
}

function encodeCursor({ lastStart, sessionId }: SessionCursor): string {
  return Buffer.from(`${lastStart} ${sessionId}`).toString('base64url');
}

function decodeCursor(token: string): SessionCursor {
  const [, start, sessionId] = /^(\d{1,19}) (.*)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  const lastStart = start === undefined ? undefined : unixNanos(BigInt(start));
  if (lastStart !== undefined && sessionId !== undefined) return { lastStart, sessionId };
  throw new TracingError(
    'invalid_argument',
    `Invalid page_token "${token.slice(0, 100)}": expected one from the answer before`,
  );
}
