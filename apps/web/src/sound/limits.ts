/** Highest volume of the page's sounds, in percent. */
export const VOLUME_MAX = 100;
