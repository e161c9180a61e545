/**
 * Decoding, normalising and serialising take most of the processor time of ingest, and one large request would hold
 * up every other answer of the process: so they happen in threads of their own.
 */
import { Worker } from 'node:worker_threads';
import { TracingError, type Result } from '@clew/core';
import type { OtlpError } from './otlp/batch.ts';
import type { PreparedRequest, PrepareRequest } from './ingest/prepare-request.ts';

/** What a thread answers to a request, in the order of requests. */
export interface PreparedAnswer {
  readonly result?: Result<PreparedRequest, OtlpError>;
  /** What was thrown instead. */
  readonly failure?: unknown;
}

export interface PreparingThreads {
  readonly prepare: PrepareRequest;
  close(): Promise<void>;
}

interface Waiting {
  resolve(result: Result<PreparedRequest, OtlpError>): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** Bytes of the requests it has not answered yet, in order. */
  readonly line: (Waiting & { readonly size: number })[];
}

/** @param maxThreads - The first starts at once, each other one when all of them are busy. */
export function prepareInThreads(maxThreads: number): PreparingThreads {
  const threads = [startThread()];

  function startThread(): Thread {
    const worker = new Worker(new URL(WORKER, import.meta.url));
    const thread: Thread = { worker, line: [] };
    worker.on('message', (answer: PreparedAnswer) => {
      const waiting = thread.line.shift();
      if (answer.result === undefined) waiting?.reject(answer.failure);
      else waiting?.resolve(answer.result);
      if (thread.line.length === 0) worker.unref();
    });
    worker.on('error', (error) => {
      threads.splice(threads.indexOf(thread), 1, startThread());
      for (const waiting of thread.line.splice(0)) {
        waiting.reject(new TracingError('unavailable', `Cannot read the request: ${error.message}`, { cause: error }));
      }
    });
    worker.unref();
    return thread;
  }

  function pickThread(): Thread {
    const loads = threads.map((thread) => thread.line.reduce((sum, { size }) => sum + size, 0));
    const least = loads.indexOf(Math.min(...loads));
    const thread = threads[least];
    if (thread !== undefined && (thread.line.length === 0 || threads.length >= maxThreads)) return thread;
    const added = startThread();
    threads.push(added);
    return added;
  }

  return {
    prepare: (request) =>
      new Promise((resolve, reject) => {
        const thread = pickThread();
        const { bytes } = request;
        thread.line.push({ resolve, reject, size: bytes.length });
        thread.worker.ref();
        const { buffer } = bytes;
        // A part of a shared buffer is copied, a whole one handed over.
        const isWhole = buffer instanceof ArrayBuffer && bytes.length === buffer.byteLength;
        thread.worker.postMessage(request, isWhole ? [buffer] : []);
      }),
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** Beside this file, as source or compiled. */
const WORKER = import.meta.url.endsWith('.ts') ? './prepare-worker.ts' : './prepare-worker.js';
