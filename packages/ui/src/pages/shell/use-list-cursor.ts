import { useState } from 'react';
import { useCommands } from './command-center.tsx';

export interface ListCursorOptions {
  readonly count: number;
  readonly pageRows: () => number;
  readonly onOpen: (index: number) => void;
  /** Called when a key moved the cursor, to bring the row into view. */
  readonly onMove?: (index: number) => void;
  /** Where it stands at first; nowhere by default. */
  readonly initial?: number;
}

/** The row that keys act on; -1 until a key is pressed. */
export function useListCursor(options: ListCursorOptions): number {
  const { count, pageRows, onOpen, onMove, initial = -1 } = options;
  const [wanted, setWanted] = useState(initial);
  const cursor = Math.min(wanted, count - 1);
  const goTo = (index: number): void => {
    if (count === 0) return;
    const bounded = Math.min(Math.max(index, 0), count - 1);
    setWanted(bounded);
    onMove?.(bounded);
  };
  useCommands({
    'list.next': () => goTo(cursor + 1),
    'list.previous': () => goTo(cursor - 1),
    'list.first': () => goTo(0),
    'list.last': () => goTo(count - 1),
    'list.pageDown': () => goTo(cursor + pageRows()),
    'list.pageUp': () => goTo(cursor - pageRows()),
    'list.open': () => {
      if (cursor >= 0) onOpen(cursor);
    },
  });
  return cursor;
}
