/** The loudest volume of the page's own sounds, in percent: as loud as they are made. */
export const VOLUME_MAX = 100;
