import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, defaultClientConditions } from 'vite';

/** Where `vite` finds the server's API while the UI is being worked on. */
const SERVER = process.env['CLEW_URL'] ?? 'http://127.0.0.1:5000';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['clew-src', ...defaultClientConditions] },
  server: { proxy: { '/api': SERVER, '/health': SERVER } },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // The content policy allows no data: fonts, and a picture in the script is loaded by everybody.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    sourcemap: false,
  },
  worker: { format: 'es' },
});
