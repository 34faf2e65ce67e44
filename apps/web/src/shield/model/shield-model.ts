import type { ShieldPlan } from './plan.ts';

/** Written at build time by `scripts/shield-model.ts`; the numbers come with `nsfwjs`. */
export declare const plan: ShieldPlan;

export declare const weightsUrl: string;
export declare const weightsByteLength: number;
