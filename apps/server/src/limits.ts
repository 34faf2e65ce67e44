/**
 * The server's limits, in addition to `@farandole/protocol/limits` and the gateway's. Each is
 * tested at its value and one over.
 */

/** Upper bound on how late a sanction takes effect on another node. */
export const RESTRICTIONS_READ_EVERY_MS = 1_000;
/** Deletes reports from the journal once the store has them. */
export const REPORTS_RELEASED_EVERY_MS = 2_000;
/** Delay before retrying a failed store task, even if its period is longer. */
export const STORE_ASKED_AGAIN_AFTER_MS = 2_000;
export const CALLS_COUNTED_EVERY_MS = 60_000;
/** Short, so that a user's trust is known between ticket and first search. */
export const TRUST_READ_EVERY_MS = 100;
export const TRUST_ASKED_MAX = 200;
/** Users with cached trust, most recent first. */
export const TRUST_KEPT_MAX = 100_000;
export const CLEAN_FLUSH_EVERY_MS = 5_000;
/** A call counts as clean if it wasn't reported within this time after its end. */
export const CLEAN_AFTER_MS = 10 * 60_000;
/** Minimum length of a call that affects trust. */
export const CLEAN_CALL_MS_MIN = 15_000;
export const CLEAN_PEOPLE_AT_ONCE = 200;
/** Watched calls per node, newest first. */
export const CALLS_WATCHED_MAX = 100_000;
export const PAIRS_FLUSH_EVERY_MS = 1_000;
export const PAIRS_BATCH_MAX = 200;
/** Pending pairs while the store is unreachable, newest first. */
export const PAIRS_PENDING_MAX = 100_000;
/** Resends an unchanged network to the store after this time. */
export const ANCHOR_RESENT_AFTER_MS = 6 * 60 * 60_000;
export const ANCHORS_BATCH_MAX = 200;
/** Pending users, newest first. */
export const ANCHORS_PENDING_MAX = 100_000;
export const HOUSEKEEPING_EVERY_MS = 60_000;
export const HOUSE_READ_EVERY_MS = 60_000;
/** Aggregates over many cases, so read less often. */
export const PUBLIC_NUMBERS_READ_EVERY_MS = 60 * 60_000;
/** A larger file is not ours. */
export const HOUSE_HOURS_BYTES_MAX = 8 * 1024;
export const CLOCK_POLL_EVERY_MS = 1_000;
/** A running node follows a machine's date that is at most this far ahead. */
export const DATE_FOLLOWED_MS_MAX = 24 * 60 * 60_000;
/** A node starts with a date at most this far before the noted one. */
export const DATE_BACK_MS_MAX = 5 * 60_000;
/** A node starts with a date at most this far after the noted one. */
export const DATE_AHEAD_MS_MAX = 30 * 24 * 60 * 60_000;
export const DATE_KEPT_EVERY_MS = 10 * 60_000;
export const AUDIT_CHECKPOINT_EVERY_MS = 60_000;

/** Per message; the page sends none. */
export const FRAGMENTS_MAX = 16;
/** Pieces in which one frame may arrive. */
export const BUFFERED_CHUNKS_MAX = 64;
/** Unread bytes per client; above, it is closed as a slow consumer. */
export const SEND_BUFFER_BYTES_MAX = 256 * 1024;
/** Frames to a socket are written at the end of the turn, or once they exceed this. */
export const FLUSH_CHARS = 16 * 1024;
export const PING_EVERY_MS = 15_000;
/** A socket is closed after this long without input. */
export const SOCKET_SILENT_MS = 30_000;
/**
 * A longer pause between two ticks counts as this much: the process was stalled, and its input is
 * not read yet.
 */
export const TICK_LISTENED_MS_MAX = 1_000;
/** Each socket is visited once per sweep, so pings and closes may be late by this much. */
export const SWEEP_EVERY_MS = 5_000;
/** Pings a client may send between two of ours; the page sends none. */
export const CLIENT_PINGS_MAX = 32;
/**
 * Delay before closing a client that violated the protocol. Closing at once lets an attacker
 * reconnect, which costs more than ignoring its traffic.
 */
export const REFUSED_LINGER_MS = 5_000;
/** Input discarded from such a client; more terminates it without a close frame. */
export const REFUSED_BYTES_MAX = 512 * 1024;
/** Time for a client to answer a close frame before its socket is destroyed. */
export const CLOSE_HANDSHAKE_MS = 3_000;

/** HTTP sockets, in addition to the WebSockets. */
export const HTTP_SOCKETS_MAX = 1_000;
/** HTTP sockets per network, in addition to its WebSockets. */
export const HTTP_SOCKETS_PER_NETWORK_MAX = 100;
/** From the start of a connection, or of a further request, to the end of its headers. */
export const HEADERS_TIMEOUT_MS = 3_000;
/** Time from the end of the headers to the end of the body. */
export const REQUEST_TIMEOUT_MS = 5_000;
/** Minimum rate of a picture upload: 32 kbit/s. */
export const UPLOAD_BYTES_PER_S_MIN = 4 * 1024;
/** A report's maximum of pictures takes less at the minimum rate. */
export const UPLOAD_TIMEOUT_MS = 60_000;
export const CONNECTIONS_CHECK_EVERY_MS = 500;
export const KEEP_ALIVE_MS = 5_000;
/** For listed proxies. Longer than proxies keep theirs: Caddy 2 minutes, nginx 1. */
export const PROXY_KEEP_ALIVE_MS = 300_000;
/** Closes a socket that neither reads its response nor sends anything. */
export const STALLED_MS = 15_000;
/** Limits the lifetime of a connection. */
export const REQUESTS_PER_SOCKET_MAX = 1_000;
/** Unanswered requests per connection; browsers send one after the other. */
export const REQUESTS_UNDER_WAY_MAX = 8;
export const HEADER_BYTES_MAX = 8 * 1024;
export const BODY_BYTES_MAX = 4 * 1024;

