/** Jest runs the TypeScript sources as ES modules through SWC; types are checked by `npm run check`. */
export default {
  globalSetup: '<rootDir>/scripts/buildBeforeTests.mjs',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts', '<rootDir>/tests/**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  // Nothing is asserted by it: whole systems start and are killed in some tests, on machines that do other things as well.
  testTimeout: 600_000,
  reporters: ['default', '<rootDir>/scripts/passedFailedReporter.mjs'],
};
