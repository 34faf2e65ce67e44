import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { ROOT } from '../support/process.ts';
import type { Gallery } from './gallery.ts';
import { withPalette } from './palette-png.ts';

const FOLDER = join(ROOT, 'apps', 'web', 'public');
const CARD = { width: 1_200, height: 630 } as const;

/**
 * The icon's lines fit into the circle that every system shows only if they are this much
 * smaller.
 */
const MASKABLE_SCALE = 0.72;

const ICONS = [
  { name: 'icon-180', size: 180, shape: 'square' },
  { name: 'icon-192', size: 192, shape: 'rounded' },
  { name: 'icon-512', size: 512, shape: 'rounded' },
  { name: 'icon-maskable-512', size: 512, shape: 'maskable' },
] as const;

/**
 * Draws the site's icons and the card that other sites show of a link, and writes them into the
 * page's public folder. Returns the files with their sizes in bytes.
 */
export async function drawSitePictures(
  browser: Browser,
  gallery: Gallery,
): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  const write = async (name: string, picture: Buffer): Promise<void> => {
    const small = withPalette(picture);
    await writeFile(join(FOLDER, `${name}.png`), small);
    sizes[name] = small.length;
  };
  await write('card', await drawCard(gallery));
  const favicon = await readFile(join(FOLDER, 'favicon.svg'), 'utf8');
  const page = await browser.newPage();
  for (const { name, size, shape } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(iconPage(favicon, shape));
    await write(name, await page.screenshot({ omitBackground: true }));
  }
  await page.close();
  return sizes;
}

function iconPage(favicon: string, shape: (typeof ICONS)[number]['shape']): string {
  const square = favicon.replace(/ rx="\d+"/u, '');
  const small = `<g transform="translate(32 32) scale(${MASKABLE_SCALE}) translate(-32 -32)">`;
  const drawn = {
    rounded: favicon,
    square,
    maskable: square.replace('<path', `${small}<path`).replace('</svg>', '</g></svg>'),
  };
  return `<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${drawn[shape]}`;
}

async function drawCard(gallery: Gallery): Promise<Buffer> {
  const variant = { viewport: '1280x800', scheme: 'light', language: 'en' } as const;
  const { page, show, close } = await gallery.open(variant, { viewport: CARD });
  await show({ name: 'landing', scene: 'landing', opener: null });
  await composeCard(page);
  const card = await page.screenshot({ clip: { x: 0, y: 0, ...CARD } });
  await close();
  return card;
}

/** Puts the landing's drawn people and the name on an otherwise empty page. */
async function composeCard(page: Page): Promise<void> {
  await page.addStyleTag({
    content: `
      body > :not(.link-card) { visibility: hidden }
      .link-card { position: fixed; inset: 0; display: flex; align-items: center; gap: 16px;
        padding: 0 40px 0 52px; background: var(--paper) }
      .link-card .arcs { inline-size: 236px; margin-block-end: 40px }
      .link-card .brand { display: block; font-size: 62px }
      .link-card .who { flex: 1 }
      .link-card .one { position: relative; flex: none; inline-size: 250px; block-size: 440px;
        overflow: clip; border-radius: 36px }
      .link-card .one svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100% }
      .link-card .one:nth-of-type(odd) { translate: 0 -22px }
      .link-card .one:nth-of-type(even) { translate: 0 22px }`,
  });
  await page.evaluate(() => {
    const brand = document.querySelector('.brand')?.outerHTML ?? '';
    const arcs = `<svg class="arcs" viewBox="0 0 260 126" fill="none" stroke-width="20"
      stroke-linecap="round"><path class="arc-you" d="M13 112a51 51 0 0 1 102 0"/><path
      class="arc-them" d="M145 112a51 51 0 0 1 102 0"/></svg>`;
    const people = ['mira', 'sam', 'ruth'].map((name) => {
      const hand = document.querySelector(`.of-${name}`)?.outerHTML ?? '';
      return `<div class="one"><svg viewBox="0 0 300 400" preserveAspectRatio="xMidYMid slice">
        <use href="#drawn-${name}"/>${hand}</svg></div>`;
    });
    const card = document.createElement('div');
    card.className = 'link-card';
    card.innerHTML = `<div class="who">${arcs}${brand}</div>${people.join('')}`;
    document.body.append(card);
    for (const animation of document.getAnimations()) animation.finish();
  });
}
