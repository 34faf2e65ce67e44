/** `npm run check` checks types, lint, format, unused code and the lockfile. It runs no test. */
import { endStepsWithUs } from './lib/processes.mjs';
import { staticChecks } from './lib/static-checks.mjs';
import { runSteps } from './lib/steps.mjs';
import { findNode, install, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  endStepsWithUs();
  const failed = await runSteps(staticChecks(findNode()));
  console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
