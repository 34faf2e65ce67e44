/**
 * Bounds that client and server share. Each is tested at its value and one over.
 * Characters are UTF-16 units, as in `String.length` and `maxlength`. Schemas count code points, so
 * a text bounded only by a schema may have twice as many units.
 */

/** A client frame; the transport closes the socket above it, before decoding. */
export const CLIENT_FRAME_BYTES_MAX = 16 * 1024;
/** Must fit a frame, where the CR and LF of each line take four bytes. */
export const SDP_CHARS_MAX = 15_000;
export const CANDIDATE_CHARS_MAX = 512;
export const LINE_CHARS_MAX = 1_000;
/** Longer than `LINE_CHARS_MAX`, so that a client error gets `chat.refused` and not a close. */
export const LINE_CHARS_DECODED_MAX = 4_000;
export const INTERESTS_MAX = 5;
/** Before normalization. */
export const INTEREST_CHARS_DECODED_MAX = 128;
export const LANGUAGES_MAX = 5;
export const LANGUAGE_CHARS_MAX = 35;
export const TOKEN_CHARS_MAX = 1_024;
export const PROOF_CHARS_MAX = 4_096;
export const REPORT_LINES_MAX = 40;
/** UTF-8 bytes of all lines of a report; fits a frame in every script. */
export const REPORT_TEXT_BYTES_MAX = 8 * 1024;
export const REPORT_NOTE_CHARS_MAX = 500;

export const REPORT_PICTURES_MAX = 20;
export const PICTURE_BYTES_MAX = 16 * 1024;
/** All pictures of a report together. */
export const REPORT_PICTURES_BYTES_MAX = 192 * 1024;
export const PICTURE_SIDE_MAX = 160;
/** Maximum age of a picture when the report is made. */
export const PICTURE_AGO_MS_MAX = 20_000;
/** Time after acceptance in which a report's pictures can be uploaded. */
export const PICTURES_TOKEN_LIFETIME_MS = 60_000;

export const REPORT_CODE_CHARS_MAX = 32;

/** Lifetime of a session after its socket was lost without a close frame. */
export const RESUME_GRACE_MS = 30_000;
/** Time after a node's first accepted hello in which both users can present call receipts. */
export const RESTORE_WINDOW_MS = 30_000;
/** A stopping node closes all sockets after this time. */
export const DRAIN_DEADLINE_MS = 10_000;
export const RECEIPT_LIFETIME_MS = 24 * 60 * 60 * 1_000;
export const SESSION_TICKET_LIFETIME_MS = 60_000;
export const HELLO_TIMEOUT_MS = 10_000;

/** While searching or in a call, a client sends `link.ping` after this much silence. */
export const LINK_PING_AFTER_MS = 2_000;
/** Without a reply to the ping, the client shows "reconnecting" and opens a new socket. */
export const LINK_DEAD_AFTER_MS = 4_000;
/** Acknowledge after this many sequenced frames, or */
export const ACK_AFTER_FRAMES = 16;
/** this long after the oldest unacknowledged one. */
export const ACK_AFTER_MS = 1_000;
/** Sequenced frames that each side buffers until acknowledgement. */
export const UNACKED_FRAMES_MAX = 256;
/** UTF-16 units of those frames. */
export const UNACKED_CHARS_MAX = 128 * 1024;
export const TYPING_LASTS_MS = 5_000;

/** Reactions of one user in `REACTIONS_SPAN_MS`. */
export const REACTIONS_MAX = 5;
export const REACTIONS_SPAN_MS = 10_000;

/** UTF-16 units accepted by the decoder; the moderation package has the real limit. */
export const CONSOLE_NOTE_CHARS_MAX = 6_000;
/** UTF-16 units per language accepted by the decoder; the moderation package has the real limit. */
export const CONSOLE_HOUSE_RULES_CHARS_MAX = 4_000;
export const CONSOLE_NETWORKS_MAX = 3;

/** Window of the moving average for each hour of the week. */
export const HOUSE_WEEKS = 4;
/** Samples for an hour to count, every `HOUSE_SAMPLE_EVERY_MS`: a process may start mid-hour. */
export const HOUSE_SAMPLES_MIN = 4;
export const HOUSE_SAMPLE_EVERY_MS = 5 * 60_000;
/** Weeks in which each hour was counted before the busiest hours are shown. */
export const BUSIEST_WEEKS_MIN = 2;
/** Minimum users in the busiest span, so that no single user is visible. */
export const BUSIEST_PEOPLE_MIN = 5;
export const BUSIEST_TIMES_MEAN = 1.25;
export const BUSIEST_SPAN_HOURS = 3;
