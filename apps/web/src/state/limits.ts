/** A browser that gives the devices within this shows no green room on the way. */
export const ASKING_SHOWS_AFTER_MS = 400;
