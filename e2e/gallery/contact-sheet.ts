import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';

export interface Shot {
  readonly caption: string;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

const MARGIN = 16;
const CAPTION = 24;
/**
 * Size of a contact sheet in pixels, narrow enough to read at a glance. Pictures that don't fit
 * go to another sheet.
 */
const SHEET_WIDTH = 1_560;
const SHEET_HEIGHT = 1_600;

/**
 * Arranges pictures on contact sheets `NAME-1.png`, `NAME-2.png` and so on. Holds only one sheet
 * in memory.
 */
export class ContactSheet {
  readonly files: string[] = [];
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #name: string;
  readonly #shownWidth: number;
  #placed: { shot: Shot; x: number; y: number; height: number }[] = [];
  #x = MARGIN;
  #y = MARGIN;
  #rowHeight = 0;

  constructor(browser: Browser, folder: string, name: string, shownWidth: number) {
    this.#browser = browser;
    this.#folder = folder;
    this.#name = name;
    this.#shownWidth = shownWidth;
  }

  async add(shot: Shot): Promise<void> {
    const height = Math.round((shot.height * this.#shownWidth) / shot.width) + CAPTION;
    if (this.#x > MARGIN && this.#x + this.#shownWidth + MARGIN > SHEET_WIDTH) {
      this.#x = MARGIN;
      this.#y += this.#rowHeight + MARGIN;
      this.#rowHeight = 0;
    }
    if (this.#placed.length > 0 && this.#y + height + MARGIN > SHEET_HEIGHT) await this.finish();
    this.#placed.push({ shot, x: this.#x, y: this.#y, height });
    this.#x += this.#shownWidth + MARGIN;
    this.#rowHeight = Math.max(this.#rowHeight, height);
  }

  async finish(): Promise<void> {
    if (this.#placed.length === 0) return;
    const bottom = Math.max(...this.#placed.map(({ y, height }) => y + height)) + MARGIN;
    const page = await this.#browser.newPage({ viewport: { width: SHEET_WIDTH, height: bottom } });
    await page.setContent(
      `<style>body{margin:0;background:#8b8794;font:600 15px system-ui;color:#14121f}
       figure{position:absolute;margin:0} img{display:block;border-radius:6px;width:100%}
       figcaption{height:${CAPTION}px;overflow:hidden;white-space:nowrap}</style>${this.#placed
         .map(
           ({ shot, x, y }) =>
             `<figure style="left:${x}px;top:${y}px;width:${this.#shownWidth}px"><figcaption>${shot.caption}</figcaption><img src="data:image/png;base64,${shot.png.toString('base64')}"></figure>`,
         )
         .join('')}`,
    );
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    const file = join(this.#folder, `${this.#name}-${this.files.length + 1}.png`);
    await writeFile(file, await page.screenshot());
    await page.close();
    this.files.push(file);
    this.#placed = [];
    this.#x = MARGIN;
    this.#y = MARGIN;
    this.#rowHeight = 0;
  }
}
