import { formatDuration } from '../../trace/format-duration.ts';
import { formatAmount, formatPlural } from '../../trace/format-number.ts';
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

/**
 * The rows of the canvas as invisible tree items, right over what is painted: for screen readers, the browser's own
 * tools and tests. A screenful of elements is reused; their number does not depend on the trace.
 */
export interface Mirror {
  /** Makes the elements say what the rows from `first` up to `end` say. */
  refresh(state: ExplorerState, first: number, end: number, rowHeight: number): void;
  /** Id of the element of a row, when it is among those mirrored. */
  elementIdOf(row: number): string | undefined;
}

export function createMirror(container: HTMLElement, idPrefix: string): Mirror {
  const elements: HTMLElement[] = [];
  const rows: number[] = [];
  return {
    refresh(state, first, end, rowHeight) {
      const count = Math.max(end - first, 0);
      while (elements.length < count) {
        const element = createItem();
        elements.push(element);
        container.append(element);
      }
      rows.length = 0;
      elements.forEach((element, index) => {
        const row = index < count ? state.visible[first + index] : undefined;
        element.hidden = row === undefined;
        if (row === undefined) {
          element.removeAttribute('id');
          return;
        }
        rows.push(row);
        element.style.transform = `translateY(${(first + index) * rowHeight}px)`;
        element.style.height = `${rowHeight}px`;
        element.id = `${idPrefix}${row}`;
        describe(element, state, row);
      });
    },
    elementIdOf: (row) => (rows.includes(row) ? `${idPrefix}${row}` : undefined),
  };
}

function createItem(): HTMLElement {
  const element = document.createElement('div');
  element.setAttribute('role', 'treeitem');
  element.style.position = 'absolute';
  element.style.inset = '0 0 auto 0';
  return element;
}

function describe(element: HTMLElement, { model, collapsed, selected }: ExplorerState, row: number): void {
  const parent = model.parent[row] ?? -1;
  const siblings = parent < 0 ? model.rootCount : (model.childCount[parent] ?? 1);
  element.dataset['spanId'] = model.columns.spanId[row] ?? '';
  element.setAttribute('aria-label', describeRow(model, row));
  element.setAttribute('aria-level', String((model.depth[row] ?? 0) + 1));
  element.setAttribute('aria-setsize', String(siblings));
  element.setAttribute('aria-posinset', String(model.siblingPosition[row] ?? 1));
  element.setAttribute('aria-selected', String(row === selected));
  if ((model.childCount[row] ?? 0) > 0) element.setAttribute('aria-expanded', String(collapsed[row] !== 1));
  else element.removeAttribute('aria-expanded');
}

/** A row in words: `charge_card, tool, 31 ms, error, 2 children`. */
function describeRow(model: TraceModel, row: number): string {
  const duration = model.columns.duration[row] ?? -1;
  const tokens = model.columns.tokens[row] ?? -1;
  const children = model.childCount[row] ?? 0;
  const parts = [
    isMissing(model, row) ? 'Parent did not arrive' : rowName(model, row),
    spanTypeWord(rowType(model, row)).toLowerCase(),
    rowModelName(model, row),
    isRunning(model, row) ? 'running' : formatDuration(Math.max(duration, 0)),
    tokens >= 0 ? `${formatAmount(tokens)} tokens` : undefined,
    isFailed(model, row) ? 'error' : undefined,
    children > 0 ? formatPlural(children, 'child', 'children') : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
