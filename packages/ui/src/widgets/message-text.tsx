import { useState, type ReactNode } from 'react';
import { formatCount } from '../trace/format-number.ts';

/** Characters shown before the reader asks for more: two screens. */
const SHOWN = 6_000;

/** Text as it was written, wrapped; the end of a very long one waits for a click. */
export function MessageText({ text, isMono = false }: { readonly text: string; readonly isMono?: boolean }): ReactNode {
  const [isWhole, setIsWhole] = useState(false);
  const isCut = !isWhole && text.length > SHOWN * 1.2;
  return (
    <>
      <div
        dir="auto"
        className={`break-words whitespace-pre-wrap text-ink-1 ${isMono ? 'font-mono text-mono' : 'max-w-read text-read'}`}
      >
        {isCut ? `${text.slice(0, SHOWN)}…` : text}
      </div>
      {isCut && (
        <button
          type="button"
          onClick={() => setIsWhole(true)}
          className="mt-1 rounded-chip text-sm font-medium text-accent-ink hover:underline"
        >
          Show all {formatCount(text.length)} characters
        </button>
      )}
    </>
  );
}
