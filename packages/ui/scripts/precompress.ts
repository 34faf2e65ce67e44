import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Types of files to compress: text, programs and the shield's model. Pictures and fonts are
 * already compressed.
 */
const PACKED = new Set([
  '.bin',
  '.css',
  '.html',
  '.js',
  '.json',
  '.map',
  '.svg',
  '.txt',
  '.wasm',
  '.webmanifest',
]);

/**
 * Files above this size use a lower compression level, because brotli's best level takes seconds
 * longer and saves about 1 %.
 */
const LARGE_BYTES = 1_000_000;
const LARGE_QUALITY = 9;

const brotliOf = promisify(brotliCompress);
const gzipOf = promisify(gzip);

/**
 * Writes compressed `.br` and `.gz` copies of each file, if they are smaller, so that a node
 * needn't compress while it serves.
 */
export function precompress(): Plugin {
  return {
    name: 'farandole-precompress',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return;
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && PACKED.has(extname(entry.name)));
      await Promise.all(files.map((file) => compress(join(file.parentPath, file.name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]:
      content.length < LARGE_BYTES ? constants.BROTLI_MAX_QUALITY : LARGE_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  await Promise.all([
    brotliOf(content, { params }).then((small) => writeFile(`${path}.br`, small)),
    gzipOf(content, { level: constants.Z_BEST_COMPRESSION }).then((small) =>
      writeFile(`${path}.gz`, small),
    ),
  ]);
}
