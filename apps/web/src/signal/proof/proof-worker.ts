import type { Proof, ProofNeededReply } from '@farandole/protocol/http-api';
import { solve } from './solve.ts';

/** A worker that solves one challenge. The page terminates the worker afterwards. */

export type FromProofWorker =
  | { readonly share: number }
  | { readonly proof: Proof }
  | { readonly failed: true };

function say(message: FromProofWorker): void {
  postMessage(message);
}

addEventListener('message', ({ data }: MessageEvent<ProofNeededReply>) => {
  solve(data, (share) => say({ share })).then(
    (proof) => say({ proof }),
    () => say({ failed: true }),
  );
});
