import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { formatPlural } from '../../trace/format-number.ts';
import { Splitter } from '../splitter.tsx';
import type { Explorer } from './explorer.ts';
import { createOverviewEngine, OVERVIEW_HEIGHT, SLIDER_STEPS } from './overview-engine.ts';
import { AXIS_HEIGHT } from './paint-axis.ts';
import { createRowTip } from './row-tip.ts';
import { createWaterfallEngine, type WaterfallEngine } from './waterfall-engine.ts';

export interface WaterfallProps {
  readonly explorer: Explorer;
  /** Pixels. */
  readonly rowHeight: number;
  /** Share of the width left of the divider. */
  readonly namesShare: number;
  readonly onNamesShare: (share: number) => void;
  /** Set while the waterfall is on the page. */
  readonly engineRef: RefObject<WaterfallEngine | null>;
  readonly treeRef: RefObject<HTMLDivElement | null>;
}

/** Overview, time axis, tree and bars of one trace. React builds the frame once; the engines do the rest. */
export function Waterfall(props: WaterfallProps): ReactNode {
  const { explorer, rowHeight, namesShare, onNamesShare, engineRef, treeRef } = props;
  const spacer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const layout = useRef({ namesShare, rowHeight });

  useEffect(() => {
    const parts = [treeRef.current, spacer.current, canvas.current, mirror.current, axis.current, tip.current] as const;
    const [scroller, spacerElement, canvasElement, mirrorElement, axisElement, tipElement] = parts;
    if (scroller === null || spacerElement === null || canvasElement === null) return undefined;
    if (mirrorElement === null || axisElement === null || tipElement === null) return undefined;
    const engine = createWaterfallEngine(
      {
        scroller,
        spacer: spacerElement,
        canvas: canvasElement,
        mirror: mirrorElement,
        axis: axisElement,
        tip: createRowTip(tipElement),
      },
      explorer,
      layout.current,
    );
    engineRef.current = engine;
    return () => {
      engineRef.current = null;
      engine.destroy();
    };
  }, [explorer, engineRef, treeRef]);

  useEffect(() => {
    layout.current = { namesShare, rowHeight };
    engineRef.current?.setLayout(namesShare, rowHeight);
  }, [namesShare, rowHeight, engineRef]);

  const { spanCount } = explorer.store.getState().model;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Overview explorer={explorer} />
      <canvas ref={axis} aria-hidden="true" className="block shrink-0" style={{ height: AXIS_HEIGHT }} />
      <div className="relative min-h-0 flex-1">
        <div
          ref={treeRef}
          role="tree"
          aria-label={`Spans, ${formatPlural(spanCount, 'span')}`}
          tabIndex={0}
          className="absolute inset-0 overflow-x-hidden overflow-y-auto -outline-offset-2"
        >
          <div ref={spacer} role="none" className="relative">
            <canvas ref={canvas} aria-hidden="true" className="sticky top-0 block" />
            <div ref={mirror} role="none" className="absolute top-0 left-0" />
          </div>
        </div>
        <Splitter label="Width of names" share={namesShare} onShare={onNamesShare} least={0.2} most={0.8} />
      </div>
      <div
        ref={tip}
        hidden
        role="presentation"
        className="pointer-events-none fixed z-20 max-w-note rounded-control border border-border bg-page px-2.5 py-1.5 text-sm text-ink-2 shadow-float"
      />
    </div>
  );
}

function Overview({ explorer }: { readonly explorer: Explorer }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const startHandle = useRef<HTMLDivElement>(null);
  const endHandle = useRef<HTMLDivElement>(null);
  const startSlider = useRef<HTMLInputElement>(null);
  const endSlider = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const handles = [startHandle.current, endHandle.current] as const;
    const sliders = [startSlider.current, endSlider.current] as const;
    if (canvas.current === null || handles[0] === null || handles[1] === null) return undefined;
    if (sliders[0] === null || sliders[1] === null) return undefined;
    const engine = createOverviewEngine(
      {
        canvas: canvas.current,
        handles: { start: handles[0], end: handles[1] },
        sliders: { start: sliders[0], end: sliders[1] },
      },
      explorer,
    );
    return () => engine.destroy();
  }, [explorer]);
  return (
    <div className="relative shrink-0 cursor-crosshair touch-none select-none" style={{ height: OVERVIEW_HEIGHT }}>
      <canvas ref={canvas} aria-hidden="true" className="block" />
      <EdgeSlider ref={startSlider} label="Start of the time on show, thousandths of the trace" />
      <div ref={startHandle} aria-hidden="true" className={HANDLE} />
      <EdgeSlider ref={endSlider} label="End of the time on show, thousandths of the trace" />
      <div ref={endHandle} aria-hidden="true" className={HANDLE} />
    </div>
  );
}

/** Lights up while the slider before it has the focus. */
const HANDLE =
  'absolute top-2 bottom-2 w-1 -translate-x-1/2 cursor-ew-resize rounded-bar bg-accent-ink opacity-60 hover:opacity-100 peer-focus-visible:opacity-100 peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent-ink';

function EdgeSlider({
  ref,
  label,
}: {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly label: string;
}): ReactNode {
  return (
    <input
      ref={ref}
      type="range"
      min={0}
      max={SLIDER_STEPS}
      step={5}
      defaultValue={0}
      aria-label={label}
      className="peer sr-only"
    />
  );
}
