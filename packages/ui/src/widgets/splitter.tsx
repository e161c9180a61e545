import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

export interface SplitterProps {
  readonly label: string;
  /** Where it stands, as a share of the width of what holds it. */
  readonly share: number;
  readonly onShare: (share: number) => void;
  readonly least: number;
  readonly most: number;
}

/** A divider between two panes: dragged, or moved by arrow keys. Its parent must be positioned. */
export function Splitter({ label, share, onShare, least, most }: SplitterProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const move = (to: number): void => onShare(Math.min(Math.max(to, least), most));
  const onPointerMove = (event: PointerEvent): void => {
    const box = element.current?.parentElement?.getBoundingClientRect();
    if (box === undefined || element.current?.hasPointerCapture(event.pointerId) !== true) return;
    move((event.clientX - box.left) / box.width);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(share + step);
  };
  return (
    <div
      ref={element}
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={Math.round(least * 100)}
      aria-valuemax={Math.round(most * 100)}
      tabIndex={0}
      onPointerDown={(event) => element.current?.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 z-10 w-2 -translate-x-1/2 cursor-col-resize touch-none hover:bg-accent-tint focus-visible:bg-accent-tint"
      style={{ left: `${share * 100}%` }}
    />
  );
}
