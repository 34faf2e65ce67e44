import type { ClassifierFault } from '../classifier.ts';
import type { Sight } from '../scores.ts';

/** What the page asks of the shield's worker. Pictures are transferred, never copied. */
export type ToWorker =
  | { readonly ask: 'load' }
  | { readonly ask: 'classify'; readonly id: number; readonly frame: ImageBitmap };

/** What the worker answers. */
export type FromWorker =
  /** From 0 to 1. */
  | { readonly say: 'progress'; readonly share: number }
  | { readonly say: 'ready' }
  | { readonly say: 'failed'; readonly fault: ClassifierFault; readonly cause: string }
  | { readonly say: 'seen'; readonly id: number; readonly sight: Sight }
  | { readonly say: 'broken'; readonly cause: string };
