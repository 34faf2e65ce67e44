import { lazyModel } from '../../base/lazy-model.ts';

/** The steps to the next mode of a call. They load with the first call that has one. */
export const videoOfferPart = lazyModel(async () => (await import('./video-offer.tsx')).VideoOffer);
