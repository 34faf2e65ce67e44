import type { ShieldPlan } from './plan.ts';

/**
 * Types of the file that `scripts/shield-model.ts` writes. The numbers in that file come from
 * `nsfwjs`.
 */
export declare const plan: ShieldPlan;

export declare const weightsUrl: string;
export declare const weightsByteLength: number;
