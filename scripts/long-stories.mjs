/**
 * Runs the stories of the long tier, which have the tag `@long`. The last line is JSON.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPlaywrightCounts } from './lib/counts.mjs';
import { listFiles, storiesAmong } from './lib/files.mjs';
import { buildPage } from './lib/page.mjs';
import { runAside } from './lib/processes.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';
import {
  environmentWith,
  findNode,
  findTool,
  install,
  root,
  runMain,
  stampsFolder,
} from './setup.mjs';

const LIMIT_MS = 20 * 60_000;

await runMain(async () => {
  await install();
  const node = findNode();
  await ensureSystemPrograms(storiesAmong(listFiles()));
  await buildPage(node);
  const folder = join(stampsFolder, 'reports');
  const report = join(folder, 'long-stories.json');
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const { code, output } = await runAside(
    node,
    [
      findTool('@playwright/test', 'playwright'),
      'test',
      '--config=e2e/playwright.config.ts',
      '--reporter=list,json',
    ],
    {
      cwd: root,
      env: {
        ...environmentWith(node),
        STORY_TIER: 'long',
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      },
      limitMs: LIMIT_MS,
    },
  );
  console.log(output);
  const counts = readPlaywrightCounts(report);
  console.log(JSON.stringify(counts));
  return code === 0 && counts !== null && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
