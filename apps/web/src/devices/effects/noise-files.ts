/**
 * Address of the script that runs RNNoise in an audio worklet. `scripts/effect-files.ts` writes the
 * values of this file.
 */
export declare const noiseWorkletUrl: string;
/** RNNoise with SIMD, and the digest that its response must have. */
export declare const noiseProgram: { readonly url: string; readonly integrity: string };
