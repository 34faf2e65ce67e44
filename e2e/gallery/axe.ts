import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

/** The rules of WCAG 2.2 A and AA that axe can test. */
const OPTIONS: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
};

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    readonly axe?: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

export async function bringAxe(page: Page): Promise<void> {
  await page.addInitScript({ content: source });
  await page.evaluate(source);
}

export async function axeFaults(page: Page): Promise<string[]> {
  const { violations, looked } = await page.evaluate(async (options) => {
    if (window.axe === undefined) throw new Error('axe is not there');
    const found = await window.axe.run(document, options);
    return {
      looked: found.passes.length,
      violations: found.violations.map(({ id, nodes }) => ({ id, html: nodes.map((n) => n.html) })),
    };
  }, OPTIONS);
  if (looked < 5) return [`axe looked at ${looked} things only`];
  return violations.flatMap(({ id, html }) => html.map((text) => `${id}: ${text.slice(0, 160)}`));
}
