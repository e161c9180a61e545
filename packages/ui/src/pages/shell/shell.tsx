import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { EXPERIMENTS_PATH, tracesPath } from '../../state/paths.ts';
import { IconButton } from '../../widgets/button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import type { IconName } from '../../widgets/icons.ts';
import { usePreferences } from '../preferences.ts';
import { switchTheme } from '../theme.ts';
import { AppearanceMenu } from './appearance-menu.tsx';
import { CommandProvider, useCommands } from './command-center.tsx';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';

/** The frame around every page: the rail with the places to go, and what works everywhere. */
export function Shell(): ReactNode {
  return (
    <CommandProvider>
      <Frame />
    </CommandProvider>
  );
}

function Frame(): ReactNode {
  const navigate = useNavigate();
  const lastExperiment = usePreferences((state) => state.lastExperiment);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  useCommands({
    'app.shortcuts': () => setIsSheetOpen(true),
    'app.theme': switchTheme,
    'app.copyLink': () => void navigator.clipboard.writeText(location.href).catch(() => undefined),
    'app.experiments': () => void navigate({ to: EXPERIMENTS_PATH }),
    'app.traces': () => {
      if (lastExperiment !== undefined) void navigate({ to: tracesPath(lastExperiment) });
    },
  });
  return (
    <div className="flex h-full">
      <a
        href="#content"
        className="sr-only rounded-control bg-accent px-3 py-2 text-white focus:not-sr-only focus:absolute focus:z-40 focus:m-2"
      >
        Skip to content
      </a>
      <nav
        aria-label="Main"
        className="flex w-12 shrink-0 flex-col items-center gap-1 border-r border-border bg-surface-1 py-2"
      >
        <Link to={EXPERIMENTS_PATH} aria-label="Clew, all experiments" className="mb-2 flex size-8 rounded-control p-1">
          <img src="/clew.svg" alt="" className="size-6" />
        </Link>
        <RailLink to={EXPERIMENTS_PATH} icon="flask" label="Experiments (g e)" isExact />
        {lastExperiment !== undefined && (
          <RailLink to={tracesPath(lastExperiment)} icon="listTree" label="Traces (g t)" isExact={false} />
        )}
        <span className="flex-1" />
        <IconButton icon="keyboard" label="Keyboard shortcuts (?)" size={17} onClick={() => setIsSheetOpen(true)} />
        <AppearanceMenu />
      </nav>
      <div className="flex min-w-0 flex-1 flex-col">
        <Outlet />
      </div>
      <ShortcutsSheet isOpen={isSheetOpen} onClose={() => setIsSheetOpen(false)} />
    </div>
  );
}

interface RailLinkProps {
  readonly to: string;
  readonly icon: IconName;
  readonly label: string;
  readonly isExact: boolean;
}

function RailLink({ to, icon, label, isExact }: RailLinkProps): ReactNode {
  return (
    <Link
      to={to}
      aria-label={label}
      title={label}
      activeOptions={{ exact: isExact, includeSearch: false }}
      className="inline-flex size-8 items-center justify-center rounded-control text-ink-3 hover:bg-hover hover:text-ink-1 aria-[current=page]:bg-selected aria-[current=page]:text-accent-ink"
    >
      <Icon name={icon} size={17} />
    </Link>
  );
}
