import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';

import type { WrittenQuery } from '../../state/url.ts';

interface Crumb {
  readonly word: string;
  /** Absent on the page itself. */
  readonly to?: string;
  readonly query?: WrittenQuery;
}

export interface PageFrameProps {
  /** From the outside in; the last one is this page. */
  readonly crumbs: readonly Crumb[];
  /** Right of the crumbs. */
  readonly actions?: ReactNode;
  /** The line at the bottom: how many, how fast, what is odd. */
  readonly status?: ReactNode;
  /** A request is under way while older content stays on screen. */
  readonly isBusy: boolean;
  readonly children: ReactNode;
}

/** Breadcrumb on top, status line below, the page between. */
export function PageFrame({ crumbs, actions, status, isBusy, children }: PageFrameProps): ReactNode {
  const title = crumbs.map(({ word }) => word).reverse();
  useEffect(() => {
    document.title = [...title, 'Clew'].join(' · ');
  });
  return (
    <>
      <header className="relative flex h-11 shrink-0 items-center gap-2 border-b border-border px-4">
        <nav aria-label="Where you are" className="flex min-w-0 items-center gap-1.5">
          {crumbs.map((crumb, index) => (
            <CrumbView key={index} crumb={crumb} isFirst={index === 0} isLast={index === crumbs.length - 1} />
          ))}
        </nav>
        <div className="ml-auto flex shrink-0 items-center gap-2">{actions}</div>
        {isBusy && <div className="loading-bar absolute inset-x-0 -bottom-px h-0.5" />}
      </header>
      <main id="content" aria-busy={isBusy} className="flex min-h-0 flex-1 flex-col">
        {children}
      </main>
      <footer className="h-6 shrink-0 border-t border-border bg-surface-1 px-4">
        <output className="flex h-full items-center gap-3 overflow-hidden text-sm whitespace-nowrap text-ink-3 tabular-nums">
          {status}
        </output>
      </footer>
    </>
  );
}

function CrumbView(props: { readonly crumb: Crumb; readonly isFirst: boolean; readonly isLast: boolean }): ReactNode {
  const { crumb, isFirst, isLast } = props;
  return (
    <>
      {!isFirst && <span className="text-ink-3">/</span>}
      {crumb.to === undefined || isLast ? (
        <h1 className="truncate text-base font-semibold text-ink-1" aria-current="page">
          {crumb.word}
        </h1>
      ) : (
        <Link
          to={crumb.to}
          search={crumb.query ?? {}}
          className="truncate rounded-chip text-base text-ink-2 hover:text-ink-1 hover:underline"
        >
          {crumb.word}
        </Link>
      )}
    </>
  );
}
