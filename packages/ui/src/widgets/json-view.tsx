import { useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { formatCount, formatPlural } from '../trace/format-number.ts';
import { jsonRows, openLevels, type JsonRow, type JsonRowContent, type OpenPaths } from '../trace/json-rows.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';
import { useRowWindow } from './use-row-window.ts';

export interface JsonViewProps {
  readonly value: unknown;
  /** What scrolls around it. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** Levels open at first. Default 2. */
  readonly levels?: number;
  /** What it is, for the copy button and screen readers: `inputs`. */
  readonly label: string;
  /** Leaves out the outermost braces, as a table of keys and values. */
  readonly isTable?: boolean;
  /** Texts that take several lines are open at first. */
  readonly isReading?: boolean;
}

const ROW_HEIGHT = 24;
/** Pixels of a level; levels beyond the deepest are not told apart by indentation. */
const INDENT = 14;
const DEEPEST_INDENT = 24;
/** Pixels of a character of the monospace font, a little more than most fonts take; of the triangle before it. */
const CHARACTER = 7.7;
const DISCLOSURE = 18;
/** Rows that may be open at first. */
const FIRST_ROWS = 120;
/** Lines of a text that may be open at first. */
const READ_LINES = 30;
/** What of a long text stands in its row. */
const PREVIEW = 300;

/** Any JSON as rows that open; only the rows on screen are in the page, whatever the size of the document. */
export function JsonView(props: JsonViewProps): ReactNode {
  const { value, scroller, levels = 2, label, isTable = false, isReading = false } = props;
  const openAtFirst = (): OpenPaths =>
    openLevels(value, levels, { rows: FIRST_ROWS, textLines: isReading ? READ_LINES : 0 });
  const [open, setOpen] = useState<OpenPaths>(openAtFirst);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setOpen(openAtFirst());
  }
  const list = useRef<HTMLUListElement>(null);
  const columns = useColumns(list);
  const rows = useMemo(() => {
    const all = jsonRows(value, open, columns);
    return isTable ? all.slice(1) : all;
  }, [value, open, columns, isTable]);
  const { range } = useRowWindow({ count: rows.length, rowHeight: ROW_HEIGHT, scroller, list });
  const toggle = (path: string): void => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  const shift = isTable ? 1 : 0;
  return (
    <div className="group relative">
      <div className="absolute top-0 right-0 z-10 opacity-0 group-hover:opacity-100 focus-within:opacity-100">
        <CopyButton what={label} text={() => printJson(value)} />
      </div>
      <ul
        ref={list}
        aria-label={label}
        className="relative overflow-hidden font-mono text-mono"
        style={{ height: rows.length * ROW_HEIGHT }}
      >
        {rows.slice(range.first, range.end).map((row, index) => (
          <li
            key={row.path}
            className="absolute inset-x-0 flex items-center gap-1 whitespace-pre hover:bg-surface-2"
            style={{
              height: ROW_HEIGHT,
              transform: `translateY(${(range.first + index) * ROW_HEIGHT}px)`,
              paddingLeft: Math.min(row.depth - shift, DEEPEST_INDENT) * INDENT,
            }}
          >
            <RowView row={row} onToggle={() => toggle(row.path)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Characters that fit beside each other; follows the width of the pane. */
function useColumns(list: RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(80);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const measure = (): void => setColumns(Math.max(Math.floor((element.clientWidth - DISCLOSURE) / CHARACTER), 20));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [list]);
  return columns;
}

function RowView({ row, onToggle }: { readonly row: JsonRow; readonly onToggle: () => void }): ReactNode {
  const { label, content } = row;
  const body = (
    <>
      {label !== undefined && (
        <span className="max-w-1/2 shrink-0 truncate text-ink-2">
          {visible(label)}
          <span className="text-ink-3">:</span>
        </span>
      )}
      <Content content={content} />
    </>
  );
  if (!('isOpen' in content)) {
    return <span className="flex min-w-0 flex-1 items-center gap-1 truncate pl-4 select-text">{body}</span>;
  }
  return (
    <button
      type="button"
      aria-expanded={content.isOpen}
      onClick={onToggle}
      className="flex h-full min-w-0 flex-1 items-center gap-1 text-left -outline-offset-2"
    >
      <Icon name={content.isOpen ? 'chevronDown' : 'chevronRight'} size={12} className="text-ink-3" />
      {body}
    </button>
  );
}

function Content({ content }: { readonly content: JsonRowContent }): ReactNode {
  switch (content.kind) {
    case 'branch': {
      const [left, right] = content.of === 'array' ? '[]' : '{}';
      const size = content.of === 'array' ? formatPlural(content.size, 'item') : formatPlural(content.size, 'key');
      if (content.size === 0) return <span className="text-ink-3">{`${left}${right}`}</span>;
      return <span className="text-ink-3">{content.isOpen ? left : `${left}…${right}  ${size}`}</span>;
    }
    case 'range':
      return <span className="text-ink-3">{`[${formatCount(content.from)} … ${formatCount(content.to)}]`}</span>;
    case 'long text':
      return (
        <>
          <span className="min-w-0 truncate text-ok">
            {content.isOpen ? '' : visible(content.text.slice(0, PREVIEW).replaceAll('\n', '↵'))}
          </span>
          <span className="shrink-0 font-sans text-xs text-ink-3">
            {content.holdsJson ? 'JSON text' : formatPlural(content.text.length, 'character')}
          </span>
        </>
      );
    case 'line':
      return <span className="text-ok">{visible(content.text)}</span>;
    case 'value':
      return <span className={`truncate ${VALUE_COLOUR[content.of]}`}>{visible(content.text)}</span>;
  }
}

const VALUE_COLOUR = {
  string: 'text-ok',
  number: 'text-info',
  boolean: 'text-running',
  null: 'text-ink-3',
} as const;

/** Characters that change the direction of text or cannot be seen would let a value look like another one. */
function visible(text: string): string {
  return text.replace(
    /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (hidden) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON with two blanks; integers of any size stay exact. */
export function printJson(value: unknown): string {
  const marker = '\u0001n';
  const text = JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === 'bigint' ? `${marker}${item}${marker}` : item),
    2,
  );
  return (text ?? 'null').replaceAll(/"\\u0001n(-?\d+)\\u0001n"/g, '$1');
}
