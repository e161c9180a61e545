import { quietly } from './quietly.ts';

/** Hears how a call ended. Whatever it throws is swallowed: a recorder's fault is not the user's. */
export interface ResultObserver {
  onValue(value: unknown): void;
  onError(error: unknown): void;
}

/** The same observer, unable to throw. */
export function guarded(observer: ResultObserver): ResultObserver {
  return {
    onValue: (value) => quietly(() => observer.onValue(value)),
    onError: (error) => quietly(() => observer.onError(error)),
  };
}
