import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { persist } from 'zustand/middleware';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'normal' | 'relaxed';

/** What a reader sets once and keeps in this browser. Nothing here is part of an address. */
export interface Preferences {
  readonly theme: ThemeChoice;
  readonly density: Density;
  /** Share of the waterfall that names take. */
  readonly namesShare: number;
  /** Share of the trace page left of the span details. */
  readonly waterfallShare: number;
  readonly isDetailsOpen: boolean;
  readonly lastExperiment: string | undefined;
}

const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'normal',
  namesShare: 0.48,
  waterfallShare: 0.6,
  isDetailsOpen: true,
  lastExperiment: undefined,
};

/** The name is also read by `public/theme.js`, before the first paint. */
const STORAGE_NAME = 'clew-preferences';

export const usePreferences: UseBoundStore<StoreApi<Preferences>> = create<Preferences>()(
  persist((): Preferences => DEFAULTS, { name: STORAGE_NAME, version: 1 }),
);

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  usePreferences.setState({ [name]: value });
}

/** Pixels of a table row. */
export const TABLE_ROW: { readonly [density in Density]: number } = { compact: 28, normal: 34, relaxed: 42 };
/** Pixels of a waterfall row. */
export const TREE_ROW: { readonly [density in Density]: number } = { compact: 24, normal: 28, relaxed: 36 };
