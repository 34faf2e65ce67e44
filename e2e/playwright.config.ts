import { defineConfig } from '@playwright/test';

/**
 * Stories: real browsers with fake cameras against real nodes that each story starts. Two
 * at a time: what two pages of a call encode and draw takes a core, and with three at once each waits
 * longer and all of them as long.
 * Nothing is tried twice.
 */
export default defineConfig({
  testDir: './stories',
  globalSetup: './support/compile-node.ts',
  outputDir: '../test-results',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: { actionTimeout: 20_000 },
  reporter: [['list']],
  // The longest of all begins first, or it ends alone, a minute after the others.
  projects: [
    { name: 'gallery', testMatch: '**/gallery.spec.ts' },
    { name: 'stories', testIgnore: '**/gallery.spec.ts' },
  ],
});
