import { defineConfig } from '@playwright/test';

/**
 * Stories: real browsers with fake cameras against real nodes. Three workers on two cores, since a
 * story waits a fifth of its time. Tests of one file run in parallel, so that a long file doesn't
 * end alone. No retries.
 */
export default defineConfig({
  testDir: './stories',
  globalSetup: './support/compile-node.ts',
  outputDir: '../test-results',
  workers: 3,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: { actionTimeout: 20_000 },
  reporter: [['list']],
  // The longest starts first, so that it doesn't end alone.
  projects: [
    { name: 'gallery', testMatch: '**/gallery.spec.ts' },
    { name: 'stories', testIgnore: '**/gallery.spec.ts' },
  ],
});
