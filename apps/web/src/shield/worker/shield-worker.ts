import type { ClassifierFault } from '../classifier.ts';
import { Network } from '../model/network.ts';
import { plan, programFile, weightsFile } from '../model/shield-model.ts';
import type { Pose } from '../sampling.ts';
import { lumaOf, scoresOf } from '../scores.ts';
import { PixelReader } from './pixel-reader.ts';
import { ShieldDownload } from './shield-download.ts';
import { browserFileCache } from './shield-file-cache.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/**
 * The worker of the shield. It holds the classifier's neural network and classifies one picture
 * at a time.
 */

interface Loaded {
  readonly network: Network;
  readonly pixels: PixelReader;
}

let loaded: Loaded | null = null;

function say(message: FromWorker): void {
  postMessage(message);
}

/** Outlives a failed attempt, so that the next one continues. */
const download = new ShieldDownload([weightsFile, programFile], {
  fetch: (url, init) => fetch(url, init),
  sha256: async (content) => hexOf(await crypto.subtle.digest('SHA-256', content)),
  cache: browserFileCache,
});
/** Number of the last attempt to load. Failures of earlier attempts aren't reported. */
let attempts = 0;

async function load(): Promise<void> {
  attempts += 1;
  const attempt = attempts;
  let fault: ClassifierFault | null = null;
  try {
    const files = await download.load((share) => say({ say: 'progress', share }));
    fault = 'unsupported';
    const [weights = new Uint8Array(), program = new Uint8Array()] = files;
    const network = await Network.open(plan, weights, program);
    const pixels = new PixelReader(plan.side);
    // The neural network runs once during loading, because its first run is slow.
    await network.run(new Float32Array(plan.side * plan.side * 3));
    loaded = { network, pixels };
    say({ say: 'ready' });
  } catch (error) {
    if (attempt !== attempts) return;
    fault ??= download.isBegun ? 'stalled' : 'unreachable';
    say({ say: 'failed', fault, cause: String(error) });
  }
}

function hexOf(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function classify(id: number, frame: ImageBitmap, pose: Pose): Promise<void> {
  try {
    if (loaded === null) throw new Error('asked before it was loaded');
    const pixels = loaded.pixels.read(frame, pose);
    const scores = scoresOf(await loaded.network.run(pixels));
    say({ say: 'seen', id, sight: { scores, luma: lumaOf(pixels) } });
  } catch (error) {
    say({ say: 'broken', cause: String(error) });
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.ask === 'load') void load();
  else void classify(data.id, data.frame, data.pose);
});
