/**
 * The server's limits, in addition to `@farandole/protocol/limits` and the gateway's. Each is
 * tested at its value and one over.
 */

/** The maximum delay until a sanction takes effect on another node. */
export const RESTRICTIONS_READ_EVERY_MS = 1_000;
/** How often texts of reports that the store has are deleted from the journal. */
export const REPORTS_RELEASED_EVERY_MS = 2_000;
/** Delay before retrying a failed store task, even if its period is longer. */
export const STORE_ASKED_AGAIN_AFTER_MS = 2_000;
export const CALLS_COUNTED_EVERY_MS = 60_000;
/** The interval is short, so that a user's trust is known before the first search. */
export const TRUST_READ_EVERY_MS = 100;
export const TRUST_ASKED_MAX = 200;
/** Maximum number of users with cached trust; the least recent is dropped. */
export const TRUST_KEPT_MAX = 100_000;
export const CLEAN_FLUSH_EVERY_MS = 5_000;
/** A call counts as clean if no participant reports within this time after its end. */
export const CLEAN_AFTER_MS = 10 * 60_000;
/** Minimum length of a call that affects trust. */
export const CLEAN_CALL_MS_MIN = 15_000;
export const CLEAN_PEOPLE_AT_ONCE = 200;
/** Maximum number of watched calls per node; the oldest is dropped. */
export const CALLS_WATCHED_MAX = 100_000;
export const PAIRS_FLUSH_EVERY_MS = 1_000;
export const PAIRS_BATCH_MAX = 200;
/** Maximum number of pairs that wait for the store; the oldest is dropped. */
export const PAIRS_PENDING_MAX = 100_000;
/** Time after which a user's unchanged network is sent to the store again. */
export const ANCHOR_RESENT_AFTER_MS = 6 * 60 * 60_000;
export const ANCHORS_BATCH_MAX = 200;
/** Maximum number of users whose networks wait for the store; the oldest is dropped. */
export const ANCHORS_PENDING_MAX = 100_000;
export const HOUSEKEEPING_EVERY_MS = 60_000;
export const HOUSE_READ_EVERY_MS = 60_000;
/** The public numbers aggregate many cases, so they are read less often. */
export const PUBLIC_NUMBERS_READ_EVERY_MS = 60 * 60_000;
/** An hours file larger than this can't be ours. */
export const HOUSE_HOURS_BYTES_MAX = 8 * 1024;
export const CLOCK_POLL_EVERY_MS = 1_000;
/** A running node follows the machine's date if that is at most this far ahead. */
export const DATE_FOLLOWED_MS_MAX = 24 * 60 * 60_000;
/** A node starts only if the machine's date is at most this far before the stored one. */
export const DATE_BACK_MS_MAX = 5 * 60_000;
/** A node starts only if the machine's date is at most this far after the stored one. */
export const DATE_AHEAD_MS_MAX = 30 * 24 * 60 * 60_000;
export const DATE_KEPT_EVERY_MS = 10 * 60_000;
export const AUDIT_CHECKPOINT_EVERY_MS = 60_000;

/** Maximum number of fragments per message. The page sends unfragmented messages. */
export const FRAGMENTS_MAX = 16;
/** Maximum number of chunks of input in which one frame may arrive. */
export const BUFFERED_CHUNKS_MAX = 64;
/** Maximum number of unread bytes per client. A client above it is closed as a slow consumer. */
export const SEND_BUFFER_BYTES_MAX = 256 * 1024;
/** Frames to a socket are written at the end of the turn, or earlier if they exceed this length. */
export const FLUSH_CHARS = 16 * 1024;
export const PING_EVERY_MS = 15_000;
/** A socket is closed after this long without input. */
export const SOCKET_SILENT_MS = 30_000;
/**
 * A longer pause between two ticks counts as only this much silence, because the process was
 * stalled and hasn't read its input yet.
 */
export const TICK_LISTENED_MS_MAX = 1_000;
/** The sweep visits each socket once in this time, so pings and closes may be this late. */
export const SWEEP_EVERY_MS = 5_000;
/**
 * Maximum number of pings that a client may send between two of the server's. The page sends none.
 */
export const CLIENT_PINGS_MAX = 32;
/**
 * Delay before closing a client that violated the protocol. Closing at once lets an attacker
 * reconnect, which costs more than ignoring its traffic.
 */
export const REFUSED_LINGER_MS = 5_000;
/**
 * Maximum number of bytes discarded from a violator during the delay. With more, its connection is
 * ended without a close frame.
 */
export const REFUSED_BYTES_MAX = 512 * 1024;
/** Time in which a client must answer a close frame. Then its socket is destroyed. */
export const CLOSE_HANDSHAKE_MS = 3_000;

/** Maximum number of HTTP sockets, not counting WebSockets. */
export const HTTP_SOCKETS_MAX = 1_000;
/** Maximum number of HTTP sockets per network, not counting its WebSockets. */
export const HTTP_SOCKETS_PER_NETWORK_MAX = 100;
/**
 * Time limit from the start of a connection, or of a further request, to the end of the headers.
 */
export const HEADERS_TIMEOUT_MS = 3_000;
/** Time limit from the end of the headers to the end of the body. */
export const REQUEST_TIMEOUT_MS = 5_000;
/** Minimum rate of a picture upload: 32 kbit/s. */
export const UPLOAD_BYTES_PER_S_MIN = 4 * 1024;
/** Longer than the largest upload takes at the minimum rate. */
export const UPLOAD_TIMEOUT_MS = 60_000;
export const CONNECTIONS_CHECK_EVERY_MS = 500;
export const KEEP_ALIVE_MS = 5_000;
/**
 * Idle time after which a listed proxy's connection is closed. Longer than proxies keep theirs
 * (Caddy 2 minutes, nginx 1).
 */
