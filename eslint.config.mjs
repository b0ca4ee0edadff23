import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const noStrayWrites = (message) => [
  'error',
  {
    paths: [
      { name: '@nestjs/typeorm', importNames: ['InjectRepository', 'InjectEntityManager'], message },
      { name: 'typeorm', importNames: ['Repository'], message },
    ],
  },
];

export default defineConfig(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      '.data/**',
      'coverage/**',
      'console/dist/**',
      'console/src/api/schema.gen.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // A query builder's update() or delete() without where() changes the whole table.
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "MemberExpression[property.name=/^(update|delete)$/][object.callee.property.name='createQueryBuilder']",
          message: 'Use manager.update() or manager.delete(), which refuse empty criteria.',
        },
      ],
      'no-restricted-imports': noStrayWrites(
        'A repository from the container writes outside the unit of work, silently. Use tx.manager.',
      ),
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // The browser's part: types of its own, and no way around what the page's policy and the interface ask for.
    files: ['console/src/**/*.ts', 'console/src/**/*.tsx', 'console/vite.config.ts'],
    extends: [reactHooks.configs.flat.recommended],
    languageOptions: {
      parserOptions: { project: './console/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Use api of src/api/client.ts, which knows the session and its prompts.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'A text is never markup.' },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
          message: 'A text is never markup.',
        },
      ],
    },
  },
  {
    files: ['console/src/pages/**/*.ts', 'console/src/pages/**/*.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.\\./(?!\\.\\./(app|api|ui|i18n)/)',
              message: 'An area knows no other: what two of them need goes into src/ui, src/api or src/i18n.',
            },
          ],
        },
      ],
    },
  },
  {
    // A folder within an area: one step up is its area, three are the console.
    files: ['console/src/pages/*/*/**/*.ts', 'console/src/pages/*/*/**/*.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.\\./\\.\\./(?!\\.\\./(app|api|ui|i18n)/)',
              message: 'An area knows no other: what two of them need goes into src/ui, src/api or src/i18n.',
            },
          ],
        },
      ],
    },
  },
  {
    // Half of a test of the browser runs in the page.
    files: ['console/test/**/*.ts'],
    languageOptions: {
      parserOptions: { project: './console/test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ['console/src/api/client.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // `import type` of a class erases what validation and the OpenAPI plugin read at run time, silently.
    files: ['src/**/*.dto.ts', 'src/**/*.view.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // One file on purpose: it is read and run alone.
    files: ['src/verifier/verify.mts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts', 'console/test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      ...Object.fromEntries(
        [
          'no-explicit-any',
          'no-unsafe-assignment',
          'no-unsafe-member-access',
          'no-unsafe-call',
          'no-unsafe-argument',
          'no-unsafe-return',
        ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
      ),
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        globalThis: 'readonly',
      },
    },
  },
);
