import { useEffect, useRef, type ReactNode } from 'react';

export interface SplitterProps {
  readonly label: string;
  /** Where it stands, as a share of the width of what holds it. */
  readonly share: number;
  readonly onShare: (share: number) => void;
  readonly least: number;
  readonly most: number;
}

/** A divider between two panes: dragged, or moved by arrow keys. It stands in the nearest positioned ancestor. */
export function Splitter({ label, share, onShare, least, most }: SplitterProps): ReactNode {
  const handle = useRef<HTMLDivElement>(null);
  const latest = useRef({ onShare, least, most });
  useEffect(() => {
    latest.current = { onShare, least, most };
  });
  useEffect(() => {
    const element = handle.current;
    if (element === null) return undefined;
    const onDown = (event: PointerEvent): void => element.setPointerCapture(event.pointerId);
    const onMove = (event: PointerEvent): void => {
      if (!element.hasPointerCapture(event.pointerId)) return;
      const { left, width } = (element.offsetParent ?? element).getBoundingClientRect();
      const { onShare, least, most } = latest.current;
      onShare(Math.min(Math.max((event.clientX - left) / width, least), most));
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
    };
  }, []);
  return (
    <>
      <input
        type="range"
        aria-label={label}
        min={least}
        max={most}
        step={0.02}
        value={share}
        onChange={(event) => onShare(Number(event.target.value))}
        className="peer sr-only"
      />
      <div
        ref={handle}
        aria-hidden="true"
        className="absolute inset-y-0 z-10 w-2 -translate-x-1/2 cursor-col-resize touch-none hover:bg-accent-tint peer-focus-visible:bg-accent-ink"
        style={{ left: `${share * 100}%` }}
      />
    </>
  );
}
