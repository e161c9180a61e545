/**
 * Every action of the app: its id, its name, its keys and where it works. The shortcuts sheet, tooltips and the key
 * listener read this list, so none of them can disagree.
 */

export type CommandScope = 'everywhere' | 'list' | 'trace' | 'tree' | 'time' | 'details';

export type CommandId =
  | 'app.shortcuts'
  | 'app.find'
  | 'app.experiments'
  | 'app.traces'
  | 'app.theme'
  | 'app.copyLink'
  | 'list.next'
  | 'list.previous'
  | 'list.first'
  | 'list.last'
  | 'list.pageDown'
  | 'list.pageUp'
  | 'list.open'
  | 'list.refresh'
  | 'trace.next'
  | 'trace.previous'
  | 'tree.next'
  | 'tree.previous'
  | 'tree.in'
  | 'tree.out'
  | 'tree.toggle'
  | 'tree.openSubtree'
  | 'tree.closeSubtree'
  | 'tree.openSiblings'
  | 'tree.openAll'
  | 'tree.closeAll'
  | 'tree.first'
  | 'tree.last'
  | 'tree.pageDown'
  | 'tree.pageUp'
  | 'tree.nextError'
  | 'tree.previousError'
  | 'tree.nextMatch'
  | 'tree.previousMatch'
  | 'time.zoomIn'
  | 'time.zoomOut'
  | 'time.panLeft'
  | 'time.panRight'
  | 'time.zoomSpan'
  | 'time.whole'
  | 'details.toggle'
  | 'details.io'
  | 'details.attrs'
  | 'details.events'
  | 'details.json';

export interface Command {
  readonly id: CommandId;
  readonly name: string;
  readonly scope: CommandScope;
  /** Any of these; see {@link keyOf} for how they are written. A blank separates keys pressed one after the other. */
  readonly keys: readonly string[];
}

export const SCOPE_NAMES: { readonly [scope in CommandScope]: string } = {
  everywhere: 'Everywhere',
  list: 'Lists',
  trace: 'Between traces',
  tree: 'Trace: tree',
  time: 'Trace: time',
  details: 'Trace: span details',
};

