import { defineConfig } from '@playwright/test';

/**
 * Stories: real Chromium with fake cameras against real nodes that each story starts. One at a
 * time, since two video encoders fill two cores; nothing is tried twice.
 */
export default defineConfig({
  testDir: './stories',
  outputDir: '../test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: { actionTimeout: 20_000 },
  reporter: [['list']],
});
