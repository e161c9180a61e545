import { useEffect, useState, type ReactNode } from 'react';
import { IconButton } from './button.tsx';

export interface CopyButtonProps {
  /** What is being copied, for the label: `span id`. */
  readonly what: string;
  /** Made when pressed: the text can be large. */
  readonly text: () => string;
}

/** How long the tick stays, in milliseconds. */
const CONFIRMED = 1200;

export function CopyButton({ what, text }: CopyButtonProps): ReactNode {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), CONFIRMED);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  const label = { idle: `Copy ${what}`, copied: 'Copied', refused: 'The browser refused to copy' }[state];
  return (
    <>
      <IconButton icon={state === 'copied' ? 'check' : 'copy'} label={label} size={14} onClick={copy} />
      <output className="sr-only">{state === 'idle' ? '' : label}</output>
    </>
  );
}
