import { strToU8, type Zippable, zipSync } from 'fflate';
import type { FileOfReport } from './template-parts.ts';

/**
 * Packs small files into a ZIP, uncompressed. Every entry has the first date of the ZIP format, so
 * that the ZIP doesn't disclose when it was made.
 */
export function zip(files: readonly FileOfReport[]): Uint8Array<ArrayBuffer> {
  const entries = files.map(({ name, text }) => [name, strToU8(text)] as const);
  const options = { level: 0, mtime: new Date(1980, 0, 1) } as const;
  return new Uint8Array(zipSync(Object.fromEntries(entries) satisfies Zippable, options));
}
