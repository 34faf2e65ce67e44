import type { ShieldPlan } from './plan.ts';

/**
 * The model, as `scripts/shield-model.ts` puts it here when the page is built. In the sources there
 * are its types alone: the numbers come with `nsfwjs`.
 */
export declare const plan: ShieldPlan;

/** Where the page finds the weights' bytes. */
export declare const weightsUrl: string;
export declare const weightsByteLength: number;
