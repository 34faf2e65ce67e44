import { environmentWith, findTool, root } from '../setup.mjs';
import { readPlaywrightCounts } from './counts.mjs';
import { runAside } from './processes.mjs';

/**
 * Runs stories with Playwright.
 * @param {string} node
 * @param {object} options
 * @param {string} options.report File for the counts of the run.
 * @param {number} options.limitMs Time limit of the run.
 * @param {readonly string[]} [options.files] Files of the stories. By default all.
 * @param {Record<string, string>} [options.environment] Further variables.
 * @returns The exit code, the output, and the counts, which are null if the run crashed.
 */
export async function runStories(node, { report, limitMs, files = [], environment = {} }) {
  const { code, output } = await runAside(
    node,
    [
      findTool('@playwright/test', 'playwright'),
      'test',
      '--config=e2e/playwright.config.ts',
      '--reporter=list,json',
      ...files.map((file) => `/${file.replaceAll('.', '\\.')}$`),
    ],
    {
      cwd: root,
      env: { ...environmentWith(node), ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      limitMs,
    },
  );
  return { code, output, counts: readPlaywrightCounts(report) };
}
