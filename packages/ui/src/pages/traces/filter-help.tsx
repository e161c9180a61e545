import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { FILTER_EXAMPLES } from '../../state/filter-examples.ts';

/** What one can ask, by example; choosing one asks it. */
export function FilterHelp({ onChoose }: { readonly onChoose: (filter: string) => void }): ReactNode {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="h-6 rounded-chip px-2 text-sm text-ink-3 hover:bg-hover hover:text-ink-1 data-[state=open]:bg-hover data-[state=open]:text-ink-1">
        Examples
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          className="z-30 rounded-control border border-border bg-page p-1 shadow-float"
        >
          {FILTER_EXAMPLES.map(({ filter, meaning }) => (
            <DropdownMenu.Item
              key={filter}
              onSelect={() => onChoose(filter)}
              className="flex h-7 cursor-pointer items-center justify-between gap-8 rounded-chip px-2 outline-none data-highlighted:bg-hover"
            >
              <span className="font-mono text-mono text-ink-1">{filter}</span>
              <span className="text-sm text-ink-3">{meaning}</span>
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator className="my-1 h-px bg-border" />
          <p className="px-2 py-1 text-sm text-ink-3">
            Conditions side by side must all hold. MLflow filters such as status = 'ERROR' work too.
          </p>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
