import type { Page } from '@playwright/test';
import { axeFaults, bringAxe } from './axe.ts';
import type { Gallery, OpenOptions, View } from './gallery.ts';
import { keyboardFaults } from './keyboard-faults.ts';
import { layoutFaults } from './layout-faults.ts';
import { untranslated } from './untranslated.ts';
import { nameOfVariant, type Variant } from './variants.ts';

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
  /** Applies the user spacing of WCAG 1.4.12. */
  readonly textSpacing?: boolean;
  readonly among?: RegExp;
  /** The page's text size setting, in percent. */
  readonly textSize?: 115 | 130 | 150;
  /** Focuses the text field; views without one are skipped. */
  readonly keyboard?: boolean;
  /** Axe checks colours and structure, so one look per scheme is enough. */
  readonly axe?: boolean;
  /** Minimum control size in CSS pixels; default 44. */
  readonly targetMin?: number;
  /** Minimum checkbox size in CSS pixels; default 24. */
  readonly boxMin?: number;
  /** Minimum gap between controls in CSS pixels; default 8. */
  readonly gapMin?: number;
  /** Breaks a page after drawing, to test the inspection. */
  readonly spoil?: (page: Page) => Promise<void>;
}

const TEXT_SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`;

/**
 * Checks every view in one look with axe and layout rules.
 * @param views `all`: all views of this look; what opens by a press differs per window
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
  const { page, views: viewsHere, show, given, close } = await gallery.open(variant, options);
  const findings: Finding[] = [];
  if (axe) await bringAxe(page);
  const all = views === 'all' ? await viewsHere() : views;
  let looked = 0;
  for (const view of all.filter(({ name }) => among?.test(name) ?? true)) {
    await show(view);
    const covered = keyboard ? await page.evaluate(keyboardFaults) : [];
    if (covered === null) continue;
    looked += 1;
    if (textSpacing) await page.addStyleTag({ content: TEXT_SPACING });
    if (textSize !== undefined) {
      await page.evaluate((size) => {
        document.documentElement.dataset.text = String(size);
      }, textSize);
    }
    await spoil?.(page);
    const faults = await page.evaluate(layoutFaults, {
      cardsMayScroll: textSpacing || textSize !== undefined || options.viewport !== undefined,
      hintsMayEnd: variant.language === 'pseudo' || textSize !== undefined,
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

/** Runs in the page: finds controls without border or text when backgrounds are off. */
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

/** Runs in the page: finds motion longer than a cross-fade under reduced motion. */
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
