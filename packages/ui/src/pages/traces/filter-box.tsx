import type { FilterError } from '@clew/core';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { readFilter, withCondition, type FilterChip } from '../../state/applied-filter.ts';
import { Icon } from '../../widgets/icon.tsx';
import { IconButton } from '../../widgets/button.tsx';
import { FilterHelp } from './filter-help.tsx';
import { Keycap } from '../../widgets/keycap.tsx';

export interface FilterBoxProps {
  readonly ref?: Ref<HTMLInputElement>;
  /** The filter in force. */
  readonly applied: string;
  /** Conditions of the filter in force. */
  readonly chips: readonly FilterChip[];
  /** Why the filter in force was refused, by us or by the server. */
  readonly refusal: FilterError | undefined;
  /** Epoch milliseconds that relative times count from. */
  readonly now: number;
  readonly onApply: (filter: string, step: 'choose' | 'adjust') => void;
}

/** Milliseconds of rest before what was typed takes effect. */
const TYPING_PAUSE = 300;

/** The filter as text, with what is wrong with it below, and its conditions as chips. */
export function FilterBox({ ref, applied, chips, refusal, now, onApply }: FilterBoxProps): ReactNode {
  const [draft, setDraft] = useState(applied);
  const [known, setKnown] = useState(applied);
  // The address can change under the box: back, forward, a chip taken away.
  if (known !== applied) {
    setKnown(applied);
    setDraft(applied);
  }
  const apply = useRef(onApply);
  useEffect(() => {
    apply.current = onApply;
  });
  const read = draft === applied ? undefined : readFilter(draft, now);
  const error = draft === applied ? refusal : read?.kind === 'refused' ? read.error : undefined;
  const isReady = read?.kind === 'understood';
  useEffect(() => {
    if (!isReady) return undefined;
    const timer = setTimeout(() => apply.current(draft, 'adjust'), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [draft, isReady]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && isReady) onApply(draft, 'choose');
    if (event.key === 'Escape') event.currentTarget.blur();
  };
  const clear = (): void => {
    setDraft('');
    onApply('', 'choose');
  };
  return (
    <div className="flex flex-col gap-1.5 px-4 py-2.5">
      <div
        className={`relative flex h-8 items-center rounded-control border bg-page ${error === undefined ? 'border-border hover:border-outline focus-within:border-accent' : 'border-error'}`}
      >
        <Icon name="search" size={14} className="pointer-events-none absolute left-2.5 text-ink-3" />
        <MarkedInput inputRef={ref} text={draft} onText={setDraft} onKeyDown={onKeyDown} error={error} />
        <span className="flex items-center gap-1 pr-1">
          <FilterHelp onChoose={(example) => onApply(withCondition(draft, example, now), 'choose')} />
          {draft === '' ? <Keycap>/</Keycap> : <IconButton icon="x" label="Clear filter" size={14} onClick={clear} />}
        </span>
      </div>
      {error !== undefined && <Refusal error={error} />}
      {error === undefined && chips.length > 0 && (
        <ul aria-label="Conditions" className="flex flex-wrap items-center gap-1.5">
          {chips.map((chip) => (
            <li key={chip.text}>
              <button
                type="button"
                title="Take this condition away"
                onClick={() => onApply(chip.without, 'choose')}
                className="inline-flex h-6 max-w-note items-center gap-1 rounded-chip bg-accent-tint pr-1 pl-2 text-sm text-accent-ink hover:bg-selected"
              >
                <span className="truncate">{chip.text}</span>
                <Icon name="x" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface MarkedInputProps {
  readonly inputRef: Ref<HTMLInputElement> | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly error: FilterError | undefined;
}

const TEXT_METRICS = 'pr-2 pl-8 font-mono text-mono';

/** A plain input over a copy of its text that carries the underline. */
function MarkedInput({ inputRef, text, onText, onKeyDown, error }: MarkedInputProps): ReactNode {
  const underlay = useRef<HTMLDivElement>(null);
  const marked = error === undefined ? undefined : { from: error.offset, to: error.offset + Math.max(error.length, 1) };
  return (
    <div className="relative h-full min-w-0 flex-1">
      {marked !== undefined && (
        <div
          ref={underlay}
          aria-hidden="true"
          className={`absolute inset-0 flex items-center overflow-hidden whitespace-pre text-transparent ${TEXT_METRICS}`}
        >
          <span>{text.slice(0, marked.from)}</span>
          <span className="underline decoration-error decoration-wavy underline-offset-4">
            {text.slice(marked.from, marked.to).padEnd(1)}
          </span>
          <span>{text.slice(marked.to)}</span>
        </div>
      )}
      <input
        ref={inputRef}
        type="text"
        value={text}
        spellCheck={false}
        autoComplete="off"
        aria-label="Filter"
        aria-invalid={error !== undefined}
        {...(error === undefined ? {} : { 'aria-errormessage': 'filter-error' })}
        placeholder='status:error  duration>2s  tag.env:prod  span(type:TOOL status:error)  "refund policy"'
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          if (underlay.current !== null) underlay.current.scrollLeft = event.currentTarget.scrollLeft;
        }}
        className={`absolute inset-0 h-full w-full bg-transparent text-ink-1 outline-none placeholder:text-ink-3 ${TEXT_METRICS}`}
      />
    </div>
  );
}

/** Words shown of what could have stood there. */
const SHOWN_WORDS = 10;

function Refusal({ error }: { readonly error: FilterError }): ReactNode {
  const words = error.expected.slice(0, SHOWN_WORDS);
  return (
    <div id="filter-error" role="alert" className="flex flex-wrap items-baseline gap-x-2 text-sm">
      <span className="font-medium text-error">{error.message}</span>
      {words.length > 0 && (
        <span className="text-ink-3">
          expected {words.join(', ')}
          {error.expected.length > words.length && ` and ${error.expected.length - words.length} more`}
        </span>
      )}
    </div>
  );
}
