import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const { resolve } = createRequire(import.meta.url);

const NOISE_FILES = /\/src\/devices\/effects\/noise-files\.ts$/u;
const NOISE = '@sapphi-red/web-noise-suppressor';

const PROCESSOR = /\/src\/devices\/effects\/background-processor\.ts$/u;
/** The package's main file, and the script that starts its program. */
const BLUR = /\/@shiguredo\/virtual-background\/dist\/virtual_background\.mjs$/u;
const STARTER = 'selfie_segmentation_solution_simd_wasm_bin.js';

const MODEL = 'selfie_segmentation_landscape.tflite';
const PROGRAM = 'selfie_segmentation_solution_simd_wasm_bin.wasm';
/** Names by which the package asks for its files, and names by which they are served. */
const SERVED: Readonly<Record<string, string>> = {
  'selfie_segmentation.binarypb': 'blur-graph.bin',
  [MODEL]: 'blur-model.bin',
  [PROGRAM]: 'blur-program.wasm',
};

/** A part of a package's code and its replacement. Each part must occur, or the build fails. */
type Change = readonly [part: string | RegExp, replacement: string];

/**
 * Serves the models and programs of background blur and noise suppression from the page's own files
 * and adds their digests. Changes the blur's package where the CSP or Trusted Types forbid its
 * code: it loads a script from a string, and shows an alert.
 */
export function effectFiles(): Plugin {
  return {
    name: 'farandole-effect-files',
    enforce: 'pre',
    async load(id) {
      const emit = (name: string, source: Uint8Array): string =>
        `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name, source })}`;
      if (PROCESSOR.test(id)) {
        return "export { VirtualBackgroundProcessor as BackgroundProcessor } from '@shiguredo/virtual-background';";
      }
      if (NOISE_FILES.test(id)) {
        const worklet = await readFile(resolve(`${NOISE}/rnnoiseWorklet.js`), 'utf8');
        const program = await readFile(resolve(`${NOISE}/rnnoise_simd.wasm`));
        return [
          `export const noiseWorkletUrl = ${emit('noise-worklet.js', Buffer.from(withoutMap(worklet)))};`,
          `export const noiseProgram = { url: ${emit('noise-program.wasm', program)}, integrity: '${integrityOf(program)}' };`,
        ].join('\n');
      }
      if (BLUR.test(id)) {
        const files = await Promise.all(
          Object.entries(SERVED).map(async ([name, served]) => {
            const content = await readFile(join(dirname(id), name));
            const url = emit(served, content);
            return `${JSON.stringify(name)}: { url: ${url}, integrity: '${integrityOf(content)}' }`;
          }),
        );
        const code = changed(await readFile(id, 'utf8'), BLUR_CHANGES);
        return `const FILES = { ${files.join(', ')} };\n${code}`;
      }
      if (id.endsWith(`/${STARTER}`)) {
        const program = await readFile(join(dirname(id), PROGRAM));
        return changed(await readFile(id, 'utf8'), starterChanges(integrityOf(program)));
      }
      return null;
    },
  };
}

const BLUR_CHANGES: readonly Change[] = [
  // Loads the script of the program as a module.
  [
    /function cd\(a\)\{var b=document\.createElement\("script"\).*?document\.body\.appendChild\(b\);\}\)\}/su,
    `function cd(){return import('./${STARTER}').then((m)=>{window.createMediapipeSolutionsWasm=m.default})}`,
  ],
  // Two starts may overlap, and a program can't start with the options object of another.
  ['q=window.createMediapipeSolutionsPackedAssets', 'q={locateFile:a.locateFile}'],
  [/constructor\(assetsPath\) \{/u, "constructor(assetsPath = '') {"],
  [/return `\$\{assetsPath\}\/\$\{file\}`;/u, 'return FILES[file]?.url ?? file;'],
  ['d=fetch(c).then(', 'd=fetch(c,{integrity:FILES[b].integrity}).then('],
  // The package selects this model later, so the other one isn't needed.
  ['url:md(c.modelSelection)', `url:${JSON.stringify(MODEL)}`],
  // Without a graphics processor this is four times as fast, and it starts sooner.
  [
    /default:"object"!==typeof window\|\|void 0===window\.navigator.*?"ontouchend"in document/su,
    'default:!0',
  ],
  [/return alert\(("Failed to create WebGL[^"]*")\),p\.return\(\);/u, 'throw Error($1);'],
];

const starterChanges = (integrity: string): readonly Change[] => [
  [
    /fetch\(wasmBinaryFile,\{credentials:"same-origin"\}\)/gu,
    `fetch(wasmBinaryFile,{credentials:"same-origin",integrity:"${integrity}"})`,
  ],
  [/if \(typeof exports === 'object'.*$/su, 'export default createMediapipeSolutionsWasm;'],
];

function changed(code: string, changes: readonly Change[]): string {
  return changes.reduce((before, [part, replacement]) => {
    const after = before.replace(part, replacement);
    assert.notEqual(after, before, `the package has another form than ${String(part)}`);
    return after;
  }, code);
}

function withoutMap(code: string): string {
  return code.replace(/^\/\/# sourceMappingURL=.*$/mu, '');
}

/** Returns the digest in the form that `fetch` compares with a response. */
function integrityOf(content: Uint8Array): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
