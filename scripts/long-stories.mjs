/**
 * Runs the stories of the long tier, which have the tag `@long`. The last line is JSON.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, storiesAmong } from './lib/files.mjs';
import { buildPage } from './lib/page.mjs';
import { runStories } from './lib/stories.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';
import { findNode, install, runMain, stampsFolder } from './setup.mjs';

const LIMIT_MS = 40 * 60_000;

await runMain(async () => {
  await install();
  const node = findNode();
  await ensureSystemPrograms(storiesAmong(listFiles()));
  await buildPage(node);
  const folder = join(stampsFolder, 'reports');
  const report = join(folder, 'long-stories.json');
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const environment = { STORY_TIER: 'long' };
  const { code, output, counts } = await runStories(node, {
    report,
    limitMs: LIMIT_MS,
    environment,
  });
  console.log(output);
  console.log(JSON.stringify(counts));
  return code === 0 && counts !== null && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
