import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'className' | 'aria-label' | 'title'>;

export interface ButtonProps extends NativeProps {
  readonly children: ReactNode;
}

export function Button({ children, ...native }: ButtonProps): ReactNode {
  return (
    <button
      {...native}
      type="button"
      className="inline-flex h-7 items-center gap-1.5 rounded-control border border-border bg-page px-2.5 text-base font-medium text-ink-1 hover:bg-hover disabled:text-ink-3"
    >
      {children}
    </button>
  );
}

export interface IconButtonProps extends NativeProps {
  readonly icon: IconName;
  /** Says what it does; also the tooltip. */
  readonly label: string;
  /** Pixels of the picture. Default 16. */
  readonly size?: number;
}

/** A button that is only a picture: 28 px, 24 beside text. */
export function IconButton({ icon, label, size = 16, ...native }: IconButtonProps): ReactNode {
  const box = size <= 14 ? 'size-6' : 'size-7';
  return (
    <button
      {...native}
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex shrink-0 items-center justify-center rounded-control text-ink-3 hover:bg-hover hover:text-ink-1 disabled:opacity-40 aria-pressed:bg-hover aria-pressed:text-ink-1 ${box}`}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
