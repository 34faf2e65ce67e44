import type { ShieldFile } from '../worker/shield-download.ts';
import type { ShieldPlan } from './plan.ts';

/**
 * Types of the file that `scripts/shield-model.ts` writes. The numbers in that file come from
 * `nsfwjs`.
 */
export declare const plan: ShieldPlan;

export declare const weightsFile: ShieldFile;
/** The program that runs the network, with SIMD. */
export declare const programFile: ShieldFile;