export const COMMANDS: readonly Command[] = [
  { id: 'app.shortcuts', name: 'Keyboard shortcuts', scope: 'everywhere', keys: ['?'] },
  { id: 'app.find', name: 'Filter or find', scope: 'everywhere', keys: ['/'] },
  { id: 'app.experiments', name: 'Go to experiments', scope: 'everywhere', keys: ['g e'] },
  { id: 'app.traces', name: 'Go to traces', scope: 'everywhere', keys: ['g t'] },
  { id: 'app.theme', name: 'Switch between light and dark', scope: 'everywhere', keys: ['Shift+T'] },
  { id: 'app.copyLink', name: 'Copy link to this view', scope: 'everywhere', keys: ['y'] },

  { id: 'list.next', name: 'Next row', scope: 'list', keys: ['j', 'ArrowDown'] },
  { id: 'list.previous', name: 'Previous row', scope: 'list', keys: ['k', 'ArrowUp'] },
  { id: 'list.first', name: 'First row', scope: 'list', keys: ['Home'] },
  { id: 'list.last', name: 'Last loaded row', scope: 'list', keys: ['End'] },
  { id: 'list.pageDown', name: 'One page down', scope: 'list', keys: ['PageDown'] },
  { id: 'list.pageUp', name: 'One page up', scope: 'list', keys: ['PageUp'] },
  { id: 'list.open', name: 'Open', scope: 'list', keys: ['Enter', 'o'] },
  { id: 'list.refresh', name: 'Refresh', scope: 'list', keys: ['r'] },

  { id: 'trace.next', name: 'Next trace of the list', scope: 'trace', keys: ['Shift+J'] },
  { id: 'trace.previous', name: 'Previous trace of the list', scope: 'trace', keys: ['Shift+K'] },

  { id: 'tree.next', name: 'Next span', scope: 'tree', keys: ['j', 'ArrowDown'] },
  { id: 'tree.previous', name: 'Previous span', scope: 'tree', keys: ['k', 'ArrowUp'] },
  { id: 'tree.in', name: 'Open, or go to first child', scope: 'tree', keys: ['ArrowRight'] },
  { id: 'tree.out', name: 'Close, or go to parent', scope: 'tree', keys: ['ArrowLeft'] },
  { id: 'tree.toggle', name: 'Open or close', scope: 'tree', keys: ['Enter', 'Space'] },
  { id: 'tree.openSubtree', name: 'Open everything below', scope: 'tree', keys: ['Alt+ArrowRight'] },
  { id: 'tree.closeSubtree', name: 'Close everything below', scope: 'tree', keys: ['Alt+ArrowLeft'] },
  { id: 'tree.openSiblings', name: 'Open siblings', scope: 'tree', keys: ['*'] },
  { id: 'tree.openAll', name: 'Open all', scope: 'tree', keys: ['Shift+E'] },
  { id: 'tree.closeAll', name: 'Close all', scope: 'tree', keys: ['Shift+C'] },
  { id: 'tree.first', name: 'First span', scope: 'tree', keys: ['Home'] },
  { id: 'tree.last', name: 'Last span', scope: 'tree', keys: ['End'] },
  { id: 'tree.pageDown', name: 'One page down', scope: 'tree', keys: ['PageDown'] },
  { id: 'tree.pageUp', name: 'One page up', scope: 'tree', keys: ['PageUp'] },
  { id: 'tree.nextError', name: 'Next error', scope: 'tree', keys: ['.'] },
  { id: 'tree.previousError', name: 'Previous error', scope: 'tree', keys: [','] },
  { id: 'tree.nextMatch', name: 'Next match', scope: 'tree', keys: ['n'] },
  { id: 'tree.previousMatch', name: 'Previous match', scope: 'tree', keys: ['Shift+N'] },

  { id: 'time.zoomIn', name: 'Zoom in', scope: 'time', keys: ['KeyW'] },
  { id: 'time.zoomOut', name: 'Zoom out', scope: 'time', keys: ['KeyS'] },
  { id: 'time.panLeft', name: 'Earlier', scope: 'time', keys: ['KeyA'] },
  { id: 'time.panRight', name: 'Later', scope: 'time', keys: ['KeyD'] },
  { id: 'time.zoomSpan', name: 'Zoom to the span', scope: 'time', keys: ['z'] },
  { id: 'time.whole', name: 'Whole trace', scope: 'time', keys: ['0'] },

  { id: 'details.toggle', name: 'Show or hide details', scope: 'details', keys: [']'] },
  { id: 'details.io', name: 'Inputs and outputs', scope: 'details', keys: ['Alt+1'] },
  { id: 'details.attrs', name: 'Attributes', scope: 'details', keys: ['Alt+2'] },
  { id: 'details.events', name: 'Events', scope: 'details', keys: ['Alt+3'] },
  { id: 'details.json', name: 'Raw JSON', scope: 'details', keys: ['Alt+4'] },
];

/** The parts of a key event that name a key. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The names a key press answers to.
 *
 * Letters and signs go by what is printed on the key (`j`, `?`, `Shift+N`); `KeyW` and its like go by place, because
 * W, A, S and D are a shape under the hand. Signs that need Shift are written without it.
 */
export function keysOf(press: KeyPress): readonly string[] {
  if (press.ctrlKey || press.metaKey) return [];
  const alt = press.altKey ? 'Alt+' : '';
  const key = press.key === ' ' ? 'Space' : press.key;
  const isLetter = /^\p{L}$/u.test(key);
  const isNamed = key.length > 1;
  const shift = press.shiftKey && (isLetter || isNamed) ? 'Shift+' : '';
  // With Alt a keyboard may write another sign (Option on a Mac); the place of the digit still tells.
  const digit = press.altKey ? /^Digit(\d)$/.exec(press.code)?.[1] : undefined;
  const printed = `${alt}${shift}${digit ?? (shift !== '' && isLetter ? key.toUpperCase() : key)}`;
  const placed = !press.shiftKey && !press.altKey && press.code.startsWith('Key') ? [press.code] : [];
  return [printed, ...placed];
}

/** How a key is written on a keycap. */
export function keycap(key: string): string {
  return key
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('PageDown', 'PgDn')
    .replace('PageUp', 'PgUp')
    .replace('Shift+', '⇧')
    .replace('Alt+', '⌥')
    .replace(/^Key/, '');
}

/** Which commands run on a key, in the order of the list. A first key of a sequence is passed as `pending`. */
export function commandsFor(press: KeyPress, pending: string | undefined): readonly CommandId[] {
  const written = keysOf(press).map((key) => (pending === undefined ? key : `${pending} ${key}`));
  return COMMANDS.filter(({ keys }) => keys.some((key) => written.includes(key))).map(({ id }) => id);
}

/** The key when it begins a sequence. */
export function beginsSequence(press: KeyPress): string | undefined {
  return keysOf(press).find((pressed) =>
    COMMANDS.some(({ keys }) => keys.some((key) => key.startsWith(`${pressed} `))),
  );
}
