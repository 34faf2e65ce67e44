import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Plugin } from 'vite';
import { type KerasModel, shieldPlanOf } from './shield-plan.ts';

const DECLARED = /\/src\/shield\/model\/shield-model\.ts$/u;
/** The smallest model of `nsfwjs`: scripts with JSON and base64. */
const MODEL = 'dist/models/mobilenet_v2';

const PROGRAM = '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';

/**
 * Serves the `nsfwjs` model and the program that runs it from the page's own files: decoded weights
 * in one file and the layers as the worker's plan. The worker checks the digests of both files.
 */
export function shieldModel(): Plugin {
  return {
    name: 'farandole-shield-model',
    enforce: 'pre',
    async load(id) {
      if (!DECLARED.test(id)) return null;
      const { model, weights } = await readShieldModel();
      const program = await readFile(createRequire(import.meta.url).resolve(PROGRAM));
      const emit = (name: string, source: Uint8Array): string => {
        const file = this.emitFile({ type: 'asset', name, source });
        const sha256 = createHash('sha256').update(source).digest('hex');
        return `{ url: import.meta.ROLLUP_FILE_URL_${file}, byteLength: ${source.length}, sha256: '${sha256}' }`;
      };
      return [
        `export const plan = ${JSON.stringify(shieldPlanOf(model))};`,
        `export const weightsFile = ${emit('shield-model.bin', weights)};`,
        `export const programFile = ${emit('shield-program.wasm', program)};`,
      ].join('\n');
    },
  };
}

export async function readShieldModel(): Promise<{ model: KerasModel; weights: Uint8Array }> {
  const entry = createRequire(import.meta.url).resolve('nsfwjs/core');
  const folder = join(dirname(entry), '../..', MODEL);
  const [model, weights] = await Promise.all([
    exportOf(join(folder, 'model.min.js')),
    exportOf(join(folder, 'group1-shard1of1.min.js')),
  ]);
  assert.ok(typeof weights === 'string', 'the weights are not base64');
  return { model: model as KerasModel, weights: Buffer.from(weights, 'base64') };
}

/** Evaluates a bundled script in an empty context and returns its exports. */
async function exportOf(path: string): Promise<unknown> {
  const module: { exports: unknown } = { exports: {} };
  runInNewContext(await readFile(path, 'utf8'), { module, exports: module.exports });
  // Objects of another context have other prototypes; JSON removes them.
  return JSON.parse(JSON.stringify(module.exports));
}