export const PROXY_KEEP_ALIVE_MS = 300_000;
/**
 * Time after which a socket is closed if its client neither reads the response nor sends anything.
 */
export const STALLED_MS = 15_000;
/** Maximum number of requests per connection, so that none lives for ever. */
export const REQUESTS_PER_SOCKET_MAX = 1_000;
/** Maximum number of unanswered requests per connection. Browsers send one after the other. */
export const REQUESTS_UNDER_WAY_MAX = 8;
export const HEADER_BYTES_MAX = 8 * 1024;
export const BODY_BYTES_MAX = 4 * 1024;

/** Maximum size of a console request, enough for a note, the largest one. */
export const CONSOLE_BODY_BYTES_MAX = 32 * 1024;
/**
 * Maximum size of house rules per language, enough for 4,000 units of three bytes and the JSON
 * syntax.
 */
export const HOUSE_RULES_BYTES_MAX = 16 * 1024;
export const LIVE_FEEDS_MAX = 128;
export const LIVE_FEEDS_PER_MEMBER_MAX = 8;
export const LIVE_POLL_EVERY_MS = 1_000;
export const LIVE_UNREAD_EVENTS_MAX = 16;
export const AUDIT_VERIFIED_FOR_MS = 60_000;

/**
 * Requests for session tickets and ICE servers per window. The limit of a network is this times its
 * allowed connections.
 */
export const API_REQUESTS_PER_CONNECTION = 4;
export const API_WINDOW_MS = 60_000;
/** Maximum number of exports and erasures per network. */
export const OWN_DATA_PER_HOUR = 20;
export const OWN_DATA_WAITING_PER_NETWORK_MAX = 2;
export const OWN_DATA_WAITING_MAX = 20;
/** Maximum size of an appeal form, enough for its text in URL encoding. */
export const FORM_BYTES_MAX = 16 * 1024;
export const FORM_LIFETIME_MS = 12 * 60 * 60 * 1_000;
/**
 * Maximum number of invalid codes per network and window. One more blocks all codes of the network
 * for another window.
 */
export const CODE_MISSES_MAX = 10;
export const CODE_MISSES_WINDOW_S = 15 * 60;
/**
 * A network may open a burst of connections up to its limit, then this share of the limit per
 * second.
 */
export const UPGRADES_REFILL_SHARE_PER_S = 0.1;

export const COOKIE_LIFETIME_S = 90 * 24 * 60 * 60;
/** Time in which TURN credentials can open a new allocation. A running call may last longer. */
export const TURN_CREDENTIAL_LIFETIME_S = 10 * 60;
/** Minimum length of the TURN secret: 128 random bits in base64. */
export const TURN_SECRET_CHARS_MIN = 22;
/** Maximum size of the operator's file of rented ranges, enough for about 500,000 ranges. */
export const RENTED_FILE_BYTES_MAX = 8 * 1024 * 1024;
export const TURN_RESOLVE_EVERY_MS = 5 * 60_000;
export const TURN_RESOLVE_RETRY_MS = 15_000;

export const KEY_ROTATE_AFTER_MS = 24 * 60 * 60 * 1_000;
/** Time for which a replaced key is kept, twice a receipt's lifetime. */
export const KEY_RETIRED_KEPT_MS = 48 * 60 * 60 * 1_000;
/**
 * Maximum number of keys; the oldest is dropped. Reached only if the date jumps or no process runs
 * for a day.
 */
export const KEY_GENERATIONS_MAX = 16;
export const KEY_CHECK_EVERY_MS = 60 * 60 * 1_000;

/** Maximum number of records that wait for the disk. Further ones are refused. */
export const JOURNAL_PENDING_MAX = 20_000;
/**
 * Maximum number of reports that wait for the store. Further ones are refused, and the page keeps
 * them.
 */
export const WAITING_REPORTS_MAX = 5_000;
/**
 * When a file of waiting reports exceeds this size, new reports go to the other file, so that the
 * first can become empty.
 */
export const WAITING_FILE_BYTES = 1024 * 1024;
/** Pause of a journal file after a flush, so that records of this time share the next flush. */
export const JOURNAL_REST_MS = 40;
/**
 * How often expired records are removed from the journal. Erased ones are removed at the next
 * housekeeping.
 */
export const JOURNAL_COMPACTED_EVERY_MS = 24 * 60 * 60_000;
export const JOURNAL_BATCH_BYTES_MAX = 1024 * 1024;

/** Limit of the source URL, which is sent with every session ticket. */
export const SOURCE_URL_CHARS_MAX = 1_000;

/** Limit of the operator's name, which is shown on every page. */
export const OPERATOR_NAME_CHARS_MAX = 80;
export const OPERATOR_CONTACT_CHARS_MAX = 1_000;
/** Maximum length of the list of help lines of all countries. */
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
 * Time after which an unknown picture file is removed. The file may be in upload, or the settings
 * may name the wrong database. Expired pictures are unreadable before that, because their keys are
 * gone.
 */
export const PICTURES_SWEPT_AFTER_MS = 7 * 24 * 60 * 60_000;

export const POLICY_VERSION = 1;

export const ATTEMPT_NETWORKS_MAX = 10_000;
export const CONSOLE_REQUESTS_MAX = 1_200;
export const CONSOLE_BUCKETS_SWEPT = 1_000;
/** Maximum number of queued password checks. Each takes 0.2 s and 64 MiB. */
export const PASSWORDS_WAITING_MAX = 20;
