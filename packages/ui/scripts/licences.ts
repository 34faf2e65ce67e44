import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Packages whose files the page includes without a module import, such as the display font. */
const FILES_OF = ['@fontsource/bricolage-grotesque'];

const MODULES = join(import.meta.dirname, '..', '..', '..', 'node_modules');
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//u;

/**
 * Writes `licences.txt` with the licence of every third-party package in the page or its worker.
 * The worker's build is separate, so it needs the plugin `note` to report its packages.
 * @param alsoOf packages whose files are included without a module
 */
export function licences(alsoOf: readonly string[] = []): {
  readonly note: Plugin;
  readonly write: Plugin;
} {
  const packages = new Set([...FILES_OF, ...alsoOf]);
  const generateBundle: Plugin['generateBundle'] = (_options, bundle) => {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue;
      for (const id of output.moduleIds) {
        const name = PACKAGE.exec(id)?.[1];
        if (name !== undefined) packages.add(name);
      }
    }
  };
  return {
    note: { name: 'farandole-licences-note', apply: 'build', generateBundle },
    write: {
      name: 'farandole-licences',
      apply: 'build',
      async generateBundle(options, bundle, isWrite) {
        await Reflect.apply(generateBundle, this, [options, bundle, isWrite]);
        const sections = await Promise.all([...packages].sort().map(sectionOf));
        this.emitFile({
          type: 'asset',
          fileName: 'licences.txt',
          source: `Farandole holds parts of these works.\n\n${sections.join('\n\n')}\n`,
        });
      },
    },
  };
}

async function sectionOf(name: string): Promise<string> {
  const folder = join(MODULES, name);
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license: string;
  };
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/iu.test(entry));
  // Links to the standard licence text if a package names its licence but contains no text.
  const text =
    file === undefined
      ? `https://spdx.org/licenses/${license}.html`
      : (await readFile(join(folder, file), 'utf8')).trim();
  const title = `${name} ${version} (${license})`;
  return `${title}\n${'-'.repeat(title.length)}\n\n${text}`;
}
