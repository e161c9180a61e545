import { useEffect, useRef, type ReactNode } from 'react';
import { COMMANDS, keycap, SCOPE_NAMES, type Command, type CommandScope } from '../../state/commands.ts';
import { IconButton } from '../../widgets/button.tsx';
import { Keycap } from '../../widgets/keycap.tsx';

export interface ShortcutsSheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const SCOPES: readonly CommandScope[] = ['everywhere', 'list', 'trace', 'tree', 'time', 'details'];

/** Every key there is, straight from the list of commands. */
export function ShortcutsSheet({ isOpen, onClose }: ShortcutsSheetProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="shortcuts-title"
      className="m-auto max-h-5/6 w-full max-w-sheet rounded-dialog border border-border bg-page p-0 text-ink-1 shadow-float"
    >
      <div className="flex items-center justify-between border-b border-border px-5 py-3">
        <h2 id="shortcuts-title" className="text-lg font-semibold">
          Keyboard shortcuts
        </h2>
        <IconButton icon="x" label="Close" onClick={onClose} />
      </div>
      <div className="columns-2 gap-10 px-5 py-4">
        {SCOPES.map((scope) => (
          <section key={scope} className="mb-5 break-inside-avoid">
            <h3 className="mb-1.5 text-sm font-semibold text-ink-3">{SCOPE_NAMES[scope]}</h3>
            <ul>
              {COMMANDS.filter((command) => command.scope === scope).map((command) => (
                <Shortcut key={command.id} command={command} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </dialog>
  );
}

function Shortcut({ command }: { readonly command: Command }): ReactNode {
  return (
    <li className="flex items-center justify-between gap-4 py-0.5 text-base text-ink-1">
      {command.name}
      <span className="flex items-center gap-1">
        {command.keys.map((key, index) => (
          <span key={key} className="flex items-center gap-1">
            {index > 0 && <span className="text-sm text-ink-3">or</span>}
            {key.split(' ').map((part) => (
              <Keycap key={part}>{keycap(part)}</Keycap>
            ))}
          </span>
        ))}
      </span>
    </li>
  );
}
