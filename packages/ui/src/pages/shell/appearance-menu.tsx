import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from '../../widgets/icon.tsx';
import type { IconName } from '../../widgets/icons.ts';
import { setPreference, usePreferences, type Density, type ThemeChoice } from '../preferences.ts';

const THEMES: readonly { readonly value: ThemeChoice; readonly word: string; readonly icon: IconName }[] = [
  { value: 'light', word: 'Light', icon: 'sun' },
  { value: 'dark', word: 'Dark', icon: 'moon' },
  { value: 'system', word: 'As the system', icon: 'monitor' },
];

const DENSITIES: readonly { readonly value: Density; readonly word: string }[] = [
  { value: 'compact', word: 'Compact' },
  { value: 'normal', word: 'Normal' },
  { value: 'relaxed', word: 'Relaxed' },
];

const ITEM =
  'flex h-7 items-center gap-2 rounded-chip px-2 text-base text-ink-1 outline-none data-highlighted:bg-hover cursor-pointer';

/** Theme and density. Not modal: a modal menu would put a style element into the page, which the policy forbids. */
export function AppearanceMenu(): ReactNode {
  const { theme, density } = usePreferences();
  const current = THEMES.find(({ value }) => value === theme)?.icon ?? 'monitor';
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label="Appearance"
        title="Appearance"
        className="inline-flex size-8 items-center justify-center rounded-control text-ink-3 hover:bg-hover hover:text-ink-1"
      >
        <Icon name={current} size={17} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="right"
          align="end"
          sideOffset={8}
          className="z-30 w-44 rounded-control border border-border bg-page p-1 shadow-float"
        >
          <DropdownMenu.Label className="px-2 py-1 text-xs font-medium text-ink-3">Theme</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme}>
            {THEMES.map(({ value, word, icon }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                onSelect={() => setPreference('theme', value)}
                className={ITEM}
              >
                <Icon name={icon} size={14} className="text-ink-3" />
                {word}
                <Chosen />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-border" />
          <DropdownMenu.Label className="px-2 py-1 text-xs font-medium text-ink-3">Rows</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={density}>
            {DENSITIES.map(({ value, word }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                onSelect={() => setPreference('density', value)}
                className={ITEM}
              >
                {word}
                <Chosen />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Chosen(): ReactNode {
  return (
    <DropdownMenu.ItemIndicator className="ml-auto">
      <Icon name="check" size={14} className="text-accent-ink" />
    </DropdownMenu.ItemIndicator>
  );
}
