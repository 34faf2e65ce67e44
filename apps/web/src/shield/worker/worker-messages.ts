import type { ClassifierFault } from '../classifier.ts';
import type { Pose } from '../sampling.ts';
import type { Sight } from '../scores.ts';

export type ToWorker =
  | { readonly ask: 'load' }
  | {
      readonly ask: 'classify';
      readonly id: number;
      readonly frame: ImageBitmap;
      readonly pose: Pose;
    };

export type FromWorker =
  | { readonly say: 'progress'; readonly share: number }
  | { readonly say: 'ready' }
  | { readonly say: 'failed'; readonly fault: ClassifierFault; readonly cause: string }
  | { readonly say: 'seen'; readonly id: number; readonly sight: Sight }
  | { readonly say: 'broken'; readonly cause: string };
