import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';

/** As long as a receipt can open a report. */
export const MET_KEPT_MS = RECEIPT_LIFETIME_MS;
export const MET_MAX = 50;
/** Older blocks can no longer be removed. */
export const BLOCKS_KEPT_MAX = 200;
/** How long an answered report may still change. */
export const REPORT_KEPT_MS = 180 * 24 * 60 * 60 * 1_000;
export const REPORTS_MAX = 100;
/** How long a decision's text may be kept, appeals included. */
export const CODE_KEPT_MS = 400 * 24 * 60 * 60 * 1_000;
export const CODES_MAX = 20;
/** Minimum interval of outcome queries, unless the user asks. */
export const NEWS_ASKED_EVERY_MS = 60 * 60 * 1_000;
/** Interval of captures, where reports may include pictures. */
export const PICTURE_EVERY_MS = 500;
/** Covers `PICTURE_AGO_MS_MAX`. */
export const RING_PICTURES_MAX = 40;
export const PICTURES_TRIES_MAX = 3;
export const PICTURES_TRIED_AGAIN_AFTER_MS = 2_000;
export const LINES_SHOWN_MAX = 80;
/** Delay before a held report is sent. */
export const PENDING_REPORT_MS = 20_000;
export const PENDING_TICK_MS = 1_000;
