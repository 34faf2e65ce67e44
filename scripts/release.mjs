/**
 * `npm run release` builds the archive that an operator installs, its bill of materials and their
 * checksums. `--to FOLDER` names another folder than `release`, which is replaced.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage } from './lib/page.mjs';
import { packRelease } from './lib/release.mjs';
import { findNode, install, root, runMain } from './setup.mjs';

const { values } = parseArgs({ options: { to: { type: 'string', default: 'release' } } });

await runMain(async () => {
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (changed !== '') {
    console.error(`The archive contains changes that aren't committed:\n${changed}`);
  }
  await install();
  const node = findNode();
  await buildPage(node);
  const pages = join(root, 'apps', 'web', 'dist');
  const { archive, bill, sums } = await packRelease({ node, pages, to: resolve(values.to) });
  for (const path of [archive, bill, sums]) {
    console.log(`${path}  ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  }
  return 0;
});
