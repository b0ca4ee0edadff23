import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
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
  { ignores: ['dist/**', 'node_modules/**', '.data/**', 'coverage/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
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
    files: ['**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts'],
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
