import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Gallery, OpenOptions, View } from './gallery.ts';
import { layoutFaults } from './layout-faults.ts';
import { nameOfVariant, type Variant } from './variants.ts';

/** Tags of the WCAG 2.2 A and AA rules that can be tested automatically. */
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

async function bringAxe(page: Page): Promise<void> {
  await page.addInitScript({ content: source });
  await page.evaluate(source);
}

async function axeFaults(page: Page): Promise<string[]> {
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

export interface Finding {
  readonly variant: string;
  readonly view: string;
  readonly fault: string;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  readonly looked: number;
}

export interface InspectionOptions extends OpenOptions {
  /** CSS with the text spacing of WCAG 1.4.12. */
  readonly textSpacing?: boolean;
  readonly among?: RegExp;
  /** Text size setting of the page, in percent. */
  readonly textSize?: 115 | 130 | 150;
  /**
   * Whether to focus the text field, as for an on-screen keyboard. Views without a text field
   * are skipped.
   */
  readonly keyboard?: boolean;
  /**
   * Whether to run axe. One variant per colour scheme is enough, because axe checks colours and
   * structure.
   */
  readonly axe?: boolean;
  /** Minimum size of a control in CSS pixels, by default 44. */
  readonly targetMin?: number;
  /** Minimum size of a checkbox in CSS pixels, by default 24. */
  readonly boxMin?: number;
  /** Minimum gap between controls in CSS pixels, by default 8. */
  readonly gapMin?: number;
  /** Damages a page after it is drawn, to test that the inspection detects the damage. */
  readonly spoil?: (page: Page) => Promise<void>;
}

/**
 * Minimum sizes for the console, whose controls are smaller than the page's. 28 pixels are still
 * above the minimum of WCAG 2.2 (2.5.8).
 */
export const CONSOLE_TARGETS = { targetMin: 28, boxMin: 12, gapMin: 0 } as const;

const TEXT_SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`;

/**
 * Checks every view in one variant with axe and the layout rules.
 * @param views all views of this variant, or `all` to find them; pressed buttons open different
 * views in different window sizes
 */
export async function inspect(
  gallery: Gallery,
  variant: Variant,
  views: readonly View[] | 'all',
  {
    textSpacing = false,
    textSize,
    keyboard = false,
    among,
    axe = true,
    targetMin = 44,
    boxMin = 24,
    gapMin = 8,
    spoil,
    ...options
  }: InspectionOptions = {},
): Promise<Inspection> {
  const { page, showAll, show, given, close } = await gallery.open(variant, options);
  const findings: Finding[] = [];
  if (axe) await bringAxe(page);
  const shown = async function* (chosen: readonly View[]): AsyncGenerator<View> {
    for (const view of chosen) {
      await show(view);
      yield view;
    }
  };
  const isLarger = textSize !== undefined || options.browserText !== undefined;
  let looked = 0;
  for await (const view of views === 'all' ? showAll() : shown(views)) {
    if (among?.test(view.name) === false) continue;
    const covered = keyboard ? await page.evaluate(keyboardFaults) : [];
    if (covered === null) continue;
    looked += 1;
    if (textSpacing) await page.addStyleTag({ content: TEXT_SPACING });
    if (textSize !== undefined) {
      await page.evaluate(async (size) => {
        const { dataset } = document.documentElement;
        dataset.size = String(size);
        dataset.text = String(size);
        // The page's resize observers run after the callbacks of the first frame.
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
      }, textSize);
    }
    await spoil?.(page);
    const faults = await page.evaluate(layoutFaults, {
      cardsMayScroll: textSpacing || isLarger || options.viewport !== undefined,
      hintsMayEnd: variant.language === 'pseudo' || isLarger,
      targetMin,
      boxMin,
      gapMin,
    });
    faults.push(...covered);
    if (variant.language === 'pseudo') {
      faults.push(...(await page.evaluate(untranslated, await given(view))));
    }
    if (options.forcedColors === true) faults.push(...(await page.evaluate(lostControls)));
    if (options.reducedMotion === true) faults.push(...(await page.evaluate(movements)));
    if (axe) faults.push(...(await axeFaults(page)));
    for (const fault of faults)
      findings.push({ variant: nameOfVariant(variant), view: view.name, fault });
  }
  await close();
  return { findings, looked };
}

export function linesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ view, variant, fault }) => `${view} (${variant}): ${fault}`);
}

/** Runs in the page. Finds controls that have neither border nor text when backgrounds are off. */
function lostControls(): string[] {
  const controls = [
    ...document.querySelectorAll<HTMLElement>('#app :is(button, input, select, textarea)'),
  ];
  return controls
    .filter((control) => control.checkVisibility({ visibilityProperty: true }))
    .filter((control) => {
      const { borderTopWidth, borderTopStyle, appearance } = getComputedStyle(control);
      const edge = borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) > 0;
      const says = control.textContent.trim() !== '' || control.querySelector('svg') !== null;
      const around = control.closest('label');
      const drawn = around !== null && getComputedStyle(around).borderTopStyle !== 'none';
      return !edge && !says && !drawn && appearance === 'none';
    })
    .map((control) => `no edge in forced colours: ${control.outerHTML.slice(0, 120)}`);
}

/** Runs in the page. Finds animations longer than a cross-fade although reduced motion is set. */
function movements(): string[] {
  const longest = (times: string): number =>
    Math.max(...times.split(',').map((time) => Number.parseFloat(time)));
  return [...document.querySelectorAll('#app, #app *')]
    .filter((element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
      const animated = animationName !== 'none' && longest(animationDuration) > 0.12;
      return animated || longest(transitionDuration) > 0.12;
    })
    .map((element) => `moves: ${element.outerHTML.slice(0, 120)}`);
}

/**
 * Runs in the page. Focuses the text field and checks what stays visible above the on-screen
 * keyboard.
 * @returns one line per fault; null without a text field
 */
function keyboardFaults(): string[] | null {
  /** Minimum visible height of the stranger's picture, as a share of the window's height. */
  const PICTURE_MIN = 0.35;
  /** Minimum visible height of the chat log in CSS pixels, which is one line of text. */
  const LOG_MIN = 24;
  const BOXES = 'textarea, input[type="text"], input:not([type])';
  const within = document.querySelector('dialog:modal') ?? document.body;
  const box = [...within.querySelectorAll<HTMLElement>(BOXES)].find((one) =>
    one.checkVisibility({ visibilityProperty: true }),
  );
  box?.focus();
  if (box === undefined || document.activeElement !== box) return null;
  const faults: string[] = [];
  const talk = box.closest('.talk.call');
  // The fixed bar hides everything below its upper edge.
  const foot = talk?.querySelector('.bar')?.getBoundingClientRect().top ?? innerHeight;
  const seenOf = (element: Element, end = foot): number => {
    const { top, bottom } = element.getBoundingClientRect();
    return Math.min(bottom, end) - Math.max(top, 0);
  };
  const least = Math.min(box.offsetHeight - 1, innerHeight / 3);
  if (seenOf(box) < least) faults.push(`keyboard: ${seenOf(box)} of the box`);
  if (talk === null) return faults;
  for (const out of talk.querySelectorAll<HTMLElement>('.bar .btn, .report')) {
    if (out.matches('.report') && talk.querySelector('.banner, .video-offer') !== null) continue;
    if (out.checkVisibility() && seenOf(out, innerHeight) < out.offsetHeight - 1) {
      faults.push(`keyboard: out of sight: ${out.className}`);
    }
  }
  // A question or an error on the page may take the picture's space.
  if (talk.querySelector('.banner, .caution, .bad, .asks, .video-offer') !== null) return faults;
  const picture = talk.querySelector('.tile.them:not(.slim)');
  if (picture !== null && seenOf(picture) < PICTURE_MIN * innerHeight) {
    faults.push(`keyboard: ${Math.round(seenOf(picture))} of the picture in ${innerHeight}`);
  }
  const log = talk.querySelector('.log');
  if (log !== null && log.querySelector('.line') !== null && seenOf(log) < LOG_MIN)
    faults.push(`keyboard: ${seenOf(log)} of the log`);
  return faults;
}

/**
 * Runs in the page in the pseudo language. Finds text that didn't come from the translations.
 * @param given texts written by users or other programs, and names
 */
function untranslated(given: readonly string[]): string[] {
  /** Names, and words of the browser's lists and of keyboard keys. */
  const NAMES = ['Farandole', 'farandole', 'Français', 'English', 'and', 'or', 'Esc', 'Enter'];
  const ATTRIBUTES = [
    'aria-label',
    'aria-valuetext',
    'aria-description',
    'title',
    'placeholder',
    'alt',
  ];
  const app = document.getElementById('app') ?? document.body;
  const known = [...given, ...NAMES].filter((name) => name !== '');
  known.sort((a, b) => b.length - a.length);
  const said: string[] = [];
  for (const element of app.querySelectorAll('*')) {
    // The browser provides language names. Other text that needs no translation is marked
    // `translate="no"`.
    if (element.closest('option, [translate="no"]') !== null) continue;
    said.push(...ATTRIBUTES.map((name) => element.getAttribute(name) ?? ''));
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) said.push(node.nodeValue ?? '');
    }
  }
  const plain = said.filter((text) => {
    let rest = text;
    for (const name of known) rest = rest.replaceAll(name, ' ');
    return /[A-Za-z]{2,}/u.test(rest);
  });
  return [...new Set(plain)].map((text) => `not from the words: “${text.trim()}”`);
}
