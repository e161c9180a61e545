import { createElement, type ReactNode } from 'react';
import { ICONS, type IconName } from './icons.ts';

export interface IconProps {
  readonly name: IconName;
  /** Pixels. Default 16. */
  readonly size?: number;
  readonly className?: string;
}

/** Decoration beside a word or inside a labelled control: hidden from screen readers. */
export function Icon({ name, size = 16, className }: IconProps): ReactNode {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size <= 14 ? 2.2 : 1.9}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className ?? ''}`}
    >
      {ICONS[name].map(([tag, attributes], index) => createElement(tag, { ...attributes, key: index }))}
    </svg>
  );
}
