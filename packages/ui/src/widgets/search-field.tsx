import type { ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import { Keycap } from './keycap.tsx';

export interface SearchFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  /** The key that jumps here. */
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A one-line field that narrows what is below it while typing. */
export function SearchField({ ref, label, hint, value, onValue }: SearchFieldProps): ReactNode {
  return (
    <div className="relative flex h-7 w-72 items-center">
      <Icon name="search" size={14} className="pointer-events-none absolute left-2.5 text-ink-3" />
      <input
        ref={ref}
        type="text"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className="h-full w-full rounded-control border border-border bg-page pr-8 pl-8 text-base text-ink-1 placeholder:text-ink-3 hover:border-outline"
      />
      {hint !== undefined && value === '' && (
        <span className="pointer-events-none absolute right-1.5">
          <Keycap>{hint}</Keycap>
        </span>
      )}
    </div>
  );
}
