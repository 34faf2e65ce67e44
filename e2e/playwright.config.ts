import { defineConfig } from '@playwright/test';

/**
 * Stories: real browsers with fake cameras against real nodes that each story starts. Three at a time on
 * two cores: a story waits for somebody's next word a fifth of its time. Those of one file go to whoever is
 * free, or the last of a long one are told alone. Nothing is tried twice.
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
  // The longest of all begins first, or it ends alone, a minute after the others.
  projects: [
    { name: 'gallery', testMatch: '**/gallery.spec.ts' },
    { name: 'stories', testIgnore: '**/gallery.spec.ts' },
  ],
});
