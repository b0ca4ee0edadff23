import base from '../jest.config.mjs';

/** The console in a real Chromium, on the whole application: `npm run test:console`, `npm run screenshots`. */
export default {
  ...base,
  rootDir: '..',
  roots: ['<rootDir>/console/test'],
  maxWorkers: 1,
  testTimeout: 120_000,
};
