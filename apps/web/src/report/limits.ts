import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';

/** How long recent meetings are kept: as long as the server accepts their receipt in a report. */
export const MET_KEPT_MS = RECEIPT_LIFETIME_MS;
export const MET_MAX = 50;
/**
 * Maximum number of blocks in the list. If there are more, the oldest are dropped from the list
 * and can no longer be removed.
 */
export const BLOCKS_KEPT_MAX = 200;
/** How long an answered report is kept, because its outcome may change during that time. */
export const REPORT_KEPT_MS = 180 * 24 * 60 * 60 * 1_000;
export const REPORTS_MAX = 100;
/**
 * How long the code of a moderation decision is kept: the longest time for which the server may
 * keep the decision's text, including appeals.
 */
export const CODE_KEPT_MS = 400 * 24 * 60 * 60 * 1_000;
export const CODES_MAX = 20;
/**
 * Minimum time between two queries for the outcomes of reports. A query that the user starts
 * ignores this limit.
 */
export const NEWS_ASKED_EVERY_MS = 60 * 60 * 1_000;
/** Interval between two pictures of the peer, if the server accepts pictures in reports. */
export const PICTURE_EVERY_MS = 500;
/** Number of pictures kept, enough to reach back `PICTURE_AGO_MS_MAX`. */
export const RING_PICTURES_MAX = 40;
export const PICTURES_TRIES_MAX = 3;
export const PICTURES_TRIED_AGAIN_AFTER_MS = 2_000;
export const LINES_SHOWN_MAX = 80;
/** Delay before a complete report is sent. The user can withdraw the report during this time. */
export const PENDING_REPORT_MS = 20_000;
export const PENDING_TICK_MS = 1_000;
