/** POST and GET with retries, over the global `fetch`. */
import { isRetryable, parseRetryAfter, retryDelay } from './retry.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export type HttpReply =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string; readonly retries: number }
  /** Nobody answered, or only with failures that may pass, until patience ran out. */
  | { readonly kind: 'unreachable'; readonly detail: string; readonly retries: number };

export interface HttpClient {
  /** Never rejects. */
  send(request: HttpRequest): Promise<HttpReply>;
  /** From now on a request is tried again only briefly. */
  hurry(): void;
}

/** Attempts after the first: with back-off about two minutes. Then newer spans deserve the room. */
const MAX_RETRIES = 7;
const MAX_HURRIED_RETRIES = 1;
const HURRIED_DELAY_MILLIS = 200;

export function createHttpClient(timeoutMillis: number, random: () => number): HttpClient {
  let isHurried = false;
  let wake: () => void = () => {};

  async function attempt(request: HttpRequest): Promise<Attempt> {
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body as Uint8Array<ArrayBuffer> | string }),
        signal: AbortSignal.timeout(timeoutMillis),
      });
      const text = await response.text();
      const asked = parseRetryAfter(response.headers.get('retry-after'), Date.now());
      return { status: response.status, text, asked };
    } catch (error) {
      return { status: undefined, text: describeFailure(error), asked: undefined };
    }
  }

  /** Its timer never keeps the process alive; whoever waits for a flush does. */
  function pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, isHurried ? Math.min(millis, HURRIED_DELAY_MILLIS) : millis);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    async send(request) {
      for (let retries = 0; ; retries += 1) {
        const { status, text, asked } = await attempt(request);
        if (status !== undefined && !isRetryable(status)) return { kind: 'answer', status, text, retries };
        if (retries >= (isHurried ? MAX_HURRIED_RETRIES : MAX_RETRIES)) {
          return { kind: 'unreachable', detail: status === undefined ? text : `HTTP ${status} ${text}`, retries };
        }
        await pause(retryDelay(retries, random(), asked));
      }
    },
    hurry() {
      isHurried = true;
      wake();
    },
  };
}

interface Attempt {
  readonly status: number | undefined;
  readonly text: string;
  /** Milliseconds, from `Retry-After`. */
  readonly asked: number | undefined;
}

/** `fetch failed` says nothing; its cause does. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return cause.message === '' ? `${error.message}: ${code}` : `${error.message}: ${cause.message}`;
}
