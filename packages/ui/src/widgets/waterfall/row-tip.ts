import { formatDuration } from '../../trace/format-duration.ts';
import { formatAmount } from '../../trace/format-number.ts';
import { spanTypeWord } from '../../trace/span-family.ts';
import {
  isFailed,
  isMissing,
  isRunning,
  rowModelName,
  rowName,
  rowType,
  type TraceModel,
} from '../../trace/trace-model.ts';
import type { ExplorerState } from './explorer.ts';

/** The one tooltip of the waterfall: appears when the pointer rests on a row. */
export interface RowTip {
  aim(state: ExplorerState, row: number, clientX: number, clientY: number): void;
  hide(): void;
}

/** Milliseconds of rest before it appears. */
const DELAY = 450;
const GAP = 14;

export function createRowTip(element: HTMLElement): RowTip {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let aimed = -1;
  const hide = (): void => {
    clearTimeout(timer);
    aimed = -1;
    element.hidden = true;
  };
  return {
    hide,
    aim(state, row, clientX, clientY) {
      if (row === aimed && !element.hidden) return;
      hide();
      if (row < 0) return;
      aimed = row;
      timer = setTimeout(() => {
        element.replaceChildren(...linesOf(state.model, row).map(toElement));
        element.hidden = false;
        const { width, height } = element.getBoundingClientRect();
        element.style.left = `${Math.min(clientX + GAP, innerWidth - width - 8)}px`;
        element.style.top = `${clientY + GAP + height > innerHeight ? clientY - height - GAP : clientY + GAP}px`;
      }, DELAY);
    },
  };
}

function linesOf(model: TraceModel, row: number): readonly string[] {
  const duration = model.columns.duration[row] ?? -1;
  const tokens = model.columns.tokens[row] ?? -1;
  const modelName = rowModelName(model, row);
  const share = `${((100 * Math.max(duration, 0)) / model.extent).toFixed(1)} % of the trace`;
  const facts = [
    spanTypeWord(rowType(model, row)),
    ...(modelName === undefined ? [] : [modelName]),
    ...(tokens < 0 ? [] : [`${formatAmount(tokens)} tokens`]),
    ...(isFailed(model, row) ? ['failed'] : []),
  ];
  const length = isRunning(model, row) ? 'still running' : `${formatDuration(Math.max(duration, 0))}, ${share}`;
  return [
    isMissing(model, row) ? 'A parent that did not arrive; times are those of its children' : rowName(model, row),
    facts.join(' · '),
    `+${formatDuration(model.start[row] ?? 0)}, ${length}`,
  ];
}

function toElement(text: string, index: number): HTMLElement {
  const line = document.createElement('div');
  line.textContent = text;
  if (index === 0) line.className = 'font-medium text-ink-1';
  return line;
}