/** A note is the largest of them. */
export const CONSOLE_BODY_BYTES_MAX = 32 * 1024;
/** Per language: 4,000 units of three bytes, and the JSON syntax. */
export const HOUSE_RULES_BYTES_MAX = 16 * 1024;
export const LIVE_FEEDS_MAX = 128;
export const LIVE_FEEDS_PER_MEMBER_MAX = 8;
export const LIVE_POLL_EVERY_MS = 1_000;
export const LIVE_UNREAD_EVENTS_MAX = 16;
export const AUDIT_VERIFIED_FOR_MS = 60_000;

/** For session tickets and ICE servers, per window and allowed connection of a network. */
export const API_REQUESTS_PER_CONNECTION = 4;
export const API_WINDOW_MS = 60_000;
/** Exports and erasures per network. */
export const OWN_DATA_PER_HOUR = 20;
export const OWN_DATA_WAITING_PER_NETWORK_MAX = 2;
export const OWN_DATA_WAITING_MAX = 20;
/** The appeal form's text, URL-encoded. */
export const FORM_BYTES_MAX = 16 * 1024;
export const FORM_LIFETIME_MS = 12 * 60 * 60 * 1_000;
/** Invalid codes per network and window; one more blocks its codes for another window. */
export const CODE_MISSES_MAX = 10;
export const CODE_MISSES_WINDOW_S = 15 * 60;
/** A network's new connections: a burst up to its limit, then this share of it per second. */
export const UPGRADES_REFILL_SHARE_PER_S = 0.1;

export const COOKIE_LIFETIME_S = 90 * 24 * 60 * 60;
/** Time in which TURN credentials open a new allocation. A running call outlives it. */
export const TURN_CREDENTIAL_LIFETIME_S = 10 * 60;
/** Minimum length of the TURN secret: 128 random bits in base64. */
export const TURN_SECRET_CHARS_MIN = 22;
/** Of the operator's file of rented ranges: about 500,000 ranges. */
export const RENTED_FILE_BYTES_MAX = 8 * 1024 * 1024;
export const TURN_RESOLVE_EVERY_MS = 5 * 60_000;
export const TURN_RESOLVE_RETRY_MS = 15_000;

export const KEY_ROTATE_AFTER_MS = 24 * 60 * 60 * 1_000;
/** A replaced key is kept for twice a receipt's lifetime. */
export const KEY_RETIRED_KEPT_MS = 48 * 60 * 60 * 1_000;
/** Kept keys, newest first. Reached only if the date jumps or no process runs for a day. */
export const KEY_GENERATIONS_MAX = 16;
export const KEY_CHECK_EVERY_MS = 60 * 60 * 1_000;

/** Records waiting for the disk; further ones are refused. */
export const JOURNAL_PENDING_MAX = 20_000;
/** Reports waiting for the store. Further ones are refused, and the page keeps them. */
export const WAITING_REPORTS_MAX = 5_000;
/** A larger file of waiting reports makes way for the other one, so that it can drain. */
export const WAITING_FILE_BYTES = 1024 * 1024;
/** Pause of a journal file after a flush, so that later records share the next one. */
export const JOURNAL_REST_MS = 40;
/** Compaction of expired records; erased ones go with the next housekeeping. */
export const JOURNAL_COMPACTED_EVERY_MS = 24 * 60 * 60_000;
export const JOURNAL_BATCH_BYTES_MAX = 1024 * 1024;

/** Limit of the source URL, which is sent with every session ticket. */
export const SOURCE_URL_CHARS_MAX = 1_000;

/** Limit of the operator's name, which is shown on every page. */
export const OPERATOR_NAME_CHARS_MAX = 80;
export const OPERATOR_CONTACT_CHARS_MAX = 1_000;
/** The whole list of help lines, by country. */
export const HELP_LINES_CHARS_MAX = 1_000;
export const HELP_LINES_LIST_CHARS_MAX = 4_000;

export const EVIDENCE_TEXT_CHARS_MAX = 200;
export const PICTURE_UPLOADS_PER_MINUTE = 30;
/** Uploads with a valid token, each for another report. */
export const PICTURE_UPLOADS_OF_NETWORK_PER_DAY = 100;
/** Concurrent uploads, each held in memory. */
export const PICTURE_UPLOADS_AT_ONCE = 64;
export const PICTURE_UPLOADS_OF_NETWORK_AT_ONCE = 8;
export const PICTURES_SWEPT_AT_ONCE = 200;
/**
 * Grace period before an unknown picture file is removed. It may be in upload, or the settings may
 * name a wrong database. Expired pictures are unreadable already: their keys are gone.
 */
export const PICTURES_SWEPT_AFTER_MS = 7 * 24 * 60 * 60_000;

export const POLICY_VERSION = 1;

export const ATTEMPT_NETWORKS_MAX = 10_000;
export const CONSOLE_REQUESTS_MAX = 1_200;
export const CONSOLE_BUCKETS_SWEPT = 1_000;
/** Maximum number of queued password checks. Each takes 0.2 s and 64 MiB. */
export const PASSWORDS_WAITING_MAX = 20;
