import { defineConfig } from '@playwright/test';

/**
 * Stories: real browsers with fake cameras against real nodes that each story starts. Three
 * at a time: most of a story is waiting for something that takes its time.
 * Nothing is tried twice.
 */
export default defineConfig({
  testDir: './stories',
  outputDir: '../test-results',
  workers: 3,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: { actionTimeout: 20_000 },
  reporter: [['list']],
});
