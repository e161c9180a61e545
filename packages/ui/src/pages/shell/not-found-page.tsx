import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EXPERIMENTS_PATH } from '../../state/paths.ts';
import { EmptyState } from '../../widgets/empty-state.tsx';
import { PageFrame } from './page-frame.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <PageFrame crumbs={[{ word: 'Not found' }]} isBusy={false}>
      <EmptyState title="There is no such page">
        <Link to={EXPERIMENTS_PATH} className="rounded-chip font-medium text-accent-ink hover:underline">
          All experiments
        </Link>
      </EmptyState>
    </PageFrame>
  );
}
