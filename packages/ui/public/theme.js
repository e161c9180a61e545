// Sets the theme before the first paint. Its own file because the content policy allows no inline scripts.
(() => {
  let theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('clew-preferences') ?? '{}').state?.theme ?? 'system';
  } catch {
    // Storage can be switched off or hold nonsense; the system's theme will do.
  }
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
