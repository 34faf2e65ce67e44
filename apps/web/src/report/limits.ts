import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';

/** Every bound of what is kept on this device of calls and reports, in one place. */

/** As long as a receipt opens a report: whom one met is forgotten with it. */
export const MET_KEPT_MS = RECEIPT_LIFETIME_MS;
/** People whom one met, the last. */
export const MET_MAX = 50;
/** People whom one blocked, the last: those before stay blocked for good. */
export const BLOCKS_KEPT_MAX = 200;
/** A report that was answered: as long as anything might still come of it. */
export const REPORT_KEPT_MS = 180 * 24 * 60 * 60 * 1_000;
/** Reports, the last. */
export const REPORTS_MAX = 100;
/** The code of a decision: as long as the words behind one may be kept, appeals and answers included. */
export const CODE_KEPT_MS = 400 * 24 * 60 * 60 * 1_000;
/** Codes, the last. */
export const CODES_MAX = 20;
/** Outcomes are asked for this often at most, unless the person looks. */
export const NEWS_ASKED_EVERY_MS = 60 * 60 * 1_000;
/** Where pictures may go with a report, one is taken so often… */
export const PICTURE_EVERY_MS = 500;
/** …and so many are in memory at most: of the last `PICTURE_AGO_MS_MAX`. */
export const RING_PICTURES_MAX = 40;
/** How often they are sent before they are given up… */
export const PICTURES_TRIES_MAX = 3;
/** …and how long after one try comes the next. */
export const PICTURES_TRIED_AGAIN_AFTER_MS = 2_000;
/** Lines of a chat that the sheet shows to choose from, the last. */
export const LINES_SHOWN_MAX = 80;
/** A report that is made at once, or that waits for its pictures to be chosen, is said after so long… */
export const HELD_MS = 20_000;
/** …of which the page tells this often how much is left. */
export const HELD_TICK_MS = 1_000;
