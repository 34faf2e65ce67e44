import { defineConfig } from '@playwright/test';

const LONG = /@long/;
const runsLong = process.env['STORY_TIER'] === 'long';

/**
 * Stories run real browsers with fake cameras against real nodes. Three workers share two cores,
 * because a story spends a fifth of its time waiting. Tests of one file run in parallel, so that a
 * long file doesn't run alone at the end. There are no retries. Tests with the tag `@long` run only
 * in the long tier, by `scripts/long-stories.mjs`. The long tier runs one story at a time, because
 * some stories measure times.
 */
export default defineConfig({
  testDir: './stories',
  ...(runsLong ? { grep: LONG } : { grepInvert: LONG }),
  globalSetup: './support/compile-node.ts',
  outputDir: '../test-results',
  workers: runsLong ? 1 : 3,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  // Each wait has its own shorter limit, so this one ends only a story that hangs.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  // The stories replace files of the page, which a service worker could hide from them.
  use: { actionTimeout: 20_000, serviceWorkers: 'block' },
  reporter: [['list']],
  // The longest project starts first, so that it doesn't run alone at the end.
  projects: [
    { name: 'gallery', testMatch: '**/gallery.spec.ts' },
    { name: 'stories', testIgnore: '**/gallery.spec.ts' },
  ],
});
