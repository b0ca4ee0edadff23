import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Each component of Mantine brings the styles that are its own, so that a page loads those of what it shows and nobody
 * has to list them: they are named as the module with the names of its classes.
 */
const mantineStyles: Plugin = {
  name: 'mantine-styles',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    const [, component] = /@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/.exec(id) ?? [];
    if (component === undefined || component === 'baseline') return undefined;
    return {
      code: `import '@mantine/core/styles/${component}.layer.css';\n${code}`,
      map: null,
      moduleSideEffects: true,
    };
  },
};

export default defineConfig({
  plugins: [react(), mantineStyles],
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
          groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler|react-router)\// }],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/health': 'http://127.0.0.1:3000' } },
});
