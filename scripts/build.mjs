/** `npm run build` builds the production page, even if it is up to date. */
import { buildPage } from './lib/page.mjs';
import { findNode, install, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  await buildPage(findNode(), { force: true });
  console.log('Built the page: apps/web/dist');
  return 0;
});
