import type { ShieldPlan } from './plan.ts';

/**
 * Written at build time by `scripts/shield-model.ts`. The sources hold only types; the numbers come
 * with `nsfwjs`.
 */
export declare const plan: ShieldPlan;

/** URL of the weight file. */
export declare const weightsUrl: string;
export declare const weightsByteLength: number;
