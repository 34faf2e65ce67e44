import type { Page } from '@playwright/test';
import { axeFaults, bringAxe } from './axe.ts';
import type { Gallery, OpenOptions, View } from './gallery.ts';
import { keyboardFaults } from './keyboard-faults.ts';
import { layoutFaults } from './layout-faults.ts';
import { type Look, nameOfLook } from './looks.ts';
import { untranslated } from './untranslated.ts';

/** Something that is wrong with a view in a look. */
export interface Finding {
  readonly look: string;
  readonly view: string;
  readonly fault: string;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  /** How many views there were to look at. */
  readonly looked: number;
}

export interface InspectionOptions extends OpenOptions {
  /** WCAG 1.4.12: a person's own spacing, which must cost nothing. */
  readonly textSpacing?: boolean;
  /** Of all views, those whose names fit. */
  readonly among?: RegExp;
  /** What the person chose in the settings, in percent: the page's own larger letters. */
  readonly textSize?: 115 | 130 | 150;
  /** With the caret where one writes; what has no such place is not looked at. */
  readonly keyboard?: boolean;
  /** What axe says depends on colours and structure: other looks need not ask it again. */
  readonly axe?: boolean;
  /** How large a control is at least, in CSS pixels; 44 where it is left out. */
  readonly targetMin?: number;
  /** How large a box to tick is at least, in CSS pixels; 24 where it is left out. */
  readonly boxMin?: number;
  /** How far a control is from the next one at least, in CSS pixels; 8 where it is left out. */
  readonly gapMin?: number;
  /** Changes a page after it is drawn, to see whether that is noticed. */
  readonly spoil?: (page: Page) => Promise<void>;
}

const TEXT_SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`;

/**
 * Looks at every view in one look, by axe and by measure.
 *
 * @param views `all`: all that there are in this look; what opens by a press is another in each window
 */
export async function inspect(
  gallery: Gallery,
  look: Look,
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
  const { page, views: viewsHere, show, given, close } = await gallery.open(look, options);
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
      hintsMayEnd: look.language === 'pseudo' || textSize !== undefined,
      targetMin,
      boxMin,
      gapMin,
    });
    faults.push(...covered);
    if (look.language === 'pseudo') {
      faults.push(...(await page.evaluate(untranslated, await given(view))));
    }
    if (options.forcedColors === true) faults.push(...(await page.evaluate(lostControls)));
    if (options.reducedMotion === true) faults.push(...(await page.evaluate(movements)));
    if (axe) faults.push(...(await axeFaults(page)));
    for (const fault of faults) findings.push({ look: nameOfLook(look), view: view.name, fault });
  }
  await close();
  return { findings, looked };
}

/** Runs in the page: controls that have no edge, where backgrounds are not drawn, and no words. */
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

/** Runs in the page: what would move for longer than a cross-fade although motion is not wanted. */
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
