import type { ShieldPlan } from './plan.ts';

/** Types of a file that `scripts/shield-model.ts` writes. Its numbers come from `nsfwjs`. */
export declare const plan: ShieldPlan;

export declare const weightsUrl: string;
export declare const weightsByteLength: number;
