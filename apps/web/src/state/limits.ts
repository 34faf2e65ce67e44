/** Below this the count of people online says more about the hour than about the place. */
export const ONLINE_SHOWN_FROM = 20;
/** A browser that gives the devices at once shows no green room on the way. */
export const ASKING_SHOWS_AFTER_MS = 400;
/** Times on screens are told by the second… */
export const TICK_MS = 1_000;
/** …and those that run out while somebody looks, more often. */
export const FAST_TICK_MS = 250;
/** The volume of the page's own sounds, in percent; as loud as they are made. */
export const VOLUME_MAX = 100;
/** Somebody who was found while the page was in the background has so long to come. */
export const HIDDEN_MATCH_MS = 15_000;
