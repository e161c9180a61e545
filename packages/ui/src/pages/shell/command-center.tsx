import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { beginsSequence, commandsFor, type CommandId } from '../../state/commands.ts';

export type CommandHandlers = { readonly [id in CommandId]?: () => void };

interface CommandCenter {
  /** No two components on screen offer the same command. The returned function takes the handlers back. */
  register(handlers: () => CommandHandlers): () => void;
}

const Context = createContext<CommandCenter | undefined>(undefined);

/** Milliseconds in which the second key of a sequence must follow. */
const SEQUENCE_PAUSE = 900;

/** Listens to the keyboard and runs what the pages on screen have registered. */
export function CommandProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const registered = useRef<(() => CommandHandlers)[]>([]);
  const center = useMemo<CommandCenter>(
    () => ({
      register(handlers) {
        registered.current.push(handlers);
        return () => {
          registered.current = registered.current.filter((other) => other !== handlers);
        };
      },
    }),
    [],
  );
  useEffect(() => {
    let pending: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isTakenByTarget(event)) return;
      const handler = findHandler(registered.current, commandsFor(event, pending));
      clearTimeout(timer);
      pending = handler === undefined && pending === undefined ? beginsSequence(event) : undefined;
      if (pending !== undefined) {
        timer = setTimeout(() => {
          pending = undefined;
        }, SEQUENCE_PAUSE);
      }
      if (handler === undefined) return;
      event.preventDefault();
      handler();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return <Context value={center}>{children}</Context>;
}

/** Offers commands while the component is on screen. */
export function useCommands(handlers: CommandHandlers): void {
  const center = useContext(Context);
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => center?.register(() => latest.current), [center]);
}

function findHandler(
  registered: readonly (() => CommandHandlers)[],
  ids: readonly CommandId[],
): (() => void) | undefined {
  for (const handlers of registered.toReversed()) {
    const offered = handlers();
    const id = ids.find((id) => offered[id] !== undefined);
    if (id !== undefined) return offered[id];
  }
  return undefined;
}

/** Text fields keep all keys, dialogs too; controls keep the keys that work them. */
function isTakenByTarget(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [contenteditable], dialog, [role="menu"]') !== null) return true;
  if (event.key === 'Enter' || event.key === ' ') return target.closest('a, button, summary, [role="slider"]') !== null;
  const isMoving = /^(?:Arrow|Page|Home|End)/.test(event.key);
  return isMoving && target.closest('[data-scrolls], [role="tablist"]') !== null;
}
