import type { ReactNode, Ref } from 'react';
import { useStore } from 'zustand';
import { formatDuration } from '../../trace/format-duration.ts';
import { formatCount } from '../../trace/format-number.ts';
import { isWholeTrace } from '../../trace/time-window.ts';
import { IconButton } from '../../widgets/button.tsx';
import { SearchField } from '../../widgets/search-field.tsx';
import type { Explorer } from '../../widgets/waterfall/explorer.ts';

export interface ExplorerToolbarProps {
  readonly explorer: Explorer;
  readonly fieldRef: Ref<HTMLInputElement>;
  /** Called when the reader is done with the field. */
  readonly onLeave: () => void;
}

/** Find, and the way back from a zoom. */
export function ExplorerToolbar({ explorer, fieldRef, onLeave }: ExplorerToolbarProps): ReactNode {
  const { find, matches, selected, window, model } = useStore(explorer.store);
  const place = matches.indexOf(selected) + 1;
  const found = place === 0 ? formatCount(matches.length) : `${formatCount(place)} of ${formatCount(matches.length)}`;
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 border-b border-border px-3">
      <search>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            explorer.goToMatch(1);
            onLeave();
          }}
        >
          <SearchField
            ref={fieldRef}
            label="Find by name, type or model"
            hint="/"
            value={find}
            onValue={(text) => explorer.setFind(text)}
          />
        </form>
      </search>
      {find.trim() !== '' && (
        <>
          <output className="text-sm whitespace-nowrap text-ink-2 tabular-nums">
            {matches.length === 0 ? 'Nothing found' : found}
          </output>
          <IconButton icon="arrowUp" label="Previous match (⇧N)" size={14} onClick={() => explorer.goToMatch(-1)} />
          <IconButton icon="arrowDown" label="Next match (n)" size={14} onClick={() => explorer.goToMatch(1)} />
        </>
      )}
      {!isWholeTrace(window, model.extent) && (
        <button
          type="button"
          onClick={() => explorer.showWholeTrace()}
          title="Show the whole trace (0)"
          className="ml-auto inline-flex h-6 items-center gap-1.5 rounded-chip bg-accent-tint px-2 text-sm whitespace-nowrap text-accent-ink tabular-nums hover:bg-selected"
        >
          {formatDuration(window.end - window.start)} of {formatDuration(model.extent)}
          <span aria-hidden="true">×</span>
        </button>
      )}
    </div>
  );
}
