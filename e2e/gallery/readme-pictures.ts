import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../support/process.ts';
import type { Gallery } from './gallery.ts';
import { type Variant, VIEWPORTS } from './variants.ts';

const PICTURES: readonly {
  readonly name: string;
  readonly scene: string;
  readonly variant: Variant;
}[] = [
  {
    name: 'landing',
    scene: 'landing-interests',
    variant: { viewport: '1280x800', scheme: 'light', language: 'en' },
  },
  {
    name: 'call',
    scene: 'call',
    variant: { viewport: '1280x800', scheme: 'dark', language: 'en' },
  },
  {
    name: 'phone-covered',
    scene: 'call-covered',
    variant: { viewport: '390x844', scheme: 'light', language: 'en' },
  },
  {
    name: 'phone-call',
    scene: 'call',
    variant: { viewport: '390x844', scheme: 'dark', language: 'en' },
  },
];

const QUALITY = 82;

/**
 * Writes the README's pictures into `docs/pictures`. Returns the files with their sizes in bytes.
 */
export async function drawReadmePictures(gallery: Gallery): Promise<Record<string, number>> {
  const folder = join(ROOT, 'docs', 'pictures');
  await mkdir(folder, { recursive: true });
  const sizes: Record<string, number> = {};
  for (const { name, scene, variant } of PICTURES) {
    const opened = await gallery.open(variant);
    await opened.show({ name: scene, scene, opener: null });
    const session = await opened.page.context().newCDPSession(opened.page);
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'webp',
      quality: QUALITY,
      clip: { x: 0, y: 0, ...VIEWPORTS[variant.viewport], scale: 1 },
    });
    const picture = Buffer.from(data, 'base64');
    await writeFile(join(folder, `${name}.webp`), picture);
    sizes[name] = picture.length;
    await opened.close();
  }
  return sizes;
}
