import { useState, type ReactNode } from 'react';
import { formatCount } from '../trace/format-number.ts';
import { Markdown } from './markdown/markdown.tsx';
import { useMarkdown } from './markdown/markdown-parser.ts';

/** Characters shown before the reader asks for more: two screens. */
const SHOWN = 6_000;

/** What somebody wrote: marked up where it is prose, as it came where it is output of a program. */
export function MessageText({ text, isMono = false }: { readonly text: string; readonly isMono?: boolean }): ReactNode {
  const [isWhole, setIsWhole] = useState(false);
  const isCut = !isWhole && text.length > SHOWN * 1.2;
  const shown = isCut ? `${text.slice(0, SHOWN)}…` : text;
  return (
    <>
      {isMono ? (
        <div dir="auto" className="font-mono text-mono break-words whitespace-pre-wrap text-ink-1">
          {shown}
        </div>
      ) : (
        <Prose text={shown} />
      )}
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

function Prose({ text }: { readonly text: string }): ReactNode {
  const nodes = useMarkdown(text);
  const look = 'max-w-read text-read break-words text-ink-1';
  if (nodes === undefined) {
    return (
      <div dir="auto" className={`${look} whitespace-pre-wrap`}>
        {text}
      </div>
    );
  }
  return (
    <div dir="auto" className={`${look} flex flex-col gap-2`}>
      <Markdown nodes={nodes} />
    </div>
  );
}
