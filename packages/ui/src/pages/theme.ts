import { usePreferences, setPreference, type ThemeChoice } from './preferences.ts';

/** Keeps the page in the chosen theme, and in the system's while that is the choice. Runs as long as the page. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const { theme } = usePreferences.getState();
    document.documentElement.dataset['theme'] = isDark(theme, system.matches) ? 'dark' : 'light';
  };
  system.addEventListener('change', apply);
  usePreferences.subscribe(apply);
  apply();
}

/** Light becomes dark and dark becomes light, whatever the system says. */
export function switchTheme(): void {
  const isDarkNow = document.documentElement.dataset['theme'] === 'dark';
  setPreference('theme', isDarkNow ? 'light' : 'dark');
}

function isDark(theme: ThemeChoice, isSystemDark: boolean): boolean {
  return theme === 'dark' || (theme === 'system' && isSystemDark);
}
