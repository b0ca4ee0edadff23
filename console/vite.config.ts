import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // The server puts a nonce of its own into each answer (src/http/console.ts).
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
    // All of it is one hashed, immutable folder; the policy of the page allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    // scripts/finish.mjs reads from it what the first page needs.
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|react-router)\// },
            { name: 'mantine', test: /node_modules\/(@mantine\/(core|hooks|form|notifications)|@floating-ui)\// },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/health': 'http://127.0.0.1:3000' } },
});
